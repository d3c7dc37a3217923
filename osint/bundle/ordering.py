"""The order in which arriving records are written: wholes with their parts, some at a time, what is needed first."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any

from events.models import Event
from osint.base.chunks import chunks
from osint.base.record import Record
from osint.bundle import contents
from osint.bundle.arriving import Identity, label_of
from osint.bundle.plans import Step
from osint.history.recording import root_model, rows_of
from sources.models import Report

TOGETHER = 300  # wholes that are written at once
BATCHED = (Report, Event)  # of the others there are few, and they name each other in circles
Place = dict[type[Record], int]
PLACE: Place = {model: number for number, model in enumerate(contents.MODELS)}


def batches(steps: Sequence[Step], roots: "Roots") -> Iterator[list[Step]]:
    """The steps in batches, each whole with all of its parts in one."""
    groups: dict[type[Record], dict[Identity, list[Step]]] = {}
    for step in steps:
        groups.setdefault(whole_of(step.model), {}).setdefault(roots.of(step), []).append(step)
    for model in sorted(groups, key=lambda model: PLACE[model]):
        wholes = groups[model]
        size = TOGETHER if model in BATCHED else len(wholes)
        for some in in_order(wholes, size):
            yield sorted((step for root in some for step in wholes[root]), key=lambda step: PLACE[step.model])


def in_order(wholes: dict[Identity, list[Step]], size: int) -> Iterator[list[Identity]]:
    """The wholes some at a time, those that others name before these; what names each other in a circle at once."""
    left = {root: needs(root, steps) & wholes.keys() for root, steps in wholes.items()}
    if len(left) <= size:
        yield list(left)
        return
    ready = unentangled(left)
    yield from chunks(ready, size)
    if circle := [root for root, others in left.items() if others]:
        yield circle


def unentangled(left: dict[Identity, set[Identity]]) -> list[Identity]:
    """Those that need no circle, each after all that it needs; what is left of the needs of the others is in them."""
    needed_by: dict[Identity, list[Identity]] = defaultdict(list)
    for root, others in left.items():
        for other in others:
            needed_by[other].append(root)
    ready: list[Identity] = []
    fresh = [root for root, others in left.items() if not others][::-1]
    while fresh:
        root = fresh.pop()
        ready.append(root)
        for other in needed_by[root]:
            left[other].discard(root)
            if not left[other]:
                fresh.append(other)
    return ready


@cache
def whole_of(model: type[Record]) -> type[Record]:
    """The kind of record that records of this kind are a part of."""
    return root_model(model)


def needs(root: Identity, steps: Iterable[Step]) -> set[Identity]:
    """The wholes of the same kind that these records name."""
    found = set()
    for step in steps:
        if names := beside(step.model):
            held = step.held
            found |= {(root[0], value[0]) for name in names if (value := held.get(name))}
    return found - {root}


@cache
def beside(model: type[Record]) -> tuple[str, ...]:
    """The fields by which a record may name a whole of the kind of its own, but for that by which it names its own."""
    root, own = whole_of(model), model.belongs_to
    return tuple(name for name, other in contents.references(model).items() if other is root and name != own)


class Roots:
    """Of which whole each record is a part."""

    def __init__(self, steps: Iterable[Step]) -> None:
        self.steps = {step.identity: step for step in steps}
        stored: dict[type[Record], dict[int, Step]] = defaultdict(dict)
        for step in self.steps.values():
            if step.key is not None and step.model.belongs_to:
                stored[step.model][step.key] = step
        self.found: dict[Identity, Identity] = {}  # without those that are wholes themselves
        for model, by_key in stored.items():
            for key, root in named_roots(model, by_key):
                self.found[by_key[key].identity] = root

    def of(self, step: Step) -> Identity:
        """The identity of the whole."""
        identity = step.identity
        if not step.model.belongs_to:
            return identity
        root = self.found.get(identity)
        if root is None:
            root = self.found[identity] = self.climbed(step)
        return root

    def climbed(self, step: Step) -> Identity:
        """The whole of a new record, by the ones that it names."""
        first = step.model.belongs_to.split("__")[0]
        named = step.held.get(first)
        other: Any = contents.references(step.model)[first]
        if not named:
            return step.identity
        above = (label_of(other), str(named[0]))
        if above in self.steps:
            return self.of(self.steps[above])
        if not other.belongs_to:
            return above
        roots: dict[Any, Identity] = dict(named_roots(other, [named[0]], contents.key_field(other)))
        return roots.get(named[0], step.identity)


def named_roots(model: type[Record], keys: Iterable[Any], column: str = "pk") -> Iterator[tuple[Any, Identity]]:
    """Stored records with the identities of their wholes."""
    root = root_model(model)
    name = f"{model.belongs_to}__{contents.key_field(root)}"
    for some in chunks(keys):
        rows = rows_of(model).filter(**{f"{column}__in": some}).order_by()
        for key, identity in rows.values_list(column, name):
            yield (key if column == "pk" else str(key)), (label_of(root), str(identity))


@cache
def within(model: type[Record]) -> tuple[str, ...]:
    """The fields by which a record names another of its own kind."""
    return tuple(name for name, other in contents.references(model).items() if other is model)
