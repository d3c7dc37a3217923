"""Eight processes at three events, through the admin's forms and REST: nothing is lost, nothing is written by accident.

The history is the judge: what each process was told it had done has to be there, once, and nothing else.
``make drill-together`` lets each of them change each event a hundred times.
"""

import json
import os
import sys
from collections import Counter
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connections

from events.choices import Facet
from events.models import Citation, Count, Event
from osint.history import recording, verify
from osint.history.models import Entry, Value
from tests.factories import WORDS, make_citation, make_event, make_outlet_report, make_user, make_whole_event
from tests.osint import crowd

TIMES = int(os.environ.get("TOGETHER", "1"))
START = 25
COMMENT = "events.comment"


@pytest.fixture
def events(transactional_db, django_db_serialized_rollback) -> list[Event]:
    """Three drafts and the people who will work on them."""
    for name, group, _work in crowd.PEOPLE:
        make_user(name, group)
    values = {"when_phrase": WORDS[Facet.WHEN]}  # so that no claim has to follow the first save of a form
    return [make_whole_event(report=make_outlet_report(), **values) for _number in range(3)]


def test_eight_people_work_on_three_events_and_nothing_is_lost(events, tmp_path: Path):
    began = Entry.objects.order_by("-seq").values_list("seq", flat=True).first() or 0
    connections.close_all()  # a connection does not survive a fork
    told = crowd.work([event.pk for event in events], TIMES, tmp_path)
    assert not told.troubles, told.troubles[:5]
    assert {name: len(done) for name, done in told.done.items()} == dict.fromkeys(crowd.NAMES, 3 * TIMES)
    entries = list(Entry.objects.filter(seq__gt=began).select_related("by").order_by("seq"))
    changes = read(entries)
    report(told, entries)
    everything_acknowledged_is_in_one_version(told, changes)
    versions_have_no_gap(events, entries)
    nobody_changed_what_she_did_not_touch(changes)
    no_increment_is_lost(events, told)


def report(told: Any, entries: list[Entry]) -> None:
    """Figures of the run, for who asks with ``-s``."""
    sys.stdout.write(
        f"\n{sum(map(len, told.done.values()))} changes acknowledged, {len(entries)} entries, refused: "
        f"{dict(told.refused)}, {told.seconds:.0f} s\n"
    )


def read(entries: list[Entry]) -> list[tuple[Entry, str, Any, Any]]:
    """Entry, field, from and to of each value."""
    by_seq = {entry.seq: entry for entry in entries}
    values = Value.objects.filter(entry__in=by_seq).exclude(field__startswith="@").order_by("entry_id", "pk")
    sides = ((value, json.loads(value.text)) for value in values)
    return [(by_seq[value.entry_id], value.field, side["from"], side["to"]) for value, side in sides]


def everything_acknowledged_is_in_one_version(told: Any, changes: Any) -> None:
    """Each mark that a process was told is stored came in by exactly one entry of its own, in one change of version."""
    # A comment stands by itself and names its event.
    commented = {entry.seq: to for entry, field, _from, to in changes if (entry.model, field) == (COMMENT, "event")}
    made = Counter(
        (entry.by.username, commented.get(entry.seq, entry.root_key), to)
        for entry, _field, _from, to in changes
        if is_mark(to)
    )
    for name, done in told.done.items():
        for pk, mark in done if name not in crowd.COUNTERS else []:
            assert made.pop((name, pk, mark), 0) == 1, (name, pk, mark)
    assert not made, "marks that nobody was told of"


def is_mark(value: Any) -> bool:
    """Whether a process wrote this to be found again."""
    return isinstance(value, str) and value.startswith("mark ")


def versions_have_no_gap(events: list[Event], entries: list[Entry]) -> None:
    """Each change of an event is one version of it, one after the other."""
    for event in events:
        own = [entry.seq for entry in entries if (entry.model, entry.key) == ("events.event", event.pk)]
        texts = Value.objects.filter(entry__in=own, field="version").order_by("entry_id").values_list("text", flat=True)
        steps = [(json.loads(text)["from"], json.loads(text)["to"]) for text in texts]
        assert all(after == before + 1 for before, after in steps)
        assert all(one[1] == next_one[0] for one, next_one in pairwise(steps))
        assert steps[-1][1] == Event.objects.get(pk=event.pk).version
        about = {entry.change for entry in entries if (entry.root_model, entry.root_key) == ("events.event", event.pk)}
        assert len(about) == len(steps), "a change without a version, or a version without a change"


def nobody_changed_what_she_did_not_touch(changes: Any) -> None:
    """Who works on one field leaves the others alone."""
    for entry, field, _from, _to in changes:
        allowed = crowd.TOUCHES[entry.by.username] | {"version", "changed_at"}
        assert f"{entry.model}.{field}" in allowed or field in allowed, (entry.by.username, entry.model, field)


def no_increment_is_lost(events: list[Event], told: Any) -> None:
    """The number that several of them add to counts what they were told."""
    for event in events:
        added = sum(pk == event.pk for name in crowd.COUNTERS for pk, _mark in told.done[name])
        assert Count.objects.get(event=event).best == START + added


@pytest.mark.engine("postgresql")
def test_nothing_is_added_to_what_is_being_deleted(transactional_db, monkeypatch):
    event, report = make_event(), make_outlet_report()
    told, adding = recording.about_to_write, []

    def somebody_adds(model, keys):
        monkeypatch.setattr(recording, "about_to_write", told)
        adding.append(Thread(target=cite, args=(event, report)))
        adding[0].start()
        adding[0].join(1)
        assert adding[0].is_alive()  # it waits
        told(model, keys)

    monkeypatch.setattr(recording, "about_to_write", somebody_adds)
    event.delete()
    adding[0].join(20)
    assert not Citation.objects.exists()
    assert list(verify.faults()) == []


def cite(event, report):
    """Another person cites a report for an event, which may be gone by then."""
    with suppress(IntegrityError, ValidationError, Event.DoesNotExist):
        make_citation(event=event, report=report)
    connections.close_all()
