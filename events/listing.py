"""Pages of events that go from the database to the wire as they are stored."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.http import HttpResponse

from events import plans
from events.finding import parts_of
from events.shelves import key_at
from events.stored import documents
from osint.base import conditional
from osint.base.cursors import Place
from osint.base.keyset import Order
from osint.base.pagination import Pages, asked, filters_of
from osint.base.wire import dumps

if TYPE_CHECKING:
    from sources.querysets import Reader

PLACE = [plans.COLUMN]


@dataclass(frozen=True)
class Again:
    """A page as it was found, to be read again for the same reader while nothing that she sees has changed."""

    statement: plans.Statement
    place: Place | None
    size: int
    found: tuple[int, ...]  # the places of its events
    head: bytes

    def read(self, reader: "Reader") -> bytes | None:
        """The page; none where other events stand there by now, so that the ways on and back are other ones."""
        rows = self.statement.rows(self.place)[: self.size]
        if self.place is not None and self.place.before:
            rows.reverse()
        if tuple(row[0] for row in rows) != self.found:
            return None
        return bodied(self.head, texts(rows, reader))


class StoredPages(Pages):
    """Pages whose rows are the bytes of each event as this reader sees it."""

    known: plans.Plans
    again: Again | None = None

    def of(self, view: Any) -> list[bytes]:
        """The page that a view is asked for; by what is known of the question, where it was asked before."""
        request = view.request
        self.known = plans.of(view.names, (*conditional.rights(request.user), *filters_of(request)))
        if self.known.order is not None and "count" not in request.query_params:
            self.asked, self.count = asked(request, self.known.order), None
            if statement := self.known.get(self.asked):
                return self.found_by(statement)
        return self.paginate_queryset(view.found(), request)

    def of_columns(self, queryset: QuerySet[Any], order: Order, source: QuerySet[Any] | None) -> list[bytes]:  # noqa: ARG002
        """The page of a list that is ordered by columns."""
        if order.columns != PLACE:
            hits = list(order.page(queryset, self.asked.place).values_list("pk", *order.columns)[: self.asked.size + 1])
            found, self.ways = self.asked.turned(hits, lambda hit: tuple(hit[1:]))
            return documents.read([hit[0] for hit in found], self.reader)
        statement = plans.put(parts_of(queryset), self.asked)
        self.known.keep(self.asked, statement)
        return self.found_by(statement)

    def found_by(self, statement: plans.Statement) -> list[bytes]:
        """The page that a statement finds."""
        found, self.ways = self.asked.turned(statement.rows(self.asked.place), lambda row: row[:1])
        if self.count is None and statement.is_short:
            places = tuple(row[0] for row in found)
            self.again = Again(statement, self.asked.place, self.asked.size, places, self.head())
        return texts(found, self.reader)

    def of_numbers(self, queryset: QuerySet[Any], source: QuerySet[Any] | None) -> list[bytes]:  # noqa: ARG002
        """The page of a list whose order is worked out."""
        return documents.read([event.pk for event in super().of_numbers(queryset.only("pk"), None)], self.reader)

    @property
    def reader(self) -> Any:
        """Who asks."""
        return self.asked.request.user

    def answer(self, page: Sequence[bytes]) -> HttpResponse:
        """The page as it goes out."""
        headers = {"Link": self.ways.link} if self.ways.link else None
        return HttpResponse(bodied(self.head(), page), content_type="application/json", headers=headers)

    def head(self) -> bytes:
        """What comes before the events."""
        told: dict[str, Any] = {} if self.count is None else {"count": self.count}
        return dumps(told | {"next": self.ways.next, "previous": self.ways.previous})[:-1] + b',"results":['


def texts(rows: Iterable[tuple[Any, ...]], reader: "Reader") -> list[bytes]:
    """What a statement finds, as this reader sees it."""
    stored = {key_at(newest): (brief or "", links or "") for newest, brief, links in rows}
    return documents.finished(stored, list(stored), reader)


def bodied(head: bytes, page: Iterable[bytes]) -> bytes:
    """A page in full."""
    return b"".join([head, b",".join(page), b"]}"])
