"""A backup: the database as it is at one moment, and the files of its reports, in one file that any engine reads.

It is written under another name, checked as whoever restores it would, and then given its own: a file that has the name
of a backup is one.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.exceptions import SuspiciousFileOperation
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from osint.base.newfile import beside
from osint.base.snapshot import one_view
from osint.history import heads
from osint.keeping import rows, sequences, tables
from osint.keeping.archive import CHUNK, Archive, Part, Refused, Writer
from osint.keeping.checking import check

Step = Callable[[int], None]


@dataclass
class Made:
    """What was written, and what is wrong with the data that were to be kept."""

    rows: int = 0
    files: int = 0
    size: int = 0
    head: int = 0
    faults: list[str] = field(default_factory=list)


def nothing(_number: int) -> None:
    """For whoever does not watch."""


def number_of_rows() -> int:
    """How many rows there are to keep."""
    return sum(tables.number_of(model) for model in tables.kept(tables.registry()))


def write(path: Path, step: Step = nothing) -> Made:
    """Write a backup to this file, which is replaced only by a whole one; ``step`` hears of some rows at a time."""
    if not tables.applied():
        raise Refused(_("There is nothing to keep: the database has no tables. Look at DATABASE_URL."))
    try:
        # It holds what only some may see, and the hashes of passwords.
        with beside(path, 0o600) as own:
            made = write_to(own, step)
            with Archive(own) as archive:
                made.faults += check(archive)
    except OSError as error:
        wrong = _("“%(file)s” cannot be written: %(error)s. Free space there, or name another file.")
        raise Refused(wrong % {"file": path, "error": error.strerror or error}) from error
    made.size = path.stat().st_size
    return made


def write_to(path: Path, step: Step) -> Made:
    """Write all that there is, as it is at one moment."""
    writer, made = Writer(path), Made()
    try:
        with one_view():
            told, registry = circumstances(), tables.registry()
            made.head = told["head"]["seq"]
            for model in tables.kept(registry):
                made.rows += add_table(writer, model, step)
            # What is attached stays as it is: a file that was there at that moment is there.
            for storage, name in tables.files(registry):
                made.faults += add_file(writer, storage, name)
                made.files += 1
        writer.finish(told)
    finally:
        writer.zip.close()
    return made


def circumstances() -> dict[str, Any]:
    """What a manifest says of the whole."""
    return {
        "made_at": timezone.now().isoformat(),
        "engine": connection.vendor,
        "migrations": sorted(tables.applied()),
        "head": heads.signed(),
        "sequences": sequences.last(),
    }


def add_table(writer: Writer, model: Any, step: Step) -> int:
    """Write the rows of a table; how many there were."""
    names = [str(column.column) for column in tables.columns(model)]
    table = model._meta.db_table
    part = Part(f"tables/{table}.jsonl", table=table, columns=names)

    def text() -> Iterator[bytes]:
        held: list[bytes] = []
        for row in tables.rows(model):
            held.append(rows.line(row))
            if len(held) == tables.CHUNK:
                yield b"\n".join([*held, b""])
                part.rows += len(held)
                step(len(held))
                held.clear()
        part.rows += len(held)
        step(len(held))
        yield b"\n".join([*held, b""]) if held else b""

    writer.add(part, text())
    return part.rows


def add_file(writer: Writer, storage: Any, name: str) -> list[str]:
    """Write a file; what is wrong where it is gone."""
    try:
        with storage.open(name, "rb") as file:
            writer.add(Part(f"files/{name}"), iter(lambda: file.read(CHUNK), b""))
    except (FileNotFoundError, SuspiciousFileOperation, IsADirectoryError, ValueError):
        return [_("The file “%(name)s” is gone, so that the backup is without it.") % {"name": name}]
    return []
