"""Which events show what a change has changed."""

from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q

from events.models import Actor, Citation, Claim, Count, Event, EventType, Involvement, Measure, Placement, Site
from osint.base.among import Among
from osint.base.tree import Tree
from osint.history.recording import State, Touched
from sources.models import Relay, Report, Source

Keys = set[int]
Sides = tuple[State | None, State | None]
# What documents show of a record that they name; a parent decides whether claims of narrower things agree.
SHOWN: dict[Any, tuple[str, ...]] = {
    Site: ("slug", "parent", "latitude", "longitude", "precision_m"),
    EventType: ("slug", "parent"),
    Actor: ("slug",),
    Measure: ("slug",),
    Source: ("slug",),
}
HOLDING: dict[Any, tuple[tuple[Any, str, str], ...]] = {
    Site: ((Placement, "site", "event"), (Claim, "site", "citation__event")),
    EventType: ((Event, "type", "pk"), (Claim, "type", "citation__event")),
    Actor: (
        (Involvement, "actor", "event"),
        (Count, "party", "event"),
        (Claim, "actor", "citation__event"),
        (Claim, "party", "citation__event"),
    ),
    Measure: ((Count, "measure", "event"), (Claim, "measure", "citation__event")),
}


def events_of(touched: Touched) -> Keys:
    """Keys of the events whose documents may show what has changed, those that are gone among them."""
    found = own(touched) | by_evidence(touched) | by_name(touched)
    made = new(touched, Event)
    if known := found - made:
        # What they are part of or merged into, and what is part of them or merged into them, shows it too.
        near = reduce(or_, (Q(Among(column, known)) for column in ("pk", "part_of", "merged_into")))
        rows = Event.objects.filter(near).order_by()
        found |= {key for row in rows.values_list("pk", "part_of", "merged_into") for key in row if key}
    wholes = {state["part_of"] for _before, state in touched.get(Event, {}).values() if state}
    return found | wholes - {None}


def new(touched: Touched, model: Any) -> Keys:
    """Keys of the records of a kind that were not there before."""
    return {key for key, (before, _after) in touched.get(model, {}).items() if before is None}


def refiled(touched: Touched) -> Keys:
    """Keys of the events that are found by other things than before."""
    found = set(touched.get(Event, ())) | sides(touched, (Placement, Involvement), "event")
    for model, relation in ((Site, "placements__site"), (EventType, "type")):
        if keys := moved(touched, model):
            rows = Event.objects.filter(**{f"{relation}__in": within(model, keys)})
            found |= set(rows.order_by().values_list("pk", flat=True))
    return found


def own(touched: Touched) -> Keys:
    """Events that have changed themselves, or in a fact."""
    return set(touched.get(Event, ())) | sides(touched, (Placement, Involvement, Count, Citation), "event")


def by_evidence(touched: Touched) -> Keys:
    """Events with a claim, or a report, that has changed."""
    found = spoken_for(touched)
    if sources := named_anew(touched, Source):
        named = Q(source__in=sources) | Q(relays__relayed_source__in=sources)
        found |= citing(set(Report.objects.filter(named).order_by().values_list("pk", flat=True)))
    return found


def backed(touched: Touched) -> Keys:
    """Keys of the events whose facts, or the evidence behind them, may be other ones than before."""
    found = own(touched) | spoken_for(touched)
    for model in (Site, EventType):
        found |= holding(model, moved(touched, model))
    found |= {state["merged_into"] for both in touched.get(Event, {}).values() for state in both if state}
    rows = Event.objects.filter(Among("pk", found - {None})).exclude(merged_into=None).order_by()
    found |= {key for key in rows.values_list("merged_into", flat=True) if key}
    return found - {None}


def spoken_for(touched: Touched) -> Keys:
    """Events with a claim, a report or whom it passes on, that has changed."""
    found: Keys = set()
    if cited := sides(touched, (Claim,), "citation"):
        found |= of_citations(Among("pk", cited))
    # What is new is cited by nobody yet.
    return found | citing((set(touched.get(Report, ())) | sides(touched, (Relay,), "report")) - new(touched, Report))


def citing(reports: Keys) -> Keys:
    """Events that cite one of these reports, or one that passes it on."""
    return of_citations(Among("report", Report.objects.passing_on(reports))) if reports else set()


def of_citations(condition: Among) -> Keys:
    """Events that have such a citation."""
    return set(Citation.objects.filter(condition).order_by().values_list("event", flat=True))


def by_name(touched: Touched) -> Keys:
    """Events that hold, or whose reports claim, something that is called or placed otherwise now."""
    found: Keys = set()
    for model in HOLDING:
        found |= holding(model, named_anew(touched, model))
    return found


def holding(model: Any, keys: Iterable[int]) -> Keys:
    """Events that hold, or whose reports claim, one of these records or what lies within it."""
    found: Keys = set()
    if among := within(model, keys):
        for holder, relation, event in HOLDING[model]:
            rows = holder.objects.filter(**{f"{relation}__in": among})
            found |= set(rows.order_by().values_list(event, flat=True))
    return found


def moved(touched: Touched, model: Any) -> list[int]:
    """Nodes of a tree that lie elsewhere than before."""
    return [key for key, both in touched.get(model, {}).items() if differ(both, ("parent",))]


def within(model: Any, keys: Iterable[int]) -> Keys:
    """Keys of these records and, in a tree, of all that lie within them: by parents, since paths follow afterwards."""
    found: Keys = set()
    fresh = set(keys)
    while fresh:
        found |= fresh
        lower = model.objects.filter(parent__in=fresh).order_by() if issubclass(model, Tree) else model.objects.none()
        fresh = set(lower.values_list("pk", flat=True)) - found
    return found


def named_anew(touched: Touched, model: Any) -> list[int]:
    """Records of this kind of which something is different that documents show."""
    return [key for key, both in touched.get(model, {}).items() if differ(both, SHOWN[model])]


def differ(both: Sides, names: Iterable[str]) -> bool:
    """Whether one of these columns has changed in a record that was there before and still is."""
    before, after = both
    return before is not None and after is not None and any(before[name] != after[name] for name in names)


def sides(touched: Touched, models: Iterable[Any], column: str) -> Keys:
    """What a relation of changed records led to before, or leads to now."""
    return {state[column] for model in models for both in touched.get(model, {}).values() for state in both if state}


__all__ = ["backed", "events_of", "refiled"]
