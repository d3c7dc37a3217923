"""New records checked by their own rules: a value that many of them share is checked once."""

from collections.abc import Iterable
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models

from osint.base.record import Record
from osint.bundle.making import defaults, made

BY_DATABASE = {"id", "created_by"}  # what is checked as it is written
SHORT, MOST = 100, 20_000  # characters of a value, and values of a column, that are remembered
NUMBERS = frozenset({int, type(None)})
PLAIN = NUMBERS | {str}
RIGHT: dict[type[Any], type[Any]] = {
    models.UUIDField: UUID,
    models.BooleanField: bool,
    models.DateField: date,
    models.DateTimeField: datetime,
    models.FloatField: float,
}
Cleaned = dict[Any, Any]
Column = tuple[Any, str, Any, Cleaned]


def check(record: Record, said: Iterable[str] | None = None) -> None:
    """Check a new record by its own rules; constraints are checked by the database as it is written.

    Where it is known which columns were ``said``, the others hold what such a column always holds.
    """
    errors = wrong_columns(record, said)
    try:
        record.clean()
    except ValidationError as error:
        errors = error.update_error_dict(errors)
    if errors:
        raise ValidationError(errors)


def wrong_columns(record: Record, said: Iterable[str] | None = None) -> dict[str, Any]:
    """What is wrong with which column, as ``clean_fields`` would say it."""
    errors: dict[str, Any] = {}
    held = record.__dict__
    model = type(record)
    for column, name, right, known in columns(model) if said is None else columns_said(model, tuple(said)):
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


@lru_cache(1_000)
def columns_said(model: type[Record], said: tuple[str, ...]) -> list[Column]:
    """The columns that are checked where these were said: of the others, only those whose default could be wrong."""
    return [one for one in columns(model) if one[1] in said or one[1] not in right_by_default(model)]


@cache
def right_by_default(model: type[Record]) -> frozenset[str]:
    """The columns whose default is the same each time, and is what the column makes of it."""
    same, anew = defaults(model)
    record = made(model, {})
    wrong = wrong_columns(record)
    left_alone = {column.attname for column, _name, _right, _known in columns(model) if column.name not in wrong}
    kept = {name for name in left_alone if record.__dict__[name] is same[name]}
    return frozenset(kept - {name for name, _default in anew})


@cache
def columns(model: type[Record]) -> list[Column]:
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
