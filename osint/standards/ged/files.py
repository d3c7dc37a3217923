"""UCDP GED as files hold it: rows of a table, checked one by one, in a memory that does not grow with it."""

import csv
import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from osint.base.shapes import csv as own_csv
from osint.base.text import shown
from osint.standards.ged.rows import NAME, READ, Row, faults

LONGEST = 100_000  # characters of a cell
LONGEST_LINE = 1_000_000  # characters up to a line break: what is squeezed may have no end


class Unreadable(Exception):
    """Why a file cannot be read, with the row and the column."""


@contextmanager
def opened(path: Path) -> Iterator[TextIO]:
    """The file as text, unpacked where its name says that it is packed."""
    how = gzip.open if path.suffix == ".gz" else open
    with how(path, "rt", encoding="utf-8", newline="") as file:
        yield file


def is_ours(file: TextIO) -> bool:
    """Whether the table begins with the mark of those that we write, in which no cell is a formula; UCDP's do not."""
    if file.read(1) == own_csv.BOM:
        return True
    file.seek(0)
    return False


def rows(path: Path) -> Iterator[Row]:
    """The rows of a file; ``Unreadable`` at the first that is none."""
    csv.field_size_limit(LONGEST)
    try:
        with opened(path) as file:
            cell_of = own_csv.undone if is_ours(file) else str
            table = csv.reader(lines(file), strict=True)
            names = next(table, [])
            check_head(names)
            line = table.line_num + 1
            for cells in table:
                yield row(names, [cell_of(cell) for cell in cells], line)
                line = table.line_num + 1
    except (gzip.BadGzipFile, zlib.error, EOFError, UnicodeDecodeError, csv.Error) as error:
        raise Unreadable(f"it is no table in UTF-8 that can be read to its end: {error}.") from error


def lines(file: TextIO) -> Iterator[str]:
    """The lines of a file, none of which may be without end."""
    number = 0
    while line := file.readline(LONGEST_LINE):
        number += 1
        if len(line) == LONGEST_LINE:
            raise Unreadable(f"line {number} has more than {LONGEST_LINE:,} characters.")
        yield line


def check_head(names: list[str]) -> None:
    """Refuse a first line that does not name the columns of UCDP GED."""
    if lost := sorted(READ - set(names)):
        raise Unreadable(f"line 1: these columns of UCDP GED are missing: {', '.join(lost)}.")
    if strange := next((name for name in names if not NAME.fullmatch(name) or names.count(name) > 1), None):
        raise Unreadable(f"line 1: “{shown(strange)}” is no name of a column, or stands there twice.")


def row(names: list[str], cells: list[str], line: int) -> Row:
    """One row of the file, checked."""
    if len(cells) != len(names):
        raise Unreadable(f"line {line}: {len(cells)} cells, where line 1 names {len(names)} columns.")
    found = dict(zip(names, cells, strict=True))
    if sentence := next(faults(found), ""):
        raise Unreadable(f"line {line} (id {shown(found['id'])}), {sentence}")
    return Row(found, line)
