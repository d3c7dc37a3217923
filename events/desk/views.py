"""The desk's page and what it asks for after it is shown; what is entered goes to the REST door."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from events.desk import cards, labels
from events.desk.offers import offers
from events.desk.paragraphs import paragraphs
from events.desk.proposals import proposals
from sources.choices import CodingStatus
from sources.models import Report

API = "/api/v1"


def works_here(user: Any) -> bool:
    """Whether this person turns reports into events."""
    return bool(user.has_perm("events.add_event") and user.has_perm("sources.change_report"))


def report_of(request: HttpRequest, pk: int) -> Report:
    """The report; hidden and missing ones answer alike."""
    if not works_here(request.user):
        raise PermissionDenied
    seen = Report.objects.visible_to(request.user).select_related("source").defer("folded", "translation")
    found = seen.filter(pk=pk).first() if pk < 2**63 else None
    if found is None:
        raise Http404
    return found


def page(request: HttpRequest, pk: int) -> HttpResponse:
    """The desk of one report: its text at once, everything else when that is on the screen."""
    report = report_of(request, pk)
    context = admin.site.each_context(request) | {
        "title": _("Desk"),
        "subtitle": report.title,
        "is_nav_sidebar_enabled": False,
        "report": report,
        "paragraphs": paragraphs(report.text),
        "settings": settings(report, request),
        "labels": labels.in_language(),
    }
    return TemplateResponse(request, "admin/events/desk/page.html", context)


def settings(report: Report, request: HttpRequest) -> dict[str, Any]:
    """What the page's script has to know."""
    return {
        "report": str(report.uuid),
        "version": report.version,
        "status": report.status,
        "language": report.language,
        "published_on": str(report.published_on),
        "statuses": {value: str(label) for value, label in CodingStatus.choices},
        "texts": labels.fields(),
        "person": request.user.pk,
        "api": API,
        "pk": report.pk,
        "dates": reverse("date-reading"),
        "cards": reverse("admin:events_desk_cards", args=[report.pk]),
        "proposals": reverse("admin:events_desk_proposals", args=[report.pk]),
    }


def told(request: HttpRequest, pk: int) -> JsonResponse:
    """The events, notes and attributions of the report, and what is offered to choose from."""
    report = report_of(request, pk)
    return answer(
        {
            "cards": cards.cards(report, request.user),
            "notes": cards.notes(report, request.user),
            "relays": cards.relays(report, request.user),
            "offers": offers(report, request.user),
            "report": {"version": report.version, "status": report.status},
        }
    )


def proposed(request: HttpRequest, pk: int) -> JsonResponse:
    """What the reading aid recognises in the report."""
    return answer({"proposals": proposals(report_of(request, pk))})


def answer(content: dict[str, Any]) -> JsonResponse:
    """JSON in which Arabic stays as it is, and that nobody keeps."""
    return JsonResponse(content, json_dumps_params={"ensure_ascii": False}, headers={"Cache-Control": "no-store"})
