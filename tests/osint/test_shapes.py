"""The forms of lists: which one is asked for, and how each of them is written."""

import csv as reading
import gzip
import json
import zlib
from io import StringIO
from itertools import count, islice
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rest_framework.exceptions import NotAcceptable, ValidationError
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from osint.base.shapes import choosing, csv, geojson, streaming
from osint.base.shapes.geojson import Spot
from osint.base.shapes.negotiation import CSV, ByQuestion, GeoJSON, JSONLines
from osint.base.wire import JSON

# Which form


def chosen(question: str = "", accept: str | None = None) -> str:
    """The form that such a request is answered in."""
    headers = {} if accept is None else {"Accept": accept}
    asked = Request(APIRequestFactory().get(f"/{question}", headers=headers))
    renderer, _type = ByQuestion().select_renderer(asked, [JSON(), JSONLines(), CSV(), GeoJSON()])
    return str(renderer.format)


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        (None, "json"),
        ("*/*", "json"),
        ("text/csv", "csv"),
        ("text/csv; charset=utf-8", "csv"),
        ("TEXT/CSV", "csv"),
        ("text/*", "csv"),
        ("application/x-ndjson", "jsonl"),
        ("application/geo+json, application/json;q=0.5", "geojson"),
        ("application/json;q=0.5, text/csv;q=0.9", "csv"),
        ("text/csv, application/json", "csv"),
        ("text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8", "json"),
        ("application/json;q=0, */*", "jsonl"),
        ("text/csv;q=nonsense", "csv"),
        (", ,;q=1,*/*", "json"),
    ],
)
def test_the_form_is_the_one_that_accept_likes_best(accept, form):
    assert chosen(accept=accept) == form


@pytest.mark.parametrize("accept", ["text/html", "application/json;q=0", "text/csv;q=0.0, image/*", "json", ";"])
def test_what_nobody_takes_is_not_acceptable(accept):
    with pytest.raises(NotAcceptable):
        chosen(accept=accept)


def test_format_comes_before_accept_and_an_unknown_one_is_refused():
    assert chosen("?format=csv", "application/json") == "csv"
    with pytest.raises(ValidationError) as refused:
        chosen("?format=cvs")
    assert "Did you mean “csv”? Known: csv, geojson, json, jsonl." in str(refused.value.detail)


# Tables


def cells(text: str) -> list[list[str]]:
    """What a reader of CSV makes of it."""
    return list(reading.reader(StringIO(text, newline=""), strict=True))


def back(cell: str) -> str:
    """The text that a cell was made of: the documented rule."""
    return cell.removeprefix("'")


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")), min_size=1))
def test_every_text_comes_back_from_its_cell_and_none_begins_a_formula(texts):
    [row] = cells(csv.line(["x", *texts]) + csv.END)
    assert [back(cell) for cell in row[1:]] == texts
    assert not [cell for cell in row if cell[:1] in set("=+-@\t\r\n＝＋－＠") and cell]
    [again] = cells(csv.picked(csv.line(["x", *texts]), list(range(len(texts) + 1))) + csv.END)
    assert again == row


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, ""),
        ("", ""),
        ("=1+1", "'=1+1"),
        ("-3", "'-3"),
        (-3, "-3"),
        (-36.5, "-36.5"),
        (True, "true"),
        ("'quoted'", "''quoted'"),
        ('say "no"', '"say ""no"""'),
        ("one, two", '"one, two"'),
        (" x", '" x"'),
        ("رتل", "رتل"),
        (["a", "b"], "a; b"),
        ([{"a": 1}], '"[{""a"":1}]"'),
        ([], ""),
    ],
)
def test_a_value_stands_in_its_cell_as_it_is(value, cell):
    assert csv.cell(value) == cell


def test_a_table_begins_with_a_mark_that_spreadsheets_know_and_its_lines_end_as_the_standard_says():
    assert csv.head(["a", "b"]) == "\ufeffa,b\r\n"
    assert list(csv.table(["b", "a"], [{"a": 1, "b": "x"}, {"a": 2}])) == ["x,1\r\n", ",2\r\n"]


# Features


def test_a_feature_lies_at_its_points_and_says_how_far_off_each_may_be():
    one, other = Spot(40.7, 36.5, 3_000), Spot(41.0, 36.0, 15_000)
    told: Any = json.loads(geojson.feature("u", [one, other], b'{"type":"arrival"}'))
    assert told == {
        "type": "Feature",
        "id": "u",
        "geometry": {"type": "MultiPoint", "coordinates": [[40.7, 36.5], [41.0, 36.0]]},
        "properties": {"precision_m": 15_000, "precisions_m": [3_000, 15_000], "type": "arrival"},
    }
    point = json.loads(geojson.feature("u", [one], b"{}"))
    assert point["geometry"] == {"type": "Point", "coordinates": [40.7, 36.5]}
    assert point["properties"] == {"precision_m": 3_000, "precisions_m": [3_000]}
    nowhere = json.loads(geojson.feature("u", [], b"{}"))
    assert nowhere["geometry"] is None
    assert nowhere["properties"]["precision_m"] is None


def test_features_are_one_collection():
    for number in range(3):
        some = [b'{"type":"Feature"}'] * number
        told = json.loads(b"".join(geojson.collection(some)))
        assert told == {"type": "FeatureCollection", "features": [{"type": "Feature"}] * number}


# Sending


def test_the_first_piece_comes_at_once_and_the_others_are_large():
    texts = (b"x" * 100 for _number in count())
    first, second = islice(streaming.pieces(texts), 2)
    assert len(first) == 100
    assert streaming.PIECE <= len(second) < streaming.PIECE + 100
    assert b"".join(streaming.pieces([b"a", b"", b"b"])) == b"ab"


def test_what_is_squeezed_can_be_read_piece_by_piece():
    squeezed = streaming.zipped(iter([b"first" * 9, b"second" * 9]))
    start = next(squeezed)
    assert zlib.decompressobj(31).decompress(start) == b"first" * 9
    assert gzip.decompress(start + b"".join(squeezed)) == b"first" * 9 + b"second" * 9


@pytest.mark.parametrize(
    ("sent", "takes"),
    [
        ("", False),
        ("gzip", True),
        ("br, gzip;q=0.5", True),
        ("gzip;q=0", False),
        ("gzip; q=0.0", False),
        ("*", True),
        ("*;q=0, gzip", True),
        ("gzip;q=0, *", False),
    ],
)
def test_gzip_is_for_those_who_read_it(rf, sent, takes):
    assert streaming.takes_gzip(rf.get("/", headers={"Accept-Encoding": sent})) is takes


# Fields


def asked(question: str) -> choosing.Chosen:
    """What such a request chooses among three fields."""
    return choosing.chosen(Request(APIRequestFactory().get(f"/?{question}")), ["uuid", "title", "url"])


def test_fields_are_chosen_and_left_out():
    record = {"uuid": 1, "title": "T", "url": "U"}
    assert asked("").cut(record) is record
    assert list(asked("fields=url,uuid").cut(record)) == ["uuid", "url"]
    assert list(asked("omit=url").cut(record)) == ["uuid", "title"]
    assert list(asked("fields=url,uuid&omit=uuid").cut(record)) == ["url"]
    assert asked("fields=title").cut_text(b'{"uuid":1,"title":"\xd8\xb1"}') == b'{"title":"\xd8\xb1"}'


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("fields=titel", ["fields", "Did you mean “title”?", "Known: title, url, uuid."]),
        ("omit=x", ["omit", "“x”"]),
        ("fields=title,,url", ["fields", "“title,,url”", "empty place"]),
        ("omit=uuid,title,url", ["omit", "Nothing is left"]),
    ],
)
def test_an_unknown_field_is_refused_by_name(question, words):
    with pytest.raises(ValidationError) as refused:
        asked(question)
    assert all(word in str(refused.value.detail) for word in words)
