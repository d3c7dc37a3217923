"""Events that show a report, or who stands behind one, which has changed."""

from collections.abc import Iterable, Iterator
from typing import Any

from events.models import Citation, Correction, Event
from events.notices.seen import AFTER, BEFORE, Events, owners
from osint.base.chunks import chunks
from osint.history.notices import Audiences, Book, Told, teller
from osint.history.recording import Touched
from sources.audiences import both, marked
from sources.models import Relay, Report
from sources.notices import COLUMNS, moved_in, naming

# What an event shows of a report that it cites.
SHOWN = ("title", "source", "published_on", "language", "url", "archived_url")
# A report on which an event rests, and who could tell before and after that what changed has to do with it.
Way = tuple[int, Audiences, Audiences]


@teller
def of_evidence(touched: Touched) -> Iterator[Told]:
    """Events whose evidence shows the change, for whoever sees the event and every report between the two."""
    reports, events = Book(Report, COLUMNS, touched), Events(touched)
    ways = list(upwards(begun(touched, reports), reports))
    borne = bearers({report for report, _before, _after in ways})
    events.learn(event for found in borne.values() for event in found)
    for report, before, after in ways:
        for event in borne.get(report, ()):
            if event not in events.changed:
                seen = [events.audiences(event, side) for side in (BEFORE, AFTER)]
                yield Told(Event, events.identity(event), both(seen[0], before), both(seen[1], after))


def begun(touched: Touched, reports: Book) -> Iterator[Way]:
    """The reports that have changed in what events show of them, and who sees them."""
    relaying = {state["report"] for sides in touched.get(Relay, {}).values() for state in sides if state}
    renamed = naming(touched)
    reports.learn(renamed | relaying)
    for key, (old, new) in reports.changed.items():
        if old and new:
            differs = any(old[name] != new[name] for name in SHOWN) or marked(old) != marked(new)
            if differs or key in relaying:
                yield key, marked(old), marked(new)
    for key in sorted((renamed | relaying) - set(reports.changed)):
        yield key, marked(reports.before(key)), marked(reports.after(key))


def upwards(ways: Iterable[Way], reports: Book) -> Iterator[Way]:
    """The same for those that pass one of them on, at first or at second hand."""
    fresh, known = set(ways), set[Way]()
    while fresh:
        yield from sorted(fresh, key=lambda way: way[0])
        known |= fresh
        further: set[Way] = set()
        for keys in chunks({report for report, _before, _after in fresh}):
            relays = list(
                Relay.objects.filter(relayed_report__in=keys).order_by().values_list("relayed_report", "report")
            )
            reports.learn(report for _relayed, report in relays)
            further |= {
                (report, both(before, marked(reports.before(report))), both(after, marked(reports.after(report))))
                for relayed, report in relays
                for key, before, after in fresh
                if key == relayed
            }
        fresh = further - known


def bearers(reports: Iterable[int]) -> dict[int, set[int]]:
    """For each report the events that show it: those that cite it, or into which one was merged that does."""
    found: dict[int, set[int]] = {}
    for keys in chunks(reports):
        citations: Any = Citation.objects.filter(report__in=keys).with_bearer().order_by()
        for report, bearer in citations.values_list("report", "bearer"):
            found.setdefault(report, set()).add(bearer)
    return found


@teller
def of_corrections(touched: Touched) -> Iterator[Told]:
    """Corrections made on the word of a report that others see now."""
    moved = moved_in(touched)
    found: list[tuple[Any, ...]] = []
    for keys in chunks(moved):
        rows = Correction.objects.filter(report__in=keys).order_by()
        found += rows.values_list("pk", "uuid", "tlp", "event", "report")
    events = Events(touched)
    events.learn(event for _key, _uuid, _tlp, event, _report in found)
    for key, uuid, tlp, event, report in found:
        if key not in touched.get(Correction, {}):
            old, new = (
                both(
                    both(events.audiences(event, side), owners(events.side(event, side), tlp)),
                    marked(moved[report][side]),
                )
                for side in (BEFORE, AFTER)
            )
            yield Told(Correction, str(uuid), old, new)
