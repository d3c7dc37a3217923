"""Numbers in Arabic and English text, as digits and in words."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.reading.numbers import Number, number_at
from events.reading.pieces import pieces


def numbers_in(text):
    row, found, at = pieces(text), [], 0
    while at < len(row):
        number = number_at(row, at)
        found += [number] if number else []
        at = number.last if number else at + 1
    return found


def values_in(text):
    return [number.whole for number in numbers_in(text)]


ARABIC = {
    "واحد": 1, "واحدة": 1, "اثنان": 2, "اثنتان": 2, "اثنين": 2, "اثنتين": 2, "إثنين": 2, "ثلاث": 3, "ثلاثة": 3,
    "أربع": 4, "أربعة": 4, "خمس": 5, "خمسة": 5, "ست": 6, "ستة": 6, "سبع": 7, "سبعة": 7, "ثمان": 8, "ثماني": 8,
    "ثمانية": 8, "تسع": 9, "تسعة": 9, "عشر": 10, "عشرة": 10, "أحد عشر": 11, "إحدى عشرة": 11, "اثنا عشر": 12,
    "اثني عشر": 12, "اثنتا عشرة": 12, "اثنتي عشرة": 12, "ثلاثة عشر": 13, "ثلاث عشرة": 13, "أربعة عشر": 14,
    "خمس عشرة": 15, "ستة عشر": 16, "سبع عشرة": 17, "ثمانية عشر": 18, "ثماني عشرة": 18, "تسعة عشر": 19, "عشرون": 20,
    "عشرين": 20, "ثلاثين": 30, "أربعون": 40, "خمسين": 50, "ستون": 60, "سبعين": 70, "ثمانون": 80, "تسعين": 90,
    "خمسة وعشرون": 25, "خمس وعشرين": 25, "خمسة و عشرين": 25, "مئة": 100, "مائة": 100, "مئة وعشرة": 110, "مئتان": 200,
    "مائتين": 200, "ثلاثمئة": 300, "ثلاثمائة": 300, "ثلاث مئة": 300, "ثمانمئة": 800, "مئة وخمسة وعشرون": 125,
    "ألف": 1000, "ألفا": 1000, "ألفان": 2000, "ألفين": 2000, "ثلاثة آلاف": 3000, "خمسة عشر ألفاً": 15_000,
    "مئة ألف": 100_000, "ألف ومئتان": 1200, "ثلاثة آلاف ومئة وعشرة": 3110, "مئتا ألف وثلاثة": 200_003,
    "مليون": 10**6, "مليونان": 2 * 10**6, "مليون ومئة ألف": 1_100_000,
}  # fmt: skip
ENGLISH = {
    "one": 1, "two": 2, "ten": 10, "eleven": 11, "twelve": 12, "nineteen": 19, "twenty": 20, "twenty-five": 25,
    "twenty five": 25, "Forty": 40, "a hundred": 100, "one hundred": 100, "one hundred and five": 105,
    "a hundred and twenty": 120, "three hundred": 300, "two thousand": 2000, "twenty-five thousand": 25_000,
    "two thousand three hundred": 2300, "a dozen": 12, "two dozen": 24, "half a dozen": 6, "a million": 10**6,
    "two million three hundred thousand": 2_300_000,
}  # fmt: skip
DIGITS = {
    "25": 25, "٢٥": 25, "۲۵": 25, "1,200": 1200, "1.200": 1200, "١٬٢٠٠": 1200, "1،200": 1200, "1\u00a0200": 1200,
    "1,234,567": 1_234_567, "3 آلاف": 3000, "25 ألف": 25_000, "1.5 مليون": 1_500_000, "1.5 million": 1_500_000,
    "2 dozen": 24, "3 hundred": 300,
}  # fmt: skip


def test_a_number_is_read_whole_in_all_its_forms():
    for written, value in (ARABIC | ENGLISH | DIGITS).items():
        assert values_in(f"… {written} …") == [value], written


def test_a_number_is_read_behind_what_arabic_writes_as_one_with_it():
    for written in ("وثلاثة", "بثلاثة", "لثلاثة", "فثلاثة", "وبثلاثة", "و3", "ب3", "بـ3", "و 3"):
        assert values_in(f"قيل {written} هنا") == [3], written


def test_the_letters_before_a_number_are_no_part_of_it():
    (number,) = numbers_in("قيل وثلاثة")
    assert "قيل وثلاثة"[number.start : number.end] == "ثلاثة"


@pytest.mark.parametrize("text", ["خمسة وثلاثة", "خمسة، وثلاثة", "5 و3", "five and three", "five, three"])
def test_two_numbers_stay_two(text):
    assert values_in(text) == [5, 3]


def test_and_before_a_number_is_told():
    assert [number.joined for number in numbers_in("3 هنا و5 هناك، وسبعة and two, six")] == [
        False, True, True, True, False,
    ]  # fmt: skip


def test_a_number_with_the_article_was_spoken_of_before():
    for text in ("منطقة الـ55", "خلال الـ 48 ساعة", "القواعد الثلاث", "يوم الاثنين", "the three men"):
        assert [number.definite for number in numbers_in(text)] == [True], text


NO_NUMBERS = (
    "12/11/2025", "2025-11-12", "12-11-2025", "12.11.2025", "12:30", "M4", "T-55", "F16", "12mm", "3rd", "1st", "50%",
    "50 %", "٪50", "٣٠٪", "$300", "€5", "+963", "#4", "24.28", "1.6.8.13", "123456789012345", "لست", "a truck", "آلاف",
    "dozens", "thousands", "الثالث", "الأربعاء", "الخميس", "third", "tenth",
)  # fmt: skip


def test_dates_times_shares_money_and_designations_are_no_numbers():
    for text in NO_NUMBERS:
        assert [number for number in numbers_in(f"in {text} x") if not number.definite] == [], text


def test_the_number_of_an_item_in_a_list_is_none():
    text = "تهدف إلى:\n1. تعزيز القدرات\n2) تأمين الطرق\n3- إحكام\n٤. مواجهة\n(5) أمر"
    assert values_in(text) == []
    assert values_in("3 civilians\n4 soldiers") == [3, 4]


def test_a_fraction_of_a_million_counts_and_another_fraction_does_not():
    (number,) = numbers_in("about 2.5 million")
    assert number.value == Fraction(2_500_000)
    assert values_in("2.5 tons") == []


def test_zero_counts_nothing():
    assert values_in("0 trucks") == [None]


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.sampled_from([*ARABIC, *DIGITS, *ENGLISH, "و", " ", "-", ".", "\n", "ال", "x", "½", "²"]), max_size=12)
)
def test_any_row_of_numbers_is_read_without_an_error_and_within_the_text(parts):
    text = " ".join(parts)
    for number in numbers_in(text):
        assert isinstance(number, Number)
        assert 0 <= number.start < number.end <= len(text)
        assert number.last > number.first
