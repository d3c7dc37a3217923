"""How an admin page changes an event: through the workflow, with the report at hand that the words come from."""

from typing import Any, cast

from django.http import HttpRequest

from events import workflow
from events.admin.forms import CorrectionForm
from events.models import Citation, Event
from osint.base.admin import RecordAdmin
from sources.models import Report


class EventDoorAdmin(RecordAdmin):
    """An admin page that changes an event or something under it."""

    form = CorrectionForm

    def event_of(self, obj: Any) -> Event:
        """The event that the object is, or belongs to."""
        raise NotImplementedError

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        """The object; before a change, read again once nobody else can change its event."""
        found = super().get_object(request, object_id, from_field)
        if found is None or request.method != "POST":
            return found
        Event.objects.select_for_update(of=("self",)).filter(pk=self.event_of(found).pk).first()
        return super().get_object(request, object_id, from_field)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Remember what was held before the first row is written."""
        request.before = workflow.remember(self.event_of(obj))  # type: ignore[attr-defined]
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save the rows, then check the whole and keep the correction."""
        super().save_related(request, form, formsets, change)
        event = self.event_of(form.instance)
        reason = form.cleaned_data.get("correction_reason") or ""
        workflow.settle(event, request.before, request.user, reason, self.report_behind(form))  # type: ignore[attr-defined]

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Delete, then check what is left of the whole."""
        event = self.event_of(obj)
        if event == obj:
            super().delete_model(request, obj)
            return
        with workflow.changing(event, request.user):
            super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        """Delete one by one, each with its check."""
        for obj in queryset:
            self.delete_model(request, obj)

    def report_behind(self, form: Any) -> Report | None:
        """The report that a correction rests on."""
        raise NotImplementedError


def report_at_hand(request: HttpRequest, event: Event | None) -> Report | None:
    """The report that the form deals with: as sent, as in the address, else the first that the event cites."""
    if not hasattr(request, "report_at_hand"):
        wanted = request.POST.get("report") if request.method == "POST" else request.GET.get("report")
        found = None
        if wanted and wanted.isdecimal() and len(wanted) < 19:
            found = Report.objects.visible_to(request.user).filter(pk=int(wanted)).first()
        elif event is not None and request.method != "POST":
            first = event.citations.select_related("report").first()
            found = first.report if first else None
        request.report_at_hand = found  # type: ignore[attr-defined]
    return cast("Report | None", request.report_at_hand)  # type: ignore[attr-defined]


def citation_at_hand(request: HttpRequest, event: Event | None) -> Citation | None:
    """The event's citation of the report at hand, with its claims."""
    if not hasattr(request, "citation_at_hand"):
        report = report_at_hand(request, event)
        found = Citation.objects.filter(event=event, report=report) if event and report else Citation.objects.none()
        claims = ("claims__type", "claims__site", "claims__actor", "claims__measure", "claims__party")
        request.citation_at_hand = found.select_related("event", "report").prefetch_related(*claims).first()  # type: ignore[attr-defined]
    return cast("Citation | None", request.citation_at_hand)  # type: ignore[attr-defined]
