"""Tables as spreadsheets read them: RFC 4180 in UTF-8 with a byte order mark, and nothing that is run as a formula.

A text that a spreadsheet would take for a formula is given an apostrophe in front, and so is one that begins with an
apostrophe already: whoever takes one apostrophe away from each cell that begins with one has every text as it was.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from csv import reader
from datetime import datetime
from typing import Any

from osint.base.wire import dumps

BOM = "\ufeff"
END = "\r\n"
# What begins a formula somewhere, full-width forms and line breaks included, or is our own mark.
LIVE = re.compile(r"['=+\-@\t\r\n＝＋－＠]")
QUOTED = re.compile(r'[",\r\n]')


def head(columns: Iterable[str]) -> str:
    """The first line, with the names of the columns."""
    return BOM + line(columns) + END


def line(cells: Iterable[Any]) -> str:
    """A line of the table, without its end."""
    return ",".join([cell(value) for value in cells])


def cell(value: Any) -> str:
    """A value as it stands in a cell: text defused, numbers as they are, nothing for none."""
    if value.__class__ is str:
        return text(value) if value else ""
    return plain(value)


def text(value: str) -> str:
    """A text, defused and quoted where it has to be."""
    return quoted("'" + value if LIVE.match(value) else value)


def undone(value: str) -> str:
    """A text as it was before it was defused."""
    return value[1:] if value.startswith("'") and LIVE.match(value[1:]) else value


def quoted(value: str) -> str:
    """A cell as it stands, in quotation marks where it has to be."""
    # Blanks at the ends are dropped by some readers unless they are quoted.
    if QUOTED.search(value) or value[-1:] == " " or value[:1] == " ":
        return '"' + value.replace('"', '""') + '"'
    return value


def picked(row: str, places: list[int]) -> str:
    """The cells at these places of a line, as they stand there."""
    [cells] = reader([row])
    return ",".join([quoted(cells[place]) for place in places])


def plain(value: Any) -> str:
    """What is no text."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case int() | float():
            return repr(value)
        case datetime():
            return dumps(value).decode().strip('"')
        case list() | tuple() if all(isinstance(one, str) for one in value):
            return cell("; ".join(value))
        case list() | tuple() | dict():
            return cell(dumps(value).decode())
    return cell(str(value))


def table(columns: Sequence[str], rows: Iterable[dict[str, Any]]) -> Iterator[str]:
    """The lines of a table."""
    for row in rows:
        yield line([row.get(name) for name in columns]) + END
