"""A row as a line of JSON, the same from every engine, and back again; a value of another kind is refused by name."""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson
from django.db import models
from django.utils.translation import gettext as _

from osint.base.text import shown

Reader = Callable[[Any], Any]


class Unreadable(ValueError):
    """A line that is no row of its table."""


def line(row: Sequence[Any]) -> bytes:
    """A row as a line, without its end."""
    values = [encoded(value) for value in row]
    try:
        return orjson.dumps(values)
    except TypeError:
        # Numbers beyond 64 bits, and letters that UTF-8 has not.
        return json.dumps(values).encode()


def encoded(value: Any) -> Any:
    """A value as JSON holds it."""
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat() if value.tzinfo else value.isoformat()
        case date() | time():
            return value.isoformat()
        case UUID() | Decimal():
            return str(value)
        case timedelta():
            return [value.days, value.seconds, value.microseconds]
        case bytes() | bytearray() | memoryview():
            return b64encode(value).decode()
    return value


def exactly(kind: type) -> Reader:
    """A reader of values that JSON has itself."""

    def read(value: Any) -> Any:
        if type(value) is not kind:
            raise TypeError
        return value

    return read


def number(value: Any) -> float:
    """A number with or without a point."""
    if type(value) not in {int, float}:
        raise TypeError
    return float(value)


def anything(value: Any) -> Any:
    """Whatever JSON holds."""
    return value


READERS: list[tuple[type[models.Field[Any, Any]], Reader]] = [
    (models.JSONField, anything),
    (models.DateTimeField, datetime.fromisoformat),
    (models.DateField, date.fromisoformat),
    (models.TimeField, time.fromisoformat),
    (models.DurationField, lambda value: timedelta(*value)),
    (models.UUIDField, UUID),
    (models.BinaryField, b64decode),
    (models.DecimalField, Decimal),
    (models.BooleanField, exactly(bool)),
    (models.FloatField, number),
    (models.IntegerField, exactly(int)),
    (models.CharField, exactly(str)),
    (models.TextField, exactly(str)),
    (models.FileField, exactly(str)),
    (models.GenericIPAddressField, exactly(str)),
]


def reader(field: Any) -> Reader:
    """What reads the values of a column; a foreign key holds what the key that it leads to holds."""
    while field.is_relation:
        field = field.target_field
    found = next((read for kind, read in READERS if isinstance(field, kind)), None)
    if found is None:
        raise NotImplementedError(f"No backup has been taught to read {field} ({type(field).__name__}).")
    return found


class Shape:
    """The columns of a table, and how a line becomes a row of it."""

    def __init__(self, fields: Sequence[Any]) -> None:
        self.fields = list(fields)
        self.names = [str(field.column) for field in fields]
        self.readers = [(reader(field), field.null) for field in fields]

    def read(self, text: bytes) -> list[Any]:
        """The row that stands in a line."""
        try:
            values = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise Unreadable(_("it is no JSON")) from error
        if not isinstance(values, list) or len(values) != len(self.names):
            raise Unreadable(_("it does not have %(number)d values") % {"number": len(self.names)})
        return [self.value(place, value) for place, value in enumerate(values)]

    def value(self, place: int, value: Any) -> Any:
        """The value of one column."""
        read, may_be_null = self.readers[place]
        if value is None and may_be_null:
            return None
        try:
            return read(value)
        except (ArithmeticError, AttributeError, TypeError, ValueError) as error:
            said = {"column": self.names[place], "value": shown(json.dumps(value, ensure_ascii=False))}
            raise Unreadable(_("“%(column)s” cannot be %(value)s") % said) from error
