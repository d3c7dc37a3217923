"""What the list of events is narrowed by, at its side."""

from typing import Any, cast

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from events import queues
from events.models import Event, EventType
from events.shelves import STATUSES, shelves
from osint.history import editions
from osint.history.editions import AsNamed


class QueueFilter(admin.SimpleListFilter):
    """The work queues, to narrow the list of events by."""

    title = _("work queue")
    parameter_name = "queue"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """All queues of events."""
        return [(queue.name, queue.title) for queue in queues.EVENTS]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Event]) -> QuerySet[Event]:
        """What waits in the queue."""
        queue = queues.BY_NAME.get(self.value() or "")
        return queryset.filter(pk__in=queue.find(request.user).order_by().values("pk")) if queue else queryset


class ShelfFilter(admin.ChoicesFieldListFilter):
    """Status or mark, as shelves: the index of these has each in the order of lists."""

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any] | None:
        """What stands there."""
        chosen = [value for value, _title in self.field.flatchoices if value in (self.lookup_val or [])]
        if not chosen:
            return super().queryset(request, queryset)
        where = shelves(chosen) if self.field.name == "status" else shelves(STATUSES, chosen)
        return queryset.filter(shelf__in=where)


def names_of(request: HttpRequest) -> str:
    """The state of names, asked for once for a page."""
    if not hasattr(request, "names"):
        request.names = editions.names()  # type: ignore[attr-defined]
    return cast(str, request.names)  # type: ignore[attr-defined]


@AsNamed
def types_in(_language: str) -> list[tuple[str, Any]]:
    """All types, as they are called in this language, which is that of the page."""
    return [(str(one.pk), str(one)) for one in EventType.objects.all()]


class TypeFilter(admin.RelatedFieldListFilter):
    """The types, which change far more seldom than lists are looked at."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Each type with its key."""
        return types_in(names_of(request), get_language())
