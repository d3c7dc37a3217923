"""The past: what a record, and everything that belongs to it, was after any entry of the history.

A state is put together from entries alone, never from the tables: what was said then, whatever became of it since.
The number of queries does not depend on how much has happened.
"""

import json
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from osint.base.fields import EdtfField
from osint.base.text import shown
from osint.history import chain
from osint.history.models import Action, Entry, Value
from osint.history.recording import State, blank

if TYPE_CHECKING:
    from osint.base.record import Record

R = TypeVar("R", bound="Record")
Told = tuple[str, int, str, str, str]

MOST = 2**31 - 1  # no version is higher; and JSON holds no number of any size

DAY = r"\d{4}-\d\d-\d\d"
MOMENT = DAY + r"T\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)"


class Redacted:
    """Stands for a value that was taken out of the history."""

    def __repr__(self) -> str:
        return "REDACTED"


REDACTED = Redacted()


# Which entry


def last_by(moment: datetime) -> int:
    """The number of the last entry made by this moment; 0 where there was none."""
    return Entry.objects.filter(at__lte=moment).aggregate(last=Max("seq"))["last"] or 0


def end_of(change: UUID) -> int:
    """The number of the last entry of a change."""
    return Entry.objects.filter(change=change).aggregate(last=Max("seq"))["last"] or 0


def that_made(model: type["Record"], key: int, version: int) -> Entry | None:
    """The entry that made this version of a record, if the history knows of one."""
    texts = [chain.canonical({"from": before, "to": version}) for before in (None, version - 1)]
    found = Value.objects.filter(field="version", text__in=texts).filter(
        entry__model=model._meta.label_lower, entry__key=key
    )
    # A record that was deleted and came back has had its first versions twice.
    last = found.select_related("entry").order_by("-entry_id").first()
    return last.entry if last else None


def at_version(model: type["Record"], key: int, version: int) -> int | None:
    """The number of the last entry of the change that made this version: then the whole was as that version says."""
    entry = that_made(model, key, version) if version <= MOST else None
    return end_of(entry.change) if entry else None


def moment_of(text: str) -> datetime:
    """The past moment that a person means; a day means its end in UTC. Anything else raises ``ValidationError``."""
    found = end_of_day(text) if re.fullmatch(DAY, text, re.ASCII) else exact(text)
    if found is None:
        raise ValidationError(no_moment(text))
    if found > timezone.now():
        raise ValidationError(
            _("“%(value)s” is not over yet, so nobody can say what was held then. Write an earlier moment (UTC).")
            % {"value": shown(text)}
        )
    return found


def end_of_day(text: str) -> datetime | None:
    """The last moment of a day in UTC."""
    with suppress(ValueError):
        return datetime.combine(date.fromisoformat(text), time.max, UTC)
    return None


def exact(text: str) -> datetime | None:
    """A moment as RFC 3339 writes it."""
    if re.fullmatch(MOMENT, text, re.ASCII | re.IGNORECASE):
        with suppress(ValueError, OverflowError):
            return datetime.fromisoformat(text.upper()).astimezone(UTC)
    return None


def no_moment(text: str) -> str:
    """What is said of a text that names no moment, and of what is most often wrong with one."""
    said = _("“%(value)s” is no moment. Write a day such as 2026-11-20, or a moment such as 2026-11-20T10:00:00Z.")
    if exact(text.replace(" ", "+")):
        said += " " + _("In an address “+” is written as %%2B.")
    elif exact(f"{text}Z"):
        said += " " + _("What is missing is the offset: Z for UTC, or one such as +03:00 (in an address %%2B03:00).")
    return said % {"value": shown(text)}


# What was


def state_at(model: type["Record"], key: int, seq: int) -> State | None:
    """A record column by column after this entry, as JSON holds it; none where it was not there."""
    return states_at(model, [key], seq).get(key)


def states_at(model: type["Record"], keys: Iterable[int], seq: int) -> dict[int, State]:
    """Those of these records that were there after this entry, column by column."""
    asked = Value.objects.filter(entry__model=model._meta.label_lower, entry__key__in=list(keys), entry__lte=seq)
    return replayed(told(asked)).get(model, {})


def whole_at(model: type["Record"], key: int, seq: int) -> dict[type["Record"], dict[int, State]]:
    """A record and everything that belonged to it after this entry, by model and key; empty where it was not there."""
    found = wholes_at(model, [key], seq)
    return found if key in found.get(model, {}) else {}


def wholes_at(model: type["Record"], keys: Iterable[int], seq: int) -> dict[type["Record"], dict[int, State]]:
    """These records and everything that belonged to one of them after this entry, by model and key."""
    about = Value.objects.filter(
        entry__root_model=model._meta.label_lower, entry__root_key__in=list(keys), entry__lte=seq
    )
    return replayed(told(about))


def that_ever_named(model: type["Record"], name: str, key: int, seq: int | None = None) -> set[int]:
    """Records of the model that have at some time (up to this entry) had this key in this relation."""
    values = Value.objects.filter(entry__model=model._meta.label_lower, field=name, text__endswith=f'"to":{key}}}')
    upto = values if seq is None else values.filter(entry__lte=seq)
    return set(upto.values_list("entry__key", flat=True))


def told(values: models.QuerySet[Value]) -> Iterator[Told]:
    """The values in the order in which they were written, each with what it was written about."""
    what = ("entry__model", "entry__key", "entry__action", "field", "text")
    return values.exclude(entry__action=Action.REDACT).order_by("entry_id").values_list(*what).iterator()


def replayed(values: Iterable[Told]) -> dict[type["Record"], dict[int, State]]:
    """What these values amount to, one after the other."""
    found: dict[str, dict[int, State]] = {}
    for label, key, action, field, text in values:
        states = found.setdefault(label, {})
        if action == Action.DELETE:
            states.pop(key, None)
        elif field != chain.WHY:
            if key not in states:
                # Nobody is told what a new record holds no text in.
                model: type[models.Model] = apps.get_model(label)
                states[key] = dict.fromkeys(blank(model), "")
            states[key][field] = read(text)[1]
    return {apps.get_model(label): states for label, states in found.items()}


def read(text: str) -> tuple[Any, Any]:
    """What a value was and became."""
    if not text:
        return REDACTED, REDACTED
    sides = json.loads(text)
    return sides["from"], sides["to"]


# As records


def rebuilt(model: type[R], key: int, state: State) -> R:
    """The record as it was, not to be saved; what follows from other columns is left to the caller."""
    record = model(pk=key)
    for column in model._meta.concrete_fields:
        if column.name in state:
            setattr(record, column.attname, value_of(column, state[column.name]))
        elif column.null and not column.primary_key:
            # The history tells of a new record only what was filled in.
            setattr(record, column.attname, None)
    record._state.adding = False
    return record


def value_of(column: models.Field[Any, Any], value: Any) -> Any:
    """The column's value, from what JSON holds."""
    if value is REDACTED:
        return in_place_of(column)
    target = getattr(column, "target_field", column)
    return None if value is None else target.to_python(value)


def in_place_of(column: models.Field[Any, Any]) -> Any:
    """What a record holds in place of a redacted value: a word where any text may stand, else what is blank."""
    if column.has_default() and callable(column.default):
        return None  # a new identity or the moment of now would be made up
    is_free = isinstance(column, models.CharField | models.TextField) and not column.choices
    return _("[redacted]") if is_free and not isinstance(column, EdtfField | models.SlugField) else column.get_default()
