"""New records checked by their own rules: a value that many of them share is checked once."""

from functools import cache
from typing import Any

from django.core.exceptions import ValidationError

from osint.base.record import Record

BY_DATABASE = {"id", "created_by"}  # what is checked as it is written
SHORT, MOST = 100, 20_000  # characters of a value, and values of a column, that are remembered
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
    for column, known in columns(type(record)):
        value = held[column.attname]
        if column.blank and value in column.empty_values:
            continue
        # What a column makes of a text or number depends on nothing else.
        is_short = value.__class__ is int or (value.__class__ is str and len(value) <= SHORT)
        if not (is_short and value in known):
            try:
                cleaned = column.clean(value, record)
            except ValidationError as error:
                errors[column.name] = error.error_list
                continue
            if is_short and len(known) < MOST:
                known[value] = cleaned
        else:
            cleaned = known[value]
        if cleaned is not value:
            setattr(record, column.attname, cleaned)
    return errors


@cache
def columns(model: type[Record]) -> list[tuple[Any, Cleaned]]:
    """The columns that are checked one by one, each with what it has made of values; the database checks relations."""
    return [
        (column, {})
        for column in model._meta.fields
        if not (column.is_relation or column.generated or column.name in BY_DATABASE)
    ]
