"""Fixtures that are loaded once in a run: afterwards their rows, with their history, are stored as they were."""

import os
import pickle
from pathlib import Path

from django.apps import apps
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, models, transaction

from tests.kit.past_the_orm import execute

OURS = ("history", "sources", "events")
# What the demonstration and the word lists are loaded upon.
COMMON = ("taxonomy", "gazetteer", "actors", "sources")
Rows = dict[type[models.Model], list[models.Model]]
SHELF: dict[tuple[str, ...], Rows] = {}


def load(*labels: str) -> None:
    """As `loaddata`, into a database that holds nothing of ours."""
    if rows := shelved(labels):
        take(rows)
    elif labels[:-1] == COMMON:
        load(*COMMON)
        call_command("loaddata", labels[-1], verbosity=0)
        put(labels)
    else:
        call_command("loaddata", *labels, verbosity=0)
        put(labels)
    # Once, and not again at the end of each test within the same transaction.
    connection.check_constraints()


def shelved(labels: tuple[str, ...]) -> Rows | None:
    """The rows, where this process or another one of the run has loaded them."""
    if labels not in SHELF and (kept := file_of(labels)) and kept.exists():
        SHELF[labels] = pickle.loads(kept.read_bytes())
    return SHELF.get(labels)


def put(labels: tuple[str, ...]) -> None:
    """Remember every row."""
    every = [model for label in OURS for model in apps.get_app_config(label).get_models(include_auto_created=True)]
    SHELF[labels] = {model: list(models.QuerySet(model).order_by("pk")) for model in every}
    if kept := file_of(labels):
        whole = kept.with_suffix(f".{os.getpid()}")
        whole.write_bytes(pickle.dumps(SHELF[labels]))
        whole.replace(kept)  # all at once, for who looks meanwhile


def file_of(labels: tuple[str, ...]) -> Path | None:
    """Where the processes of a run keep these rows for each other."""
    folder = os.environ.get("ISNAD_SHELF")
    return Path(folder) / "-".join(labels) if folder else None


def take(rows: Rows) -> None:
    """Store them."""
    filled = {model: those for model, those in rows.items() if those}
    with transaction.atomic():
        for model, those in filled.items():
            plain: models.QuerySet[models.Model] = models.QuerySet(model)
            plain.bulk_create(those, batch_size=2_000)
        for statement in connection.ops.sequence_reset_sql(no_style(), list(filled)):
            execute(statement)
