"""The history as people read it, in the admin and by REST: in words, with names, and no more than they may see."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from events import workflow
from events.models import Event
from osint.history import reading
from osint.history.models import Entry
from osint.history.redaction import redact
from osint.history.revert import revert
from osint.history.wording import difference
from tests import factories as make
from tests.kit.changes import kinds, made, newest
from tests.pages import text
from tests.rest import API, client, given, refused

pytestmark = pytest.mark.django_db


def last_change(reader: Any) -> reading.Read:
    """The newest change in words."""
    return reading.read(newest(), reader)[0]


def said(reader: Any) -> dict[str, tuple[str, str]]:
    """Field by field what the newest change says, from what to what."""
    return {
        field.label: (field.before, field.after) for record in last_change(reader).records for field in record.fields
    }


def history(record: Any) -> str:
    """The address of the record's history in the admin."""
    return reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_history", args=[record.pk])


# In words


def test_values_are_names_labels_and_days_and_the_circumstances_are_told(alice):
    event = make.make_whole_event()
    site = make.make_site(name_en="Tabqa airfield")
    with workflow.changing(event, alice, "The other source says so."):
        placement = event.placements.get()
        placement.site, placement.role = site, "from"
        placement.save()
        event.when, event.is_aggregate = "2025-11", True
        event.save()
    assert said(alice) == {
        "When": ("12 November 2025 (2025-11-12)", "November 2025 (2025-11)"),
        "Sums up several incidents": ("no", "yes"),
        "Site": ("Qasrak base", "Tabqa airfield"),
        "Role": ("to", "from"),
    }
    change = last_change(alice)
    assert (change.by, change.why, change.door) == ("alice", "The other source says so.", "code")
    assert change.when.endswith(" UTC")
    assert change.version == Event.objects.get(pk=event.pk).version
    assert [record.kind for record in change.records] == ["event", "place of an event"]


def test_it_is_in_the_readers_language(alice):
    event = make.make_whole_event()
    placement = event.placements.get()
    placement.role = "near"
    placement.save()
    with translation.override("ar"):
        [[before, after]] = [sides for label, sides in said(alice).items()]
        assert (before, after) == (str(placement._meta.get_field("role").choices[3][1]), after)  # type: ignore[index]
        assert after not in {"near", ""}


def test_a_long_text_is_compared_word_by_word():
    old = "The convoy of twenty-five trucks came by the road from the crossing in the north and went on to the east."
    pieces = difference(old, old.replace("twenty-five", "thirty").replace("east", "west"))
    assert [(piece.kind, piece.text) for piece in pieces if piece.kind in {"gone", "come"}] == [
        ("gone", "twenty-five"),
        ("come", "thirty"),
        ("gone", "east."),
        ("come", "west."),
    ]
    assert difference("short", "brief") == ()
    assert difference(old, None) == ()


def test_a_text_of_any_length_is_compared_in_no_time():
    old, new = "word " * 100_000 + "end", "other " * 100_000 + "end"
    pieces = difference(old, new)
    assert sum(len(piece.text) for piece in pieces) < 10_000
    assert [piece.kind for piece in pieces if piece.kind != "cut"][:1] == ["gone"]


def test_a_redacted_value_is_shown_as_redacted_and_so_is_a_reason(alice, adam):
    site = make.make_site()
    site.note = "The name of a witness."
    site.save()
    seq = newest()[-1].seq
    redact(seq, "note", adam, "A witness.")
    [change] = reading.read(Entry.objects.filter(seq=seq), alice)
    assert [(field.before, field.after) for field in change.records[0].fields] == [("[redacted]", "[redacted]")]
    [field] = given(client(alice).get(f"{API}/history/{seq}/"))["fields_changed"]
    assert (field["before"], field["after"], field["redacted"]) == (None, None, True)
    assert "witness" not in client(alice).get(f"{API}/history/{seq}/").content.decode()


def test_what_is_gone_is_called_as_it_was_last(alice):
    event = make.make_whole_event()
    reference = event.reference
    event.delete()
    change = last_change(alice)
    assert {record.action for record in change.records} == {"deleted"}
    assert f"{reference} · Convoy arrival" in [record.name for record in change.records]
    assert "to Qasrak base" in [record.name for record in change.records]


@pytest.mark.one_engine
@pytest.mark.parametrize("model", kinds(), ids=lambda model: model.__name__)
def test_the_history_of_every_kind_of_record_can_be_read_in_as_many_queries(model, adam):
    record = made(model)
    entries = Entry.objects.filter(model=model._meta.label_lower, key=record.pk, action="create")
    assert [one.name for one in reading.read(entries, adam)[0].records] == [str(record)]

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            reading.read(Entry.objects.filter(model=model._meta.label_lower), adam)
        return len(found)

    few = queries()
    made(model)
    made(model)
    assert queries() == few


# In the admin


def test_the_page_shows_the_record_with_its_parts_and_leads_to_the_past(alice, client: Client):
    event = make.make_published_event()
    with workflow.changing(event, alice, "Counted again."):
        count = event.counts.get()
        count.best, count.basis, count.reason = 30, "inferred", "From the film."
        count.save()
    client.force_login(alice)
    shown = client.get(history(event))
    page = text(shown)
    for words in (
        "Counted again.",
        "Count 30 Trucks · changed",
        "Best 25 30",
        "Basis stated inferred",
        "alice · version",
    ):
        assert words in page
    assert f"/events/{event.reference}/?as_of=" in shown.content.decode()
    past = shown.content.decode().split("?as_of=")[1].split('"')[0]
    assert "A past state" in text(client.get(f"/events/{event.reference}/?as_of={past}"))


@pytest.mark.one_engine
def test_the_page_takes_as_many_queries_for_many_changes(alice, client: Client):
    event = make.make_published_event()
    client.force_login(alice)

    def correct(best: int) -> None:
        with workflow.changing(event, alice, "Counted again."):
            event.counts.all().update(best=best, basis="inferred", reason="From the film.")

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get(history(event)).status_code == 200
        return len(found)

    correct(30)
    queries()
    few = queries()
    for best in range(31, 36):
        correct(best)
    assert queries() == few


def test_a_long_history_has_pages(alice, client: Client):
    site = make.make_site()
    for n in range(30):
        site.note = f"Note {n}."
        site.save()
    client.force_login(alice)
    assert "Note 29." in text(client.get(history(site)))
    second = text(client.get(history(site), {"page": "2"}))
    assert "Note 29." not in second
    assert "Site Site" in second


def test_who_may_not_read_the_history_has_no_such_page(client: Client):
    site = make.make_site()
    reader = make.make_user("rita", "Analyst")
    for group in reader.groups.all():
        group.permissions.remove(Permission.objects.get(codename="view_entry"))
    client.force_login(reader)
    assert client.get(history(site)).status_code == 403


# By REST


def test_the_entries_are_listed_the_newest_first_with_identities_in_place_of_keys(alice):
    event = make.make_whole_event()
    with workflow.changing(event, alice, "Nearer."):
        event.placements.all().update(role="near")
    answer = given(client(alice).get(f"{API}/events/{event.uuid}/history/?page_size=2"))
    one, whole = answer["results"]
    assert (one["model"], one["action"], one["by"], one["why"]) == ("events.placement", "change", "alice", "Nearer.")
    [field] = one["fields_changed"]
    assert (field["field"], field["label"], field["before"], field["after"]) == ("role", "Role", "to", "near")
    assert (one["identity"], whole["identity"]) == (str(event.placements.get().uuid), str(event.uuid))
    assert one["change"] == whole["change"]
    first = given(client(alice).get(f"{API}/history/?record={event.uuid}&model=events.placement"))["results"][-1]
    assert {"field": "site", "after": "qasrak-base"}.items() <= next(
        field for field in first["fields_changed"] if field["field"] == "site"
    ).items()
    assert given(client(alice).get(f"{API}/history/{one['seq']}/")) == one
    assert given(client(alice).get(f"{API}/history/{one['seq']}/?fields=seq")) == {"seq": one["seq"]}


def test_the_parameters_answer_their_questions(alice):
    event = make.make_whole_event()
    with workflow.changing(event, alice, "Nearer."):
        event.placements.all().update(role="near")
    change, today = newest()[0].change, f"{timezone.now():%Y-%m-%d}"
    reference = event.reference
    event.delete()

    def count(query: str) -> int:
        return int(given(client(alice).get(f"{API}/history/?count=true&{query}"))["count"])

    whole = Entry.objects.about("events.event", Entry.objects.get(change=change, model="events.event").key).count()
    assert count(f"record={event.uuid}") == count(f"record={reference}") == whole
    assert count(f"record={str(event.uuid).upper()}") == whole
    assert count("record=qasrak-base") == 1
    assert count("record=nowhere") == 0
    assert count("by=alice") == count(f"change={change}") == 2
    assert count("door=code") == Entry.objects.count()
    assert count("model=events.claim") == Entry.objects.filter(model="events.claim").count()
    assert count(f"date_from={today}&date_to={today}") == Entry.objects.count()
    assert count("date_to=2020-01-01") == 0
    refused(client(alice).get(f"{API}/history/?model=events.evnt"), "Did you mean “events.event”?")
    refused(client(alice).get(f"{API}/history/?by=alcie"), "Nobody is called “alcie” here. Did you mean “alice”?")
    refused(client(alice).get(f"{API}/history/?change=5"), "is no UUID")
    refused(client(alice).get(f"{API}/history/?user=alice"), "There is no parameter")
    refused(client(alice).get(f"{API}/history/99999/"), status=404)


@pytest.mark.parametrize("public", [True, False])
def test_to_others_there_is_nothing_at_these_addresses(victor, settings, public):
    settings.PUBLIC_API = public
    event = make.make_published_event()
    for by in (victor, None):
        for address in (f"{API}/history/", f"{API}/history/1/", f"{API}/events/{event.uuid}/history/"):
            answer = client(by).get(address)
            there = client(by).get(f"{API}/nowhere/")
            assert answer.status_code == there.status_code == 404
            assert answer.content.decode() == there.content.decode().replace(f"{API}/nowhere/", address)


def test_of_hidden_records_nothing_is_told(alice, edith):
    report = make.make_outlet_report(tlp="RED")
    secret = make.make_event(tlp="RED", summary_en="A secret meeting.")
    event = make.make_event()
    citation = make.make_citation(event=event, report=report, note="From the secret report.")
    Event.objects.filter(pk=event.pk).update(part_of=None)
    for query in ("", f"record={secret.uuid}", f"record={event.uuid}", f"record={report.uuid}", "page_size=500"):
        shown = client(alice).get(f"{API}/history/?{query}").content.decode()
        for words in ("secret", str(report.uuid), report.title, str(citation.uuid), str(secret.uuid)):
            assert words not in shown
    entry = Entry.objects.filter(model="events.event", key=secret.pk)[0]
    refused(client(alice).get(f"{API}/history/{entry.seq}/"), status=404)
    refused(client(alice).get(f"{API}/events/{secret.uuid}/history/"), status=404)
    assert "A secret meeting." in client(edith).get(f"{API}/history/?record={secret.uuid}").content.decode()


def test_a_deleted_part_of_something_hidden_stays_hidden(alice, client: Client):
    event = make.make_event()
    citation = make.make_citation(event=event, report=make.make_report(tlp="RED"))
    claim = make.make_claim(citation=citation, facet="what")
    quote = claim.quote
    citation.delete()
    client.force_login(alice)
    page = client.get(history(event)).content.decode()
    assert "(not for you)" in page
    assert quote not in page


def test_a_related_record_that_is_hidden_has_no_name(alice):
    whole = make.make_event(is_aggregate=True, tlp="RED")
    part = make.make_event()
    part.part_of = whole
    part.save()
    assert said(alice)["Part of"] == ("–", "(not for you)")
    [entry] = given(client(alice).get(f"{API}/events/{part.uuid}/history/?page_size=1"))["results"]
    assert [field["after"] for field in entry["fields_changed"] if field["field"] == "part_of"] == [None]


@pytest.mark.parametrize("way", ["event", "report"])
def test_what_was_red_when_it_was_deleted_stays_hidden_except_from_those_who_saw_it(way, alice, edith):
    olga = make.make_user("olga")
    if way == "event":
        secret: Any = make.make_event(tlp="RED", summary_en="A secret meeting.", created_by=alice)
        make.make_placement(event=secret)
    else:
        secret = make.make_report(tlp="RED", title="A secret meeting.", created_by=alice)
    uuid = secret.uuid
    citation = make.make_citation(report=secret) if way == "report" else None
    if citation:
        citation.delete()
    secret.delete()
    shown = {by: client(by).get(f"{API}/history/?page_size=500").content.decode() for by in (olga, alice, edith)}
    assert [word in shown[olga] for word in ("A secret meeting.", str(uuid))] == [False, False]
    for by in (alice, edith):
        assert "A secret meeting." in shown[by]
    assert len(given(client(olga).get(f"{API}/history/?record={uuid}"))["results"]) == 0


def test_what_came_back_is_seen_as_it_is_now(alice, edith):
    event = make.make_event(tlp="RED", summary_en="A secret meeting.")
    event.delete()
    revert(newest()[-1], edith, "By mistake.")
    Event.objects.all().update(tlp="CLEAR")
    Event.objects.all().update(summary_en="An open meeting.")
    told = client(alice).get(f"{API}/history/?record={event.uuid}")
    assert "An open meeting." in told.content.decode()
    assert len(given(told)["results"]) == 1
