"""Files of sheets: what people save, and what nobody should be able to send."""

import io
import zipfile

import pytest
from django.core.exceptions import ValidationError
from openpyxl import load_workbook

from osint.sheets import files
from tests.osint.sheets.conftest import book

ARABIC = "قافلة إمداد، «نحو ٢٥ شاحنة»"


def refusal(content: bytes, name: str = "x.csv") -> str:
    with pytest.raises(ValidationError) as caught:
        files.read(content, name)
    return " ".join(caught.value.messages)


def packed(**parts: bytes) -> bytes:
    """An XLSX file with other parts put in."""
    into = io.BytesIO(book([["type"], ["x"]]))
    with zipfile.ZipFile(into, "a", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name.replace("__", "/"), content)
    return into.getvalue()


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_csv_is_read_whatever_separates_its_cells(separator):
    text = f"\ufefftype{separator}when\r\n{ARABIC}{separator}2025\r\n\r\n"
    sheet = files.read(text.encode())
    assert (sheet.heads, sheet.rows) == (["type", "when"], [(2, [ARABIC, "2025"])])


def test_xlsx_is_read_as_a_person_would_type_it():
    from datetime import UTC, datetime

    day = datetime(2025, 11, 12, tzinfo=UTC).replace(tzinfo=None)
    sheet = files.read(book([["type", "when", "n", "b"], [ARABIC, day, 25.0, True]]), "x.xlsx")
    assert sheet.rows == [(2, [ARABIC, "2025-11-12", "25", "true"])]


def test_a_formula_is_told_from_its_value():
    sheet = files.read(book([["type", "n"], ["x", "=1+1"]]), "x.xlsx")
    assert sheet.formulas == {2: {1}}


def test_what_is_written_runs_nowhere_and_comes_back():
    rows = [["=cmd|' /C calc'!A1", "+1", "-1", "@x", "'quoted", "\tx", ARABIC, "a\nb"]]
    heads = [f"h{n}" for n in range(len(rows[0]))]
    as_csv = b"".join(files.csv_written(heads, rows))
    assert b",=" not in as_csv
    assert b"'=cmd" in as_csv
    assert [row for _number, row in files.read(as_csv).rows] == rows
    as_xlsx = files.xlsx_written(heads, rows)
    cells = load_workbook(io.BytesIO(as_xlsx)).worksheets[0][2]
    assert {cell.data_type for cell in cells} == {"s"}
    assert files.read(as_xlsx, "x.xlsx").rows[0][1][:4] == rows[0][:4]
    assert not files.read(as_xlsx, "x.xlsx").formulas


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The sheet is empty"),
        (b"type,type\n1,2", "Column B has no heading, or one that another column has too"),
        (b"type,,when\n1,2,3", "Column B has no heading"),
        (b"type\n1,2", "Row 2 has more cells than there are headings"),
        ("type\nقافلة".encode("cp1256"), "choose “CSV UTF-8” when saving"),
        (b'type\n"open', "Line 2 cannot be read as CSV"),
        (b"type\n\x01", "Row 2 has a control character"),
        (b"type\n" + b"x" * 40_000, "Row 2 has a cell of more than 32767 characters"),
        (b"type\n" + b"x\n" * 20_001, "more than 20000 rows"),
        (",".join(f"c{n}" for n in range(300)).encode(), "more than 200 columns"),
        (b"x" * (files.MOST_BYTES + 1), "has 15.0 megabytes, at most 15 are read"),
    ],
)
def test_what_is_no_sheet_is_refused(content, said):
    assert said in refusal(content)


def test_another_format_is_named():
    assert "“x.xls” is no XLSX file" in refusal(b"\xd0\xcf\x11\xe0", "x.xls")
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w") as bundle:
        bundle.writestr("manifest.json", "{}")
    assert "“b.zip” is no XLSX file. Save it as XLSX or as CSV in UTF-8." in refusal(into.getvalue(), "b.zip")


@pytest.mark.parametrize(
    "name",
    ["xl__externalLinks__externalLink1.xml", "xl__vbaProject.bin", "xl__embeddings__a.bin", "xl__connections.xml"],
)
def test_what_reaches_outside_is_refused(name):
    assert "which no table needs" in refusal(packed(**{name: b"<x/>"}), "x.xlsx")


def test_entities_are_refused():
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'
    assert "declares entities" in refusal(packed(**{"xl__custom.xml": bomb}), "x.xlsx")


def test_a_bomb_is_refused_before_it_goes_off(monkeypatch):
    monkeypatch.setattr(files, "MOST_UNPACKED", 4 << 20)
    assert "unpacks to more than 4 megabytes" in refusal(packed(**{"xl__big.xml": b"\0" * (5 << 20)}), "x.xlsx")


def test_a_million_rows_are_refused(monkeypatch):
    monkeypatch.setattr(files, "MOST_ROWS", 50)
    assert "more than 50 rows" in refusal(book([["type"]] + [["x"]] * 60), "x.xlsx")
    assert "more than 50 rows" in refusal(book([["type"]] + [[""]] * 120 + [["x"]]), "x.xlsx")


def test_a_damaged_book_is_refused():
    whole = book([["type"], ["x"]])
    for content in (whole[:200], b"PK\x03\x04rest", whole[:400] + b"\xff" * 40 + whole[440:]):
        assert refusal(content, "x.xlsx").startswith(("The file is damaged", "The file cannot be read as XLSX"))
