"""Records that were there before there was a history begin theirs as they are."""

from typing import Any

from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from osint.history import recording
from osint.history.models import Entry

WHY = "Was there when the history began."


def adopt(using: str = "default", **_kwargs: Any) -> None:
    """Give every record its first entry, once all migrations are done and while the history is empty."""
    connection = connections[using]
    if Entry._meta.db_table not in connection.introspection.table_names() or Entry.objects.exists():
        return
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return
    with recording.through("migrate"), recording.change(why=WHY):
        # Wholes before their parts, which would otherwise find a whole that has no beginning yet.
        for model in sorted(recording.recorded_models(), key=lambda model: bool(model.belongs_to)):
            recording.written(model, recording.rows_of(model).order_by("pk").values_list("pk", flat=True))
