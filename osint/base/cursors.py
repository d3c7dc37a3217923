"""Places in a list as they travel: sealed, so that nobody learns from one what lies between rows, or makes one up.

Invariant: a place is sealed together with the question that it is a place in, so that it opens in no other one. The
same place in the same question is always the same text.
"""

import json
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.crypto import salted_hmac

LONGEST = 2_000  # characters of a cursor; the longest of ours have half as many
ONE_NUMBER = struct.Struct(">Bq")
BEFORE, INCLUDING, NUMBER = 1, 2, 4
BLOCK = 16


@dataclass(frozen=True)
class Place:
    """A place in an ordered list: what a row there has in the columns of the order; the page lies behind it or before.

    ``including``: the page has the row itself, if it is still there.
    """

    values: tuple[Any, ...]
    before: bool = False
    including: bool = False


def sealed(place: Place, question: str) -> str:
    """The place as a short text that only we can read."""
    return urlsafe_b64encode(seal().encrypt(packed(place), [question.encode()])).rstrip(b"=").decode()


def opened(text: str, question: str) -> Place | None:
    """The place in this question that the text was made of; none where it was made of no such place."""
    if len(text) > LONGEST or not text.isascii():
        return None
    try:
        content = urlsafe_b64decode(text + "=" * (-len(text) % 4))
        return unpacked(seal().decrypt(content, [question.encode()]))
    except (Error, InvalidTag, ValueError):
        return None


def seal() -> AESSIV:
    """What seals and opens: safe without a random part, so that a place has one text."""
    return sealing_by(str(settings.SECRET_KEY))


@lru_cache(maxsize=2)
def sealing_by(_secret: str) -> AESSIV:
    """The seal that belongs to a secret key."""
    return AESSIV(salted_hmac("osint.base.cursors", "a place in a list", algorithm="sha512").digest())


def packed(place: Place) -> bytes:
    """The place as bytes, whose number tells next to nothing of it."""
    kind = BEFORE * place.before | INCLUDING * place.including
    match place.values:
        case (int() as number,) if -(2**63) <= number < 2**63:
            return ONE_NUMBER.pack(kind | NUMBER, number)
    content = bytes([kind]) + json.dumps(place.values, cls=DjangoExact, separators=(",", ":")).encode()
    return content + b" " * (-len(content) % BLOCK)


def unpacked(content: bytes) -> Place:
    """The place that was packed."""
    kind = content[0]
    values = ONE_NUMBER.unpack(content)[1:] if kind & NUMBER else tuple(json.loads(content[1:]))
    return Place(values, bool(kind & BEFORE), bool(kind & INCLUDING))


class DjangoExact(DjangoJSONEncoder):
    """Django's JSON, with moments to the microsecond: it keeps three digits of six."""

    def default(self, o: Any) -> Any:
        """A moment or day in full."""
        return o.isoformat() if hasattr(o, "isoformat") else super().default(o)
