"""Where the events stand that answer a question, in the order of lists: by ranges of indexes, whatever is asked.

The questions themselves are ``events.filters``; here they are put so that a page costs its own rows. Places, actors and
types are looked up in lists of what stands where (``events.stored.terms``). A range of days is a range of places, but
for what spans more than a month: that is looked for by itself, and stands before all the rest or among it.
"""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from events.choices import Status
from events.models import Event, Term
from events.querysets import OUT, sees_drafts
from events.shelves import LONG, first_of
from events.stored import terms
from osint.base.keyset import LEADING

if TYPE_CHECKING:
    from sources.querysets import Reader

KINDS = {"site": terms.SITE, "actor": terms.ACTOR, "actor_role": terms.ACTOR, "type": terms.TYPE}
SHOWN = {*OUT, Status.MERGED}
NEWEST, OLDEST = "newest", "oldest"
DATED = {Status.PUBLISHED}  # events of these statuses have an end
Events = QuerySet[Any, Any]


def found(filterset: Any, reader: "Reader") -> Events:
    """The events that answer and the reader may see; they know, as ``parts``, how they are best read: set after set."""
    statuses = filterset.statuses if sees_drafts(reader) else filterset.statuses & SHOWN
    filterset.queryset = Event.objects.visible_to(reader, statuses).order_by("-newest")
    filterset.stands = True
    is_in_place = filterset.cleaned.get("ordering", NEWEST) in {NEWEST, OLDEST}
    sets = parts(filterset, statuses) if is_in_place else []
    if len(sets) == 1:
        return sets[0]
    rows: Any = filterset.narrowed()
    rows.parts = sets or [rows]
    return rows  # type: ignore[no-any-return]


def parts_of(rows: Any) -> list[Events]:
    """The sets in which a list is best read, in their order."""
    return getattr(rows, "parts", [rows])


def parts(filterset: Any, statuses: set[str]) -> list[Events]:
    """Sets of the events that answer, in the order of the list: what spans long, where that matters, and the rest."""
    low, high = bounds(filterset, statuses)
    told = set() if low is None else {"date_from"}
    rest = looked_up(filterset, told, low, high)
    if high is None:
        return [rest]
    # What spans more than a month and ends after the range may have begun within it.
    both = [looked_up(filterset, told, high, None).filter(span__gt=LONG), rest]
    return both[::-1] if filterset.cleaned.get("ordering") == OLDEST else both


def bounds(filterset: Any, statuses: set[str]) -> tuple[int | None, int | None]:
    """The places between which an event that answers stands, unless it spans long; none where that is not known."""
    first, last = filterset.cleaned.get("date_from"), filterset.cleaned.get("date_to")
    if filterset.cleaned.get("date_match") == "certain":
        return None, None
    # An event without an end stands last, and may have happened on any day.
    return first_of(first) if first and statuses <= DATED else None, None if last is None else after(last, LONG + 1)


def after(day: date, days: int) -> int | None:
    """The place so many days after a day; none where there is no such day."""
    try:
        return first_of(day + timedelta(days))
    except OverflowError:
        return None


def looked_up(filterset: Any, told: set[str], low: int | None, high: int | None) -> Events:
    """The events that answer between two places, which tell what some parameters ask for."""
    anchors = filterset.anchors
    names = told | {name for anchor in anchors if anchor.exact for name in anchor.names}
    rows: Events = filterset.narrowed(names).filter(between("newest", low, high))
    for anchor in anchors:
        numbers = [number(anchor.kind, key) for key in anchor.keys]
        if len(numbers) == 1:
            # A join, so that either side may lead: there is one such row for each event.
            rows = rows.filter(between("terms__event", low, high), terms__term=numbers[0])
            rows = rows.alias(**{LEADING: F("terms__event_id")})
        else:
            filed = Term.objects.filter(between("event", low, high), term__in=numbers, event=OuterRef("newest"))
            rows = rows.filter(Exists(filed))
    return rows


def number(kind: str, key: Any) -> int:
    """The term of an anchor's key."""
    return terms.term(KINDS[kind], *key) if isinstance(key, tuple) else terms.term(KINDS[kind], key)


def between(name: str, low: int | None, high: int | None) -> Q:
    """The condition: at or after the one place, and before the other."""
    condition = Q() if low is None else Q(**{f"{name}__gte": low})
    return condition if high is None else condition & Q(**{f"{name}__lt": high})
