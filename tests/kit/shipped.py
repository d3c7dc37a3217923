"""What the fixtures ship, in the database at once: without the checks and the history of a real load."""

import json
from itertools import count
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import connection, models

FOLDER = Path(__file__).resolve().parents[2] / "fixtures"
# Names and cues, in the order in which they need each other.
KNOWN = ("taxonomy", "gazetteer", "actors", "sources", "reading")
_keys = count(10**6)  # far from what a sequence will give


def fill(*names: str) -> None:
    """Store the records of these fixtures."""
    found: dict[tuple[str, str], models.Model] = {}
    for name in names or KNOWN:
        rows = json.loads((FOLDER / f"{name}.json").read_text())
        by_model: dict[Any, list[Any]] = {}
        for row in rows:
            model = apps.get_model(row["model"])
            record = made(model, row["fields"], found)
            by_model.setdefault(model, []).append(record)
        for model, records in by_model.items():
            models.QuerySet(model).bulk_create(records)
    connection.check_constraints()  # once, and not again at the end of each test within the same transaction


def made(model: Any, fields: dict[str, Any], found: dict[tuple[str, str], models.Model]) -> models.Model:
    """A record with what it names, ready to be stored."""
    values = {name: linked(model, name, value, found) for name, value in fields.items()}
    record: Any = model(pk=next(_keys), **values)
    record.derive()
    if key := fields.get("slug") or fields.get("uuid"):
        found[model._meta.label, key] = record
    return record  # type: ignore[no-any-return]


def linked(model: Any, name: str, value: Any, found: dict[tuple[str, str], models.Model]) -> Any:
    """The value of a column, or the record that its natural key stands for."""
    if not isinstance(value, list):
        return value
    return found[model._meta.get_field(name).related_model._meta.label, value[0]]
