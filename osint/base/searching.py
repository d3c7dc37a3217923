"""Lists of the admin that are searched by our own means, and mark what they found."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib.admin.views.main import ORDER_VAR, SEARCH_VAR
from django.http import HttpRequest
from django.utils.safestring import SafeString

from osint.base.highlights import Sought, excerpt, sought
from osint.base.markup import marked

SHORT = 90  # characters of a text that a column shows


class SearchedList:
    """Mixin: columns that mark what was looked for; ``marks`` has for each the attribute with its text."""

    marks: ClassVar[dict[str, str]] = {}
    model: Any

    def term(self, request: HttpRequest) -> str:
        """What the list is searched for, or nothing."""
        term = request.GET.get(SEARCH_VAR, "").strip()
        return "" if "\x00" in term else term  # Django refuses such a term, and lists everything

    def is_ranked(self, request: HttpRequest) -> bool:
        """Whether the best hits come first: unless somebody has chosen a column to sort by."""
        return not request.GET.get(ORDER_VAR)

    def sought(self, request: HttpRequest, term: str) -> Sought:  # noqa: ARG002 - subclasses ask more
        """What the term looks for."""
        return sought(term, [term])

    def sought_by(self, request: HttpRequest) -> Sought:
        """The same, looked up once for a page."""
        if not hasattr(request, "sought"):
            request.sought = self.sought(request, self.term(request))  # type: ignore[attr-defined]
        return request.sought  # type: ignore[attr-defined, no-any-return]

    def get_list_display(self, request: HttpRequest) -> Any:
        """The columns; those with marks in the place of the plain ones, where something is looked for."""
        columns = super().get_list_display(request)  # type: ignore[misc]
        if not self.term(request):
            return columns
        what = self.sought_by(request)
        return [self.column(name, what) if name in self.marks else name for name in columns]

    def get_list_display_links(self, request: HttpRequest, list_display: Any) -> Any:
        """The columns that lead to the record, marked or not."""
        links = super().get_list_display_links(request, list_display)  # type: ignore[misc]
        return [column for column in list_display if getattr(column, "__name__", column) in links or column in links]

    def column(self, name: str, what: Sought) -> Callable[[Any], SafeString]:
        """The column of this name, with marks."""

        def column(record: Any) -> SafeString:
            return marked(shortened(str(getattr(record, self.marks[name]) or ""), what), what)

        column.__name__ = name
        column.short_description = self.titled(name)  # type: ignore[attr-defined]
        column.admin_order_field = name if self.is_field(name) else None  # type: ignore[attr-defined]
        return column

    def is_field(self, name: str) -> bool:
        """Whether the column is one of the model's, by which one may sort."""
        return name in {field.name for field in self.model._meta.fields}

    def titled(self, name: str) -> Any:
        """How the column is called."""
        own = getattr(self, name, None)
        return self.model._meta.get_field(name).verbose_name if own is None else own.short_description


def shortened(text: str, what: Sought) -> str:
    """A long text around the first hit, or its beginning."""
    if len(text) <= 2 * SHORT:
        return text
    return excerpt(text, what) or f"{text[:SHORT]}…"
