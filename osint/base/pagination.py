"""Pages of a list, each of which answers for its numbers."""

import re
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request

from osint.base.text import shown


class Pages(PageNumberPagination):
    """`page` and `page_size`, with count, next, previous and results."""

    page_size = 100
    max_page_size = 500
    page_query_param = "page"
    page_size_query_param = "page_size"
    page_query_description: Any = gettext_lazy("Which page, from 1.")
    page_size_query_description: Any = gettext_lazy("How many a page, from 1 to 500; 100 where nothing is said.")

    def get_page_size(self, request: Request) -> int:
        """The size asked for; a wrong one is refused."""
        return number(request, "page_size", self.page_size, self.max_page_size)

    def get_page_number(self, request: Request, paginator: Any) -> int:
        """The page asked for; one that is not there is refused."""
        page = number(request, "page", 1, 999_999_999)
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
