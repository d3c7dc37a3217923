"""What the words of a date say, before it is known when they were written: each answers with days in a context."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Final, Protocol

from osint.base.written import calendar
from osint.base.written.calendar import Span, UnreadError
from osint.base.written.found import ANCHOR, APPROXIMATE, MONTH, PUBLICATION, WEEKDAY, YEAR

PARTS_BY_WORD: Final = {"E": 1, "B": 1, "C": 2, "L": 3}
_SHIFTS: Final = {"g": 0, "l": -1, "N": 1, "S": 0}


@dataclass(slots=True)
class Context:
    """What is known beside the words: the day of publication, and the day last told of; and what was taken from it."""

    published: date | None = None
    anchor: date | None = None
    told: bool = False  # the words speak of something before or after what was just told
    codes: list[str] = field(default_factory=list)

    def note(self, code: str) -> None:
        """Keep what was taken."""
        if code not in self.codes:
            self.codes.append(code)

    def publication(self, code: str) -> date:
        """The day of publication, noted as the source of something."""
        if self.published is None:
            raise UnreadError("no_year" if code == YEAR else "no_publication")
        self.note(code)
        return self.published

    def told_day(self) -> date:
        """The day that was last told of."""
        if self.anchor is None:
            raise UnreadError("no_anchor")
        self.note(ANCHOR)
        return self.anchor


class Expression(Protocol):
    """Words that mean days."""

    def days(self, context: Context) -> Span:
        """The days, or ``UnreadError``."""


@dataclass(frozen=True, slots=True)
class Year:
    """A year: a number, or this, the last, the next one."""

    number: int | None
    which: str = ""

    def at(self, context: Context) -> int:
        """The number of the year."""
        if self.number is not None:
            return self.number
        base = context.told_day() if self.which == "S" else context.publication(YEAR)
        return base.year + _SHIFTS.get(self.which, 0)

    def days(self, context: Context) -> Span:
        """The whole year; this year only as far as it had gone."""
        if self.number is None and self.which in {"", "g"}:
            today = context.publication(YEAR)
            return calendar.stretch(date(today.year, 1, 1), today)
        return calendar.year(self.at(context))

    def part(self, context: Context, kind: str, which: int, mark: str) -> Span:
        """A half, a third, a quarter."""
        return calendar.part_of_year(self.at(context), kind, which, mark)


@dataclass(frozen=True, slots=True)
class Month:
    """A month by name, with its year where it is said; without a number “this month” and the like."""

    number: int | None
    year: Year | None = None
    which: str = ""
    weak: bool = False
    latin: bool = False

    def at(self, context: Context, day: int | None = None) -> tuple[int, int]:
        """Year and month: of the latest such day not after publication, where no year is said."""
        if self.number is None:
            return self._told(context)
        if self.year is not None:
            return self.year.at(context), self.number
        published = context.publication(YEAR)
        found = self._next(published, day) if self.which == "N" else self._latest(published, day)
        if found is None:
            raise UnreadError("no_such_day", day=day)
        return found, self.number

    def _told(self, context: Context) -> tuple[int, int]:
        base = context.told_day() if self.which == "S" else context.publication(MONTH)
        months = base.year * 12 + base.month - 1 + _SHIFTS.get(self.which, 0)
        return months // 12, months % 12 + 1

    def _latest(self, published: date, day: int | None) -> int | None:
        number = self.number or 1
        end = published - timedelta(1) if self.which == "l" else published
        if self.which == "l" and day is None:
            end = published.replace(day=1) - timedelta(1)
        return calendar.last_year_with(
            lambda year: calendar.exists(year, number, day or 1) and date(year, number, day or 1) <= end, end.year
        )

    def _next(self, published: date, day: int | None) -> int | None:
        number = self.number or 1
        years = range(published.year, published.year + 9)
        fits = (year for year in years if calendar.exists(year, number, day or 1))
        return next((year for year in fits if date(year, number, day or 1) > published), None)

    def days(self, context: Context) -> Span:
        """The whole month; this month only as far as it had gone."""
        if self.number is None and self.which in {"", "g"}:
            today = context.publication(MONTH)
            return calendar.stretch(today.replace(day=1), today)
        return calendar.month(*self.at(context))

    def part(self, context: Context, kind: str, which: int, mark: str) -> Span:
        """A half, a third, a week."""
        first = {"H": 16, "R": 1 + 10 * (which - 1), "W": 1 + 7 * (which - 1)}.get(kind) if which > 1 else None
        return calendar.part_of_month(*self.at(context, first), kind, which, mark)


@dataclass(frozen=True, slots=True)
class Day:
    """A day of a month, with the weekday where the words name it too."""

    number: int
    month: Month
    weekday: int | None = None
    note: str = ""
    in_words: bool = True  # “12 November” and not “12/11/2025”: other days may share its month

    def date(self, context: Context) -> date:
        """The day in the calendar."""
        year, month = self.month.at(context, self.number)
        if not calendar.exists(year, month, self.number):
            raise UnreadError("no_such_day", day=self.number)
        found = date(year, month, self.number)
        if self.weekday is not None and found.weekday() != self.weekday:
            context.note(WEEKDAY)
        for code in self.note.split():
            context.note(code)
        return found

    def days(self, context: Context) -> Span:
        """The day."""
        return calendar.day(self.date(context))


@dataclass(frozen=True, slots=True)
class Days:
    """Several days of one month or of several: every one of them, or one of them."""

    members: tuple[Day, ...]
    one_of: bool = False

    def days(self, context: Context) -> Span:
        """The set; a year that is not said is that of the last day named, so that the list runs on."""
        found = [self.members[-1].date(context)]
        for member in reversed(self.members[:-1]):
            free = member.month.year is None and member.month.number is not None and member.month.which != "l"
            found.append(member.date(_until(context, found[-1]) if free else context))
        return calendar.days(found, one_of=self.one_of)


@dataclass(frozen=True, slots=True)
class Between:
    """From one day, month or year to another."""

    first: "Day | Month | Year"
    last: "Day | Month | Year"

    def days(self, context: Context) -> Span:
        """The days between, both ends included; a year that only one end says is meant for both."""
        first, last = self.first, self.last
        if (
            isinstance(first, Day)
            and isinstance(last, Day)
            and first.month == last.month
            and first.number > last.number
        ):
            raise UnreadError("reversed")
        if isinstance(first, Year) or isinstance(last, Year):
            return calendar.between(first.days(context), last.days(context))
        said_first, said_last = _said(first), _said(last)
        if said_last and not said_first:
            return self._back(context, last.days(context))
        start = first.days(context)
        if said_last:
            return _join(start, last.days(context))
        return self._on(context, start)

    def _back(self, context: Context, end: Span) -> Span:
        """With a beginning that lies no farther back than it must."""
        known = replace_published(context, end.latest)
        start = self.first.days(known)
        return _join(start, end)

    def _on(self, context: Context, start: Span) -> Span:
        """With an end that comes as soon after the beginning as it can."""
        first = start.earliest or date.min
        for year in (first.year, first.year + 1):
            end = _with_year(self.last, year).days(context)
            if end.latest is not None and end.latest >= first:
                return _join(start, end)
        raise UnreadError("reversed")


def _until(context: Context, following: date) -> Context:
    """The context of a day that is named before another: it lies not after the other's month."""
    return replace_published(context, following.replace(day=calendar.end_of_month(following.year, following.month)))


def replace_published(context: Context, day: date | None) -> Context:
    """A context of its own, in which the words were written on another day."""
    return Context(day, context.anchor)


def _said(end: "Day | Month | Year") -> bool:
    month = end.month if isinstance(end, Day) else end
    return isinstance(month, Month) and (month.year is not None or month.number is None)


def _with_year(end: "Day | Month | Year", year: int) -> "Day | Month | Year":
    if isinstance(end, Day):
        return replace(end, month=replace(end.month, year=Year(year)))
    return replace(end, year=Year(year)) if isinstance(end, Month) else end


def _join(start: Span, end: Span) -> Span:
    if start.earliest is None or end.latest is None or end.latest < start.earliest:
        raise UnreadError("reversed")
    if len(start.edtf) == len(end.edtf) == len("2025-11-12"):
        return calendar.stretch(start.earliest, end.latest)
    return Span(f"{start.edtf}/{end.edtf}", start.earliest, end.latest)


@dataclass(frozen=True, slots=True)
class Part:
    """A half, third, quarter or week of a month or year; or its early, middle or late days."""

    kind: str
    which: int
    whole: Month | Year
    vague: bool = False

    def days(self, context: Context) -> Span:
        """Its days; marked as approximate where the words draw no line."""
        if self.vague:
            context.note(APPROXIMATE)
        return self.whole.part(context, self.kind, self.which, "~" if self.vague else "")


@dataclass(frozen=True, slots=True)
class Across:
    """From the beginning of one part of a month or year to the end of another."""

    first: Expression
    last: Expression

    def days(self, context: Context) -> Span:
        """The days between, as approximate at each end as its words are."""
        end = self.last.days(context)
        start = self.first.days(replace_published(context, end.latest) if YEAR in context.codes else context)
        if start.earliest is None or end.latest is None or end.latest < start.earliest:
            raise UnreadError("reversed")
        return Span(f"{start.edtf.partition('/')[0]}/{end.edtf.rpartition('/')[2]}", start.earliest, end.latest)


@dataclass(frozen=True, slots=True)
class Since:
    """From the beginning of something up to publication."""

    start: Expression

    def days(self, context: Context) -> Span:
        """Open at the end where nobody knows when it was written."""
        first = self.start.days(context)
        if first.earliest is None:
            raise UnreadError("unknown")
        if context.published is None:
            return Span(f"{first.edtf.partition('/')[0]}/..", first.earliest, None)
        if first.earliest >= context.published:
            return first
        context.note(PUBLICATION)
        return calendar.stretch(first.earliest, context.published)


@dataclass(frozen=True, slots=True)
class About:
    """A day, month or year with “about” before it."""

    of: Expression

    def days(self, context: Context) -> Span:
        """The same days, marked as approximate."""
        found = self.of.days(context)
        if any(mark in found.edtf for mark in "/~{["):
            return found
        return Span(f"{found.edtf}~", found.earliest, found.latest)


@dataclass(frozen=True, slots=True)
class Open:
    """Before, after or until a day, month or year: one end is not known."""

    side: str
    of: "Day | Month | Year"

    def days(self, context: Context) -> Span:
        """An interval without a beginning, or without an end."""
        known = self.of.days(context)
        if known.earliest is None or known.latest is None:
            raise UnreadError("unknown")
        if self.side == "t":
            return Span(f"../{known.edtf}", None, known.latest)
        if self.side == "b":
            end = known.earliest - timedelta(1)
            return Span(f"../{end.isoformat()}", None, end)
        start = known.latest + timedelta(1)
        return Span(f"{start.isoformat()}/..", start, None)
