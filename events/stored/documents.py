"""Events as text, ready to be sent: kept while they hold, put together where they do not.

A document is emptied within the change that it no longer fits, and written when the change is done, if nothing came in
between (``stamp``). Nobody has to wait for it: what is read is the text, or what is put together on the spot.
"""

from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

import orjson
from django.contrib.auth.models import AnonymousUser
from django.db import connection, transaction
from django.db.models import F

from events.choices import Status
from events.models import Document, Event
from events.querysets import OUT, sees_drafts
from events.shelves import STATUSES, shelves
from events.stored import briefs, rows
from events.stored.briefs import PERSONAL
from osint.base.chunks import chunks
from osint.base.impatience import at_once
from osint.base.wire import dumps
from sources import marks
from sources.choices import Tlp

if TYPE_CHECKING:
    from sources.querysets import Reader

CHUNK = 500
LINK = ("part_of__uuid", "part_of__shelf", "merged_into__uuid", "merged_into__shelf")
NOBODY: dict[str, Any] = {"uuid": UUID(int=0), "reference": "?"}
NO_LINKS = ',"part_of":null,"merged_into":null'


# Keeping them


def empty(keys: Iterable[int]) -> None:
    """Let go of the documents of these events, which have changed."""
    for some in chunks(keys, CHUNK):
        Document.objects.filter(pk__in=some).update(brief="", row="", full="", links="", stamp=F("stamp") + 1)


def begin(keys: Iterable[int]) -> None:
    """Give new events a document, empty as yet."""
    Document.objects.bulk_create([Document(event_id=key) for key in keys], ignore_conflicts=True)


def begin_all() -> None:
    """Give every event that has none a document."""
    columns = 'stamp, newest, links, brief, row, "full"'
    events = "SELECT e.id, 0, e.newest, '', '', '', '' FROM events_event e WHERE TRUE"
    with connection.cursor() as cursor:
        # Not NOT EXISTS: where statistics still tell of an empty table, PostgreSQL would read it anew for each event.
        cursor.execute(f"INSERT INTO events_document (event_id, {columns}) {events} ON CONFLICT DO NOTHING")


def missing() -> set[int]:
    """Keys of events that have no document."""
    return set(Event.objects.filter(document=None).order_by().values_list("pk", flat=True))


def wrong(keys: list[int]) -> list[int]:
    """Keys of the documents that hold something else than their events."""
    kept = Document.objects.filter(pk__in=keys).exclude(brief="").values_list("pk", "brief", "row", "links")
    right = written_out(keys)
    return [key for key, *held in kept if tuple(held) != right.get(key)]


def forget_public(keys: list[int]) -> None:
    """Let go of these events as everybody sees them, which are put together again when somebody asks."""
    Document.objects.filter(pk__in=keys).exclude(full="").update(full="", stamp=F("stamp") + 1)


def fill(keys: Iterable[int]) -> int:
    """Write the documents of these events that are empty; how many there were."""
    filled = 0
    for some in chunks(keys, CHUNK):
        stamps = dict(Document.objects.filter(pk__in=some, brief="").values_list("pk", "stamp"))
        written = [(key, *held) for key, held in written_out(stamps).items()]
        keep([(brief, row, links, key, stamps[key]) for key, brief, row, links in written])
        filled += len(written)
    return filled


def keep(documents: list[tuple[str, str, str, int, int]]) -> None:
    """Store what was put together, unless the event has changed in the meantime, or somebody is changing it.

    Who has the row locked writes it when that is done: two who wait, each with rows locked, may wait for each other.
    """
    table, may_skip = Document._meta.db_table, connection.features.has_select_for_update_skip_locked
    free = "FOR NO KEY UPDATE SKIP LOCKED" if may_skip else ""
    own = f"SELECT event_id FROM {table} WHERE event_id = %s AND stamp = %s {free}"  # noqa: S608 - ours
    sql = f"UPDATE {table} SET brief = %s, row = %s, links = %s WHERE event_id = ({own})"  # noqa: S608 - ours
    if documents:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(sql, documents)


def written_out(keys: Iterable[int]) -> dict[int, tuple[str, str, str]]:
    """For each event what its document holds: its JSON, its row of a table, and where it leads."""
    wanted = list(keys)
    held = briefs.put_together(wanted)
    table = rows.of(held, wanted)
    leading = Event.objects.filter(pk__in=wanted).exclude(part_of=None, merged_into=None).order_by()
    links = {key: dumps(link).decode() for key, *link in leading.values_list("pk", *LINK)}
    return {key: (briefs.text(event), table[key], links.get(key, "")) for key, event in held.items()}


# Reading them


def read(keys: list[int], reader: "Reader") -> list[bytes]:
    """Each of these events as lists show it to this reader, in the order of the keys; none that she may not see."""
    # In one question: a text is never newer than the mark by which it was let through.
    seen = Event.objects.visible_to(reader).filter(pk__in=keys).order_by()
    stored = seen.values_list("pk", "document__brief", "document__links")
    return finished({key: (brief or "", links or "") for key, brief, links in stored}, keys, reader)


def finished(stored: dict[int, tuple[str, str]], keys: list[int], reader: "Reader") -> list[bytes]:
    """The stored texts with what depends on the reader; those that are blank are put together."""
    stale = [key for key, (brief, _links) in stored.items() if not brief]
    texts = {key: brief for key, (brief, _links) in stored.items() if brief} | (fresh(stale, reader) if stale else {})
    if sees_drafts(reader):
        ends = endings(keys, reader)
        return [f"{texts[key]}{ends[key]}}}".encode() for key in keys if key in texts and key in ends]
    linked = {key: links for key, (brief, links) in stored.items() if brief and links}
    ends = leading(linked, reader) if linked else {}
    if unknown := [*stale, *(key for key in linked if key not in ends)]:
        ends |= endings(unknown, reader)
    return [f"{texts[key]}{ends.get(key, NO_LINKS)}}}".encode() for key in keys if key in texts]


def fresh(keys: list[int], reader: "Reader") -> dict[int, str]:
    """These events put together on the spot; without those that the reader may not see any more."""
    texts = briefs.texts(keys)
    # Looked at afterwards, so that what was hidden in the meantime is not shown as it has become since.
    seen = Event.objects.visible_to(reader).filter(pk__in=keys).order_by().values_list("pk", flat=True)
    return {key: texts[key] for key in seen if key in texts}


def leading(linked: dict[int, str], reader: "Reader") -> dict[int, str]:
    """Where events lead by what is stored of that, as far as this is enough to tell what the reader sees of it.

    Whether somebody sees what was itself merged, or what is marked RED, takes more to say.
    """
    seen = set(shelves(OUT, marks.seen_by(reader)))
    simple = {None, *shelves({*STATUSES} - {Status.MERGED}, {*marks.ORDER} - {Tlp.RED})}
    return {
        key: ending([whole if on in seen else None, into if at in seen else None])
        for key, (whole, on, into, at) in ((key, orjson.loads(links)) for key, links in linked.items())
        if on in simple and at in simple
    }


def ending(values: Iterable[Any]) -> str:
    """The end of an event's JSON, which depends on the reader."""
    return "," + dumps(dict(zip(PERSONAL, values, strict=False)))[1:-1].decode()


def endings(keys: list[int], reader: "Reader") -> dict[int, str]:
    """What depends on the reader, event by event: where it leads, and for those who work here who works on it."""
    works = reader.has_perm("events.change_event")  # type: ignore[union-attr]
    columns = ["assignee__username", "is_sent_back"] if works else []
    rows = Event.objects.filter(pk__in=keys).order_by().values_list("pk", "part_of", "merged_into", *columns)
    led = [row for row in rows if row[1] or row[2]]
    seen = identities({key for row in led for key in row[1:3] if key}, reader) if led else {}
    return {key: ending([seen.get(whole), seen.get(into), *more]) for key, whole, into, *more in rows}


def identities(keys: Iterable[int], reader: "Reader") -> dict[int, Any]:
    """The UUIDs of those events that the reader may see."""
    return dict(Event.objects.visible_to(reader).filter(pk__in=list(keys)).order_by().values_list("pk", "uuid"))


# As everybody sees it


class Public(NamedTuple):
    """What is kept of an event that everybody may see; its JSON in full is blank where none is kept."""

    version: int
    stamp: int
    full: str


def public(column: str, identity: Any) -> Public | None:
    """What is kept of the event that has this in an identifying column, where everybody may see it."""
    sql, values, place = by_identity(column)
    with connection.cursor() as cursor:
        cursor.execute(sql, (*values[:place], prepared(column, identity), *values[place + 1 :]))
        found = cursor.fetchone()
    return Public(*found) if found else None


@cache
def by_identity(column: str) -> tuple[str, tuple[Any, ...], int]:
    """The same question as SQL, put together once, with its values and where among them the identity stands."""
    of_nobody = {column: NOBODY[column], "document__isnull": False}
    events = Event.objects.visible_to(AnonymousUser(), OUT).filter(**of_nobody).order_by()
    sql, values = events.values_list("version", "document__stamp", "document__full").query.sql_with_params()
    return sql, values, values.index(prepared(column, NOBODY[column]))


def prepared(column: str, identity: Any) -> Any:
    """A value of a column as the engine takes it."""
    return Event._meta.get_field(column).get_db_prep_value(identity, connection)  # type: ignore[union-attr]


def keep_public(key: int, stamp: int, full: bytes) -> None:
    """Store the JSON of an event as everybody sees it, unless it has changed since, or somebody is writing."""
    with at_once(connection):
        Document.objects.filter(pk=key, stamp=stamp).update(full=full.decode())
