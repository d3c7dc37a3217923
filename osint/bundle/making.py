"""New records out of values, as ``model(**values)`` makes them, which asks every column for its default each time."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from django.db import models
from django.db.models.base import ModelState


def made(model: type[models.Model], told: Mapping[str, Any]) -> Any:
    """A new record that holds these values, by the names of columns; other records by those of relations."""
    record = model.__new__(model)
    held = record.__dict__
    same, anew = defaults(model)
    held["_state"] = ModelState()
    held.update(same)
    for name, default in anew:
        if name not in told:
            held[name] = default()
    held.update(told)
    for relation in relations(model):
        if relation.name in held:
            other = held.pop(relation.name)
            held[relation.attname] = None if other is None else getattr(other, relation.target_field.attname)
            relation.set_cached_value(record, other)
    return record


@cache
def relations(model: type[models.Model]) -> list[Any]:
    """The columns that lead to other records."""
    return [column for column in model._meta.concrete_fields if column.is_relation]


@cache
def defaults(model: type[models.Model]) -> tuple[dict[str, Any], list[tuple[str, Callable[[], Any]]]]:
    """What a column holds where nothing is said: the same each time, or made anew."""
    columns = [column for column in model._meta.concrete_fields if not column.generated]
    anew = [(one.attname, one.get_default) for one in columns if one.has_default() and callable(one.default)]
    names = {name for name, _default in anew}
    return {one.attname: None if one.attname in names else one.get_default() for one in columns}, anew
