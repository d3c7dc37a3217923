"""Numbers in a text, in Arabic and English: digits of either script, words in all their forms."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from typing import Final

from events.reading.pieces import Piece
from osint.base.text import fold

MOST: Final = 10**12
_MOST_DIGITS: Final = 12


@dataclass(frozen=True, slots=True)
class Number:
    """A number, and the pieces from ``first`` to ``last`` (exclusive) that say it."""

    first: int
    last: int
    start: int  # in the original text, without an “and” or “in” that is written as one with it
    end: int
    value: Fraction
    in_words: bool
    joined: bool = False  # “and” stands before it
    definite: bool = False  # “the three”: spoken of before

    @property
    def whole(self) -> int | None:
        """The number, where it is one that things can be counted by."""
        return int(self.value) if self.value.denominator == 1 and 0 < self.value <= MOST else None


def _table(**rows: str) -> dict[str, int]:
    """The folded words of each row, each with the number that is the row's name."""
    return {fold(word): int(name[1:]) for name, words in rows.items() for word in words.split()}


_UNITS: Final = _table(
    _1="واحد واحدة one", _2="اثنان اثنين اثنتان اثنتين اثنا اثني اثنتا اثنتي two", _3="ثلاث ثلاثة three",
    _4="أربع أربعة four", _5="خمس خمسة five", _6="ست ستة six", _7="سبع سبعة seven",
    _8="ثمان ثماني ثمانية eight", _9="تسع تسعة nine",
)  # fmt: skip
_TENTH: Final = _table(_10="عشر عشرة ten")
_TEENS: Final = _table(
    _11="eleven احدعشر", _12="twelve اثناعشر اثنيعشر", _13="thirteen", _14="fourteen", _15="fifteen", _16="sixteen",
    _17="seventeen", _18="eighteen", _19="nineteen",
)  # fmt: skip
_TENS: Final = _table(
    _20="عشرون عشرين twenty", _30="ثلاثون ثلاثين thirty", _40="أربعون أربعين forty fourty", _50="خمسون خمسين fifty",
    _60="ستون ستين sixty", _70="سبعون سبعين seventy", _80="ثمانون ثمانين eighty", _90="تسعون تسعين ninety",
)  # fmt: skip
_HUNDRED_WORDS: Final = "{0}مئة {0}مائة {0}مية"
_HUNDREDS: Final = _table(
    _200="مئتان مئتين مئتا مئتي مائتان مائتين مائتا مائتي", _300=_HUNDRED_WORDS.format("ثلاث"),
    _400=_HUNDRED_WORDS.format("أربع"), _500=_HUNDRED_WORDS.format("خمس"), _600=_HUNDRED_WORDS.format("ست"),
    _700=_HUNDRED_WORDS.format("سبع"), _800=f"{_HUNDRED_WORDS.format('ثمان')} {_HUNDRED_WORDS.format('ثماني')}",
    _900=_HUNDRED_WORDS.format("تسع"),
)  # fmt: skip
_HUNDRED: Final = _table(_100="مئة مائة مية hundred")
_THOUSANDS: Final = _table(
    _1000="ألف ألفا آلاف thousand thousands", _1000000="مليون مليونا ملايين million millions",
    _1000000000="مليار مليارات billion",
)  # fmt: skip
_TWO_THOUSANDS: Final = _table(_2000="ألفان ألفين ألفي", _2000000="مليونان مليونين مليوني")
_DOZEN: Final = _table(_12="dozen dozens")
_ELEVENTH: Final = frozenset({fold("أحد"), fold("إحدى")})
_NO_NUMBER: Final = frozenset({"لست"})  # “I am not”, and no “for six”
# Plurals that say “thousands” when no number stands before them.
_PLURALS: Final = frozenset(map(fold, ["آلاف", "ملايين", "مليارات", "thousands", "millions", "hundreds", "dozens"]))
_A: Final = frozenset({"a", "an"})
_FACTORS: Final = _HUNDRED | _THOUSANDS | _DOZEN
_WORDS: Final = (
    (set(_UNITS) | set(_TENTH) | set(_TEENS) | set(_TENS) | set(_HUNDREDS) | set(_FACTORS) | set(_TWO_THOUSANDS))
    | _ELEVENTH
    | {"half"}
)
_ARTICLE: Final = frozenset({"ال", "وال", "بال", "فال", "لل", "the", "these", "those", "هذه", "تلك"})
_JOINING: Final = frozenset({"و", "and", "وال", "plus"})
_CLITICS: Final = frozenset({"و", "ف", "ب", "ل", "ك", "وب", "ول", "ال", "وال", "بال", "لل"})
_PREFIXES: Final = ("وال", "بال", "فال", "لل", "ال", "وب", "ول", "فب", "و", "ف", "ب", "ل", "ك")
_THOUSANDS_MARKS: Final = frozenset({",", "٬", ".", "،", "\u00a0", "\u202f", "\u2009", "'", "’"})
_DECIMAL_MARKS: Final = frozenset({".", ",", "٫"})
_AFTER_ITEM: Final = re.compile(r"\s*(?:[.:/]\s|[)\]–—-]\D)")
_CODE_MARKS: Final = ("/", ":", "\\", "-", "–", "_", ".", "٫")
_DASHES: Final = frozenset({"-", "–", "—", "‑"})
_PERCENT: Final = ("%", "٪", "$", "€", "£")
_MONEY_BEFORE: Final = ("$", "€", "£", "+", "#", "%", "٪")


def number_at(row: Sequence[Piece], index: int) -> Number | None:
    """The number that begins with this piece, or None."""
    piece = row[index]
    if piece.is_digits:
        return _in_digits(row, index)
    prefix = _prefix(piece.word)
    if prefix is None:
        return None
    found = _in_words(row, index, prefix)
    return found and _placed(row, found)


@lru_cache(maxsize=20_000)
def _prefix(word: str) -> str | None:
    """The letters before a number word that belong to others; None where it is no number word."""
    if word in _WORDS or word in _A:
        return ""
    if word in _NO_NUMBER:
        return None
    return next((prefix for prefix in _PREFIXES if word.startswith(prefix) and word[len(prefix) :] in _WORDS), None)


def _placed(row: Sequence[Piece], found: Number) -> Number:
    """The number, with what the piece before it adds."""
    before = row[found.first - 1].word if found.first and not row[found.first].begins_sentence else ""
    second = row[found.first - 2].word if found.first > 1 and before in _ARTICLE else ""
    joined = found.joined or before in _JOINING or second in _JOINING
    return replace(found, joined=joined, definite=found.definite or before in _ARTICLE)


# Digits


def _in_digits(row: Sequence[Piece], index: int) -> Number | None:
    if _is_part_of_code(row, index) or _marks_item(row, index):
        return None
    last, digits = _groups(row, index)
    if len(digits) > _MOST_DIGITS:
        return None
    value = Fraction(int(digits))
    if fraction := _decimals(row, last):
        value += Fraction(int(fraction), 10 ** len(fraction))
        last += 1
    if _goes_on(row, last):
        return None
    last, value = _multiplied(row, last, value)
    return _placed(row, Number(index, last, row[index].start, row[last - 1].end, value, in_words=False))


def _is_part_of_code(row: Sequence[Piece], index: int) -> bool:
    """Whether it is the end of a date, a time, a calibre or a designation, or an amount of money."""
    if index == 0:
        return False
    gap, before = row[index].gap, row[index - 1]
    if gap.rstrip().endswith(_MONEY_BEFORE):
        return True
    if before.is_digits and gap in _DASHES:
        return _has_dash(row, index - 1) or _has_dash(row, index + 1)
    if before.is_latin or before.is_digits:
        return gap in _CODE_MARKS or gap == ""
    return row[index].is_glued and before.word not in _CLITICS


def _has_dash(row: Sequence[Piece], index: int) -> bool:
    """Whether a dash alone parts the digits at this place from those before."""
    if not 0 < index < len(row):
        return False
    return row[index].gap in _DASHES and row[index].is_digits and row[index - 1].is_digits


def _marks_item(row: Sequence[Piece], index: int) -> bool:
    """Whether it numbers an item of a list: “1. …”, “2) …”, at the start of a line."""
    gap = row[index + 1].gap if index + 1 < len(row) else ""
    return row[index].begins_line and _AFTER_ITEM.match(gap) is not None


def _groups(row: Sequence[Piece], index: int) -> tuple[int, str]:
    """The digits, with the groups of three that a thousands mark joins to them."""
    digits, last = row[index].word, index + 1
    if len(digits) > 3 or digits.startswith("0"):
        return last, digits
    while last < len(row) and row[last].gap in _THOUSANDS_MARKS and len(row[last].word) == 3 and row[last].is_digits:
        digits += row[last].word
        last += 1
        if len(digits) > _MOST_DIGITS:
            break
    return last, digits


def _decimals(row: Sequence[Piece], last: int) -> str:
    """The digits behind a decimal mark, where a factor follows: “1.5 million”. Else it may be a list of dates."""
    if last + 1 < len(row) and row[last].gap in _DECIMAL_MARKS and row[last].is_digits and len(row[last].word) < 3:
        return row[last].word if row[last + 1].word in _THOUSANDS else ""
    return ""


def _goes_on(row: Sequence[Piece], last: int) -> bool:
    """Whether what follows makes it a date, a time, an ordinal, a share or a designation."""
    if last >= len(row):
        return False
    gap, after = row[last].gap, row[last]
    if gap.lstrip().startswith(_PERCENT):
        return True
    if after.is_latin and gap in {"", "-"}:
        return gap == "" or after.word not in _FACTORS
    if not after.is_digits or gap not in _CODE_MARKS:
        return False
    # “5-7” is a range, “2025-11-12” is a date.
    return gap not in _DASHES or _has_dash(row, last + 1)


def _multiplied(row: Sequence[Piece], last: int, value: Fraction) -> tuple[int, Fraction]:
    """The number times the factors that follow: “3 آلاف”, “two dozen”."""
    while last < len(row) and row[last].word in _FACTORS and row[last].gap.strip(" -\u00a0\u0640") == "":
        if value * _FACTORS[row[last].word] > MOST:
            break
        value *= _FACTORS[row[last].word]
        last += 1
    return last, value


# Words


def _in_words(row: Sequence[Piece], index: int, prefix: str) -> Number | None:
    reading = _opened(row, index, row[index].word[len(prefix) :])
    if reading is None:
        return None
    while (following := reading.following(row)) is not None and reading.takes(row, *following):
        pass
    piece, end = row[index], row[reading.at - 1].end
    definite = prefix.endswith(("ال", "لل"))
    start = piece.start if definite else piece.origins[len(prefix)]
    return Number(index, reading.at, start, end, Fraction(reading.value), True, prefix.startswith("و"), definite)


def _opened(row: Sequence[Piece], index: int, word: str) -> "_Reading | None":
    """The reading of a number that begins with this word, or None where the word begins none."""
    if word in _A or word == "half":
        return _with_article(row, index, half=word == "half")
    reading = _Reading(index)
    return reading if word not in _PLURALS and reading.takes(row, word, index, joined=False) else None


def _with_article(row: Sequence[Piece], index: int, *, half: bool) -> "_Reading | None":
    """“A hundred”, “half a dozen”; “a truck” is a matter of what is counted."""
    at = index + 1 + half
    if at >= len(row) or row[at].word not in _FACTORS or row[at].word in _PLURALS or not _runs_on(row[at]):
        return None
    factor = _FACTORS[row[at].word]
    if half:
        return _Reading(at + 1, past=factor // 2)
    return _Reading(at + 1, now=factor) if factor == 100 else _Reading(at + 1, past=factor)


def _runs_on(piece: Piece) -> bool:
    """Whether nothing but a space or a hyphen stands before it."""
    return piece.gap.strip(" -\u00a0\u0640\u2011") == ""


@dataclass(slots=True)
class _Reading:
    """How far a number in words has been read."""

    at: int  # the piece that comes next
    past: int = 0  # whole thousands and millions
    now: int = 0  # what is below

    @property
    def value(self) -> int:
        return self.past + self.now

    def following(self, row: Sequence[Piece]) -> tuple[str, int, bool] | None:
        """The next word of the number, its place, and whether “and” stands before it; or None."""
        if self.at >= len(row) or not _runs_on(row[self.at]):
            return None
        word = row[self.at].word
        if word in _FACTORS or (word in _WORDS and "a" <= word[0] <= "z"):
            return word, self.at, False
        if word.startswith("و") and word[1:] in _WORDS:
            return word[1:], self.at, True
        if word in {"و", "and"} and self.at + 1 < len(row) and _runs_on(row[self.at + 1]):
            return row[self.at + 1].word, self.at + 1, True
        return None

    def takes(self, row: Sequence[Piece], word: str, at: int, joined: bool) -> bool:
        """Whether the word at this place goes on with the number; it is added then."""
        if word in _FACTORS:
            return self._times(_FACTORS[word], at, joined=joined)
        if word in _TWO_THOUSANDS:
            return not self.now and self._moves(_TWO_THOUSANDS[word], at)
        value, size = _below_thousand(row, word, at)
        if not value or (self.value and not self._has_room(value, word, joined=joined)):
            return False
        self.now += value
        self.at = at + size
        return True

    def _has_room(self, value: int, word: str, *, joined: bool) -> bool:
        rest = self.now % 100
        if joined and "a" <= word[0] <= "z" and (rest or not self.value):
            return False  # “twenty and five” are two numbers
        if value < 10:
            return rest == 0 or (rest % 10 == 0 and rest >= 20)
        if value < 20:
            return rest == 0
        if value < 100:
            return rest == 0 or (rest < 10 and joined)
        return self.now == 0

    def _times(self, factor: int, at: int, *, joined: bool) -> bool:
        if factor >= 1000:
            return not (joined and self.now) and self._moves((self.now or 1) * factor, at)
        if self.now >= (10 if factor == 100 else 100) or (joined and self.now):
            return False
        self.now = (self.now or 1) * factor
        self.at = at + 1
        return True

    def _moves(self, value: int, at: int) -> bool:
        if self.past and (self.past % 1000**2 or value >= self.past):
            return False
        self.past, self.now, self.at = self.past + value, 0, at + 1
        return True


def _below_thousand(row: Sequence[Piece], word: str, at: int) -> tuple[int, int]:
    """The number that the word says, with the “عشر” that makes it a teen, and in how many words; else nothing."""
    follows = row[at + 1].word if at + 1 < len(row) and _runs_on(row[at + 1]) else ""
    is_teen = follows in _TENTH and follows != "ten"
    if word in _ELEVENTH:
        return (11, 2) if is_teen else (0, 0)
    if word in _UNITS and is_teen:
        return _UNITS[word] + 10, 2
    return next(((table[word], 1) for table in _BELOW_THOUSAND if word in table), (0, 0))


_BELOW_THOUSAND: Final = (_UNITS, _TENTH, _TEENS, _TENS, _HUNDREDS)
