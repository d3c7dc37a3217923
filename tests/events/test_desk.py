"""The desk's own addresses: who may come, what is told, and with how many questions to the database."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from events.choices import Facet
from events.desk.paragraphs import paragraphs
from events.models import Claim, Event
from sources.choices import NoteKind, Tlp
from sources.models import Report
from tests.factories import (
    TEXT,
    WORDS,
    make_citation,
    make_claim,
    make_outlet_report,
    make_passage_note,
    make_published_event,
    make_qasrak,
    make_report,
    make_site,
    make_user,
    make_whole_event,
)

ROOMS = ["events_desk", "events_desk_cards", "events_desk_proposals"]


def at(room: str, report: Report) -> str:
    return reverse(f"admin:{room}", args=[report.pk])


def told(client: Client, report: Report) -> Any:
    answer = client.get(at("events_desk_cards", report))
    assert answer.status_code == 200
    return answer.json()


@pytest.fixture
def report(db: None) -> Report:
    return make_outlet_report()


# Who may come


@pytest.mark.parametrize("room", ROOMS)
def test_analysts_and_editors_come_in_and_viewers_do_not(client, report, alice, edith, victor, room):
    # Who only reads has nothing to do in the admin, and is asked who else it is.
    for person, status in ((alice, 200), (edith, 200), (victor, 302)):
        client.force_login(person)
        assert client.get(at(room, report)).status_code == status


@pytest.mark.parametrize("room", ROOMS)
def test_without_an_account_one_is_asked_to_log_in(client, report, room):
    answer = client.get(at(room, report))
    assert answer.status_code == 302
    assert "login" in answer.url


@pytest.mark.parametrize("room", ROOMS)
def test_a_hidden_report_answers_like_one_that_is_not_there(client, alice, edith, room):
    hidden = make_report(tlp=Tlp.RED, created_by=edith)
    client.force_login(alice)
    there, nowhere = client.get(at(room, hidden)), client.get(reverse(f"admin:{room}", args=[10**17]))
    assert there.status_code == nowhere.status_code == 404
    assert client.get(reverse(f"admin:{room}", args=[2**63])).status_code == 404
    client.force_login(edith)
    assert client.get(at(room, hidden)).status_code == 200


# The text


@pytest.mark.parametrize("text", ["", "a", "\n", "a\n\nb", "a\r\nb\rc\n", "𐤀 ب\n😀", TEXT])
def test_the_paragraphs_are_the_text_and_know_where_they_start(text):
    cut = list(paragraphs(text))
    assert "".join(part.text for part in cut) == text
    assert all(text[part.start : part.start + len(part.text)] == part.text for part in cut)


def test_markup_in_a_report_is_shown_as_text(client, alice):
    report = make_report(text="<b onclick=x>&amp;</b>\r\n", title="<i>title</i>")
    client.force_login(alice)
    page = client.get(at("events_desk", report)).content.decode()
    assert "&lt;b onclick=x&gt;&amp;amp;&lt;/b&gt;&#13;" in page
    assert "<i>title" not in page


@pytest.mark.parametrize(("language", "direction"), [("ar", "rtl"), ("en", "ltr")])
def test_the_text_runs_in_its_own_direction(client, alice, language, direction):
    client.force_login(alice)
    page = client.get(at("events_desk", make_report(language=language))).content.decode()
    assert f'id="desk-text" dir="{direction}" lang="{language}"' in page


# The cards


def test_a_card_tells_what_is_held_in_which_words_and_what_is_missing(client, alice, report):
    event = make_whole_event(report=report)
    Claim.objects.filter(facet=Facet.WHO).delete()
    client.force_login(alice)
    (card,) = told(client, report)["cards"]
    assert (card["reference"], card["status"]) == (event.reference, "draft")
    facts = {fact["facet"]: fact for fact in card["facts"]}
    start, end = facts["how_many"]["quotes"][0]
    assert report.text[start:end] == WORDS[Facet.HOW_MANY]
    assert facts["where"]["value"] == {"site": "qasrak-base", "site_role": "to"}
    assert not facts["who"]["supported"]
    (sentence,) = card["missing"]
    assert "International Coalition" in sentence


def test_what_the_report_says_otherwise_is_told(client, alice, report):
    event = make_whole_event(report=report)
    make_claim(citation=event.citations.get(), facet=Facet.WHERE, site=make_site(name_en="Rmelan"), quote="قسرك")
    client.force_login(alice)
    (card,) = told(client, report)["cards"]
    (differing,) = card["differing"]
    assert "Rmelan" in differing["text"]


def test_the_cards_stand_in_the_order_of_the_text(client, alice, report):
    late = make_whole_event(report=report)
    Claim.objects.exclude(facet=Facet.HOW_MANY).delete()
    early = make_whole_event(report=report)
    silent = make_citation(report=report).event
    client.force_login(alice)
    assert [card["reference"] for card in told(client, report)["cards"]] == [
        early.reference,
        late.reference,
        silent.reference,
    ]


def test_nothing_is_told_of_events_that_the_person_may_not_see(client, alice, edith, report):
    seen = make_whole_event(report=report)
    hidden = make_whole_event(report=report, tlp=Tlp.RED, created_by=edith)
    client.force_login(alice)
    content = client.get(at("events_desk_cards", report)).content.decode()
    assert str(seen.reference) in content
    assert str(hidden.reference) not in content
    client.force_login(edith)
    assert str(hidden.reference) in client.get(at("events_desk_cards", report)).content.decode()


def test_a_hidden_report_supports_a_fact_without_being_named(client, alice, edith, report):
    event = make_whole_event(report=report)
    Claim.objects.filter(facet=Facet.WHO).delete()
    red = make_report(tlp=Tlp.RED, created_by=edith, title="سري")
    coalition = event.involvements.get().actor
    make_claim(citation=make_citation(event=event, report=red), actor=coalition)
    client.force_login(alice)
    (card,) = told(client, report)["cards"]
    assert card["missing"] == []
    assert card["others"] == []


def test_a_merged_event_shows_on_the_card_of_the_one_it_was_merged_into(client, edith, report):
    other = make_published_event()
    merged = make_whole_event(report=report)
    Event.objects.filter(pk=merged.pk).update(status="merged", merged_into=other)
    client.force_login(edith)
    (card,) = told(client, report)["cards"]
    assert card["reference"] == other.reference
    assert card["quoted"]
    assert card["citation"] is None


def test_notes_and_attributions_are_told(client, alice, report):
    make_passage_note(report=report, kind=NoteKind.NOTE, text="Ask again.", created_by=alice)
    client.force_login(alice)
    content = told(client, report)
    assert [(note["kind"], note["text"], note["by"]) for note in content["notes"]] == [("note", "Ask again.", "alice")]
    start, end = content["relays"][0]
    assert report.text[start:end] == WORDS["relay"]


def test_names_are_offered_in_the_language_of_the_page_the_most_used_first(client, alice, report):
    make_whole_event(report=report)
    client.force_login(alice)
    offered = client.get(at("events_desk_cards", report), headers={"Accept-Language": "ar"}).json()["offers"]
    assert offered["sites"][0] == {"slug": "qasrak-base", "label": "قاعدة قسرك", "also": "Qasrak base"}
    assert [one["when"] for one in offered["dates"]] == ["2025-11-01/2025-11-15", "../2025-11-15"]


def test_proposals_say_by_which_rule_and_where(client, alice, report):
    make_qasrak()
    client.force_login(alice)
    found = client.get(at("events_desk_proposals", report)).json()["proposals"]
    qasrak = next(one for one in found if [choice["slug"] for choice in one["choices"]] == ["qasrak-base"])
    assert "قسرك" in report.text[qasrak["start"] : qasrak["end"]]
    assert qasrak["proposal"].startswith("name.")


def test_a_proposed_date_is_told_in_the_language_of_the_page(client, alice, report):
    client.force_login(alice)
    for language, month in (("en", "November"), ("ar", "تشرين الثاني")):
        found = client.get(at("events_desk_proposals", report), headers={"Accept-Language": language}).json()
        words = [one["words"] for one in found["proposals"] if one["facet"] == "when"]
        assert words
        assert all(month in said for said in words)
        assert not any(one["words"] for one in found["proposals"] if one["facet"] != "when")


# How much it asks


@pytest.mark.parametrize("room", ROOMS)
def test_the_number_of_queries_does_not_grow_with_the_events(client, alice, report, room):
    client.force_login(alice)
    make_whole_event(report=report)
    client.get(at(room, report))  # the names are read once, and kept
    counts = []
    for _round in range(2):
        make_whole_event(report=report)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(at(room, report)).status_code == 200
        counts.append(len(asked))
        for _event in range(9):
            make_whole_event(report=report)
    assert counts[0] == counts[1]


def test_the_ways_to_the_desk_are_for_those_who_code(client, report):
    for name, group, shown in (("anna", "Analyst", True), ("vera", "Editor", True)):
        client.force_login(make_user(name, group))
        for page in ("sources_report_changelist", "sources_report_change"):
            address = reverse(f"admin:{page}", args=[report.pk] if page.endswith("change") else [])
            assert (at("events_desk", report) in client.get(address).content.decode()) is shown
