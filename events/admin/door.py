"""How an admin page changes an event: through the workflow, with the report at hand that the words come from."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from django.http import HttpRequest
from django.urls import reverse

from events import workflow
from events.admin.forms import CorrectionForm
from events.models import Citation, Claim, Event
from events.past import PARAMETER
from osint.base.admin import RecordAdmin
from osint.history import past
from osint.history.chain import stamp
from osint.history.reading import Read
from sources.models import Report


class EventDoorAdmin(RecordAdmin):
    """An admin page that changes an event or something under it."""

    form = CorrectionForm

    def event_of(self, obj: Any) -> Event:
        """The event that the object is, or belongs to."""
        raise NotImplementedError

    @contextmanager
    def as_of(self, request: HttpRequest, record: Any, states: Any) -> Iterator[None]:
        """Forms made within this block show the words that were quoted then."""
        now = citation_at_hand(request, self.event_of(record))
        request.citation_at_hand = citation_then(now, states) if now else None  # type: ignore[attr-defined]
        try:
            yield
        finally:
            request.citation_at_hand = now  # type: ignore[attr-defined]

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

    def then(self, record: Any, change: Read) -> str:
        """The page of the event as it was after the change."""
        return f"{reverse('event', args=[self.event_of(record).reference])}?{PARAMETER}={stamp(change.at)}"

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
            seen = event.citations.from_reports_seen_by(request.user)
            first = seen.select_related("report").first()
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


def citation_then(now: Citation, states: Any) -> Citation | None:
    """The citation with its claims as they were, from the states of the event and all that belonged to it."""
    state = states.get(Citation, {}).get(now.pk)
    if state is None:
        return None
    citation = past.rebuilt(Citation, now.pk, state)
    claims = [past.rebuilt(Claim, key, of) for key, of in states.get(Claim, {}).items() if of["citation"] == now.pk]
    citation._prefetched_objects_cache = {"claims": claims}  # type: ignore[attr-defined]
    return citation
