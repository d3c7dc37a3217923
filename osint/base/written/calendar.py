"""What parts of a calendar mean as days: halves, thirds, weeks, and how far a date without a year lies back."""

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from osint.base.written.words import DAYS, MONTHS, WEEKS

# The first and the last day of a part; 31 stands for the end of the month. Early, middle and late are conventions.
EARLY, MIDDLE, LATE = (1, 10), (11, 20), (21, 31)
_PARTS: Final[dict[str, dict[int, tuple[int, int]]]] = {
    "H": {1: (1, 15), 2: (16, 31), -1: (16, 31)},
    "R": {1: EARLY, 2: MIDDLE, 3: LATE, -1: LATE},
    "W": {1: (1, 7), 2: (8, 14), 3: (15, 21), 4: (22, 28), 5: (29, 31)},
}
# The same of a year, in months.
_YEAR_PARTS: Final[dict[str, dict[int, tuple[int, int]]]] = {
    "H": {1: (1, 6), 2: (7, 12), -1: (7, 12)},
    "R": {1: (1, 4), 2: (5, 8), 3: (9, 12), -1: (9, 12)},
    "Q": {1: (1, 3), 2: (4, 6), 3: (7, 9), 4: (10, 12), -1: (10, 12)},
}


@dataclass(frozen=True, slots=True)
class Span:
    """Days in a row, or a set of days, with their EDTF text."""

    edtf: str
    earliest: date | None
    latest: date | None


class UnreadError(ValueError):
    """Words that are no date; the code says why."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code, self.params = code, params


def end_of_month(year: int, month: int) -> int:
    """The number of the month's last day."""
    return monthrange(year, month)[1]


def day(moment: date, mark: str = "") -> Span:
    """One day."""
    return Span(f"{moment.isoformat()}{mark}", moment, moment)


def month(year: int, number: int, mark: str = "") -> Span:
    """A whole month."""
    return Span(f"{year:04}-{number:02}{mark}", date(year, number, 1), date(year, number, end_of_month(year, number)))


def year(number: int, mark: str = "") -> Span:
    """A whole year."""
    return Span(f"{number:04}{mark}", date(number, 1, 1), date(number, 12, 31))


def stretch(first: date, last: date, mark: str = "") -> Span:
    """The days from one to another."""
    if last < first:
        raise UnreadError("reversed")
    if first == last:
        return day(first, mark)
    return Span(f"{first.isoformat()}{mark}/{last.isoformat()}{mark}", first, last)


def between(first: Span, last: Span) -> Span:
    """From the beginning of one to the end of the other."""
    if first.earliest is None or last.latest is None or last.latest < first.earliest:
        raise UnreadError("reversed")
    return Span(f"{first.edtf}/{last.edtf}", first.earliest, last.latest)


def days(members: list[date], *, one_of: bool = False) -> Span:
    """Every one of these days, or one of them."""
    listed = sorted(set(members))
    if len(listed) == 1:
        return day(listed[0])
    opening, closing = "[]" if one_of else "{}"
    return Span(opening + ",".join(map(date.isoformat, listed)) + closing, listed[0], listed[-1])


def part_of_month(year: int, number: int, kind: str, which: int, mark: str = "") -> Span:
    """A half, a third or a week of a month."""
    last = end_of_month(year, number)
    if kind == "D":
        first, end = (1, which) if which > 0 else (last + which + 1, last)
        if not 1 <= first <= end <= last:
            raise UnreadError("unknown")
        return stretch(date(year, number, first), date(year, number, end), mark)
    if kind == "W" and which == -1:
        return stretch(date(year, number, last - 6), date(year, number, last), mark)
    bounds = _PARTS.get(kind, {}).get(which)
    if bounds is None or bounds[0] > last:
        raise UnreadError("unknown")
    return stretch(date(year, number, bounds[0]), date(year, number, min(bounds[1], last)), mark)


def part_of_year(year: int, kind: str, which: int, mark: str = "") -> Span:
    """A half, a third or a quarter of a year, in months."""
    bounds = _YEAR_PARTS.get(kind, {}).get(which)
    if bounds is None:
        raise UnreadError("unknown")
    return between(month(year, bounds[0], mark), month(year, bounds[1], mark))


def week_of(moment: date) -> date:
    """The Monday of the week."""
    return moment - timedelta(moment.weekday())


def shifted(moment: date, unit: str, count: int) -> Span:
    """So many units after a day, or before it; what is counted in weeks or longer is about that."""
    if unit == DAYS:
        return day(moment + timedelta(count))
    if unit == WEEKS:
        return day(moment + timedelta(7 * count), "~")
    if unit == MONTHS:
        months = moment.year * 12 + moment.month - 1 + count
        return month(months // 12, months % 12 + 1, "~")
    return year(moment.year + count, "~")


def last_year_with(fits: Callable[[int], bool], start: int) -> int | None:
    """The latest year from here back in which something fits; 29 February needs up to eight years."""
    return next((number for number in range(start, start - 9, -1) if fits(number)), None)


def exists(year: int, number: int, day: int) -> bool:
    """Whether the month has the day."""
    return 1 <= day <= end_of_month(year, number)
