"""An event as one row of a table: what is held, flat; places, actors and counts run parallel in their cells."""

from collections.abc import Iterable
from typing import Any

from events.stored import briefs
from events.stored.spots import spots
from osint.base.shapes import csv
from osint.base.shapes.geojson import Spot

BETWEEN = "; "
PLAIN = (
    "reference", "uuid", "status", "tlp", "type", "when", "earliest", "latest", "when_phrase", "summary_en",
    "summary_ar",
)  # fmt: skip
# What stands in each column of several rows: the list that they are from, and the field.
PARALLEL = {
    "sites": ("placements", "site"),
    "site_roles": ("placements", "role"),
    "actors": ("involvements", "actor"),
    "actor_roles": ("involvements", "role"),
    "measures": ("counts", "measure"),
    "parties": ("counts", "party"),
    "lows": ("counts", "low"),
    "bests": ("counts", "best"),
    "highs": ("counts", "high"),
    "phrases": ("counts", "phrase"),
}
SPOT = ("longitude", "latitude", "precision_m")
LAST = ("is_aggregate", "version", "published_at", "changed_at")
# What depends on the reader comes last, and is added then.
LINKS = ("part_of", "merged_into")
COLUMNS = (*PLAIN, *SPOT, *PARALLEL, *LAST, *LINKS)


def texts(keys: Iterable[int]) -> dict[int, str]:
    """The row of each event, without what depends on the reader and without an end."""
    wanted = list(keys)
    return of(briefs.put_together(wanted), wanted)


def of(held: dict[int, dict[str, Any]], keys: Iterable[int]) -> dict[int, str]:
    """The same, from what is put together already."""
    points = spots(keys)
    return {key: row(event, points[key]) for key, event in held.items()}


def row(event: dict[str, Any], points: list[Spot]) -> str:
    """The row of one event; where it has several points, at the first of them."""
    cells = [event[name] for name in PLAIN]
    cells += points[0] if points else (None, None, None)
    cells += [joined(event[rows], name) for rows, name in PARALLEL.values()]
    return csv.line([*cells, *(event[name] for name in LAST)])


def joined(rows: list[dict[str, Any]], name: str) -> Any:
    """The values of a field in all rows; of a single row the value itself, so that a number stays one."""
    if len(rows) == 1:
        return rows[0][name]
    values = ["" if one[name] is None else str(one[name]) for one in rows]
    return BETWEEN.join(values) if any(values) else ""
