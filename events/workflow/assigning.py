"""Who works on an event: taken, given back, or given to somebody else."""

from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from events.models import Event
from events.workflow.moves import MOVES, allow, begin, fresh, keep
from osint.history import recording

OTHERS = "events.assign_event"
BACKEND = "django.contrib.auth.backends.ModelBackend"


def workers() -> QuerySet[User]:
    """Those who work on events, and so can be given one."""
    return User.objects.with_perm(MOVES["assign"].permission, backend=BACKEND).order_by("username")


def assign(event: Event, by: Any, to: Any) -> Event:
    """Give the event to somebody, or to nobody; what is another's, or for another, is a matter for those who assign."""
    with recording.change(by):
        taken = begin(event, "assign", by)
        if {to, taken.assignee} - {None, by}:
            allow(by, OTHERS)
        if to is not None and not workers().filter(pk=to.pk).exists():
            raise ValidationError(
                {"to": _("%(user)s does not work on events here. Choose somebody who does.") % {"user": to}}
            )
        taken.assignee = to
        keep(taken)
    return fresh(taken)


def colleague(name: str, by: Any) -> User | None:
    """The person of this name; nobody for a blank one. Who may not assign to others learns of no other name."""
    if not name:
        return None
    if name == by.get_username():
        return User.objects.get(pk=by.pk)
    allow(by, OTHERS)
    found = workers().filter(username=name).first()
    if found is None:
        raise ValidationError(
            {"to": _("“%(name)s” does not work on events here. Choose somebody who does.") % {"name": name}}
        )
    return found
