"""How far a mirror has come: sealed, as it travels, so that nobody reads from it how much there was that is hidden."""

import secrets
import struct
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.request import Request

from osint.base import cursors
from osint.history.models import Notice

FORM = struct.Struct(">BQ8sq8s8s8s")
QUESTION = "changes"
BEGINNING = bytes(8)
NOT_LISTING = 255


class Elsewhere(exceptions.APIException):
    """A position that is none in what this reader is told here and now: a mirror that came so far begins anew."""

    status_code = status.HTTP_410_GONE
    default_code = "begin_anew"


@dataclass(frozen=True)
class Position:
    """How far the reader was told: up to a notice, by its number and change, while the records of a kind are listed.

    ``listing`` is the number of the kind whose records beyond ``key`` come next; none once all were listed.
    """

    number: int = 0
    change: bytes = BEGINNING
    listing: int | None = None
    key: int = 0

    def sealed(self, reader: bytes, question: bytes) -> str:
        """The position as it travels, for this reader and question; with a random part: one alike tells of no other."""
        listing = NOT_LISTING if self.listing is None else self.listing
        packed = FORM.pack(listing, self.number, self.change, self.key, reader, question, secrets.token_bytes(8))
        return cursors.sealed(cursors.Place((packed.hex(),)), QUESTION)

    def is_here(self) -> bool:
        """Whether there is such a notice: there is none where the database is another one, or an older copy."""
        if not self.number:
            return True
        change = Notice.objects.filter(number=self.number).values_list("change", flat=True).first()
        return change is not None and mark_of(change) == self.change


def newest() -> Position:
    """The position of who was told everything."""
    found = Notice.objects.order_by("-number").values_list("number", "change").first()
    return Position(found[0], mark_of(found[1])) if found else Position()


def mark_of(change: UUID) -> bytes:
    """What tells one change from another."""
    return change.bytes[:8]


def opened(text: str, reader: bytes, question: bytes) -> Position:
    """The position that was sealed so; refused where it is none, or another reader's, or of another question."""
    place = cursors.opened(text, QUESTION)
    if place is None:
        told = _("This is no position of ours. Take it whole from “next”, or leave it out to begin anew.")
        raise exceptions.ValidationError({"since": [told]})
    listing, number, change, key, of_reader, of_question, _random = FORM.unpack(bytes.fromhex(place.values[0]))
    if of_reader != reader:
        raise Elsewhere(
            _("This position was given to somebody else, or your rights have changed since. Begin anew, without since.")
        )
    if of_question != question:
        told = _("This position belongs to another question: “include” and “kind” stay as they were when it began.")
        raise exceptions.ValidationError({"since": [told]})
    position = Position(number, change, None if listing == NOT_LISTING else listing, key)
    if not position.is_here():
        raise Elsewhere(_("This position is not known here any more. Begin anew, without since."))
    return position


def reader_mark(request: Request) -> bytes:
    """What tells readers apart who are not told the same."""
    reader = request.user
    if not reader.is_authenticated:
        return digest("nobody")
    return digest(f"{reader.pk} {reader.is_superuser} {sorted(reader.get_all_permissions())}")


def digest(text: str) -> bytes:
    """A short digest."""
    return sha256(text.encode()).digest()[:8]
