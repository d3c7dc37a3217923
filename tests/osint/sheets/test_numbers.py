"""Numbers in cells: as people write them, and back."""

from itertools import product
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError

from events.choices import VERBAL, Qualifier
from osint.sheets import numbers


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("25", {"best": 25}),
        ("0", {"best": 0}),
        ("1,200", {"best": 1200}),
        ("٢٥", {"best": 25}),
        ("about 25", {"best": 25, "qualifier": "about"}),
        ("~25", {"best": 25, "qualifier": "about"}),
        ("25 about", {"best": 25, "qualifier": "about"}),
        ("قرابة ٢٥", {"best": 25, "qualifier": "about"}),
        ("10-20", {"low": 10, "high": 20}),
        ("10 to 20", {"low": 10, "high": 20}),
        ("≥ 10", {"low": 10}),
        ("10+", {"low": 10}),
        ("at least 10", {"low": 10, "qualifier": "at_least"}),
        ("more than 10", {"low": 10, "qualifier": "more_than"}),
        ("up to 5", {"high": 5, "qualifier": "up_to"}),
        ("25 (20–30)", {"low": 20, "best": 25, "high": 30}),
        ("25 (20–…)", {"low": 20, "best": 25}),
        ("dozens", {"qualifier": "dozens", "phrase": "dozens"}),
        ("dozens “عشرات القتلى”", {"qualifier": "dozens", "phrase": "عشرات القتلى"}),
        ("a great many", {"phrase": "a great many"}),
        ("about 25 “قرابة 25 شاحنة”", {"best": 25, "qualifier": "about", "phrase": "قرابة 25 شاحنة"}),
        ('"some"', {"phrase": "some"}),
    ],
)
def test_a_number_is_read(cell, found):
    assert numbers.read(cell) == numbers.BLANK | found


@pytest.mark.parametrize("cell", ["25_000", "3.99", "1e3", "-5", "25 or so", "NaN7", "20-", "1,20", "25 (20)"])
def test_what_has_digits_and_is_no_number_is_refused(cell):
    with pytest.raises(ValidationError, match=r"is no number\. Write 25, about 25"):
        numbers.read(cell)


@pytest.mark.parametrize("cell", ["-", "—", "?", "²", "n/a", "N/A", "TRUE", "nan", "none", "unknown", "غير معروف", "x"])
def test_what_stands_for_nothing_is_no_wording(cell):
    with pytest.raises(ValidationError, match=r"neither a number nor words of a report\. Leave the cell blank"):
        numbers.read(cell)


def test_every_number_comes_back_as_it_was():
    figures = product((None, 1), (None, 5), (None, 9), ["", *Qualifier.values], ["", "in “these” words"])
    for low, best, high, qualifier, phrase in figures:
        kept = {"low": low, "best": best, "high": high, "qualifier": qualifier, "phrase": phrase}
        says = phrase or (low, best, high) != (None, None, None)
        bound_only = best is not None and low is None and high is None and qualifier in numbers.BOUND
        if says and not bound_only and not (qualifier in VERBAL and best is not None):
            assert numbers.read(numbers.written(SimpleNamespace(**kept))) == kept
