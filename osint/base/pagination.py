"""Pages of a list, each of which answers for its numbers."""

import re
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet, Window
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request

from osint.base.text import shown

MOST_PAGES = 999_999_999


class FoundAtOnce(Paginator[Any]):
    """Pages of a list that is dear to find: a page's keys and the number of all are one question, its rows another.

    ``rows`` are those among which was searched.
    """

    def __init__(self, found: QuerySet[Any], per_page: int, rows: QuerySet[Any]) -> None:
        super().__init__(found, per_page)
        self.found, self.rows = found, rows
        self.keys: dict[int, list[Any]] = {}

    def look(self, number: int) -> None:
        """Find the keys of a page, and count all unless it is empty."""
        start = (number - 1) * self.per_page
        found = self.found.values_list("pk", Window(Count("pk")))
        hits = list(found[start : start + self.per_page])
        self.keys[number] = [key for key, _number in hits]
        if hits:
            self.count = hits[0][1]

    def page(self, number: int | str) -> Page[Any]:
        """The page with its rows, in the order in which they were found."""
        number = self.validate_number(number)
        if number not in self.keys:
            self.look(number)
        rows = {row.pk: row for row in self.rows.filter(pk__in=self.keys[number])}
        # A row may go between the two questions.
        return Page([rows[key] for key in self.keys[number] if key in rows], number, self)


class Pages(PageNumberPagination):
    """`page` and `page_size`, with count, next, previous and results."""

    page_size = 100
    max_page_size = 500
    page_query_param = "page"
    page_size_query_param = "page_size"
    page_query_description: Any = gettext_lazy("Which page, from 1.")
    page_size_query_description: Any = gettext_lazy("How many a page, from 1 to 500; 100 where nothing is said.")

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any] | None:
        """The page; where words were looked for, they are looked for once."""
        if "q" not in request.query_params or view is None:
            return super().paginate_queryset(queryset, request, view)
        self.request = request
        found = FoundAtOnce(queryset, self.get_page_size(request), view.get_queryset())
        found.look(number(request, "page", 1, MOST_PAGES))
        self.page = found.page(self.get_page_number(request, found))
        return list(self.page)

    def get_page_size(self, request: Request) -> int:
        """The size asked for; a wrong one is refused."""
        return number(request, "page_size", self.page_size, self.max_page_size)

    def get_page_number(self, request: Request, paginator: Any) -> int:
        """The page asked for; one that is not there is refused."""
        page = number(request, "page", 1, MOST_PAGES)
        if page > paginator.num_pages:
            raise ValidationError(
                {
                    "page": [
                        _("There is no page %(page)d: the last one is %(last)d. Follow “next” from page 1.")
                        % {"page": page, "last": paginator.num_pages}
                    ]
                }
            )
        return page


def number(request: Request, name: str, default: int, most: int) -> int:
    """A parameter that is a whole number from 1 on."""
    seen = request.query_params.get(name)
    if seen is None:
        return default
    if not re.fullmatch(r"[1-9][0-9]{0,8}", seen) or int(seen) > most:
        raise ValidationError(
            {
                name: [
                    _("“%(seen)s” won't do: write a whole number from 1 to %(most)d.")
                    % {"seen": shown(seen), "most": most}
                ]
            }
        )
    return int(seen)
