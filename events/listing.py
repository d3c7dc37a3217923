"""Pages of events that go from the database to the wire as they are stored."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from django.http import HttpResponse

from events.finding import parts_of
from events.shelves import BITS, key_at
from events.stored import documents
from osint.base.keyset import Order
from osint.base.pagination import Pages
from osint.base.wire import dumps

PLACE = ["newest"]
# The key stands within the place, so that no other table is asked for it; only of what leads elsewhere, whereto.
WITH_TEXTS = (
    "SELECT found.newest, document.brief, document.has_links, whole.uuid, whole.shelf, into_it.uuid, into_it.shelf "  # noqa: S608 - ours
    "FROM ({found}) found LEFT JOIN events_document document "
    f"ON document.event_id = (found.newest & {(1 << BITS) - 1}) "
    "LEFT JOIN events_event linked ON document.has_links AND linked.id = document.event_id "
    "LEFT JOIN events_event whole ON whole.id = linked.part_of_id "
    "LEFT JOIN events_event into_it ON into_it.id = linked.merged_into_id "
    "ORDER BY found.newest {direction} LIMIT {most}"
)


class StoredPages(Pages):
    """Pages whose rows are the bytes of each event as this reader sees it."""

    def of_columns(self, queryset: QuerySet[Any], order: Order, source: QuerySet[Any] | None) -> list[bytes]:  # noqa: ARG002
        """The page of a list that is ordered by columns."""
        most = self.asked.size + 1
        if order.columns != PLACE:
            hits = list(order.page(queryset, self.asked.place).values_list("pk", *order.columns)[:most])
            found, self.ways = self.asked.turned(hits, lambda hit: tuple(hit[1:]))
            return documents.read([hit[0] for hit in found], self.reader)
        parts = [order.page(part, self.asked.place) for part in parts_of(queryset)]
        rows = with_texts(parts, most, descending=order.terms[0].descending ^ self.asked.backwards)
        found, self.ways = self.asked.turned(rows, lambda row: tuple(row[:1]))
        stored = {key_at(newest): (brief or "", bool(links)) for newest, brief, links, *_targets in found}
        targets = {key_at(newest): targets for newest, _brief, links, *targets in found if links}
        return documents.finished(stored, list(stored), self.reader, documents.leading(targets, self.reader))

    def of_numbers(self, queryset: QuerySet[Any], source: QuerySet[Any] | None) -> list[bytes]:  # noqa: ARG002
        """The page of a list whose order is worked out."""
        return documents.read([event.pk for event in super().of_numbers(queryset.only("pk"), None)], self.reader)

    @property
    def reader(self) -> Any:
        """Who asks."""
        return self.asked.request.user

    def answer(self, page: Sequence[bytes]) -> HttpResponse:
        """The page as it goes out."""
        told: dict[str, Any] = {} if self.count is None else {"count": self.count}
        head = dumps(told | {"next": self.ways.next, "previous": self.ways.previous})
        body = b"".join([head[:-1], b',"results":[', b",".join(page), b"]}"])
        headers = {"Link": self.ways.link} if self.ways.link else None
        return HttpResponse(body, content_type="application/json", headers=headers)


def stated(rows: QuerySet[Any, Any]) -> tuple[str, Any] | None:
    """A question as SQL; none where it is known that nothing answers."""
    try:
        return rows.query.sql_with_params()
    except EmptyResultSet:
        return None


def with_texts(parts: Sequence[QuerySet[Any]], most: int, *, descending: bool) -> list[tuple[Any, ...]]:
    """The first places among these rows, each with the document of the event that stands there."""
    asked = [statement for part in parts if (statement := stated(part.values_list(*PLACE)[:most]))]
    if not asked:
        return []
    # A name for each: SQLite takes no other way to cut off what is united.
    found = " UNION ALL ".join(f"SELECT newest FROM ({sql}) part{place}" for place, (sql, _values) in enumerate(asked))  # noqa: S608
    sql = WITH_TEXTS.format(found=found, direction="DESC" if descending else "ASC", most=most)
    with connection.cursor() as cursor:
        cursor.execute(sql, [value for _sql, values in asked for value in values])
        return list(cursor.fetchall())
