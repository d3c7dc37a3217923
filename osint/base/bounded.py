"""Lists of the admin that cost the same however long their tables are.

Invariant: of a list, at most the first rows (``found.MOST``) are counted, sorted and led through page by page, and of a
search at most the first hits (``found.NEAREST``) are put in another order than the list's own. Where there are more,
the page says so.
"""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import quote
from django.contrib.admin.views.main import ORDER_VAR, ChangeList
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from osint.base.found import CountedSoFar, by_index, counted, first, knowing, number_of

FURTHER = _("Pages go no further. Narrow the list by filters or words to see the others.")
SORTED = _("Only the newest %(number)s are sorted here. Narrow the list by filters or words to sort the others.")
FOUND = _("Only the newest %(number)s that were found are here. Add a word or a filter to see others.")
TOO_MANY = _("These are more than %(number)s. Choose them page by page, or narrow the list by filters or words.")

CHOOSE = "Select this object for an action - {}"  # in Django's catalogue


def told(sentence: Any, number: int) -> str:
    """The sentence with its number."""
    return str(sentence) % {"number": number_format(number, force_grouping=True)}


class BoundedList(ChangeList):
    """What is listed: the rows of a page, how many there are, and what is to be said of those beyond."""

    model_admin: "BoundedAdmin"
    is_cut: bool
    number: str  # of the rows that are led through
    note: str = ""
    kept: str = ""

    def get_ordering_field(self, field_name: Any) -> Any:
        """What a column is sorted by."""
        return self.model_admin.orders.get(field_name) or super().get_ordering_field(field_name)

    def url_for_result(self, result: Any) -> str:
        """The form of the row, from which one comes back to the list as it is."""
        before, after = self.around_key
        return f"{before}{quote(getattr(result, self.pk_attname))}{after}"

    @cached_property
    def around_key(self) -> tuple[str, str]:
        """What stands before and after a key in the address of a form, which Django puts together for each row anew."""
        name = f"{self.model_admin.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}_change"
        before, _key, after = reverse(name, args=["KEY"]).rpartition("KEY")
        return before, f"{after}?{self.kept}" if self.kept else after

    def get_results(self, request: HttpRequest) -> None:
        """As Django's, of the rows that are led through."""
        # Where Django adds what is kept, it resolves each address anew.
        self.kept, self.preserved_filters = self.preserved_filters, ""
        if not hasattr(self.queryset, "counted"):
            self.queryset = self.within_reach(request, self.queryset)
        elif self.queryset.counted[1]:
            self.note = told(FOUND, self.queryset.counted[0])
        super().get_results(request)
        self.is_cut, self.number = self.paginator.is_cut, number_format(self.result_count, force_grouping=True)
        if self.is_cut and not self.note and self.page_num == self.paginator.num_pages:
            self.note = str(FURTHER)

    def within_reach(self, request: HttpRequest, rows: Any) -> Any:
        """The rows, counted; where they are too many to be sorted, those that are first in the list's own order."""
        number, is_cut = counted(rows)
        order = rows.query.order_by
        if is_cut and not by_index(self.model, order):
            keys = rows.order_by(*self.model_admin.own_order(request)).values("pk")[:number]
            among = self.apply_select_related(self.root_queryset).order_by(*order)
            rows = among.filter(pk__in=keys)
            # The keys are of what may be seen: of each row that is only sorted, that is not asked again.
            rows.in_order = among, self.model._default_manager.filter(pk__in=keys).order_by(*order)
            self.note = told(SORTED, number)
        return knowing(rows, number, is_cut=is_cut)


class BoundedAdmin(admin.ModelAdmin[Any]):
    """An admin page whose list is bounded."""

    paginator = CountedSoFar
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER  # which count the whole list once for every choice
    orders: ClassVar[Mapping[Any, str]] = {}  # columns that are sorted by another than themselves

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:  # noqa: ARG002 - as Django asks
        """A bounded one."""
        return BoundedList

    def action_checkbox(self, obj: Any) -> SafeString:
        """As Django's, whose form field costs more than the rest of the row."""
        return format_html(
            '<input type="checkbox" name="{}" value="{}" class="action-select" aria-label="{}">',
            ACTION_CHECKBOX_NAME,
            obj.pk,
            gettext(CHOOSE).format(obj),
        )

    def own_order(self, request: HttpRequest) -> list[Any]:
        """The order of the list where none is chosen; by key where no index has that one."""
        own = list(self.get_ordering(request) or self.model._meta.ordering)
        return own if by_index(self.model, own) else ["-pk"]

    def nearest(self, request: HttpRequest, rows: Any, found: Any, rank: Callable[[Any], Any] | None = None) -> Any:
        """Of the rows that were found the first, in the order in which they come near or in the one that was chosen."""
        keys, is_cut = first(found, self.own_order(request))
        hits = rows.filter(pk__in=keys)
        ranked = hits if rank is None or request.GET.get(ORDER_VAR) else rank(hits)
        return knowing(ranked, len(keys), is_cut=is_cut)

    def response_action(self, request: HttpRequest, queryset: Any, *args: Any, **more: Any) -> HttpResponse | None:
        """As Django's; but nothing is done with more rows than are led through."""
        if request.POST.get("select_across", "0") not in {"", "0"}:
            number, is_cut = number_of(queryset)
            if is_cut:
                self.message_user(request, told(TOO_MANY, number), messages.ERROR)
                return HttpResponseRedirect(request.get_full_path())
        return super().response_action(request, queryset, *args, **more)
