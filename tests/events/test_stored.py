"""What is kept beside events: the same as what it is kept from, after every kind of change."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import OperationalError, connection
from rest_framework.test import APIRequestFactory

from events import workflow
from events.choices import Status
from events.models import Actor, Citation, Document, Event, Involvement, Placement, Site, Term
from events.serializers import EventBrief
from events.shelves import first_of, key_at, shelf
from events.stored import documents, keeping, terms
from osint.base.visibility import seen_by
from osint.base.wire import dumps
from tests import factories as make
from tests.rest import client

pytestmark = pytest.mark.django_db
MANY = 1_100


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    """What is done within this is done for good, as far as those are concerned who wait for that."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@contextmanager
def few_values() -> Iterator[None]:
    """Within this a statement takes a thousand values; SQLite counts them, and PostgreSQL is sent none."""
    usual = connection.connection.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, MANY - 100)
    yield
    connection.connection.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, usual)


def by_serializer(event: Event, reader: Any) -> bytes:
    request = APIRequestFactory().get("/")
    request.user = reader
    links = seen_by(reader, Event, "part_of", "merged_into")
    row = Event.objects.with_facts().select_related("assignee").annotate(**links).get(pk=event.pk)
    return dumps(EventBrief(row, context={"request": request}).data)


def assert_all_as_should_be() -> None:
    assert sum(keeping.again(write=False)) == 0
    assert not Document.objects.filter(brief="").exists()
    everybody: list[Any] = [AnonymousUser(), *User.objects.all()]
    for reader in everybody:
        events = list(Event.objects.visible_to(reader).order_by("pk"))
        assert documents.read([event.pk for event in events], reader) == [by_serializer(one, reader) for one in events]


def test_the_place_in_lists_is_by_the_last_day_and_then_by_the_key():
    undated, early, late = (
        make.make_event(when=""),
        make.make_event(when="0001-01-01"),
        make.make_event(when="9999-12-31"),
    )
    again = make.make_event(when="9999-12")
    for event in (undated, early, late, again):
        event.refresh_from_db()
        assert key_at(event.newest) == event.pk
    assert list(Event.objects.all()) == [again, late, early, undated]
    assert early.latest
    assert early.newest >= first_of(early.latest) > undated.newest
    assert late.shelf == shelf("draft", "CLEAR")


def test_documents_follow_every_change(committed, alice, edith, victor):
    with committed():
        event, whole = make.make_event(), make.make_event(is_aggregate=True)
        placement = make.make_placement(event=event)
        make.make_involvement(event=event)
        count = make.make_count(event=event, best=3)
    assert_all_as_should_be()
    changes: list[Any] = [
        lambda: Event.objects.filter(pk=event.pk).update(part_of=whole, assignee=alice),
        lambda: Event.objects.filter(pk=whole.pk).update(tlp="AMBER"),
        lambda: Event.objects.filter(pk=event.pk).update(when="2024-02", earliest="2024-02-01", latest="2024-02-29"),
        lambda: Site.objects.filter(pk=placement.site_id).update(slug="called-otherwise"),
        lambda: type(count).objects.filter(pk=count.pk).update(best=4),
        placement.delete,
        lambda: Actor.objects.all().update(slug="renamed"),
        event.delete,
    ]
    for change in changes:
        with committed():
            change()
        assert_all_as_should_be()
    assert {key_at(newest) for newest in Term.objects.values_list("event", flat=True)} == {whole.pk}


@pytest.mark.one_engine
def test_what_more_events_hold_than_one_statement_takes_values_goes_by_another_name(committed):
    report, actor, kind = make.make_report(), make.make_actor(), make.make_event_type()
    values = {"type": kind, "when": "2025-11-12", "summary_en": "A convoy.", "part_of": make.make_event(type=kind)}
    numbers = [f"SY-2025-{number}" for number in range(MANY)]
    events = Event.objects.bulk_create(Event(reference=number, **values) for number in numbers)
    Involvement.objects.bulk_create(Involvement(event=event, actor=actor, role="acts") for event in events)
    Citation.objects.bulk_create(Citation(event=event, report=report, credibility=2) for event in events)
    documents.fill(event.pk for event in events)
    for record in (actor, kind, report.source):
        with committed(), few_values():
            record.slug = f"{record.slug}-now"
            record.save()
        assert sum(keeping.again(write=False)) == 0
        assert not Document.objects.filter(brief="").exists()


def test_a_site_that_moves_takes_its_events_to_other_lists(committed):
    with committed():
        east, west = make.make_site(slug="east"), make.make_site(slug="west")
        district = make.make_site(slug="district", parent=east)
        village = make.make_site(slug="village", parent=district)
        event = make.make_placement(site=village).event
    assert Term.objects.filter(term=terms.term(terms.SITE, east.pk), event__id=event.pk).exists()
    with committed():
        district.parent = west
        district.save()
    assert not Term.objects.filter(term=terms.term(terms.SITE, east.pk)).exists()
    assert Term.objects.get(term=terms.term(terms.SITE, west.pk)).event == Event.objects.get(pk=event.pk)
    assert_all_as_should_be()


def test_what_changes_while_a_document_is_written_is_not_written_over(committed, monkeypatch):
    with committed():
        event = make.make_event()
    documents.empty([event.pk])
    written_out = documents.written_out

    def slowly(keys: Any) -> Any:
        held = written_out(keys)
        documents.empty([event.pk])
        return held

    monkeypatch.setattr(documents, "written_out", slowly)
    documents.fill([event.pk])
    assert Document.objects.get().brief == ""


def test_a_change_is_kept_though_its_documents_cannot_be_written(committed, monkeypatch, caplog):
    def full(*_args):
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(documents, "fill", full)
    with committed():
        event = make.make_event()
    assert "disk is full" in caplog.text
    assert Document.objects.get(event=event).brief == ""


def test_an_empty_document_is_put_together_as_it_is_asked_for(alice, victor):
    event = make.make_event()
    assert Document.objects.get().brief == ""
    assert documents.read([event.pk], alice) == [by_serializer(event, alice)]
    assert documents.read([event.pk], victor) == []


def test_a_list_takes_the_same_queries_whether_documents_are_there_or_not_at_all(
    committed, alice, django_assert_max_num_queries
):
    with committed():
        for _number in range(3):
            make.make_event(status=Status.DRAFT)
    with django_assert_max_num_queries(6):
        assert len(client(alice).get("/api/v1/events/").json()["results"]) == 3


def test_what_everybody_sees_is_kept_from_the_first_time_it_is_asked_for(committed, edith, settings):
    settings.PUBLIC_API = True
    with committed():
        event = make.make_published_event()
    first = client().get(f"/api/v1/events/{event.uuid}/")
    assert Document.objects.get(pk=event.pk).full
    second = client().get(f"/api/v1/events/{event.uuid}/")
    assert first.content == second.content
    with committed():
        workflow.retract(Event.objects.get(pk=event.pk), edith, reason="It was not so.")
    assert json.loads(client().get(f"/api/v1/events/{event.uuid}/").content)["status"] == "retracted"


def test_reindex_finds_and_mends_what_somebody_wrote_past_us(committed, capsys):
    with committed():
        event = make.make_placement().event
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM events_term")
        cursor.execute("UPDATE events_document SET brief = '{'")
    with pytest.raises(CommandError, match="records"):
        call_command("reindex", "--check", verbosity=0)
    call_command("reindex", verbosity=0)
    call_command("reindex", "--check", verbosity=0)
    assert Term.objects.filter(event__id=event.pk).count() >= 2
    assert_all_as_should_be()


def test_a_database_from_before_is_caught_up_with(committed):
    with committed():
        make.make_placement(site=make.make_site())
        Placement.objects.get()
    before = set(Term.objects.values_list("term", "event"))
    Term.objects.all().delete()
    Document.objects.all().delete()
    keeping.begin()
    assert set(Term.objects.values_list("term", "event")) == before
    assert_all_as_should_be()


def test_a_list_leads_on_as_the_serializer_does_to_whatever_its_reader_sees(committed, alice, edith, victor, settings):
    settings.PUBLIC_API = True
    with committed():
        part = make.make_published_event()
        wholes = {mark: make.make_published_event(tlp=mark, is_aggregate=True) for mark in ("CLEAR", "AMBER", "RED")}
    for whole in wholes.values():
        with committed():
            Event.objects.filter(pk=part.pk).update(part_of=whole)
        for person in (None, victor, alice, edith):
            shown = {row["uuid"]: row for row in client(person).get("/api/v1/events/").json()["results"]}
            expected = json.loads(by_serializer(part, person or AnonymousUser()))
            assert shown[str(part.uuid)] == expected


@pytest.mark.engine("postgresql")
@pytest.mark.django_db(transaction=True)
def test_who_writes_documents_does_not_wait_for_another_who_does():
    first, second = (make.make_event().pk for _number in range(2))
    documents.empty([first, second])
    other = connection.copy()
    with other.cursor() as cursor, connection.cursor() as own:
        other.set_autocommit(False)
        cursor.execute("UPDATE events_document SET stamp = stamp WHERE event_id = %s", [first])
        own.execute("SET lock_timeout = '1s'")
        documents.fill([second, first])
        assert set(Document.objects.filter(brief="").values_list("pk", flat=True)) == {first}
        own.execute("RESET lock_timeout")
    # To close a connection does not wait until the server has let its locks go.
    other.rollback()
    other.close()
    documents.fill([first])
    assert not Document.objects.filter(brief="").exists()
