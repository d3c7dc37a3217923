"""Text: what may be stored, and the folded forms under which it is found.

`fold` is for search: it forgets what writers of one word differ in, within one script. `key` is for
names: it forgets vowels too, and so joins the spellings of one name across Arabic and Latin letters.
Display never uses either.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache, wraps
from itertools import zip_longest
from typing import Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from osint.base.cuts import cuts

_BIDI_CONTROLS: Final = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_REFUSED_IN_TEXT: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_LINE_BREAKS: Final = frozenset("\t\n\r\u2028\u2029")
# What a form, a browser or a decoder leaves where it could not read a character: the name has arrived damaged.
_LOST = "\ufffd"
_REFUSED_IN_NAME: Final = re.compile(f"[{''.join(_LINE_BREAKS | _BIDI_CONTROLS)}{_LOST}]")


# What may be stored


def shown(value: str, limit: int = 60) -> str:
    """The start of a refused value, fit to stand in an error sentence: what can't be seen is escaped."""
    start = "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in value[:limit])
    return start + "…" if len(value) > limit else start


def check_text(value: str) -> None:
    """Refuses characters that no database, browser or colleague can be trusted to carry."""
    if found := _REFUSED_IN_TEXT.search(value):
        _refuse(value, found.start())


def check_name(value: str) -> None:
    """Refuses what `check_text` refuses, line breaks, invisible direction marks, and blank names."""
    check_text(value)
    if found := _REFUSED_IN_NAME.search(value):
        _refuse(value, found.start())
    if not has_ink(value):
        raise ValidationError(
            _("“%(value)s” is blank. Write the name as people read it."),
            code="blank_name",
            params={"value": shown(value)},
        )


_INVISIBLE: Final = {"Zs", "Zl", "Zp", "Cc", "Cf"}


def has_ink(value: str) -> bool:
    """Whether there is anything to be seen: not blanks and invisible marks alone. What Python does not know may be."""
    return any(unicodedata.category(char) not in _INVISIBLE for char in value)


def _refuse(value: str, position: int) -> None:
    char = value[position]
    raise ValidationError(
        _("“%(value)s” has the character %(code)s (%(what)s) at position %(position)s. Remove it and try again."),
        code="character",
        params={
            "value": shown(value[max(0, position - 20) :], 40),
            "code": f"U+{ord(char):04X}",
            "what": _kind_of(char),
            "position": position + 1,
        },
    )


def _kind_of(char: str) -> object:
    if char == "\0":
        return _("a NUL byte")
    if "\ud800" <= char <= "\udfff":
        return _("half of a character, broken in copying")
    if char in _BIDI_CONTROLS:
        return _("an invisible mark of writing direction")
    if char in _LINE_BREAKS:
        return _("a tab or line break")
    if char == _LOST:
        return _("the mark of a character that was lost on the way")
    return _("an invisible control character")


# Folding, for search

_TATWEEL: Final = "\u0640"
_SPACE: Final = " "
_QUOTE_LIKE: Final = frozenset("'`´ʹʻʼʽʾʿˈˊˋʹ΄᾽᾿‘’‛′\u0674ء")
_REPLACED: Final = {
    # Arabic letters that writers, keyboards and neighbouring languages exchange
    "ٱ": "ا", "ى": "ي", "ی": "ي", "ې": "ي", "ے": "ي", "ێ": "ي", "ة": "ه", "ە": "ه", "ہ": "ه", "ھ": "ه", "ۃ": "ه",
    "ک": "ك", "ڪ": "ك", "ۆ": "و", "ۇ": "و", "ۋ": "و", "ڵ": "ل", "ڕ": "ر", "ڤ": "ف", "ں": "ن",
    # Latin letters whose stroke, dot or tie is no accent to Unicode
    "ı": "i", "ł": "l", "ø": "o", "đ": "d", "ħ": "h", "æ": "ae", "œ": "oe",
}  # fmt: skip


_SHORT: Final = 100


def _remembered(read: Callable[[str], str]) -> Callable[[str], str]:
    """The same of a text; short ones, which come again and again, are read once."""
    known = lru_cache(10_000)(read)

    @wraps(read)
    def asked(text: str) -> str:
        return known(text) if len(text) < _SHORT else read(text)

    return asked


@_remembered
def fold(text: str) -> str:
    """The text as search sees it: no case, accents, diacritics, tatweel or punctuation, one form per letter."""
    # No word goes on after a line, but for one that is stretched by tatweel; the same lines come again and again.
    lines = [_fold_line(line) for line in text.split("\n")]
    return fold_with_map(text)[0] if _TATWEEL in lines else " ".join(filter(None, lines))


@_remembered
def _fold_line(line: str) -> str:
    """The line folded; a tatweel alone where there is one in it."""
    cut = set(cuts(line, _letters))
    whole = "".join(char for index, char in enumerate(line) if index not in cut) if cut else line
    atoms = whole.translate(_FOLDS)
    return _TATWEEL if _TATWEEL in atoms else " ".join(atoms.split())


def fold_with_map(text: str) -> tuple[str, list[int]]:
    """The folded text, and for each of its characters the index of the original one it came from."""
    folded: list[str] = []
    origins: list[int] = []
    gap_at = -1  # where the pending space began, or -1
    stretched = False  # whether the last thing seen before any space was a tatweel
    cut = set(cuts(text, _letters))
    for index, char in _atoms(text):
        if char == _TATWEEL:
            # Self-censored words are split as "مـ ـقـ ـتل": tatweel, space, tatweel is no word boundary.
            gap_at = -1 if stretched else gap_at
            stretched = True
        elif char == _SPACE:
            gap_at = index if gap_at < 0 and index not in cut else gap_at
        else:
            if gap_at >= 0 and folded:
                folded.append(_SPACE)
                origins.append(gap_at)
            folded.append(char)
            origins.append(index)
            gap_at, stretched = -1, False
    return "".join(folded), origins


def find(needle: str, text: str) -> tuple[int, int] | None:
    """Where in the original text the folded needle first occurs, as start and end, or None."""
    wanted = fold(needle)
    folded, origins = fold_with_map(text)
    start = folded.find(wanted) if wanted else -1
    if start < 0:
        return None
    end = origins[start + len(wanted) - 1] + 1
    while end < len(text) and unicodedata.category(text[end]).startswith("M"):
        end += 1  # an accent belongs to the letter it stands on
    return origins[start], end


def tokens(text: str) -> list[str]:
    """The folded words of a text."""
    return fold(text).split()


def _letters(text: str) -> str:
    return text.translate(_FOLDS).replace(_TATWEEL, "").replace(_SPACE, "")


def _atoms(text: str) -> Iterator[tuple[int, str]]:
    for index, char in enumerate(text):
        for atom in _FOLDED[char]:
            yield index, atom


class _FoldTable(dict[str, str]):
    """What each character folds to, worked out when first met."""

    def __missing__(self, char: str) -> str:
        folded = _fold_char(char)
        if ord(char) < _KEPT_BELOW:
            self[char] = folded
        return folded


_KEPT_BELOW: Final = 0x10000  # a text that runs through all of Unicode must not stay in memory
_FOLDED: Final = _FoldTable()


class _Folds(dict[int, str]):
    """The same, as ``str.translate`` asks for it."""

    def __missing__(self, code: int) -> str:
        folded = _FOLDED[chr(code)]
        if code < _KEPT_BELOW:
            self[code] = folded
        return folded


_FOLDS: Final = _Folds()


def _fold_char(char: str) -> str:
    before, after = "", char
    while after != before:  # casefolding may give letters that fold further
        before = after
        after = "".join(map(_fold_once, unicodedata.normalize("NFD", before)))
        after = after.casefold()
    return after


def _fold_once(char: str) -> str:
    if char in _QUOTE_LIKE:
        return ""
    if len(wide := unicodedata.normalize("NFKD", char)) > 1 or wide != char:
        return "".join(map(_fold_once, wide))
    category = unicodedata.category(char)
    if category == "Nd":
        return str(unicodedata.decimal(char))
    if category[0] == "M" or category == "Cf":
        return ""
    if category[0] in "ZPS" or category in {"Cc", "Cs"}:
        return _SPACE
    return _REPLACED.get(char, char)


# Consonant keys, for names

_GENERIC: Final = frozenset({
    "base", "bases", "air", "airbase", "airport", "airfield", "military", "camp", "garrison", "crossing", "city",
    "town", "village", "district", "subdistrict", "governorate", "province", "countryside", "rural", "rif", "reef",
    "area", "region", "neighbourhood", "neighborhood", "nahiya", "nahiyah", "nahiyat", "markaz", "قاعده",
    "قواعد", "مطار", "جويه", "عسكري", "عسكريه", "معسكر", "مخيم", "حاميه", "معبر", "مدينه", "بلده", "قريه", "ناحيه",
    "محافظه", "منطقه", "ريف", "حي", "مركز",
})  # fmt: skip
_RURAL: Final = frozenset({"rif", "reef", "rural", "ريف"})
_DAMASCUS: Final = frozenset({"dimashq", "dimashk", "damascus", "دمشق"})
_ARTICLES: Final = frozenset({
    "al", "el", "ul", "il", "l", "ar", "er", "ur", "as", "es", "ash", "esh", "ush", "at", "et", "ut", "ath", "eth",
    "uth", "az", "ez", "uz", "ad", "ed", "ud", "adh", "edh", "udh", "an", "en", "the", "of",
})  # fmt: skip
_LATIN: Final = re.compile("[a-z]")
_GLUED_ARTICLE: Final = re.compile(r"[ae]l(?=[^aeiouy]...)|e(?=zz..)|[aeu](?=(sh|th|dh|[rstdzn])\1...)")
_ABU: Final = re.compile(r"(?:al|el)?ab[ou]u?(?=[^aeiouy]|$)|(?:al|el)b[ou]u?$|(?:ال)?ابو|ابي$")
_TWICE: Final = re.compile(r"(sh|th|dh|kh|gh|[a-z])\1")
# Each sound of Latin transliteration and each Arabic letter gives the letter of its class; classes
# join what transliterations exchange: q and k, t and th, d and dh. Vowels, w and y give nothing.
_LATIN_CLASSES: Final = (
    ("X", "tsh|tch|sh|ch"), ("Q", "kh"), ("G", "gh"), ("J", "dj|g|j"), ("D", "dh|d"), ("T", "th|t"), ("Z", "zh|z"),
    ("K", "ck|c|k|q"), ("F", "ph|f|v"), ("B", "b|p"), ("KS", "x"), ("", "[aeiouyw]"),
)  # fmt: skip
_LATIN_SOUNDS: Final = re.compile(
    "|".join(f"(?P<{name or 'vowel'}>{sounds})" for name, sounds in _LATIN_CLASSES) + "|."
)
_ARABIC_CLASSES: Final = dict(
    zip("بپتثطجگچشحهخدذضرزژظسصغفقكلمنعاوي", [*"BBTTTJJXXHHQDDDRZZZSSGFKKLMN", "", "", "", ""], strict=True)
)


def key(name: str) -> str:
    """The consonants of a name, the same for its usual spellings in Arabic and Latin; "" when under two."""
    words = _telling_words(fold(name).split())
    joined = "".join(_word_key(word, is_last=position == len(words)) for position, word in enumerate(words, 1))
    return joined if len(joined) > 1 else ""


def heard(text: str) -> str:
    """The consonants of each telling word, between spaces: a name is heard in a text when its own stand in it so.

    In letters that no folded text has, so that both can stand in one column (`searchable`) and never be mixed up.
    """
    return _heard(fold(text))


def _heard(folded: str) -> str:
    keys = " ".join(filter(None, map(_heard_key, _telling_words(folded.split()))))
    return f" {keys} ".translate(_WIDE)


@_remembered
def searchable(text: str) -> str:
    """What a text is found by: its folded words, each between spaces, and how each of them sounds; else nothing."""
    folded = fold(text)
    return f" {folded} \n{_heard(folded)}" if folded else ""


def telling(name: str) -> str:
    """The folded name without articles and generic words."""
    return " ".join(_telling_words(fold(name).split()))


_PREFIXES: Final = (("(?:[وف])?لل(?=..)", "ال"), ("[وف][بكل](?=...)", ""), ("[وفبكل](?=...)", ""))


def unprefixed(folded: str) -> list[str]:
    """What the folded text may be without the “and”, “so”, “in”, “like” or “for” that Arabic writes as one with it."""
    return [bare + folded[found.end() :] for begin, bare in _PREFIXES if (found := re.match(begin, folded))]


# Wide letters fold to plain ones.
_WIDE: Final = {ord(letter): ord(letter) - ord("A") + ord("Ａ") for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}


def _telling_words(words: list[str]) -> list[str]:
    """The words without articles and without generic ones, unless nothing else is left."""
    named = [word for word in words if word not in _ARTICLES] or words
    return [word for word, following in zip_longest(named, named[1:], fillvalue="") if _tells(word, following)] or named


def _tells(word: str, following: str) -> bool:
    # “Rif Dimashq” is a governorate of its own, not the countryside of Damascus.
    return _without_al(word) not in _GENERIC or (word in _RURAL and following in _DAMASCUS)


def _without_al(word: str) -> str:
    return word[2:] if word.startswith("ال") and len(word) > 3 else word


def _word_key(word: str, *, is_last: bool) -> str:
    # “Abu Kamal” and “al-Bukamal”: one town, and the vowel of “abu” comes and goes.
    if _LATIN.search(word):
        return _latin_key(_ABU.sub("bu", word, count=1) if _ABU.match(word) else word, is_last=is_last)
    return _arabic_key(_ABU.sub("بو", word, count=1) if _ABU.match(word) else word, is_last=is_last)


def _heard_key(word: str) -> str:
    return _known_key(word) if len(word) < _LONG_WORD else _word_key(word, is_last=True)


_LONG_WORD: Final = 30


@lru_cache(10_000)
def _known_key(word: str) -> str:
    return _word_key(word, is_last=True)


def _latin_key(word: str, *, is_last: bool) -> str:
    word = _GLUED_ARTICLE.sub("", word, count=1) if _GLUED_ARTICLE.match(word) else word
    # The ending of ta marbuta: -ah, -eh, and -at before another word.
    word = re.sub("(?<=[aeiou])h$" if is_last else "(?<=[aeiou])h$|(?<=[a-z][ae])t$", "", word)
    word = _TWICE.sub(r"\1", word)
    sounds = "".join(_latin_class(found) for found in _LATIN_SOUNDS.finditer(word))
    return _initial(word, "aeiou") + sounds


def _latin_class(found: re.Match[str]) -> str:
    return {"vowel": "", None: found[0].upper()}.get(found.lastgroup, found.lastgroup or "")


def _arabic_key(word: str, *, is_last: bool) -> str:
    word = re.sub("(?<=..)[هح]$" if is_last else "(?<=..)(?:[هح]|ات)$", "", _without_al(word))
    return _initial(word, "اع") + "".join(_ARABIC_CLASSES.get(char, char.upper()) for char in word)


def _initial(word: str, vowels: str) -> str:
    """What a name begins with is kept even where it is a vowel."""
    first = word[:1]
    if first in {"y", "ي"}:
        return "Y"
    if first in {"w", "و"}:
        return "W"
    return "A" if first and first in vowels else ""
