"""Tests of text: what is refused, what search forgets, and which spellings share a key."""

import unicodedata
from itertools import combinations

import pytest
from django.core.exceptions import ValidationError
from hypothesis import example, given
from hypothesis import strategies as st

from osint.base.text import check_name, check_text, find, fold, fold_with_map, key, shown, tokens

anything = st.text(alphabet=st.characters())
arabic_or_latin = st.text(
    alphabet="ابتثجحخدذرزسشصضطظعغفقكلمنهويءأإآؤئةىٱپچگکیًَُِّْٰـ ٠١۲'’ʿ-,abcdehiklmnqrstuwyzâéşḥ\u200f\u200b\n",
    max_size=40,
)


@pytest.mark.parametrize(
    ("text", "code", "position"),
    [
        ("قس\0رك", "U+0000", 3),
        ("\x07", "U+0007", 1),
        ("base\x7f", "U+007F", 5),
        ("a\x85b", "U+0085", 2),
        ("a\ud800", "U+D800", 2),
        ("\udfff", "U+DFFF", 1),
    ],
)
def test_a_character_that_cannot_be_carried_is_refused_by_code_point_and_position(text, code, position):
    with pytest.raises(ValidationError) as refusal:
        check_text(text)
    [sentence] = refusal.value.messages
    assert code in sentence
    assert f"at position {position}" in sentence
    assert "Remove it" in sentence
    assert sentence.encode()
    with pytest.raises(ValidationError):
        check_name(text)


@pytest.mark.parametrize("text", ["", "line\nline\r\n\tindented", "قاعدة \u200fقسرك", "👩‍🚒", "\u200b"])
def test_a_text_keeps_lines_directions_and_every_script(text):
    check_text(text)


@pytest.mark.parametrize(
    "char", list("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u061c\n\r\t\u2028")
)
def test_a_name_holds_no_direction_mark_and_no_line_break(char):
    with pytest.raises(ValidationError, match=f"U\\+{ord(char):04X}"):
        check_name(f"قاعدة{char}قسرك")


@pytest.mark.parametrize("name", ["", " ", "\u00a0\u3000", "\u200b", "\ufeff \u2060"])
def test_a_name_of_blanks_alone_is_refused(name):
    with pytest.raises(ValidationError, match="is blank"):
        check_name(name)


@pytest.mark.parametrize("name", ["قاعدة قسرك", "Deir ez-Zor", "Ra's al-ʿAyn", "می\u200cخواهم", "Σ"])
def test_a_name_of_any_script_is_kept(name):
    check_name(name)


@given(anything)
def test_a_text_is_refused_exactly_when_it_holds_a_control_character_or_half_of_one(text):
    if any(unicodedata.category(char) in {"Cc", "Cs"} and char not in "\t\n\r" for char in text):
        with pytest.raises(ValidationError) as refusal:
            check_text(text)
        assert refusal.value.messages[0].encode()
    else:
        check_text(text)


@given(anything)
def test_a_refused_value_is_shown_short_and_printable(text):
    assert shown(text).isprintable()
    assert len(shown(text).encode()) >= min(len(text), 60)
    assert shown("x" * 10_000_000) == "x" * 60 + "…"


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("al-Hasakah", "al hasakah"),
        ("  Al   ḤASAKAH ", "al hasakah"),
        ("أحمد إدلب آمنة ٱلله", "احمد ادلب امنه الله"),
        ("مؤتة رئيس سماء", "موته رييس سما"),
        ("الحسكة", "الحسكه"),
        ("مصطفى", "مصطفي"),
        ("قَاعِدَةُ قَسْرَكٍ", "قاعده قسرك"),
        ("هٰذا", "هذا"),
        ("قـــسرك", "قسرك"),
        ("مـ ـقـ ـتل", "مقتل"),
        ("قـ\u00a0ـصف", "قصف"),
        ("لـ قسد", "ل قسد"),
        ("٢٥ شاحنة، ۱۲", "25 شاحنه 12"),
        ("ﻗﺴﺮك ﷲ", "قسرك الله"),
        ("کوردی", "كوردي"),
        ("Ra's al-ʿAyn", "ras al ayn"),
        ("Tal’ Tamr‘", "tal tamr"),
        ("«قسد»", "قسد"),
        ("قسرك\u200f\u200b", "قسرك"),
        ("ＱＡＳＲＡＫ", "qasrak"),
        ("Straße", "strasse"),
        ("\n", ""),
        ("ءـ", ""),
    ],
)
def test_search_forgets_what_writers_of_one_word_differ_in(text, folded):
    assert fold(text) == folded


@given(anything | arabic_or_latin)
@example("ΐ")
@example("İ")
@example("ـ ـ")
def test_folding_twice_changes_nothing_more(text):
    assert fold(fold(text)) == fold(text)


@given(anything | arabic_or_latin)
def test_composed_and_decomposed_text_fold_alike(text):
    assert fold(unicodedata.normalize("NFC", text)) == fold(unicodedata.normalize("NFD", text)) == fold(text)


@given(anything | arabic_or_latin)
@example("kil*led\nkil\n*led\nis.\nis")
@example("مـ\nـقـ\n\nـتل")
@example("a\r\n b\u2028c\n")
def test_every_folded_character_knows_where_it_came_from(text):
    folded, origins = fold_with_map(text)
    assert folded == fold(text)
    assert len(origins) == len(folded)
    assert origins == sorted(origins)
    assert all(0 <= origin < len(text) for origin in origins)
    assert folded == folded.strip()
    assert "  " not in folded
    assert all(char == " " or char in fold(text[origin]) for char, origin in zip(folded, origins, strict=True))
    # A stretch at the end changes nothing, and is read step by step.
    assert fold_with_map(f"{text} ـ") == (folded, origins)


def test_every_character_of_unicode_folds_once_and_for_all():
    for char in map(chr, range(0x110000)):
        if unicodedata.category(char) not in {"Cn", "Co"}:
            assert fold(fold(char)) == fold(char), hex(ord(char))


@pytest.mark.parametrize(
    ("needle", "text", "hit"),
    [
        ("قاعده", "في قاعِدَةِ قسرك", "قاعِدَةِ"),
        ("مقتل", "بعد مـ ـقـ ـتل ثلاثة", "مـ ـقـ ـتل"),
        ("HASAKAH", "near al-Ḥasakah.", "Ḥasakah"),
        ("الله", "بسم ﷲ", "ﷲ"),
        ("deir ez zor", "Deir ez-Zor city", "Deir ez-Zor"),
        ("25", "نحو ٢٥ شاحنة", "٢٥"),
    ],
)
def test_a_hit_maps_back_to_the_original_words(needle, text, hit):
    span = find(needle, text)
    assert span is not None
    assert text[slice(*span)] == hit


def test_what_does_not_occur_is_not_found():
    assert find("حمص", "قاعدة قسرك") is None
    assert find("ـ", "قاعدة قسرك") is None
    assert find("", "") is None


@given(arabic_or_latin, arabic_or_latin)
def test_a_hit_holds_the_folded_needle(needle, text):
    span = find(needle, text)
    assert (span is not None) == bool(fold(needle) and fold(needle) in fold(text))
    if span:
        assert fold(needle) in fold(text[slice(*span)]) or "ـ" in text


def test_tokens_are_the_folded_words():
    assert tokens("قاعدة «قسرك» al-Hasakah") == ["قاعده", "قسرك", "al", "hasakah"]


# Spellings that are met for one name. Each list must share one key.
SPELLINGS = [
    ["Qasrak", "Qasrek", "Kasrak", "قسرك", "Qasrak base", "قاعدة قسرك", "قاعدة قَسرَك العسكرية"],
    ["al-Shaddadi base", "Shaddadah", "Shadadi", "Ash Shaddādī", "Ashshaddadi", "قاعدة الشدادي", "الشدادة"],
    ["Kharab al-Jir base", "Kharab al-Jeir", "قاعدة خراب الجير"],
    ["al-Talae' camp", "al-Talae", "معسكر الطلائع", "الطلايع"],
    ["al-Tanf base", "al-Tanf garrison", "At Tanf", "قاعدة التنف"],
    ["al-Seen military airport", "As Sin air base", "مطار السين العسكري"],
    ["Sayqal", "Saiqal", "صيقل"],
    ["al-Hasakah", "al-Hasakah city", "Al-Hasakeh", "Hasaka", "Alhasakah", "الحسكة", "مدينة الحسكة", "حسكه"],
    ["al-Raqqa", "Ar Raqqah", "Arraqqa", "Rakka", "الرقة", "مدينة الرقة"],
    ["Deir ez-Zor", "Deir Ezzor", "Dayr az Zawr", "Deir al-Zour", "Deirezzor", "دير الزور", "Deir-ez-Zor"],
    ["Rif Dimashq", "Reef Dimashq", "ريف دمشق"],
    ["Dimashq", "دمشق"],
    ["Homs", "Hims", "حمص", "ريف حمص"],
    ["al-Suwayda", "As-Sweida", "Suweida", "السويداء", "السويدا"],
    ["Tal Tamr", "Tell Tamer", "Tall Tamr", "تل تمر"],
    ["Abu Rasin", "Abo Rasayn", "أبو راسين"],
    ["Zarkan", "زركان"],
    ["al-Darbasiyah", "ad-Darbasiyah", "Darbasiya", "Darbasiyeh", "الدرباسية"],
    ["Rmelan", "Rumaylan", "Rmeilan airfield", "رميلان"],
    ["al-Dumayr", "Ad Dumayr", "Dumeir", "الضمير"],
    ["Tadmur", "Tadmor", "تدمر"],
    ["QSD", "قسد"],
    ["Daesh", "Da'esh", "داعش"],
    ["Abu Kamal", "Albu Kamal", "al-Bukamal", "Abukamal", "البوكمال", "أبو كمال"],
    ["Ain Issa", "Ayn ʿĪsá", "عين عيسى"],
    ["Qamishli", "Kameshli", "al-Qamishly", "القامشلي"],
    ["Manbij", "Menbij", "منبج"],
    ["Ayn al-Arab", "Ain al Arab", "عين العرب"],
    ["Kobani", "Kobane", "كوباني"],
    ["Idlib", "Idleb", "إدلب", "ادلب"],
    ["Afrin", "Efrin", "عفرين"],
    ["Jarabulus", "Jarablus", "Djarabulus", "جرابلس"],
    ["Maarrat al-Numan", "Ma'arat al-Nu'man", "معرة النعمان"],
    ["Khan Shaykhun", "Khan Sheikhoun", "خان شيخون"],
    ["Saraqib", "Saraqeb", "سراقب"],
    ["Azaz", "A'zaz", "أعزاز"],
    ["Mayadin", "al-Mayadeen", "الميادين"],
    ["al-Ya'rubiyah", "Yarubiyah", "اليعربية"],
    ["Baghuz", "Baghouz", "الباغوز"],
    ["Daraa", "Dar'a", "درعا"],
    ["Quneitra", "Qunaytirah", "القنيطرة"],
    ["Ras al-Ayn", "Ra's al-ʿAyn", "Ras al-Ain", "رأس العين"],
    ["al-Hol camp", "al-Hawl", "مخيم الهول"],
    ["Tal Rifaat", "Tell Rifat", "تل رفعت"],
    ["Sheikh Miskin", "Shaykh Maskin", "الشيخ مسكين"],
]


@pytest.mark.parametrize("spellings", SPELLINGS, ids=lambda spellings: spellings[0])
def test_the_spellings_of_one_name_share_a_key_across_scripts(spellings):
    assert len({key(name) for name in spellings}) == 1, {name: key(name) for name in spellings}


def test_different_names_have_different_keys():
    for one, other in combinations(SPELLINGS, 2):
        assert key(one[0]) != key(other[0]), (one[0], other[0])


# Known limits, so that a change in either direction shows: another class of letter, or another word.
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Latakia", "اللاذقية"),  # an exonym
        ("Palmyra", "تدمر"),  # another name
        ("Abu al-Duhur", "أبو الظهور"),  # ظ spoken as d, keyed as z
        ("Jisr al-Shugur", "جسر الشغور"),  # gh written g
        ("Deir ez-Zor", "ديرالزور"),  # an article glued in the middle of a word
    ],
)
def test_other_names_and_bare_exceptions_need_a_spelling_of_their_own(one, other):
    assert key(one) != key(other)


@pytest.mark.parametrize("name", ["", " ", "A", "Y", "و", "نوى", "'", "\ud800"])
def test_a_name_of_fewer_than_two_consonants_has_no_key(name):
    assert key(name) == ""


def test_generic_words_are_kept_where_nothing_else_is_left():
    assert key("the base") == key("Base") == "BS"
    assert key("مطار عسكري") == key("المطار العسكري") != ""


@given(anything | arabic_or_latin)
def test_a_key_is_the_same_for_a_name_and_its_folded_form(name):
    assert key(fold(name)) == key(name)
    assert len(key(name)) != 1
