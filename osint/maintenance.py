"""Long work that an administrator starts in the admin: done in batches, with progress, and taken up where it was left.

Each request does one batch and answers how far it has come, so that no request is long and any may be the last. What is
in ``WORKS`` may be done by several people at once and any number of times: a batch is harmless to repeat.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from osint.base import derived
from osint.history.models import Entry
from osint.history.recording import recorded_models
from osint.history.stepwise import Reached, follow
from osint.history.verify import with_parents

MAY = "auth.change_user"  # what administrators alone may do
MOST = 20  # faults that are shown
BATCH = 1_000  # records that are worked out again in one request


@dataclass
class Progress:
    """How far the work has come: what the next batch starts from, as JSON can hold it, and what was found wrong."""

    cursor: Any = None
    done: int = 0
    total: int = 0
    is_finished: bool = False
    faults: tuple[str, ...] = ()
    corrected: int = 0


@dataclass(frozen=True)
class Work:
    """A long work: its name, its title, what it does, and the function that does the next batch of it."""

    name: str
    title: Any
    about: Any
    batch: Callable[[Any], Progress]


def check_chain(cursor: Any) -> Progress:
    """The next stretch of the chain of the history."""
    begun = Reached(*cursor) if cursor else Reached()
    reached, faults = follow(begun)
    total = Entry.objects.order_by("-seq").values_list("seq", flat=True).first() or 0
    is_finished = bool(faults) or reached == begun or reached.seq >= total
    return Progress([reached.seq, reached.hash], reached.seq, total, is_finished, tuple(map(str, faults)))


def reindex(cursor: Any) -> Progress:
    """The next records whose columns to search by are worked out again; of which kind, and after which key."""
    models = [model for model in recorded_models() if model._meta.managed and derived.of(model)]
    kind, last, done, total, corrected = cursor or [0, 0, 0, sum(with_parents(model).count() for model in models), 0]
    rows = with_parents(models[kind])
    keys = list(rows.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH])
    for seen, wrong in derived.again(rows.filter(pk__in=keys), derived.own):
        done, corrected = done + seen, corrected + wrong
    kind, last = (kind, keys[-1]) if len(keys) == BATCH else (kind + 1, 0)
    return Progress([kind, last, done, total, corrected], done, total, kind == len(models), (), corrected)


WORKS = (
    Work(
        "reindex",
        gettext_lazy("Work out again what records are found by"),
        gettext_lazy(
            "Folded names and texts, and keys of names. The command “reindex” also makes the indexes over them anew."
        ),
        reindex,
    ),
    Work(
        "history",
        gettext_lazy("Check the chain of the history"),
        gettext_lazy(
            "Whether each entry follows from the one before and is as it was written. The command “verify_history” "
            "also compares every record with it."
        ),
        check_chain,
    ),
)


def guard(request: HttpRequest) -> None:
    """Raise where this is nobody who keeps the installation."""
    if not request.user.has_perm(MAY):
        raise PermissionDenied


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Every long work, with how far this person has brought it."""
    guard(request)
    works = [(work, left(request, work)) for work in WORKS]
    context = {"title": _("Maintenance"), "works": [(work, left, sentence(left)) for work, left in works]}
    return render(request, "admin/maintenance.html", admin.site.each_context(request) | context)


@require_POST
def step(request: HttpRequest, name: str) -> HttpResponse:
    """Do the next batch; from the beginning, where it was finished or is asked for."""
    guard(request)
    work = next((work for work in WORKS if work.name == name), None)
    if work is None:
        raise Http404
    before = left(request, work)
    afresh = before is None or before.is_finished or "again" in request.POST
    now = work.batch(None if afresh or before is None else before.cursor)
    request.session[key(work)] = asdict(now) | {"faults": now.faults[:MOST]}
    if request.headers.get("Accept", "").startswith("application/json"):
        told = {"done": now.done, "total": now.total, "finished": now.is_finished, "faults": now.faults[:MOST]}
        return JsonResponse(told | {"sentence": sentence(now)}, json_dumps_params={"ensure_ascii": False})
    return HttpResponseRedirect(f"{reverse('maintenance')}#{work.name}")


def key(work: Work) -> str:
    """Under what the session remembers how far the work has come."""
    return f"work.{work.name}"


def left(request: HttpRequest, work: Work) -> Progress | None:
    """How far this person has brought the work."""
    kept = request.session.get(key(work))
    return Progress(**kept) if kept else None


def sentence(progress: Progress | None) -> str:
    """How far it is, in words."""
    if progress is None:
        return ""
    if progress.faults:
        return _("Something is wrong:")
    if progress.is_finished and progress.corrected:
        counted = {"number": progress.done, "corrected": progress.corrected}
        return _("Done: %(number)d looked at, %(corrected)d put right.") % counted
    if progress.is_finished:
        return _("Done: %(number)d looked at, and nothing is wrong.") % {"number": progress.done}
    return _("%(done)d of %(total)d") % {"done": progress.done, "total": progress.total}
