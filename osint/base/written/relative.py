"""Dates that are counted: from the day of publication, or from the day that was last told of."""

from dataclasses import dataclass
from datetime import date, timedelta

from osint.base.written import calendar
from osint.base.written.calendar import Span, UnreadError
from osint.base.written.expressions import Context, Day
from osint.base.written.found import APPROXIMATE, PUBLICATION
from osint.base.written.words import DAYS, WEEKS


@dataclass(frozen=True, slots=True)
class FromPublication:
    """So many days before or after the day of publication: today, yesterday."""

    shift: int

    def days(self, context: Context) -> Span:
        """The day."""
        return calendar.day(context.publication(PUBLICATION) + timedelta(self.shift))


@dataclass(frozen=True, slots=True)
class Weekday:
    """A weekday: the latest one not after publication; the last one before it, or the next one after."""

    number: int
    which: str = ""

    def date(self, context: Context) -> date:
        """The day in the calendar."""
        published = context.publication(PUBLICATION)
        if self.which == "N":
            return published + timedelta((self.number - published.weekday() - 1) % 7 + 1)
        back = (published.weekday() - self.number) % 7
        return published - timedelta(7 if self.which == "l" and back == 0 else back)

    def days(self, context: Context) -> Span:
        """The day."""
        return calendar.day(self.date(context))


@dataclass(frozen=True, slots=True)
class Weekdays:
    """From one weekday to another, the last ones before publication."""

    first: Weekday
    last: Weekday

    def days(self, context: Context) -> Span:
        """The days between, both included."""
        end = self.last.date(context)
        return calendar.stretch(end - timedelta((end.weekday() - self.first.number) % 7), end)


@dataclass(frozen=True, slots=True)
class Away:
    """So many days, weeks, months or years before or after: a day that follows, one told of, or publication."""

    unit: str
    count: int
    anchored: bool = False  # the words say that they count from what was told: “earlier”, “later”
    origin: Day | None = None  # the date from which the words say that they count

    def days(self, context: Context) -> Span:
        """The day; about that, where weeks or longer are counted."""
        if self.unit != DAYS:
            context.note(APPROXIMATE)
        if self.origin is not None:
            context.anchor = self.origin.date(context)
        if self.origin is not None or self.anchored or (context.told and context.anchor is not None):
            return calendar.shifted(context.told_day(), self.unit, self.count)
        return calendar.shifted(context.publication(PUBLICATION), self.unit, self.count)


@dataclass(frozen=True, slots=True)
class Past:
    """The last so many days, up to publication."""

    length: int

    def days(self, context: Context) -> Span:
        """From so many days before publication to its day."""
        published = context.publication(PUBLICATION)
        return calendar.stretch(published - timedelta(self.length), published)


@dataclass(frozen=True, slots=True)
class Night:
    """The night before the day of publication."""

    def days(self, context: Context) -> Span:
        """Both days that the night belongs to."""
        published = context.publication(PUBLICATION)
        return calendar.stretch(published - timedelta(1), published)


@dataclass(frozen=True, slots=True)
class Week:
    """This week, the last or the next one, from Monday; nobody says which day a week begins with."""

    which: str

    def days(self, context: Context) -> Span:
        """Its days; of this week only those that had come."""
        published = context.publication(PUBLICATION)
        context.note(APPROXIMATE)
        monday = calendar.week_of(published)
        if self.which == "g":
            return calendar.stretch(monday, published, "~")
        start = monday + timedelta(7 if self.which == "N" else -7)
        return calendar.stretch(start, start + timedelta(6), "~")


def length(unit: str | None, count: int) -> int:
    """Days of so many days or weeks; longer units are too vague to count back."""
    if unit == DAYS:
        return count
    if unit == WEEKS:
        return 7 * count
    raise UnreadError("vague")
