"""Tests of reading dates: every EDTF form we keep, and a sentence for each that we don't."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from edtf import parse_edtf
from hypothesis import given, settings
from hypothesis import strategies as st

from osint.base.dates import MAX_LENGTH, When, contains, describe, may_overlap, parse

NOV_1, NOV_3, NOV_15, NOV_30 = date(2025, 11, 1), date(2025, 11, 3), date(2025, 11, 15), date(2025, 11, 30)

days = st.dates(min_value=date(1, 1, 1), max_value=date(9999, 12, 31)).map(date.isoformat)


@pytest.mark.parametrize(
    ("text", "earliest", "latest", "kind"),
    [
        ("2025-11-12", date(2025, 11, 12), date(2025, 11, 12), "day"),
        ("2025-11", NOV_1, NOV_30, "span"),
        ("2025", date(2025, 1, 1), date(2025, 12, 31), "span"),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29), "span"),
        ("2025-11-01/2025-11-15", NOV_1, NOV_15, "span"),
        ("2025-11/2025-11-15", NOV_1, NOV_15, "span"),
        ("2025-11-15/2025-11", NOV_15, NOV_30, "span"),
        ("2025-11~", NOV_1, NOV_30, "span"),
        ("2025-11-03?", NOV_3, NOV_3, "day"),
        ("2025-11-03%", NOV_3, NOV_3, "day"),
        ("2025-11-01~/2025-11-15?", NOV_1, NOV_15, "span"),
        ("202X", date(2020, 1, 1), date(2029, 12, 31), "span"),
        ("20XX", date(2000, 1, 1), date(2099, 12, 31), "span"),
        ("2025-XX", date(2025, 1, 1), date(2025, 12, 31), "span"),
        ("2025-XX-XX", date(2025, 1, 1), date(2025, 12, 31), "span"),
        ("2025-11-XX", NOV_1, NOV_30, "span"),
        ("2025-11-XX~", NOV_1, NOV_30, "span"),
        ("0001", date(1, 1, 1), date(1, 12, 31), "span"),
        ("9999", date(9999, 1, 1), date(9999, 12, 31), "span"),
        ("[2025-11-01,2025-11-03]", NOV_1, NOV_3, "one of"),
        ("[2025-11-03,2025-11-01]", NOV_1, NOV_3, "one of"),
        ("{2025-11-01,2025-11-03}", NOV_1, NOV_3, "every"),
        ("[2025-11-01..2025-11-15]", NOV_1, NOV_15, "one of"),
        ("{2025-11-01..2025-11-03,2025-11-15}", NOV_1, NOV_15, "every"),
        ("[2025-10,2025-11]", date(2025, 10, 1), NOV_30, "one of"),
    ],
)
def test_a_date_has_the_bounds_that_its_text_allows(text, earliest, latest, kind):
    assert parse(text) == When(text, earliest, latest)
    assert parse(text).kind == kind
    assert parse(text).is_set is (kind in {"one of", "every"})


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("2025-11-01/", NOV_1, None),
        ("2025-11-01/..", NOV_1, None),
        ("/2025-11-15", None, NOV_15),
        ("../2025-11-15", None, NOV_15),
        ("[..2025-11-15]", None, NOV_15),
        ("[2025-11-01..]", NOV_1, None),
        ("{2025-11-01,2025-11-03..}", NOV_1, None),
        ("[..2025-11-01,2025-11-03]", None, NOV_3),
    ],
)
def test_an_open_end_has_no_bound_rather_than_an_invented_one(text, earliest, latest):
    assert parse(text) == When(text, earliest, latest)


@pytest.mark.parametrize(
    ("given_text", "canonical"),
    [
        (" 2025-11-12\n", "2025-11-12"),
        ("[2025-11-01, 2025-11-03]", "[2025-11-01,2025-11-03]"),
        ("{ 2025-11-01 ,\t2025-11-03 }", "{2025-11-01,2025-11-03}"),
        ("[2025-11-01 .. 2025-11-03]", "[2025-11-01..2025-11-03]"),
    ],
)
def test_blanks_around_a_date_and_inside_a_set_go(given_text, canonical):
    assert parse(given_text).edtf == canonical


@pytest.mark.parametrize(
    "text",
    [
        "", "2025-02-30", "2025-02-29", "2025-04-31", "2025-13", "2025-00", "2025-11-00", "2025-30-30", "2025-11-1",
        "12/11/2025", "Nov 2025", "0000", "000X", "00XX", "XXXX", "-0044", "10000", "Y170000002", "1950S2",
        "2025-11-12T10:00:00Z", "2025-XX-12", "1X25", "2025?-11", "?2025-11", "2025-11-XX/2025-12", "2025 -11",
        "[2025-11-01]", "[]", "[,]", "[2025-11-01,]", "[2025-11-01,,2025-11-03]", "[2025~,2026]",
        "[2025-11-01,2025-11-03}",
        "[2025-1 1-01,2025-11-03]", "[[2025-11-01,2025-11-03]]", "2025-11-01/2025-11-03/2025-11-15", "2025-11-01/open",
        "2025\u201311", "٢٠٢٥", "２０２５", "2025-11-01\x00", "\ud800", "\x1b[31m2025",
    ],
)  # fmt: skip
def test_what_is_not_a_date_is_refused_with_the_way_out(text):
    with pytest.raises(ValidationError) as refusal:
        parse(text)
    [sentence] = refusal.value.messages
    assert "is not a date" in sentence
    assert "[2025-11-01,2025-11-03] for one of these days" in sentence
    sentence.encode()  # a lone surrogate in the answer would break the answer
    assert sentence.isprintable()


@pytest.mark.parametrize(
    "text", ["2025-11-15/2025-11-01", "2025-12/2025-11", "[2025-11-03..2025-11-01]", "2025-11-15~/2025-11-01"]
)
def test_an_end_before_its_start_is_refused_in_words_of_its_own(text):
    with pytest.raises(ValidationError, match="ends before it starts") as refusal:
        parse(text)
    assert refusal.value.code == "edtf_reversed"


@pytest.mark.parametrize("text", ["2025-21", "2025-24", "2025-24/2026", "2025-33", "2025-22~", "[2025-21,2025-22]"])
def test_a_season_is_refused_because_its_days_are_not_agreed(text):
    with pytest.raises(ValidationError, match="season"):
        parse(text)


@pytest.mark.parametrize("text", ["/", "..", "../..", "/..", "../", "[..2025-11-01,2025-11-03..]"])
def test_a_date_that_is_open_at_both_ends_is_refused(text):
    with pytest.raises(ValidationError):
        parse(text)


@pytest.mark.parametrize("text", ["2" * 201, "x" * 10_000_000, "[" * 10_000, "[" + "2025," * 100 + "2025]"])
def test_a_text_too_long_for_a_date_is_refused_by_its_length(text):
    with pytest.raises(ValidationError) as refusal:
        parse(text)
    assert refusal.value.code == "edtf_too_long"
    assert str(MAX_LENGTH) in refusal.value.messages[0]
    assert len(refusal.value.messages[0]) < 200


def test_ten_megabytes_of_blanks_are_an_empty_date():
    with pytest.raises(ValidationError, match="not a date"):
        parse(" " * 10_000_000)


@given(st.text(alphabet=st.characters(), max_size=60))
@settings(deadline=None)
def test_any_text_is_a_date_or_a_validation_error(text):
    read_or_refuse(text)


@given(st.text(alphabet="0123456789-/.[]{},~?%XTYES :", max_size=40))
@settings(deadline=None, max_examples=200)
def test_any_text_of_date_characters_is_a_date_or_a_validation_error(text):
    read_or_refuse(text)


@given(
    st.from_regex(
        r"[\[{]?[0-9X]{4}(-[0-9X]{2}){0,2}[~?%]?(/|\.\.|,)[0-9]{4}(-[0-9X]{2}){0,2}[~?%]?[\]}]?", fullmatch=True
    )
)
@settings(deadline=None, max_examples=200)
def test_any_text_of_the_shape_of_a_date_is_a_date_or_a_validation_error(text):
    read_or_refuse(text)


def read_or_refuse(text):
    try:
        when = parse(text)
    except ValidationError as refusal:
        [sentence] = refusal.messages
        assert sentence.encode()
        return
    assert parse(when.edtf) == when
    assert when.earliest is None or when.latest is None or when.earliest <= when.latest
    assert describe(when)
    assert describe(when, "ar")


@given(days, days)
@settings(deadline=None, max_examples=20)
def test_two_days_make_an_interval_and_sets_that_the_library_reads_alike(one, other):
    first, last = sorted([one, other])
    for text in (f"{first}/{last}", f"[{one},{other}]", f"{{{first}..{last}}}"):
        when, reading = parse(text), parse_edtf(text)
        assert when.earliest == date(*reading.lower_strict()[:3])
        assert when.latest == date(*reading.upper_strict()[:3])


@given(days, days, days, days)
@settings(deadline=None, max_examples=50)
def test_an_interval_holds_another_exactly_when_no_day_of_it_lies_outside(a, b, c, d):
    (start, end), (first, last) = sorted([a, b]), sorted([c, d])
    outer, inner = parse(f"{start}/{end}"), parse(f"{first}/{last}")
    assert contains(outer, inner) == (start <= first and last <= end)
    assert contains(outer, outer)
    if contains(outer, inner):
        assert may_overlap(outer, inner.earliest, inner.latest)


@pytest.mark.parametrize(
    ("outer", "inner", "answer"),
    [
        ("2025-11", "2025-11-12", True),
        ("2025-11-12", "2025-11", False),
        ("/2025-11-15", "2025-11-15", True),
        ("/2025-11-15", "../2025-11-15", True),
        ("2025-11-01/..", "2025-11-03/2025-11-15", True),
        ("2025-11-01/..", "/2025-11-15", False),
        ("2025-11", "2025-11-03/..", False),
        ("2025-11", "[2025-11-01,2025-11-03]", True),
        ("2025-11-01/2025-11-02", "[2025-11-01,2025-11-03]", False),
        ("[2025-11-01,2025-11-03]", "[2025-11-01, 2025-11-03]", True),
        ("[2025-11-01,2025-11-03]", "2025-11-01", False),
        ("[2025-11-01,2025-11-03]", "{2025-11-01,2025-11-03}", False),
        ("[2025-11-01..]", "[2025-11-01..]", True),
    ],
)
def test_a_span_holds_what_lies_inside_and_a_set_only_itself(outer, inner, answer):
    assert contains(parse(outer), parse(inner)) is answer


@pytest.mark.parametrize(
    ("outer", "inner", "answer"),
    [
        ("2025-11-12", "2025-11-12~", False),
        ("2025-11-12", "2025-11-12?", False),
        ("2025-11-12", "2025-11-12%", False),
        ("2025-11", "2025-11~", False),
        ("2025-11-01/2025-11-15", "2025-11-01~/2025-11-15", False),
        ("2025-11-01/2025-11-15", "2025-11-01/2025-11-15?", False),
        ("../2025-11-15", "/2025-11-15~", False),
        ("2025-11", "2025-11-12~", True),
        ("2025-11-12/2025-11-13", "2025-11-12?", True),
        ("../2025-11-12", "2025-11-12~", True),
        ("2025-11-12~", "2025-11-12~", True),
        ("2025-11-12~", "2025-11-12", True),
        ("2025-11-12~", "2025-11-12?", True),
    ],
)
def test_a_doubtful_date_is_not_held_by_a_plain_one_with_the_same_bounds(outer, inner, answer):
    assert contains(parse(outer), parse(inner)) is answer


@pytest.mark.parametrize(
    ("text", "date_from", "date_to", "answer"),
    [
        ("2025-11-01/2025-11-15", NOV_15, NOV_30, True),
        ("2025-11-01/2025-11-15", date(2025, 11, 16), None, False),
        ("2025-11-03", None, NOV_3, True),
        ("2025-11-03", None, NOV_1, False),
        ("/2025-11-03", date(1, 1, 1), NOV_1, True),
        ("2025-11-03/", date(2030, 1, 1), None, True),
        ("2025-11", None, None, True),
    ],
)
def test_a_range_meets_whatever_may_have_happened_in_it(text, date_from, date_to, answer):
    assert may_overlap(parse(text), date_from, date_to) is answer


@pytest.mark.parametrize(
    ("text", "english", "arabic"),
    [
        ("2025-11-02", "2 November 2025", "2 تشرين الثاني/نوفمبر 2025"),
        ("2025-11", "November 2025", "تشرين الثاني/نوفمبر 2025"),
        ("2025", "2025", "2025"),
        ("2025-11-01/2025-11-15", "1–15 November 2025", "من 1 إلى 15 تشرين الثاني/نوفمبر 2025"),
        ("2025-10-28/2025-11-03", "28 October 2025 – 3 November 2025", None),
        ("2025-11-01~/2025-11-15", "about 1 November 2025 – 15 November 2025", None),
        ("../2025-11-16", "until 16 November 2025", "حتى 16 تشرين الثاني/نوفمبر 2025"),
        ("/2025-11-16", "until 16 November 2025, from when is not known", None),
        ("2025-11-16/..", "from 16 November 2025 on", None),
        ("2025-11-16/", "from 16 November 2025, until when is not known", None),
        (
            "[2025-10-24,2025-10-28]",
            "one of 24, 28 October 2025 (which is not known)",
            "أحد هذه التواريخ: 24، 28 تشرين الأول/أكتوبر 2025 (غير معروف أيها)",
        ),
        ("{2025-10-28,2025-11-01}", "every one of 28 October 2025, 1 November 2025", None),
        ("{2025-11-01..2025-11-03,2025-12}", "every one of 1–3 November 2025, December 2025", None),
        ("[2025-11-01..2025-11-03]", "one day (which is not known): 1–3 November 2025", None),
        ("[..2025-11-03]", "one day (which is not known): until 3 November 2025", None),
        ("2025-11~", "about November 2025", "نحو تشرين الثاني/نوفمبر 2025"),
        ("2025-11-12?", "12 November 2025 (uncertain)", "12 تشرين الثاني/نوفمبر 2025 (غير مؤكد)"),
        ("2025%", "about 2025 (uncertain)", None),
        ("2025-11-XX", "some day in November 2025", "أحد أيام تشرين الثاني/نوفمبر 2025"),
        ("2025-XX-XX", "some day in 2025", None),
        ("2025-XX", "some month of 2025", "أحد أشهر 2025"),
        ("202X", "some year from 2020 to 2029", "سنة ما من 2020 إلى 2029"),
    ],
)
def test_a_date_can_be_said_in_words(text, english, arabic):
    assert describe(parse(text)) == english
    assert arabic is None or describe(parse(text), "ar") == arabic


def test_an_interface_language_without_words_of_its_own_reads_english():
    assert describe(parse("2025-11"), "fr") == "November 2025"
