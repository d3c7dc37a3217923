"""Records as a file gives them: what every reader of files hands to whoever plans an import."""

import pickle
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import Any, NamedTuple
from weakref import finalize

from django.utils.translation import gettext as _

from osint.base.record import Record


class Entry(NamedTuple):
    """One record as a file gives it.

    A field that is absent is one of which the file says nothing; one that is null or blank is held to be so.
    """

    model: type[Record]
    key: tuple[str, ...]  # its natural key: the slug or the UUID, which is not repeated among the fields
    fields: dict[str, Any]  # JSON values; a reference is the natural key (a list), as in Django's fixtures
    where: str  # "fixture.json, entry 17", "row 4, column best": what a person is told


class Kept:
    """Records that are gone through several times, and are kept in a file until then: they may be many."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.file, self.number = TemporaryFile(), 0  # noqa: SIM115 - it goes with the object
        finalize(self, self.file.close)
        for entry in entries:
            self.write(pickle.dumps(entry))
            self.number += 1
        self.write(b"")

    def write(self, data: bytes) -> None:
        """Some more of the file; without data, the rest of it."""
        try:
            if data:
                self.file.write(data)
            else:
                self.file.flush()
        except OSError as error:
            raise Refusal(_("It could not be written (%(error)s).") % {"error": error.strerror or error}) from error

    def __len__(self) -> int:
        return self.number

    def __iter__(self) -> Iterator[Entry]:
        self.file.seek(0)
        for _number in range(self.number):
            yield pickle.load(self.file)  # noqa: S301 - we have written it


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
