"""The list of events as it stood at a moment: what it answered then, as far as the reader may still see it."""

import csv
import json
import os
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from events import workflow
from events.choices import Status
from events.earlier import listing
from events.models import Event, Placement, Site
from tests import factories as make
from tests.osint.scribes import EDITS, REFUSALS, Scribe, furnish, relocates, set_to
from tests.rest import API, client, given, refused

EVENTS = f"{API}/events/"
EVERY = ",".join(Status.values)
pytestmark = pytest.mark.django_db
Rows = list[dict[str, Any]]

DATES = ["2025-11-12", "2025-11", "2025-10-30/2025-12-02", "2024", "2025-11-20", "2026-01"]
MORE = [
    (6, set_to(when=lambda who: who.lot.choice(DATES))),
    (3, lambda who: Placement.objects.filter(event=who.event()).delete()),
    (5, lambda who: make.make_placement(event=who.event(), site=Site.objects.get(slug="place-2"))),
]
MOMENTS = int(os.environ.get("ISNAD_MOMENTS", "4"))  # how many are asked for; “make drill-query” asks for many
QUESTIONS = [
    {}, {"status": EVERY}, {"ordering": "oldest"}, {"ordering": "updated", "status": EVERY},
    {"date_from": "2025-11-01", "date_to": "2025-11-30"}, {"date_to": "2025-11-15", "date_match": "certain"},
    {"type": "kind-0,kind-1"}, {"type!": "kind-0", "tlp": "CLEAR"}, {"site": "place-1"}, {"site!": "place-2"},
    {"site_empty": "true"}, {"site": "place-0", "site_role": "at,near"}, {"actor": "group-0,group-1"},
    {"actor": "group-0", "actor_tree": "true"}, {"actor!": "group-1", "actor_role": "acts"},
    {"measure": "thing-0", "count_min": "5"}, {"party_empty": "true"}, {"status": "draft,submitted"},
    {"part_of_empty": "false"}, {"is_aggregate": "true"}, {"published_empty": "false"}, {"tlp!": "CLEAR"},
    {"date_empty": "true"}, {"precision_empty": "true"},
]  # fmt: skip


def asked(user: User | None, question: dict[str, str], **more: str) -> Rows:
    """What the list answers."""
    rows: Rows = given(client(user).get(EVENTS, question | {"page_size": "500"} | more))["results"]
    return rows


def edit(who: Scribe, number: int) -> None:
    """So many edits at random, but none of what events name, which is shown as it is now."""
    jobs = [(weight, job) for weight, job in EDITS if "renames" not in job.__qualname__ and job is not relocates]
    weights, doing = zip(*jobs, *MORE, strict=True)
    while number:
        try:
            who.lot.choices(doing, weights)[0](who)
            number -= 1
        except REFUSALS:
            pass


def of_then(rows: Rows, user: User | None) -> Rows:
    """The rows of a list, as far as the reader may see the events still; where they lead is told as of now."""
    now = {row["uuid"]: row for row in asked(user, {"status": EVERY})}
    works = user is not None and user.has_perm("events.change_event")
    hidden = {uuid for uuid, row in now.items() if row["status"] == "merged" and row["merged_into"] is None}
    seen = now.keys() - hidden
    return [plain(row) for row in rows if row["uuid"] in seen and (works or row["status"] != "merged")]


def plain(row: dict[str, Any]) -> dict[str, Any]:
    """A row without where it leads."""
    return {name: value for name, value in row.items() if name not in {"part_of", "merged_into"}}


def test_the_list_of_a_moment_is_what_the_list_was_then(alice, edith, adam, victor, settings):
    settings.PUBLIC_API = True
    furnish()
    who, readers = Scribe(7), (None, victor, alice, edith)
    kept: list[tuple[datetime, User | None, dict[str, str], Rows]] = []
    edit(who, 15)
    for _step in range(MOMENTS):
        edit(who, 8)
        moment = timezone.now()
        questions = who.lot.sample(QUESTIONS[1:], 4)
        kept += [(moment, user, question, asked(user, question)) for user in readers for question in [{}, *questions]]
    edit(who, 8)
    changed = 0
    for moment, user, question, rows in kept:
        found = asked(user, question, as_of=moment.isoformat())
        if "part_of" not in next(iter(question), ""):  # which is asked of wholes that are seen now
            assert [plain(row) for row in found] == of_then(rows, user), question
        changed += found != asked(user, question)
    assert changed > len(kept) / 4
    assert len(kept) == MOMENTS * len(readers) * 5


@pytest.fixture
def yesterday(alice: User, edith: User) -> datetime:
    """A moment before five of twelve events were changed, and a new one came."""
    events = [make.make_event(when=f"2025-11-{day:02}", tlp="CLEAR") for day in range(1, 13)]
    for number, event in enumerate(events[:3]):
        site = make.make_site(slug=f"p-{event.pk}", latitude=35, longitude=38.5 + number, precision_m=9)
        make.make_placement(event=event, site=site)
    moment = timezone.now()
    for event in events[::3]:
        with workflow.changing(event, alice):
            Event.objects.filter(pk=event.pk).update(summary_en="Otherwise.", when="2026-01-01", tlp="GREEN")
    events[1].delete()
    make.make_event(when="2025-11-30")
    return moment


def test_pages_lead_through_it_both_ways(alice, yesterday):
    address = f"{EVENTS}?as_of={yesterday.isoformat().replace('+', '%2B')}&page_size=3"
    whole = asked(alice, {"as_of": yesterday.isoformat()})
    assert len(whole) == 11
    for ordering in ("newest", "oldest", "updated"):
        forth, back, page = [], [], given(client(alice).get(f"{address}&ordering={ordering}&count=true"))
        assert page["count"] == 11
        while True:
            forth.append(page["results"])
            if not page["next"]:
                break
            page = given(client(alice).get(page["next"]))
        while True:
            back.append(page["results"])
            if not page["previous"]:
                break
            page = given(client(alice).get(page["previous"]))
        assert back == forth[::-1]
        found = [row for rows in forth for row in rows]
        assert sorted(row["uuid"] for row in found) == sorted(row["uuid"] for row in whole)
        if ordering == "newest":
            assert found == whole
            assert [row["when"] for row in found] == sorted((row["when"] for row in whole), reverse=True)


def test_every_form_shows_the_same(alice, yesterday):
    whole = asked(alice, {"as_of": yesterday.isoformat()})

    def sent(form: str, **more: str) -> str:
        question = {"as_of": yesterday.isoformat(), "format": form, **more}
        return client(alice).get(EVENTS, question).getvalue().decode()

    assert [json.loads(line) for line in sent("jsonl").splitlines()] == whole
    table = list(csv.DictReader(StringIO(sent("csv").removeprefix("\ufeff"))))
    assert [row["uuid"] for row in table] == [row["uuid"] for row in whole]
    assert [(row["summary_en"], row["version"]) for row in table] == [
        (row["summary_en"], str(row["version"])) for row in whole
    ]
    features = json.loads(sent("geojson"))["features"]
    assert [one["id"] for one in features] == [row["uuid"] for row in whole]
    assert sum(one["geometry"] is not None for one in features) == 2
    assert sent("csv", fields="reference").splitlines()[1] == whole[0]["reference"]
    assert json.loads(sent("jsonl", fields="when", limit="1", after=whole[3]["uuid"])) == {"when": whole[4]["when"]}


def test_what_has_not_changed_is_sent_as_the_list_sends_it_in_every_form(alice):
    for day in ("2025-11-12", "2025-11", ""):
        make.make_placement(event=make.make_event(when=day, summary_en='Said "=1+1", twice.'))
    make.make_count(event=Event.objects.first(), measure=make.make_measure())
    for form in ("json", "jsonl", "csv", "geojson"):
        for more in ({}, {"fields": "uuid,when"}):
            now, then = (
                client(alice).get(EVENTS, {"format": form, **more, **moment}).getvalue()
                for moment in ({}, {"as_of": timezone.now().isoformat()})
            )
            assert then == now


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ({"q": "convoy"}, "q"), ({"source": "sohr"}, "source"), ({"min_origins": "2"}, "min_origins"),
        ({"bbox": "40,36,42,37"}, "bbox"), ({"near": "40,36", "radius_km": "1"}, "near"),
        ({"disputed": "true"}, "disputed"), ({"basis!": "stated"}, "basis!"), ({"include": "evidence"}, "include"),
        ({"q": "a", "ordering": "relevance"}, "q"), ({"site": "nowhere"}, "site"), ({"cursor": "x"}, "cursor"),
        ({"as_of": "tomorrow"}, "as_of"), ({"as_of": "2999-01-01"}, "as_of"),
        ({"after": "7", "format": "jsonl"}, "after"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_of_the_past_is_refused_by_name(alice, question, name):
    make.make_source(slug="sohr")
    refused(client(alice).get(EVENTS, {"as_of": "2026-01-01", **question}), name)


def test_statistics_are_of_now(alice):
    refused(client(alice).get(f"{EVENTS}stats/", {"as_of": "2026-01-01"}), "as_of")


def test_where_too_much_has_changed_it_is_refused_with_a_way_out(alice, yesterday, monkeypatch):
    monkeypatch.setattr(listing, "MOST", 3)
    told = refused(client(alice).get(EVENTS, {"as_of": yesterday.isoformat()}), "as_of")
    assert "More than 3 of the events have changed since then" in told
    assert "Send a later moment" in told
    given(client(alice).get(EVENTS, {"as_of": timezone.now().isoformat()}))


def test_what_the_reader_may_not_see_counts_for_nothing(alice, victor, yesterday, monkeypatch):
    monkeypatch.setattr(listing, "MOST", 3)
    assert asked(victor, {"as_of": yesterday.isoformat()}) == []


def test_before_anything_was_there_it_is_empty(alice, yesterday):
    early = (yesterday - timedelta(days=400)).isoformat()
    assert given(client(alice).get(EVENTS, {"as_of": early, "count": "true"})) == {
        "count": 0, "next": None, "previous": None, "results": [],
    }  # fmt: skip


def test_it_takes_as_many_queries_for_much_as_for_little(alice):
    def queries(number: int) -> int:
        for _more in range(number):
            make.make_placement(event=make.make_event())
        moment = timezone.now()
        Event.objects.update(summary_en=f"Number {number}.")
        with CaptureQueriesContext(connection) as taken:
            assert asked(alice, {"as_of": moment.isoformat(), "site_role": "at"})
        return len(taken)

    assert asked(alice, {}) == []
    assert (queries(1), queries(8)) == (12, 12)
