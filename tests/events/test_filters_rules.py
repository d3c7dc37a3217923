"""What follows from every parameter by rule, and what lists refuse to be asked: in sentences that show the way out."""

from itertools import pairwise
from time import perf_counter
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events.filters import EventFilters
from events.models import Event
from osint.base.filters import StrictFilterSet
from tests.factories import (
    make_actor,
    make_actor_link,
    make_citation,
    make_count,
    make_event,
    make_event_type,
    make_involvement,
    make_measure,
    make_placement,
    make_qasrak,
    make_relay,
    make_report,
    make_site,
    make_source,
)
from tests.rest import API, client, given, refused

EVENTS = f"{API}/events/"


def found(user, **parameters):
    """What a list tells, by UUID; a name with `not_` before it is negated."""
    sent = {f"{name[4:]}!" if name.startswith("not_") else name: value for name, value in parameters.items()}
    return {row["uuid"] for row in given(client(user).get(EVENTS, sent))["results"]}


def ids(*events):
    return {str(event.uuid) for event in events}


# By rule


def test_a_negation_leaves_out_what_the_parameter_finds(alice):
    base, raqqa = make_qasrak(), make_site(slug="raqqa")
    at_base, at_both, nowhere = make_event(), make_event(), make_event()
    for event, site in ((at_base, base), (at_both, base), (at_both, raqqa)):
        make_placement(event=event, site=site)
    assert found(alice, not_site="raqqa") == ids(at_base, nowhere)
    assert found(alice, not_site="syria") == ids(nowhere)
    assert found(alice, site="syria", not_site="raqqa") == ids(at_base)


def test_what_is_missing_can_be_asked_for(alice):
    dated, undated = make_event(), make_event(when="")
    make_placement(event=dated)
    assert found(alice, date_empty="true") == found(alice, site_empty="true") == ids(undated)
    assert found(alice, date_empty="false") == found(alice, site_empty="false") == ids(dated)
    assert found(alice, published_empty="true") == ids(dated, undated)


def test_parameters_about_one_thing_speak_of_one_row(alice):
    coalition, sdf = make_actor(slug="coalition"), make_actor(slug="sdf")
    one, other = make_event(), make_event()
    for event, actor, role in ((one, coalition, "acts"), (one, sdf, "target"), (other, coalition, "target")):
        make_involvement(event=event, actor=actor, role=role)
    assert found(alice, actor="coalition", actor_role="target") == ids(other)
    assert found(alice, actor_role="target") == ids(one, other)
    trucks, killed = make_measure(slug="trucks"), make_measure(slug="killed")
    make_count(event=one, measure=trucks, best=25, phrase="")
    make_count(event=one, measure=killed, best=2, phrase="")
    assert found(alice, measure="killed", count_min="3") == set()
    assert found(alice, measure="trucks", count_min="25", count_max="25") == ids(one)


def test_members_count_for_an_actor_as_long_as_they_belonged_to_it(alice):
    coalition, army, unit = make_actor(slug="coalition"), make_actor(slug="army"), make_actor(slug="unit")
    make_actor_link(actor=army, other=coalition, kind="member_of", when="2025-11-01/..")
    make_actor_link(actor=unit, other=army, kind="part_of", when="")
    before, since, unclear = make_event(when="2025-10-31"), make_event(when="2025-11-01"), make_event(when="2025")
    for event in (before, since, unclear):
        make_involvement(event=event, actor=unit)
    assert found(alice, actor="coalition") == set()
    assert found(alice, actor="coalition", actor_tree="true") == ids(since, unclear)
    assert found(alice, actor="army", actor_tree="true") == ids(before, since, unclear)


def test_an_origin_is_behind_a_report_whoever_passed_it_on(alice):
    monitor, outlet = make_source(slug="monitor"), make_source(slug="outlet")
    first = make_report(source=outlet)
    make_relay(report=first, relayed_source=monitor)
    event = make_event()
    make_citation(event=event, report=first)
    assert found(alice, origin="monitor") == found(alice, source="outlet") == ids(event)
    assert found(alice, origin="outlet") == found(alice, source="monitor") == set()
    make_citation(event=event, report=make_report(source=outlet))
    assert found(alice, min_origins="2") == found(alice, origin="outlet") == ids(event)


def test_a_place_is_as_wide_as_its_radius(alice):
    event = make_event()
    spot = make_site(slug="spot", latitude=36.5, longitude=40.7, precision_m=10_000)
    make_placement(event=event, site=spot)
    near = {"near": "40.7,36.68"}  # 20 km to the north
    assert found(alice, **near, radius_km="9.9") == set()
    assert found(alice, **near, radius_km="10.1") == found(alice, bbox="40,36.58,41,37") == ids(event)
    assert found(alice, bbox="40,36.6,41,37") == found(alice, **near, radius_km="30", precision_max_m="9999") == set()


def test_a_change_of_a_part_is_a_change_of_the_event(alice):
    event, other = make_event(), make_event()
    moment = Event.objects.get(pk=other.pk).changed_at.isoformat()
    assert ids(event) != found(alice, updated_since=moment)
    make_placement(event=event)
    order = [row["uuid"] for row in given(client(alice).get(EVENTS, {"ordering": "updated"}))["results"]]
    assert order == [str(event.uuid), str(other.uuid)]
    after = Event.objects.get(pk=event.pk).changed_at.isoformat()
    assert found(alice, updated_since=after) == ids(event)


# Refusals


@pytest.mark.parametrize(
    ("question", "name", "words"),
    [
        ({"radius_km": "5"}, "radius_km", ["by itself", "near"]),
        ({"near": "40,36"}, "near", ["radius_km"]),
        ({"near": "36.5", "radius_km": "5"}, "near", ["longitude,latitude", "36.5"]),
        ({"near": "36.5,140", "radius_km": "5"}, "near", ["latitude 140", "between -90 and 90"]),
        ({"bbox": "40,38,42,37"}, "bbox", ["38", "north of 37", "west,south,east,north"]),
        ({"count_min": "5"}, "count_min", ["measure"]),
        ({"count_on": "low"}, "count_on", ["count_min or count_max"]),
        ({"actor_tree": "true"}, "actor_tree", ["actor"]),
        ({"date_match": "certain"}, "date_match", ["date_from or date_to"]),
        ({"date_match": "sure", "date_from": "2025-01-01"}, "date_match", ["“sure”", "certain, possible"]),
        ({"is_aggregate": "yes"}, "is_aggregate", ["“yes”", "true nor false"]),
        ({"min_origins": "0"}, "min_origins", ["from 1 to 1000"]),
        ({"credibility_min": "5", "credibility_max": "2"}, "credibility_min", ["credibility_max=2", "Exchange"]),
        ({"site_empty": "true", "site_role": "at"}, "site_empty", ["“site_role”", "Leave one out"]),
        ({"date_empty": "true", "date_from": "2025-01-01"}, "date_empty", ["“date_from”"]),
        ({"updated_since": "yesterday"}, "updated_since", ["“yesterday”", "2026-11-20T10:00:00Z"]),
        ({"ordering": "lates"}, "ordering", ["“lates”", "newest, oldest, relevance, updated"]),
        ({"ordering": "relevance"}, "ordering", ["Add q"]),
        ({"site_roll": "at"}, "site_roll", ["“site_role”", "Known: actor,"]),
        ({"typ!": "x"}, "typ!", ["“type!”"]),
        ({"type!": "", "tlp": "CLEAR"}, "type!", ["empty"]),
        ({"tlp": "white"}, "tlp", ["“white”", "AMBER+STRICT"]),
        ({"tlp": "clear"}, "tlp", ["Did you mean “CLEAR”?"]),
        ({"tlp": "AMBER STRICT"}, "tlp", ["Did you mean “AMBER+STRICT”?"]),
        ({"updated_since": "2026-11-20T10:00:00 03:00"}, "updated_since", ["“+” is written as %2B"]),
        ({"as_of": "2026-11-20T10:00:00 03:00"}, "as_of", ["“+” is written as %2B"]),
        ({"published_to": "2026-11-20T10:00:00"}, "published_to", ["What is missing is the offset", "%2B03:00"]),
        ({"fields": "uuid,,type"}, "fields", ["empty place between commas"]),
        ({"report": "a" * 5_000}, "report", ["5000 characters"]),
        ({"status": "published,published,drat"}, "status", ["“drat”", "“draft”"]),
    ],
)
def test_what_cannot_be_asked_is_refused_by_its_name(alice, question, name, words):
    refused(client(alice).get(EVENTS, question), f'"{name}"', *words)


def test_a_crowd_of_unknown_parameters_is_refused_in_time(alice):
    begun = perf_counter()
    refused(client(alice).get(EVENTS, {f"paramter_{n}": "x" for n in range(900)}), "paramter_0")
    refused(client(alice).get(EVENTS, {"q" * 1_000_000: "x" * 9_000_000}), "qqq")
    refused(client(alice).get(EVENTS, {"site": "x" * 9_000_000}), '"site"', "9000000 characters")
    assert perf_counter() - begun < 20  # half a second, where nobody else is at work


# What it costs


def test_the_number_of_queries_is_the_same_for_one_row_and_ten(alice):
    question = {
        "site": "syria", "site!": "nowhere", "actor": "side", "type": "kind", "actor_tree": "true", "party!": "side",
        "bbox": "-180,-90,180,90", "origin!": "outlet", "source": "other",
    }  # fmt: skip
    place = make_site(slug="syria", latitude=35, longitude=38, precision_m=9)
    make_site(slug="nowhere")
    side, kind, other = make_actor(slug="side"), make_event_type(slug="kind"), make_source(slug="other")
    make_source(slug="outlet")
    report = make_report(source=other)

    def told():
        event = make_event(type=kind)
        make_placement(event=event, site=place)
        make_involvement(event=event, actor=side)
        make_citation(event=event, report=report)

    def asked():
        with CaptureQueriesContext(connection) as captured:
            filterset = EventFilters(question, Event.objects.all(), request=SimpleNamespace(user=alice))
            rows = len(filterset.qs)
        return rows, len(captured)

    told()
    asked()  # what the reader may see is looked up once
    # 8: sites, actors, types, sources, links between actors, sites in the box, sites that reach into it, the events.
    assert asked() == (1, 8)
    for _number in range(9):
        told()
    assert asked() == (10, 8)


def test_a_question_reads_only_what_was_sent():
    everything = dict(EventFilters.base_filters)
    filterset = EventFilters({"status": "draft"}, request=SimpleNamespace(user=AnonymousUser()))
    assert set(filterset.sent) == {"status"}
    assert all(EventFilters.base_filters[name] is parameter for name, parameter in everything.items())
    assert isinstance(filterset, StrictFilterSet)
    assert not filterset.errors


def test_what_a_posting_list_can_answer_is_told(db):
    kind, place, side = make_event_type(slug="kind"), make_site(slug="place"), make_actor(slug="side")

    def anchors(**question):
        filterset = EventFilters(question, request=SimpleNamespace(user=AnonymousUser()))
        assert filterset.is_valid()
        return {(anchor.kind, anchor.keys, anchor.exact) for anchor in filterset.anchors}

    assert anchors(type="kind", site="place", actor="side") == {
        ("type", (kind.pk,), True), ("site", (place.pk,), True), ("actor", (side.pk,), True),
    }  # fmt: skip
    assert anchors(actor="side", actor_role="acts") == {("actor_role", ((side.pk, "acts"),), True)}
    assert anchors(site="place", site_role="at") == {("site", (place.pk,), False)}
    assert anchors(status="draft") == set()


def test_ranges_are_pairs_of_parameters_that_there_are():
    for filterset in StrictFilterSet.__subclasses__():
        assert all({first, last} <= set(filterset.base_filters) for first, last in filterset.ranges), filterset
    assert len(list(pairwise(EventFilters.ranges))) >= 4
