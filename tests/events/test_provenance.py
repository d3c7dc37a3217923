"""On whose word: agreement facet by facet, what is supported and what is missing, and origins."""

from datetime import date, timedelta
from itertools import product
from typing import Any, ClassVar

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from events import provenance, workflow
from events.choices import ActorRole, CitationRole, Facet, Qualifier, SiteRole, Standing
from events.models import Actor, Claim, Count, Event, EventType, Involvement, Measure, Placement, Site
from sources.models import Source
from tests import factories as make

DAY = date(2025, 11, 12)
spans = st.tuples(st.integers(-60, 60), st.integers(0, 60)).map(
    lambda pair: (DAY + timedelta(days=pair[0]), DAY + timedelta(days=sum(pair)))
)


def said(facet: str, **values) -> Claim:
    return Claim(facet=facet, **values)


def edtf(span: tuple[date, date]) -> str:
    return "/".join(map(str, span))


class TestWhen:
    @given(held=spans, claimed=spans)
    def test_a_claim_agrees_when_its_days_lie_within_the_days_held(self, held, claimed):
        within = held[0] <= claimed[0] and claimed[1] <= held[1]
        assert agrees_when(edtf(held), edtf(claimed)) is within

    @given(claimed=spans, before=st.integers(0, 30), after=st.integers(0, 30))
    def test_widening_what_is_held_keeps_the_support(self, claimed, before, after):
        wide = (claimed[0] - timedelta(days=before), claimed[1] + timedelta(days=after))
        assert agrees_when(edtf(wide), edtf(claimed))

    @given(claimed=spans, cut=st.integers(1, 30))
    def test_narrowing_what_is_held_loses_the_support(self, claimed, cut):
        later = (claimed[0] + timedelta(days=cut), claimed[1] + timedelta(days=cut))
        assert not agrees_when(edtf(later), edtf(claimed))

    @pytest.mark.parametrize(
        ("held", "claimed", "agree"),
        [
            ("2025-11", "2025-11-12", True),
            ("2025-11-12", "2025-11", False),
            ("2025-11-12", "2025-11-12~", False),
            ("[2025-11-01,2025-11-03]", "[2025-11-01,2025-11-03]", True),
            ("[2025-11-01,2025-11-03]", "{2025-11-01,2025-11-03}", False),
            ("{2025-11-01,2025-11-03}", "2025-11-01", False),
            ("2025-11-01/2025-11-03", "[2025-11-01,2025-11-03]", True),
            ("../2025-11-12", "2025-11", False),
            ("../2025-12", "2025-11", True),
            ("2025-11/..", "2025-12/..", True),
            ("2025-11", "2025-11/..", False),
            ("2025-11", "", False),
        ],
    )
    def test_sets_and_open_ends_are_what_they_say(self, held, claimed, agree):
        assert agrees_when(held, claimed) is agree


def agrees_when(held: str, claimed: str) -> bool:
    return provenance.agrees(said("when", when=claimed), Facet.WHEN, Event(when=held))


# A small tree: every pair of its nodes is tried.
TREE = ["a/", "a/b/", "a/b/c/", "a/bb/", "aa/", "d/"]


PAIRS = list(product(TREE, TREE))


class TestTrees:
    def test_a_claim_of_the_type_held_or_a_narrower_one_agrees(self):
        for held, claimed in PAIRS:
            claim = said("what", type=EventType(path=claimed))
            agrees = provenance.agrees(claim, Facet.WHAT, Event(type=EventType(path=held)))
            assert agrees is claimed.startswith(held), (held, claimed)

    @pytest.mark.parametrize("role", SiteRole)
    def test_a_claim_of_the_site_held_or_one_within_it_agrees_in_the_same_role(self, role):
        for held, claimed in PAIRS:
            claim = said("where", site=Site(path=claimed), site_role=SiteRole.AT)
            agrees = provenance.agrees(claim, Facet.WHERE, Placement(site=Site(path=held), role=role))
            assert agrees is (claimed.startswith(held) and role == SiteRole.AT), (held, claimed)


@pytest.mark.parametrize("role", ActorRole)
@pytest.mark.parametrize("actor", [1, 2])
def test_a_claim_of_the_same_actor_in_the_same_part_agrees(role, actor):
    claim = said("who", actor=Actor(pk=actor), actor_role=ActorRole.PARTNER)
    same = (actor, role) == (1, ActorRole.PARTNER)
    assert provenance.agrees(claim, Facet.WHO, Involvement(actor=Actor(pk=1), role=role)) is same


class TestHowMany:
    FIGURES: ClassVar[dict[str, Any]] = {
        "measure_id": 1,
        "party_id": None,
        "label": "",
        "low": None,
        "best": 25,
        "high": None,
    }

    def agree(self, held: dict[str, Any], claimed: dict[str, Any]) -> bool:
        count, claim = Count(**(self.FIGURES | held)), said("how_many", **(self.FIGURES | claimed))
        return provenance.agrees(claim, Facet.HOW_MANY, count)

    def test_the_same_number_agrees_however_it_is_worded(self):
        assert self.agree({"phrase": "25"}, {"phrase": "خمس وعشرون"})

    @pytest.mark.parametrize(
        "other", [{"measure_id": 2}, {"party_id": 3}, {"label": "others"}, {"low": 1}, {"best": 26}, {"high": 30}]
    )
    def test_another_number_of_another_thing_or_party_does_not(self, other):
        assert not self.agree({}, other)
        assert not self.agree(other, {})

    def test_about_is_not_exactly(self):
        assert not self.agree({"qualifier": Qualifier.EXACTLY}, {"qualifier": Qualifier.ABOUT})
        assert not self.agree({}, {"qualifier": Qualifier.ABOUT})
        assert self.agree({}, {"qualifier": Qualifier.EXACTLY})
        assert self.agree({"qualifier": Qualifier.ABOUT}, {"qualifier": Qualifier.ABOUT})

    def test_a_verbal_number_agrees_in_its_words_alone(self):
        dozens = {"best": None, "phrase": "عشرات"}
        assert self.agree(dozens, dozens)
        assert not self.agree(dozens, dozens | {"phrase": "مئات"})
        assert not self.agree(dozens, {"best": 24, "phrase": "عشرات"})


@pytest.mark.parametrize("facet", Facet)
def test_a_claim_of_one_facet_says_nothing_of_another(facet):
    event = Event(type=EventType(path="a/"), when="2025")
    claim = said(facet, type=EventType(path="a/"), when="2025", site=Site(path="a/"), measure=Measure())
    for other in {Facet.WHAT, Facet.WHEN} - {facet}:
        assert not provenance.agrees(claim, other, event)


def read(event: Event) -> Event:
    return Event.objects.with_evidence().get(pk=event.pk)


@pytest.mark.django_db
class TestSupport:
    def test_a_whole_event_lacks_nothing(self):
        event = read(make.make_whole_event())
        assert provenance.missing(event) == []
        assert provenance.differing(event) == []
        assert [fact.facet for fact in provenance.facts(event)] == ["what", "when", "where", "who", "how_many"]
        assert all(len(fact.claims) == 1 for fact in provenance.facts(event))

    def test_an_empty_event_lacks_a_report_and_a_place_and_every_fact_by_name(self):
        event = make.make_event()
        make.make_count(event=event, best=3)
        sentences = provenance.missing(read(event))
        assert sentences[:2] == ["Report: cite at least one.", "Where: name at least one place, if only the country."]
        for words, fact in zip(sentences[2:], ["What: ", "When: ", "How many: "], strict=True):
            assert words.startswith(fact)
            assert "no accepted claim states “" in words
            assert "mark it derived or inferred with a reason" in words

    def test_an_undated_event_needs_a_date_with_an_end(self):
        for when in ("", "2025-11-12/.."):
            sentences = provenance.missing(read(make.make_event(when=when, when_phrase="")))
            assert "When: give a date with an end, if only the publication of the report." in sentences

    @pytest.mark.parametrize("basis", ["derived", "inferred"])
    def test_a_reason_stands_in_for_a_claim(self, basis):
        event = make.make_whole_event()
        Claim.objects.filter(facet="when").delete()
        assert len(provenance.missing(read(event))) == 1
        event.when_basis, event.when_reason = basis, "Two days before the explosions."
        event.save()
        assert provenance.missing(read(event)) == []

    @pytest.mark.parametrize("standing", [Standing.SET_ASIDE, Standing.SUPERSEDED, Standing.IN_CONFLICT])
    def test_a_claim_that_is_not_accepted_supports_nothing(self, standing):
        event = make.make_whole_event()
        Claim.objects.filter(facet="where").update(standing=standing, standing_reason="Misread.")
        (sentence,) = provenance.missing(read(event))
        assert "Qasrak base" in sentence

    def test_a_report_that_denies_supports_nothing(self):
        event = make.make_whole_event()
        event.citations.update(role=CitationRole.DENIES)
        assert len(provenance.missing(read(event))) == 5
        assert provenance.origins(read(event)) == []

    def test_another_report_can_stand_in(self):
        event = make.make_whole_event()
        Claim.objects.filter(facet="what").update(standing=Standing.SET_ASIDE, standing_reason="Misread.")
        make.make_claim(citation=make.make_citation(event=event), facet="what")
        assert provenance.missing(read(event)) == []

    def test_a_different_number_shows_beside_the_one_held(self):
        event = make.make_whole_event()
        held = event.counts.get()
        other = make.make_citation(event=event)
        claim = make.make_claim(citation=other, measure=held.measure, best=40, qualifier="about")
        assert provenance.differing(read(event)) == [claim]
        assert provenance.missing(read(event)) == []

    def test_what_a_correction_leaves_behind_shows_as_differing(self):
        event = make.make_whole_event()
        event.counts.update(best=24)
        now = read(event)
        assert [claim.facet for claim in provenance.differing(now)] == ["how_many"]
        assert [fact.facet for fact in provenance.unsupported(now)] == ["how_many"]

    def test_all_of_it_costs_no_query_beyond_reading_the_event(self):
        event = read(make.make_whole_event())
        with CaptureQueriesContext(connection) as captured:
            provenance.facts(event)
            provenance.missing(event)
            provenance.differing(event)
        assert len(captured) == 0


@pytest.mark.django_db
class TestOrigins:
    @pytest.fixture
    def sohr(self) -> Source:
        return make.make_source(slug="sohr", name_en="SOHR")

    def cite(self, event: Event, source: Source, **values):
        """A report that passes the source on, cited."""
        report = make.make_relay(relayed_source=source).report
        return make.make_citation(event=event, report=report, **values)

    def test_two_reports_that_relay_one_source_are_one_origin_and_an_independent_third_makes_two(self, sohr):
        event = make.make_event()
        for _ in range(2):
            self.cite(event, sohr)
        assert provenance.origins(read(event)) == [sohr]
        independent = make.make_report(source=make.make_source(slug="independent"))
        make.make_citation(event=event, report=independent)
        assert [source.slug for source in provenance.origins(read(event))] == ["independent", "sohr"]

    def test_confirmed_is_refused_before_and_accepted_after_the_independent_report(self, sohr):
        event = make.make_event()
        self.cite(event, sohr)
        self.cite(event, sohr, credibility=1)
        with pytest.raises(ValidationError) as caught:
            provenance.check(read(event))
        sentence = caught.value.message_dict["credibility"][0]
        assert "goes back to one origin." in sentence
        assert "SOHR" not in sentence, "The origin may be hidden from who is told."
        assert "choose 2 to 6" in sentence
        make.make_citation(event=event)
        provenance.check(read(event))

    @pytest.mark.parametrize("credibility", [2, 3, 4, 5, 6])
    def test_any_other_digit_asks_for_nothing(self, sohr, credibility):
        event = make.make_event()
        self.cite(event, sohr, credibility=credibility)
        provenance.check(read(event))

    def test_a_denial_confirms_nothing(self, sohr):
        event = make.make_event()
        self.cite(event, sohr, credibility=1)
        make.make_citation(event=event, role=CitationRole.DENIES)
        with pytest.raises(ValidationError, match="one origin"):
            provenance.check(read(event))

    def test_a_report_whose_claims_were_all_set_aside_confirms_nothing(self, sohr):
        event = make.make_event()
        self.cite(event, sohr, credibility=1)
        claim = make.make_claim(citation=make.make_citation(event=event))
        provenance.check(read(event))
        claim.standing, claim.standing_reason = Standing.SET_ASIDE, "About another convoy."
        claim.save()
        with pytest.raises(ValidationError, match="one origin"):
            provenance.check(read(event))

    def test_origins_of_many_events_are_two_queries(self, sohr):
        for _ in range(10):
            self.cite(make.make_event(), sohr)
        events = list(Event.objects.with_evidence())
        with CaptureQueriesContext(connection) as captured:
            found = provenance.origins_of(events)
        assert len(captured) == 2
        assert set(map(tuple, found.values())) == {(sohr,)}


@pytest.mark.django_db
class TestMoves:
    @pytest.fixture
    def in_the_governorate(self) -> Event:
        """The convoy, held only as precisely as governorate and kind; its report names the base and the arrival."""
        event = make.make_whole_event()
        hasakah = make.make_qasrak().parent
        movement = make.make_event_type(slug="movement")
        arrival = EventType.objects.get(slug="convoy-arrival")
        arrival.parent = movement
        arrival.save()
        event.placements.update(site=hasakah)
        Event.objects.update(type=movement)
        return workflow.publish(event, make.make_user("the-publisher", "Editor"))

    @pytest.mark.parametrize("model", [Site, EventType])
    def test_a_claim_does_not_move_out_of_what_a_published_event_holds(self, in_the_governorate, model):
        slug, other = {Site: ("qasrak-base", make.make_site), EventType: ("convoy-arrival", make.make_event_type)}[
            model
        ]
        moved = model.objects.get(slug=slug)
        for parent in (other(), None):
            moved.parent = parent
            with pytest.raises(ValidationError) as caught:
                moved.save()
            (sentence,) = caught.value.message_dict["parent"]
            assert sentence.startswith(f"{in_the_governorate.reference} rests on where this lies")
        assert model.objects.get(slug=slug).path.count("/") > 1
        assert provenance.missing(read(in_the_governorate)) == []

    @pytest.mark.usefixtures("in_the_governorate")
    def test_nor_does_what_lies_above_it(self):
        make.make_site(slug="between", parent=Site.objects.get(slug="al-hasakah"))
        base = Site.objects.get(slug="qasrak-base")
        base.parent = Site.objects.get(slug="between")
        base.save()
        between = Site.objects.get(slug="between")
        between.parent = make.make_site()
        with pytest.raises(ValidationError, match="would lose its support"):
            between.save()

    @pytest.mark.parametrize("model", [Site, EventType])
    def test_a_move_that_takes_both_along_is_allowed(self, in_the_governorate, model):
        slug, other = {Site: ("al-hasakah", make.make_site), EventType: ("movement", make.make_event_type)}[model]
        moved = model.objects.get(slug=slug)
        moved.parent, moved.slug = other(), "renamed"
        moved.save()
        assert provenance.missing(read(in_the_governorate)) == []

    def test_what_only_a_draft_rests_on_can_move(self):
        event = make.make_whole_event()
        event.placements.update(site=make.make_qasrak().parent)
        base = make.make_qasrak()
        base.parent = None
        base.save()
        assert provenance.missing(read(event)) != []

    @pytest.mark.usefixtures("in_the_governorate")
    def test_a_save_in_place_asks_for_no_event(self):
        base = Site.objects.get(slug="qasrak-base")
        with CaptureQueriesContext(connection) as captured:
            base.save()
        assert not [query for query in captured if "events_event" in query["sql"].replace("events_eventtype", "")]
