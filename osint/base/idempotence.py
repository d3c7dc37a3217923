"""A new record is made once, however often its request arrives: ``Idempotency-Key`` names the attempt.

The record's UUID is worked out from the key, from who sends it, and from what is sent, so that nothing has to be kept,
and nobody can ask for, or take, the identity of what somebody else makes. Its first half tells the attempt and is the
same for all that one request makes; the second tells the place in the request, and what was sent there.

Invariant: what an attempt has made is looked for, and made, by one request at a time (``Attempt.alone``).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import file_digest, sha256
from typing import Any
from uuid import UUID

import orjson
from django.core.files import File
from django.db import connection, transaction
from django.http import QueryDict
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.request import Request

from osint.base.errors import Conflict

HEADER = "Idempotency-Key"
LONGEST = 100
HALF, REST = 8, 6  # bytes of the attempt, and of what was sent; a place has the two between them
PLACES = 2**14  # what the variant of a UUID leaves of its two bytes


@dataclass(frozen=True)
class Attempt:
    """What a request makes, by its key."""

    half: bytes

    @property
    def number(self) -> int:
        """The attempt as PostgreSQL names what it locks."""
        return int.from_bytes(self.half, "big", signed=True)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Within this block no other request of the attempt looks for what was made, or makes something.

        Two that arrive at once under one key would both find nothing, and two different bodies have two identities.
        """
        with transaction.atomic():
            # On SQLite the transaction has begun by taking the one lock that there is.
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_advisory_xact_lock(%s)", [self.number])
            yield

    def identity(self, sent: bytes, place: int = 0) -> UUID:
        """The identity of what was sent at a place of the request."""
        # With the attempt in it too: references are drawn from the last bits.
        return self.of(place.to_bytes(2, "big") + sha256(self.half + sent).digest()[:REST])

    def of(self, rest: bytes) -> UUID:
        """The UUID with this second half."""
        return UUID(bytes=self.half + rest, version=5)

    def made(self, rows: Any, place: int | None = None) -> dict[int, Any]:
        """Those of the rows that the attempt has made, at all places in it or at this one, by their places."""
        at = b"" if place is None else place.to_bytes(2, "big")
        ends = self.of(at.ljust(HALF, b"\x00")), self.of(at.ljust(HALF, b"\xff"))
        # By the index of identities alone, before anything else is asked of them.
        keys = list(rows.model._default_manager.filter(uuid__range=ends).order_by().values_list("pk", flat=True))
        found = rows.filter(pk__in=keys) if keys else ()
        return {int.from_bytes(record.uuid.bytes[HALF : HALF + 2], "big") % PLACES: record for record in found}


def attempt_of(request: Request, model: Any, *, bulk: bool = False) -> Attempt | None:
    """The attempt, as nobody else and no other kind of record has it; none where the request names none."""
    key = request.headers.get(HEADER, "").strip()
    if not key or not serves(model):
        return None
    if len(key) > LONGEST:
        sentence = _("It has %(number)d characters, at most %(most)d. Send a UUID of your own making.")
        raise exceptions.ValidationError({HEADER: [sentence % {"number": len(key), "most": LONGEST}]})
    return Attempt(sha256(orjson.dumps([request.user.pk, model._meta.label_lower, bulk, key])).digest()[:HALF])


def serves(model: Any) -> bool:
    """Whether such records are told apart by a UUID; those that are named by a slug cannot be made twice anyway."""
    return any(column.name == "uuid" for column in model._meta.fields)


class Taken(Conflict):
    """Something else was made under this key: ``made`` says what."""

    def __init__(self, made: Any) -> None:
        sentence = _("Something else was sent with this %(header)s, and made “%(name)s”. Send another key with this.")
        super().__init__(sentence % {"header": HEADER, "name": made.uuid})
        self.more = {"made": str(made.uuid)}


def same(made: Any, identity: UUID) -> Any:
    """What was made, if it was made of what is sent now; else the key was used for something else, and is refused."""
    if made.uuid != identity:
        raise Taken(made)
    return made


def digest(sent: Any) -> bytes:
    """What tells one content from another, however it was spaced and in whichever order its fields stood."""
    if isinstance(sent, QueryDict):
        sent = {name: [whole(value) for value in values] for name, values in sent.lists()}
    return sha256(orjson.dumps(sent, option=orjson.OPT_SORT_KEYS)).digest()


def whole(value: Any) -> Any:
    """A value of a form; of a file, what its bytes come to."""
    if not isinstance(value, File):
        return value
    value.seek(0)
    content: Any = value.file
    found = file_digest(content, "sha256").hexdigest()
    value.seek(0)
    return found
