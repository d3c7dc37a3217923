"""What the admin's front page shows: the work queues, what others have done, a week of work."""

from dataclasses import dataclass
from typing import Any

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils.formats import number_format
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext_lazy as _

from events import news, queues, week
from events.querysets import sees_drafts
from osint.base.found import counted
from osint.history import visits
from sources.choices import CodingStatus

register = template.Library()

# Which queues stand together, under which heading.
GROUPS = (
    (_("Yours"), (queues.REPORTS, "mine", "sent-back-to-me")),
    (_("Review"), ("waiting", "sent-back")),
    (_("To look into"), ("disputed", "one-origin", "unsupported")),
)


@register.inclusion_tag("admin/events/queues.html", takes_context=True)
def work_queues(context: Any) -> dict[str, Any]:
    """The queues with how much waits in each and the way to it; nothing for those who do not work on events."""
    reader = context["request"].user
    if not sees_drafts(reader):
        return {"groups": []}
    return {"groups": [(title, [row(name, reader) for name in names]) for title, names in GROUPS]}


def row(name: Any, reader: Any) -> dict[str, Any]:
    """One queue; how much waits in it is counted as far as its list leads."""
    queue = queues.BY_NAME.get(name, name)
    number, is_cut = counted(queue.find(reader))
    told = number_format(number, force_grouping=True)
    return {"queue": queue, "number": number, "told": f"{told}+" if is_cut else told, "address": address(queue)}


def address(queue: queues.Queue) -> str:
    """Where its records are listed."""
    if queue is queues.REPORTS:
        return f"{reverse('admin:sources_report_changelist')}?status__exact={CodingStatus.NEW}"
    return f"{reverse('admin:events_event_changelist')}?{QUEUE}={queue.name}"


QUEUE = "queue"  # the parameter of the list of events


@register.inclusion_tag("admin/events/news.html", takes_context=True)
def what_changed(context: Any) -> dict[str, Any]:
    """What other people have done, since this person was last here, to the records that this person works on."""
    reader = context["request"].user
    if not (sees_drafts(reader) and reader.has_perm("history.view_entry")):
        return {}
    moment = visits.since(reader)
    found = [(one, way_to(one, "change"), way_to(one, "history")) for one in news.since(reader, moment)]
    return {"since": moment, "found": found}


def way_to(one: news.News, page: str) -> str:
    """The address of the record's page in the admin, where it is there and has one."""
    try:
        return (
            reverse(f"admin:{one.model._meta.label_lower.replace('.', '_')}_{page}", args=[one.key])
            if one.is_there
            else ""
        )
    except NoReverseMatch:
        return ""


# A week at a glance, drawn

HEIGHT, WIDE, GAP = 40, 14, 6  # of a chart, of a bar, between two bars


@dataclass(frozen=True)
class Bar:
    """One day in a chart: where it stands, and how high everybody's and one's own part reach."""

    day: week.Day
    x: int
    all: int
    mine: int

    @property
    def top(self) -> int:
        """Where everybody's begins, from above."""
        return HEIGHT - self.all

    @property
    def own_top(self) -> int:
        """Where one's own begins, from above."""
        return HEIGHT - self.mine


@register.inclusion_tag("admin/events/week.html", takes_context=True)
def week_of_work(context: Any) -> dict[str, Any]:
    """What was done on each of the last seven days, by everybody and by this person."""
    reader = context["request"].user
    if not (sees_drafts(reader) and reader.has_perm("history.view_entry")):
        return {}
    rows = week.work(reader)
    width = week.DAYS * (WIDE + GAP) - GAP
    return {
        "rows": [(row, bars(row)) for row in rows],
        "days": [day.day for day in rows[0].days],
        "size": {"width": width, "height": HEIGHT, "bar": WIDE},
    }


def bars(row: week.Row) -> list[Bar]:
    """The bars of one kind of work; time runs the way the language is read."""
    most = max(*(day.all for day in row.days), 1)
    order = reversed(range(week.DAYS)) if get_language_bidi() else iter(range(week.DAYS))
    return [
        Bar(day, place * (WIDE + GAP), height(day.all, most), height(day.mine, most))
        for day, place in zip(row.days, order, strict=True)
    ]


def height(number: int, most: int) -> int:
    """How high a bar is; one is never too low to be seen."""
    return max(3, round(HEIGHT * number / most)) if number else 0
