"""Sites that may lie within an area: those whose point does, and those whose precision radius reaches into it.

The database finds what is worth measuring; it is measured in plain arithmetic, so that both databases answer alike.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.db.models import Q

from events.models import Site
from events.places.geometry import Box, Point, box, grown, metres, to_box
from events.querysets import SiteQuerySet
from osint.base.among import Among, Beside

# Metres: sites up to such a radius are looked for so far around an area, and no farther. A greater one is that of a
# country or governorate: there are few, and they are measured wherever they lie.
RADII = (1_000, 10_000, 100_000)


def in_box(area: Box, prefix: str = "") -> Q:
    """The condition that a site has its point in a box; ``prefix`` leads to the site."""
    spans = Q()
    for west, east in area.spans:
        spans |= Q(**{f"{prefix}longitude__range": (west, east)})
    return Q(**{f"{prefix}latitude__range": (area.south, area.north)}) & spans


def within_box(area: Box, way: str = "") -> Q:
    """The condition on a site, or on a row that leads this way to one: it may lie in the box."""
    outside = Site.objects.filter(~in_box(area))
    reaching = measured(outside, lambda radius: grown(area, radius), lambda point: to_box(point, area))
    if not way:
        return in_box(area) | one_of(reaching, way) if reaching else in_box(area)
    # Which sites they are is asked once, rather than of every row that leads to one.
    inside = Site.objects.order_by().filter(in_box(area)).values_list("pk", flat=True)
    return one_of([*inside, *reaching], way)


def within_reach(middle: Point, reach: float, way: str = "") -> Q:
    """The condition on a site, or on a row that leads this way to one: it may lie within so many metres of a point."""
    around = partial(around_point, middle, reach)
    return one_of(measured(Site.objects.all(), around, lambda point: metres(point, middle) - reach), way)


def around_point(middle: Point, reach: float, radius: float) -> Box:
    """A box that holds what lies within reach of a point, and so much farther."""
    return box(middle, reach + radius)


def one_of(sites: list[int], way: str) -> Q:
    """The condition: it is one of these sites."""
    return Q(Among(Beside(way) if way else "pk", sites))


def measured(sites: SiteQuerySet, around: Callable[[float], Box], gap: Callable[[Point], float]) -> list[int]:
    """Keys of those of the sites whose radius is at least the gap, in metres, that lies between them and an area.

    Those with a radius that is not wide are looked for ``around`` it, as far as they may reach.
    """
    near, least = Q(precision_m__gt=RADII[-1]), 0
    for radius in RADII:
        near |= in_box(around(radius)) & Q(precision_m__gt=least, precision_m__lte=radius)
        least = radius
    told: Any = sites.order_by().filter(near).values_list("pk", "latitude", "longitude", "precision_m")
    return [key for key, north, east, radius in told if gap(Point(north, east)) <= radius]
