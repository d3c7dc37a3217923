"""The file of a backup: a zip, at whose end stands the SHA-256 of all that comes before it.

Any other byte, or one less, shows; what is damaged is then found part by part. Within, ``manifest.json`` says what the
file holds, ``tables/`` has a line of JSON for each row, and ``files/`` the attachments.
"""

import json
import os
import struct
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import IO, Any, Self
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from django.utils.translation import gettext as _

FORMAT, VERSION = "isnad-backup", 1
MANIFEST = "manifest.json"
MARK = b"isnad-backup sha256:"
ENDING = len(MARK) + 64
CHUNK = 1 << 20
LONGEST_LINE = 1 << 28
LONGEST_MANIFEST = 1 << 26
LONG_AGO = (1980, 1, 1, 0, 0, 0)
UNREADABLE = (
    BadZipFile, EOFError, NotImplementedError, OSError, OverflowError, RuntimeError, ValueError, struct.error,
    zlib.error,
)  # fmt: skip
FAST = 3  # of nine: a third of the time, a tenth more to keep


class Refused(Exception):
    """The file cannot be used: what is wrong with it, and where."""


@dataclass
class Part:
    """One table or file within a backup."""

    name: str
    size: int = 0
    sha256: str = ""
    table: str = ""
    columns: list[str] = field(default_factory=list)
    rows: int = 0


class Writer:
    """A backup that is being written."""

    def __init__(self, path: Path) -> None:
        self.zip = ZipFile(path, "w", ZIP_DEFLATED, compresslevel=FAST)
        self.parts: list[Part] = []

    def add(self, part: Part, chunks: Iterable[bytes]) -> Part:
        """Write a part, of which no more than a chunk is held at a time."""
        digest = sha256()
        with self.zip.open(self.entry(part.name), "w", force_zip64=True) as into:
            for chunk in chunks:
                into.write(chunk)
                digest.update(chunk)
                part.size += len(chunk)
        part.sha256 = digest.hexdigest()
        self.parts.append(part)
        return part

    def entry(self, name: str) -> ZipInfo:
        """The entry of a part; what is packed already is not packed again."""
        entry = ZipInfo(name, LONG_AGO)
        entry.compress_type = ZIP_STORED if name.startswith("files/") else ZIP_DEFLATED
        entry.external_attr = 0o600 << 16
        return entry

    def finish(self, told: dict[str, Any]) -> None:
        """Write the manifest, and what proves the whole."""
        manifest = {"format": FORMAT, "version": VERSION, **told, "parts": [asdict(part) for part in self.parts]}
        self.zip.writestr(self.entry(MANIFEST), json.dumps(manifest, ensure_ascii=False, indent=1).encode())
        self.zip.comment = MARK + b"0" * 64
        path = Path(str(self.zip.filename))
        self.zip.close()
        with path.open("r+b") as file:
            digest = digest_of(file, path.stat().st_size - 64)
            file.seek(-64, os.SEEK_END)
            file.write(digest.encode())
            file.flush()
            os.fsync(file.fileno())


def digest_of(file: IO[bytes], length: int) -> str:
    """SHA-256 of the first bytes of a file."""
    digest = sha256()
    file.seek(0)
    while length > 0 and (chunk := file.read(min(CHUNK, length))):
        digest.update(chunk)
        length -= len(chunk)
    return digest.hexdigest()


class Archive:
    """A backup that is being read; nothing in it is believed before it is checked."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.is_whole = is_whole(path)
        try:
            self.zip = ZipFile(path)
        except UNREADABLE as error:
            raise Refused(_("“%(file)s” is damaged: its table of contents cannot be read.") % {"file": path}) from error
        with self.closed_on_error():
            self.manifest = self.read_manifest()
            self.parts = {part.name: part for part in self.listed()}
            self.check_names()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.zip.close()

    @contextmanager
    def closed_on_error(self) -> Iterator[None]:
        """Close the file where it is refused."""
        try:
            yield
        except BaseException:
            self.zip.close()
            raise

    def read_manifest(self) -> dict[str, Any]:
        """What the file says that it holds."""
        if self.zip.namelist().count(MANIFEST) != 1:
            raise Refused(_("“%(file)s” is no backup of Isnad: it has no manifest.json.") % {"file": self.path})
        with self.reading(MANIFEST), self.zip.open(MANIFEST) as file:
            text = file.read(LONGEST_MANIFEST)
        try:
            manifest = json.loads(text)
            told = (manifest["format"], manifest["version"])
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise self.refusal(MANIFEST, _("it cannot be read")) from error
        if told != (FORMAT, VERSION):
            wrong = _("its format is %(format)s %(version)s; this Isnad reads %(own)s 1. Use the Isnad that wrote it")
            said = {"format": manifest["format"], "version": manifest["version"], "own": FORMAT}
            raise self.refusal(MANIFEST, wrong % said)
        return dict(manifest)

    def listed(self) -> Iterator[Part]:
        """The parts that the manifest lists."""
        try:
            for one in self.manifest["parts"]:
                part = Part(**one)
                wrong = type(part.size) is not int or type(part.rows) is not int or not isinstance(part.name, str)
                if wrong or not all(isinstance(name, str) for name in (*part.columns, part.sha256, part.table)):
                    raise TypeError
                yield part
        except (KeyError, TypeError) as error:
            raise self.refusal(MANIFEST, _("its list of parts cannot be read")) from error

    def check_names(self) -> None:
        """Refuse a file that holds anything else than what its manifest lists."""
        found = self.zip.namelist()
        for name in self.parts.keys() - set(found):
            raise self.refusal(name, _("it is missing"))
        for name in found:
            if name != MANIFEST and (name not in self.parts or found.count(name) > 1):
                raise self.refusal(name, _("the manifest does not list it, or not twice"))
        for entry in self.zip.infolist():
            if entry.flag_bits & 1 or entry.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
                raise self.refusal(entry.filename, _("it is packed in a way that no backup is"))

    def check_whole(self) -> None:
        """Refuse a file in which any byte is another than was written, by the name of the part where it is."""
        for part in self.parts.values():
            for _chunk in self.chunks(part):
                pass
        if not self.is_whole:
            wrong = _("“%(file)s” is damaged, or cut off: its bytes do not have the SHA-256 at its end.")
            raise Refused(wrong % {"file": self.path})

    def chunks(self, part: Part) -> Iterator[bytes]:
        """The bytes of a part; where they are others than were written, this is said at the end."""
        digest, left = sha256(), part.size
        with self.reading(part.name), self.zip.open(part.name) as file:
            while left >= 0 and (chunk := file.read(CHUNK)):
                left -= len(chunk)
                digest.update(chunk)
                yield chunk
        if left or digest.hexdigest() != part.sha256:
            raise self.refusal(part.name, _("its bytes do not have the SHA-256 that the manifest gives"))

    def lines(self, part: Part) -> Iterator[tuple[int, bytes]]:
        """The lines of a table, with their numbers."""
        with self.reading(part.name), self.zip.open(part.name) as file:
            for number in range(1, part.rows + 2):
                line = file.readline(LONGEST_LINE)
                if bool(line) != (number <= part.rows):
                    wrong = _("it does not have the %(rows)d rows that the manifest gives")
                    raise self.refusal(part.name, wrong % {"rows": part.rows})
                if line:
                    yield number, line

    @contextmanager
    def reading(self, name: str) -> Iterator[None]:
        """Say in which part it is that something cannot be read."""
        try:
            yield
        except UNREADABLE as error:
            raise self.refusal(name, _("it cannot be unpacked (%(error)s)") % {"error": error}) from error

    def refusal(self, name: str, why: str) -> Refused:
        """What is wrong with which part."""
        said = {"file": self.path, "part": name, "why": why}
        return Refused(_("“%(file)s” is damaged: %(part)s: %(why)s.") % said)


def is_whole(path: Path) -> bool:
    """Whether the bytes of the file have the SHA-256 at its end; ``Refused`` where there is none."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            file.seek(max(0, size - ENDING))
            ending = file.read(ENDING)
            if not ending.startswith(MARK) or len(ending) < ENDING:
                wrong = _("“%(file)s” is no backup of Isnad, or its end is missing: it was cut off, or added to.")
                raise Refused(wrong % {"file": path})
            return digest_of(file, size - 64) == ending[len(MARK) :].decode(errors="replace")
    except OSError as error:
        raise Refused(_("“%(file)s” cannot be read: %(error)s.") % {"file": path, "error": error.strerror}) from error
