"""How an event lies to its places, as people say it: “from A via B to C and D”; and the same as lines on a map.

The order is the one reported: of from, via and to, and of the rows of each. The way that was driven is not known.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from events.choices import SiteRole
from events.distance import point_of
from events.models import Event, Placement
from events.places.drawing import drawn
from events.places.geometry import Point
from sources.templatetags.texts import distance

STOPS = (SiteRole.FROM, SiteRole.VIA, SiteRole.TO)
# In which order places are named: where it was, then the way, then what it was near.
ORDER = (SiteRole.AT, *STOPS, SiteRole.OVER, SiteRole.NEAR, SiteRole.BETWEEN)
WORTH = 2  # stops that make a route worth saying by itself


@dataclass(frozen=True)
class Drawing:
    """What the map of an event shows: its places with numbers, the legs between stops, and what it cannot show."""

    places: list[dict[str, Any]]
    legs: list[tuple[Point, Point]]
    missing: list[Placement]

    @property
    def data(self) -> str:
        """What the browser draws, for an attribute: escaped there like every other text."""
        return json.dumps({"places": self.places, "legs": self.legs}, ensure_ascii=False)


def place_in_order(placement: Placement) -> int:
    """Where a place is said among the others of its event; those of one role stay as they are."""
    return ORDER.index(SiteRole(placement.role))


def with_role(placements: Iterable[Placement], role: SiteRole) -> list[Placement]:
    """Those of the placements."""
    return [placement for placement in placements if placement.role == role]


def phrases(event: Event) -> list[SafeString]:
    """Each way in which the event lies to places, once: “from A via B to C and D”, “near E”."""
    placements: list[Placement] = list(event.placements.all())
    said = [phrase for role in STOPS if (phrase := said_with(role, placements))]
    route = [format_html_join(" ", "{}", ((phrase,) for phrase in said))] if said else []
    return [*route, *filter(None, (said_with(role, placements) for role in ORDER if role not in STOPS))]


def route(event: Event) -> SafeString:
    """The route in words, where there are stops enough to make one."""
    stops = [placement for placement in event.placements.all() if placement.role in STOPS]
    return phrases(event)[0] if len(stops) >= WORTH else SafeString("")


def said_with(role: SiteRole, placements: list[Placement]) -> SafeString:
    """The places of one role after its word, or nothing."""
    names = [format_html("<bdi>{}</bdi>", placement.site) for placement in with_role(placements, role)]
    return format_html("{} {}", role.label, listed(names)) if names else SafeString("")


def listed(names: list[SafeString]) -> SafeString:
    """Names in a row: “A”, “A and B”, “A, B and C”."""
    if len(names) == 1:
        return names[0]
    first = format_html_join(pgettext("in a list", ", "), "{}", ((name,) for name in names[:-1]))
    return format_html(last_two(), first=first, last=names[-1])


def last_two() -> str:
    """How the last two parts of a list are joined: in Arabic the word for “and” is written onto the second."""
    return pgettext("the last two of a list", "{first} and {last}")


def drawing(event: Event) -> Drawing | None:
    """The map of an event, where a place of it has a point."""
    placements = sorted(event.placements.all(), key=place_in_order)
    shown = [placement for placement in placements if point_of(placement.site)]
    missing = [placement for placement in placements if not point_of(placement.site)]
    places = [placed(placement, number) for number, placement in enumerate(shown, 1)]
    return Drawing(places, list(legs(shown)), missing) if places else None


def placed(placement: Placement, number: int) -> dict[str, Any]:
    """A place of the event on its map."""
    return drawn(placement.site) | {
        "number": str(number),
        "role": placement.role,
        "role_name": placement.get_role_display(),
        "within": _("within %(radius)s") % {"radius": distance(placement.site.precision_m or 0)},
    }


def legs(placements: list[Placement]) -> Iterable[tuple[Point, Point]]:
    """From each start over every stop in its order to each destination; a stop without a point is passed over."""
    start, through, end = ([point_of(one.site) for one in with_role(placements, role)] for role in STOPS)
    stages = [stage for stage in (start, *([point] for point in through), end) if stage]
    for here, there in pairwise(stages):
        yield from ((one, other) for one in here for other in there if one and other and one != other)
