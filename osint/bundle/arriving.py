"""What comes in: where it is from, what it is trusted for, and what its writer had seen of each record."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from osint.base.record import Record
from osint.bundle.entries import Fate

Identity = tuple[str, str]  # the model's label, and the natural key


class Pedigree(NamedTuple):
    """The edit that made a value what it is, and every edit that whoever made it had seen."""

    edit: str
    seen: frozenset[str]


Pedigrees = Mapping[Identity, Mapping[str, Pedigree]]


@dataclass(frozen=True)
class Arriving:
    """The file whose records arrive, and what is known of who made it."""

    format: str = "bundle"
    organisation: str = ""
    sha256: str = ""
    key: str = ""  # fingerprint of the key that signed it
    database: str = ""  # the UUID of the database that it was cut from
    sequence: int | None = None
    may_publish: bool = False  # whether what this key calls published is published here too
    is_entered: bool = False  # whether who brings it in has written it: what is new is then theirs
    edits: Pedigrees | None = None  # none where the format carries no pedigree
    fates: tuple[Fate, ...] = ()
    files: Callable[[str], bytes] | None = None  # the bytes of an attachment, by their SHA-256
    # Records that the writer had read as they are here now, as the file itself shows: theirs is newer.
    fresh: frozenset[Identity] = field(default=frozenset())

    def describe(self) -> str:
        """The file in one line, as the history and people are told it."""
        number = f" {self.sequence}" if self.sequence is not None else ""
        whose = f"{self.organisation}: " if self.organisation else ""
        return f"{whose}{self.format}{number} · {self.sha256[:16]}" if self.sha256 else f"{whose}{self.format}{number}"


@cache
def label_of(model: type[Record]) -> str:
    """The name by which a model travels."""
    return str(model._meta.label_lower)


def identity(model: type[Record], key: tuple[str, ...] | list[str]) -> Identity:
    """The identity of a record with this natural key."""
    return label_of(model), " ".join(key)
