"""Citations and claims: what a report says, in one facet at a time, with its words."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from events.choices import Facet
from events.models import Citation, Claim
from events.models.evidence import VALUE
from tests import factories as make

pytestmark = pytest.mark.django_db


def refused(record) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as caught:
        record.full_clean()
    return caught.value.message_dict


VALUES: dict[str, Callable[[], dict[str, Any]]] = {
    "what": lambda: {"type": make.make_event_type()},
    "when": lambda: {"when": "2025-11-12"},
    "where": lambda: {"site": make.make_site(), "site_role": "at"},
    "who": lambda: {"actor": make.make_actor(), "actor_role": "acts"},
    "how_many": lambda: {"measure": make.make_measure(), "best": 3},
}


def test_every_facet_has_its_own_columns():
    assert set(VALUE) == set(Facet.values) == set(VALUES)


@pytest.mark.parametrize("facet", VALUES)
def test_a_claim_says_what_its_facet_asks(facet):
    claim = make.make_claim(facet=facet, **VALUES[facet]())
    assert str(claim)
    assert claim.value


@pytest.mark.parametrize("facet", VALUES)
@pytest.mark.parametrize("other", VALUES)
def test_a_claim_says_nothing_else(facet, other):
    claim = make.make_claim(facet=facet, **VALUES[facet]())
    if facet == other:
        return
    for name, value in VALUES[other]().items():
        setattr(claim, name, value)
    assert refused(claim)["__all__"]


@pytest.mark.parametrize("facet", VALUES)
def test_a_claim_without_its_value_is_refused(facet):
    claim = Claim(citation=make.make_citation(), facet=facet, quote=make.WORDS[Facet.WHAT])
    assert refused(claim)["__all__"]


def test_a_claim_quotes_the_report_where_there_is_a_text():
    claim = make.make_claim()
    claim.quote = ""
    assert refused(claim)["quote"] == ["Quote the words of the report on which this rests."]
    no_text = make.make_citation(report=make.make_report(text=""))
    assert make.make_claim(citation=no_text).quote == ""


def test_a_quote_one_letter_off_is_refused_with_the_words_that_were_meant():
    claim = make.make_claim(site=make.make_qasrak())
    claim.quote = claim.quote.replace("قسرك", "قصرك")
    said = refused(claim)["quote"][0]
    assert "قصرك" in said
    assert "Nearest" in said
    assert "قسرك" in said


def test_numbers_that_do_not_fit_together_are_kept_where_the_report_is_unclear():
    claim = make.make_claim(measure=make.make_measure(), low=5, best=3, qualifier="unclear")
    claim.qualifier = "exactly"
    assert "must rise" in refused(claim)["__all__"][0]


def test_a_claim_is_superseded_or_set_aside_with_a_reason():
    for standing in ("superseded", "set_aside"):
        claim = make.make_claim(standing=standing, standing_reason="Taken back by the outlet.")
        claim.standing_reason = ""
        assert "Say why" in refused(claim)["__all__"][0]
    assert make.make_claim(standing="in_conflict").pk


def test_no_report_tells_of_a_day_after_its_publication():
    citation = make.make_citation()
    claim = Claim(citation=citation, facet="when", when="2025-11-16", quote=make.WORDS[Facet.WHEN])
    said = refused(claim)["when"][0]
    assert "2025-11-16" in said
    assert "2025-11-15" in said
    assert "Correct one of the two dates" in said
    late = Citation(event=make.make_event(when="2025-11-16"), report=citation.report)
    assert "after its report" in refused(late)["report"][0]
    assert citation.report.title not in refused(late)["report"][0]
    citation.event.when = "2025-11-16"
    assert "after its report" in refused(citation.event)["when"][0]


def test_an_event_may_end_after_publication_as_long_as_it_may_have_begun():
    report = make.make_report(published_on=date(2025, 11, 12))
    assert make.make_citation(event=make.make_event(when="2025-11-12/2025-11-30"), report=report).pk


def test_one_report_serves_many_events_and_one_event_many_reports():
    report, event = make.make_report(), make.make_event()
    make.make_citation(event=event, report=report)
    for other in range(2):
        make.make_citation(report=report)
        make.make_citation(event=event, report=make.make_report(title=f"Report {other}"))
    assert (report.citations.count(), event.citations.count()) == (3, 3)
    again = Citation(event=event, report=report)
    assert refused(again)["__all__"] == ["The event cites this report already."]


@pytest.mark.parametrize("credibility", [0, 7, -1, None, 10**9])
def test_credibility_is_a_digit_of_the_code(credibility):
    citation = make.make_citation()
    citation.credibility = credibility
    assert "credibility" in refused(citation)


def test_a_claim_of_a_draft_can_be_deleted():
    claim = make.make_claim()
    claim.delete()
    assert not Claim.objects.exists()


def test_a_correction_has_a_reason():
    with pytest.raises(ValidationError) as caught:
        make.make_correction(reason="no")
    assert "reason" in caught.value.message_dict


class TestPublished:
    """What a report was quoted for stays as it was published."""

    @pytest.mark.parametrize(
        ("facet", "change"),
        [
            ("how_many", {"best": 26}),
            ("how_many", {"phrase": "25"}),
            ("where", {"site_role": "near"}),
            ("when", {"when": "2025-11"}),
            ("what", {"quote": "دخول قافلة", "start": None, "end": None}),
        ],
    )
    def test_what_a_claim_says_is_not_rewritten(self, facet, change):
        claim = make.make_published_event().citations.get().claims.get(facet=facet)
        for name, value in change.items():
            setattr(claim, name, value)
        with pytest.raises(ValidationError, match="what it says stays"):
            claim.full_clean()

    def test_its_standing_can_change(self):
        claim = make.make_published_event().citations.get().claims.first()
        assert claim is not None
        claim.standing, claim.standing_reason = "set_aside", "About another convoy."
        claim.full_clean()
        claim.save()

    def test_a_draft_follows_its_analyst(self):
        claim = make.make_claim(measure=make.make_measure(), best=25)
        claim.best = 26
        claim.full_clean()
        claim.save()


@pytest.mark.parametrize("said", [{}, None, [], "Before.", ["best"]])
def test_a_correction_says_what_changed(said):
    for side in ("before", "after"):
        with pytest.raises(ValidationError, match="A correction says what changed"):
            make.make_correction(**{side: said})
