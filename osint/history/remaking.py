"""Records given back what they once held, or made again, from what the history tells: held to their rules as ever."""

from collections.abc import Collection
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.utils.translation import gettext as _

from osint.base.record import Record
from osint.history import past
from osint.history.recording import State, rows_of


def set_back(record: Record, values: State, left_out: Collection[str] = ()) -> None:
    """Give these columns what JSON holds of them and save; of ``left_out`` nobody asks whether it is filled in."""
    for name, value in values.items():
        column: Any = record._meta.get_field(name)
        setattr(record, column.attname, past.value_of(column, value))
    check(record, left_out)
    record.save()


def make_again(model: type[Record], key: int, state: State, left_out: Collection[str] = ()) -> None:
    """Make what was deleted again, under its own key and identity."""
    record = past.rebuilt(model, key, state)
    record._state.adding = True
    check(record, left_out)
    record.save(force_insert=True)


def check(record: Record, left_out: Collection[str]) -> None:
    """Hold the record to its rules, which look into what it names: that may have been deleted meanwhile."""
    try:
        record.full_clean(exclude=left_out)
    except (ValidationError, ObjectDoesNotExist):
        check_named(record)
        raise


def check_named(record: Record) -> None:
    """Raise where what the record names is not there any more."""
    for column in record._meta.concrete_fields:
        model: Any = column.related_model
        if not model or not issubclass(model, Record):
            continue
        key = getattr(record, column.attname)
        if key is not None and not rows_of(model).filter(pk=key).exists():
            told = {"kind": model._meta.verbose_name, "field": column.verbose_name}
            raise ValidationError(_("The %(kind)s that it names (%(field)s) is not there any more.") % told)
