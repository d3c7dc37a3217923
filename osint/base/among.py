"""A question about many keys at once."""

import json
from collections.abc import Iterable
from typing import Any

from django.db.models import BooleanField, Func


class Beside(Func):
    """A column by which rows are tested, and not looked up: something else leads to them.

    Else SQLite would look for every one of many keys beside each thing that leads to rows.
    """

    arity = 1
    template = "%(expressions)s"

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, Any]:
        """As SQLite takes it."""
        return self.as_sql(compiler, connection, template="+%(expressions)s", **context)


class Among(Func):
    """The condition: a key is one of many, which go to the database as one value, however many they are."""

    output_field = BooleanField()

    def __init__(self, column: Any, keys: Iterable[int] = (), **extra: Any) -> None:
        super().__init__(column, **extra)
        self.keys = sorted(keys)

    def as_sql(self, compiler: Any, connection: Any, **_context: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        """By one array on PostgreSQL, of which it makes a table to look up in; by JSON on SQLite."""
        [column] = self.get_source_expressions()
        sql, values = compiler.compile(column)
        if connection.vendor == "postgresql":
            return f"{sql} = ANY(%s::bigint[])", [*values, "{{{}}}".format(",".join(map(str, self.keys)))]
        return f"{sql} IN (SELECT value FROM json_each(%s))", [*values, json.dumps(self.keys)]  # noqa: S608 - ours
