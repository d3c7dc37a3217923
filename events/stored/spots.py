"""Where events are on the earth: the points of the sites that they name, and how far off each may be."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from events.models import Placement
from osint.base.shapes.geojson import Spot


def spots(keys: Iterable[int], by: str = "event") -> dict[Any, list[Spot]]:
    """For each event the points of its places, in their order, each once; sites without a point have none."""
    found: dict[Any, dict[tuple[float, float], Spot]] = defaultdict(dict)
    placed = Placement.objects.filter(event__in=list(keys), site__latitude__isnull=False).order_by("position", "pk")
    for event, *at in placed.values_list(by, "site__longitude", "site__latitude", "site__precision_m"):
        spot = Spot(*at)
        found[event].setdefault(spot[:2], spot)
    return defaultdict(list, {event if by == "event" else str(event): list(of.values()) for event, of in found.items()})
