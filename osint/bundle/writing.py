"""The bytes of a bundle: the same content is always the same bytes, laid out so that a person can read a difference.

A list is laid out as Django's own fixtures are: each record begins with ``{`` and ends with ``}`` at the beginning of a
line, with one field a line between. So it is read record by record, however long it is.
"""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import orjson

from osint.base.record import Record
from osint.bundle.contents import key_field

# What zip can write as the oldest moment: when a bundle was made stands in its manifest alone.
LONG_AGO = (1980, 1, 1, 0, 0, 0)
MODE = 0o100644 << 16
FILES = "files/"


def value(data: Any) -> bytes:
    """A value on one line: letters as letters, keys in order."""
    return orjson.dumps(data, option=orjson.OPT_SORT_KEYS)


def record(model: type[Record], key: tuple[str, ...], fields: Mapping[str, Any]) -> bytes:
    """A record as a fixture has it."""
    named = {key_field(model): key[0]} | dict(fields)
    lines = b",\n".join(b'    "%s": %s' % (name.encode(), value(told)) for name, told in named.items())
    return b'{\n  "model": "%s",\n  "fields": {\n%s\n  }\n}' % (model._meta.label_lower.encode(), lines)


class Measured:
    """A file that is written, and what is said of it in a manifest."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file, self.size, self.digest = file, 0, sha256()

    def write(self, data: bytes) -> None:
        """Some more of it."""
        self.file.write(data)
        self.digest.update(data)
        self.size += len(data)

    @property
    def told(self) -> dict[str, Any]:
        """Size and hash."""
        return {"size": self.size, "sha256": self.digest.hexdigest()}


class Listed(Measured):
    """A list of records that is written."""

    def __init__(self, file: IO[bytes]) -> None:
        super().__init__(file)
        self.write(b"[\n")
        self.number = 0

    def add(self, text: bytes) -> None:
        """One more record."""
        self.write(b",\n" + text if self.number else text)
        self.number += 1

    def close(self) -> dict[str, Any]:
        """The end of the list; size and hash of all of it."""
        self.write(b"\n]\n" if self.number else b"]\n")
        return self.told


def digest(data: bytes) -> str:
    """The SHA-256 of these bytes."""
    return sha256(data).hexdigest()


def zipped(folder: Path, names: Iterable[str], into: IO[bytes]) -> None:
    """Write these files of a folder as one zip, in this order."""
    with ZipFile(into, "w") as archive:
        for name in names:
            entry = ZipInfo(name, LONG_AGO)
            entry.external_attr, entry.create_system = MODE, 3
            # What people attach is compressed as a rule.
            entry.compress_type = ZIP_STORED if name.startswith(FILES) else ZIP_DEFLATED
            entry.file_size = (folder / name).stat().st_size
            with (folder / name).open("rb") as source, archive.open(entry, "w") as target:
                while piece := source.read(1 << 20):
                    target.write(piece)
