"""What the list of events answers, by each of its parameters; for each reader only what they may see."""

import uuid
from datetime import date

import pytest

from events.choices import Facet, Status
from events.models import Event, Site
from tests.factories import (
    TEXT,
    WORDS,
    make_actor,
    make_citation,
    make_claim,
    make_event,
    make_event_type,
    make_involvement,
    make_outlet_report,
    make_placement,
    make_published_event,
    make_qasrak,
    make_report,
    make_site,
    make_site_name,
    make_source,
    make_whole_event,
)
from tests.kit.shelf import load
from tests.rest import API, client, given, refused

EVENTS = f"{API}/events/"
SPELLINGS = ["قسرك", "Qasrek", "Kasrak", "qasrak base", "قاعدة قسرك", "QASRAK", "قـسـرك"]


def found(user, **parameters):
    return {row["uuid"] for row in given(client(user).get(EVENTS, parameters))["results"]}


def ids(*events):
    return {str(event.uuid) for event in events}


# Dates


def test_a_date_matches_where_the_event_may_have_happened(alice):
    day = make_event(when="2025-11-12")
    span = make_event(when="2025-11-01/2025-11-15")
    month = make_event(when="2025-11")
    open_end = make_event(when="2025-10-01/..")
    undated = make_event(when="")
    assert found(alice, date_from="2025-11-13") == ids(span, month, open_end, undated)
    assert found(alice, date_to="2025-10-31") == ids(open_end, undated)
    assert found(alice, date_from="2025-11-12", date_to="2025-11-12") == ids(day, span, month, open_end, undated)
    assert found(alice, date_from="2025-11-16", date_to="2025-11-20") == ids(month, open_end, undated)


@pytest.mark.parametrize(
    "day", ["2025-02-30", "2025-13-01", "20251101", "2025-11", "tomorrow", "٢٠٢٥-١١-٠١", "0000-01-01"]
)
def test_a_day_that_cannot_be_read_is_refused(alice, day):
    refused(client(alice).get(EVENTS, {"date_from": day}), '"date_from"', day, "2025-11-01")


def test_a_range_that_ends_before_it_starts_is_refused(alice):
    range_ = {"date_from": "2025-11-15", "date_to": "2025-11-01"}
    refused(client(alice).get(EVENTS, range_), '"date_from"', "date_to=2025-11-01", "Exchange them")


# Places, types, actors


def test_a_place_includes_all_that_lies_within_it(alice):
    base = make_qasrak()
    at_base, at_governorate = make_event(), make_event()
    make_placement(event=at_base, site=base)
    make_placement(event=at_governorate, site=Site.objects.get(slug="al-hasakah"))
    elsewhere = make_event()
    make_placement(event=elsewhere, site=make_site(slug="al-raqqa", name_en="Al-Raqqa", name_ar="الرقة"))
    assert found(alice, site="al-hasakah") == ids(at_base, at_governorate)
    assert found(alice, site="qasrak-base") == ids(at_base)
    assert found(alice, site="qasrak-base,al-raqqa") == ids(at_base, elsewhere)


def test_a_place_named_twice_gives_its_event_once(alice):
    event = make_event()
    base = make_qasrak()
    make_placement(event=event, site=base, role="from")
    make_placement(event=event, site=base, role="to")
    assert len(given(client(alice).get(EVENTS, {"site": "syria"}))["results"]) == 1


def test_a_type_includes_the_narrower_ones(alice):
    strike = make_event_type(slug="strike", name_en="Strike", name_ar="ضربة")
    drone = make_event_type(slug="drone-strike", name_en="Drone strike", name_ar="ضربة مسيرة", parent=strike)
    broad, narrow, _other = make_event(type=strike), make_event(type=drone), make_event()
    assert found(alice, type="strike") == ids(broad, narrow)
    assert found(alice, type="drone-strike") == ids(narrow)


def test_an_actor_is_found_in_any_part(alice):
    coalition = make_actor(slug="coalition", name_en="Coalition", name_ar="التحالف")
    acting, struck, _other = make_event(), make_event(), make_event()
    make_involvement(event=acting, actor=coalition, role="acts")
    make_involvement(event=struck, actor=coalition, role="target")
    assert found(alice, actor="coalition") == ids(acting, struck)


def test_a_slug_that_is_not_there_is_refused_with_the_nearest(alice):
    make_qasrak()
    refused(client(alice).get(EVENTS, {"site": "al-hasaka"}), '"site"', "al-hasaka", "“al-hasakah”")
    refused(client(alice).get(EVENTS, {"site": "qasrek"}), '"site"', "“qasrak-base”")
    refused(client(alice).get(EVENTS, {"site": "al-hasakah,,"}), '"site"', "commas")
    refused(client(alice).get(EVENTS, {"site": ",".join(["syria"] * 51)}), '"site"', "at most 50")


# Sources and reports


def test_a_source_is_that_of_a_report_that_the_reader_may_see(alice, settings):
    settings.PUBLIC_API = True
    secret = make_source(slug="secret-channel", name_en="A channel", name_ar="قناة")
    event = make_published_event()
    hidden = make_report(source=secret, tlp="AMBER")
    make_citation(event=event, report=hidden)
    cited = event.citations.all()[0].report
    assert found(alice, source="secret-channel") == found(alice, report=str(hidden.uuid)) == ids(event)
    assert found(None, source="secret-channel") == found(None, report=str(hidden.uuid)) == set()
    assert found(None, source=cited.source.slug) == found(None, report=str(cited.uuid)) == ids(event)
    assert found(alice, report=str(uuid.uuid4())) == set()


def test_a_report_that_is_no_uuid_is_refused(alice):
    refused(client(alice).get(EVENTS, {"report": "7"}), '"report"', "“7”", "UUID")


# Status


def test_drafts_are_for_those_who_work_on_them(alice, victor, settings):
    settings.PUBLIC_API = True
    draft, published = make_event(), make_published_event()
    amber = make_published_event(report=make_outlet_report(), tlp="AMBER")
    assert found(alice) == ids(draft, published, amber)
    assert found(victor) == ids(published, amber)
    assert found(None) == ids(published)
    assert found(victor, status="draft") == found(None, status="draft") == set()
    assert found(alice, status="draft") == ids(draft)
    refused(client(alice).get(EVENTS, {"status": "publised"}), '"status"', "“published”", "Known:")


# Words


@pytest.fixture
def told():
    """Events that speak of Qasrak, each in another way, and two that do not."""
    base = make_qasrak()
    placed = make_event()
    make_placement(event=placed, site=base)
    latin = make_event(summary_en="Shots were heard near Qasrek.", summary_ar="")
    other_latin = make_event(summary_en="Shots were heard; Kasrak was closed.", summary_ar="")
    arabic = make_event(summary_en="", summary_ar="سمعت أصوات قرب قَسْرك.")
    quoted = make_event(summary_en="Shots were heard.", summary_ar="")
    make_claim(citation=make_citation(event=quoted, report=make_report()), quote=WORDS[Facet.WHERE])
    make_event(summary_en="A patrol passed Amuda.", summary_ar="")
    make_event(summary_en="Casinos and crackers.", summary_ar="")
    return ids(placed, latin, other_latin, arabic, quoted)


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_every_spelling_of_a_name_finds_the_same_events(alice, told, spelling):
    assert found(alice, q=spelling) == told


def test_a_spelling_of_its_own_is_found_too(alice, told):
    make_site_name(site=Site.objects.get(slug="qasrak-base"), text="Camp Foxtrot", language="en")
    assert found(alice, q="Foxtrot") == found(alice, q="Camp Foxtrot") == found(alice, q="fokstrut") == told


def test_each_word_must_be_found(alice, told):
    assert len(found(alice, q="qasrak shots")) == 3
    assert found(alice, q="qasrak amuda") == set()


def test_a_reference_is_found(alice):
    first, second = make_event(), make_event()
    assert found(alice, q=first.reference) == ids(first)
    assert found(alice, q="sy-2025") == ids(first, second)


def test_a_short_word_does_not_stand_for_half_of_all_names(alice):
    make_actor(slug="us-forces", name_en="US", name_ar="أميركا")
    make_site(slug="ar", name_en="Ar", name_ar="عر")
    for summary in ("A bus of the Russian police was busy.", "A house fell in.", "Arrests of Arabs."):
        make_event(summary_en=summary, summary_ar="")
    for word in ("عر", "أميركا", "us", "ar", "al"):
        assert found(alice, q=word) == set(), word
    spoken = make_event(summary_en="The US withdrew.", summary_ar="")
    last = make_event(summary_en="A patrol of the US", summary_ar="")
    assert found(alice, q="US") == found(alice, q="أميركا") == ids(spoken, last)


def test_words_of_a_quote_are_found_by_those_who_may_read_it(alice, edith, settings):
    settings.PUBLIC_API = True
    event = make_published_event()
    hidden = make_report(text="سر في الصندوق الأزرق", tlp="RED")
    make_claim(citation=make_citation(event=event, report=hidden))
    assert found(edith, q="الصندوق") == ids(event)
    assert found(alice, q="الصندوق") == found(None, q="الصندوق") == set()
    assert found(None, q="قافلة") == ids(event)


def test_the_text_of_a_report_is_not_searched_for_events(alice):
    make_citation(event=make_event(), report=make_report(text=TEXT + "غير مذكور"))
    assert found(alice, q="مذكور") == set()


@pytest.mark.parametrize("text", ["…", "،؛", " ـ "])
def test_words_without_a_letter_are_refused(alice, text):
    refused(client(alice).get(EVENTS, {"q": text}), '"q"')


def test_too_many_words_are_refused(alice):
    refused(client(alice).get(EVENTS, {"q": "a b c d e f g h i"}), '"q"', "at most 8")
    refused(client(alice).get(EVENTS, {"q": "a" * 201}), '"q"', "at most 200")


# The parameters themselves


@pytest.mark.parametrize(
    ("asked", "meant"),
    [("per_page=5", "page_size"), ("start_date=2025-11-01", "date_from"), ("country=syria", "site"), ("search=x", "q")],
)
def test_what_other_apis_call_otherwise_is_refused_with_our_name_for_it(alice, asked, meant):
    refused(client(alice).get(f"{API}/events/?{asked}"), f"Did you mean “{meant}”?")


def test_an_unknown_parameter_is_refused_with_the_nearest_and_all_known(alice):
    refused(
        client(alice).get(EVENTS, {"date_form": "2025-11-01"}),
        '"date_form"',
        "“date_from”",
        "page_size, ",
        "part_of!, ",
        "site_empty",
    )
    refused(client(alice).get(f"{EVENTS}{make_event().uuid}/", {"site": "x"}), '"site"')
    refused(client(alice).post(f"{EVENTS}?dry=1", {}), '"dry"')


def test_a_parameter_sent_twice_or_empty_is_refused(alice):
    refused(client(alice).get(f"{EVENTS}?type=a&type=b"), '"type"', "2 times", "commas")
    refused(client(alice).get(f"{EVENTS}?site="), '"site"', "empty")
    refused(client(alice).get(f"{EVENTS}?q=a%00b"), '"q"', "NUL")


# The acceptance of the issue


@pytest.mark.django_db
def test_the_demo_answers_the_question_of_a_data_user(settings):
    settings.PUBLIC_API = True
    load("taxonomy", "gazetteer", "actors", "sources", "demo")
    question = {"site": "al-hasakah", "date_from": "2025-11-01", "date_to": "2025-11-15"}
    rows = given(client().get(EVENTS, question))["results"]
    (airlift,) = [row for row in rows if row["type"] == "airlift"]
    assert (airlift["earliest"], airlift["latest"]) == ("2025-11-01", "2025-11-15")
    assert {place["site"] for place in airlift["placements"]} >= {"qasrak-base", "kharab-al-jir-base"}
    assert [(count["best"], count["label"]) for count in airlift["counts"]] == [(3, "")]
    hasakah = Site.objects.get(slug="al-hasakah")
    for row in rows:
        assert any(Site.objects.get(slug=place["site"]).path.startswith(hasakah.path) for place in row["placements"])
        assert row["earliest"] is None or date.fromisoformat(row["earliest"]) <= date(2025, 11, 15)
    left_out = Event.objects.filter(status=Status.PUBLISHED).exclude(uuid__in=[row["uuid"] for row in rows])
    assert any("al-raqqa" in place.site.path for event in left_out for place in event.placements.all())
    assert any("deir-ez-zor" in place.site.path for event in left_out for place in event.placements.all())
    by_name = [found(None, q=spelling) for spelling in ("قسرك", "Qasrek", "Kasrak")]
    assert by_name[0] == by_name[1] == by_name[2] != set()


def test_a_name_in_a_whole_event_is_found_by_place_and_by_quote(alice):
    event = make_whole_event()
    assert found(alice, q="convoy") == found(alice, q="قافلة") == ids(event)
