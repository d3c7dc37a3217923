"""The past after a redaction: any one value may be gone, and every door still answers, inventing nothing for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from events import past
from events.models import Event
from osint.history import redaction
from osint.history.models import Action, Entry, Value
from tests import factories as make
from tests.pages import page_of
from tests.rest import API, client

pytestmark = pytest.mark.django_db

UNDER = ["event", "placement", "involvement", "count", "citation", "claim", "correction", "comment"]
# What was redacted, and where its row is therefore not told of.
LEFT_OUT = {
    ("placement", "site"): "placements",
    ("involvement", "actor"): "involvements",
    ("count", "measure"): "counts",
}
MISSING = {"type", "status", "tlp"}


@pytest.fixture
def event(db):
    """A published event with something of everything."""
    event = make.make_published_event()
    make.make_correction(event=event, report=event.citations.get().report)
    make.make_comment(event=event)
    return event


def last_values(model: str) -> list[Value]:
    """For each field the last value that says something, or else the last; of a claim's facets all."""
    found: dict[Any, Value] = {}
    for value in Value.objects.filter(entry__model=f"events.{model}").exclude(field__startswith="@").order_by("pk"):
        key = (value.field, value.entry.key if value.field == "facet" else "")
        if key not in found or not value.text.endswith(('"to":null}', '"to":""}')):
            found[key] = value
    return list(found.values())


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside has not happened afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def without(value: Value, by: Any) -> None:
    redaction.redact(value.entry_id, value.field, by, "Names a witness.")


def browser(user: Any = None) -> Client:
    found = Client()
    if user:
        found.force_login(user)
    return found


@pytest.mark.parametrize("model", UNDER)
def test_whatever_value_is_redacted_the_past_answers(model, event, public, alice, adam):
    then = timezone.now().isoformat().replace("+00:00", "Z")
    rest, page = f"{API}/events/{event.uuid}/?as_of={then}", f"{page_of(event)}?as_of={then}"
    doors = [client(), client(alice)], [browser(), browser(alice)]
    for value in last_values(model):
        with undone():
            without(value, adam)
            answers = [door.get(rest) for door in doors[0]] + [door.get(page) for door in doors[1]]
            wanted = 404 if model == "event" and value.field in MISSING else 200
            assert {answer.status_code for answer in answers} == {wanted}, value.field
            if wanted == 200:
                shown = answers[0].json()
                assert (shown["uuid"], shown["reference"]) == (str(event.uuid), event.reference)
                name = LEFT_OUT.get((model, value.field))
                assert name is None or shown[name] == [], value.field


@pytest.mark.parametrize("model", UNDER)
def test_whatever_is_redacted_the_history_is_told(model, event, alice, adam):
    for value in last_values(model):
        without(value, adam)
    assert client(alice).get(f"{API}/events/{event.uuid}/history/").status_code == 200
    assert client(alice).get(f"{API}/history/").status_code == 200
    assert browser(adam).get(reverse("admin:events_event_history", args=[event.pk])).status_code == 200


@pytest.mark.parametrize(
    "make_one", [make.make_placement, make.make_involvement, make.make_count, make.make_citation, make.make_claim]
)
def test_what_was_deleted_and_redacted_is_told_of_without_its_name(make_one, alice, adam):
    row = make_one()
    event = getattr(row, "event", None) or row.citation.event
    row.delete()
    for value in Entry.objects.get(action=Action.DELETE).values.exclude(field__startswith="@"):
        with undone():
            without(value, adam)
            assert client(alice).get(f"{API}/events/{event.uuid}/history/").status_code == 200
            page = browser(adam).get(reverse("admin:events_event_history", args=[event.pk]))
            assert page.status_code == 200, value.field


def test_a_merged_event_that_cannot_be_told_of_lends_no_evidence(alice, edith, adam):
    event, twin = make.make_published_event(), make.make_whole_event(report=make.make_outlet_report())
    Event.objects.filter(pk=twin.pk).update(status="merged", merged_into=event)
    citations = f"{API}/events/{event.uuid}/?as_of={timezone.now().isoformat().replace('+00:00', 'Z')}"
    assert len(client(alice).get(citations).json()["citations"]) == 2
    [made] = Entry.objects.filter(model="events.event", key=twin.pk, action=Action.CREATE)
    redaction.redact(made.seq, "type", adam, "Names a witness.")
    assert len(client(alice).get(citations).json()["citations"]) == 1


def test_a_redacted_date_or_choice_is_never_shown_as_text(event, adam):
    then = timezone.now()
    made = Entry.objects.get(model="events.event", action=Action.CREATE)
    for name in ("when", "type_basis", "summary_en", "created_at"):
        redaction.redact(made.seq, name, adam, "Names a witness.")
    found = past.as_of(event, then, AnonymousUser())
    assert found is not None
    assert (found.when, found.type_basis, found.summary_en) == ("", "stated", "[redacted]")
    assert found.created_at is None
