"""What one change did, record by record, and how records of each kind are undone."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.apps import apps
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from osint.base.among import Among
from osint.base.record import Record
from osint.history import past
from osint.history.models import Action, Entry, Value
from osint.history.recording import State, rows_of

Kind = type[Record]
Key = tuple[Kind, int]
Sides = dict[str, tuple[Any, Any]]
# What becomes of a record to which two things were done in one change; what was made and is gone is nothing to undo.
TWICE = {
    (Action.CREATE, Action.CHANGE): Action.CREATE,
    (Action.CREATE, Action.DELETE): None,
    (Action.CHANGE, Action.DELETE): Action.DELETE,
}


@dataclass(frozen=True)
class Way:
    """How changes of one kind of record, and of what belongs to it, are undone."""

    # Opens the door through which these wholes are changed; nothing where they have none.
    changing: Callable[[list[Any], Any, str], AbstractContextManager[Any]] = lambda _records, _by, _why: nullcontext()
    # Columns that only a move sets, by model.
    moves: Callable[[Kind], frozenset[str]] = lambda _model: frozenset()
    # Whether what belongs to the whole stays as it was entered.
    stays: Callable[[Any, Kind], bool] = lambda _record, _model: False


WAYS: dict[Kind, Way] = {}


def way(model: Kind, found: Way) -> None:
    """Let changes of these records be undone so."""
    WAYS[model] = found


@dataclass(slots=True)
class Step:
    """One record that was changed, with what was done to it and its whole as stored now."""

    by: Any  # who undoes it
    model: Kind
    key: int
    whole: Key
    action: Action | None
    seq: int  # its last entry
    sides: Sides
    root: Any = None
    held: State | None = None  # what is stored of it, once it is locked

    @property
    def way(self) -> Way:
        """How records of its whole are undone."""
        return WAYS.get(self.whole[0], Way())

    @property
    def own(self) -> Key:
        """What record it is."""
        return self.model, self.key

    @property
    def kind(self) -> str:
        """What kind of record it is about."""
        return str(self.model._meta.verbose_name)

    def then(self, later: "Step") -> None:
        """Take in what the same change did to the record afterwards."""
        first, second = Action(self.action or Action.DELETE), Action(later.action or Action.DELETE)
        self.action = TWICE.get((first, second), Action.CHANGE if self.action else later.action)
        self.seq = later.seq
        for name, (before, after) in later.sides.items():
            self.sides[name] = (self.sides[name][0] if name in self.sides else before, after)


def steps_of(entry: Entry, by: Any) -> list[Step]:
    """What the change of this entry did, in the order in which it was done."""
    if entry.action == Action.REDACT:
        raise ValidationError(_("A redaction cannot be undone: the value is gone."))
    steps = list(done(entry.change, by).values())
    roots = stored(step.whole for step in steps)
    for step in steps:
        step.root = roots.get(step.whole)
    return steps


def done(change: UUID, by: Any, but_values_of: Action | None = None) -> dict[Key, Step]:
    """What the change did to each record, from what it was before to what it was when all was done.

    Values of many that were made alike (or of another action) need not be read, where their keys are enough.
    """
    found: dict[Key, Step] = {}
    for step in told(change, by, but_values_of):
        if step.own in found:
            found[step.own].then(step)
        else:
            found[step.own] = step
    return {key: step for key, step in found.items() if step.action is not None}


def told(change: UUID, by: Any, but_values_of: Action | None) -> Iterator[Step]:
    """What each entry of the change says."""
    sides: dict[int, Sides] = {}
    values = Value.objects.filter(entry__change=change).exclude(field__startswith="@").order_by()
    if but_values_of:
        values = values.exclude(entry__action=but_values_of)
    for seq, name, text in values.values_list("entry_id", "field", "text"):
        sides.setdefault(seq, {})[name] = past.read(text)
    rows = Entry.objects.filter(change=change).order_by("seq")
    for seq, model, key, root, root_key, action in rows.values_list(
        "seq", "model", "key", "root_model", "root_key", "action"
    ):
        whole = apps.get_model(root), root_key
        yield Step(by, apps.get_model(model), key, whole, Action(action), seq, sides.get(seq, {}))


def stored(keys: Iterable[Key]) -> dict[Key, Any]:
    """Those of these records that are there."""
    by_model: dict[Kind, set[int]] = {}
    for model, key in keys:
        by_model.setdefault(model, set()).add(key)
    rows = ((model, row) for model, some in by_model.items() for row in rows_of(model).filter(Among("pk", some)))
    return {(model, row.pk): row for model, row in rows}
