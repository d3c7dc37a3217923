"""Lists record by record: however they come in pieces, each record is found, and what is laid out otherwise refused."""

import pytest

from osint.bundle import layout
from osint.bundle.entries import Refusal

MANY = b'{\n  "a": {\n    "b": "}"\n  }\n}'
ONE = b'{"a": "\xd9\x82"}'
LIST = b"[\n" + b",\n".join([MANY, ONE, ONE, MANY]) + b"\n]\n"


def pieces(data, size):
    return [data[start : start + size] for start in range(0, len(data), size)]


def test_records_are_found_however_the_file_comes():
    for size in (*range(1, 60), 1_000):
        assert list(layout.records(pieces(LIST, size), "x")) == [MANY, ONE, ONE, MANY]


@pytest.mark.parametrize("size", [1, 2, 7, 1_000])
def test_a_list_that_was_cut_off_anywhere_is_refused(size):
    for length in range(len(LIST)):
        with pytest.raises(Refusal, match=r"x, line|x ends before"):
            list(layout.records(pieces(LIST[:length], size), "x"))


def test_an_empty_list_has_no_records():
    assert list(layout.records([b"[\n]\n"], "x")) == []


@pytest.mark.parametrize(
    "data",
    [b"[\n]", b"[\n]\n\n", b"[\n]\nx", b"[]\n", b" [\n]\n", b"[\n{\n},\n]\n", b"[\n{\n}\n{\n}\n]\n", b"[\n{\n}x\n]\n",
     b"[\n{}x\n]\n", b"[\n {}\n]\n", b"[\n]\n]\n", b"[\r\n]\r\n", b"[\n{},,\n]\n", b"[\n,\n]\n"],
    ids=repr,
)  # fmt: skip
@pytest.mark.parametrize("size", [1, 1_000])
def test_what_is_laid_out_otherwise_is_refused_or_no_json(data, size):
    try:
        found = list(layout.records(pieces(data, size), "x"))
    except Refusal:
        return
    assert b"{},," in data
    assert found == [b"{},"]


def test_a_record_without_an_end_is_not_read_to_its_end(monkeypatch):
    monkeypatch.setattr(layout, "LONGEST", 1_000)
    read = []

    def endless():
        yield b"[\n{\n"
        for number in range(100):
            read.append(number)
            yield b"x" * 100

    with pytest.raises(Refusal, match="x, line 2"):
        list(layout.records(endless(), "x"))
    assert len(read) < 15
