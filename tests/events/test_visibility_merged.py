"""Who may read a merged event and the evidence that it left to another."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from events.choices import Status
from events.models import Citation, Claim, Event
from tests import factories as make

pytestmark = pytest.mark.django_db

NOBODY = AnonymousUser()


def merged(
    *, into: str = Status.PUBLISHED, was_public: bool = True, mark: str = "CLEAR", whole_mark: str = "CLEAR"
) -> Any:
    """An event merged into another, past the workflow."""
    event, whole = make.make_event(tlp=mark), make.make_event(tlp=whole_mark)
    moment = timezone.now()
    public = into in {Status.PUBLISHED, Status.RETRACTED}
    values = {"retraction_reason": "Withdrawn."} if into == Status.RETRACTED else {}
    Event.objects.filter(pk=whole.pk).update(status=into, published_at=moment if public else None, **values)
    published_at = moment if was_public else None
    Event.objects.filter(pk=event.pk).update(status=Status.MERGED, merged_into=whole, published_at=published_at)
    return event


@pytest.mark.parametrize("into", [Status.PUBLISHED, Status.RETRACTED])
def test_what_was_published_leads_everyone_on_to_what_is_out(into, alice, victor):
    event = merged(into=into)
    for reader in (NOBODY, victor, alice):
        assert event in Event.objects.visible_to(reader)


@pytest.mark.parametrize(
    "hidden",
    [{"was_public": False}, {"into": Status.DRAFT}, {"into": Status.SUBMITTED}],
    ids=["never published", "into a draft", "into a submitted one"],
)
def test_what_leads_to_nothing_that_is_out_shows_to_those_who_work_on_events_alone(hidden, alice, victor):
    event = merged(**hidden)
    assert event in Event.objects.visible_to(alice)
    for reader in (NOBODY, victor):
        assert event not in Event.objects.visible_to(reader)


def test_a_merged_event_shows_where_both_marks_allow_it(victor):
    clear, marked, beyond = merged(), merged(whole_mark="GREEN"), merged(mark="GREEN", whole_mark="RED")
    assert set(Event.objects.visible_to(NOBODY).filter(status=Status.MERGED)) == {clear}
    assert set(Event.objects.visible_to(victor).filter(status=Status.MERGED)) == {clear, marked}
    assert beyond not in Event.objects.visible_to(victor)


def test_the_evidence_of_whatever_event_is_told_by_its_report_alone(alice, victor):
    claims = {
        mark: make.make_claim(citation=make.make_citation(report=make.make_report(tlp=mark)))
        for mark in ("CLEAR", "GREEN", "RED")
    }
    for reader, seen in ((NOBODY, {"CLEAR"}), (victor, {"CLEAR", "GREEN"}), (alice, {"CLEAR", "GREEN"})):
        expected = {claims[mark] for mark in seen}
        assert set(Claim.objects.from_reports_seen_by(reader)) == expected
        assert set(Citation.objects.from_reports_seen_by(reader)) == {claim.citation for claim in expected}
