"""How one entry follows another: canonical JSON (RFC 8785), SHA-256, a salted commitment for each value.

The body of an entry holds no value, only commitments: SHA-256 over salt, field and value. So a value can be redacted
(its salt and text blanked) and the chain still holds. The seal is an HMAC of the hash under a key that the database
does not hold: who can only write to the database cannot forge an entry.
"""

import hmac
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property, lru_cache, partial
from hashlib import sha256
from itertools import repeat
from json.encoder import encode_basestring
from operator import attrgetter
from typing import Any, NamedTuple
from uuid import UUID

import rfc8785
from django.conf import settings
from django.db import connection

from osint.base.chunks import chunks
from osint.history import inserting
from osint.history.models import Entry, Value

BEGINNING = "0" * 64
WHY = "@why"  # the reason, kept like a value: it too may have to be redacted
REDACTED = "@redacted"  # which value of which entry was redacted
NEW = '{"from":null,"to":'
CONSTANTS = {None: "null", True: "true", False: "false"}
EXACT = 2**53 - 1  # the largest whole number that JSON carries everywhere (RFC 8785, I-JSON)
SALT = 16  # bytes
TOGETHER = 1_000  # entries that are held in memory
FIELD = attrgetter("field")
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


# As ``Row._make``, in a third of the time.
new_row: Callable[[tuple[int, str, str, str]], Row] = partial(tuple.__new__, Row)


class Line(NamedTuple):
    """An entry as it is stored, column by column."""

    seq: int
    prev: str
    hash: str
    seal: str
    body: str
    at: Any
    by_id: int | None
    change: Any
    door: str
    model: str
    key: int
    root_model: str
    root_key: int
    action: str


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

    @cached_property
    def told(self) -> str:
        """What every body says of them, as it stands between the action and the key."""
        by = None if self.by is None else {"id": self.by, "username": self.username}
        said = {"at": stamp(self.at), "by": by, "change": str(self.change), "door": self.door}
        return canonical(said)[1:-1]

    @cached_property
    def stored(self) -> tuple[Any, Any]:
        """Moment and change as the engine takes them."""
        columns = (Entry._meta.get_field(name) for name in ("at", "change"))
        at, change = (column.get_db_prep_save(getattr(self, column.name), connection) for column in columns)  # type: ignore[union-attr]
        return at, change


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


@lru_cache(1_000)
def stamp(moment: datetime) -> str:
    """A moment in UTC (RFC 3339), to the microsecond."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ").rjust(27, "0")


def canonical(value: Any) -> str:
    """Canonical JSON (RFC 8785): what is simple by ourselves, ten times as fast, everything else by the library."""
    if value.__class__ is str:  # most are
        return encode_basestring(value)
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


# The same few names of columns, models and actions come again and again.
named = lru_cache(2_000)(encode_basestring)


def commitment(salt: str, field: str, text: str) -> str:
    """What the body says of a value."""
    return sha256(f"{salt}\n{field}\n{text}".encode()).hexdigest()


@lru_cache
def sealing_key(seed: str) -> bytes:
    """The key of the seals, derived from the installation's own."""
    return sha256(b"isnad history seal\n" + seed.encode()).digest()


def seal_of(digest: str) -> str:
    """The seal of an entry with this hash."""
    return hmac.digest(sealing_key(settings.HISTORY_KEY), digest.encode(), "sha256").hex()


def head() -> tuple[int, str]:
    """Number and hash of the last entry."""
    return Entry.objects.order_by("-seq").values_list("seq", "hash").first() or (0, BEGINNING)


def check_references() -> None:
    """Let PostgreSQL look now at references that it leaves for the end, when it would wait for rows others have locked.

    Who is first in the queue waits for nobody: whoever has locked the row may stand in the queue behind.
    """
    if connection.vendor == "postgresql":
        connection.check_constraints()


def queue_up() -> None:
    """Wait until nobody else appends; on SQLite the transaction has begun by taking the one lock that there is."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def append(happenings: Iterable[Happening], circumstances: Circumstances) -> None:
    """Write down what happened, at the end of the chain; within the transaction of the change itself."""
    queue_up()
    last, prev = head()
    at, change = circumstances.stored
    for some in chunks(happenings, TOGETHER):
        entries: list[Line] = []
        values: list[Row] = []
        for seq, happening in enumerate(some, last + 1):
            entry, of_entry = written(seq, prev, happening, circumstances)
            entries.append(entry)
            values += of_entry
            prev = entry.hash
        last += len(some)
        told = [(*one[:5], at, one.by_id, change, *one[8:-1], str(one.action)) for one in entries]
        inserting.insert(Entry, ENTRY, told)
        inserting.insert(Value, VALUE, values)


ENTRY = Entry._meta.concrete_fields
VALUE = Value._meta.concrete_fields[1:]  # without its key, which the engine gives


def written(seq: int, prev: str, happening: Happening, circumstances: Circumstances) -> tuple[Line, list[Row]]:
    """The entry and its values, not yet stored."""
    # As canonical({"from": old, "to": new}) would be; most values are those of something new.
    texts = {
        n: f'{{"from":{canonical(old)},"to":{canonical(new)}}}' if old is not None else f"{NEW}{canonical(new)}}}"
        for n, (old, new) in happening.values.items()
    }
    if circumstances.why:
        texts[WHY] = canonical(circumstances.why)
    salts = secrets.token_hex(SALT * len(texts))  # at once: each call asks the system
    each = [salts[begin : begin + 2 * SALT] for begin in range(0, len(salts), 2 * SALT)]
    values = list(map(new_row, zip(repeat(seq), texts, each, texts.values(), strict=False)))
    body = body_of(seq, prev, happening, circumstances, values)
    digest = sha256(body.encode()).hexdigest()
    told = circumstances
    root, root_key = happening.root
    entry = Line(
        seq, prev, digest, seal_of(digest), body, told.at, told.by, told.change, told.door, happening.model,
        happening.key, root, root_key, happening.action,
    )  # fmt: skip
    return entry, values


def body_of(seq: int, prev: str, happening: Happening, circumstances: Circumstances, values: Iterable[Any]) -> str:
    """What is hashed: canonical JSON, its names in order."""
    committed = ",".join(
        [f'{named(one.field)}:"{commitment(one.salt, one.field, one.text)}"' for one in sorted(values, key=FIELD)]
    )
    model, (root, root_key) = named(happening.model), happening.root
    return (
        f'{{"action":{named(happening.action)},{circumstances.told},"key":{happening.key},"model":{model},'
        f'"prev":"{prev}","request":{canonical(circumstances.request)},"root":[{named(root)},{root_key}],'
        f'"seq":{seq},"v":1,"values":{{{committed}}}}}'
    )
