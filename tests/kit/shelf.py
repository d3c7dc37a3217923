"""Fixtures that are loaded once in a run: afterwards their rows, with their history, are stored as they were."""

from django.apps import apps
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, models, transaction

from tests.kit.past_the_orm import execute

OURS = ("history", "sources", "events")
SHELF: dict[tuple[str, ...], dict[type[models.Model], list[models.Model]]] = {}


def load(*labels: str) -> None:
    """As `loaddata`, into a database that holds nothing of ours."""
    if labels in SHELF:
        take(labels)
    else:
        call_command("loaddata", *labels, verbosity=0)
        put(labels)
    # Once, and not again at the end of each test within the same transaction.
    connection.check_constraints()


def put(labels: tuple[str, ...]) -> None:
    """Remember every row."""
    every = [model for label in OURS for model in apps.get_app_config(label).get_models(include_auto_created=True)]
    SHELF[labels] = {model: list(models.QuerySet(model).order_by("pk")) for model in every}


def take(labels: tuple[str, ...]) -> None:
    """Store them."""
    filled = {model: rows for model, rows in SHELF[labels].items() if rows}
    with transaction.atomic():
        for model, rows in filled.items():
            plain: models.QuerySet[models.Model] = models.QuerySet(model)
            plain.bulk_create(rows, batch_size=2_000)
        for statement in connection.ops.sequence_reset_sql(no_style(), list(filled)):
            execute(statement)
