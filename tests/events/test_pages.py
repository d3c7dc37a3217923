"""The pages for readers: who may look, and the page of an event."""

import re
from typing import Any

import pytest
from django.template import loader
from django.urls import reverse

from events import workflow
from events.choices import ActorRole, Basis, CitationRole, Facet, Qualifier, SiteRole, Standing
from events.models import Event
from sources.choices import Tlp
from tests.factories import (
    WORDS,
    make_actor,
    make_citation,
    make_claim,
    make_correction,
    make_count,
    make_event,
    make_measure,
    make_outlet_report,
    make_placement,
    make_published_event,
    make_relay,
    make_report,
    make_site,
    make_source,
    make_user,
    make_whole_event,
)
from tests.pages import page_of, queries, text

# How it is shown; what is to be seen at all, `test_visibility` asks of both engines.
pytestmark = [pytest.mark.django_db, pytest.mark.one_engine]


# Who may look


@pytest.mark.parametrize("name", ["front", "event", "event-by-uuid", "report"])
def test_where_the_installation_is_closed_a_reader_is_asked_to_log_in(name, client):
    event = make_published_event()
    report = event.citations.get().report
    argument: dict[str, list[Any]] = {
        "front": [],
        "event": [event.reference],
        "event-by-uuid": [event.uuid],
        "report": [report.uuid],
    }
    address = reverse(name, args=argument[name])
    answer = client.get(address)
    assert answer.status_code == 302
    assert answer.url.startswith("/login/?next=")
    client.force_login(make_user("victor", "Viewer"))
    assert client.get(address, follow=True).status_code == 200


@pytest.mark.usefixtures("public")
def test_a_draft_is_found_by_those_who_work_on_it_and_by_nobody_else(client, victor, alice):
    event = make_whole_event()
    assert client.get(page_of(event)).status_code == 404
    client.force_login(victor)
    assert client.get(page_of(event)).status_code == 404
    assert str(event.reference) not in text(client.get("/"))
    client.force_login(alice)
    assert "This is a draft event" in text(client.get(page_of(event)))
    assert str(event.reference) in text(client.get("/"))


@pytest.mark.usefixtures("public")
def test_what_is_marked_is_not_there_for_the_public(client, victor):
    event = make_published_event(tlp=Tlp.AMBER)
    for address in (page_of(event), reverse("event-by-uuid", args=[event.uuid])):
        assert client.get(address).status_code == 404
    client.force_login(victor)
    assert "TLP:AMBER" in text(client.get(page_of(event)))


@pytest.mark.usefixtures("public")
def test_an_event_shows_nothing_of_a_report_that_its_reader_may_not_see(client, victor):
    hidden = make_outlet_report(tlp=Tlp.GREEN, title="Not for everybody")
    event = make_whole_event(report=hidden, when_phrase="")
    event.counts.update(phrase="")
    workflow.publish(event, make_user("publisher", "Editor"))
    shown = text(client.get(page_of(event)))
    for words in ("Not for everybody", hidden.source.name_en, "SOHR", *WORDS.values()):
        assert words not in shown
    for words in ("in a report that is not public", "A report that is withheld", "says the same: about 25 trucks"):
        assert words in shown
    assert client.get(reverse("report", args=[hidden.uuid])).status_code == 404
    client.force_login(victor)
    assert "Not for everybody" in text(client.get(page_of(event)))


@pytest.mark.usefixtures("public")
def test_a_hidden_report_that_another_one_relays_has_no_name(client):
    hidden = make_report(tlp=Tlp.RED, title="The first to say it")
    report = make_report()
    make_relay(report=report, relayed_report=hidden)
    event = make_published_event(report=report)
    for address in (page_of(event), reverse("report", args=[report.uuid])):
        shown = text(client.get(address))
        assert "The first to say it" not in shown
        assert "according to a report that is not public" in shown


@pytest.mark.usefixtures("public")
@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_pages_are_only_read(method, client):
    assert getattr(client, method)("/").status_code == 405


# The event


@pytest.mark.usefixtures("public")
def test_an_event_is_read_with_a_footnote_on_every_fact(client):
    event = make_published_event()
    answer = client.get(page_of(event))
    shown = text(answer)
    facets = re.findall(r"<dt>(what|when|where|who|how many)</dt>", answer.content.decode())
    assert facets == ["what", "when", "where", "who", "how many"]
    for said in ("Convoy arrival", "12 November 2025", "to Qasrak base", "International Coalition", "about 25 trucks"):
        assert said in shown
    for words in (Facet.WHAT, Facet.WHEN, Facet.WHERE, Facet.WHO, Facet.HOW_MANY, "relay"):
        assert WORDS[words] in shown
    for number in range(1, 6):
        assert f'href="#note-{number}"' in answer.content.decode()
        assert f'id="note-{number}"' in answer.content.decode()
    assert "C · fairly reliable" in shown
    assert "2 · probably true" in shown
    assert "according to SOHR" in shown
    assert "1 independent origin : SOHR ." in shown
    assert "published 15 November 2025" in shown
    assert f"http://testserver{page_of(event)}" in shown


@pytest.mark.usefixtures("public")
def test_the_uuid_leads_to_the_page(client):
    event = make_published_event()
    answer = client.get(reverse("event-by-uuid", args=[event.uuid]))
    assert (answer.status_code, answer.url) == (302, page_of(event))


@pytest.mark.usefixtures("public")
@pytest.mark.parametrize("address", ["/events/%00/", "/events/قسرك/", "/sources/%00/", "/reports/1/", "/events/SY-1/"])
def test_an_address_that_cannot_be_is_not_found(address, client):
    assert client.get(address).status_code == 404


@pytest.mark.usefixtures("public")
def test_a_reference_may_be_typed_small(client):
    event = make_published_event()
    assert client.get(page_of(event).lower()).status_code == 200


@pytest.mark.both_engines
@pytest.mark.usefixtures("public")
@pytest.mark.parametrize("name", ["q", "site", "date_from", "page", "status"])
@pytest.mark.parametrize("value", ["\x00", "\u202e", "9" * 5000, "'\"<>&", "قسرك"])
def test_whatever_is_asked_is_answered_without_a_fault(name, value, client):
    answer = client.get("/", {name: value})
    assert answer.status_code in {200, 400}
    assert "<>&" not in answer.content.decode()


@pytest.mark.usefixtures("public")
def test_a_bounded_date_is_shown_with_its_bounds_and_as_edtf(client):
    event = make_published_event(when="2025-11-01/2025-11-12")
    shown = text(client.get(page_of(event)))
    assert "1–12 November 2025" in shown
    assert "earliest 1 November 2025 · latest 12 November 2025" in shown
    assert "EDTF 2025-11-01/2025-11-12" in shown


@pytest.mark.usefixtures("public")
def test_what_is_inferred_says_why(client):
    event = make_whole_event(type_basis=Basis.INFERRED, type_reason="The trucks came <in> one column.")
    shown = client.get(page_of(workflow.publish(event, make_user("edith", "Editor")))).content.decode()
    assert '<span class="basis inferred">inferred</span>' in shown
    assert "The trucks came &lt;in&gt; one column." in shown


@pytest.mark.usefixtures("public")
def test_another_number_is_shown_as_what_another_report_says(client):
    event = make_published_event()
    other = make_citation(event=event, report=make_report(source=make_source(name_en="Jazira Network")))
    make_claim(
        citation=other,
        measure=event.counts.get().measure,
        best=30,
        qualifier=Qualifier.ABOUT,
        standing=Standing.IN_CONFLICT,
        standing_reason="Counted at the gate.",
    )
    shown = text(client.get(page_of(event)))
    assert "Jazira Network says otherwise: about 30 trucks" in shown
    assert "in conflict Counted at the gate." in re.sub(r"\s+", " ", shown)
    assert "2 independent origins" in shown


@pytest.mark.usefixtures("public")
def test_a_report_that_denies_the_event_is_shown_as_denying_it(client):
    event = make_published_event()
    denial = make_citation(
        event=event, report=make_report(source=make_source(name_en="The ministry")), role=CitationRole.DENIES
    )
    make_claim(citation=denial, facet=Facet.WHAT)
    shown = text(client.get(page_of(event)))
    assert "The ministry , which denies the event, says the same: Convoy arrival" in shown
    assert "denies it" in shown


@pytest.mark.usefixtures("public")
def test_claims_on_the_same_words_share_a_footnote(client):
    event = make_published_event()
    citation = event.citations.get()
    make_claim(citation=citation, actor=make_actor(), quote=WORDS[Facet.WHERE])
    html = client.get(page_of(event)).content.decode()
    assert 'id="note-5"' in html
    assert 'id="note-6"' not in html
    assert "on where, who" in text(client.get(page_of(event)))


@pytest.mark.usefixtures("public")
def test_a_retracted_event_says_so_at_its_address_and_is_in_no_list(client, edith):
    event = workflow.retract(make_published_event(), edith, "It was another convoy.")
    shown = text(client.get(page_of(event)))
    assert "Retracted" in shown
    assert "It was another convoy." in shown
    assert str(event.reference) not in text(client.get("/"))
    assert str(event.reference) in text(client.get("/?status=retracted"))
    assert str(event.reference) not in text(client.get(reverse("report", args=[event.citations.get().report.uuid])))


@pytest.mark.usefixtures("public")
def test_a_correction_shows_before_after_and_why_but_its_author_only_inside(client, edith):
    event = make_published_event()
    count = event.counts.get()
    with workflow.changing(event, by=edith, reason="The Observatory corrected its figure."):
        count.best, count.basis, count.reason = 20, Basis.DERIVED, "Five were counted twice."
        count.full_clean()
        count.save()
    html = client.get(page_of(event)).content.decode()
    shown = text(client.get(page_of(event)))
    assert "The Observatory corrected its figure." in shown
    assert "before: about 25 trucks" in shown
    assert "after: about 20 trucks" in shown
    assert "(derived: Five were counted twice.)" in shown
    assert "edith" not in html
    client.force_login(edith)
    assert "edith" in client.get(page_of(event)).content.decode()


@pytest.mark.usefixtures("public")
def test_every_kind_of_correction_can_be_read(client):
    event, site, actor = make_published_event(), make_site(name_en="Rmelan"), make_actor(name_en="The patrol")
    whole, hidden = make_published_event(), make_event(is_aggregate=True)
    make_correction(
        event=event,
        before={
            "what": {"type": "gone-type", "basis": "stated", "reason": ""},
            "when": {"when": "2025-11-11", "phrase": "", "basis": "stated", "reason": ""},
            "where": [],
            "who": [{"actor": actor.slug, "role": ActorRole.ACTS, "basis": "stated", "reason": ""}],
            "is_aggregate": False,
            "part_of": hidden.reference,
            "summary_en": "Before.",
        },
        after={
            "what": {"type": event.type.slug, "basis": "stated", "reason": ""},
            "when": {"when": "", "phrase": "", "basis": "stated", "reason": ""},
            "where": [{"site": site.slug, "role": SiteRole.NEAR, "basis": "inferred", "reason": "The only road."}],
            "who": [],
            "is_aggregate": True,
            "part_of": whole.reference,
            "summary_en": "After.",
        },
    )
    shown = text(client.get(page_of(event)))
    for line in (
        "before: gone-type after: Convoy arrival",
        "before: 11 November 2025 after: no date",
        "after: near Rmelan (inferred: The only road.)",
        "before: The patrol (acts)",
        "before: no after: yes",
        f"before: another event after: {whole.reference}",
        "before: Before. after: After.",
    ):
        assert line in shown
    assert str(hidden.reference) not in shown


@pytest.mark.usefixtures("public")
def test_parts_and_their_whole_lead_to_each_other_where_both_may_be_seen(client):
    whole = make_published_event(is_aggregate=True)
    part, draft = make_published_event(part_of=whole), make_whole_event(part_of=whole)
    assert page_of(whole) in client.get(page_of(part)).content.decode()
    shown = client.get(page_of(whole)).content.decode()
    assert page_of(part) in shown
    assert page_of(draft) not in shown
    assert "In all about 25 trucks; the parts account for 25." in shown


@pytest.mark.usefixtures("public")
def test_a_part_without_a_number_leaves_the_sum_unsaid(client, edith):
    whole = make_published_event(is_aggregate=True)
    part = make_published_event(part_of=whole)
    with workflow.changing(part, by=edith, reason="Nobody counted."):
        part.counts.update(best=None, qualifier=Qualifier.DOZENS, basis=Basis.INFERRED, reason="Seen from afar.")
    assert "the parts account for" not in text(client.get(page_of(whole)))


@pytest.mark.usefixtures("public")
def test_the_arabic_page_runs_from_right_to_left_in_arabic(client):
    event = make_published_event()
    client.cookies["django_language"] = "ar"
    html = client.get(page_of(event)).content.decode()
    assert '<html lang="ar" dir="rtl">' in html
    assert "تشرين الثاني/نوفمبر" in html
    assert "وصول قافلة" in html


@pytest.mark.usefixtures("public")
def test_text_by_others_is_escaped_and_invisible_marks_are_shown(client):
    event = make_published_event(summary_en="<script>alert(1)</script> read \u202ebackwards")
    html = client.get(page_of(event)).content.decode()
    assert "<script>" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "\u202e" not in html
    assert '<bdi class="control" title="U+202E">⟦RLO⟧</bdi>' in html


@pytest.mark.usefixtures("public")
@pytest.mark.parametrize("name", ["event", "front", "report", "404"])
def test_no_page_needs_an_inline_script_or_style(name, client):
    event = make_published_event()
    address = {
        "event": page_of(event),
        "front": "/",
        "report": reverse("report", args=[event.citations.get().report.uuid]),
        "404": "/nowhere/",
    }[name]
    answer = client.get(address)
    html = answer.content.decode()
    assert "default-src 'self'" in answer["Content-Security-Policy"]
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=", html)


# Errors


@pytest.mark.parametrize("name", ["400.html", "403.html", "404.html", "500.html"])
def test_an_error_page_needs_neither_a_request_nor_a_database(name):
    html = loader.get_template(name).render()
    assert "<h1>" in html
    assert 'href="/"' in html
    assert "set_language" not in html


def test_what_is_not_there_says_so_and_leads_back(client):
    answer = client.get("/nowhere/")
    assert answer.status_code == 404
    assert "To the incidents" in text(answer)


# The same number of queries at one row and at ten


def ten_times(event: Event) -> None:
    """Nine more of everything under the event."""
    for _ in range(9):
        citation = make_citation(event=event, report=make_outlet_report())
        make_relay(report=citation.report, relayed_report=make_report())
        make_placement(event=event, site=make_site(parent=make_site()), basis=Basis.INFERRED, reason="By road.")
        make_count(event=event, basis=Basis.INFERRED, reason="By hand.")
        make_claim(citation=citation, site=make_site())
        make_claim(citation=citation, measure=make_measure(), best=7, party=make_actor())
        make_correction(event=event, report=make_report())


@pytest.mark.usefixtures("public")
def test_the_event_page_asks_as_often_for_ten_of_everything_as_for_one(client, django_assert_num_queries):
    event = make_published_event()
    citation = event.citations.get()
    make_relay(report=citation.report, relayed_report=make_report())
    make_count(event=event, basis=Basis.INFERRED, reason="By hand.", party=make_actor())
    make_claim(citation=citation, measure=make_measure(), best=7, party=make_actor())
    make_correction(
        event=event,
        report=make_report(),
        before={"what": {"type": "a"}, "where": [{"site": "a", "role": "at"}]},
        after={"who": [{"actor": "a", "role": "acts"}], "how_many": [{"measure": "a", "best": 1}], "part_of": "SY-1"},
    )
    once = queries(client, page_of(event))
    ten_times(event)
    with django_assert_num_queries(once):
        client.get(page_of(event))
