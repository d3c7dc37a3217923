"""Records as a file gives them: what every reader of files hands to whoever plans an import."""

from dataclasses import dataclass
from typing import Any

from osint.base.record import Record


@dataclass(frozen=True, slots=True)
class Entry:
    """One record as a file gives it.

    A field that is absent is one of which the file says nothing; one that is null or blank is held to be so.
    """

    model: type[Record]
    key: tuple[str, ...]  # its natural key: the slug or the UUID, which is not repeated among the fields
    fields: dict[str, Any]  # JSON values; a reference is the natural key (a list), as in Django's fixtures
    where: str  # "fixture.json, entry 17", "row 4, column best": what a person is told


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a record elsewhere: an event published, retracted or merged, or any record deleted."""

    model: type[Record]
    key: tuple[str, ...]
    state: str  # "published", "retracted", "merged" or "deleted"
    was_published: bool  # whether a merged event was out before
    reason: str  # of a retraction
    into: tuple[str, ...] | None  # of a merged event: the key of the one that answers for it
    where: str


class Refusal(Exception):
    """Why a file is refused, as a sentence that says what is wrong and where; nothing was written."""
