"""Many records deleted at once: what stands in the way is asked for kind by kind, not record by record."""

from collections.abc import Collection, Iterable, Mapping
from functools import cache
from graphlib import TopologicalSorter
from typing import Any

from osint.base.among import Among
from osint.base.record import Record
from osint.history import recording

Kind = type[Record]
Keys = Mapping[Kind, Collection[int]]


@cache
def kinds() -> tuple[Kind, ...]:
    """Every kind of record, each after those that it names."""
    named: dict[Kind, list[Kind]] = {}
    for model in recording.recorded_models():
        others = [column.related_model for column in model._meta.concrete_fields if column.is_relation]
        named[model] = [other for other in others if other is not model and issubclass(other, Record)]
    return tuple(TopologicalSorter(named).static_order())


def resting_on(doomed: Keys) -> dict[tuple[Kind, int], set[Kind]]:
    """Those of these records that others name which are none of these, each with the kinds of the others."""
    found: dict[tuple[Kind, int], set[Kind]] = {}
    for model, keys in doomed.items():
        for other, name in naming(model):
            rows = recording.rows_of(other).filter(Among(name, keys)).order_by().values_list("pk", name)
            going = set(doomed.get(other, ()))
            for pk, key in rows:
                if pk not in going:
                    found.setdefault((model, key), set()).add(other)
    return found


@cache
def naming(model: Kind) -> tuple[tuple[Kind, str], ...]:
    """The columns by which records name one of this kind, each with their own kind."""
    relations: Iterable[Any] = model._meta.get_fields(include_hidden=True)
    found = ((one.related_model, one.field.attname) for one in relations if one.auto_created and not one.concrete)
    return tuple((other, name) for other, name in found if issubclass(other, Record))


def locked(doomed: Keys) -> dict[Kind, list[Any]]:
    """These records, locked so that nothing else comes to name them; refused where one of them has to stay."""
    found = {}
    for model in kinds():
        if keys := doomed.get(model):
            rows = recording.rows_of(model).filter(Among("pk", keys)).order_by("pk")
            if model.belongs_to:
                rows = rows.select_related(model.belongs_to)
            found[model] = list(rows.select_for_update(of=("self",)))
    for records in found.values():
        for record in records:
            record.check_deletable()
    return found


def remove(records: Mapping[Kind, Collection[Any]]) -> None:
    """Delete these records, which are locked and named by no others; what stays has to do without them."""
    with recording.change():
        delete({model: [record.pk for record in some] for model, some in records.items()})
        for some in records.values():
            for record in some:
                record.check_gone()


def delete(doomed: Keys) -> None:
    """Delete these records, which no others name, unasked: those that name others before these."""
    ordered = [model for model in reversed(kinds()) if doomed.get(model)]
    for model in ordered:
        recording.about_to_write(model, doomed[model])
    for model in ordered:
        rows = recording.rows_of(model).filter(Among("pk", doomed[model]))
        rows._raw_delete(rows.db)
