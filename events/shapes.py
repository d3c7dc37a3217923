"""Events in every form, whole: from what is stored beside them to the wire, some hundreds at a time."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch, QuerySet

from events import provenance
from events.models import Event
from events.serializers import EventEvidence
from events.shelves import key_at
from events.stored import documents
from events.stored.rows import COLUMNS, LINKS, texts
from events.stored.spots import spots
from osint.base.chunks import chunks
from osint.base.cursors import Place
from osint.base.keyset import Order
from osint.base.shapes import csv, geojson, streaming
from osint.base.shapes.choosing import Chosen
from osint.base.visibility import SEEN, seen_by
from osint.base.wire import dumps

if TYPE_CHECKING:
    from sources.querysets import Reader

Keys = list[int]
Finished = Callable[[list[bytes]], list[bytes]]  # makes of events as they are stored what is asked for of them
FEW = 100  # events whose evidence is put together at once
READ = 10_000  # keys that are found at once
BY_PLACE = ["newest"]
DOCUMENT = ("document__row", "document__links")
UUID = slice(9, 45)  # where a stored event says who it is: it begins with {"uuid":"…"


def keys_of(parts: Sequence[QuerySet[Any]], order: Order, place: Place | None, most: int) -> Iterator[Keys]:
    """The keys of the events, set after set, in their order from a place on, some at a time."""
    size, further = streaming.FIRST, streaming.FURTHER
    for part in parts:
        at = place
        while most and (found := keys_from(part, order, at, min(READ, most))):
            keys = [key for key, *_where in found]
            for start in (0, *range(size, len(keys), further)):
                yield keys[start : start + (further if start else size)]
            most, at, size = most - len(keys), Place(tuple(found[-1][1:])), further


def keys_from(events: QuerySet[Any], order: Order, place: Place | None, most: int) -> list[tuple[Any, ...]]:
    """The next events, each with its key and where it stands."""
    rows = order.page(events, place)
    if order.columns != BY_PLACE:
        return list(rows.values_list("pk", *order.columns)[:most])
    # The key stands within the place in the order, which an index alone tells.
    return [(key_at(newest), newest) for (newest,) in rows.values_list(*BY_PLACE)[:most]]


def lines(chunks: Iterator[Keys], reader: "Reader", finished: Finished) -> Iterator[bytes]:
    """JSON Lines: each event as lists show it."""
    for keys in chunks:
        yield b"".join([text + b"\n" for text in finished(documents.read(keys, reader))])


def features(chunks: Iterator[Keys], reader: "Reader", finished: Finished) -> Iterator[bytes]:
    """GeoJSON: each event at the points of its places."""
    return geojson.collection(feature for keys in chunks for feature in some_features(keys, reader, finished))


def some_features(keys: Keys, reader: "Reader", finished: Finished) -> Iterator[bytes]:
    """The features of these events."""
    points = spots(keys, "event__uuid")
    held = documents.read(keys, reader)
    for text, properties in zip(held, finished(held), strict=True):
        identity = identity_in(text)
        yield geojson.feature(identity, points[identity], properties)


def identity_in(text: bytes) -> str:
    """The UUID of a stored event."""
    return text[UUID].decode()


def with_evidence(held: list[bytes], context: Mapping[str, Any]) -> list[bytes]:
    """The same events, each with what it rests on, as the reader of this context may see it."""
    return [text for some in chunks(held, FEW) for text in some_with_evidence(some, context)]


def some_with_evidence(held: list[bytes], context: Mapping[str, Any]) -> list[bytes]:
    """The same for a few, in as many queries as for one."""
    reader = context["request"].user
    parts = Prefetch("parts", queryset=Event.objects.visible_to(reader))
    events = Event.objects.visible_to(reader).filter(uuid__in=[identity_in(text) for text in held])
    found = list(events.with_evidence(reader).with_withheld(reader).prefetch_related(parts))
    shown = EventEvidence(found, many=True, context={**context, "origins": provenance.origins_of(found, reader)}).data
    more = {str(event.uuid): dumps(dict(told)) for event, told in zip(found, shown, strict=True)}
    nothing = dumps({name: [] for name in EventEvidence.Meta.fields})
    return [text[:-1] + b"," + more.get(identity_in(text), nothing)[1:] for text in held]


def table(chunks: Iterator[Keys], reader: "Reader", chosen: Chosen) -> Iterator[bytes]:
    """CSV: a row an event."""
    yield csv.head(chosen.names).encode()
    places = [COLUMNS.index(name) for name in chosen.names]
    for keys in chunks:
        rows = table_rows(keys, reader)
        if not chosen.every:
            rows = [csv.picked(row, places) for row in rows]
        yield "".join([row + csv.END for row in rows]).encode()


def table_rows(keys: Keys, reader: "Reader") -> list[str]:
    """The rows of these events, with what this reader sees of their links; none that she may not see any more."""
    # Keys are found long before the last of them are read. In one question: no row is newer than its mark.
    seen = Event.objects.visible_to(reader).filter(pk__in=keys).order_by()
    stored = {key: (row or "", links) for key, row, links in seen.values_list("pk", *DOCUMENT)}
    stale = [key for key, (row, _links) in stored.items() if not row]
    rows = {key: row for key, (row, _links) in stored.items() if row} | (fresh_rows(stale, seen) if stale else {})
    linked = [*stale, *(key for key, (row, links) in stored.items() if row and links)]
    ends = links(linked, reader) if linked else {}
    none = "," * len(LINKS)
    return [rows[key] + ends.get(key, none) for key in keys if key in rows]


def fresh_rows(keys: Keys, seen: QuerySet[Event]) -> dict[int, str]:
    """The rows of these events put together on the spot; of those that are seen still when it is done."""
    rows = texts(keys)
    return {key: rows[key] for key in seen.filter(pk__in=keys).values_list("pk", flat=True) if key in rows}


def links(keys: Keys, reader: "Reader") -> dict[int, str]:
    """The last cells of these events: what they are part of or were merged into, where the reader sees it."""
    events = Event.objects.filter(pk__in=keys).order_by().annotate(**seen_by(reader, Event, *LINKS))
    told = events.values_list("pk", *(f"{name}{SEEN}" for name in LINKS))
    return {key: "".join("," + (str(uuid) if uuid else "") for uuid in seen) for key, *seen in told}
