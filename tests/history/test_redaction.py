"""Taking a value out of the history: what goes, what stays, what is said of it."""

import json

import pytest
from django.core.exceptions import ValidationError
from django.test import RequestFactory

from osint.history import chain, recording, redaction, verify
from osint.history.models import Entry, Value
from sources.models import Source
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def twice(db):
    """A source that was made and then noted on: entries 1 and 2, each with a note."""
    source = make.make_source(note="A witness")
    source.note = "Known to us."
    source.save()
    return source


def test_this_value_goes_and_no_other(twice, adam):
    others = list(Value.objects.exclude(entry=2, field="note").order_by("pk").values())
    redaction.redact(2, "note", adam, "Names a witness.")
    value = Value.objects.get(entry=2, field="note")
    assert (value.salt, value.text) == ("", "")
    assert list(Value.objects.filter(entry__lte=2).exclude(pk=value.pk).order_by("pk").values()) == others
    assert Source.objects.get().note == "Known to us."
    assert list(verify.faults()) == []


def test_the_redaction_is_an_entry_about_the_same_record(twice, adam):
    request = RequestFactory().post("/admin/history/entry/2/redact/")
    with recording.through("admin", request):
        redaction.redact(2, "note", adam, "  Names a witness. ")
    entry = Entry.objects.get(seq=3)
    assert (entry.action, entry.model, entry.key) == ("redact", "sources.source", twice.pk)
    assert (entry.root_model, entry.root_key, entry.door, entry.by) == ("sources.source", twice.pk, "admin", adam)
    body = json.loads(entry.body)
    assert body["by"] == {"id": adam.pk, "username": "adam"}
    assert body["request"] == "POST /admin/history/entry/2/redact/"
    assert dict(entry.values.values_list("field", "text")) == {
        "@redacted": '{"from":null,"to":{"field":"note","seq":2}}',
        "@why": '"Names a witness."',
    }
    assert chain.head() == (3, entry.hash)


def test_a_part_is_redacted_as_a_part_of_its_whole(adam):
    place = make.make_placement()
    entry = Entry.objects.get(model="events.placement")
    redaction.redact(entry.seq, "role", adam, "In danger.")
    entry = Entry.objects.latest("seq")
    assert (entry.model, entry.root_model, entry.root_key) == ("events.placement", "events.event", place.event_id)


def test_without_a_person_nobody_is_told(twice):
    redaction.redact(2, "note", None, "By order.")
    assert Entry.objects.get(seq=3).by is None


@pytest.mark.parametrize(
    ("seq", "field", "why", "place", "sentence"),
    [
        (2, "note", " ", "reason", "Say why the value is redacted."),
        (2, "slug", "Why.", "field", "Entry 2 has no value “slug”. It has: changed_at, note, version."),
        (9, "slug", "Why.", "field", "Entry 9 has no value “slug”. It has: –."),
        (3, "@redacted", "Why.", "field", "That something was redacted stays in the history."),
        (1, "note", "Why.", "field", "This value is redacted already."),
    ],
)
def test_what_cannot_be_redacted_is_refused_with_the_way_out(twice, adam, seq, field, why, place, sentence):
    redaction.redact(1, "note", adam, "Names a witness.")
    with pytest.raises(ValidationError) as refused:
        redaction.redact(seq, field, adam, why)
    assert refused.value.message_dict == {place: [sentence]}
    assert chain.head()[0] == 3
