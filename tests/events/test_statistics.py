"""Statistics: nothing is counted twice, nothing smeared, nothing told that the reader may not see."""

from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from events.filters import EventFilters
from events.models import Event, Measure
from events.statistics import Question, postings
from events.stored import backing, terms
from osint.history import recording
from tests import factories as make
from tests.kit import shipped
from tests.rest import API, client, given, refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("public")]
STATS = f"{API}/events/stats/"


def asked(reader=None, **parameters):
    """The answer to a question."""
    return given(client(reader).get(STATS, parameters))


def figures(answer, *names):
    """What the rows say, by the value of their dimensions."""
    return {tuple(row[name] for name in answer["by"]): tuple(row[name] for name in names) for row in answer["rows"]}


def truck(number, *, event=None, measure="trucks", **values):
    """A count of trucks."""
    found = make.known(Measure, make.make_measure, measure)
    return make.make_count(event=event, measure=found, **({"best": number, "qualifier": "exactly"} | values))


def trucks(number, *, low=None, high=None, **values):
    """An event that counts trucks; none are put into words."""
    said = {"low": low, "high": high, "qualifier": "" if low or high else "exactly"} | (
        {} if number or low or high else {"phrase": "dozens", "qualifier": "dozens"}
    )
    with recording.change():
        event = make.make_event(**values)
        truck(number, event=event, **said)
    return event


def november(number=140, **values):
    """A whole: so many trucks in November."""
    return trucks(number, when="2025-11", is_aggregate=True, **values)


# The demo, counted by hand


@pytest.fixture
def demo(db):
    shipped.fill("taxonomy", "gazetteer", "actors", "sources", "demo")
    for kept in (terms, backing):
        kept.file_all()  # what is stored past the history is not filed by itself


def test_the_demo_has_fourteen_events_in_november_of_which_eight_have_no_single_day(demo):
    months = asked(by="month")
    assert figures(months, "events", "aggregates") == {("2025-11",): (14, 4)}
    days = asked(by="day")
    assert figures(days, "events") == {(f"2025-11-{day:02d}",): (1,) for day in (1, 2, 4, 11, 12, 13)}
    assert (days["imprecise"]["events"], days["imprecise"]["aggregates"], days["undated"]["events"]) == (8, 4, 0)
    assert days["total"] == {"events": 14, "aggregates": 4, "wholes": 0}


def test_three_aircraft_over_three_bases_are_three_and_not_three_a_base(demo):
    by_base = asked(by="site", measure="cargo-aircraft")
    assert by_base["rows"] == []
    assert by_base["imprecise"]["best"] == by_base["total"]["best"] == 3
    by_governorate = asked(by="site:governorate", measure="cargo-aircraft")
    assert figures(by_governorate, "events", "low", "best", "high") == {("al-hasakah",): (1, 3, 3, 3)}
    assert asked(by="actor", measure="cargo-aircraft")["total"]["best"] == 3
    assert asked(site="qasrak-base,kharab-al-jir-base", measure="cargo-aircraft")["total"]["best"] == 3


def test_eleven_people_were_detained_in_the_demo(demo):
    """A leader and three others in three operations, four in al-Raqqa, three in Deir ez-Zor."""
    found = asked(by="site:2", measure="detained")
    assert figures(found, "best") == {("al-hasakah",): (4,), ("al-raqqa",): (4,), ("deir-ez-zor",): (3,)}
    assert found["total"] | {"events": 3, "aggregates": 1, "best": 11, "without_best": 0} == found["total"]


def test_about_25_trucks_have_a_best_figure_and_neither_a_least_nor_a_most(demo):
    (row,) = asked(by="type", measure="trucks", type_level="1")["rows"]
    assert (row["type"], row["low"], row["best"], row["high"]) == ("military-movement", None, 25, None)
    assert (row["without_low"], row["without_best"], row["without_high"], row["without_number"]) == (1, 0, 1, 0)


def test_who_acts_and_on_whose_word_in_the_demo(demo):
    assert figures(asked(by="origins"), "events") == {(1,): (12,), (2,): (2,)}
    sources = asked(by="source")
    assert figures(sources, "events") == {
        ("arab-analysis-site",): (14,), ("jazira-field-network",): (2,), ("khabur-bulletin",): (4,)
    }  # fmt: skip
    assert (sources["adds_up"], sources["total"]["events"]) == (False, 14)
    assert figures(asked(by="actor", type="arrest-raid"), "events")[("sdf",)] == (3,)


# Wholes and parts


def test_parts_are_counted_in_place_of_their_whole_and_the_rest_stands_with_the_whole(alice):
    whole = november(140)
    trucks(50, when="2025-11-03", part_of=whole)
    trucks(40, when="2025-11-20", part_of=whole)
    found = asked(alice, by="day", measure="trucks")
    assert figures(found, "events", "best") == {("2025-11-03",): (1, 50), ("2025-11-20",): (1, 40)}
    assert (found["imprecise"]["events"], found["imprecise"]["best"]) == (0, 50)
    assert (found["total"]["best"], found["total"]["events"], found["total"]["wholes"]) == (140, 2, 1)
    (left,) = found["unexplained"]
    assert (left["reference"], left["whole"]["best"], left["parts"]["best"], left["rest"]["best"]) == (
        whole.reference, 140, 90, 50
    )  # fmt: skip


def test_a_part_outside_the_question_explains_its_share_all_the_same(alice):
    whole = november(140)
    trucks(50, when="2025-11-03", part_of=whole)
    trucks(40, when="2025-11-20", part_of=whole)
    found = asked(alice, date_to="2025-11-10", measure="trucks")
    assert (found["total"]["best"], found["total"]["events"]) == (100, 1)


def test_what_parts_make_up_leaves_no_rest(alice):
    whole = november(90)
    trucks(50, when="2025-11-03", part_of=whole)
    trucks(45, when="2025-11-20", part_of=whole)
    found = asked(alice, by="month", measure="trucks")
    assert figures(found, "events", "best") == {("2025-11",): (2, 95)}
    assert found["unexplained"] == []


def test_a_whole_in_words_alone_is_never_explained(alice):
    trucks(50, when="2025-11-03", part_of=november(None))
    found = asked(alice, measure="trucks")
    assert (found["total"]["best"], found["total"]["without_number"]) == (50, 1)
    assert found["unexplained"][0]["rest"] == {"low": None, "best": None, "high": None}


def test_a_retracted_part_explains_nothing_unless_retracted_ones_are_asked_for(alice):
    whole = november(140)
    part = trucks(50, when="2025-11-03", part_of=whole)
    Event.objects.filter(pk=part.pk).update(status="retracted", retraction_reason="No.", published_at=part.created_at)
    standing = asked(alice, measure="trucks")["total"]
    assert (standing["best"], standing["events"], standing["wholes"]) == (140, 1, 0)
    both = asked(alice, measure="trucks", status="draft,retracted")
    assert (both["total"]["best"], both["total"]["wholes"]) == (140, 1)


def test_a_hidden_part_answers_as_one_that_was_never_entered(alice, victor):
    whole = november(140)
    Event.objects.filter(pk=whole.pk).update(status="published", published_at=whole.created_at)
    before = [asked(reader, by="month", measure="trucks") for reader in (victor, None)]
    trucks(50, when="2025-11-03", part_of=whole)
    assert [asked(reader, by="month", measure="trucks") for reader in (victor, None)] == before
    assert asked(alice, measure="trucks")["total"]["wholes"] == 1


# Numbers


def test_each_bound_is_added_by_itself_and_says_how_many_lack_it(alice):
    trucks(None, low=10)
    trucks(None, low=20, high=30)
    trucks(5)
    trucks(None)
    total = asked(alice, measure="trucks")["total"]
    assert (total["low"], total["best"], total["high"]) == (35, 5, 35)
    assert (total["without_low"], total["without_best"], total["without_high"], total["without_number"]) == (1, 3, 2, 1)


def test_rows_of_one_event_add_up_and_a_party_is_asked_for_by_itself(alice):
    event, isis, sdf = make.make_event(), make.make_actor(slug="isis"), make.make_actor(slug="sdf")
    truck(3, event=event, party=isis)
    truck(4, event=event, party=sdf)
    assert asked(alice, measure="trucks")["total"]["best"] == 7
    assert asked(alice, measure="trucks", party="isis")["total"]["best"] == 3


def test_numbers_beyond_64_bits_are_added_up_to_the_last_digit(alice):
    for _time in range(3):
        trucks(2**63 - 1)
    assert asked(alice, measure="trucks")["total"]["best"] == 3 * (2**63 - 1)


def test_several_places_of_one_event_are_rows_that_do_not_add_up(alice):
    event = trucks(25)
    for slug in ("one", "other"):
        make.make_placement(event=event, site=make.make_site(slug=slug, kind="base"))
    found = asked(alice, by="site", measure="trucks")
    assert figures(found, "events", "best") == {("one",): (1, 25), ("other",): (1, 25)}
    assert (found["adds_up"], found["total"]["events"], found["total"]["best"]) == (False, 1, 25)


# Dates


@pytest.mark.parametrize(
    ("when", "cells"),
    [
        ("0001-01-01", {"day": "0001-01-01", "week": "0001-W01", "month": "0001-01", "year": "0001"}),
        ("9999-12-31", {"day": "9999-12-31", "week": "9999-W52", "month": "9999-12", "year": "9999"}),
        ("2024-12-30", {"day": "2024-12-30", "week": "2025-W01", "month": "2024-12", "year": "2024"}),
        ("2021-01-03", {"day": "2021-01-03", "week": "2020-W53", "month": "2021-01", "year": "2021"}),
    ],
)
def test_a_day_falls_in_its_week_month_and_year_to_the_ends_of_the_calendar(when, cells, alice):
    make.make_event(when=when)
    assert {name: asked(alice, by=name)["rows"][0][name] for name in cells} == cells


def test_a_date_wider_than_the_cell_stands_apart(alice):
    make.make_event(when="2025-10-30/2025-11-02")
    make.make_event(when="2025")
    make.make_event(when="")
    kind = make.make_event(when="../2025-11-16").type.slug
    months, years = asked(alice, by="month,type"), asked(alice, by="year")
    assert (months["rows"], months["undated"]["events"], months["imprecise"]["events"]) == ([], 1, 3)
    assert {"month": "imprecise", "type": kind, "events": 1, "aggregates": 0} in months["imprecise"]["rows"]
    assert figures(years, "events") == {("2025",): (2,)}
    assert (years["undated"]["events"], years["imprecise"]["events"]) == (1, 1)


# Refusals and forms


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("by=montt", ["by", "montt", "Did you mean “month”?", "governorate"]),
        ("by=governorate", ["Did you mean “site:governorate”?"]),
        ("by=month&as_of=2025-12-01", ["as_of", "what is held now"]),
        ("by=site:governorat", ["Did you mean “site:governorate”?"]),
        ("by=day,month,type", ["3 are too many", "one or two"]),
        ("by=month,month", ["“month” stands there twice"]),
        ("by=site:2,site:governorate", ["both places"]),
        ("by=month,", ["empty place between commas"]),
        ("by=", ["is empty"]),
        ("measure=truks", ["measure", "Did you mean “trucks”?"]),
        ("measure=trucks,tanks", ["does not add up"]),
        ("by=type&type_level=0", ["type_level", "from 1"]),
        ("type_level=1", ["Add by=type"]),
        ("by=month&page_size=3", ["page_size", "There is no parameter"]),
        ("by=month&ordering=newest", ["ordering"]),
        ("by=month&date_from=soon", ["date_from", "soon"]),
        ("by=month&format=geojson", ["geojson"]),
    ],
)
def test_what_cannot_be_counted_is_refused_by_its_name(question, words, alice):
    make.make_measure(slug="trucks", name_en="Trucks", name_ar="شاحنات")
    make.make_measure(slug="tanks", name_en="Tanks", name_ar="دبابات")
    refused(client(alice).get(f"{STATS}?{question}"), *words)


def test_who_may_not_read_may_not_count(settings):
    settings.PUBLIC_API = False
    assert client().get(STATS).status_code == 401


def test_as_a_table_every_cell_is_a_line_and_the_total_none(alice):
    trucks(25, when="2025-11-12")
    trucks(10, when="2025")
    answer: Any = client(alice).get(f"{STATS}?by=month&measure=trucks&format=csv")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[0].startswith("month,events,aggregates,low,best,high,without_low")
    assert [line.split(",")[:5] for line in lines[1:]] == [
        ["2025-11", "1", "0", "25", "25"], ["imprecise", "1", "0", "10", "10"]
    ]  # fmt: skip


def test_the_same_answer_is_not_sent_twice(alice):
    make.make_event()
    first = client(alice).get(f"{STATS}?by=month")
    tag = {"If-None-Match": first.headers["ETag"]}
    assert client(alice).get(f"{STATS}?by=month", headers=tag).status_code == 304
    make.make_event()
    assert client(alice).get(f"{STATS}?by=month", headers=tag).status_code == 200


@pytest.mark.one_engine
def test_the_number_of_queries_is_the_same_for_one_event_and_for_ten(alice):
    def cost(question):
        with CaptureQueriesContext(connection) as found:
            given(client(alice).get(f"{STATS}?{question}"))
        return len(found)

    def world():
        whole = november(140)
        part = trucks(50, when="2025-11-03", part_of=whole)
        make.make_placement(event=part)
        trucks(25)

    questions = ["by=month", "by=site,actor&measure=trucks", "by=origins", "by=week,source&measure=trucks"]
    world()
    cost("by=month")  # reads once who alice is
    before = [cost(question) for question in questions]
    for _time in range(9):
        world()
    assert [cost(question) for question in questions] == before


def test_the_common_question_is_answered_from_the_posting_lists_alone(alice):
    site = make.make_site(slug="al-hasakah", kind="governorate")
    make.make_placement(event=make.make_event(), site=site)
    request = RequestFactory().get("/")
    request.user = alice
    for sent in ({"site": "al-hasakah"}, {"site": "al-hasakah", "date_from": "2025-01-01"}, {}):
        found = EventFilters(sent, Event.objects.visible_to(alice), request=request)
        assert found.is_valid()
        filed = postings.filed(Question.read(QueryDict("by=month,type"), {}), found, alice)
        assert filed is not None
        assert (sum(filed.events.values()), filed.others) == (1, [])
