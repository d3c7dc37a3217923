"""What those who follow the data are told: which records look otherwise since a change, and to whom.

Invariant: a notice is written within its change, when nobody else's gets so far (``recording.follow``), so numbers rise
in the order in which changes are kept, and who has read up to one has missed none before it. A record that looks
otherwise to a reader has a notice that the reader is told of; one that does not has none.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, NamedTuple

from django.utils import timezone

from osint.base.chunks import chunks
from osint.history import editions, inserting, recording
from osint.history.models import Notice, What
from osint.history.recording import State, Touched


class Audience(NamedTuple):
    """Who sees a record: those who see what lies on this level, and these persons (two at most) besides."""

    level: int
    persons: frozenset[int] = frozenset()


Audiences = frozenset[Audience]
NOBODY: Audiences = frozenset()


@dataclass(frozen=True)
class Told:
    """One thing that there is to tell: what became of a record, and who saw it before and sees it after."""

    model: type[Any]
    identity: str
    before: Audiences
    after: Audiences
    what: str = What.CHANGED


Teller = Callable[[Touched], Iterable[Told]]
TELLERS: list[Teller] = []


def teller(function: Teller) -> Teller:
    """Let the function say what there is to tell of a change."""
    TELLERS.append(function)
    return function


@recording.follow
def note(touched: Touched) -> None:
    """Write down what there is to tell of the change that ends now."""
    current = recording.CURRENT.get()
    assert current is not None  # noqa: S101 - followers are called within a change
    told = dict.fromkeys(one for asked in TELLERS for one in asked(touched))
    circumstances: dict[str, Any] = {"change": current.uuid, "at": timezone.now()}
    inserting.insert_records(Notice, [row for one in told for row in rows(one, circumstances)])
    editions.raise_for(told, touched, circumstances["at"])


def rows(told: Told, circumstances: dict[str, Any]) -> Iterator[Notice]:
    """The notices of one thing: a row holds one audience on each side, so there is one for each pair of them."""
    label = told.model._meta.label_lower
    if not told.before and not told.after:
        return
    for before, after in product(in_order(told.before), in_order(told.after)):
        sides = side("before", before) | side("after", after)
        yield Notice(model=label, identity=told.identity, what=told.what, **sides, **circumstances)


def in_order(audiences: Audiences) -> Sequence[Audience | None]:
    """The audiences in one order; nobody, where there are none."""
    ordered = sorted(audiences, key=lambda one: (one.level, sorted(one.persons)))
    return ordered or [None]


def side(name: str, audience: Audience | None) -> dict[str, int | None]:
    """An audience as columns."""
    if audience is None:
        return {}
    one, other = [*sorted(audience.persons), None, None][:2]
    return {name: audience.level, f"{name}_one": one, f"{name}_other": other}


def own(
    model: type[Any], both: tuple[State | None, State | None], before: Audiences, after: Audiences, what: str = ""
) -> Iterator[Told]:
    """What there is to tell of a record that has changed itself; under another name it is another record."""
    old, new = (identity_of(state) for state in both)
    what = what or (What.CREATED if old is None else What.DELETED if new is None else What.CHANGED)
    if old is not None and new is not None and old != new:
        yield Told(model, old, before, NOBODY, What.DELETED)
        yield Told(model, new, NOBODY, after, What.CREATED)
    else:
        yield Told(model, str(old or new), before if old else NOBODY, after if new else NOBODY, what)


def identity_of(state: State | None) -> str | None:
    """The identity by which a record travels."""
    return None if state is None else str(state["slug"] if "slug" in state else state["uuid"])


class Book:
    """The records of one kind before and after a change, those that it left alone included, as far as they are read."""

    def __init__(self, model: type[Any], columns: Iterable[str], touched: Touched) -> None:
        self.model, self.columns = model, tuple(columns)
        self.changed = touched.get(model, {})
        self.others: dict[int, State] = {}

    def learn(self, keys: Iterable[int | None]) -> None:
        """Read those of these records that did not change."""
        wanted = sorted({key for key in keys if key is not None} - set(self.changed) - set(self.others))
        for some in chunks(wanted):
            for row in recording.rows_of(self.model).filter(pk__in=some).values("pk", *self.columns):
                self.others[row.pop("pk")] = row

    def before(self, key: int | None) -> State | None:
        """The record before the change."""
        return self.side(key, 0)

    def after(self, key: int | None) -> State | None:
        """The record after the change."""
        return self.side(key, 1)

    def side(self, key: int | None, side: int) -> State | None:
        """The record on one side of the change."""
        if key is None:
            return None
        return self.changed[key][side] if key in self.changed else self.others.get(key)
