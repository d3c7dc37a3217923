"""How the two engines write JSON."""

from collections.abc import Iterable


class PostgreSQL:
    """JSON by PostgreSQL 15."""

    is_lite = False

    def object(self, pairs: Iterable[tuple[str, str]]) -> str:
        """An object of these names and expressions."""
        return "json_build_object(" + ", ".join(f"'{name}', {value}" for name, value in pairs) + ")"

    def array(self, value: str, rows: str, order: str, *, is_text: bool = False) -> str:  # noqa: ARG002 - SQLite asks
        """An array over rows, in their order."""
        return f"COALESCE((SELECT json_agg({value} ORDER BY {order}) {rows}), '[]'::json)"

    def cited(self, key: str) -> str:
        """The condition that a citation is the event's own, or of an event that was merged into it."""
        return (
            f"c.event_id = ANY (ARRAY[{key}] || ARRAY(SELECT g.id FROM events_event g WHERE g.merged_into_id = {key}))"
        )

    def some(self, rows: str) -> str:
        """The condition that there is such a row, asked of each event: EXISTS would become a join."""
        return f"COALESCE(({rows} LIMIT 1), 0) = 1"

    def among(self, value: str, keys: str) -> str:
        """The condition that it is one of these, which are found once."""
        return f"{value} = ANY (ARRAY({keys}))"

    def reads(self, column: str) -> str:
        """The condition that a text holds what is looked for, read letter by letter."""
        return f"{column} LIKE '%' || ? || '%'"

    def strings(self, value: str) -> str:
        """An array of texts, within a query that has them in their order."""
        return f"COALESCE(json_agg({value}), '[]'::json)"

    def nothing_where(self, condition: str, value: str) -> str:
        """JSON, or null."""
        return f"CASE WHEN {condition} THEN NULL ELSE {value} END"

    def all(self, value: str, rows: str) -> str:
        """The statement for an array over rows that come in their order."""
        return f"SELECT COALESCE(json_agg(found.one), '[]') FROM (SELECT {value} AS one {rows}) found"

    def uuid(self, column: str) -> str:
        """A UUID as text."""
        return column

    def truth(self, condition: str) -> str:
        """True or false."""
        return f"({condition})"

    def moment(self, column: str) -> str:
        """A moment, ending in Z."""
        return f"""to_char({column}, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""

    def told_moment(self, value: str) -> str:
        """A moment as it was sent."""
        return f"CAST({value} AS timestamptz)"

    def month(self, column: str) -> str:
        """The month of a date, as text."""
        return f"to_char({column}, 'YYYY-MM')"

    def holds(self, table: str, alias: str) -> str:  # noqa: ARG002 - SQLite asks
        """The condition that the searched text holds what is looked for, by three letters."""
        return f"{alias}.folded LIKE '%' || ? || '%'"

    def joined(self, value: str, rows: str, order: str) -> str:
        """Values of several rows in one cell."""
        return f"(SELECT string_agg({value}, '; ' ORDER BY {order}) {rows})"


class SQLite:
    """JSON by SQLite 3.40."""

    is_lite = True

    def object(self, pairs: Iterable[tuple[str, str]]) -> str:
        """An object of these names and expressions."""
        return "json_object(" + ", ".join(f"'{name}', {value}" for name, value in pairs) + ")"

    def array(self, value: str, rows: str, order: str, *, is_text: bool = False) -> str:
        """An array over rows, in their order."""
        one = "one" if is_text else "json(one)"
        return f"(SELECT json_group_array({one}) FROM (SELECT {value} AS one {rows} ORDER BY {order}))"

    def cited(self, key: str) -> str:
        """The condition that a citation is the event's own, or of an event that was merged into it."""
        return f"(c.event_id = {key} OR c.event_id IN (SELECT g.id FROM events_event g WHERE g.merged_into_id = {key}))"

    def some(self, rows: str) -> str:
        """The condition that there is such a row, asked of one event at a time."""
        return f"EXISTS ({rows})"

    def among(self, value: str, keys: str) -> str:
        """The condition that it is one of these, which are found once."""
        return f"{value} IN ({keys})"

    def reads(self, column: str) -> str:
        """The condition that a text holds what is looked for, read letter by letter."""
        return f"instr({column}, ?) > 0"

    def strings(self, value: str) -> str:
        """An array of texts, within a query that has them in their order."""
        return f"json_group_array({value})"

    def nothing_where(self, condition: str, value: str) -> str:
        """JSON, or null."""
        return f"json(CASE WHEN {condition} THEN 'null' ELSE {value} END)"

    def all(self, value: str, rows: str) -> str:
        """The statement for an array over rows that come in their order."""
        return f"SELECT json_group_array(json(one)) FROM (SELECT {value} AS one {rows})"

    def uuid(self, column: str) -> str:
        """A UUID as text: the column has its digits alone."""
        starts = ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))
        return " || '-' || ".join(f"substr({column}, {start}, {length})" for start, length in starts)

    def truth(self, condition: str) -> str:
        """True or false."""
        return f"json(CASE WHEN {condition} THEN 'true' ELSE 'false' END)"

    def moment(self, column: str) -> str:
        """A moment, ending in Z."""
        return f"replace({column}, ' ', 'T') || 'Z'"

    def told_moment(self, value: str) -> str:
        """A moment as it was sent, in the way the column has it."""
        return f"replace(replace({value}, 'T', ' '), 'Z', '')"

    def month(self, column: str) -> str:
        """The month of a date, as text."""
        return f"substr({column}, 1, 7)"

    def holds(self, table: str, alias: str) -> str:
        """The condition that the searched text holds what is looked for, by three letters."""
        return f"{alias}.id IN (SELECT rowid FROM trigrams_{table} WHERE trigrams_{table} MATCH '\"' || ? || '\"')"

    def joined(self, value: str, rows: str, order: str) -> str:
        """Values of several rows in one cell."""
        return f"(SELECT group_concat(one, '; ') FROM (SELECT {value} AS one {rows} ORDER BY {order}))"


Dialect = PostgreSQL | SQLite
