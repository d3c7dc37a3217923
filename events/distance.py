"""How far two points of the earth lie from each other."""

from math import asin, cos, radians, sin, sqrt

from events.models import Site

RADIUS = 6_371_000  # metres
METRES_PER_DEGREE = 111_195


def metres_between(one: Site, other: Site) -> float | None:
    """Metres between the points of two sites, along the ground; none where one has no point."""
    if None in {one.latitude, one.longitude, other.latitude, other.longitude}:
        return None
    here, there = radians(one.latitude or 0), radians(other.latitude or 0)
    east = radians((other.longitude or 0) - (one.longitude or 0))
    chord = sin((there - here) / 2) ** 2 + cos(here) * cos(there) * sin(east / 2) ** 2
    return 2 * RADIUS * asin(min(1.0, sqrt(chord)))
