"""A week of work at a glance: how many reports were coded, events entered, submitted, published … on each day.

Counted from the history, which tells who did what when; what a person may not see is not counted for that person.
Days are days in UTC, as everywhere.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.choices import Status
from events.models import Correction, Event
from osint.history import reading
from osint.history.chain import canonical
from osint.history.models import Action, Entry, EntryQuerySet
from sources.choices import CodingStatus
from sources.models import Report

if TYPE_CHECKING:
    from sources.querysets import Reader

DAYS = 7
EVENT, CORRECTION, REPORT = (model._meta.label_lower for model in (Event, Correction, Report))


def moves(*pairs: tuple[str, str]) -> dict[str, str]:
    """How the history writes these changes of a status."""
    return {canonical({"from": before, "to": after}): after for before, after in pairs}


TO_CODE, CODED = (CodingStatus.NEW, CodingStatus.CODING), (CodingStatus.CODED, CodingStatus.NOTHING)
OF_REPORTS = moves(*((before.value, after.value) for before in TO_CODE for after in CODED))
SUBMITTED = moves((Status.DRAFT.value, Status.SUBMITTED.value))
SENT_BACK = moves((Status.SUBMITTED.value, Status.DRAFT.value))
PUBLISHED = moves(*((before.value, Status.PUBLISHED.value) for before in (Status.DRAFT, Status.SUBMITTED)))

# What is counted: a title, the kind of record, and the action or the changes of its status.
WORK: tuple[tuple[Any, str, Any], ...] = (
    (_("Reports coded"), REPORT, OF_REPORTS),
    (_("Events entered"), EVENT, Action.CREATE),
    (_("Submitted"), EVENT, SUBMITTED),
    (_("Published"), EVENT, PUBLISHED),
    (_("Corrected"), CORRECTION, Action.CREATE),
    (_("Sent back"), EVENT, SENT_BACK),
)


@dataclass(frozen=True)
class Day:
    """One day's number of one kind of work: of everybody, and of these one's own."""

    day: date
    all: int
    mine: int


@dataclass(frozen=True)
class Row:
    """One kind of work, day by day."""

    title: Any
    days: list[Day]

    @property
    def all(self) -> int:
        """Everybody's."""
        return sum(day.all for day in self.days)

    @property
    def mine(self) -> int:
        """One's own."""
        return sum(day.mine for day in self.days)


def work(reader: "Reader") -> list[Row]:
    """Each kind of work on each of the last seven days, today included."""
    today = timezone.now().astimezone(UTC).date()
    days = [today - timedelta(days=DAYS - 1 - number) for number in range(DAYS)]
    counted = count(reader, datetime.combine(days[0], time.min, UTC))
    return [
        Row(
            title,
            [
                Day(day, counted[model, what_of(what), day, None], counted[model, what_of(what), day, reader.pk])
                for day in days
            ],
        )
        for title, model, what in WORK
    ]


def what_of(what: Any) -> Any:
    """Under what it is counted."""
    return what if isinstance(what, str) else frozenset(what)


Counted = Counter[tuple[str, Any, date, Any]]


def count(reader: "Reader", moment: datetime) -> Counted:
    """How often what was done on which day, by everybody (None) and by each."""
    counted: Counted = Counter()
    first = Entry.objects.filter(at__gte=moment).order_by("at").values_list("seq", flat=True).first()
    if first is None:
        return counted
    fresh = Entry.objects.filter(seq__gte=first).order_by()
    made = fresh.filter(model__in=[EVENT, CORRECTION], action=Action.CREATE)
    for model, day, by, number in by_day(seen(reader, made), "model"):
        add(counted, model, Action.CREATE, day, by, number)
    for model, said in ((REPORT, OF_REPORTS), (EVENT, SUBMITTED | SENT_BACK | PUBLISHED)):
        status = {"values__field": "status", "values__text__in": list(said)}
        moved = seen(reader, fresh.filter(model=model, **status)).filter(**status)
        for text, day, by, number in by_day(moved, "values__text"):
            kind = next(kind for _title, other, kind in WORK if other == model and text in kind)
            add(counted, model, frozenset(kind), day, by, number)
    return counted


def seen(reader: "Reader", entries: EntryQuerySet) -> EntryQuerySet:
    """Those of these entries that the reader may read: the few first, which is cheaper than to ask of each."""
    return reading.readable(reader).order_by().filter(seq__in=entries.values("seq"))


def by_day(entries: EntryQuerySet, what: str) -> Any:
    """How many entries of which sort on which day by whom."""
    rows = entries.annotate(day=TruncDate("at", tzinfo=UTC), what=F(what))
    return rows.values_list("what", "day", "by").annotate(number=Count("pk")).order_by()


def add(counted: Counted, model: str, what: Any, day: date, by: Any, number: int) -> None:
    """Count it for everybody, and for whoever did it."""
    counted[model, what, day, None] += number
    if by is not None:
        counted[model, what, day, by] += number
