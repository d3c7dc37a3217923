"""Fixtures that are loaded once in a run: afterwards their rows, with their history, are put back as they were."""

from django.apps import apps
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, models, transaction

from tests.kit.past_the_orm import execute

OURS = ("history", "sources", "events")
# For each set of fixtures the models that have rows then; the rows lie in tables that no flush empties.
SHELF: dict[tuple[str, ...], list[type[models.Model]]] = {}


def load(*labels: str) -> None:
    """As `loaddata`, into a database that holds nothing of ours."""
    if labels in SHELF:
        take(labels)
    else:
        call_command("loaddata", *labels, verbosity=0)
        put(labels)


def put(labels: tuple[str, ...]) -> None:
    """Keep a copy of every row."""
    every = [model for label in OURS for model in apps.get_app_config(label).get_models(include_auto_created=True)]
    SHELF[labels] = [model for model in every if models.QuerySet(model).exists()]
    for model in SHELF[labels]:
        execute(f"CREATE TABLE {copy_of(model, labels)} AS SELECT * FROM {model._meta.db_table}")


def take(labels: tuple[str, ...]) -> None:
    """Store the copies."""
    with transaction.atomic():
        for model in SHELF[labels]:
            execute(f"INSERT INTO {model._meta.db_table} SELECT * FROM {copy_of(model, labels)}")
        for statement in connection.ops.sequence_reset_sql(no_style(), SHELF[labels]):
            execute(statement)


def copy_of(model: type[models.Model], labels: tuple[str, ...]) -> str:
    """The table of the copies."""
    return f"shelf_{list(SHELF).index(labels)}_{model._meta.db_table}"
