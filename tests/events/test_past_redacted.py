"""The past after a redaction: any one value may be gone, and every door still answers, inventing nothing for it."""

from collections.abc import Iterable
from itertools import chain, zip_longest
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from events import past
from events.models import Event
from events.models.evidence import VALUE
from osint.history import redaction
from osint.history.models import Action, Entry, Value
from tests import factories as make
from tests.kit.undoing import undone
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
# What would hide what else is redacted in the rows with it, or bears on all of them: redacted alone.
ALONE = {(model._meta.model_name, name) for model, names in past.SAID.items() for name in names}


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
    stored = Value.objects.filter(entry__model=f"events.{model}").select_related("entry")
    for value in stored.exclude(field__startswith="@").order_by("pk"):
        key = (value.field, value.entry.key if value.field == "facet" else "")
        if key not in found or not value.text.endswith(('"to":null}', '"to":""}')):
            found[key] = value
    return list(found.values())


def without(value: Value, by: Any) -> None:
    redaction.redact(value.entry_id, value.field, by, "Names a witness.")


def browser(user: Any = None) -> Client:
    found = Client()
    if user:
        found.force_login(user)
    return found


def is_alone(value: Value) -> bool:
    """Whether the value is redacted alone, because it is the event's own or a row is left out with it."""
    model = value.entry.model.removeprefix("events.")
    said = set(chain.from_iterable(names[:1] for names in VALUE.values())) if model == "claim" else set()
    return model == "event" or (model, value.field) in ALONE or value.field in said


def rounds(values: Iterable[Value]) -> list[list[Value]]:
    """What is redacted at once: one value of each kind of record, none of which hides another."""
    kinds: dict[str, list[Value]] = {}
    for value in values:
        kinds.setdefault(value.entry.model, []).append(value)
    return [[value for value in row if value] for row in zip_longest(*kinds.values())]


def told(values: list[Value]) -> str:
    return ", ".join(f"{value.entry.model}.{value.field}" for value in values)


def attempts() -> list[list[Value]]:
    """Every value of every kind of record, alone or with others."""
    values = list(chain.from_iterable(map(last_values, UNDER)))
    return [[one] for one in values if is_alone(one)] + rounds(one for one in values if not is_alone(one))


@pytest.mark.one_engine
def test_whatever_value_is_redacted_the_past_answers(event, public, alice, adam):
    then = timezone.now().isoformat().replace("+00:00", "Z")
    rest, page = f"{API}/events/{event.uuid}/?as_of={then}", f"{page_of(event)}?as_of={then}"
    doors = [client(), client(alice)], [browser(), browser(alice)]
    for values in attempts():
        with undone(told(values)):
            for value in values:
                without(value, adam)
            answers = [door.get(rest) for door in doors[0]] + [door.get(page) for door in doors[1]]
            [model, name] = values[0].entry.model.removeprefix("events."), values[0].field
            wanted = 404 if model == "event" and name in MISSING else 200
            assert {answer.status_code for answer in answers} == {wanted}
            if wanted == 200:
                shown = answers[0].json()
                assert (shown["uuid"], shown["reference"]) == (str(event.uuid), event.reference)
                left_out = LEFT_OUT.get((model, name))
                assert left_out is None or shown[left_out] == []


@pytest.mark.one_engine
def test_whatever_is_redacted_the_history_is_told(event, alice, adam):
    reader, desk = client(alice), browser(adam)
    for model in UNDER:
        with undone(model):
            for value in last_values(model):
                without(value, adam)
            assert reader.get(f"{API}/events/{event.uuid}/history/").status_code == 200
            assert reader.get(f"{API}/history/").status_code == 200
            assert desk.get(reverse("admin:events_event_history", args=[event.pk])).status_code == 200


@pytest.mark.one_engine
def test_what_was_deleted_and_redacted_is_told_of_without_its_name(alice, adam):
    event, reader, desk = make.make_event(), client(alice), browser(adam)
    for make_one in (make.make_placement, make.make_involvement, make.make_count, make.make_citation):
        make_one(event=event).delete()
    make.make_claim(citation=make.make_citation(event=event)).delete()
    gone = Value.objects.filter(entry__action=Action.DELETE).exclude(field__startswith="@")
    assert set(gone.values_list("entry__model", flat=True)) == {f"events.{model}" for model in UNDER[1:6]}
    for values in rounds(gone.select_related("entry").order_by("pk")):
        with undone(told(values)):
            for value in values:
                without(value, adam)
            assert reader.get(f"{API}/events/{event.uuid}/history/").status_code == 200
            assert desk.get(reverse("admin:events_event_history", args=[event.pk])).status_code == 200


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
