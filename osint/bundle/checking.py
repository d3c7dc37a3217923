"""New records checked by their own rules: a value that many of them share is checked once."""

from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models

from osint.base.record import Record

BY_DATABASE = {"id", "created_by"}  # what is checked as it is written
SHORT, MOST = 100, 20_000  # characters of a value, and values of a column, that are remembered
NUMBERS = frozenset({int, type(None)})
PLAIN = NUMBERS | {str}
RIGHT: dict[type[Any], type[Any]] = {
    models.UUIDField: UUID,
    models.BooleanField: bool,
    models.DateTimeField: datetime,
}
Cleaned = dict[Any, Any]


def check(record: Record) -> None:
    """Check a new record by its own rules; constraints are checked by the database as it is written."""
    errors = wrong_columns(record)
    try:
        record.clean()
    except ValidationError as error:
        errors = error.update_error_dict(errors)
    if errors:
        raise ValidationError(errors)


def wrong_columns(record: Record) -> dict[str, Any]:
    """What is wrong with which column, as ``clean_fields`` would say it."""
    errors: dict[str, Any] = {}
    held = record.__dict__
    for column, name, right, known in columns(type(record)):
        value = held[name]
        kind = value.__class__
        if kind is right:
            continue
        # What a column makes of a text or number depends on nothing else.
        is_plain = kind in PLAIN or isinstance(value, str)
        if is_plain and value in known:
            cleaned = known[value]
        elif column.blank and value in column.empty_values:
            continue
        else:
            try:
                cleaned = column.clean(value, record)
            except ValidationError as error:
                errors[column.name] = error.error_list
                continue
            if is_plain and len(known) < MOST and (kind in NUMBERS or len(value) <= SHORT):
                known[value] = cleaned
        if cleaned is not value:
            setattr(record, name, cleaned)
    return errors


@cache
def columns(model: type[Record]) -> list[tuple[Any, str, Any, Cleaned]]:
    """The columns that are checked one by one: each with its name, the kind of value of which nothing more is asked,
    and what it has made of values; the database checks relations.
    """
    return [
        (column, column.attname, right_kind(column), dict.fromkeys([""], "") if column.blank else {})
        for column in model._meta.fields
        if not (column.is_relation or column.generated or column.name in BY_DATABASE)
    ]


def right_kind(column: Any) -> type[Any] | None:
    """The kind of value that the column takes as it is, where it has no rule of its own."""
    return None if column.validators or column.choices else RIGHT.get(type(column))
