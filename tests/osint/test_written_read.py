"""A date typed into a field: what is understood, what is taken from the report at hand, and what is refused."""

import re
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from osint.base import dates
from osint.base.fields import check_edtf
from osint.base.written import explain, read

PUBLISHED = date(2025, 11, 16)
DOCUMENTATION = Path(__file__).resolve().parents[2] / "docs" / "dates.md"
# Typed without a report at hand: the words say it all.
WHOLE = {
    "2025-11-12": "2025-11-12",
    " 2025-11 ": "2025-11",
    "{2025-11-01, 2025-11-03}": "{2025-11-01,2025-11-03}",
    "2025-11-1": "2025-11-01",
    "12/11/2025": "2025-11-12",
    "12/11/25": "2025-11-12",
    "12.11.2025": "2025-11-12",
    "12-11-2025": "2025-11-12",
    "12 / 11 / 2025": "2025-11-12",
    "25/12/2025": "2025-12-25",
    "12/25/2025": "2025-12-25",
    "11/2025": "2025-11",
    "١٢/١١/٢٠٢٥": "2025-11-12",
    "12 November 2025": "2025-11-12",
    "on 12 November 2025.": "2025-11-12",
    "november 12th, 2025": "2025-11-12",
    "12nov2025": "2025-11-12",
    "Nov 2025": "2025-11",
    "november 2025?": "2025-11?",
    "5 may 2025": "2025-05-05",
    "about 12 November 2025": "2025-11-12~",
    "first half of November 2025": "2025-11-01/2025-11-15",
    "early October 2025": "2025-10-01~/2025-10-10~",
    "mid october 2024": "2024-10-11~/2024-10-20~",
    "late October 2025": "2025-10-21~/2025-10-31~",
    "3-5 Nov 2024": "2024-11-03/2024-11-05",
    "between 3 and 5 Nov 2024": "2024-11-03/2024-11-05",
    "from 28 October to 3 November 2025": "2025-10-28/2025-11-03",
    "1, 2 and 6 Nov 2025": "{2025-11-01,2025-11-02,2025-11-06}",
    "3 November and 5 December 2025": "{2025-11-03,2025-12-05}",
    "1 or 2 November 2025": "[2025-11-01,2025-11-02]",
    "since 3 Nov 2025": "2025-11-03/..",
    "since 2019": "2019/..",
    "until 3 Nov 2025": "../2025-11-03",
    "before November 2025": "../2025-10-31",
    "after 3 Nov 2025": "2025-11-04/..",
    "two days before 13 November 2025": "2025-11-11",
    "12 نوفمبر 2025": "2025-11-12",
    "في ١٢ تشرين الثاني ٢٠٢٥": "2025-11-12",
    "أواخر تشرين الأول 2025": "2025-10-21~/2025-10-31~",
    "بين 3 و5 تشرين الثاني 2025": "2025-11-03/2025-11-05",
    "قبل يومين من 13 نوفمبر 2025": "2025-11-11",
    "آب 2025": "2025-08",
}
# Typed beside a report of 16 November 2025.
BESIDE = {
    "12 November": "2025-11-12",
    "12/11": "2025-11-12",
    "20 Dec": "2024-12-20",
    "12 نوفمبر/تشرين الثاني": "2025-11-12",
    "النصف الأول من نوفمبر": "2025-11-01/2025-11-15",
    "أواخر تشرين الأول": "2025-10-21~/2025-10-31~",
    "(24.28 تشرين الأول) و(1.6 تشرين الثاني)": "{2025-10-24,2025-10-28,2025-11-01,2025-11-06}",
    "3 November and 5 December": "{2024-11-03,2024-12-05}",
    "قبل يومين": "2025-11-14",
    "يوم أمس الأول": "2025-11-14",
    "yesterday": "2025-11-15",
    "Wednesday": "2025-11-12",
    "next month": "2025-12",
    "tomorrow": "2025-11-17",
    "الأسبوع الماضي": "2025-11-03~/2025-11-09~",
    "since 3 November": "2025-11-03/2025-11-16",
}
REFUSED = {
    "12 November": ("date_no_year", "names no year"),
    "النصف الأول من نوفمبر": ("date_no_year", "Add the year"),
    "yesterday": ("date_no_publication", "counts from a publication date"),
    "two days earlier": ("date_no_anchor", "counts from a date that is not said"),
    "31 November 2025": ("date_no_such_day", "has no day 31"),
    "31/11/2025": ("date_no_such_day", "has no day 31"),
    "2025-02-30": ("date_no_such_day", "has no day 30"),
    "29 February 2023": ("date_no_such_day", "has no day 29"),
    "15 - 3 November 2025": ("date_reversed", "ends before it starts"),
    "2025-11-15/2025-11-01": ("edtf_reversed", "ends before it starts"),
    "12 November 2025 at the base": ("date_in_part", "“12 November 2025” is read as 2025-11-12"),
    "November 2025 to the base in 2024": ("date_several", "holds several dates"),
    "spring 2025": ("date_season", "names a season"),
    "2025-22": ("edtf_season", "names a season"),
    "../..": ("edtf_open", "both ends open"),
    "soon": ("date_unread", "Write it like 12 November 2025"),
    "12": ("date_unread", "Write it like 12 November 2025"),
    "3–5 November 2025?": ("date_unread", "is not read as a date"),
    "1" * 201: ("edtf_too_long", "too long"),
}


def test_what_says_all_of_itself_is_read_without_a_report():
    assert {text: read(text).edtf for text in WHOLE} == WHOLE


def test_what_leaves_something_out_is_read_beside_a_report():
    assert {text: read(text, PUBLISHED).edtf for text in BESIDE} == BESIDE
    assert "stated" not in {read(text, PUBLISHED).basis for text in BESIDE}


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_no_date_is_refused_with_a_way_out(text):
    code, sentence = REFUSED[text]
    with pytest.raises(ValidationError) as caught:
        read(text)
    assert caught.value.code == code
    assert sentence in caught.value.messages[0]


def test_a_date_in_digits_has_the_day_first_and_that_is_said():
    found = read("03/04/2025")
    assert (found.edtf, found.basis, explain(found)) == (
        "2025-04-03", "stated", ["Read with the day before the month."]
    )  # fmt: skip
    assert explain(read("25/12/2025")) == explain(read("4/4/2025")) == []


def test_the_bounds_are_those_of_the_edtf_text():
    for text in WHOLE:
        found = read(text)
        when = dates.parse(found.edtf)
        assert (when.edtf, when.earliest, when.latest) == (found.edtf, found.earliest, found.latest)


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=40), st.one_of(st.none(), st.dates()))
def test_whatever_is_typed_is_read_or_refused_in_words(text, published):
    found = None
    with suppress(ValidationError):
        found = read(text, published)
    assert found is None or dates.parse(found.edtf).edtf == found.edtf


@settings(deadline=None, max_examples=60)
@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_a_day_in_words_of_either_language_is_read_back(day):
    when = dates.parse(day.isoformat())
    for language in ("en", "ar"):
        found = read(dates.describe(when, language))
        assert (found.edtf, found.basis) == (day.isoformat(), "stated")


def test_the_examples_of_the_documentation_are_true():
    rows = re.findall(r"^\| `(.+?)` \| `(.+?)` \|$", DOCUMENTATION.read_text(), re.MULTILINE)
    assert len(rows) > 50
    assert [(text, read(text, PUBLISHED).edtf) for text, _edtf in rows] == rows


def test_a_program_that_sends_words_is_told_the_edtf_text_that_they_may_mean():
    with pytest.raises(ValidationError) as caught:
        check_edtf("12 November 2025")
    assert "is not a date" in caught.value.messages[0]
    assert caught.value.messages[1:] == ["It may mean 2025-11-12: send that."]
