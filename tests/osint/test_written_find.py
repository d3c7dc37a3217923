"""Dates in running text: what is found in sentences of either language, where, and what it rests on."""

import re
import time
import unicodedata
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from osint.base import dates
from osint.base.text import fold
from osint.base.written import explain, find, read, reason
from osint.base.written.words import KINDS, WORDS
from tests.osint.written_arabic import SENTENCES as ARABIC
from tests.osint.written_english import SENTENCES as ENGLISH

PUBLISHED = date(2025, 11, 16)
SENTENCES = ARABIC + ENGLISH
# What a text is made of that is nothing but dates, and the beginnings and ends of dates.
fragments = st.one_of(
    st.sampled_from([*sorted(WORDS), "تشرين", "كانون", "عشر", "والعشرين", "twenty", "March", "May", "ـ", "ال"]),
    st.sampled_from([*"0123456789٣۳/.-–,،()&?!\n", "12", "31", "29", "2024", "2025", "th", "24.28", "12/11/2025"]),
    st.text(max_size=3),
)
texts = st.lists(st.tuples(fragments, st.sampled_from(["", " "])).map("".join), max_size=25).map("".join)
publications = st.one_of(st.none(), st.just(PUBLISHED), st.dates())


def found_in(text, published=PUBLISHED):
    return [one.edtf for one in find(text, published)]


def test_each_sentence_has_its_dates():
    differing = [(text, expected, found_in(text)) for text, expected in SENTENCES if found_in(text) != expected]
    assert not differing


def with_tatweel(text):
    return re.sub("(?<=[ب-ي])(?=[ب-ي])", "ـ", text)


@pytest.mark.parametrize(
    "spelled",
    [
        with_tatweel,
        lambda text: unicodedata.normalize("NFD", text),
        lambda text: text.translate(str.maketrans("أإآ", "ااا")),
        lambda text: text.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")),
        lambda text: text.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")),
        lambda text: text.replace(" ", "\u00a0"),
        lambda text: text.replace("و", "و\u064e"),
        lambda text: f"\u200f{text}\u200f",
    ],
    ids=["tatweel", "decomposed", "no hamza", "Arabic digits", "Persian digits", "hard blanks", "vowels", "marks"],
)
def test_an_arabic_sentence_has_the_same_dates_in_any_spelling(spelled):
    differing = [(text, found_in(spelled(text))) for text, expected in ARABIC if found_in(spelled(text)) != expected]
    assert not differing


def test_a_phrase_is_given_as_it_stands_in_the_text():
    text = "وصل الرتل فـجر يوم 12 نُوفَمْبَرَ، ثم عاد."
    [one] = find(text, PUBLISHED)
    assert text[one.start : one.end] == "12 نُوفَمْبَرَ"
    assert (one.earliest, one.latest) == (date(2025, 11, 12), date(2025, 11, 12))
    text = "وصل الرتل مساء الأربعاء."
    [one] = find(text, PUBLISHED)
    assert text[one.start : one.end] == "مساء الأربعاء"


@settings(deadline=None, max_examples=60)
@given(texts, publications)
def test_any_text_can_be_searched_and_each_date_found_in_it_is_whole(text, published):
    end = 0
    for one in find(text, published):
        assert end <= one.start < one.end <= len(text)
        end = one.end
        when = dates.parse(one.edtf)
        assert (when.edtf, when.earliest, when.latest) == (one.edtf, one.earliest, one.latest)
        assert all(explain(one)) or not one.inferred
        assert bool(reason(one)) is (one.basis != "stated")


@settings(deadline=None, max_examples=60)
@given(texts, publications)
def test_a_date_that_says_all_of_itself_reads_alone_as_in_its_text(text, published):
    for one in find(text, published):
        if not one.inferred and one.rule in {"day", "part_of", "list_of_days", "days_from_to", "month"}:
            alone = read(text[one.start : one.end], published)
            assert (alone.edtf, alone.basis) == (one.edtf, one.basis)


def test_every_phrase_of_our_sentences_reads_alone_as_in_its_text():
    for text, _expected in SENTENCES:
        for one in find(text, PUBLISHED):
            if not {"anchor", "shared_year"} & set(one.inferred):
                assert read(text[one.start : one.end], PUBLISHED).edtf == one.edtf


def test_the_year_is_that_of_the_latest_such_day_not_after_publication():
    assert found_in("في 20 كانون الأول", date(2026, 1, 5)) == ["2025-12-20"]
    assert found_in("on 5 January", date(2026, 1, 5)) == ["2026-01-05"]
    assert found_in("on 6 January", date(2026, 1, 5)) == ["2025-01-06"]
    assert found_in("on 29 February", date(2023, 1, 5)) == ["2020-02-29"]


def test_without_a_publication_only_what_says_its_year_is_found():
    assert found_in("On 3 November, yesterday, and on 5 November 2024.", None) == ["2024-11-05"]


def test_what_was_inferred_is_said_in_words():
    [year] = find("on 12 November", PUBLISHED)
    assert (year.basis, explain(year)) == (
        "inferred", ["The year is taken from the publication date, 16 November 2025."]
    )  # fmt: skip
    _first, counted = find("On 13 November a drill was held, and two days earlier another.", PUBLISHED)
    assert (counted.basis, counted.anchor) == ("derived", date(2025, 11, 13))
    assert reason(counted) == "“two days earlier”: Counted from 13 November 2025, the date given before."
    [weekday] = find("on Monday 12 November 2025", PUBLISHED)
    assert explain(weekday) == ["The weekday named is not that of this date."]
    [stated] = find("on 12 November 2025", PUBLISHED)
    assert (stated.basis, reason(stated)) == ("stated", "")


def test_a_day_told_of_counts_for_its_own_paragraph_and_the_next():
    assert found_in("On 3 November it began.\n\nThe next day it ended.") == ["2025-11-03", "2025-11-04"]
    assert found_in("On 3 November it began.\nThen.\nMore.\nThe next day it ended.") == ["2025-11-03"]
    assert found_in("في 13 نوفمبر بدأ.\nجاء بعد تدريب قبل يومين.") == ["2025-11-13", "2025-11-14"]


@pytest.mark.parametrize("piece", ["1.", "1,", "1 و", "(1 تشرين الثاني) و", "3 نوفمبر، ", "a", "و", "12/", "من ", "\n"])
def test_no_text_takes_more_time_than_its_length(piece):
    began = time.process_time()
    find(piece * (50_000 // len(piece)), PUBLISHED)
    assert time.process_time() - began < 2


def test_a_long_report_is_searched_in_well_under_a_second():
    text = "\n".join(sentence for sentence, _dates in SENTENCES)
    text *= 100_000 // len(text) + 1
    find(text, PUBLISHED)
    began = time.process_time()
    find(text, PUBLISHED)
    assert time.process_time() - began < 1


def test_each_word_is_folded_and_of_a_kind_that_is_written_down():
    assert {kind for kind, _value in WORDS.values()} <= set(KINDS)
    assert [word for word in WORDS if word != "&" and fold(word) != word] == []
