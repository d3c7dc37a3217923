"""The page for sheets: choose a file, say what its columns are, see what would come in, and let it.

The file is kept between the steps, for a day at most; what was chosen travels with the form.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from events.models import Event, Measure
from osint.base.errors import sentence_of
from osint.bundle import uploads
from osint.bundle.plans import LABELS, Outcome, Step, name_of, side_by_side
from osint.sheets import files, importing, leaving
from osint.sheets.codes import is_uuid
from osint.sheets.columns import COUNT, IGNORED, known
from osint.standards import asking

MAY = "events.add_event"
MOST = 100  # rows and problems that are shown
TYPES = {
    leaving.CSV: "text/csv; charset=utf-8",
    leaving.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True)
class Sent:
    """A file with what was chosen for its headings."""

    name: str
    token: UUID  # by which it is kept
    chosen: dict[str, str]
    digest: str = ""

    def read(self, by: Any) -> importing.Arrived:
        """What it would do."""
        path = uploads.find(self.token)
        if path is None:
            raise ValidationError(_("The file is not kept any more. Choose it again."))
        try:
            return importing.read(path.read_bytes(), self.name, self.chosen, by)
        except ValidationError:
            uploads.forget(self.token)
            raise


def guard(request: HttpRequest) -> None:
    """Raise where this is nobody who enters events."""
    if not request.user.has_perm(MAY):
        raise PermissionDenied


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """One step, whichever it is."""
    guard(request)
    if request.method != "POST":
        return shown(request, {})
    try:
        sent = sent_with(request)
        return step(request, sent, sent.read(request.user))
    except ValidationError as error:
        return shown(request, {"error": sentence_of(error)}, status=400)


def step(request: HttpRequest, sent: Sent, arrived: importing.Arrived) -> HttpResponse:
    """Give the rest back, write the good rows, or show what would come in."""
    if "rest" in request.POST:
        return download(b"".join(arrived.rest()), "rest.csv", TYPES[leaving.CSV])
    if "apply" in request.POST and sent.digest == arrived.plan.digest:
        return applied(request, sent, arrived)
    if "apply" in request.POST:
        messages.warning(request, _("Something has changed since. This is what would come in now."))
    return shown(request, preview(sent, arrived))


def sent_with(request: HttpRequest) -> Sent:
    """The file of this step: chosen just now, or before."""
    chosen = {
        request.POST[name]: request.POST.get(f"column-{name.removeprefix('head-')}", "") or IGNORED
        for name in request.POST
        if name.startswith("head-")
    }
    upload = request.FILES.get("file")
    if upload is not None:
        files.check_size(upload.size or 0)
        return Sent(str(upload.name), uploads.keep(upload), {})
    token = request.POST.get("token", "")
    if not is_uuid(token):
        raise ValidationError(_("Choose a file first."))
    return Sent(request.POST.get("name", ""), UUID(token), chosen, request.POST.get("digest", ""))


def applied(request: HttpRequest, sent: Sent, arrived: importing.Arrived) -> HttpResponse:
    """Write the good rows; the others are shown again, to be mended."""
    arrived.apply(request.user)
    sentence = ngettext("%(number)d row came in, as a draft.", "%(number)d rows came in, as drafts.", arrived.good)
    messages.success(request, sentence % {"number": arrived.good})
    if not arrived.problems:
        uploads.forget(sent.token)
        return HttpResponseRedirect(reverse("sheets"))
    left = preview(sent, arrived)
    return shown(request, left | {"is_done": True, "rows": [row for row in left["rows"] if row[0] in arrived.bad]})


def preview(sent: Sent, arrived: importing.Arrived) -> dict[str, Any]:
    """What the page shows of a sheet."""
    counts = [(LABELS[Outcome(name)], number) for name, number in arrived.plan.counts.items()]
    heads, rows = shortened(arrived.sheet)
    return {
        "sent": sent,
        "arrived": arrived,
        "mapping": list(enumerate(arrived.mapping.items())),
        "columns": choices(arrived),
        "counts": counts,
        "changes": list(islice(changes(arrived.plan.steps), MOST)),
        "heads": heads,
        "rows": [(number, cells, number in arrived.bad) for number, cells in rows],
        "problems": arrived.problems[:MOST],
        "more": max(0, len(arrived.problems) - MOST),
        "digest": arrived.plan.digest,
    }


def shortened(sheet: files.Sheet) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """The first rows of a sheet, in those of its columns in which anything stands there."""
    rows = sheet.rows[:MOST]
    places = [place for place in range(len(sheet.heads)) if any(cells[place] for _number, cells in rows)]
    return [sheet.heads[place] for place in places], [(no, [cells[place] for place in places]) for no, cells in rows]


def changes(steps: Iterable[Step]) -> Iterator[tuple[str, str, str, str]]:
    """What would be changed: the row, the field, what is here and what the sheet says."""
    for step in steps:
        taken = [one for one in step.differences if one.is_taken]
        for name, (mine, theirs) in ((name, both) for one in taken for name, both in one.fields.items()):
            yield step.where, name_of(name), *side_by_side(mine, theirs)


def choices(arrived: importing.Arrived) -> list[tuple[str, str]]:
    """Every column that a heading can be."""
    counted = [f"{COUNT} {slug}" for slug in Measure.objects.order_by("slug").values_list("slug", flat=True)]
    chosen = [name for name in arrived.mapping.values() if name.startswith(f"{COUNT} ")]
    named = [(column.name, f"{column.name} · {column.about}") for column in known().values()]
    return [*named, *((name, name) for name in dict.fromkeys([*chosen, *counted]))]


def shown(request: HttpRequest, told: dict[str, Any], status: int = 200) -> HttpResponse:
    """The page."""
    context = {"title": _("Spreadsheets"), "most": files.MOST_BYTES >> 20, "most_rows": f"{files.MOST_ROWS:,}"} | told
    return render(request, "admin/sheets.html", admin.site.each_context(request) | context, status=status)


@require_safe
def template(request: HttpRequest) -> HttpResponse:
    """An empty sheet with the codes beside it."""
    guard(request)
    return download(leaving.template(), "template.xlsx", TYPES[leaving.XLSX])


@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """The events that a question asks for, as a sheet that comes back."""
    guard(request)
    asked = request.GET.copy()
    form = asked.pop("form", ["xlsx"])[-1]
    try:
        keys = list(asking.keys(asked.urlencode(), request.user))
    except ValidationError as error:
        return shown(request, {"error": sentence_of(error)}, status=400)
    columns = leaving.heads(key for some in keys for key in some)
    kind = leaving.CSV if form == leaving.CSV else leaving.XLSX
    content = leaving.written(kind, columns, leaving.rows(events_of(keys, request), columns))
    return download(content, f"events.{kind}", TYPES[kind])


def events_of(keys: list[list[int]], request: HttpRequest) -> Any:
    """The events of these keys, with their evidence."""
    found: list[Event]
    for found in asking.with_evidence(keys, request.user):
        yield from found


def download(content: bytes, name: str, kind: str) -> HttpResponse:
    """A file to keep."""
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
