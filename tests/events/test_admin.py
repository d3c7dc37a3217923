"""The event form: what it makes of an entry, what it refuses and in which words; corrections; a report that differs."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from events import provenance, workflow
from events.choices import Facet, Status
from events.models import Citation, Claim, Correction, Count, Event, EventType, Measure
from sources.models import Report, Source
from tests.factories import (
    TEXT,
    WORDS,
    make_citation,
    make_claim,
    make_event_type,
    make_measure,
    make_outlet_report,
    make_published_event,
    make_qasrak,
    make_relay,
    make_report,
    make_source,
    make_whole_event,
)
from tests.kit.forms import errors, everything, filled, send

# A form asks and writes as any other door: what it asks, tests of the models and of the API ask on both engines.
pytestmark = pytest.mark.one_engine

ADD = reverse("admin:events_event_add")


def change(event: Event) -> str:
    return reverse("admin:events_event_change", args=[event.pk])


@pytest.fixture
def desk(client: Client, edith: User) -> Client:
    """A browser in which the editor is logged in."""
    client.force_login(edith)
    return client


def blank_event(desk: Client, **changes: Any) -> tuple[str, dict[str, Any]]:
    """The address and the data of a valid new event from a new report, with these changes."""
    report, kind, site = make_outlet_report(), make_event_type(), make_qasrak()
    url = f"{ADD}?report={report.pk}"
    values = {"type": kind.pk, "summary_en": "A convoy.", "placements__0__site": site.pk} | changes
    return url, filled(desk, url, **values)


def test_a_fact_and_its_words_become_the_fact_and_its_claim(desk: Client) -> None:
    url, data = blank_event(desk, when="2025-11-12", when_basis="stated", when_reason="", when_quote=WORDS[Facet.WHEN])
    answer = desk.post(url, data)
    event = workflow.whole(Event.objects.get())
    assert answer.status_code == 302
    assert (event.status, event.when_phrase) == (Status.DRAFT, WORDS[Facet.WHEN])
    claim = Claim.objects.get()
    assert (claim.facet, claim.when, claim.quote) == (Facet.WHEN, "2025-11-12", WORDS[Facet.WHEN])
    assert TEXT[claim.start : claim.end] == claim.quote
    assert [fact.facet for fact in provenance.unsupported(event)] == [Facet.WHAT, Facet.WHERE]


def test_a_new_event_from_a_report_is_bounded_by_its_publication(desk: Client) -> None:
    report = make_outlet_report()
    initial = filled(desk, f"{ADD}?report={report.pk}")
    assert initial["when"] == "../2025-11-15"
    assert initial["when_basis"] == "derived"
    assert "2025-11-15" in str(initial["when_reason"])
    assert initial["report"] == report.pk


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "a quote one letter off": ({"type_quote": "دخول قافلة امداد"}, "is not in the report word for word"),
    "an end before a start": ({"when": "2025-11-15/2025-11-01"}, "before"),
    "30 February": ({"when": "2025-02-30"}, "2025-02-30"),
    "after the report's publication": ({"when": "2025-11-20"}, "published on 2025-11-15"),
    "a date no calendar has": ({"when": "99999-01-01"}, "99999"),
    "a NUL byte": ({"summary_en": "con\x00voy"}, "Null characters are not allowed"),
    "a summary of 10 MB": ({"summary_en": "x" * 10_000_000}, "5000"),
    "words without a report": ({"report": "", "type_quote": "x"}, "Choose the report"),
    "no summary": ({"summary_en": ""}, "Sum the event up"),
    "an inferred date without a reason": ({"when_basis": "inferred", "when_reason": ""}, "needs a written reason"),
    "credibility 1 from one origin": ({"credibility": "1"}, "goes back to one origin"),
    "a report that is not there": ({"report": "999999999999999999999"}, "valid choice"),
    "a report that is no number": ({"report": "abc"}, "valid choice"),
    "a type that is not there": ({"type": "999999999999999999999"}, "valid choice"),
    "a type that is no number": ({"type": "abc"}, "valid choice"),
    "a site that is not there": ({"placements__0__site": "999999999999999999999"}, "valid choice"),
    "a part of an event that sums up nothing": ({"part_of": "other"}, "does not sum up"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_the_form_refuses(desk: Client, case: str) -> None:
    changes, sentence = REFUSED[case]
    if changes.get("part_of"):
        changes = {"part_of": make_whole_event().pk}
    url, data = blank_event(desk, **changes)
    before = everything()
    answer = desk.post(url, data)
    assert answer.status_code == 200
    assert sentence in errors(answer)
    assert everything() == before


NUMBERS: dict[str, tuple[dict[str, Any], str]] = {
    "best below low": ({"low": 30, "best": 25}, "at least ≤ best ≤ at most"),
    "high below best": ({"best": 25, "high": 20}, "at least ≤ best ≤ at most"),
    "no number and no words": ({"qualifier": "about"}, "Give a number, or the words"),
    "a best figure for dozens": ({"qualifier": "dozens", "best": 24, "phrase": "العشرات"}, "has no best figure"),
    "a negative number": ({"best": -1}, "greater than or equal to 0"),
    "a number beyond the column": ({"best": 10**30}, "less than or equal to"),
    "NaN": ({"best": "NaN"}, "whole number"),
}


@pytest.mark.parametrize("case", NUMBERS)
def test_the_form_refuses_the_number(desk: Client, case: str) -> None:
    values, sentence = NUMBERS[case]
    rows = {f"counts__0__{name}": value for name, value in ({"measure": make_measure().pk} | values).items()}
    url, data = blank_event(desk, **rows)
    before = everything()
    answer = desk.post(url, data)
    assert answer.status_code == 200
    assert sentence in errors(answer)
    assert everything() == before


def test_a_quote_that_stands_twice_is_asked_for_again_and_taken_where_selected(desk: Client) -> None:
    report = make_report(text="شاحنة ثم شاحنة")
    url = f"{ADD}?report={report.pk}"
    values = {"type": make_event_type().pk, "summary_en": "Trucks.", "type_quote": "شاحنة"}
    answer = send(desk, url, **values)
    assert "stands 2 times" in errors(answer)
    send(desk, url, **values, type_quote_start=9)
    assert (Claim.objects.get().start, Claim.objects.get().end) == (9, 14)


def test_an_event_with_an_unsupported_fact_is_saved_as_a_draft_and_not_published(desk: Client) -> None:
    url, data = blank_event(desk)
    answer = desk.post(url, data | {"_publish": "1"}, follow=True)
    page = answer.content.decode()
    assert "no accepted claim states" in page
    assert Event.objects.get().status == Status.DRAFT


def test_an_event_whose_facts_are_all_stated_is_published(desk: Client) -> None:
    event = make_whole_event()
    answer = desk.post(change(event), filled(desk, change(event)) | {"_publish": "1"}, follow=True)
    assert "is now: published" in answer.content.decode()
    assert Event.objects.get().status == Status.PUBLISHED


def test_an_analyst_submits_and_cannot_publish(client: Client, alice: User) -> None:
    client.force_login(alice)
    event = make_whole_event()
    page = client.get(change(event))
    assert b'name="_submit"' in page.content
    assert b'name="_publish"' not in page.content
    data = filled(client, change(event))
    assert client.post(change(event), data | {"_publish": "1"}).status_code == 403
    client.post(change(event), data | {"_submit": "1"})
    assert Event.objects.get().status == Status.SUBMITTED


def test_saving_the_form_again_changes_no_claim(desk: Client) -> None:
    event = make_whole_event()
    before = list(Claim.objects.values_list("pk", "quote", "start", "end"))
    assert desk.post(change(event), filled(desk, change(event))).status_code == 302
    assert list(Claim.objects.values_list("pk", "quote", "start", "end")) == before


def test_in_a_draft_the_claim_follows_the_entry(desk: Client) -> None:
    event = make_whole_event()
    send(desk, change(event), counts__0__best=26)
    assert Claim.objects.get(facet=Facet.HOW_MANY).best == 26


def test_a_row_taken_out_of_a_draft_takes_its_claim_along(desk: Client) -> None:
    event = make_whole_event()
    send(desk, change(event), counts__0__DELETE="on")
    assert not Count.objects.exists()
    assert not Claim.objects.filter(facet=Facet.HOW_MANY).exists()


def test_a_published_event_is_not_changed_without_a_reason(desk: Client) -> None:
    event = make_published_event()
    before = everything()
    answer = send(desk, change(event), counts__0__best=30)
    assert "say why it is corrected" in errors(answer)
    assert everything() == before


def test_a_correction_keeps_the_claims_and_says_before_and_after(desk: Client, edith: User) -> None:
    event = make_published_event()
    third = make_report(text="بلغ عدد الشاحنات 30 شاحنة.")
    url = f"{change(event)}?report={third.pk}"
    send(desk, url, counts__0__best=30, counts__0__quote="30 شاحنة", correction_reason="A later report counts thirty.")
    corrected = workflow.whole(Event.objects.get())
    assert [count.best for count in corrected.counts.all()] == [30]
    assert set(Claim.objects.filter(facet=Facet.HOW_MANY).values_list("best", flat=True)) == {25, 30}
    assert [claim.best for claim in provenance.differing(corrected)] == [25]
    correction = Correction.objects.get()
    assert (correction.made_by, correction.report) == (edith, third)
    assert (correction.before["how_many"][0]["best"], correction.after["how_many"][0]["best"]) == (25, 30)


def test_a_published_event_stays_supported_when_corrected(desk: Client) -> None:
    event = make_published_event()
    before = everything()
    answer = send(desk, change(event), counts__0__best=31, correction_reason="A guess.")
    assert "no accepted claim states" in errors(answer)
    assert everything() == before


def test_a_retraction_needs_a_reason_and_closes_the_form(desk: Client) -> None:
    event = make_published_event()
    data, move = filled(desk, change(event)), reverse("admin:events_event_move", args=[event.pk, "retract"])
    seen = {"version": data["version"]}
    assert "Say why" in desk.post(move, seen | {"reason": " "}, follow=True).content.decode()
    assert "since you opened" in desk.post(move, {"reason": "No version."}, follow=True).content.decode()
    desk.post(move, seen | {"reason": "It was a video from 2019."})
    assert Event.objects.get().status == Status.RETRACTED
    assert desk.post(change(event), data).status_code == 409


def test_a_second_report_says_something_else_on_its_citation_page(desk: Client) -> None:
    event = make_whole_event()
    third = make_report(text="بلغ عدد الشاحنات 30 شاحنة.")
    citation = make_citation(event=event, report=third)
    url = reverse("admin:events_citation_change", args=[citation.pk])
    row = {"facet": "how_many", "measure": Measure.objects.get().pk, "best": 30, "quote": "30 شاحنة"}
    answer = send(desk, url, **{f"claims__0__{name}": value for name, value in row.items()})
    assert answer.status_code == 302, errors(answer)
    assert [claim.best for claim in provenance.differing(workflow.whole(event))] == [30]
    answer = send(
        desk, url, claims__1__facet="what", claims__1__type=EventType.objects.get().pk, claims__1__quote="٣٠ شاحنة"
    )
    assert "is not in the report word for word" in errors(answer)


def test_credibility_1_is_refused_with_one_origin_and_accepted_with_two(desk: Client) -> None:
    event = make_whole_event()
    sohr = Report.objects.get().relays.get().relayed_source
    second = make_report()
    make_relay(report=second, relayed_source=sohr)
    make_citation(event=event, report=second)
    answer = send(desk, change(event), credibility=1)
    assert "goes back to one origin" in errors(answer)
    make_citation(event=event, report=make_report(source=make_source()))
    assert send(desk, change(event), credibility=1).status_code == 302
    assert Citation.objects.filter(credibility=1).count() == 1


def test_what_a_published_claim_says_stays_and_only_its_standing_moves(desk: Client) -> None:
    event = make_published_event()
    third = make_report(text="بلغ عدد الشاحنات 30 شاحنة.")
    trucks = Measure.objects.get()
    own = {"citation": make_citation(event=event, report=third), "measure": trucks, "best": 30, "quote": "30 شاحنة"}
    claim = make_claim(**own)
    url = reverse("admin:events_citation_change", args=[claim.citation.pk])
    assert "what it says stays" in errors(send(desk, url, claims__0__best=31))
    send(desk, url, claims__0__standing="set_aside", claims__0__standing_reason="The network withdrew it.")
    assert Claim.objects.get(pk=claim.pk).standing == "set_aside"
    assert Claim.objects.get(pk=claim.pk).best == 30


def test_the_last_support_of_a_published_fact_is_not_set_aside(desk: Client) -> None:
    event = make_published_event()
    url = reverse("admin:events_citation_change", args=[event.citations.get().pk])
    answer = send(desk, url, claims__0__standing="set_aside", claims__0__standing_reason="Doubtful.")
    assert "no accepted claim states" in errors(answer)
    assert Claim.objects.filter(standing="accepted").count() == 5


def confirmed_event() -> tuple[Event, Report]:
    """An event with credibility 1 from two origins, and the independent report."""
    event = make_whole_event()
    independent = make_report()
    make_citation(event=event, report=independent, credibility=1)
    return event, independent


def test_a_relay_entered_later_does_not_leave_credibility_1_on_one_origin(desk: Client) -> None:
    _event, independent = confirmed_event()
    sohr = Source.objects.get(slug="sohr")
    url = reverse("admin:sources_report_change", args=[independent.pk])
    before = everything()
    answer = send(desk, url, relays__0__relayed_source=sohr.pk)
    assert "goes back to one origin" in errors(answer)
    assert everything() == before


def test_a_report_given_to_another_source_does_not_leave_credibility_1_on_one_origin(desk: Client) -> None:
    _event, independent = confirmed_event()
    url = reverse("admin:sources_report_change", args=[independent.pk])
    answer = send(desk, url, source=Source.objects.get(slug="sohr").pk)
    assert "goes back to one origin" in errors(answer)
    assert Report.objects.get(pk=independent.pk).source == independent.source


def test_credibility_1_counts_reports_behind_the_report(desk: Client) -> None:
    _event, independent = confirmed_event()
    unknown = make_report()
    make_relay(report=independent, relayed_report=unknown)
    with pytest.raises(ValidationError, match="goes back to one origin"):
        make_relay(report=unknown, relayed_source=Source.objects.get(slug="sohr"))
    assert unknown.relays.count() == 0


def test_a_citation_that_credibility_1_rests_on_is_not_deleted(desk: Client) -> None:
    event, independent = confirmed_event()
    event.citations.exclude(report=independent).update(credibility=1)
    citation = event.citations.get(report=independent)
    sent = {"post": "yes", "version": Event.objects.get(pk=event.pk).version}
    answer = desk.post(reverse("admin:events_citation_delete", args=[citation.pk]), sent, follow=True)
    assert "goes back to one origin" in answer.content.decode()
    action = {"action": "delete_selected", "_selected_action": [citation.pk], "post": "yes"}
    answer = desk.post(reverse("admin:events_citation_changelist"), action, follow=True)
    assert "goes back to one origin" in answer.content.decode()
    assert Citation.objects.filter(pk=citation.pk).exists()


def test_a_report_that_was_only_looked_at_is_not_cited(desk: Client) -> None:
    event = make_whole_event()
    other = make_report()
    assert send(desk, f"{change(event)}?report={other.pk}", summary_en="Said better.").status_code == 302
    assert Event.objects.get().summary_en == "Said better."
    assert not event.citations.filter(report=other).exists()


def test_what_a_retracted_event_rests_on_stays_as_it_was(desk: Client, edith: User) -> None:
    event = workflow.retract(make_published_event(), edith, "A video from 2019.")
    citation = event.citations.get()
    url = reverse("admin:events_citation_change", args=[citation.pk])
    before = everything()
    answer = send(desk, url, note="More.")
    assert "was retracted" in errors(answer)
    assert everything() == before
