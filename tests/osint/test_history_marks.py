"""What a record said while it was marked RED stays with those who saw it then, whatever its mark is now."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from events.models import Event
from osint.base import versions
from osint.history import reading, recording
from osint.history.models import Entry
from osint.history.redaction import redact
from osint.history.revert import revert
from tests import factories as make
from tests.kit.forms import again, filled
from tests.rest import API, client, given, refused

pytestmark = pytest.mark.django_db

SECRET = "A secret meeting."


def secret_event(**overrides: Any) -> Any:
    """A RED event that says what not everybody is to read."""
    return make.make_event(**{"tlp": "RED", "summary_en": SECRET} | overrides)


def loosen(event: Any, by: Any = None, **changes: Any) -> None:
    """Loosen the mark in one change with these columns."""
    with recording.change(by):
        type(event)._default_manager.filter(pk=event.pk).update(tlp="CLEAR", **changes)


def stored(record: Any) -> int:
    """The version of the record that is stored."""
    return int(type(record)._default_manager.get(pk=record.pk).version)


def page(event: Any) -> str:
    """The address of the record's history in the admin."""
    return reverse(f"admin:events_{event._meta.model_name}_history", args=[event.pk])


def everywhere(event: Any, reader: Any) -> str:
    """All that the history tells this reader at all of its addresses, and what a refusal tells."""
    desk = Client()
    desk.force_login(reader)
    address = f"{API}/events/{event.uuid}/"
    answers: list[Any] = [
        client(reader).get(f"{address}history/?page_size=500"),
        client(reader).get(f"{API}/history/?record={event.uuid}&page_size=500"),
        desk.get(page(event)),
        client(reader).patch(address, {"summary_en": "y"}, format="json", version=1),
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 412]
    return "".join(answer.content.decode() for answer in answers)


def test_what_was_said_while_it_was_red_stays_hidden_at_every_address(alice, edith):
    event = secret_event(created_by=edith)
    sent = client(edith).patch(f"{API}/events/{event.uuid}/", {"summary_en": "x", "tlp": "CLEAR"}, format="json")
    assert given(sent)["tlp"] == "CLEAR"
    assert SECRET not in everywhere(event, alice)
    assert everywhere(event, edith).count(SECRET) >= 4
    for entry in Entry.objects.about("events.event", event.pk):
        refused(client(alice).get(f"{API}/history/{entry.seq}/"), status=404)


@pytest.mark.parametrize("role", ["created_by", "assignee"])
def test_whose_it_was_reads_on(alice, role):
    event = secret_event(**{role: alice})
    loosen(event, summary_en="x")
    assert SECRET in everywhere(event, alice)


def test_what_comes_after_the_mark_is_for_everybody_who_works_here(alice):
    event = secret_event()
    loosen(event, summary_en="One.")
    Event.objects.update(summary_en="Two.")
    [entry] = given(client(alice).get(f"{API}/events/{event.uuid}/history/"))["results"]
    [field] = entry["fields_changed"]
    assert (field["before"], field["after"]) == ("One.", "Two.")
    told: Any = versions.changes_since(event, 1, alice)
    assert [(change.field, change.before, change.after) for change in told] == [("summary_en", "One.", "Two.")]


def test_all_up_to_the_last_time_that_it_was_red_is_hidden(alice):
    event = make.make_event()
    Event.objects.update(tlp="RED", summary_en=SECRET)
    Event.objects.update(summary_en="Another secret.")
    Event.objects.update(tlp="AMBER", summary_en="x")
    Event.objects.update(tlp="CLEAR")
    told = everywhere(event, alice)
    assert SECRET not in told
    assert "Another secret." not in told
    assert "TLP:AMBER" in told


def test_a_mark_that_was_taken_out_of_the_history_hides_like_the_strictest(alice, edith, adam):
    event = secret_event()
    loosen(event, summary_en="x")
    seq = Entry.objects.about("events.event", event.pk).order_by("-seq").values_list("seq", flat=True)[0]
    redact(seq, "tlp", adam, "The mark itself named a witness.")
    assert SECRET not in everywhere(event, alice)
    assert SECRET in everywhere(event, edith)


@pytest.mark.parametrize("mark", ["CLEAR", "GREEN", "AMBER", "AMBER+STRICT"])
def test_other_marks_hide_nothing_from_who_works_here(alice, mark):
    event = secret_event(tlp=mark)
    Event.objects.update(tlp="GREEN" if mark == "CLEAR" else "CLEAR", summary_en="x")
    assert SECRET in everywhere(event, alice)


def test_what_belongs_to_it_is_hidden_with_it_also_what_was_changed_at_once(alice):
    event = secret_event()
    placement = make.make_placement(event=event, site=make.make_site(name_en="The secret house"))
    gone = make.make_count(event=event, reason="A secret count.", basis="inferred")
    gone.delete()
    with recording.change():
        Event.objects.update(tlp="CLEAR", summary_en="x")
        placement.site = make.make_site(name_en="Qasrak base")
        placement.save()
    told = everywhere(event, alice)
    for words in ("The secret house", "A secret count.", str(placement.uuid), str(gone.uuid)):
        assert words not in told


def test_of_a_report_likewise_and_other_records_are_told_of_as_before(alice, adam):
    report = make.make_report(tlp="RED", title=SECRET)
    other = make.make_report(title="An open report.")
    loosen(report, title="x")
    address = f"{API}/history/?page_size=500"
    told = client(alice).get(address).content.decode()
    assert SECRET not in told
    assert "An open report." in told
    assert len(given(client(alice).get(f"{address}&record={other.uuid}"))["results"]) == 1
    assert SECRET in client(adam).get(address).content.decode()


def test_it_stays_hidden_when_the_record_is_deleted(alice, edith):
    event = secret_event(created_by=edith)
    mine = secret_event(created_by=alice, summary_en="My own secret.")
    for one in (event, mine):
        loosen(one, summary_en="x")
        Event.objects.get(pk=one.pk).delete()
    told = client(alice).get(f"{API}/history/?page_size=500").content.decode()
    assert SECRET not in told
    assert "My own secret." in told


def test_nobody_brings_it_back_who_may_not_read_it(alice):
    event, other = secret_event(), make.make_event()
    with recording.change():
        loosen(event, summary_en="x")
        Event.objects.filter(pk=other.pk).update(summary_en="y")
    entry = reading.readable(alice).filter(model="events.event", key=other.pk).latest("seq")
    answer = client(alice).post(f"{API}/history/{entry.seq}/revert/", {"reason": "By mistake."}, format="json")
    refused(answer, status=403)
    assert Event.objects.get(pk=event.pk).summary_en == "x"


def test_the_editor_brings_it_back(edith):
    event = secret_event()
    loosen(event, summary_en="x")
    revert(Entry.objects.about("events.event", event.pk).latest("seq"), edith, "By mistake.")
    assert Event.objects.get(pk=event.pk).summary_en == SECRET


def test_the_conflict_page_shows_no_base_and_asks_for_each_field(alice):
    event = secret_event()
    opened = stored(event)
    loosen(event, summary_en="Theirs.")
    desk = Client()
    desk.force_login(alice)
    address = reverse("admin:events_event_change", args=[event.pk])
    answer = desk.post(address, filled(desk, address, summary_en="Mine.", version=opened))
    assert SECRET not in answer.content.decode()
    items = {item.name: item for item in answer.context["conflict"].items}
    found = items["summary_en"]
    assert (found.kind, found.base, found.theirs, found.mine) == ("both", "(not for you)", "Theirs.", "Mine.")
    assert "is not for you" in answer.content.decode()
    undecided = desk.post(address, again(answer))
    assert SECRET not in undecided.content.decode()
    saved = desk.post(address, again(undecided, choice__summary_en="mine"))
    assert saved.status_code == 302
    assert Event.objects.get(pk=event.pk).summary_en == "Mine."


def test_the_conflict_page_shows_the_base_from_the_loosening_on(alice):
    event = secret_event()
    loosen(event, summary_en="One.")
    opened = stored(event)
    Event.objects.update(summary_en="Two.")
    desk = Client()
    desk.force_login(alice)
    address = reverse("admin:events_event_change", args=[event.pk])
    answer = desk.post(address, filled(desk, address, summary_en="Mine.", version=opened))
    items = {item.name: item for item in answer.context["conflict"].items}
    assert items["summary_en"].base == "One."


def test_it_takes_as_many_queries_for_many_such_records(alice):
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            list(reading.readable(alice))
        return len(found)

    loosen(secret_event())
    queries()  # what the reader may do is asked once
    few = queries()
    for _number in range(3):
        loosen(secret_event())
    assert queries() == few
