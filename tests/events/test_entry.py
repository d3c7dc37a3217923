"""Entry: a fact and its words become the held fact and its claim; what was published keeps its claims."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from events import entry, provenance
from events.choices import Facet
from events.models import Citation, Claim, Event
from tests import factories as make

pytestmark = pytest.mark.django_db


def state(*args: Any, **kwargs: Any) -> Claim:
    """The claim that is made."""
    claim = entry.state(*args, **kwargs)
    assert claim is not None
    return claim


@pytest.fixture
def event() -> Event:
    """The convoy without a word of evidence."""
    event = make.make_whole_event()
    event.citations.all().delete()
    return event


def claims(citation: Citation) -> dict[str, Claim]:
    """The claims of a citation, by facet."""
    return {claim.facet: claim for claim in citation.claims.all()}


def holders(event: Event):
    """Every fact of the event, with its facet."""
    yield Facet.WHAT, event
    yield Facet.WHEN, event
    for relation in (event.placements, event.involvements, event.counts):
        for holder in relation.all():
            yield entry.FACET_OF[type(holder)], holder


def test_each_fact_and_its_words_become_a_claim_that_states_it(event):
    citation = entry.cite(event, make.make_report(), credibility=2)
    for facet, holder in holders(event):
        claim = state(citation, facet, holder, make.WORDS[facet])
        assert provenance.agrees(claim, facet, holder)
        assert citation.report.text[claim.start : claim.end] == make.WORDS[facet]
    assert provenance.missing(Event.objects.with_evidence().get()) == []


def test_a_fact_knows_the_claim_that_states_it(event):
    citation = entry.cite(event, make.make_report())
    for facet, holder in holders(event):
        assert entry.claim_for(citation, facet, holder) is None
        assert entry.claim_for(citation, facet, holder) == entry.state(citation, facet, holder, "") is None
        claim = state(citation, facet, holder, make.WORDS[facet])
        assert entry.claim_for(citation, facet, holder) == claim
    assert entry.claim_for(None, Facet.WHAT, event) is None


def test_words_that_are_not_in_the_report_are_refused(event):
    citation = entry.cite(event, make.make_report())
    with pytest.raises(ValidationError) as caught:
        entry.state(citation, Facet.WHAT, event, "قافلة أخرى")
    assert "word for word" in caught.value.message_dict["quote"][0]
    assert not Claim.objects.exists()


def test_words_that_stand_twice_are_found_where_they_were_selected(event):
    citation = entry.cite(event, make.make_report(text="قافلة ثم قافلة"))
    with pytest.raises(ValidationError, match="stands 2 times"):
        entry.state(citation, Facet.WHAT, event, "قافلة")
    claim = state(citation, Facet.WHAT, event, "قافلة", start=9)
    assert (claim.start, claim.end) == (9, 14)


def test_the_claim_of_a_draft_follows_the_entry(event):
    citation = entry.cite(event, make.make_report())
    count = event.counts.get()
    claim = state(citation, Facet.HOW_MANY, count, make.WORDS[Facet.HOW_MANY])
    count.best = 26
    count.save()
    again = state(citation, Facet.HOW_MANY, count, "25 شاحنة", former=claim)
    assert (again.pk, again.best, again.quote) == (claim.pk, 26, "25 شاحنة")
    assert Claim.objects.count() == 1
    assert entry.state(citation, Facet.HOW_MANY, count, "", former=again) is None
    assert not Claim.objects.exists()


class TestPublished:
    """What was published keeps its claims: a claim records what a report says, not what we hold."""

    @pytest.fixture
    def published(self) -> Event:
        return make.make_published_event()

    def test_words_taken_away_leave_the_claim(self, published):
        citation = published.citations.get()
        claim = claims(citation)[Facet.WHAT]
        assert entry.state(citation, Facet.WHAT, published, "", former=claim) is None
        assert Claim.objects.filter(pk=claim.pk).exists()

    def test_another_value_never_rewrites_what_was_said(self, published):
        citation, count = published.citations.get(), published.counts.get()
        claim = claims(citation)[Facet.HOW_MANY]
        count.best = 26
        entry.state(citation, Facet.HOW_MANY, count, claim.quote, former=claim)
        claim.refresh_from_db()
        assert claim.best == 25

    def test_other_words_are_a_new_claim(self, published):
        citation, count = published.citations.get(), published.counts.get()
        claim = claims(citation)[Facet.HOW_MANY]
        new = state(citation, Facet.HOW_MANY, count, "25 شاحنة", former=claim)
        assert new.pk != claim.pk
        claim.refresh_from_db()
        assert claim.quote == make.WORDS[Facet.HOW_MANY]


def test_a_report_is_cited_once_whatever_is_said_of_it(event):
    report = make.make_report()
    first = entry.cite(event, report, credibility=3)
    second = entry.cite(event, report, credibility=2, note="Seen twice.")
    assert first == second
    assert event.citations.get().credibility == 2


def test_a_report_of_an_earlier_day_is_not_cited(event):
    with pytest.raises(ValidationError) as caught:
        entry.cite(event, make.make_report(published_on="2025-11-01"))
    assert "report" in caught.value.message_dict
