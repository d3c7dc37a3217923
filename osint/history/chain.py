"""How one entry follows another: canonical JSON (RFC 8785), SHA-256, a salted commitment for each value.

The body of an entry holds no value, only commitments: SHA-256 over salt, field and value. So a value can be redacted
(its salt and text blanked) and the chain still holds. The seal is an HMAC of the hash under a key that the database
does not hold: who can only write to the database cannot forge an entry.
"""

import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from hashlib import sha256
from json.encoder import encode_basestring
from typing import Any, NamedTuple
from uuid import UUID

import rfc8785
from django.conf import settings
from django.db import connection, models

from osint.history.models import Entry, Value

BEGINNING = "0" * 64
WHY = "@why"  # the reason, kept like a value: it too may have to be redacted
REDACTED = "@redacted"  # which value of which entry was redacted
CONSTANTS = {None: "null", True: "true", False: "false"}
EXACT = 2**53 - 1  # the largest whole number that JSON carries everywhere (RFC 8785, I-JSON)
MANY = 200  # rows
LOCK = 0x15AD  # PostgreSQL: whoever appends holds this advisory lock until the transaction ends


@dataclass(frozen=True)
class Happening:
    """What is to be written down: a record, what was done to it, and each value from what to what."""

    model: str
    key: int
    root: tuple[str, int]
    action: str
    values: dict[str, tuple[Any, Any]]


class Row(NamedTuple):
    """A value as it is stored, column by column: where there are many, a model instance of each would cost most."""

    entry_id: int
    field: str
    salt: str
    text: str


@dataclass(frozen=True)
class Circumstances:
    """Who did it, when, why, by which door and request; the same for all that was done at once."""

    at: datetime
    by: int | None
    username: str | None
    why: str
    door: str
    request: str
    change: UUID


def encoded(value: Any) -> Any:
    """A column's value as JSON holds it."""
    match value:
        case None | bool() | str() | float():
            return value
        case int():
            return value if abs(value) <= EXACT else str(value)
        case datetime():
            return stamp(value)
        case date():
            return value.isoformat()
        case dict():
            return {str(key): encoded(part) for key, part in value.items()}
        case list() | tuple():
            return [encoded(part) for part in value]
    return str(value)


def stamp(moment: datetime) -> str:
    """A moment in UTC (RFC 3339), to the microsecond."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ").rjust(27, "0")


def canonical(value: Any) -> str:
    """Canonical JSON (RFC 8785): what is simple by ourselves, ten times as fast, everything else by the library."""
    match value:
        case str():
            return encode_basestring(value)
        case None | bool():
            return CONSTANTS[value]
        case int() if abs(value) <= EXACT:
            return str(value)
        case list() | tuple():
            return f"[{','.join(map(canonical, value))}]"
        case dict() if all(isinstance(name, str) and name.isascii() for name in value):
            parts = (f"{encode_basestring(name)}:{canonical(value[name])}" for name in sorted(value))
            return f"{{{','.join(parts)}}}"
    return rfc8785.dumps(value).decode()


def commitment(salt: str, field: str, text: str) -> str:
    """What the body says of a value."""
    return sha256(f"{salt}\n{field}\n{text}".encode()).hexdigest()


@lru_cache
def sealing_key(seed: str) -> bytes:
    """The key of the seals, derived from the installation's own."""
    return sha256(b"isnad history seal\n" + seed.encode()).digest()


def seal_of(digest: str) -> str:
    """The seal of an entry with this hash."""
    return hmac.new(sealing_key(settings.HISTORY_KEY), digest.encode(), sha256).hexdigest()


def head() -> tuple[int, str]:
    """Number and hash of the last entry."""
    return Entry.objects.order_by("-seq").values_list("seq", "hash").first() or (0, BEGINNING)


def queue_up() -> None:
    """Wait until nobody else appends; on SQLite the transaction has begun by taking the one lock that there is."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def append(happenings: Iterable[Happening], circumstances: Circumstances) -> None:
    """Write down what happened, at the end of the chain; within the transaction of the change itself."""
    queue_up()
    seq, prev = head()
    every = list(happenings)
    made: Any = Value if len(every) < MANY else Row
    entries: list[Entry] = []
    values: list[Any] = []
    for happening in every:
        seq += 1
        entry, of_entry = written(seq, prev, happening, circumstances, made)
        entries.append(entry)
        values += of_entry
        prev = entry.hash
    insert(Entry, entries)
    insert(Value, values)


def insert(model: type[models.Model], rows: list[Any]) -> None:
    """Store these rows: few as Django does; many past its queries, which take longer than all the rest."""
    if len(rows) < MANY:
        model._default_manager.bulk_create(rows)
        return
    columns: Any = [column for column in model._meta.concrete_fields if not isinstance(column, models.AutoField)]
    names = ", ".join(f'"{column.column}"' for column in columns)
    told = rows
    if model is not Value or not isinstance(rows[0], Row):
        told = [[one.get_db_prep_save(getattr(row, one.attname), connection) for one in columns] for row in rows]
    with connection.cursor() as cursor:
        places = ", ".join(["%s"] * len(columns))
        cursor.executemany(f'INSERT INTO "{model._meta.db_table}" ({names}) VALUES ({places})', told)  # noqa: S608 - ours


def written(
    seq: int, prev: str, happening: Happening, circumstances: Circumstances, made: Any = Value
) -> tuple[Entry, list[Any]]:
    """The entry and its values, not yet stored."""
    # As canonical({"from": old, "to": new}) would be.
    texts = {n: f'{{"from":{canonical(old)},"to":{canonical(new)}}}' for n, (old, new) in happening.values.items()}
    if circumstances.why:
        texts[WHY] = canonical(circumstances.why)
    values = [made(entry_id=seq, field=name, salt=secrets.token_hex(16), text=text) for name, text in texts.items()]
    body = body_of(seq, prev, happening, circumstances, values)
    digest = sha256(body.encode()).hexdigest()
    entry = Entry(
        seq=seq,
        prev=prev,
        hash=digest,
        seal=seal_of(digest),
        body=body,
        at=circumstances.at,
        by_id=circumstances.by,
        change=circumstances.change,
        door=circumstances.door,
        model=happening.model,
        key=happening.key,
        root_model=happening.root[0],
        root_key=happening.root[1],
        action=happening.action,
    )
    return entry, values


def body_of(seq: int, prev: str, happening: Happening, circumstances: Circumstances, values: list[Any]) -> str:
    """What is hashed."""
    return canonical(
        {
            "v": 1,
            "seq": seq,
            "prev": prev,
            "at": stamp(circumstances.at),
            "by": None if circumstances.by is None else {"id": circumstances.by, "username": circumstances.username},
            "change": str(circumstances.change),
            "door": circumstances.door,
            "request": circumstances.request,
            "model": happening.model,
            "key": happening.key,
            "root": list(happening.root),
            "action": happening.action,
            "values": {value.field: commitment(value.salt, value.field, value.text) for value in values},
        }
    )
