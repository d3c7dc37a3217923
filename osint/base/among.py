"""A question about many keys at once."""

import json
from collections.abc import Iterable
from typing import Any

from django.db.models import BooleanField, CharField, Func, UUIDField


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
    """The condition: a key, slug or UUID is one of many, which go to the database as one value, however many they are.

    Django takes five times as long over each key of an ``__in``.
    """

    output_field = BooleanField()

    def __init__(self, column: Any, keys: Iterable[int | str] = (), **extra: Any) -> None:
        super().__init__(column, **extra)
        self.keys = sorted(keys)

    def as_sql(self, compiler: Any, connection: Any, **_context: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        """By one array on PostgreSQL, of which it makes a table to look up in; by JSON on SQLite."""
        [column] = self.get_source_expressions()
        sql, values = compiler.compile(column)
        is_uuid = isinstance(column.output_field, UUIDField)
        if connection.vendor == "postgresql":
            if isinstance(column.output_field, CharField):
                # Not = ANY: for that the index over the trigrams of a slug may be taken, which takes half a minute.
                return f"{sql} IN (SELECT unnest(%s::text[]))", [*values, self.keys]
            kind = "uuid" if is_uuid else "bigint"
            return f"{sql} = ANY(%s::{kind}[])", [*values, "{{{}}}".format(",".join(map(str, self.keys)))]
        keys = [str(key).replace("-", "") for key in self.keys] if is_uuid else self.keys
        return f"{sql} IN (SELECT value FROM json_each(%s))", [*values, json.dumps(keys)]  # noqa: S608 - ours
