"""What a backup holds of a database: every table of every app, but what is worked out or passes by itself."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps
from django.db import connection, models
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

Applied = set[tuple[str, str]]  # migrations: app and name

# What no backup holds, and why.
LEFT_OUT = {
    "sessions.session": "everybody signs in again",
    "events.backing": "follows from the events",
    "events.document": "follows from the events",
    "events.term": "follows from the events",
    "history.presence": "is over when it is read",
}
# Rows that are read beside those of another table come in its order.
ORDER = {"history.value": ("entry_id", "pk")}
PEOPLE = "auth.user"
CHUNK = 200  # rows that are in memory together: some have texts of two million letters
ENTRIES, VALUES = "history_entry", "history_value"


def known() -> Applied:
    """Every migration of this installation's code."""
    return set(executor().loader.graph.nodes)


def applied(among: Applied | None = None) -> Applied:
    """Every migration that the database has, among those of this installation's code."""
    return set(MigrationRecorder(connection).applied_migrations()) & (known() if among is None else among)


def executor() -> MigrationExecutor:
    """What carries migrations out."""
    return MigrationExecutor(connection)


def leaves(migrations: Applied) -> list[tuple[str, str]]:
    """The last of these migrations: those that no other of them rests on."""
    graph = executor().loader.graph
    return sorted(
        one
        for one in migrations
        if not any(child.key in migrations and child.key[0] == one[0] for child in graph.node_map[one].children)
    )


def apps_at(migrations: Applied) -> Any:
    """The models as they were when these migrations were the last."""
    maker = executor()
    if migrations == set(maker.loader.graph.nodes):
        return apps
    return maker.loader.project_state(leaves(migrations)).apps


def registry() -> Any:
    """The models as the database has them, which may be those of an older Isnad."""
    return apps_at(applied())


def every(registry: Any = apps) -> list[Any]:
    """Every model that has a table of its own, the one of migrations among them, in one order."""
    found = [model for model in registry.get_models(include_auto_created=True) if has_table(model)]
    return sorted([*found, MigrationRecorder.Migration], key=lambda model: str(model._meta.db_table))


def kept(registry: Any = apps) -> list[Any]:
    """Those that a backup holds."""
    return [model for model in every(registry) if model._meta.label_lower not in LEFT_OUT]


def has_table(model: Any) -> bool:
    """Whether the model has a table of its own."""
    return bool(model._meta.managed and not model._meta.proxy and not model._meta.swapped)


def columns(model: Any) -> list[Any]:
    """The columns that have to be kept; what the database works out by itself does not."""
    return [field for field in model._meta.local_concrete_fields if not field.generated]


def rows(model: Any, chunk: int = CHUNK) -> Iterator[tuple[Any, ...]]:
    """Every row of the model's table, some at a time, past every rule of ours."""
    order = ORDER.get(model._meta.label_lower, ("pk",))
    names = [field.attname for field in columns(model)]
    return models.QuerySet(model).order_by(*order).values_list(*names).iterator(chunk_size=chunk)


def number_of(model: Any) -> int:
    """How many rows there are."""
    return models.QuerySet(model).count()


def with_rows(found: Iterable[Any]) -> list[Any]:
    """Those of these models that have any."""
    return [model for model in found if models.QuerySet(model).exists()]


def files(registry: Any = apps) -> Iterator[tuple[Any, str]]:
    """Every file that a row speaks of, each once: its storage and its name there."""
    for model in kept(registry):
        for field in columns(model):
            if isinstance(field, models.FileField):
                told: Any = models.QuerySet(model).exclude(**{field.name: ""}).order_by(field.name)
                for name in told.values_list(field.name, flat=True).distinct().iterator(chunk_size=CHUNK):
                    yield field.storage, str(name)
