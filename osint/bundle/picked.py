"""Which records are picked for a bundle: keys in a table of this connection's own, so that memory does not grow."""

from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from osint.base.record import Record
from osint.bundle.contents import PLACES

TABLE = "bundle_picked_{name}"


class Picked:
    """Records of several models; what is picked twice is there once."""

    def __init__(self, name: str) -> None:
        self.table = TABLE.format(name=name)
        self.execute(f"DROP TABLE IF EXISTS {self.table}")
        self.execute(f"CREATE TEMPORARY TABLE {self.table} (kind integer, id bigint, PRIMARY KEY (kind, id))")

    def execute(self, sql: str, values: tuple[Any, ...] = ()) -> int:
        """Do this; how many rows it was."""
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            return int(cursor.rowcount)

    def add(self, rows: QuerySet[Any, Any], column: str = "pk") -> int:
        """Pick what these rows are, or name in this column; how many were not picked before."""
        model: Any = rows.model
        if column != "pk":
            model, rows = model._meta.get_field(column).related_model, rows.filter(**{f"{column}__isnull": False})
        return self.add_keys(model, rows.values_list(column))

    def add_keys(self, model: type[Record], keys: QuerySet[Any, Any]) -> int:
        """Pick the records of a model that have these keys; how many were not picked before."""
        try:
            sql, values = keys.order_by().distinct().query.sql_with_params()
        except EmptyResultSet:
            return 0
        # "WHERE true", as SQLite could otherwise take ON for that of a join.
        said = f"INSERT INTO {self.table} SELECT {PLACES[model]}, found.* FROM ({sql}) found WHERE true"  # noqa: S608 - ours
        return self.execute(f"{said} ON CONFLICT DO NOTHING", values)

    def keys(self, model: type[Record]) -> RawSQL:
        """The keys of what was picked, for a condition."""
        return RawSQL(f"SELECT id FROM {self.table} WHERE kind = %s", (PLACES[model],))  # noqa: S608, S611 - ours

    def rows(self, model: type[Record]) -> Any:
        """What was picked of a model."""
        return model._default_manager.filter(pk__in=self.keys(model))

    def close(self) -> None:
        """Forget it all."""
        self.execute(f"DROP TABLE IF EXISTS {self.table}")
