"""An event that rests on a report which its reader may not see: what is claimed shows, in no words and by nobody."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError

from events import provenance, workflow
from events.choices import Facet, Qualifier, Status
from events.models import Citation, Event
from tests.factories import (
    TEXT,
    WORDS,
    make_citation,
    make_claim,
    make_count,
    make_outlet_report,
    make_published_event,
    make_report,
    make_site,
    make_source,
    make_user,
    make_whole_event,
)
from tests.pages import page_of, text
from tests.rest import API, client, given

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("public")]
SECRET = "همس المخبر: قرابة 30 شاحنة يوم الخميس"


@pytest.fixture
def event() -> Event:
    """A public event, which a RED report tells otherwise."""
    event = make_whole_event()
    source = make_source(slug="informer", name_en="The informer", name_ar="المخبر")
    report = make_report(tlp="RED", text=SECRET, title="Overheard", source=source)
    citation = make_citation(event=event, report=report, note="Met at the well.", credibility=4)
    figure: dict[str, Any] = {"measure": event.counts.get().measure, "best": 30, "qualifier": Qualifier.ABOUT}
    make_claim(citation=citation, **figure, phrase="قرابة 30 شاحنة", quote="قرابة 30 شاحنة", label="of the well")
    make_claim(citation=citation, when="2025-11-12", when_phrase="يوم الخميس", quote="يوم الخميس")
    make_claim(
        citation=citation,
        site=make_site(slug="the-well"),
        quote="همس",
        standing="set_aside",
        standing_reason="The informer was drunk.",
    )
    return workflow.publish(event, make_user("publisher", "Editor"))


def silent(words: str) -> bool:
    """Whether none of what the report says, or who says it, is in these words."""
    told = ["informer", "المخبر", "Overheard", "Met at", "drunk", "الخميس", "30 شاحنة", "of the well", "همس"]
    return not [word for word in told if word in words]


@pytest.mark.engine("postgresql")
def test_what_is_withheld_is_found_without_reading_all_reports(event):
    hidden = Citation.objects.filter(event=event).from_reports_hidden_from(AnonymousUser())
    assert [citation.note for citation in hidden] == ["Met at the well."]
    # So PostgreSQL answers NOT IN.
    assert "hashed SubPlan" not in hidden.explain()


@pytest.mark.parametrize("who", ["nobody", "victor", "alice"])
def test_rest_says_what_is_claimed_and_nothing_else(event, request, who):
    reader = None if who == "nobody" else request.getfixturevalue(who)
    detail = client(reader).get(f"{API}/events/{event.uuid}/")
    assert silent(detail.content.decode())
    shown, kept_back = given(detail)["citations"]
    assert (shown["withheld"], kept_back["withheld"]) == (False, True)
    assert shown["report"]
    assert kept_back["report"] is None
    assert (kept_back["note"], kept_back["credibility"]) == ("", 4)
    claims = {claim["facet"]: claim for claim in kept_back["claims"]}
    assert (claims["how_many"]["best"], claims["how_many"]["agrees"]) == (30, False)
    assert (claims["when"]["when"], claims["when"]["agrees"]) == ("2025-11-12", True)
    assert (claims["where"]["site"], claims["where"]["standing"]) == ("the-well", "set_aside")
    for claim in claims.values():
        assert (claim["quote"], claim["start"], claim["end"]) == ("", None, None)
        assert {claim[name] for name in ("phrase", "when_phrase", "label", "standing_reason")} == {""}
    assert given(detail)["origins"] == ["sohr"]


@pytest.mark.parametrize("who", ["nobody", "victor", "alice"])
def test_lists_searches_and_filters_leave_it_out(event, request, who):
    door = client(None if who == "nobody" else request.getfixturevalue(who))
    assert len(given(door.get(f"{API}/citations/?event={event.uuid}"))["results"]) == 1
    assert len(given(door.get(f"{API}/claims/?event={event.uuid}"))["results"]) == 5
    assert len(given(door.get(f"{API}/events/?source=informer"))["results"]) == 0
    assert len(given(door.get(f"{API}/events/?q=الخميس"))["results"]) == 0
    hidden = event.citations.get(report__tlp="RED")
    for where in (f"citations/{hidden.uuid}", f"claims/{hidden.claims.all()[0].uuid}", f"reports/{hidden.report.uuid}"):
        assert door.get(f"{API}/{where}/").status_code == 404


@pytest.mark.one_engine
@pytest.mark.parametrize("who", ["nobody", "victor", "alice"])
def test_the_page_says_that_a_report_is_withheld(event, client, request, who):
    if who != "nobody":
        client.force_login(request.getfixturevalue(who))
    shown = text(client.get(page_of(event)))
    assert silent(shown)
    assert "A report that is withheld" in shown
    assert "how many: says otherwise: about 30 trucks" in shown
    assert "when: says the same: 12 November 2025" in shown


def test_who_may_see_the_report_sees_all_of_it(event, edith):
    citations = given(client(edith).get(f"{API}/events/{event.uuid}/"))["citations"]
    assert [citation["withheld"] for citation in citations] == [False, False]
    assert citations[1]["report"]["source"] == "informer"
    assert citations[1]["note"] == "Met at the well."


def test_what_a_hidden_report_supports_is_not_missing(alice):
    event = make_whole_event(tlp="CLEAR", report=make_outlet_report(tlp="RED", text=TEXT))
    assert given(client(alice).get(f"{API}/events/{event.uuid}/"))["citations"][0]["withheld"]
    said = given(client(alice).get(f"{API}/events/{event.uuid}/"))["missing"]
    assert said
    assert all("marked RED" in sentence for sentence in said)


def test_words_of_a_stricter_report_are_not_published_as_the_events_own(edith):
    event = make_whole_event(report=make_outlet_report(tlp="AMBER"), when_phrase=WORDS[Facet.WHEN])
    with pytest.raises(ValidationError) as refused:
        workflow.publish(event, edith)
    said = " ".join(refused.value.messages)
    assert f"Date as worded: “{WORDS[Facet.WHEN]}” are words of a report marked AMBER" in said
    assert f"As worded: “{WORDS[Facet.HOW_MANY]}”" in said
    assert Event.objects.get(pk=event.pk).status == Status.DRAFT


def test_words_that_a_milder_report_says_too_are_free(edith):
    event = make_whole_event(report=make_outlet_report(tlp="AMBER"))
    make_citation(event=event, report=make_report())
    assert workflow.publish(event, edith).status == Status.PUBLISHED


def test_an_event_marked_as_strictly_may_hold_the_words(edith):
    event = make_whole_event(report=make_outlet_report(tlp="AMBER"), tlp="AMBER")
    assert workflow.publish(event, edith).status == Status.PUBLISHED


def test_a_correction_brings_no_hidden_words_into_a_published_event(event, edith):
    with (
        pytest.raises(ValidationError, match="are words of a report marked RED"),
        workflow.changing(event, edith, "Thursday, after all."),
    ):
        make_count(event=event, label="همس المخبر", measure=event.counts.get().measure, best=5)
    assert event.counts.count() == 1


def test_own_words_are_free(edith):
    event = make_whole_event(when_phrase="that Wednesday")
    assert not list(provenance.giving_away(event))
    assert make_published_event(when_phrase="that Wednesday").status == Status.PUBLISHED
