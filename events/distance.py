"""How far two sites lie from each other."""

from events.models import Site
from events.places.geometry import Point, metres


def metres_between(one: Site, other: Site) -> float | None:
    """Metres between the points of two sites, along the ground; none where one has no point."""
    here, there = point_of(one), point_of(other)
    return metres(here, there) if here and there else None


def point_of(site: Site) -> Point | None:
    """Where a site lies, if that is known."""
    if site.latitude is None or site.longitude is None:
        return None
    return Point(site.latitude, site.longitude)
