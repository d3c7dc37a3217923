"""Values as they travel, read from the database and from files: references as natural keys, the rest as in JSON."""

import math
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import cache
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from events.models import Event
from osint.base import dates
from osint.base.among import Among
from osint.base.chunks import chunks
from osint.base.fields import EdtfField
from osint.base.filters import iso_day
from osint.base.record import Record
from osint.base.text import shown
from osint.bundle import contents, units
from osint.history.recording import rows_of

Taker = Callable[[Any], Any]
TOGETHER = 2_000  # keys that go to the database as one value
AS_WRITTEN = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")  # a UUID in the one way


@cache
def lookups(model: type[Record]) -> dict[str, str]:
    """For each field that travels, and for what became of an event, the column that says it as it travels."""
    references = contents.references(model)
    found = {
        name: f"{name}__{contents.key_field(references[name])}" if name in references else name
        for name in contents.FIELDS[model]
    }
    if model is Event:
        found |= {"status": "status", "retraction_reason": "retraction_reason", "merged_into": "merged_into__uuid"}
    return found


def natural(model: type[Record], keys: Iterable[int]) -> dict[int, dict[str, Any]]:
    """Records field by field as they travel, by key."""
    return {key: values for key, _identity, values in rows(model, "pk", keys)}


def by_identity(model: type[Record], identities: Iterable[str]) -> dict[str, tuple[int, dict[str, Any]]]:
    """Records by identity: key, and field by field as they travel."""
    found = rows(model, contents.key_field(model), identities)
    return {identity: (key, values) for key, identity, values in found}


def rows(model: type[Record], column: str, wanted: Iterable[Any]) -> Iterator[tuple[int, str, dict[str, Any]]]:
    """Key, identity and values of the records that have one of these in the column."""
    named = lookups(model)
    fields = {name: contents.columns(model).get(name) for name in named}
    for some in chunks(wanted, TOGETHER):
        found = rows_of(model).filter(Among(column, some)).order_by("pk")
        for key, identity, *values in found.values_list("pk", contents.key_field(model), *named.values()):
            yield (
                key,
                str(identity),
                {name: travelling(fields[name], value) for name, value in zip(named, values, strict=True)},
            )


def travelling(field: Any, value: Any) -> Any:
    """A stored value as it travels."""
    if field is not None and field.is_relation:
        return None if value is None else [str(value)]
    return units.encoded(value)


def names_of(model: type[Record], keys: Iterable[int]) -> dict[int, str]:
    """The natural keys of stored records."""
    found: dict[int, str] = {}
    for some in chunks(sorted(keys)):
        rows: models.QuerySet[Any] = rows_of(model).filter(pk__in=some).order_by()
        found |= {key: str(name) for key, name in rows.values_list("pk", contents.key_field(model))}
    return found


def keys_of(model: type[Record], identities: Iterable[str]) -> dict[str, int]:
    """The keys of stored records by identity."""
    found: dict[str, int] = {}
    column = contents.key_field(model)
    for some in chunks(sorted(set(identities)), TOGETHER):
        rows: models.QuerySet[Any] = rows_of(model).filter(Among(column, some)).order_by()
        found |= {str(name): key for name, key in rows.values_list(column, "pk")}
    return found


# Out of a file


def taken(model: type[Record], name: str, value: Any) -> Any:
    """A value of a file as it travels; ``ValidationError`` where it is not of the type of its column."""
    take = takers(model)[name]
    if value is None and not contents.columns(model)[name].null:
        raise ValidationError(_("This is never empty. Give a value."))
    return None if value is None else take(value)


@cache
def takers(model: type[Record]) -> dict[str, Taker]:
    """How a value of each field is taken."""
    references = contents.references(model)
    return {
        name: naming(references[name]) if name in references else taker(column)
        for name, column in contents.columns(model).items()
    }


def taker(column: Any) -> Taker:
    """How a value of this column is taken: for what it is, and never for what it could be made into."""
    match column:
        case EdtfField():
            return edtf
        case models.BooleanField():
            return truth
        case models.FloatField():
            return real
        case models.IntegerField():
            return whole
        case models.DateTimeField():
            return moment
        case models.DateField():
            return day
        case models.JSONField():
            return document
    return text


def wrong(sentence: str, value: Any) -> ValidationError:
    """The error that names the value seen."""
    return ValidationError(f"{shown(str(value))}: {sentence}")


def text(value: Any) -> str:
    """A text."""
    if not isinstance(value, str):
        raise wrong(_("This is no text. Give a string in quotation marks."), value)
    return str(value)


def edtf(value: Any) -> str:
    """A date, in the one way in which it is written; one that is none is its field's matter."""
    with suppress(ValidationError):
        return dates.parse(value).edtf if text(value) else ""
    return text(value)


def truth(value: Any) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise wrong(_("Give true or false, without quotation marks."), value)
    return value


def whole(value: Any) -> int:
    """A whole number."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise wrong(_("This is no whole number. Give one such as 3, without quotation marks."), value)
    return int(value)


def real(value: Any) -> float:
    """A number with a finite value."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise wrong(_("This is no number. Give one such as 36.5, without quotation marks."), value)
    return float(value)


def day(value: Any) -> str:
    """One day of the calendar."""
    found = iso_day(value) if isinstance(value, str) else None
    if found is None:
        raise wrong(_("This is not a day of the calendar. Write it as 2025-11-30."), value)
    return found.isoformat()


def moment(value: Any) -> str:
    """A moment."""
    with suppress(ValueError):
        found = parse_datetime(value) if isinstance(value, str) else None
        if found is not None and found.tzinfo is not None:
            return str(units.encoded(found))
    raise wrong(_("This is no moment. Write it as 2025-11-30T08:00:00Z."), value)


def document(value: Any) -> Any:
    """An object or a list."""
    if not isinstance(value, dict | list):
        raise wrong(_("This is neither an object nor a list."), value)
    return units.encoded(value)


def naming(model: type[Record]) -> Taker:
    """How a reference to such a record is taken."""

    is_slug = contents.key_field(model) != "uuid"

    def take(value: Any) -> list[str]:
        if not isinstance(value, list | tuple) or len(value) != 1 or not isinstance(value[0], str):
            raise wrong(_("This names no record. Give its natural key as a list of one text."), value)
        name = value[0]
        return [name if is_slug or AS_WRITTEN.fullmatch(name) else name_of(model, name)]

    return take


def name_of(model: type[Record], name: str) -> str:
    """A natural key in the one way in which it is written."""
    if contents.key_field(model) != "uuid" or AS_WRITTEN.fullmatch(name):
        return name
    try:
        return str(UUID(name))
    except ValueError as error:
        raise wrong(_("This is no UUID."), name) from error
