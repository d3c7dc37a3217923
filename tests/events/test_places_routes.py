"""A route is read as one, in both languages, and drawn in the order in which it was reported."""

import json
from html import unescape
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from events.models import Event
from events.pages.route import drawing, route
from events.pages.wording import places
from tests.factories import make_event, make_placement, make_published_event, make_site

pytestmark = pytest.mark.django_db

NOTE = {"namesake_note": "Each event here has places of its own."}
POINTS = {"A": (36.0, 40.0), "B": (36.1, 40.1), "C": (36.2, 40.2), "D": (36.3, 40.3), "E": None}


def event_with(*stops: str) -> Event:
    """An event with these places, as in "to C"."""
    event = make_event()
    for position, stop in enumerate(stops):
        role, name = stop.split()
        point = POINTS[name]
        known = {"latitude": point[0], "longitude": point[1], "precision_m": 500} if point else {}
        site = make_site(
            name_en=name, name_ar={"A": "أ", "B": "ب", "C": "ج", "D": "د", "E": "هـ"}[name], **NOTE, **known
        )
        make_placement(event=event, site=site, role=role, position=position)
    return Event.objects.get(pk=event.pk)


def plain(said: Any) -> str:
    return unescape(str(said).replace("<bdi>", "").replace("</bdi>", ""))


@pytest.mark.parametrize(
    ("stops", "said"),
    [
        (("to C", "via B", "to D", "from A"), "from A via B to C and D"),
        (("from A", "via B", "via C", "to D"), "from A via B and C to D"),
        (("to B", "to C", "to D"), "to B, C and D"),
        (("from A", "via B"), "from A via B"),
        (("to A",), ""),
        (("at A", "near B"), ""),
    ],
)
def test_a_route_is_said_as_people_say_it(stops, said):
    assert plain(route(event_with(*stops))) == said


def test_a_route_is_said_in_arabic():
    event = event_with("from A", "via B", "to C")
    with translation.override("ar"):
        assert plain(route(event)) == "من أ عبر ب إلى ج"


def test_every_name_in_it_keeps_its_own_direction_and_stays_text():
    event = make_event()
    make_placement(event=event, site=make_site(name_en="<b>Gate</b>"), role="from")
    make_placement(event=event, site=make_site(name_en="", name_ar="قسرك"), role="to")
    assert str(route(Event.objects.get(pk=event.pk))) == "from <bdi>&lt;b&gt;Gate&lt;/b&gt;</bdi> to <bdi>قسرك</bdi>"


@pytest.mark.parametrize(
    ("stops", "said"),
    [
        (("from A", "near E", "to B", "between C", "between D"), ["from A to B", "near E", "between C and D"]),
        (("at A", "from B"), ["A"]),
        (("to A",), ["to A"]),
    ],
)
def test_a_title_names_each_way_of_lying_to_a_place_once(stops, said):
    assert [plain(phrase) for phrase in places(event_with(*stops))] == said


def test_the_lines_go_from_the_start_over_each_stop_to_every_destination():
    found = drawing(event_with("to C", "from A", "via B", "to D"))
    assert found is not None
    legs = [tuple(name for point in leg for name, known in POINTS.items() if known == point) for leg in found.legs]
    assert legs == [("A", "B"), ("B", "C"), ("B", "D")]
    assert [(place["number"], place["role"], place["name"]) for place in found.places] == [
        ("1", "from", "A"), ("2", "via", "B"), ("3", "to", "C"), ("4", "to", "D"),
    ]  # fmt: skip


def test_a_place_without_a_point_is_listed_and_nothing_is_drawn_for_it():
    found = drawing(event_with("from A", "via E", "to C", "near D"))
    assert found is not None
    assert [str(placement) for placement in found.missing] == ["via E"]
    assert [(leg[0].latitude, leg[1].latitude) for leg in found.legs] == [(36.0, 36.2)]
    assert drawing(event_with("at E")) is None


def test_a_place_that_is_no_stop_has_no_line():
    found = drawing(event_with("at A", "near B", "over C", "between D"))
    assert found is not None
    assert found.legs == []
    assert len(found.places) == 4


class Figure(HTMLParser):
    """What the page hands to its map."""

    drawn: Any = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "figure":
            self.drawn = json.loads(dict(attrs)["data-drawn"] or "")


@pytest.fixture
def public(settings: Any) -> None:
    settings.PUBLIC_API = True


@pytest.mark.usefixtures("public")
def test_the_page_reads_the_route_and_hands_its_places_to_the_map(client: Client):
    event = make_published_event()
    for role, name in (("from", "<img src=x onerror=alert(1)>"), ("via", 'Tal "Tamr"')):
        site = make_site(name_en=name, latitude=36.5, longitude=40.7, precision_m=900)
        make_placement(event=event, site=site, role=role, basis="inferred", reason="Heard.")
    html = client.get(f"/events/{event.reference}/").content.decode()
    assert (
        "from <bdi>&lt;img src=x onerror=alert(1)&gt;</bdi> via <bdi>Tal &quot;Tamr&quot;</bdi> to <bdi>Qasrak" in html
    )
    assert "<img" not in html
    figure = Figure()
    figure.feed(html)
    assert [place["name"] for place in figure.drawn["places"]] == [
        "<img src=x onerror=alert(1)>",
        'Tal "Tamr"',
        "Qasrak base",
    ]
    assert figure.drawn["places"][0]["within"] == "within 900 m"


@pytest.mark.usefixtures("public")
def test_an_event_without_any_point_has_no_map(client: Client):
    event = make_published_event()
    event.placements.get().site.__class__.objects.update(latitude=None, longitude=None, precision_m=None)
    html = client.get(f"/events/{event.reference}/").content.decode()
    assert "leaflet" not in html
