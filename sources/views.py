"""Pages about sources, and the files of reports."""

from typing import cast
from uuid import UUID

from django.db.models import Prefetch
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from osint.base.pages import for_readers, page_of
from sources import files
from sources.models import Attachment, Report, Source
from sources.pages import relays


@for_readers
def source(request: HttpRequest, slug: str) -> HttpResponse:
    """A source, how far it can be relied on and why, and its reports."""
    found = get_object_or_404(Source.objects.visible_to(request.user), slug=slug)
    own = Report.objects.visible_to(request.user).filter(source=found)
    reports = own.prefetch_related(Prefetch("relays", queryset=relays(request.user)))
    return render(request, "sources/source.html", {"source": found, "page": page_of(reports, request)})


@for_readers
def attachment(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The bytes of a file, to be saved: no browser opens them as a page of ours."""
    found = get_object_or_404(Attachment.objects.visible_to(request.user), uuid=uuid)
    try:
        content = found.file.open()
    except FileNotFoundError as error:
        raise Http404 from error
    answer = FileResponse(
        content, as_attachment=True, filename=found.name, content_type=files.served_as(found.media_type)
    )
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return cast(HttpResponse, answer)
