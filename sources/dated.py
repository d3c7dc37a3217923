"""How a date is read while it is typed: asked by the forms of the admin, answered with the report at hand in mind."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_GET

from osint.base import dating
from sources.models import Report


@require_GET
def reading_of_date(request: HttpRequest) -> JsonResponse:
    """The date as read, its bounds, and what of it was inferred; or why it is none."""
    asked = request.GET
    report = asked.get("report", "")
    known = report.isdecimal() and report.isascii() and len(report) < 19
    # A report that is hidden from this person answers as one that is not there.
    found = Report.objects.visible_to(request.user).filter(pk=int(report)) if known else Report.objects.none()
    published = found.values_list("published_on", flat=True).first()
    return JsonResponse(dating.reading(asked.get("text", ""), published, asked.get("kind", dating.SPAN)))
