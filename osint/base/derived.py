"""Columns that follow from others, worked out again: after the rule has changed, or where somebody wrote past it.

Nothing of it is in the history, which keeps what people entered; so it is written without an entry.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction

CHUNK = 200
Rule = Callable[[Any], dict[str, Any]]  # what the columns of a row should hold


def of(model: Any) -> set[str]:
    """The columns of a model that follow from its own row."""
    found: set[str] = model.worked_out()
    return found


def own(row: Any) -> dict[str, Any]:
    """What the row itself says that its columns should hold."""
    names = row.worked_out()
    with suppress(ValidationError):
        row.derive()
    return {name: getattr(row, name) for name in names}


def stored(rows: models.QuerySet[Any], keys: Iterable[int], rule: Rule) -> Iterator[tuple[int, dict[str, Any]]]:
    """Of these rows the keys of those whose columns hold something else, with what they should hold."""
    for row in rows.filter(pk__in=list(keys)).order_by("pk"):
        before = dict(vars(row))
        if changed := {name: value for name, value in rule(row).items() if before[name] != value}:
            yield row.pk, changed


def again(rows: models.QuerySet[Any], rule: Rule, *, write: bool = True) -> Iterator[tuple[int, int]]:
    """Work the columns of these rows out again, some at a time: how many rows were seen, and how many were wrong.

    What is wrong is read once more under a lock, so that nobody's change in between is lost, and others wait a moment.
    """
    last = 0
    while keys := list(rows.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:CHUNK]):
        wrong = [pk for pk, _columns in stored(rows, keys, rule)]
        if wrong and write:
            plain: Any = models.QuerySet(rows.model, using=rows.db)
            with transaction.atomic(using=rows.db):
                for pk, columns in list(stored(rows.select_for_update(of=("self",)), wrong, rule)):
                    plain.filter(pk=pk).update(**columns)
        yield len(keys), len(wrong)
        last = keys[-1]
