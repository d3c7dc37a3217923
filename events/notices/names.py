"""What there is to tell of code lists, places and actors, and of what names them by slug or by where they lie."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Q

from events.models import (
    Actor,
    ActorJudgement,
    ActorLink,
    ActorName,
    Claim,
    Count,
    Cue,
    Event,
    EventType,
    Involvement,
    Measure,
    Placement,
    Site,
    SiteJudgement,
    SiteName,
)
from events.notices.seen import AFTER, BEFORE, Events
from osint.base.judgements import Judgement
from osint.history import editions
from osint.history.notices import Told, own, teller
from osint.history.recording import State, Touched
from sources.audiences import EVERYBODY, JUDGES
from sources.models import Source

OPEN = (EventType, Measure, Cue, Site, Actor)
editions.name(EventType, Measure, Site, SiteName, Actor, ActorName, ActorLink, Source)
TREES = (EventType, Site)
# What names a record of this kind in an event: where, by which relation, and the way to the event that shows it.
IN_EVENTS: dict[Any, tuple[tuple[Any, str, str], ...]] = {
    EventType: ((Event, "type", ""), (Claim, "type", "citation__event")),
    Site: ((Placement, "site", "event"), (Claim, "site", "citation__event")),
    Actor: (
        (Involvement, "actor", "event"),
        (Count, "party", "event"),
        (Claim, "actor", "citation__event"),
        (Claim, "party", "citation__event"),
    ),
    Measure: ((Count, "measure", "event"), (Claim, "measure", "citation__event")),
}
# Records without a mark that name one: which, by which relation, and the way to the record with an address.
IN_OTHERS: dict[Any, tuple[tuple[Any, str, str], ...]] = {
    EventType: ((Cue, "type", "uuid"),),
    Measure: ((Cue, "measure", "uuid"),),
    Site: ((SiteJudgement, "first", "uuid"), (SiteJudgement, "second", "uuid")),
    Actor: (
        (ActorLink, "other", "actor__slug"),
        (ActorJudgement, "first", "uuid"),
        (ActorJudgement, "second", "uuid"),
    ),
}


@teller
def of_names(touched: Touched) -> Iterator[Told]:
    """Code lists, places and actors; what names one that goes by another name now, what lies below one that moved."""
    for model in OPEN:
        for sides in touched.get(model, {}).values():
            yield from own(model, sides, EVERYBODY, EVERYBODY)
    for model in IN_EVENTS:
        renamed = [key for key, sides in touched.get(model, {}).items() if differ(sides, "slug")]
        moved = [key for key, sides in touched.get(model, {}).items() if model in TREES and differ(sides, "parent")]
        if renamed or moved:
            yield from in_others(model, renamed)
            if model in TREES:
                below = lying_below(model, {*renamed, *moved})
                yield from (Told(model, slug, EVERYBODY, EVERYBODY) for slug in below.values())
            yield from in_events(naming(model, renamed, moved), touched)


def differ(sides: tuple[State | None, State | None], name: str) -> bool:
    """Whether a record was there and is there, with something else in this column."""
    old, new = sides
    return bool(old and new and old[name] != new[name])


def in_others(model: Any, renamed: list[int]) -> Iterator[Told]:
    """Records without a mark that name one of these."""
    for holder, relation, identity in IN_OTHERS.get(model, ()):
        found = holder.objects.filter(**{f"{relation}__in": renamed}).order_by().values_list(identity, flat=True)
        kind = holder if identity == "uuid" else model
        seen = JUDGES if issubclass(kind, Judgement) else EVERYBODY
        for one in found:
            yield Told(kind, str(one), seen, seen)


def lying_below(model: Any, keys: Iterable[int]) -> dict[int, str]:
    """What lies below one of these, and so has another path: by parents, since paths may still have to follow."""
    found: dict[int, str] = {}
    fresh = set(keys)
    while fresh:
        children = model.objects.filter(parent__in=fresh).order_by("pk").values_list("pk", "slug")
        fresh = {key for key, _slug in children} - set(found)
        found |= dict(children)
    return found


def naming(model: Any, renamed: list[int], moved: list[int]) -> set[int]:
    """Events that name one of these, or what lies below one that moved: a claim may agree now that did not."""
    found: set[int] = set()
    keys = [*renamed, *moved, *lying_below(model, moved)]
    for holder, relation, event in IN_EVENTS[model]:
        condition = Q(**{f"{relation}__in": keys})
        ways = [f"{event}__merged_into", event] if event else ["pk", "merged_into"]
        for row in holder.objects.filter(condition).order_by().values_list(*ways):
            found |= set(row) - {None}
    return found


def in_events(keys: set[int], touched: Touched) -> Iterator[Told]:
    """Events that name one."""
    events = Events(touched)
    events.learn(keys)
    for key in sorted(keys - set(events.changed)):
        yield Told(Event, events.identity(key), events.audiences(key, BEFORE), events.audiences(key, AFTER))
