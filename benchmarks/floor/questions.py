"""The statements of the floor, one for each kind of question."""

from datetime import date, timedelta
from typing import Any, NamedTuple

from benchmarks.floor import table
from benchmarks.floor.dialect import Dialect
from benchmarks.floor.evidence import Evidence
from benchmarks.floor.found import BELOW, Found, Sent
from benchmarks.floor.shown import LONG, PUBLISHED, first_of

TYPED = "JOIN events_eventtype t ON t.id = e.type_id"
PAGE = "SELECT e.* FROM events_event e WHERE {where} ORDER BY e.newest DESC LIMIT 100"


class Asked(NamedTuple):
    """A statement with its values, and whether it is prepared once for all."""

    sql: str
    values: list[Any]
    is_prepared: bool = False


class Questions:
    """What the floor can be asked on one engine."""

    def __init__(self, dialect: Dialect) -> None:
        self.dialect, self.found = dialect, Found(dialect)
        shown = Evidence(dialect)
        self.brief, self.full = shown.brief(), shown.full()

    def page(self, sent: Sent) -> Asked:
        """A page of a hundred events, as a JSON array."""
        parts = [self.found.where(sent)]
        if "date_to" in sent:
            # What ended long after the range can be skipped, save for the few that lasted longer than a month.
            late = first_of(date.fromisoformat(sent["date_to"]) + timedelta(days=LONG + 1))
            [(where, values)] = parts
            parts = [
                (f"{where} AND e.newest < ?", [*values, late]),
                (f"{where} AND e.newest >= ? AND e.span > {LONG}", [*values, late]),
            ]
        found = " UNION ALL ".join(f"SELECT * FROM ({PAGE.format(where=where)}) part" for where, _values in parts)
        rows = f"FROM ({found} ORDER BY newest DESC LIMIT 100) e {TYPED} ORDER BY e.newest DESC"
        values = [value for _where, some in parts for value in some]
        return self.asked(self.dialect.all(self.brief, rows), values, not set(sent) - {"below"})

    def event(self, sent: Sent) -> Asked:
        """One event in full."""
        where = "e.reference = ? AND e.shelf IN (10, 15)"
        return self.asked(f"SELECT {self.full} FROM events_event e {TYPED} WHERE {where}", [sent["event"]] * 3, True)

    def lines(self, sent: Sent) -> Asked:
        """Every event as JSON, a row each."""
        where, values = self.found.where(sent)
        return self.asked(
            f"SELECT {self.brief} FROM events_event e {TYPED} WHERE {where} ORDER BY e.newest DESC", values
        )

    def table(self, sent: Sent) -> Asked:
        """Every event as a row of a table."""
        where, values = self.found.where(sent)
        columns = ", ".join(table.columns(self.dialect))
        rows = f"FROM events_event e {TYPED} {table.FIRST_PLACE} WHERE {where} ORDER BY e.newest DESC"
        return self.asked(f"SELECT {columns} {rows}", values)

    def stats(self, sent: Sent) -> Asked:
        """How many events by month and type; a whole is counted where the public sees no part of it."""
        within = BELOW.format("s", "events_site")
        placed = "SELECT p.event_id FROM events_placement p JOIN events_site s ON s.id = p.site_id"
        parts = f"SELECT 1 FROM events_event w WHERE w.part_of_id = e.id AND w.shelf = {PUBLISHED}"
        first, last = self.dialect.month("e.earliest"), self.dialect.month("e.latest")
        sql = f"""
            WITH counted AS (
                SELECT CASE WHEN {first} = {last} THEN {first} ELSE '~' END AS month, e.type_id, e.is_aggregate,
                    e.is_aggregate AND EXISTS ({parts}) AS in_parts
                FROM events_event e WHERE e.shelf = {PUBLISHED} AND e.id IN ({placed} WHERE {within}))
            SELECT month, t.slug, COUNT(*), SUM(CASE WHEN is_aggregate THEN 1 ELSE 0 END), in_parts
            FROM counted {TYPED.replace("e.type_id", "counted.type_id")} GROUP BY month, t.slug, in_parts
            ORDER BY month, t.slug
        """
        return self.asked(sql, [sent["site"]] * 2)

    def asked(self, sql: str, values: list[Any], is_prepared: bool = False) -> Asked:
        """The statement as its driver takes it."""
        if not self.dialect.is_lite:
            sql = sql.replace("%", "%%").replace("?", "%s")
        return Asked(sql, values, is_prepared)
