"""What there is to tell of events, and of those that they are linked with."""

from collections.abc import Iterator

from events.choices import Status
from events.models import Citation, Correction, Event
from events.notices.seen import AFTER, BEFORE, Events
from osint.base.chunks import chunks
from osint.history.models import What
from osint.history.notices import Audiences, Told, own, teller
from osint.history.recording import State, Touched
from sources.audiences import both

MOVES = {Status.PUBLISHED: What.PUBLISHED, Status.RETRACTED: What.RETRACTED, Status.MERGED: What.MERGED}
Link = tuple[int, int, Audiences, Audiences]  # an event, the other one, and who could tell their link before and after


@teller
def of_events(touched: Touched) -> Iterator[Told]:
    """Events that have changed; and those on which the link to one of them shows, for whoever sees both."""
    events = Events(touched)
    corrected = {new["event"] for _old, new in touched.get(Correction, {}).values() if new}
    for key, sides in events.changed.items():
        what = what_became(*sides, is_corrected=key in corrected)
        yield from own(Event, sides, events.audiences(key, BEFORE), events.audiences(key, AFTER), what)
    links = [*to_wholes(events), *to_moved(events)]
    events.learn(key for key, _other, _before, _after in links)
    for key, _other, before, after in links:
        if key not in events.changed:
            seen = [events.audiences(key, side) for side in (BEFORE, AFTER)]
            yield Told(Event, events.identity(key), both(seen[0], before), both(seen[1], after))
    yield from with_duplicates(events)


def what_became(old: State | None, new: State | None, *, is_corrected: bool) -> str:
    """What became of an event; blank where no more is to be said than of any record."""
    if old is None or new is None:
        return ""
    if old["status"] != new["status"]:
        return What.UNMERGED if old["status"] == Status.MERGED else MOVES.get(new["status"], What.CHANGED)
    return What.CORRECTED if is_corrected else ""


def to_wholes(events: Events) -> Iterator[Link]:
    """From wholes to parts: their list of parts, where one came, went, or is seen by others now."""
    moved = set(events.moved())
    for key, sides in events.changed.items():
        wholes = [state["part_of"] if state else None for state in sides]
        for whole in set(filter(None, wholes)):
            if wholes[0] != wholes[1] or key in moved:
                seen = [events.audiences(key, side) if wholes[side] == whole else frozenset() for side in (0, 1)]
                yield whole, key, seen[0], seen[1]


def to_moved(events: Events) -> Iterator[Link]:
    """From parts and duplicates to events that others see now."""
    for keys in chunks(events.moved()):
        for relation in ("part_of", "merged_into"):
            found = Event.objects.filter(**{f"{relation}__in": keys}).order_by().values_list("pk", relation)
            for key, other in found:
                yield key, other, events.audiences(other, BEFORE), events.audiences(other, AFTER)


def with_duplicates(events: Events) -> Iterator[Told]:
    """Events that show the evidence of another since the change, or show it no more."""
    shown: dict[int, set[int]] = {}
    for key, sides in events.changed.items():
        for state in filter(None, sides):
            if state["merged_into"] and state["merged_into"] not in events.changed:
                shown.setdefault(key, set()).add(state["merged_into"])
    citing: set[int] = set()
    for keys in chunks(shown):
        citing |= set(Citation.objects.filter(event__in=keys).order_by().values_list("event", flat=True))
    bearers = {other for key in citing for other in shown[key]}
    events.learn(bearers)
    for key in sorted(bearers):
        yield Told(Event, events.identity(key), events.audiences(key, BEFORE), events.audiences(key, AFTER))
