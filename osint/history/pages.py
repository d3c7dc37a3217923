"""The admin's page on the history of a record: what was changed, by whom, why, and a button to undo it."""

from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Page, Paginator
from django.db import IntegrityError
from django.db.models import Max
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from osint.base.errors import broken_rule
from osint.history import reading
from osint.history.models import EntryQuerySet
from osint.history.reading import Read
from osint.history.revert import revert

PER_PAGE = 25  # changes


class HistoryPage:
    """Mixin of an admin page: the history of the record and of everything that belongs to it."""

    model: Any
    opts: Any
    admin_site: Any
    get_queryset: Any
    has_view_permission: Any
    has_change_permission: Any
    _get_obj_does_not_exist_redirect: Any

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """The page; sent back with the number of an entry, it undoes the change of that entry."""
        found = self.found(request, unquote(object_id))
        if found is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[no-any-return]
        if not (self.has_view_permission(request, found) and request.user.has_perm("history.view_entry")):
            raise PermissionDenied
        entries = reading.about(found, request.user)
        if request.method == "POST":
            return self.revert(request, entries, found)
        page = Paginator(changes(entries), PER_PAGE).get_page(request.GET.get("page"))
        context = {
            **self.admin_site.each_context(request),
            "title": _("History: %(record)s") % {"record": found},
            "opts": self.opts,
            "object": found,
            "page": page,
            "changes": [(change, self.then(found, change)) for change in read(entries, page, request.user)],
            "may_revert": self.has_change_permission(request, found),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/record_history.html", context)

    def found(self, request: HttpRequest, key: str) -> Any:
        """The record, if this person may see it."""
        number = key_in(key)
        return self.get_queryset(request).filter(pk=number).first() if number else None

    def then(self, record: Any, change: Read) -> str:  # noqa: ARG002 - what a subclass needs
        """The address at which the record is shown as it was after the change, where there is one."""
        return ""

    def revert(self, request: HttpRequest, entries: EntryQuerySet, record: Any) -> HttpResponse:
        """Undo the change of the entry that was chosen, and say what came of it."""
        number = key_in(request.POST.get("seq", ""))
        entry = entries.filter(pk=number).first() if number else None
        if entry is None:
            raise PermissionDenied
        try:
            undone = revert(entry, request.user, request.POST.get("reason", ""))
        except ValidationError as error:
            return back(request, error.messages, messages.ERROR)
        except IntegrityError as error:
            return back(request, [broken_rule(error)], messages.ERROR)
        messages.success(request, _("The change is reverted."))
        listed = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        is_there = self.found(request, str(record.pk)) is not None
        return back(request, undone.kept, messages.WARNING, "" if is_there else listed)


def key_in(text: str) -> int | None:
    """The key that was sent, or nothing where it cannot be one."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def changes(entries: EntryQuerySet) -> Any:
    """The changes that entries belong to, each with its last entry, the newest first."""
    return entries.order_by().values("change").annotate(last=Max("seq")).order_by("-last")


def read(entries: EntryQuerySet, page: Page[Any], reader: Any) -> list[Read]:
    """The changes of one page, in words; within a change in the order in which it was done."""
    wanted = [row["change"] for row in page.object_list]
    found = reading.read(entries.filter(change__in=wanted).order_by("seq"), reader)
    return sorted(found, key=lambda change: -change.seq)


def back(request: HttpRequest, sentences: list[str], level: int, address: str = "") -> HttpResponse:
    """Back to the page, with these sentences on top."""
    for sentence in sentences:
        messages.add_message(request, level, sentence)
    return HttpResponseRedirect(address or request.get_full_path())
