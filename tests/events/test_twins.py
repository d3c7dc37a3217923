"""Likely twins of an event: what speaks for them, what does not, and who is told."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from events import twins, workflow
from events.choices import Qualifier, SiteKind
from events.models import Event, Site
from osint.base.judgements import judge
from sources.choices import Tlp
from tests import factories as make

pytestmark = pytest.mark.django_db


def found(event: Event, reader: Any) -> list[Event]:
    """The likely twins."""
    return [twin.record for twin in twins.of_event(event, reader).likely]


def why(event: Event, reader: Any) -> str:
    """All that speaks for the likeliest twin."""
    likely = twins.of_event(event, reader).likely
    return " ".join(likely[0].reasons) if likely else ""


def like(event: Event, **overrides: Any) -> Event:
    """A second entry of the event's type and date."""
    return make.make_event(**({"type": event.type, "when": event.when} | overrides))


def at(event: Event, **point: Any) -> Event:
    """The event, at a new place."""
    make.make_placement(event=event, site=make.make_site(**point))
    return event


def test_two_entries_of_one_convoy_are_likely_twins_and_every_reason_is_said(alice):
    one = make.make_whole_event(report=make.make_report())
    other = make.make_whole_event(report=make.make_report())
    (twin,) = twins.of_event(one, alice).likely
    assert twin.record == other
    said = " ".join(twin.reasons)
    for reason in ("Same date", "Same place: Qasrak base", "Same actor: International", "Trucks", "Same type"):
        assert reason in said
    assert "Same words: “" in said
    assert "Both cite" not in said
    assert other.summary in twin.detail
    assert found(other, alice) == [one]


def test_the_reasons_are_in_the_readers_language(alice):
    one, _other = make.make_whole_event(), make.make_whole_event()
    with translation.override("ar"):
        assert "قاعدة قسرك" in why(one, alice)


def test_a_report_that_both_cite_is_named(alice):
    report = make.make_report(title="Two convoys")
    one = make.make_whole_event(report=report)
    make.make_whole_event(report=report)
    assert "Both cite “Two convoys”." in why(one, alice)


def test_the_likeliest_comes_first(alice):
    one = make.make_whole_event()
    partly = at(like(one), latitude=36.75, longitude=40.6, precision_m=500)
    wholly = make.make_whole_event()
    assert found(one, alice) == [wholly, partly]


@pytest.mark.parametrize(
    ("one", "other", "is_twin"),
    [
        ("2025-11-12", "2025-11-12", True),
        ("2025-11-12", "2025-11-11/2025-11-13", True),
        ("2025-11-12", "2025-11", True),
        ("2025-11-12", "../2025-11-15", True),
        ("../2025-11-15", "2025-11-12", True),
        ("../2025-11-15", "../2025-11-20", True),
        ("2025-11-12", "2025-11-13", True),
        ("2025-11-12", "2025-11-14", False),
        ("2025-11-12", "2025-10-12", False),
        ("2025-11-12", "", False),
        ("", "2025-11-12", False),
        ("0001-01-01", "0001-01-01", True),
        ("9999-12-31", "9999-12-31", True),
    ],
)
def test_dates_that_overlap_or_lie_a_day_apart_speak_for_it(one, other, is_twin, alice):
    report = make.make_report()
    event = make.make_event(when=one)
    make.make_placement(event=event, site=make.make_qasrak())
    second = like(event, when=other)
    make.make_placement(event=second, site=make.make_qasrak())
    assert (found(event, alice) == [second]) == is_twin, report


@pytest.mark.parametrize(
    ("point", "is_twin"),
    [
        ({"latitude": 36.8, "longitude": 40.6, "precision_m": 100}, True),  # 11 km away
        ({"latitude": 36.9, "longitude": 40.6, "precision_m": 15_000}, True),  # 22 km away, within both radii
        ({"latitude": 36.95, "longitude": 40.6, "precision_m": 100}, False),  # 28 km away
        ({"latitude": 33.5, "longitude": 36.3, "precision_m": 100}, False),  # Damascus
    ],
)
def test_points_near_each_other_speak_for_it_and_distant_ones_against(point, is_twin, alice):
    event = make.make_event()
    make.make_placement(event=event, site=make.make_qasrak())
    second = at(like(event), **point)
    assert (found(event, alice) == [second]) == is_twin
    assert ("km apart" in why(event, alice)) == is_twin


def test_a_place_within_the_other_speaks_for_it_and_a_country_tells_nothing(alice):
    event, second, third = make.make_event(), make.make_event(), make.make_event()
    qasrak = make.make_qasrak()
    holding = {site.slug: site for site in Site.objects.all()}
    for one, site in ((event, qasrak), (second, holding["al-hasakah"]), (third, holding["syria"])):
        one.type = event.type
        one.save()
        make.make_placement(event=one, site=site)
    reasons = {twin.record: twin.reasons for twin in twins.of_event(event, alice).likely}
    assert "Qasrak base lies within Al-Hasakah." in reasons[second]
    assert third not in reasons


@pytest.mark.parametrize(
    ("one", "other", "touch"),
    [
        ({"best": 25}, {"best": 25}, True),
        ({"best": 25}, {"low": 20, "high": 30}, True),
        ({"low": 20, "qualifier": Qualifier.AT_LEAST}, {"best": 90}, True),
        ({"high": 20, "qualifier": Qualifier.UP_TO}, {"best": 3}, True),
        ({"best": 25, "qualifier": Qualifier.ABOUT}, {"best": 28}, True),
        ({"phrase": "dozens", "qualifier": Qualifier.DOZENS}, {"best": 40}, True),
        ({"best": 25}, {"best": 28}, False),
        ({"low": 20, "high": 30}, {"low": 31}, False),
        ({"best": 25, "qualifier": Qualifier.ABOUT}, {"best": 90}, False),
    ],
)
def test_numbers_of_one_measure_that_can_both_be_true_speak_for_it(one, other, touch, alice):
    event, site, measure = make.make_event(), make.make_qasrak(), make.make_measure(name_en="Trucks")
    second = like(event)
    for holder, figure in ((event, one), (second, other)):
        make.make_placement(event=holder, site=site)
        make.make_count(event=holder, measure=measure, **figure)
    assert ("Numbers that touch: Trucks" in why(event, alice)) == touch


def test_related_types_speak_for_it_and_others_against(alice):
    wide = make.make_event_type()
    narrow, beside, other = make.make_event_type(parent=wide), make.make_event_type(parent=wide), make.make_event_type()
    event = at(make.make_event(type=narrow), kind=SiteKind.BASE)
    site = event.placements.get().site
    related = [make.make_event(type=kind) for kind in (wide, beside)]
    strange = make.make_event(type=other)
    for one in (*related, strange):
        make.make_placement(event=one, site=site)
    assert set(found(event, alice)) == set(related)
    assert "Related types" in why(event, alice)


def test_a_whole_is_no_twin_of_its_part(alice):
    whole = make.make_whole_event(is_aggregate=True)
    part = make.make_whole_event(part_of=whole)
    assert found(whole, alice) == found(part, alice) == []


def test_a_merged_event_is_no_twin_and_has_none(alice, edith):
    one, other, third = (make.make_whole_event() for _number in range(3))
    workflow.merge(other, edith, one, "Entered twice.")
    other.refresh_from_db()
    assert found(one, alice) == [third]
    assert found(other, alice) == []


def test_what_the_reader_may_not_see_is_no_twin(alice, edith):
    one = make.make_whole_event()
    hidden = make.make_whole_event(tlp=Tlp.RED)
    assert found(one, alice) == []
    assert found(one, edith) == [hidden]


def test_a_hidden_report_that_both_cite_says_nothing(alice, edith):
    report, kind = make.make_report(tlp=Tlp.RED, title="Two convoys"), make.make_event_type()
    one, other = (make.make_event(type=kind) for _number in range(2))
    for event in (one, other):
        make.make_placement(event=event, site=make.make_qasrak())
        make.make_claim(citation=make.make_citation(event=event, report=report))
    assert found(one, alice) == [other]
    assert not {"Both cite", "Same words"} & {reason.split(":")[0] for reason in why(one, alice).split(". ")}
    assert "Two convoys" in why(one, edith)
    (seen,), (told,) = twins.of_event(one, alice).likely, twins.of_event(one, edith).likely
    assert seen.score < told.score


def test_what_was_judged_not_the_same_is_left_out_and_shown_among_the_judged(alice):
    one, other = make.make_whole_event(), make.make_whole_event()
    judge(other, one, alice, "not_same", "A second convoy in the evening.")
    shown = twins.of_event(one, alice)
    assert shown.likely == []
    (twin,) = shown.judged
    assert (twin.record, twin.judgement.reason) == (other, "A second convoy in the evening.")
    assert twin.judgement.created_by == alice


@pytest.mark.parametrize("verdict", ["same", "unsure"])
def test_what_was_judged_otherwise_stays_with_its_mark(verdict, alice):
    one, other = make.make_whole_event(), make.make_whole_event()
    judge(one, other, alice, verdict)
    shown = twins.of_event(one, alice)
    assert [(twin.record, twin.judgement.verdict) for twin in shown.likely] == [(other, verdict)]
    assert shown.judged == []


def test_a_pair_that_nothing_speaks_for_is_shown_once_it_was_judged(alice):
    one, other = make.make_event(when="2020"), make.make_event()
    judge(one, other, alice, "same")
    assert [twin.record for twin in twins.of_event(one, alice).judged] == [other]


@pytest.mark.one_engine
def test_the_number_of_queries_is_the_same_at_one_twin_and_at_ten(alice):
    event = make.make_whole_event()
    assert alice.get_all_permissions()

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            twins.of_event(Event.objects.select_related("type").get(pk=event.pk), alice)
        return len(asked)

    make.make_whole_event()
    with_one = queries()
    for _number in range(9):
        make.make_whole_event()
    assert queries() == with_one
    assert len(found(event, alice)) == 10
    # The event, judgements; own reports, who else cites them, events of that time; own places, sites around them,
    # places, actors and measures of all; then events with places, actors, counts; citations, titles, quotes.
    assert with_one == 17
