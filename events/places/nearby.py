"""Known sites near a point, and known sites that may hold it, each with its distance."""

from typing import NamedTuple

from events.distance import point_of
from events.models import Site
from events.places.geometry import Point, box, metres
from events.querysets import SiteQuerySet

REACH = 20_000  # metres
SHOWN = 12
# Sites are measured one by one: of a crowd at one spot only so many.
MEASURED = 2_000


class Near(NamedTuple):
    """A site, and its distance from the point that was asked about, in metres."""

    site: Site
    metres: float


def near(sites: SiteQuerySet, point: Point, reach: float = REACH) -> list[Near]:
    """Those of the sites that have a point within reach of this one, the nearest first."""
    return [found for found in measured(sites.in_box(box(point, reach)), point) if found.metres <= reach]


def holding(sites: SiteQuerySet, point: Point) -> list[Near]:
    """Those of the sites within whose precision radius the point lies, the smallest first."""
    found = [one for one in measured(sites.reaching(point), point) if one.metres <= (one.site.precision_m or 0)]
    return sorted(found, key=lambda one: (one.site.precision_m, one.metres))


def measured(sites: SiteQuerySet, point: Point) -> list[Near]:
    """Sites with their distances, the nearest first."""
    rows = sites.select_related("parent").order_by("pk")[:MEASURED]
    found = [Near(site, metres(point, there)) for site in rows if (there := point_of(site))]
    return sorted(found, key=lambda one: one.metres)
