"""What is sent as it is stored has the bytes that the serializers give: for every event, whatever became of it.

``make drill-bytes`` looks at ten thousand generated events, after every kind of change, as every kind of reader. What
each kind of change does to a few is tested in ``tests/events/test_stored.py``.
"""

import os
import random
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from rest_framework.test import APIRequestFactory

from benchmarks import beside
from benchmarks.generate import load
from events.models import Event
from events.serializers import EventBrief
from events.stored import documents, keeping
from osint.base.chunks import chunks
from osint.base.visibility import seen_by
from osint.base.wire import dumps
from tests.factories import make_user
from tests.osint import scribes
from tests.rest import API, client

EVENTS = int(os.environ.get("BYTES", "10000"))
ROUNDS, ATTEMPTS = 5, 100  # each kind of change so often, if it is possible at all
GROUPS = {"victor": "Viewer", "alice": "Analyst", "edith": "Editor", "adam": "Administrator"}


@pytest.fixture
def readers(transactional_db, django_db_serialized_rollback, settings) -> list[Any]:
    """Everybody there is, in a database of generated events."""
    settings.PUBLIC_API, settings.FOUR_EYES = True, False
    users = [make_user(name, group) for name, group in GROUPS.items()]
    with transaction.atomic():
        load.fill(EVENTS)
    beside.fill()
    return [AnonymousUser(), *users]


@pytest.mark.drill("BYTES")
def test_what_is_sent_has_the_bytes_of_the_serializer_after_every_kind_of_change(readers, monkeypatch):
    began = time.monotonic()
    some = kept_in_full()
    done = sum(changed(job) for _weight, job in scribes.EDITS)
    alike = {str(reader) or "nobody": sum(compared(reader)) for reader in readers}
    alike |= {"in full": sum(compared_in_full(some, monkeypatch))}
    assert sum(keeping.again(write=False)) == 0
    sys.stdout.write(f"\n{done} changes; the same bytes: {alike}; {time.monotonic() - began:.0f} s\n")


def kept_in_full() -> list[Any]:
    """Every tenth event as everybody sees it, asked for so that its text is kept."""
    some = list(Event.objects.visible_to(AnonymousUser()).order_by("pk").values_list("uuid", flat=True)[::10])
    for uuid in some:
        client().get(f"{API}/events/{uuid}/")
    return some


def changed(job: Any) -> int:
    """How often a change was made: at random, until it was possible often enough."""
    who, done = scribes.Scribe(0), 0
    who.lot = random.Random(repr(getattr(job, "__qualname__", job)))
    for _attempt in range(ATTEMPTS):
        try:
            job(who)
        except scribes.REFUSALS:
            continue
        done += 1
        if done == ROUNDS:
            break
    return done


def compared(reader: Any) -> Iterator[int]:
    """The whole list as this reader gets it, beside what the serializer gives; how many were the same."""
    request = APIRequestFactory().get("/")
    request.user = reader
    links = seen_by(reader, Event, "part_of", "merged_into")
    rows = Event.objects.visible_to(reader).with_facts().select_related("assignee").annotate(**links).order_by("pk")
    for keys in chunks(Event.objects.order_by("pk").values_list("pk", flat=True)):
        shown = EventBrief(rows.filter(pk__in=keys), many=True, context={"request": request}).data
        assert documents.read(keys, reader) == [dumps(one) for one in shown], reader
        yield len(shown)


def compared_in_full(some: list[Any], monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """Events as their own addresses give them, kept and put together; how many were the same."""
    for uuid in some:
        kept = client().get(f"{API}/events/{uuid}/")
        with monkeypatch.context() as patched:
            patched.setattr(documents, "public", lambda *_named: None)
            made = client().get(f"{API}/events/{uuid}/")
        assert (kept.status_code, kept.content) == (made.status_code, made.content), uuid
        yield kept.status_code == 200
