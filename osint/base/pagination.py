"""Pages of a list. By REST each page begins where the one before it ended, so that the last costs what the first does.

``Asked`` is what the address says of the page; ``Asked.turned`` makes of the rows that were found the ways on and back.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response

from osint.base.cursors import Place, opened, sealed
from osint.base.keyset import Order, order_of
from osint.base.text import shown

PAGE_SIZE, MOST_ROWS = 100, 500
DEEPEST = 10_000  # rows of a list whose order is worked out anew for each page
# Parameters of the shape of an answer: the rows that it is about are the same without them.
OF_THE_PAGE = frozenset({"cursor", "page_size", "count"})
OF_THE_SHAPE = OF_THE_PAGE | {"format", "fields", "omit", "include"}


@dataclass(frozen=True)
class Ways:
    """The addresses of the pages around one; none where there is no such page."""

    next: str | None
    previous: str | None
    first: str | None

    @property
    def link(self) -> str:
        """As the header `Link` has them (RFC 8288)."""
        told = {"next": self.next, "prev": self.previous, "first": self.first}
        return ", ".join(f'<{address}>; rel="{name}"' for name, address in told.items() if address)


@dataclass(frozen=True)
class Asked:
    """What an address says of the page that is wanted."""

    request: Request
    size: int
    place: Place | None
    counts: bool
    order: Order | None  # none where it is worked out, and a place in it is a number of rows

    @property
    def backwards(self) -> bool:
        """Whether the page lies before its place, so that its rows are looked for in the opposite order."""
        return self.place is not None and self.place.before

    def turned(self, found: Sequence[Any], position: Callable[[Any], tuple[Any, ...]]) -> tuple[list[Any], Ways]:
        """The page in its order, and the ways on and back, from the rows found: one more than it has, if there is one.

        ``position`` tells where a row stands.
        """
        rows, more = list(found[: self.size]), len(found) > self.size
        if self.backwards:
            rows.reverse()
        return rows, self.ways([position(rows[0]), position(rows[-1])] if rows else [], more=more)

    def ways(self, ends: Sequence[tuple[Any, ...]], *, more: bool) -> Ways:
        """The ways on and back from a page whose first and last row stand there."""
        ahead, behind = (self.place is not None, more) if self.backwards else (more, self.place is not None)
        if not ends:  # what was there has gone: back to the row that one came from
            return self.to(*self.back(ahead=ahead and self.backwards, behind=behind and not self.backwards))
        return self.to(Place(ends[-1]) if ahead else None, Place(ends[0], before=True) if behind else None)

    def back(self, *, ahead: bool, behind: bool) -> tuple[Place | None, Place | None]:
        """From an empty page: to the row at its place and what lies on the other side of it."""
        values = self.place.values if self.place else ()
        return (
            Place(values, including=True) if ahead else None,
            Place(values, before=True, including=True) if behind else None,
        )

    def to(self, following: Place | None, previous: Place | None) -> Ways:
        """The ways to these places."""
        first = self.address(None) if self.place else None
        return Ways(self.address(following) if following else None, self.address(previous) if previous else None, first)

    def address(self, place: Place | None) -> str:
        """The address of the page at a place; without one, of the first."""
        sent = [(name, text) for name, text in self.request.query_params.items() if name != "cursor"]
        if place is not None:
            sent.append(("cursor", sealed(place, question(self.request, self.order))))
        address = self.request.build_absolute_uri(self.request.path)
        return f"{address}?{urlencode(sent)}" if sent else str(address)


def asked(request: Request, order: Order | None) -> Asked:
    """What the address says of the page in this order; what it says wrongly is refused."""
    size = number(request, "page_size", PAGE_SIZE, MOST_ROWS)
    return Asked(request, size, place_of(request, order), truth(request, "count"), order)


def place_of(request: Request, order: Order | None) -> Place | None:
    """The place that the cursor names, in the order's own values."""
    text = request.query_params.get("cursor")
    if text is None:
        return None
    place = opened(text, question(request, order))
    values = (place.values if order is None else order.read(place.values)) if place else None
    if place is None or values is None:
        told = _("This cursor belongs to no such question. Take it whole from “next”, or leave it out to start anew.")
        raise ValidationError({"cursor": [told]})
    return Place(values, place.before, place.including)


def question(request: Request, order: Order | None) -> str:
    """What a place is a place in: the list with its filters and its order, in whatever shape it is asked for."""
    return f"{request.path}?{urlencode(filters_of(request))} {order}"


def filters_of(request: Request) -> list[tuple[str, str]]:
    """What the address asks for, in whatever shape, in one order."""
    sent = request.query_params
    return sorted((name, sent[name]) for name in sent if name not in OF_THE_SHAPE)


class Pages(BasePagination):
    """`cursor` and `page_size`, with next, previous and results; with `count=true` the number of all."""

    asked: Asked
    ways: Ways
    count: int | None

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        """The page."""
        order = order_of(queryset)
        self.asked = asked(request, order)
        self.count = queryset.count() if self.asked.counts else None
        # What is dear to find is found by its keys, and only then read.
        source = view.get_queryset() if "q" in request.query_params and view is not None else None
        return self.of_columns(queryset, order, source) if order else self.of_numbers(queryset, source)

    def of_columns(self, queryset: QuerySet[Any], order: Order, source: QuerySet[Any] | None) -> list[Any]:
        """The page of a list that is ordered by columns."""
        paged = order.page(queryset, self.asked.place)
        if source is None:
            rows, self.ways = self.asked.turned(list(paged[: self.asked.size + 1]), order.of)
            return rows
        hits = list(paged.values_list("pk", *order.columns)[: self.asked.size + 1])
        found, self.ways = self.asked.turned(hits, lambda hit: tuple(hit[1:]))
        return read(source, [hit[0] for hit in found])

    def of_numbers(self, queryset: QuerySet[Any], source: QuerySet[Any] | None) -> list[Any]:
        """The page of a list whose order is worked out."""
        start, end = span(self.asked)
        hits = list(enumerate(queryset.values_list("pk", flat=True)[start : end + (not self.asked.backwards)], start))
        more = start > 0 if self.asked.backwards else len(hits) > self.asked.size
        hits = hits[: self.asked.size]
        # Its first row is what the page before ends at, its last what the next one follows.
        self.ways = self.asked.ways([(hits[0][0],), (hits[-1][0] + 1,)] if hits else [], more=more)
        return read(queryset if source is None else source, [key for _number, key in hits])

    def get_paginated_response(self, data: Any) -> Response:
        """The page, with the ways on and back in the body and as a header."""
        told: dict[str, Any] = {} if self.count is None else {"count": self.count}
        told |= {"next": self.ways.next, "previous": self.ways.previous, "results": data}
        return Response(told, headers={"Link": self.ways.link} if self.ways.link else None)

    def get_paginated_response_schema(self, schema: Any) -> dict[str, Any]:
        """How the API's description tells of a page."""
        address = {"type": "string", "format": "uri", "nullable": True}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {
                "count": {"type": "integer", "description": str(COUNT_TOLD)},
                "next": address,
                "previous": address,
                "results": schema,
            },
        }

    def get_schema_operation_parameters(self, _view: Any) -> list[dict[str, Any]]:
        """How the API's description tells of what can be said of the page."""
        told = {
            "cursor": ({"type": "string"}, CURSOR_TOLD),
            "page_size": ({"type": "integer", "minimum": 1, "maximum": MOST_ROWS, "default": PAGE_SIZE}, SIZE_TOLD),
            "count": ({"type": "boolean", "default": False}, COUNT_TOLD),
        }
        return [
            {"name": name, "in": "query", "required": False, "description": str(text), "schema": schema}
            for name, (schema, text) in told.items()
        ]


CURSOR_TOLD = gettext_lazy("Where the page begins, as “next” and “previous” say it; it is good for this question only.")
SIZE_TOLD = gettext_lazy("How many a page, from 1 to 500; 100 where nothing is said.")
COUNT_TOLD = gettext_lazy("Whether all that answer are counted, which may take long.")


def read(source: QuerySet[Any], keys: Sequence[Any]) -> list[Any]:
    """The rows with these keys, in this order; one may have gone since it was found."""
    rows = {row.pk: row for row in source.filter(pk__in=keys)} if keys else {}
    return [rows[key] for key in keys if key in rows]


def span(page: Asked) -> tuple[int, int]:
    """Which rows a page has, by number, where a place is a number of rows."""
    at = int(page.place.values[0]) if page.place else 0
    if at >= DEEPEST:
        told = _("By relevance %(most)d rows can be read. Narrow the question, or take the order of the list.")
        raise ValidationError({"cursor": [told % {"most": DEEPEST}]})
    return (max(0, at - page.size), at) if page.backwards else (at, at + page.size)


def truth(request: Request, name: str) -> bool:
    """A parameter that is true or false; false where it is not there."""
    seen = request.query_params.get(name, "false")
    if seen not in {"true", "false"}:
        told = _("“%(seen)s” won't do: write true or false.") % {"seen": shown(seen)}
        raise ValidationError({name: [told]})
    return seen == "true"


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
