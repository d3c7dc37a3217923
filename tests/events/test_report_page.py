"""The page of a report: its text with the quoted passages marked."""

import re
from datetime import date

import pytest
from django.urls import reverse

from events.choices import Facet
from tests.factories import (
    TEXT,
    WORDS,
    make_actor,
    make_claim,
    make_outlet_report,
    make_published_event,
    make_report,
    make_whole_event,
)
from tests.pages import page_of, text

pytestmark = pytest.mark.django_db


@pytest.mark.usefixtures("public")
def test_a_report_shows_its_text_with_the_quoted_passages_marked(client):
    event = make_published_event()
    report = event.citations.get().report
    html = client.get(reverse("report", args=[report.uuid])).content.decode()
    assert f"<mark>{WORDS[Facet.HOW_MANY]}</mark>" in html
    assert f'<mark class="attribution">{WORDS["relay"]}</mark>' in html
    assert f'<sup><a href="{page_of(event)}"' in html
    claim = event.citations.get().claims.get(facet=Facet.WHO)
    assert f'<span id="quote-{claim.uuid}"></span>' in html
    assert '<div class="text" lang="ar" dir="rtl">' in html
    body = re.search(r'<div class="text"[^>]*>(.*?)</div>', html, re.DOTALL)
    assert body
    assert re.sub(r"<sup>.*?</sup>|<[^>]+>", "", body[1]) == TEXT


@pytest.mark.usefixtures("public")
def test_overlapping_quotes_of_two_events_are_both_marked(client):
    report = make_outlet_report()
    first, second = make_published_event(report=report), make_published_event(report=report)
    longer = f"{WORDS[Facet.WHAT]} {WORDS[Facet.WHO]} {WORDS[Facet.WHERE]}"
    make_claim(citation=second.citations.get(), actor=make_actor(), quote=longer)
    html = client.get(reverse("report", args=[report.uuid])).content.decode()
    for event in (first, second):
        assert page_of(event) in html
    body = re.search(r'<div class="text"[^>]*>(.*?)</div>', html, re.DOTALL)
    assert body
    assert re.sub(r"<sup>.*?</sup>|<[^>]+>", "", body[1]) == TEXT
    # Where the longer quote goes on, only the first event's passage is over.
    after_what = body[1].partition(f"<mark>{WORDS[Facet.WHAT]}</mark>")[2]
    assert after_what.startswith(f'<sup><a href="{page_of(first)}"')
    assert page_of(second) not in after_what.partition("<mark>")[0]


@pytest.mark.usefixtures("public")
def test_a_report_runs_no_markup_and_shows_what_is_invisible(client):
    report = make_report(
        text="<b onclick=alert(1)>no</b> \u200fمن اليمين\u202e", language="ku", translation="<i>no</i>"
    )
    html = client.get(reverse("report", args=[report.uuid])).content.decode()
    assert "&lt;b onclick=alert(1)&gt;no&lt;/b&gt;" in html
    assert "&lt;i&gt;no&lt;/i&gt;" in html
    assert "⟦RLM⟧" in html
    assert "⟦RLO⟧" in html
    assert 'lang="ku" dir="auto"' in html


@pytest.mark.usefixtures("public")
def test_drafts_leave_no_mark_in_a_report_that_the_public_reads(client, alice):
    event = make_whole_event()
    address = reverse("report", args=[event.citations.get().report.uuid])
    html = client.get(address).content.decode()
    assert "<mark>" not in html
    assert str(event.reference) not in html
    client.force_login(alice)
    assert "<mark>" in client.get(address).content.decode()


@pytest.mark.usefixtures("public")
def test_wordings_lead_to_each_other(client):
    early = make_report(title="Early wording")
    late = make_report(title="Late wording", updates=early, published_on=date(2025, 11, 16))
    assert "Late wording" in text(client.get(reverse("report", args=[early.uuid])))
    assert "Early wording" in text(client.get(reverse("report", args=[late.uuid])))
