"""Distances, boxes and outlines on a sphere, in plain arithmetic: no GDAL, and the same on both databases."""

from collections.abc import Sequence
from itertools import pairwise
from math import asin, atan2, cos, degrees, hypot, isfinite, radians, sin, sqrt
from typing import NamedTuple

RADIUS = 6_371_000  # metres
METRES_PER_DEGREE = 111_195

# Pairs of longitude and latitude, as GeoJSON writes them, with the first one again at the end.
Ring = Sequence[Sequence[float]]


class Point(NamedTuple):
    """A place on the earth: degrees north and degrees east."""

    latitude: float
    longitude: float

    @property
    def is_whole(self) -> bool:
        """Whether both are angles of the earth."""
        return all(map(isfinite, self)) and abs(self.latitude) <= 90 and abs(self.longitude) <= 180


class Box(NamedTuple):
    """Two parallels, and one or two spans of longitude between them: two, where the box crosses the 180th meridian."""

    south: float
    north: float
    spans: tuple[tuple[float, float], ...]


def metres(one: Point, other: Point) -> float:
    """Metres between two points, along the ground."""
    here, there = radians(one.latitude), radians(other.latitude)
    east = radians(other.longitude - one.longitude)
    chord = sin((there - here) / 2) ** 2 + cos(here) * cos(there) * sin(east / 2) ** 2
    return 2 * RADIUS * asin(min(1.0, sqrt(chord)))


def box(middle: Point, reach: float) -> Box:
    """The smallest box that holds every point within so many metres; a filter before the distance itself."""
    half = degrees(reach / RADIUS) * (1 + 1e-9)  # never too small for what rounding takes away
    south, north = middle.latitude - half, middle.latitude + half
    if south <= -90 or north >= 90:  # a pole within reach: every longitude is
        return Box(max(south, -90.0), min(north, 90.0), ((-180.0, 180.0),))
    # A circle is widest somewhat nearer the pole than its middle.
    wide = degrees(asin(min(1.0, sin(radians(half)) / cos(radians(middle.latitude)))))
    west, east = middle.longitude - wide, middle.longitude + wide
    if west < -180:
        return Box(south, north, ((west + 360, 180.0), (-180.0, east)))
    if east > 180:
        return Box(south, north, ((west, 180.0), (-180.0, east - 360)))
    return Box(south, north, ((west, east),))


def box_between(west: float, south: float, east: float, north: float) -> Box:
    """The box from west to east, over the 180th meridian where west is the greater."""
    spans = ((west, east),) if west <= east else ((west, 180.0), (-180.0, east))
    return Box(south, north, spans)


def grown(inner: Box, reach: float) -> Box:
    """A box that holds every point within so many metres of another box, and perhaps a few more."""
    half = degrees(reach / RADIUS) * (1 + 1e-9)
    south, north = max(inner.south - half, -90.0), min(inner.north + half, 90.0)
    nearest_pole = max(abs(south), abs(north))
    # Meridians draw together towards a pole: there a way of the same length crosses more of them.
    narrow = cos(radians(nearest_pole)) if nearest_pole < 89 else 0.0
    wide = half / narrow * 2 if narrow else 360.0
    spans: list[tuple[float, float]] = []
    for west, east in inner.spans:
        if east - west + 2 * wide >= 360:
            return Box(south, north, ((-180.0, 180.0),))
        spans.append((max(west - wide, -180.0), min(east + wide, 180.0)))
        spans += [(west - wide + 360, 180.0)] if west - wide < -180 else []
        spans += [(-180.0, east + wide - 360)] if east + wide > 180 else []
    return Box(south, north, tuple(spans))


def to_box(point: Point, target: Box) -> float:
    """Metres from a point to the nearest point of a box; 0 within it."""
    return min(to_span(point, target, west, east) for west, east in target.spans)


def to_span(point: Point, target: Box, west: float, east: float) -> float:
    """Metres from a point to what lies between two parallels and two meridians."""
    if west <= point.longitude <= east:
        beyond = max(target.south - point.latitude, point.latitude - target.north, 0.0)
        return radians(beyond) * RADIUS
    return min(to_meridian(point, meridian, target.south, target.north) for meridian in (west, east))


def to_meridian(point: Point, meridian: float, south: float, north: float) -> float:
    """Metres from a point to the nearest point of a meridian between two parallels."""
    latitude, east = radians(point.latitude), radians(meridian - point.longitude)
    foot = degrees(atan2(sin(latitude), cos(latitude) * cos(east)))
    nearest = [foot] if south <= foot <= north else [south, north]
    return min(metres(point, Point(one, meridian)) for one in nearest)


def inside(point: Point, polygon: Sequence[Ring]) -> bool:
    """Whether the point lies in a polygon: within its first ring, and in none of the others, which are holes."""
    return enclosed(point, polygon[0]) and not any(enclosed(point, hole) for hole in polygon[1:])


def enclosed(point: Point, ring: Ring) -> bool:
    """Whether a line from the point to the east crosses the ring an odd number of times."""
    within = False
    for (west, south), (east, north) in pairwise(ring):
        if (south > point.latitude) == (north > point.latitude):
            continue  # each corner counts for one of its two sides alone
        crossing = west + (point.latitude - south) * (east - west) / (north - south)
        within ^= point.longitude < crossing
    return within


def to_edge(point: Point, ring: Ring) -> float:
    """Metres from the point to the nearest edge of a ring, on the plane that touches the earth there."""
    east = METRES_PER_DEGREE * cos(radians(point.latitude))
    flat = [((lon - point.longitude) * east, (lat - point.latitude) * METRES_PER_DEGREE) for lon, lat in ring]
    return min(to_segment(start, end) for start, end in pairwise(flat))


def to_segment(start: tuple[float, float], end: tuple[float, float]) -> float:
    """How far the origin of a plane lies from the stretch between two of its points."""
    (x, y), (dx, dy) = start, (end[0] - start[0], end[1] - start[1])
    length = dx * dx + dy * dy
    along = max(0.0, min(1.0, -(x * dx + y * dy) / length)) if length else 0.0
    return hypot(x + along * dx, y + along * dy)
