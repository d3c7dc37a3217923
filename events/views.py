"""Pages about events, and about reports with what is quoted from them."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from events import provenance
from events.choices import Status
from events.models import Event
from events.pages.corrections import corrections
from events.pages.front import asked, choices
from events.pages.incident import accounted, compose, evidence
from events.pages.report import passages, told
from events.pages.wording import places, worded
from osint.base.pages import for_readers, page_of
from sources.models import Report
from sources.pages import relays


@for_readers
def front(request: HttpRequest) -> HttpResponse:
    """What this is, and the newest events, or those that were asked for."""
    question = asked(request)
    page = page_of(question.events, request)
    events = list(page.object_list)
    origins = provenance.origins_of(events, request.user)
    listed = [{"event": event, "places": places(event), "origins": origins[event.pk]} for event in events]
    context = {"asked": question, "page": page, "listed": listed} | choices()
    return render(request, "events/front.html", context, status=question.status)


@for_readers
def event_by_uuid(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The way from an event's lasting identity to its page."""
    found = get_object_or_404(Event.objects.visible_to(request.user), uuid=uuid)
    return redirect("event", reference=found.reference)


@for_readers
def event(request: HttpRequest, reference: str) -> HttpResponse:
    """An event: what is held, with a footnote on every fact."""
    found = get_object_or_404(evidence(request.user), reference=reference.upper())
    others = Event.objects.visible_to(request.user).select_related("type")
    parts = list(others.filter(part_of=found, status=Status.PUBLISHED).prefetch_related("counts"))
    unpublished = found.status in {Status.DRAFT, Status.SUBMITTED}
    context = {
        "page": compose(found, request.user),
        "event": found,
        "places": places(found),
        "corrections": corrections(found, request.user),
        "part_of": others.filter(parts=found).first(),
        "parts": parts,
        "accounted": [(worded(count), number) for count, number in accounted(found, parts)],
        "missing": provenance.missing(found) if unpublished else [],
        "today": timezone.now(),
        "address": request.build_absolute_uri(reverse("event", args=[found.reference])),
        "lasting_address": request.build_absolute_uri(reverse("event-by-uuid", args=[found.uuid])),
    }
    return render(request, "events/event.html", context)


@for_readers
def report(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """A report with its text, the quoted passages marked, and the events that cite it."""
    reports = Report.objects.visible_to(request.user).select_related("source", "updates__source")
    found = get_object_or_404(reports, uuid=uuid)
    events, claims = told(found, request.user)
    context = {
        "report": found,
        "relays": relays(request.user).filter(report=found),
        "told": events,
        "passages": passages(found, claims, events, request.user),
        "updates": Report.objects.visible_to(request.user).filter(updated_by=found).first(),
        "updated_by": Report.objects.visible_to(request.user).filter(updates=found),
    }
    return render(request, "sources/report.html", context)
