"""How a change gets into the history: everything done within one ``change()`` is one change.

Before a record is written, ``about_to_write`` reads what is stored, under a lock. When the outermost ``change()`` ends,
what is stored then is compared with it, so that the history says what happened to the database, not what was meant to.
The version of each changed record, and of the record that it belongs to, goes up by one.
"""

from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django.apps import apps
from django.db import models, transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone

from osint.base.among import Among
from osint.history import chain
from osint.history.models import Action

if TYPE_CHECKING:
    from osint.base.record import Record

State = dict[str, Any]
# Each record that has changed, by kind and key: what it was before and what it is after; none where it was not there.
Touched = dict[type["Record"], dict[int, tuple[State | None, State | None]]]
Follower = Callable[[Touched], None]
VERSION, CHANGED_AT = "version", "changed_at"
# By this door comes what others wrote elsewhere, whoever let it in.
IMPORT = "import"
FOLLOWERS: list[Follower] = []


@dataclass(frozen=True)
class Door:
    """Where changes come in just now."""

    name: str = "code"
    request: HttpRequest | None = None


@dataclass
class Known:
    """A record as it was before the change, and what it belongs to."""

    root: tuple[type["Record"], int]
    state: State | None


@dataclass
class Change:
    """What is being done at once."""

    by: Any = None
    why: str = ""
    uncounted: frozenset[str] = frozenset()
    uuid: UUID = field(default_factory=uuid4)
    known: dict[type["Record"], dict[int, Known]] = field(default_factory=dict)


DOOR: ContextVar[Door] = ContextVar("door", default=Door())  # noqa: B039 - frozen
CURRENT: ContextVar[Change | None] = ContextVar("change", default=None)


def follow(function: Follower) -> Follower:
    """Let the function see every change within its transaction, when its entries are written.

    From then until the transaction ends nobody else's change gets so far, so that functions see one change after the
    other, each with all before it, in the order of the history.
    """
    if function not in FOLLOWERS:
        FOLLOWERS.append(function)
    return function


@contextmanager
def through(name: str, request: HttpRequest | None = None) -> Iterator[None]:
    """What is changed within this block comes by this door."""
    token = DOOR.set(Door(name, request))
    try:
        yield
    finally:
        DOOR.reset(token)


@contextmanager
def change(by: Any = None, why: str = "", uncounted: Iterable[str] = ()) -> Iterator[Change]:
    """Do something at once: all of it is kept, with its history, or nothing.

    Within another change it is a part of that one. A record of which only the ``uncounted`` columns change keeps its
    version: for what is undone to the byte.
    """
    current = CURRENT.get()
    if current is not None:
        current.by, current.why = current.by or by, current.why or why
        current.uncounted |= frozenset(uncounted)
        yield current
        return
    with transaction.atomic():
        current = Change(by, why, frozenset(uncounted))
        token = CURRENT.set(current)
        try:
            yield current
            keep(current, is_all=True)
        finally:
            CURRENT.reset(token)


@contextmanager
def rehearsing() -> Iterator[Change]:
    """What is done within this block will be undone, so that none of it comes into the history."""
    current = Change()
    token = CURRENT.set(current)
    try:
        yield current
    finally:
        CURRENT.reset(token)


def keep_so_far() -> None:
    """Write down what has happened so far in a change that is too large to be remembered at once.

    What belongs together is written before this is called: a whole that changes again has its next version.
    """
    current = CURRENT.get()
    assert current is not None, "Write within osint.history.recording.change()."  # noqa: S101 - a mistake of ours
    keep(current)
    current.known.clear()


def let_go_so_far() -> None:
    """Do not remember what has happened so far, where all of it will be undone."""
    current = CURRENT.get()
    assert current is not None, "Write within osint.history.recording.rehearsing()."  # noqa: S101 - a mistake of ours
    current.known.clear()


def forget(made: Mapping[type["Record"], Iterable[int]]) -> None:
    """These records were undone with a savepoint: what gets their keys now is something else."""
    current = CURRENT.get()
    for model, keys in made.items() if current else ():
        for key in keys:
            current.known.get(model, {}).pop(key, None)  # type: ignore[union-attr]


# Before something is written


def about_to_write(model: type["Record"], keys: Iterable[int]) -> None:
    """Remember what is stored under these keys, and lock it until the transaction ends."""
    current = CURRENT.get()
    assert current is not None, "Write within osint.history.recording.change()."  # noqa: S101 - a mistake of ours
    fresh = set(keys) - set(current.known.get(model, ()))
    if not fresh:
        return
    roots = roots_of(model, fresh)
    if model.belongs_to:
        # The whole first, then its parts: two writers who lock in one order cannot block each other.
        for root in {root for root, _key in roots.values()}:
            about_to_write(root, {key for found, key in roots.values() if found is root})
    states = stored(model, fresh, lock=True)
    known = current.known.setdefault(model, {})
    for key in sorted(fresh):
        known[key] = Known(roots.get(key, (model, key)), states.get(key))


def written(model: type["Record"], keys: Iterable[int]) -> None:
    """Remember that these records are new."""
    current = CURRENT.get()
    assert current is not None, "Write within osint.history.recording.change()."  # noqa: S101 - a mistake of ours
    known = current.known.setdefault(model, {})
    # One made under a key of its own was looked for before it was there, and so not known to belong to anything.
    fresh = [key for key in keys if key not in known or (known[key] == Known((model, key), None) and model.belongs_to)]
    roots = roots_of(model, fresh)
    for key in fresh:
        root, root_key = roots[key]
        if root is not model:
            about_to_write(root, [root_key])
        known[key] = Known((root, root_key), None)


def before(model: type["Record"], key: int) -> State | None:
    """The record as it was when the change began."""
    current = CURRENT.get()
    return current.known[model][key].state if current and key in current.known.get(model, {}) else None


def state_of(record: "Record") -> State:
    """The record in memory, as the history would keep it."""
    return {name: chain.encoded(getattr(record, attname)) for name, attname in columns(type(record)).items()}


def roots_of(model: type["Record"], keys: Iterable[int]) -> dict[int, tuple[type["Record"], int]]:
    """For each stored record the one that it belongs to: itself, where it stands alone."""
    keys = list(keys)
    if not (keys and model.belongs_to):
        return {key: (model, key) for key in keys}
    root = root_model(model)
    found = rows_of(model).filter(Among("pk", keys)).values_list("pk", model.belongs_to)
    return {key: (root, root_key) for key, root_key in found}


def root_model(model: type["Record"]) -> type["Record"]:
    """The model at the end of ``belongs_to``."""
    for name in model.belongs_to.split("__") if model.belongs_to else []:
        model = model._meta.get_field(name).related_model  # type: ignore[assignment]
    return model


def recorded_models() -> list[Any]:
    """Every model whose records have a history."""
    return [model for model in apps.get_models() if hasattr(model, "worked_out")]


def rows_of(model: type["Record"]) -> models.QuerySet[Any]:
    """The model's rows, past our own queryset, which records what it writes."""
    return models.QuerySet(model)


def stored(model: type["Record"], keys: Collection[int], *, lock: bool = False) -> dict[int, State]:
    """What is stored under these keys, column by column, as JSON holds it."""
    if not keys:
        return {}
    names = columns(model)
    rows = rows_of(model).filter(Among("pk", keys)).order_by("pk")
    if lock:
        rows = rows.select_for_update(no_key=True)
    return {
        key: dict(zip(names, map(chain.encoded, values), strict=True))
        for key, *values in rows.values_list("pk", *names.values())
    }


@cache
def blank(model: type[models.Model]) -> frozenset[str]:
    """Columns that hold no text until somebody writes one: what was never there and is not there now is not told."""
    return frozenset(column.name for column in model._meta.concrete_fields if column.get_default() == "")


def is_untold(column: Any, value: Any) -> bool:
    """Whether a new record may hold this without a word: nothing, or a column's default, which came after the entry."""
    return value is None or value == chain.encoded(column.get_default())


def columns(model: type[models.Model]) -> dict[str, str]:
    """What the history keeps of a record: field by field its column, without key and without what is worked out."""
    left_out = model.worked_out()  # type: ignore[attr-defined]
    return {
        column.name: column.attname
        for column in model._meta.concrete_fields
        if not column.primary_key and column.name not in left_out
    }


# When all is done


def keep(current: Change, *, is_all: bool = False) -> None:
    """Count the versions, and write down what has happened."""
    now = {model: stored(model, known) for model, known in current.known.items()}
    count_versions(current, now)
    happenings = list(differences(current, now))
    if happenings:
        if is_all:
            chain.check_references()
        chain.queue_up()  # before the clock is read, so that the moments rise with the numbers
        chain.append(happenings, circumstances(current))
        changed = touched(current, now)
        for function in FOLLOWERS:
            function(changed)


def touched(current: Change, now: dict[type["Record"], dict[int, State]]) -> Touched:
    """What has changed, for those who follow."""
    found: Touched = {}
    for model, known in current.known.items():
        for key, before in known.items():
            after = now[model].get(key)
            if before.state != after:
                found.setdefault(model, {})[key] = (before.state, after)
    return found


def count_versions(current: Change, now: dict[type["Record"], dict[int, State]]) -> None:
    """Each changed record that was there before, and the one it belongs to, has its next version."""
    changed: dict[type[Record], set[int]] = {}
    for model, known in current.known.items():
        for key, before in known.items():
            if before.state is None:
                is_changed = key in now[model]
            else:
                is_changed = bool(set(difference(before.state, now[model].get(key))) - current.uncounted)
            if is_changed:
                changed.setdefault(model, set()).add(key)
                changed.setdefault(before.root[0], set()).add(before.root[1])
    for model in sorted(changed, key=lambda model: model._meta.label):
        known = current.known[model]
        there = sorted(key for key in changed[model] & set(now[model]) if known[key].state is not None)
        if there:
            rows_of(model).filter(Among("pk", there)).update(version=F(VERSION) + 1)
        for key in there:
            now[model][key][VERSION] += 1
        date_wholes(model, {key for key in there if known[key].state[CHANGED_AT] == now[model][key][CHANGED_AT]}, now)  # type: ignore[index]


def date_wholes(model: type["Record"], keys: set[int], now: dict[type["Record"], dict[int, State]]) -> None:
    """What has changed in a part only was changed now too: so one column says since when a whole is as it is."""
    if not keys:
        return
    moment = timezone.now()
    rows_of(model).filter(Among("pk", keys)).update(changed_at=moment)
    for key in keys:
        now[model][key][CHANGED_AT] = chain.encoded(moment)


def differences(current: Change, now: dict[type["Record"], dict[int, State]]) -> Iterator[chain.Happening]:
    """What has happened to each record, in the order in which they were written."""
    for model, known in current.known.items():
        for key, before in known.items():
            after = now[model].get(key)
            if values := difference(before.state, after, blank(model)):
                root, root_key = before.root
                whole = (root._meta.label_lower, root_key)
                yield chain.Happening(model._meta.label_lower, key, whole, action_of(before.state, after), values)


def action_of(before: State | None, after: State | None) -> str:
    """What happened."""
    return Action.CREATE if before is None else Action.DELETE if after is None else Action.CHANGE


def difference(before: State | None, after: State | None, blank: Container[str] = ()) -> dict[str, tuple[Any, Any]]:
    """Each column that is not what it was, from what to what; of a new record only what it holds."""
    if before is None:
        return {
            name: (None, value)
            for name, value in (after or {}).items()
            if value is not None and (value != "" or name not in blank)
        }
    old, new = before, after or {}
    return {name: (old.get(name), new.get(name)) for name in (new or old) if old.get(name) != new.get(name)}


def circumstances(current: Change) -> chain.Circumstances:
    """Who, when, why, by which door and request."""
    door = DOOR.get()
    by = current.by or getattr(door.request, "user", None)
    if by is not None and by.pk is None:
        by = None  # nobody we know
    return chain.Circumstances(
        at=timezone.now(),
        by=by.pk if by else None,
        username=by.get_username() if by else None,
        why=current.why,
        door=door.name,
        request=f"{door.request.method} {door.request.path}"[:300] if door.request else "",
        change=current.uuid,
    )
