"""Distances, boxes and outlines: numbers that are known from elsewhere, and what must hold for every point."""

from hypothesis import given
from hypothesis import strategies as st

from events.places import outlines
from events.places.geometry import Point, box, inside, metres, to_edge

points = st.builds(Point, st.floats(-90, 90), st.floats(-180, 180))
SQUARE = [[0, 0], [10, 0], [10, 10], [0, 10], [0, 0]]
HOLE = [[4, 4], [6, 4], [6, 6], [4, 6], [4, 4]]


def is_in(point: Point, found) -> bool:
    spans = any(west <= point.longitude <= east for west, east in found.spans)
    return spans and found.south <= point.latitude <= found.north


def test_distances_are_those_of_the_atlas():
    damascus, aleppo = Point(33.5138, 36.2765), Point(36.2021, 37.1343)
    assert abs(metres(damascus, aleppo) - 309_000) < 1_500
    assert abs(metres(Point(0, 179.5), Point(0, -179.5)) - 111_195) < 10
    assert metres(damascus, damascus) == 0


@given(points, points)
def test_two_points_are_as_far_from_each_other_either_way_and_never_more_than_half_the_earth(one, other):
    assert metres(one, other) == metres(other, one) <= 20_015_087


@given(points, points, st.floats(0, 2_000_000))
def test_whatever_is_within_reach_is_in_the_box(one, other, beyond):
    reach = metres(one, other) + beyond + 1
    assert is_in(other, box(one, reach))


def test_a_box_crosses_the_180th_meridian_in_two_spans_and_takes_every_longitude_at_a_pole():
    assert len(box(Point(10, 179.9), 50_000).spans) == len(box(Point(10, -179.9), 50_000).spans) == 2
    assert box(Point(89.9, 0), 50_000).spans == ((-180.0, 180.0),)
    assert not is_in(Point(36.5, 42), box(Point(36.5, 40.7), 20_000))


def test_a_point_in_a_hole_is_outside():
    assert inside(Point(1, 1), [SQUARE, HOLE])
    assert not inside(Point(5, 5), [SQUARE, HOLE])
    assert not inside(Point(5, 11), [SQUARE, HOLE])


def test_a_line_through_a_corner_crosses_once():
    diamond = [[0, -5], [5, 0], [0, 5], [-5, 0], [0, -5]]
    assert inside(Point(0, -1), [diamond])
    assert not inside(Point(0, -6), [diamond])
    assert not inside(Point(5, -1), [diamond])


def test_the_way_to_an_edge_is_measured_along_the_ground():
    assert abs(to_edge(Point(5, 11), SQUARE) - metres(Point(5, 11), Point(5, 10))) < 200
    assert abs(to_edge(Point(12, 12), SQUARE) - metres(Point(12, 12), Point(10, 10))) < 5_000


def test_the_outlines_know_the_cities_of_the_governorates():
    known = {(36.5024, 40.7477): "SY08", (33.5102, 36.2913): "SY01", (35.9528, 39.0079): "SY11", (40.7, 36.5): ""}
    assert {point: outlines.around(Point(*point)) for point in known} == known


def test_a_town_on_the_coast_lies_in_its_governorate_though_the_outline_is_simplified():
    assert outlines.around(Point(35.36211, 35.92759)) == "SY06"
    assert outlines.around(Point(35.36211, 35.9)) == ""


def test_every_governorate_has_an_outline_and_a_wide_radius_reaches_into_its_neighbours():
    assert {outline.pcode for outline in outlines.outlines()} == {f"SY{number:02}" for number in range(1, 15)}
    assert "SY11" in outlines.within_reach(Point(35.33588, 40.14084), 80_000)
    assert outlines.within_reach(Point(36.5024, 40.7477), 5_000) == ["SY08"]
