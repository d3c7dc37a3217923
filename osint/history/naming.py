"""What records are called that the history speaks of: read in one go, hidden ones unnamed, deleted ones as last."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.utils.translation import gettext as _

from osint.history import past
from osint.history.models import Action, Value
from osint.history.recording import State, rows_of

Wanted = dict[type[models.Model], set[int]]
LONG = 20_000  # characters
DEEP = 3  # a claim names its citation, that its report: what is deleted may name what is deleted


Hidden = tuple[type[models.Model], int]
RULES: list[Callable[[Any], Iterable[Hidden]]] = []


def rule(function: Callable[[Any], Iterable[Hidden]]) -> Callable[[Any], Iterable[Hidden]]:
    """Let the function name the deleted records that a reader may not know of: no queryset can be asked for them."""
    RULES.append(function)
    return function


def bygone(reader: Any) -> set[Hidden]:
    """The deleted records that the reader may not know of."""
    return {hidden for asked in RULES for hidden in asked(reader)}


class Names:
    """What each record is called, for one reader."""

    def __init__(self, reader: Any) -> None:
        self.reader = reader
        self.texts: dict[type[models.Model], dict[Any, str]] = {}
        self.known: dict[type[models.Model], dict[int, Any]] = {}
        self.hidden = bygone(reader)

    def of(self, column: Any) -> dict[Any, str]:
        """The names of what a relation leads to."""
        return self.texts.get(column.related_model, {}) if column.is_relation else {}

    def identity(self, column: Any, value: Any) -> Any:
        """What other installations know a related record by; any other value as it is."""
        if not column.is_relation or value is None or value is past.REDACTED:
            return value
        return self.identity_of(column.related_model, value)

    def identity_of(self, model: type[models.Model], key: int) -> str | None:
        """The identity of a record that travels, unless the reader may not see it."""
        if self.withheld(model, key):
            return None
        record = self.known.get(model, {}).get(key)
        known = (getattr(record, name, None) for name in ("uuid", "slug", "username"))
        return next((str(found) for found in known if found), None)

    def look_up(self, wanted: Wanted) -> None:
        """Find these records, and what the deleted ones among them name."""
        for _depth in range(DEEP):
            fresh = {model: keys - set(self.known.get(model, ())) for model, keys in wanted.items()}
            wanted = {}
            for model, keys in fresh.items():
                if keys:
                    for other, more in self.find(model, keys).items():
                        wanted.setdefault(other, set()).update(more)
        for model, records in self.known.items():
            self.texts[model] = {key: self.name(model, key, record) for key, record in records.items()}

    def find(self, model: type[models.Model], keys: set[int]) -> Wanted:
        """Find records of one model: those that there are, and the last state of those that there were."""
        known = self.known.setdefault(model, {})
        long = [column.name for column in model._meta.concrete_fields if is_long(column)]
        rows = rows_of(model) if hasattr(model, "worked_out") else model._default_manager.all()  # type: ignore[arg-type]
        live = {row.pk: row for row in rows.filter(pk__in=keys).defer(*long)}
        known.update(live)
        if hasattr(model._default_manager, "visible_to"):
            seen = model._default_manager.visible_to(self.reader).filter(pk__in=live).values_list("pk", flat=True)
            self.hidden |= {(model, key) for key in set(live) - set(seen)}
        gone = last_states(model, keys - set(live)) if len(live) < len(keys) else {}
        known.update({key: past.rebuilt(model, key, state) for key, state in gone.items()})  # type: ignore[type-var]
        return related(model, [*gone.values(), *map(needed, live.values())])

    def name(self, model: type[models.Model], key: int, record: Any) -> str:
        """What the record is called, unless the reader may not see it."""
        if self.withheld(model, key) or self.is_unspeakable(record):
            return _("(not for you)")
        self.join(record)
        try:
            return str(record)
        except ObjectDoesNotExist:
            return _("[redacted]")  # so is what it would be called after

    def is_unspeakable(self, record: Any) -> bool:
        """Whether the record's own name would tell of one that the reader may not see."""
        return any(self.withheld(other, key) for other, key in ties(record) if other is not type(record))

    def join(self, record: Any) -> None:
        """Let a record that was put together know those that it names, which costs no query."""
        for column in record._meta.concrete_fields:
            key = getattr(record, column.attname) if column.is_relation else None
            other = self.known.get(column.related_model, {}).get(key) if key is not None else None
            if other is not None and column.name not in record._state.fields_cache:
                setattr(record, column.name, other)

    def withheld(self, model: type[models.Model], key: int) -> bool:
        """Whether the reader may not see the record; one that is gone is as hidden as what it belonged to."""
        if (model, key) in self.hidden:
            return True
        record = self.known.get(model, {}).get(key)
        if record is None or not hasattr(record, "belongs_to") or not is_put_together(record):
            return False
        return self.is_unspeakable(record)


def is_long(column: models.Field[Any, Any]) -> bool:
    """Whether the column may hold a whole document, which no name is made of."""
    return isinstance(column, models.TextField) and (column.max_length or LONG) >= LONG


def ties(record: Any) -> Iterator[tuple[type[models.Model], int]]:
    """The records that this one names."""
    for column in record._meta.concrete_fields:
        if column.is_relation and (key := getattr(record, column.attname)) is not None:
            yield column.related_model, key


def needed(record: Any) -> State:
    """The relations that a stored record has for sure, which its name may be made of."""
    sure = (column for column in record._meta.concrete_fields if column.is_relation and not column.null)
    return {column.name: getattr(record, column.attname) for column in sure}


def is_put_together(record: Any) -> bool:
    """Whether the record comes from the history, and is not stored any more."""
    return record._state.db is None


def last_states(model: Any, keys: Iterable[int]) -> dict[int, State]:
    """What these records were last, whether or not they are still there."""
    of_these = Value.objects.filter(entry__model=model._meta.label_lower, entry__key__in=list(keys))
    what = ("entry__key", "entry__action", "field", "text")
    rows = of_these.exclude(entry__action=Action.REDACT).order_by("entry_id").values_list(*what)
    states: dict[int, State] = {}
    for key, action, field, text in rows:
        if not field.startswith("@"):
            states.setdefault(key, {})[field] = past.read(text)[0 if action == Action.DELETE else 1]
    return states


def related(model: Any, states: Iterable[State]) -> Wanted:
    """What records in these states name."""
    wanted: Wanted = {}
    for state in states:
        for other, key in named(model, state):
            wanted.setdefault(other, set()).add(key)
    return wanted


def named(model: Any, state: State) -> Iterator[tuple[type[models.Model], int]]:
    """The records that one record names."""
    for column in model._meta.concrete_fields:
        if column.is_relation and isinstance(key := state.get(column.name), int):
            yield column.related_model, key
