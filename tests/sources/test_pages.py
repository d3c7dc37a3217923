"""The page of a source, and texts as pages show them."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from osint.base import markup
from sources.choices import Tlp
from sources.models import Relay
from sources.passages import pieces
from sources.templatetags import texts
from tests.factories import make_outlet_report, make_relay, make_report, make_source


@pytest.fixture
def public(settings, db):
    settings.PUBLIC_API = True


def quote(start: int, end: int) -> Relay:
    return Relay(start=start, end=end, quote="…")


def test_a_text_is_cut_where_quotes_begin_and_end():
    outer, inner, other = quote(1, 6), quote(2, 4), quote(5, 8)
    found = pieces("0123456789", [outer, inner, other])
    assert [piece.text for piece in found] == ["0", "1", "23", "4", "5", "67", "89"]
    assert [piece.within for piece in found] == [(), (outer,), (outer, inner), (outer,), (outer, other), (other,), ()]
    assert [piece.begins for piece in found] == [(), (outer,), (inner,), (), (other,), (), ()]


def test_a_quote_without_a_place_cuts_nothing():
    assert [piece.text for piece in pieces("whole", [Relay()])] == ["whole"]
    assert pieces("", []) == []


def test_an_invisible_mark_is_shown_by_its_name_and_markup_is_escaped():
    assert markup.legible("a\u200fb<i>") == 'a<bdi class="control" title="U+200F">⟦RLM⟧</bdi>b&lt;i&gt;'


@pytest.mark.parametrize(("language", "direction"), [("ar", "rtl"), ("ar-SY", "rtl"), ("en", "ltr"), ("xx", "auto")])
def test_a_text_runs_as_its_language_does(language, direction):
    assert texts.direction(language) == direction


@pytest.mark.parametrize(
    ("when", "words"), [(date(2025, 11, 12), "12 November 2025"), ("2025-11", "November 2025"), ("", ""), (None, "")]
)
def test_a_day_is_said_in_words(when, words):
    assert texts.in_words(when) == words


@pytest.mark.parametrize(("metres", "words"), [(300, "300 m"), (1000, "1 km"), (45_000, "45 km"), (1500, "1.5 km")])
def test_a_distance_is_said_as_people_say_it(metres, words):
    assert texts.distance(metres) == words


@pytest.mark.usefixtures("public")
def test_a_source_is_shown_with_its_letter_the_reason_and_its_reports(client):
    report = make_outlet_report(title="Convoy at the gate")
    html = client.get(reverse("source", args=[report.source.slug])).content.decode()
    assert "C · fairly reliable" in html
    assert "Names its sources as a rule." in html
    assert "Convoy at the gate" in html
    assert "according to" in html


@pytest.mark.usefixtures("public")
def test_a_source_lists_no_report_that_its_reader_may_not_see(client, victor):
    source = make_source()
    make_report(source=source, title="For some", tlp=Tlp.AMBER)
    address = reverse("source", args=[source.slug])
    assert "For some" not in client.get(address).content.decode()
    client.force_login(victor)
    assert "For some" in client.get(address).content.decode()


@pytest.mark.django_db
def test_where_the_installation_is_closed_a_source_is_read_by_those_who_log_in(client):
    source = make_source()
    answer = client.get(reverse("source", args=[source.slug]))
    assert (answer.status_code, answer.url) == (302, f"/login/?next=/sources/{source.slug}/")


@pytest.mark.usefixtures("public")
def test_a_source_that_is_not_there_is_not_found(client):
    assert client.get("/sources/nobody/").status_code == 404


@pytest.mark.usefixtures("public")
def test_a_source_asks_as_often_for_ten_reports_as_for_one(client, django_assert_num_queries):
    source = make_source()
    make_relay(report=make_outlet_report(source=source), relayed_report=make_report())
    address = reverse("source", args=[source.slug])
    with CaptureQueriesContext(connection) as once:
        client.get(address)
    for _ in range(9):
        make_relay(report=make_outlet_report(source=source), relayed_report=make_report())
    with django_assert_num_queries(len(once)):
        client.get(address)
