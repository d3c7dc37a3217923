"""Pages about events, and about reports with what is quoted from them."""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from events import past, provenance, search, workflow
from events.choices import UNPUBLISHED, Status
from events.models import Event
from events.pages.corrections import corrections
from events.pages.front import asked, choices, quoted
from events.pages.incident import accounted, compose, evidence
from events.pages.report import passages, told
from events.pages.route import drawing, route
from events.pages.wording import places, worded
from osint.base.filters import LONGEST
from osint.base.pages import for_readers, page_of
from osint.base.text import fold
from osint.history.chain import stamp
from osint.history.past import moment_of
from osint.history.wording import moment
from sources.models import Report
from sources.pages import relays


@for_readers
def front(request: HttpRequest) -> HttpResponse:
    """What this is, and the newest events, or those that were asked for."""
    question = asked(request)
    page = page_of(question.sets, request, question.among)
    events = list(page.object_list)
    origins = provenance.origins_of(events, request.user)
    listed = [
        {
            "event": event,
            "places": places(event),
            "origins": origins[event.pk],
            "quoted": quoted(event, question.sought),
        }
        for event in events
    ]
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
    if request.GET.get(past.PARAMETER) and past.answers(found, request.user):
        return then(found, request)
    if found.merged_into_id:
        return elsewhere(found, request)
    others = Event.objects.visible_to(request.user).select_related("type")
    parts = list(others.filter(part_of=found, status=Status.PUBLISHED).prefetch_related("counts"))
    return shown(request, found, parts, others.filter(parts=found).first())


def then(event: Event, request: HttpRequest) -> HttpResponse:
    """The page of an event as it was at the moment that the address names."""
    try:
        found = past.as_of(event, moment_of(request.GET[past.PARAMETER]), request.user)
    except ValidationError as error:
        context = {"event": event, "sentences": error.messages, "asked": request.GET[past.PARAMETER]}
        return render(request, "events/moment.html", context, status=400)
    if found is None:
        raise Http404
    parts = [part for part in found.parts.all() if part.status == Status.PUBLISHED]
    return shown(request, found, parts, found.past.part_of)  # type: ignore[attr-defined]


def shown(request: HttpRequest, found: Event, parts: list[Event], part_of: Event | None) -> HttpResponse:
    """The page of an event with its parts and its whole."""
    unpublished = found.status in UNPUBLISHED
    context = {
        "page": compose(found, request.user),
        "event": found,
        "places": places(found),
        "route": route(found),
        "drawing": drawing(found),
        "corrections": corrections(found, request.user),
        "part_of": part_of,
        "parts": parts,
        "accounted": [(worded(count), number) for count, number in accounted(found, parts)],
        # Of all evidence: nothing is unsupported because its support is not for this reader.
        "missing": provenance.missing(past.everything(found) or workflow.whole(found)) if unpublished else [],
        "exact": stamp(found.past.moment) if hasattr(found, "past") else "",
        "moment": moment(found.past.moment) if hasattr(found, "past") else "",
        "today": timezone.now(),
        "address": request.build_absolute_uri(reverse("event", args=[found.reference])),
        "lasting_address": request.build_absolute_uri(reverse("event-by-uuid", args=[found.uuid])),
    }
    return render(request, "events/event.html", context)


def elsewhere(merged: Event, request: HttpRequest) -> HttpResponse:
    """The way to the event that this one was merged into, which can be undone: nobody should remember it for good."""
    target = get_object_or_404(Event.objects.visible_to(request.user), duplicates=merged)
    answer = redirect("event", reference=target.reference, permanent=True)
    answer["Cache-Control"] = "no-cache"
    return answer


@for_readers
def report(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """A report with its text, the quoted passages marked, and the events that cite it."""
    reports = Report.objects.visible_to(request.user).select_related("source", "updates__source")
    found = get_object_or_404(reports, uuid=uuid)
    events, claims = told(found, request.user)
    words = fold(request.GET.get("q", "")[:LONGEST])
    context = {
        "report": found,
        "relays": relays(request.user).filter(report=found),
        "attachments": found.attachments.all(),
        "told": events,
        "passages": passages(found, claims, events, request.user),
        "sought": search.looked_for(words) if words else None,
        "updates": Report.objects.visible_to(request.user).filter(updated_by=found).first(),
        "updated_by": Report.objects.visible_to(request.user).filter(updates=found),
    }
    return render(request, "sources/report.html", context)
