"""Pages about sources."""

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from osint.base.pages import for_readers, page_of
from sources.models import Report, Source
from sources.pages import relays


@for_readers
def source(request: HttpRequest, slug: str) -> HttpResponse:
    """A source, how far it can be relied on and why, and its reports."""
    found = get_object_or_404(Source.objects.visible_to(request.user), slug=slug)
    own = Report.objects.visible_to(request.user).filter(source=found)
    reports = own.prefetch_related(Prefetch("relays", queryset=relays(request.user)))
    return render(request, "sources/source.html", {"source": found, "page": page_of(reports, request)})
