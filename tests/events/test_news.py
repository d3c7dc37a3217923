"""The admin's front page: what others changed since this person was here, and a week of work."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from events import news, week, workflow
from events.models import Event
from events.templatetags import desk as shown
from osint.base import presence
from osint.history import recording, visits
from osint.history.models import Presence
from tests import factories as make
from tests.pages import queries, text

pytestmark = pytest.mark.django_db

FRONT = reverse("admin:index")


@pytest.fixture
def desk(client: Client, alice: User) -> Client:
    """A browser in which the analyst is logged in."""
    client.force_login(alice)
    return client


def hers(alice: User, **overrides: Any) -> Event:
    """An event that the analyst has entered."""
    with recording.change(alice):
        return make.make_event(created_by=alice, **overrides)


def changed(event: Event, by: User, why: str = "Another reading.") -> None:
    with workflow.changing(event, by, why):
        event.summary_en = f"{event.summary_en} Again."
        event.save()


def gone_for(user: User, **ago: Any) -> None:
    """The person was last here so long ago."""
    Presence.objects.update_or_create(
        user=user, model=visits.HERE, key=0, defaults={"seen_at": timezone.now() - timedelta(**ago)}
    )


def told(reader: User) -> list[tuple[str, str, list[str]]]:
    """Record by record who did what."""
    moment = timezone.now() - timedelta(days=1)
    return [(one.name, line.by, line.said) for one in news.since(reader, moment) for line in one.lines]


# Since when


@pytest.mark.one_engine
def test_a_visit_ends_after_half_an_hour_of_silence(alice):
    gone_for(alice, hours=20)
    first = visits.since(alice)
    assert timezone.now() - first > timedelta(hours=19)
    assert visits.since(alice) == first, "a reload within one visit"
    gone_for(alice, minutes=29)
    assert visits.since(alice) == first, "still here"
    gone_for(alice, minutes=31)
    assert timezone.now() - visits.since(alice) < timedelta(minutes=32), "a new visit"


@pytest.mark.one_engine
def test_whoever_changes_something_is_still_here(alice):
    gone_for(alice, hours=20)
    before = visits.since(alice)
    Presence.objects.filter(model=visits.HERE).update(seen_at=timezone.now() - timedelta(hours=1))
    hers(alice)
    assert visits.since(alice) == before


def test_who_was_never_here_is_told_of_a_week_and_who_was_long_away_of_no_more_than_two_months(alice, edith):
    assert timezone.now() - visits.since(alice) < timedelta(days=7, minutes=1)
    gone_for(edith, days=300)
    assert timezone.now() - visits.since(edith) < timedelta(days=60, minutes=1)


def test_it_is_remembered_with_the_person_and_not_with_the_browser(alice):
    gone_for(alice, hours=20)
    pages = []
    for browser in (Client(), Client()):
        browser.force_login(alice)
        pages.append(browser.get(FRONT).context["since"])
    assert pages[0] == pages[1]


def test_who_has_a_record_open_is_forgotten_without_forgetting_visits(rf, alice):
    gone_for(alice, hours=20)
    request = rf.post("/")
    request.user = alice
    presence.answer(request, make.make_event())
    assert Presence.objects.filter(model=visits.HERE).exists()


# What


def test_what_others_did_to_ones_own_events_is_told_with_who_and_why(desk, alice, edith):
    event, foreign = hers(alice), make.make_event()
    workflow.submit(event, alice)
    workflow.send_back(event, edith, "Name the base.")
    changed(foreign, edith)
    page = text(desk.get(FRONT))
    assert f"{event.reference} · {event.type}" in page
    assert "edith" in page
    assert "Status: submitted → draft" in page
    assert "Name the base." in page
    assert str(foreign.reference) not in page
    assert sorted(told(alice)) == [
        (str(event), "edith", ["Status: submitted → draft", "Sent back"]),
        (str(event), "edith", ["commented"]),
    ]


def test_what_is_assigned_or_was_worked_on_is_ones_own_too(alice, edith):
    assigned, touched = make.make_event(assignee=alice), make.make_event()
    changed(touched, alice)
    for event in (assigned, touched):
        changed(event, edith)
    with recording.change(edith):
        make.make_placement(event=touched)
    assert {name for name, by, _said in told(alice) if by == "edith"} == {str(assigned), str(touched)}
    assert (str(touched), "edith", ["place of an event: created"]) in told(alice)


def test_nobody_is_told_of_what_is_hidden_or_was(alice, edith, adam):
    event = hers(alice)
    report = make.make_report(tlp="RED", created_by=adam)
    with recording.change(alice):
        make.make_citation(event=event, report=report)
    changed(event, adam)
    Event.objects.filter(pk=event.pk).update(tlp="RED", created_by=adam)
    assert told(edith) == [] == told(alice)
    assert [row.all for row in week.work(alice) if str(row.title) == "Events entered"] == [0]
    assert [row.all for row in week.work(adam) if str(row.title) == "Events entered"] == [1]


def test_that_somebody_cited_a_hidden_report_is_no_news(alice, edith, adam):
    event, report = hers(alice), make.make_report(tlp="RED", created_by=adam)
    with recording.change(edith):
        make.make_citation(event=event, report=report)
    assert told(alice) == []
    assert told(adam) == [] or all(said for _name, _by, said in told(adam))


def test_a_record_that_is_gone_is_named_as_it_was_last(alice, edith):
    source = make.make_source(name_en="Outlet of the north")
    with recording.change(alice):
        source.note = "Seen."
        source.save()
    with recording.change(edith):
        source.delete()
    assert ("Outlet of the north", "edith", ["deleted"]) in told(alice)


def test_a_reader_without_work_is_shown_neither(client, victor):
    client.force_login(victor)
    assert "glance" not in text(client.get(FRONT, follow=True))


# A week


def test_each_kind_of_work_is_counted_by_day_and_by_person(alice, edith, monkeypatch):
    event = hers(alice)
    report = make.make_report()
    with recording.change(alice):
        report.status = "coded"
        report.save()
    workflow.submit(event, alice)
    workflow.send_back(event, edith, "Name the base.")
    published = make.make_published_event()
    changed(published, edith)
    of_alice = {str(row.title): (row.all, row.mine) for row in week.work(alice)}
    assert of_alice == {
        "Reports coded": (1, 1),
        "Events entered": (2, 1),
        "Submitted": (1, 1),
        "Published": (1, 0),
        "Corrected": (1, 0),
        "Sent back": (1, 0),
    }
    today = timezone.now()
    monkeypatch.setattr("events.week.timezone.now", lambda: today + timedelta(days=2))
    assert [day.all for day in week.work(alice)[1].days] == [0, 0, 0, 0, 2, 0, 0]
    monkeypatch.setattr("events.week.timezone.now", lambda: today + timedelta(days=8))
    assert all(row.all == 0 for row in week.work(alice))


@pytest.mark.one_engine
def test_the_charts_say_their_numbers_and_run_the_way_of_the_language(desk, alice):
    hers(alice)
    page = desk.get(FRONT).content.decode()
    assert "Events entered in the last seven days: 1, of these your own: 1" in page
    assert "style=" not in page.partition('id="week"')[2].partition("</section>")[0]
    [row] = [row for row in week.work(alice) if str(row.title) == "Events entered"]
    assert [bar.x for bar in shown.bars(row)] == sorted(bar.x for bar in shown.bars(row))
    with translation.override("ar"):
        assert shown.bars(row)[-1].x == 0, "today stands at the left"


@pytest.mark.one_engine
def test_the_page_costs_the_same_for_one_change_and_for_many(desk, alice, edith):
    def some(number: int) -> None:
        for _ in range(number):
            event = hers(alice)
            changed(event, edith)
            workflow.comment(event, edith, "Which one?")

    some(1)
    desk.get(FRONT)
    once = queries(desk, FRONT)
    some(9)
    assert queries(desk, FRONT) == once
