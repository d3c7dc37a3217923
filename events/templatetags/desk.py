"""What the admin's front page shows of the work queues."""

from typing import Any

from django import template
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from events import queues
from events.querysets import sees_drafts
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
    """One queue."""
    queue = queues.BY_NAME.get(name, name)
    return {"queue": queue, "count": queue.find(reader).count(), "address": address(queue)}


def address(queue: queues.Queue) -> str:
    """Where its records are listed."""
    if queue is queues.REPORTS:
        return f"{reverse('admin:sources_report_changelist')}?status__exact={CodingStatus.NEW}"
    return f"{reverse('admin:events_event_changelist')}?{QUEUE}={queue.name}"


QUEUE = "queue"  # the parameter of the list of events
