"""Where an event stands in lists, as numbers that the database works out: its place in time, and its shelf."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Case, Func, Value, When

from events.choices import Status
from sources.choices import Tlp

OPEN = 10_000_000  # days between dates of which one is missing
LONG = 31  # days: what spans more is looked for by itself, so that a range of days is a range of places
BITS = 40  # of a key; the days since the year 1 stand above them
STATUSES, MARKS = list(Status.values), list(Tlp.values)
STANDING = [status for status in STATUSES if status not in {Status.RETRACTED, Status.MERGED}]


class PlaceInTime(Func):
    """The days from 0001-01-01 (as 1) to a date, 0 where there is none, times 2**40, plus a key below 2**40."""

    arity = 2
    template = f"(COALESCE(%(days)s + 1, 0) * {1 << BITS} + %(key)s)"

    def written(self, compiler: Any, days: str) -> tuple[str, Any]:
        """The expression, with how the engine counts days."""
        (day, told), (key, more) = (compiler.compile(one) for one in self.get_source_expressions())
        return self.template % {"days": days % day, "key": key}, (*told, *more)

    def as_sqlite(self, compiler: Any, connection: Any, **_context: Any) -> tuple[str, Any]:  # noqa: ARG002 - as Django calls it
        """By Julian days."""
        return self.written(compiler, "CAST(julianday(%s) - julianday('0001-01-01') AS integer)")

    def as_postgresql(self, compiler: Any, connection: Any, **_context: Any) -> tuple[str, Any]:  # noqa: ARG002 - as Django calls it
        """By subtraction."""
        return self.written(compiler, "(%s - DATE '0001-01-01')::bigint")


class DaysBetween(Func):
    """The days from one date to another; very many where one of them is missing."""

    arity = 2
    template = f"COALESCE(%(expressions)s, {OPEN})"

    def as_sqlite(self, compiler: Any, connection: Any, **_context: Any) -> tuple[str, Any]:  # noqa: ARG002 - as Django calls it
        """By Julian days, whose difference is exact to the day."""
        template = f"COALESCE(CAST(%(expressions)s AS integer), {OPEN})"
        (first, told), (last, more) = (compiler.compile(Julian(one)) for one in self.get_source_expressions())
        return template % {"expressions": f"{last} - {first}"}, (*more, *told)

    def as_postgresql(self, compiler: Any, connection: Any, **_context: Any) -> tuple[str, Any]:  # noqa: ARG002 - as Django calls it
        """By subtraction."""
        (first, told), (last, more) = (compiler.compile(one) for one in self.get_source_expressions())
        return self.template % {"expressions": f"{last} - {first}"}, (*more, *told)


class Julian(Func):
    """A date as the days of astronomers."""

    function = "julianday"


def first_of(day: date) -> int:
    """The place in time where a day begins: what happened on it or later stands at or above it."""
    return day.toordinal() << BITS


def key_at(newest: int) -> int:
    """The key of the event at a place in time."""
    return newest & ((1 << BITS) - 1)


def shelf(status: str, tlp: str) -> int:
    """The shelf of events with this status and mark."""
    return STATUSES.index(status) * len(MARKS) + MARKS.index(tlp)


def shelves(statuses: Iterable[str], marks: Iterable[str] = MARKS) -> list[int]:
    """The shelves of events with one of these statuses and one of these marks."""
    among = list(marks)
    return sorted(shelf(status, tlp) for status in statuses for tlp in among)


def shelf_of(status: str, tlp: str) -> Case:
    """The same, worked out by the database from two columns."""
    return numbered(status, STATUSES, len(MARKS)) + numbered(tlp, MARKS, 1)  # type: ignore[return-value]


def numbered(column: str, values: list[str], step: int) -> Case:
    """The number of the value that a column holds."""
    return Case(
        *(When(**{column: value}, then=Value(number * step)) for number, value in enumerate(values)), default=Value(0)
    )
