"""The file of a sheet: CSV or XLSX, read in bounds, and written so that nothing in it is run as a formula."""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from django.core.exceptions import ValidationError
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from osint.base.shapes import csv as own_csv

# Loaded where there is a sheet: it takes ten megabytes and more, which a worker that answers the API has no use for.
openpyxl: Any = SimpleLazyObject(partial(import_module, "openpyxl"))
MOST_ROWS, MOST_COLUMNS, LONGEST_CELL = 20_000, 200, 32_767
MOST_BYTES = 15 * 1024 * 1024  # of a request 16 are read (DATA_UPLOAD_MAX_MEMORY_SIZE)
MOST_UNPACKED, MOST_ENTRIES = 50 * 1024 * 1024, 500
SEPARATORS = ",;\t"
PARTS = "[Content_Types].xml"  # by which a zip is a spreadsheet
# What begins an entity, a reference to another file or a program of its own.
HOSTILE_NAMES = re.compile(r"(?i)externalLinks/|vbaProject|embeddings/|activeX|connections\.xml|queryTables/")
HOSTILE_TEXT = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
UNSUITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")


@dataclass
class Sheet:
    """The headings and rows of a table, as texts; rows are numbered as the spreadsheet shows them."""

    heads: list[str]
    rows: list[tuple[int, list[str]]] = field(default_factory=list)
    formulas: dict[int, set[int]] = field(default_factory=dict)  # the places of cells that are formulas, by row


def refuse(sentence: str, **told: Any) -> ValidationError:
    """A refusal of the whole file."""
    return ValidationError(sentence % told if told else sentence)


def read(content: bytes, name: str = "") -> Sheet:
    """The table of a file; ``ValidationError`` where it is none, or more than a person keeps in a spreadsheet."""
    check_size(len(content))
    if content[:2] == b"PK":
        return of(xlsx_rows(content, name))
    if Path(name).suffix.lower() in {".xlsx", ".xlsm", ".xls", ".ods"}:
        raise no_xlsx(name)
    return of(csv_rows(content))


def no_xlsx(name: str) -> ValidationError:
    """The refusal of a file that its name, or its beginning, promised to be one."""
    return refuse(_("“%(name)s” is no XLSX file. Save it as XLSX or as CSV in UTF-8."), name=name)


def check_size(size: int) -> None:
    """Refuse what is more than a person keeps in a spreadsheet."""
    if size > MOST_BYTES:
        said = {"size": size / (1 << 20), "most": MOST_BYTES >> 20}
        raise refuse(_("The file has %(size).1f megabytes, at most %(most)d are read. Send it in parts."), **said)


def of(rows: Iterable[tuple[int, list[str], set[int]]]) -> Sheet:
    """The table of these rows, the first of which has the headings; empty rows are passed over."""
    sheet: Sheet | None = None
    for number, cells, formulas in rows:
        if not any(cells):
            continue
        if sheet is None:
            sheet = Sheet(headings(cells))
            continue
        if len(sheet.rows) >= MOST_ROWS:
            raise refuse(_("The sheet has more than %(most)d rows. Send it in parts."), most=MOST_ROWS)
        if len(cells) > len(sheet.heads) and any(cells[len(sheet.heads) :]):
            raise refuse(_("Row %(row)d has more cells than there are headings."), row=number)
        sheet.rows.append((number, (cells + [""] * len(sheet.heads))[: len(sheet.heads)]))
        if formulas:
            sheet.formulas[number] = formulas
    if sheet is None:
        raise refuse(_("The sheet is empty. Its first row has the headings."))
    return sheet


def headings(cells: list[str]) -> list[str]:
    """The headings, each once."""
    while cells and not cells[-1]:
        cells.pop()
    if len(cells) > MOST_COLUMNS:
        raise refuse(_("The sheet has more than %(most)d columns."), most=MOST_COLUMNS)
    for place, cell in enumerate(cells):
        if not cell or cell in cells[:place]:
            raise refuse(
                _("Column %(column)s has no heading, or one that another column has too: “%(head)s”."),
                column=openpyxl.utils.get_column_letter(place + 1), head=cell,
            )  # fmt: skip
    return cells


def cleaned(text: str, number: int) -> str:
    """A cell's text, in Unicode as a person sees it."""
    if len(text) > LONGEST_CELL:
        raise refuse(_("Row %(row)d has a cell of more than %(most)d characters."), row=number, most=LONGEST_CELL)
    if UNSUITABLE.search(text):
        raise refuse(_("Row %(row)d has a control character that no text has."), row=number)
    return text.strip()


# CSV


def csv_rows(content: bytes) -> Iterator[tuple[int, list[str], set[int]]]:
    """The rows of a CSV file."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        sentence = _("The file is no CSV in UTF-8 (byte %(byte)d). In the spreadsheet choose “CSV UTF-8” when saving.")
        raise refuse(sentence, byte=error.start) from error
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator(text), strict=True)
    try:
        for number, cells in enumerate(lines, 1):
            yield number, [own_csv.undone(cleaned(cell, number)) for cell in cells], set()
    except csv.Error as error:
        raise refuse(_("Line %(line)d cannot be read as CSV: %(error)s."), line=lines.line_num, error=error) from error


def separator(text: str) -> str:
    """What separates the cells: what there is most of in the headings."""
    head = text.partition("\n")[0]
    return max(SEPARATORS, key=head.count)


def csv_written(heads: list[str], rows: Iterable[list[Any]]) -> Iterator[bytes]:
    """A table as CSV that spreadsheets open."""
    yield own_csv.head(heads).encode()
    for row in rows:
        yield (own_csv.line(row) + own_csv.END).encode()


# XLSX


def xlsx_rows(content: bytes, name: str) -> Iterator[tuple[int, list[str], set[int]]]:
    """The rows of the first sheet of an XLSX file."""
    check_package(content, name)
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        rows = book.worksheets[0].iter_rows(max_col=MOST_COLUMNS + 1)
        for number, cells in enumerate(rows, 1):
            if number > MOST_ROWS * 2:
                raise refuse(_("The sheet has more than %(most)d rows. Send it in parts."), most=MOST_ROWS)
            formulas = {place for place, cell in enumerate(cells) if cell.data_type == "f"}
            yield number, [cleaned(as_text(cell.value), number) for cell in cells], formulas
    except ValidationError:
        raise
    except Exception as error:  # whatever a broken package makes of its reader, it is the file's fault
        raise refuse(_("The file cannot be read as XLSX: %(error)s."), error=str(error)[:200]) from error


def check_package(content: bytes, name: str) -> None:
    """Refuse a package that is another one, unpacks to too much, or holds what no table needs."""
    try:
        package = ZipFile(io.BytesIO(content))
    except (BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise refuse(_("The file is damaged: it cannot be unpacked.")) from error
    with package:
        entries = package.infolist()
        if PARTS not in package.NameToInfo:
            raise no_xlsx(name)
        unpacked = sum(entry.file_size for entry in entries)
        if len(entries) > MOST_ENTRIES or unpacked > MOST_UNPACKED:
            raise refuse(_("The file unpacks to more than %(most)d megabytes."), most=MOST_UNPACKED >> 20)
        for entry in entries:
            check_entry(package, entry)


def check_entry(package: ZipFile, entry: zipfile.ZipInfo) -> None:
    """Refuse a part of a package that reaches outside, runs something, or begins an entity."""
    if entry.flag_bits & 1 or HOSTILE_NAMES.search(entry.filename):
        sentence = _("The file holds “%(part)s”, which no table needs: save the values alone as a new file.")
        raise refuse(sentence, part=entry.filename[:100])
    if not entry.filename.endswith((".xml", ".rels")):
        return
    try:
        with package.open(entry) as file:
            before = b""
            while chunk := file.read(1 << 20):
                if HOSTILE_TEXT.search(before + chunk):
                    raise refuse(_("“%(part)s” declares entities, which no spreadsheet does."), part=entry.filename)
                before = chunk[-16:]
    except (BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError, zipfile.zlib.error) as error:  # type: ignore[attr-defined]
        raise refuse(_("The file is damaged: it cannot be unpacked.")) from error


def as_text(value: Any) -> str:
    """A cell's value as a person would type it."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case float() if value.is_integer():
            return str(int(value))
    # Days come with a time of day that nobody has typed.
    return str(value).removesuffix(" 00:00:00")


def xlsx_written(heads: list[str], rows: Iterable[list[Any]], codes: Iterable[list[Any]] = ()) -> bytes:
    """A table as XLSX, with the codes on a second sheet."""
    book = openpyxl.Workbook(write_only=True)
    for title, table in (("events", [heads, *rows]), ("codes", list(codes))):
        if table:
            sheet = book.create_sheet(title)
            sheet.freeze_panes = "A2"
            for row in table:
                sheet.append([literal(sheet, value) for value in row])
    into = io.BytesIO()
    book.save(into)
    return into.getvalue()


def literal(sheet: Any, value: Any) -> Any:
    """A cell that is what it says: a text is no formula, whatever it begins with."""
    if value is None or value == "":
        return None
    cell = openpyxl.cell.WriteOnlyCell(sheet, own_csv.plain(value) if isinstance(value, list | tuple | dict) else value)
    if isinstance(cell.value, str):
        cell.data_type = "s"
    return cell
