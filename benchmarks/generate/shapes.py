"""Rows of a table in the same columns: what differs from row to row is given, the rest is the model's default."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db import connection, models

Row = tuple[Any, ...]  # the varying values: text, whole numbers, True, False, None


class Shape:
    """Rows of one table, ready to be written past every rule that the database itself does not hold."""

    def __init__(self, model: type[models.Model], varying: str, **constant: Any) -> None:
        self.model, self.varying = model, varying.split()
        self.table = model._meta.db_table
        fields: list[Any] = [field for field in model._meta.concrete_fields if not field.generated]
        self.columns = [field.column for field in fields]
        self.values = {field.column: self.value(field, constant) for field in fields}
        self.order = [self.varying.index(column) for column in self.columns if column in self.varying]

    def value(self, field: Any, constant: dict[str, Any]) -> Any:
        """What every row holds in a column that does not vary."""
        return constant.get(field.column, None if field.column in self.varying else field.get_default())

    def copy(self) -> str:
        """The statement that reads the lines on PostgreSQL."""
        return f"COPY {self.table} ({', '.join(map(quoted, self.columns))}) FROM STDIN"

    def liner(self) -> Callable[[Row], str]:
        """What makes a line of a row, as COPY reads it."""
        line = "\t".join("%s" if column in self.varying else as_copied(self.values[column]) for column in self.columns)
        order = self.order

        def written(row: Row) -> str:
            values = tuple(["\\N" if row[place] is None else row[place] for place in order])
            return (line % values).replace("\n", "\\n") + "\n"

        return written

    def insert(self) -> tuple[str, Callable[[Row], Row]]:
        """The statement for SQLite, and what puts a row in its order."""
        values = ["?" if column in self.varying else as_literal(self.values[column]) for column in self.columns]
        order = self.order
        statement = f"INSERT INTO {self.table} ({', '.join(map(quoted, self.columns))}) VALUES ({', '.join(values)})"
        return statement, lambda row: tuple([row[place] for place in order])


def quoted(column: str) -> str:
    """The column's name as SQL takes it."""
    return f'"{column}"'


def as_copied(value: Any) -> str:
    """A constant as COPY reads it, safe within a template."""
    return "\\N" if value is None else str(value).replace("%", "%%")


def as_literal(value: Any) -> str:
    """A constant as SQL writes it."""
    if value is None:
        return "NULL"
    return str(int(value)) if isinstance(value, int) else f"'{value}'"


def put(cursor: Any, shape: Shape, rows: Iterable[Row]) -> None:
    """Write the rows, by COPY or by executemany."""
    if connection.vendor == "postgresql":
        liner = shape.liner()
        with cursor.copy(shape.copy()) as copy:
            copy.write("".join(map(liner, rows)))
    else:
        statement, ordered = shape.insert()
        cursor.executemany(statement, map(ordered, rows))
