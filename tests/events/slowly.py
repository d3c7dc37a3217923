"""The statistics once more, slowly: every event is looked at, one after the other, as one would count by hand."""

from collections import Counter, defaultdict
from itertools import product
from typing import Any

from django.db.models import Q

from events import provenance
from events.choices import SiteKind
from events.models import Citation, Event, Measure
from sources.models import Report

BOUNDS = ("low", "best", "high")
Sums = dict[str, Any]


def statistics(reader: Any, chosen: list[Event], admitted: list[Event], by: list[str], level: str, of: str) -> Any:
    """Total, undated, imprecise, rows and unexplained, in plain values."""
    measure = Measure.objects.get(slug=of) if of else None
    cells: dict[Any, list[Sums]] = defaultdict(list)
    total, apart, unexplained, wholes = [], defaultdict(list), {}, 0
    for event in chosen:
        own = sums(event, measure)
        if own is None:
            continue
        parts = [part for part in admitted if part.part_of_id == event.pk]
        if event.is_aggregate and parts:
            wholes += 1
            own = remainder(own, [found for part in parts if (found := sums(part, measure)) is not None])
            if own is None or not measure:
                continue
            unexplained[str(event.uuid)] = {bound: own[bound] for bound in BOUNDS}
        total.append(own)
        places = list(product(*(values(event, name, level, reader) for name in by)))
        if kind := beside(places[0]):
            apart[kind].append(own)
        for key in places:
            cells[key].append(own)
    rows = {key: added(own, measure) for key, own in cells.items() if key and not beside(key)}
    return {
        "total": added(total, measure) | {"wholes": wholes},
        "rows": rows,
        "apart": {kind: added(apart[kind], measure) for kind in ("undated", "imprecise")},
        "apart_rows": {key: added(own, measure) for key, own in cells.items() if beside(key)},
        "unexplained": unexplained,
    }


def beside(key: Any) -> str | None:
    return next((kind for kind in ("undated", "imprecise") if kind in key), None)


def sums(event: Event, measure: Measure | None) -> Sums | None:
    """What one event says: none where it does not count the measure."""
    own: Sums = {"events": 1, "aggregates": int(event.is_aggregate)}
    if measure is None:
        return own
    counts = [count for count in event.counts.all() if count.measure_id == measure.pk]
    if not counts:
        return None
    for bound in BOUNDS:
        known = [number(count, bound) for count in counts]
        own[bound] = sum(one for one in known if one is not None) if set(known) != {None} else None
        own[f"without_{bound}"] = int(None in known)
    own["without_number"] = int(any((count.low, count.best, count.high) == (None,) * 3 for count in counts))
    return own


def number(count: Any, bound: str) -> int | None:
    is_exact = (count.low, count.high) == (None, None) and count.qualifier in {"", "exactly"}
    found: int | None = count.best if is_exact else getattr(count, bound)
    return found


def remainder(own: Sums, parts: list[Sums]) -> Sums | None:
    """What a whole says beyond its parts."""
    left = own | {"events": 0, "aggregates": 0}
    said = [bound for bound in BOUNDS if own.get(bound) is not None]
    for bound in said:
        left[bound] = max(0, own[bound] - sum(part[bound] or 0 for part in parts))
    return None if said and not any(left[bound] for bound in said) else left


def added(several: list[Sums], measure: Measure | None) -> Sums:
    told: Sums = {"events": sum(one["events"] for one in several), "aggregates": sum(o["aggregates"] for o in several)}
    if measure:
        for bound in BOUNDS:
            known = [one[bound] for one in several if one[bound] is not None]
            told[bound] = sum(known) if known else None
            told[f"without_{bound}"] = sum(one[f"without_{bound}"] for one in several)
        told["without_number"] = sum(one["without_number"] for one in several)
    return told


def values(event: Event, name: str, level: str, reader: Any) -> list[Any]:
    """The cells of an event in one dimension."""
    if name in FORMS:
        if event.earliest is None and event.latest is None:
            return ["undated"]
        days = {event.earliest and FORMS[name](event.earliest), event.latest and FORMS[name](event.latest)}
        return [days.pop() if len(days) == 1 else "imprecise"]
    if name == "type":
        return [at(event.type, level)]
    if name.startswith("site"):
        found = [at(placement.site, name.partition(":")[2]) for placement in event.placements.all()]
        if event.is_aggregate and len(set(found)) > 1:
            return ["imprecise"]
        return sorted({one for one in found if one}) or [None]
    if name == "actor":
        return sorted({one.actor.slug for one in event.involvements.all()}) or [None]
    return sources(event, reader) if name == "source" else [len(provenance.origins(seen(event, reader), reader))]


FORMS: dict[str, Any] = {
    "day": lambda day: day.isoformat(),
    "week": lambda day: "{:04d}-W{:02d}".format(*day.isocalendar()[:2]),
    "month": lambda day: day.isoformat()[:7],
    "year": lambda day: day.isoformat()[:4],
}


def at(node: Any, level: str) -> str | None:
    """The slug of the node, or of the one above it at a level."""
    if not level:
        return str(node.slug)
    if level in SiteKind.values:
        while node is not None and node.kind != level:
            node = node.parent
        return node and str(node.slug)
    path = node.path.strip("/").split("/")
    return path[int(level) - 1] if len(path) >= int(level) else None


def sources(event: Event, reader: Any) -> list[Any]:
    seen = Report.objects.visible_to(reader)
    cited = Citation.objects.filter(Q(event=event) | Q(event__merged_into=event), report__in=seen)
    return sorted({one.report.source.slug for one in cited}) or [None]


def seen(event: Event, reader: Any) -> Event:
    return Event.objects.with_evidence(reader).get(pk=event.pk)


def as_told(answer: Any) -> Any:
    """The answer of the API in the same form."""
    by = answer["by"]
    names = Counter(by)
    assert max(names.values(), default=1) == 1
    beside_rows = [row for kind in ("undated", "imprecise") for row in (answer[kind] or {}).get("rows", [])]
    if len(by) == 1:
        beside_rows = [{by[0]: kind} | answer[kind] for kind in ("undated", "imprecise") if answer[kind]]
    return {
        "total": answer["total"],
        "rows": keyed(by, answer["rows"]),
        "apart_rows": keyed(by, beside_rows),
        "apart": {kind: bare(answer[kind]) for kind in ("undated", "imprecise")},
        "unexplained": {one["uuid"]: one["rest"] for one in answer["unexplained"]},
    }


def bare(figures: Any) -> Any:
    return figures and {name: value for name, value in figures.items() if name != "rows"}


def keyed(by: list[str], rows: list[Any]) -> Any:
    return {tuple(row[name] for name in by): {k: v for k, v in row.items() if k not in by} for row in rows}
