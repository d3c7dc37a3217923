"""What lies around a point, and what a site may lie within, each with its reason."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events.choices import SiteKind
from events.models import Site
from events.places.geometry import Point
from events.places.nearby import holding, near
from events.places.parents import Asked, doubts, proposals
from tests.factories import make_site

pytestmark = pytest.mark.django_db

HERE = Point(36.5024, 40.7477)  # in the city of al-Hasakah


def at(point: Point, precision_m: int = 1_000) -> dict[str, Any]:
    return {"latitude": point.latitude, "longitude": point.longitude, "precision_m": precision_m}


@pytest.fixture
def tree() -> dict[str, Site]:
    """Two governorates, a district, and two towns in the first."""
    syria = make_site(slug="syria", name_en="Syria", kind="country")
    hasakah = make_site(slug="hasakah", name_en="Hasakah", kind="governorate", parent=syria, pcode="SY08")
    raqqa = make_site(slug="raqqa", name_en="Raqqa", kind="governorate", parent=syria, pcode="SY11")
    values = {"name_en": "Hasakah district", "kind": "district", "parent": hasakah}
    district = make_site(slug="district", **values, namesake_note="The district.", **at(Point(36.3, 40.9), 60_000))
    city = make_site(slug="city", name_en="Jazira City", kind="city", parent=district, **at(HERE, 6_000))
    town = make_site(slug="town", name_en="Khabur", kind="town", parent=district, **at(Point(36.6, 40.75), 3_000))
    return {site.slug: site for site in (syria, hasakah, raqqa, district, city, town)}


def slugs(asked: Asked) -> list[str]:
    return [proposal.site.slug for proposal in proposals(asked)]


def test_a_base_in_a_city_may_lie_within_the_city_the_district_or_the_governorate(tree):
    found = proposals(Asked(Point(36.51, 40.75), 500, "base"))
    assert [proposal.site.slug for proposal in found] == ["city", "district", "hasakah"]
    reach, beside, outline = [proposal.why.replace("\u2068", "").replace("\u2069", "") for proposal in found]
    assert reach == "The point lies 900 m from that of Jazira City, within its radius of 6 km."
    assert beside == ("The nearest known town or village, Jazira City, is 900 m away and lies within Hasakah district.")
    assert outline == "The point lies inside the outline of Hasakah."


def test_a_place_known_less_exactly_than_the_city_does_not_lie_within_it(tree):
    assert slugs(Asked(Point(36.51, 40.75), 20_000, "base")) == ["district", "hasakah"]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("village", ["district", "hasakah"]), ("district", ["hasakah"]), ("governorate", []), ("country", [])],
)
def test_what_may_hold_a_site_depends_on_its_kind(tree, kind, expected):
    assert slugs(Asked(Point(36.51, 40.75), 500, kind)) == expected


def test_far_from_every_town_the_smallest_district_that_reaches_there_is_proposed(tree):
    assert slugs(Asked(Point(36.1, 41.2), 500, "village")) == ["district", "hasakah"]
    assert slugs(Asked(Point(37.1, 42.1), 500, "village")) == ["hasakah"]


def test_a_site_is_never_proposed_for_itself_or_for_what_holds_it(tree):
    assert slugs(Asked(HERE, 500, "base", tree["city"].path)) == ["district", "hasakah"]
    assert slugs(Asked(HERE, 500, "base", tree["district"].path)) == ["hasakah"]
    assert slugs(Asked(HERE, 500, "base", tree["hasakah"].path)) == []


def test_a_radius_over_the_border_says_so(tree):
    (found,) = proposals(Asked(Point(36.4, 39.9), 60_000, "district"))
    assert found.site == tree["hasakah"]
    assert "its radius of 60 km reaches into: \u2068Raqqa\u2069" in found.why


def test_what_does_not_fit_is_said(tree):
    assert doubts(Asked(HERE), tree["city"]) == doubts(Asked(HERE), None) == []
    (elsewhere,) = doubts(Asked(HERE), tree["raqqa"])
    assert "entered within \u2068Raqqa\u2069, and the point lies inside the outline of \u2068Hasakah" in elsewhere
    assert doubts(Asked(Point(0, 0)), None) == ["The point lies in none of the outlines."]
    (swapped,) = doubts(Asked(Point(HERE.longitude, HERE.latitude)), None)
    assert "With latitude and longitude exchanged it would lie inside \u2068Hasakah" in swapped


def test_nearby_is_measured_along_the_ground_and_the_nearest_comes_first(tree):
    found = near(Site.objects.all(), HERE, 12_000)
    assert [(one.site.slug, round(one.metres, -2)) for one in found] == [("city", 0), ("town", 10_900)]
    assert near(Site.objects.all(), HERE, 10_000) == found[:1]


def test_nearby_reaches_over_the_180th_meridian():
    east, west = make_site(**at(Point(0, 179.95))), make_site(**at(Point(0, -179.95)))
    assert {one.site for one in near(Site.objects.all(), Point(0, 180), 10_000)} == {east, west}


def test_the_smallest_place_that_reaches_around_a_point_comes_first(tree):
    assert [one.site.slug for one in holding(Site.objects.all(), HERE)] == ["city", "district"]


def test_the_number_of_queries_is_the_same_at_one_neighbour_and_at_ten(tree):
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            proposals(Asked(HERE, 500, "base"))
            near(Site.objects.all(), HERE)
        return len(asked)

    before = queries()
    for number in range(10):
        make_site(kind=SiteKind.TOWN, parent=tree["district"], **at(Point(36.5 + number / 100, 40.7)))
    assert queries() == before
