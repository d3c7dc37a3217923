"""Many records in one request: all or none, or each by itself, as their own requests would write them."""

from itertools import pairwise
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events.api import EventViewSet
from events.choices import Facet
from events.models import Actor, Claim, Event, Site
from osint.base.bulk import MOST
from osint.history.models import Entry
from sources.models import Report, Source
from tests import rest
from tests.factories import (
    WORDS,
    make_event_type,
    make_published_event,
    make_report,
    make_site,
    make_source,
    make_whole_event,
)

pytestmark = pytest.mark.django_db
KEY: Any = {"HTTP_IDEMPOTENCY_KEY": "8f0c1a52-6a6f-4b6e-9d0a-3f8f5a1c2b4d"}
EVENTS = f"{rest.API}/events/bulk/"
SITES = f"{rest.API}/sites/bulk/"


def places(number: int, **more: Any) -> list[dict[str, Any]]:
    return [{"slug": f"place-{n}", "name_en": f"Place {n}", "kind": "village"} | more for n in range(number)]


def incidents(number: int) -> list[dict[str, Any]]:
    """Events with the words they rest on."""
    report, kind, site = make_report(), make_event_type(), make_site()
    one: dict[str, Any] = {
        "type": kind.slug,
        "when": "2025-11-12",
        "report": str(report.uuid),
        "quotes": {"what": WORDS[Facet.WHAT]},
        "placements": [{"site": site.slug, "role": "at", "quote": WORDS[Facet.WHERE]}],
    }
    return [one | {"summary_en": f"Convoy {n} arrived."} for n in range(number)]


def changes() -> set[Any]:
    """Which changes the history tells of."""
    return set(Entry.objects.values_list("change", flat=True))


def test_events_are_entered_with_their_words_as_one_change(alice):
    sent, before = incidents(3), changes()
    told = rest.given(rest.client(alice).post(EVENTS, sent))["results"]
    assert [(row["row"], row["status"], row["version"]) for row in told] == [(0, 201, 1), (1, 201, 1), (2, 201, 1)]
    assert [row["record"]["summary_en"] for row in told] == [row["summary_en"] for row in sent]
    assert Claim.objects.count() == 6
    assert len(changes() - before) == 1


def test_a_row_is_answered_as_its_own_address_would(alice):
    door = rest.client(alice)
    record = rest.given(door.post(EVENTS, incidents(1)))["results"][0]["record"]
    assert record == rest.given(door.get(f"{rest.API}/events/{record['uuid']}/"))


def test_one_request_makes_and_changes(edith):
    site = make_site()
    rows = [*places(2), {"slug": site.slug, "version": 1, "note": "Seen."}]
    told = rest.given(rest.client(edith).post(SITES, rows))["results"]
    assert [(row["status"], row["version"]) for row in told] == [(201, 1), (201, 1), (200, 2)]
    assert Site.objects.get(slug=site.slug).note == "Seen."


def test_a_row_may_name_what_an_earlier_row_makes(edith):
    rows = [*places(1), {"slug": "house", "name_en": "House", "kind": "village", "parent": "place-0"}]
    rest.given(rest.client(edith).post(SITES, rows))
    assert Site.objects.get(slug="house").parent == Site.objects.get(slug="place-0")


@pytest.mark.parametrize("kind", ["reports", "sources", "actors"])
def test_every_kind_of_record_takes_many(edith, kind):
    source = make_source()
    rows: dict[str, dict[str, Any]] = {
        "reports": {"source": source.slug, "title": "t", "text": "t", "published_on": "2025-11-15"},
        "sources": {"slug": "khabur", "name_en": "K", "kind": "outlet", "reliability": "C", "reliability_reason": "r"},
        "actors": {"slug": "guards", "name_en": "Guards", "kind": "armed_group", "names": []},
    }
    rest.given(rest.client(edith).post(f"{rest.API}/{kind}/bulk/", [rows[kind]]))
    models: dict[str, Any] = {"reports": Report, "sources": Source, "actors": Actor}
    assert models[kind].objects.count() == 1 + (kind == "sources")


def test_claims_and_citations_take_many(alice):
    event = make_whole_event()
    citation, claim = event.citations.get(), Claim.objects.filter(facet=Facet.WHO).first()
    assert claim
    rows = [{"uuid": str(citation.uuid), "version": citation.version, "note": "The last lines."}]
    rest.given(rest.client(alice).post(f"{rest.API}/citations/bulk/", rows))
    rows = [{"uuid": str(claim.uuid), "version": claim.version, "standing": "set_aside", "standing_reason": "Rumour."}]
    rest.given(rest.client(alice).post(f"{rest.API}/claims/bulk/", rows))
    citation.refresh_from_db()
    assert citation.note == "The last lines."


# All or none


def test_one_wrong_row_keeps_all_out_and_every_wrong_row_is_named(edith):
    stale = make_site()
    rows = [
        *places(1),
        {"slug": "x y", "name_en": "X", "kind": "village"},
        {"slug": stale.slug, "version": 7, "note": "n"},
        {"slug": "far", "version": 1},
        {"slug": stale.slug, "version": "1"},
        {"slug": "ok", "name_en": "Fine", "kind": "town"},
        {"slug": "place-0", "name_en": "Again", "kind": "town"},
    ]
    before = rest.rows()
    told = rest.problem(rest.client(edith).post(SITES, rows))
    assert "5 of 7 rows are refused, and so nothing was written" in told["detail"]
    assert [(row["row"], row["status"]) for row in told["results"]] == [
        (1, 400),
        (2, 412),
        (3, 404),
        (4, 400),
        (6, 400),
    ]
    problem = told["results"][1]["problem"]
    assert (problem["status"], problem["yours"], problem["current"]) == (412, 7, 1)
    assert problem["detail"].endswith('send the row with: "version": 1.')
    assert "slug" in told["results"][0]["problem"]["errors"]
    assert "slug" in told["results"][4]["problem"]["errors"]
    assert rest.rows() == before


def test_where_all_are_refused_for_one_reason_the_status_says_it(edith):
    site = make_site()
    rest.problem(rest.client(edith).post(SITES, [{"slug": site.slug, "version": 2, "note": "n"}]), 412)


def test_two_rows_do_not_change_one_record(edith):
    site = make_site()
    rows = [{"slug": site.slug, "version": 1, "note": note} for note in ("a", "b")]
    told = rest.problem(rest.client(edith).post(SITES, rows))
    assert told["results"][0]["row"] == 1
    assert "Another row changes the same record" in told["results"][0]["problem"]["detail"]
    assert Site.objects.get().note == ""


def test_a_reason_for_a_correction_is_in_the_history_once(edith):
    events = [make_published_event(), make_published_event()]
    rows = [
        {"uuid": str(event.uuid), "version": event.version, "summary_en": "Corrected.", "correction_reason": reason}
        for event, reason in zip(events, ["Misread.", "Mistyped."], strict=True)
    ]
    door = rest.client(edith)
    rest.given(door.post(EVENTS, rows))
    told = rest.given(door.get(f"{rest.API}/history/"))["results"][0]
    assert told["why"] == "Misread. · Mistyped."
    assert [event.corrections.get().reason for event in events] == ["Misread.", "Mistyped."]


# Each by itself


def test_each_row_by_itself_has_its_own_answer_and_change(edith):
    stale, before = make_site(), changes()
    first, last = places(2)
    rows = [first, {"slug": "x", "kind": "village"}, {"slug": stale.slug, "version": 9}, last]
    told = rest.given(rest.client(edith).post(f"{SITES}?atomic=false", rows), 207)["results"]
    assert [(row["row"], row["status"]) for row in told] == [(0, 201), (1, 400), (2, 412), (3, 201)]
    assert {"problem"} == set(told[1]) - {"row", "status"}
    assert told[2]["problem"]["type"].endswith("#outdated")
    assert len(changes() - before) == 2
    assert Site.objects.filter(slug__startswith="place-").count() == 2


def test_where_no_row_is_refused_the_answer_is_plain(edith):
    rest.given(rest.client(edith).post(f"{SITES}?atomic=false", places(2)), 200)


# Refusals


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ({}, "list of records"),
        ("text", "list of records"),
        ([1], "list of records"),
        ([], "0 rows"),
        ([{}] * (MOST + 1), "501 rows"),
    ],
)
def test_what_is_no_list_of_records_is_refused(edith, body, word):
    rest.refused(rest.client(edith).post(SITES, body), word)


def test_parameters_that_are_none_are_refused(edith):
    door = rest.client(edith)
    rest.refused(door.post(f"{SITES}?atomic=maybe", places(1)), "atomic", "neither true nor false")
    rest.refused(door.post(f"{SITES}?atomik=true", places(1)), "atomik", "Did you mean “atomic”?")
    rest.refused(door.post(f"{rest.API}/sites/?atomic=true", places(1)[0]), "atomic")


def test_a_row_with_a_uuid_and_no_version_is_told_so(alice):
    event = make_whole_event()
    told = rest.problem(rest.client(alice).post(EVENTS, [{"uuid": str(event.uuid), "summary_en": "x"}]), 428)
    assert "version" in told["results"][0]["problem"]["detail"]


@pytest.mark.parametrize("name", [None, 7, "", "no-uuid", ["x"]])
def test_a_row_that_names_nothing_is_refused(alice, name):
    answer = rest.client(alice).post(EVENTS, [{"uuid": name, "version": 1}])
    assert answer.status_code in {400, 404}


def test_who_only_reads_writes_nothing_this_way(victor):
    site = make_site()
    assert rest.client(victor).post(SITES, places(1)).status_code == 403
    assert rest.client(victor).post(SITES, [{"slug": site.slug, "version": 1, "note": "n"}]).status_code == 403
    assert rest.client().post(SITES, places(1)).status_code == 401


def test_each_row_takes_the_right_that_its_own_request_takes(alice):
    rows = [{"slug": "x", "name_en": "X", "name_ar": "س", "definition": "d"}]
    rest.problem(rest.client(alice).post(f"{rest.API}/event-types/bulk/", rows), 403)


def test_what_is_hidden_is_as_if_it_were_not_there(alice, edith):
    hidden = make_whole_event(created_by=edith)
    Event.objects.filter(pk=hidden.pk).update(tlp="RED")
    told = [
        rest.problem(rest.client(alice).post(EVENTS, [{"uuid": uuid, "version": 1, "summary_en": "x"}]), 404)
        for uuid in (str(hidden.uuid), "6fa459ea-ee8a-4ca4-894e-db77e160355e")
    ]
    details = [row["results"][0]["problem"]["detail"].replace(str(hidden.uuid), "U") for row in told]
    assert details[0] == details[1].replace("6fa459ea-ee8a-4ca4-894e-db77e160355e", "U")


def test_what_cannot_be_sent_many_at_a_time_has_no_such_address(edith):
    assert rest.client(edith).post(f"{rest.API}/attachments/bulk/", []).status_code in {404, 405}


# The same attempt


def test_the_same_attempt_makes_its_records_once(alice):
    rows, door = incidents(2), rest.client(alice)
    first = rest.given(door.post(EVENTS, rows, **KEY))["results"]
    again = rest.given(door.post(EVENTS, rows, **KEY))["results"]
    assert [row["record"] for row in first] == [row["record"] for row in again]
    assert [row["status"] for row in again] == [200, 200]
    assert Event.objects.count() == 2


def test_the_same_attempt_changes_nothing_twice(alice):
    event, door = make_whole_event(), rest.client(alice)
    rows = [*incidents(1), {"uuid": str(event.uuid), "version": event.version, "summary_en": "Other."}]
    first = rest.given(door.post(EVENTS, rows, **KEY))["results"]
    again = rest.given(door.post(EVENTS, rows, **KEY))["results"]
    assert [row["version"] for row in first] == [row["version"] for row in again]


@pytest.mark.parametrize("way", ["", "?atomic=false"])
def test_another_row_in_the_place_of_one_that_was_made_is_refused(alice, way):
    rows, door = incidents(3), rest.client(alice)
    rest.given(door.post(f"{EVENTS}{way}", rows[:2], **KEY))
    answer = door.post(f"{EVENTS}{way}", rows[1:], **KEY)
    problems = answer.json()["results"]
    assert (answer.status_code, [row["status"] for row in problems]) == (207 if way else 409, [409, 409])
    assert Event.objects.count() == 2


def test_rows_that_are_sent_again_mended_are_made_beside_those_that_are_there(alice):
    rows, door = incidents(2), rest.client(alice)
    rest.given(door.post(f"{EVENTS}?atomic=false", [rows[0], rows[1] | {"type": "none"}], **KEY), 207)
    results = rest.given(door.post(f"{EVENTS}?atomic=false", rows, **KEY))["results"]
    assert [row["status"] for row in results] == [200, 201]


def test_other_changes_beside_what_was_made_are_another_request(alice):
    event, door = make_whole_event(), rest.client(alice)
    change = {"uuid": str(event.uuid), "version": event.version, "summary_en": "Other."}
    made = incidents(1)
    rest.given(door.post(EVENTS, [*made, change], **KEY))
    answer = door.post(EVENTS, [*made, change | {"summary_en": "Another."}], **KEY)
    assert answer.status_code in {400, 409}
    assert "another key" in str(answer.json())


def test_an_attempt_that_was_overtaken_by_itself_answers_alike(alice, monkeypatch):
    rows, door, twin = incidents(2), rest.client(alice), rest.client(alice)
    write = EventViewSet.perform_create

    def be_overtaken(self: Any, serializer: Any) -> None:
        monkeypatch.setattr(EventViewSet, "perform_create", write)
        serializer.context["identity"] = {}  # the twin's row in the same transaction would be in the way
        write(self, serializer)
        raise RuntimeError

    monkeypatch.setattr(EventViewSet, "perform_create", be_overtaken)
    with pytest.raises(RuntimeError):
        door.post(EVENTS, rows, **KEY)
    assert Event.objects.count() == 0
    rest.given(twin.post(EVENTS, rows, **KEY))
    rest.given(door.post(f"{EVENTS}?atomic=false", rows, **KEY))
    assert Event.objects.count() == 2


# Cost


def cost(door: rest.Client, address: str, rows: list[dict[str, Any]]) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert door.post(address, rows).status_code < 300
    return len(captured)


def test_a_row_costs_the_same_however_many_there_are_and_less_than_its_own_request(alice):
    door, rows = rest.client(alice), incidents(11)
    with CaptureQueriesContext(connection) as captured:
        rest.given(door.post(f"{rest.API}/events/", rows[0]), 201)
    single = len(captured)
    costs = [cost(door, EVENTS, rows[:number]) for number in (1, 2, 3, 4)]
    steps = {later - earlier for earlier, later in pairwise(costs)}
    # Six: after 200 values of the history PostgreSQL is asked whether it knows what there is, and looks where not.
    assert max(steps) <= min(steps) + 6, "a row costs more where there are more"
    assert max(steps) < single
    assert costs[0] <= single + 2  # what is made is looked up, and read back, for all rows at once


def test_a_changed_row_costs_the_same_however_many_there_are(edith):
    edith.has_perm("events.change_site")  # her rights are read once
    door, sites = rest.client(edith), [make_site() for _ in range(10)]
    rows = [{"slug": site.slug, "version": 1, "note": "n"} for site in sites]
    costs = [cost(door, SITES, rows[start:end]) for start, end in ((0, 1), (1, 3), (3, 6), (6, 10))]
    steps = {later - earlier for earlier, later in pairwise(costs)}
    assert len(steps) == 1
