"""The outlines that we ship: governorates, with the P-codes by which sites know them.

OCHA COD-AB Syria (CC BY-IGO), simplified. An outline is a boundary as drawn there, and no statement about control.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders

from events.places.geometry import Point, Ring, inside, to_edge

# The file that the browser draws, so that both know the same lines.
FILE = "osint/outlines.json"
ATTRIBUTION = "OCHA COD-AB Syria, CC BY-IGO"
# Simplifying moved the lines by less than this: towns on the coast and on the border lie just outside.
SLACK = 500


@dataclass(frozen=True)
class Outline:
    """One governorate: its P-code and its polygons, each an outer ring and its holes."""

    pcode: str
    polygons: tuple[tuple[Ring, ...], ...]

    def holds(self, point: Point) -> bool:
        """Whether the point lies within."""
        return any(inside(point, polygon) for polygon in self.polygons)

    def touches(self, point: Point, reach: float) -> bool:
        """Whether a circle of so many metres around the point reaches into it."""
        rings = (ring for polygon in self.polygons for ring in polygon)
        return self.holds(point) or any(to_edge(point, ring) <= reach for ring in rings)


@cache
def outlines() -> tuple[Outline, ...]:
    """All of them, read once."""
    found = finders.find(FILE)
    features = json.loads(Path(str(found)).read_text(encoding="utf-8"))["features"]
    return tuple(Outline(feature["properties"]["pcode"], tuple(polygons(feature["geometry"]))) for feature in features)


def polygons(geometry: dict[str, object]) -> Iterator[tuple[Ring, ...]]:
    """The polygons of a GeoJSON geometry."""
    coordinates: list[object] = geometry["coordinates"]  # type: ignore[assignment]
    yield from map(tuple, [coordinates] if geometry["type"] == "Polygon" else coordinates)  # type: ignore[arg-type]


def around(point: Point) -> str:
    """The P-code of the governorate that holds the point, or nothing."""
    exact = (outline.pcode for outline in outlines() if outline.holds(point))
    return next(exact, "") or next(iter(within_reach(point, SLACK)), "")


def within_reach(point: Point, reach: float) -> list[str]:
    """The P-codes of all that a circle of so many metres around the point reaches into."""
    return [outline.pcode for outline in outlines() if outline.touches(point, reach)]
