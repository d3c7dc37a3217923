"""A text as a row of tokens: each has a place in the original, and a kind that the grammar's patterns are written in.

The kinds of all tokens together are one string (``Tokens.kinds``), a letter a token, so that a rule is a short pattern
over words instead of a long one over characters.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final, NamedTuple

from osint.base.text import fold
from osint.base.written.words import (
    ABBREVIATED,
    CAPITAL,
    SHORT_MONTHS,
    TWIN_MONTHS,
    WORDS,
)

_UNREAD: Final = "\u0640ء"  # a tatweel, and the hamza of “الأربعاء”
_WORD: Final = re.compile(r"[0-9]+|[^\W\d_]+|\n|\S")
_ORDINAL_ENDINGS: Final = frozenset({"st", "nd", "rd", "th"})
_TENS: Final = {"عشر": 10, "عشره": 10, "العشرين": 20, "العشرون": 20, "الثلاثين": 30, "الثلاثون": 30}
_ENGLISH_TENS: Final = {"twenty": 20, "thirty": 30}
_PREFIXES: Final = ("و", "ف", "ب", "ل", "ك")
# Words that only complete others, or are completed, or are passed over.
_PARTS: Final = {*_ORDINAL_ENDINGS, *_TENS, *_ENGLISH_TENS, *TWIN_MONTHS, "ثاني", "ثان", "the", "ال"}
_LONGEST: Final = 30  # no word of a date is longer
_SHORT_WORDS: Final = frozenset({"في", "من"})
_PUNCTUATION: Final = {"،": ",", "؛": ",", ";": ",", "؟": "!", "?": "!", "!": "!", "…": "!", "\\": "/", "⁄": "/"}


class _Folds(dict[str, str]):
    """What each character is read as; punctuation stays, for lists of days are made of it."""

    def __missing__(self, char: str) -> str:
        category = unicodedata.category(char)
        if char in "\n\r\u2028\u2029\x85":
            found = "\n"
        elif category == "Pd" or char == "\u2212":
            found = "-"
        elif category[0] in "PS" and char != "\u0674":
            found = _PUNCTUATION.get(char, char)
        elif category[0] == "Z" or category == "Cc":
            found = " "
        else:
            found = "" if category == "Cs" else fold(char)
        if ord(char) < 0x10000:
            self[char] = found
        return found


_FOLDS: Final = _Folds()


def _folded(text: str) -> tuple[str, list[int]]:
    """The text as it is read, and for each of its characters the index of the original one it came from."""
    parts = [_FOLDS[char] for char in text]
    if all(len(part) == 1 for part in parts):
        return "".join(parts), list(range(len(text)))
    origins = [index for index, part in enumerate(parts) for _atom in part]
    return "".join(parts), origins


class Token(NamedTuple):
    """A word, number or mark: its kind, its folded text, its value, and where it stands in the original."""

    kind: str
    word: str
    value: Any
    start: int
    end: int
    rule: str = ""  # the one that joined it from others


@dataclass(slots=True)
class Tokens:
    """The tokens of a text."""

    text: str
    typed: bool = False  # typed into a field: short, and meant as a date
    row: list[Token] = field(default_factory=list)
    kinds: str = ""

    def __post_init__(self) -> None:
        folded, origins = _folded(self.text)
        for found in _WORD.finditer(folded):
            word = found[0]
            start, end = found.span()
            if len(word) > _LONGEST or _is_plain(word):
                self.row.append(Token("n", word, None, origins[start], origins[end - 1] + 1))
            else:
                self._take(word, origins[start:end])
        self.kinds = "".join([token.kind for token in self.row])

    def __getitem__(self, index: int) -> Token:
        return self.row[index]

    def __len__(self) -> int:
        return len(self.row)

    def touches(self, index: int) -> bool:
        """Whether nothing stands between this token and the next."""
        return index + 1 < len(self.row) and self.row[index].end == self.row[index + 1].start

    def word(self, index: int) -> str:
        """The folded word at this place; none outside the text."""
        return self.row[index].word if 0 <= index < len(self.row) else ""

    def end_of(self, token: Token) -> int:
        """Where the token ends in the original, with what folding has taken from the end of its word."""
        end = token.end
        while end < len(self.text) and (self.text[end] in _UNREAD or unicodedata.category(self.text[end])[0] == "M"):
            end += 1
        return end

    def _take(self, word: str, at: list[int]) -> None:
        if word[0].isdigit():
            if self.row and self.row[-1].word + word in SHORT_MONTHS and self.row[-1].end == at[0]:
                self._word(word := self.row[-1].word + word, self.row.pop().start, at[-1] + 1)
                return
            self._add(*_number(word), word, at[0], at[-1] + 1)
        elif word in WORDS or not word[0].isalpha() or word[0].isascii():
            self._word(word, at[0], at[-1] + 1)
        else:
            self._prefixed(word, at)

    def _prefixed(self, word: str, at: list[int]) -> None:
        """An Arabic word, of which the letters that belong to other words are taken off."""
        cut = _prefix_length(word)
        for index in range(cut):
            # The letter is a token of its own, so that a phrase can begin behind it.
            self._add("&" if word[index] == "و" else "p", None, word[index], at[index], at[index] + 1)
        rest = word[cut:]
        # “للشهر” is “ل” and “الشهر”.
        self._word(f"ا{rest}" if cut and rest not in WORDS and f"ا{rest}" in WORDS else rest, at[cut], at[-1] + 1)

    def _word(self, word: str, start: int, end: int) -> None:
        last = self.row[-1] if self.row else None
        if last is not None and self._joins(last, word, start, end):
            return
        if word in {"the", "ال"}:
            return  # it says nothing about a date
        kind, value = WORDS.get(word, (None, None))
        if kind is None:
            # What is no word of a date is a mark that stands for itself, or any word.
            kind = word if word in "()/-,.!\n:[]" else "n"
        elif word in CAPITAL and not self.typed and not self.text[start].isupper():
            kind = "n"
        self._add(kind, value, word, start, end)

    def _joins(self, last: Token, word: str, start: int, end: int) -> bool:
        """Whether the word only completes the one before: “تشرين الثاني”, “الثاني عشر”, “12th”, “Nov.”."""
        joined = _joined(last, word, self.row[-2] if len(self.row) > 1 else None)
        if joined is None or (word in _ORDINAL_ENDINGS | {"."} and last.end != start):
            return False
        kind, value, taken = joined
        first = self.row[-taken]
        del self.row[-taken:]
        self._add(kind, value, first.word if word == "." else f"{first.word} {word}", first.start, end)
        return True

    def _add(self, kind: str, value: Any, word: str, start: int, end: int) -> None:
        self.row.append(Token(kind, word, value, start, end))


def _joined(last: Token, word: str, before: Token | None) -> tuple[str, int | str | None, int] | None:
    """What the last tokens are together with this word: kind, value and how many of them; none where they are not."""
    if word in _ORDINAL_ENDINGS and last.kind == "d":
        return "d", last.value, 1
    if word == "." and last.word in ABBREVIATED:
        return last.kind, last.value, 1
    if last.word in TWIN_MONTHS:
        which = WORDS.get(word.removesuffix("."), ("", None))
        number = {"ثاني": 2, "ثان": 2, "اول": 1}.get(word) or (which[1] if which[0] == "o" else 0)
        return ("m", TWIN_MONTHS[last.word][number - 1], 1) if number in {1, 2} else None
    return _joined_ordinal(last, word, before)


def _joined_ordinal(last: Token, word: str, before: Token | None) -> tuple[str, int | str | None, int] | None:
    if last.kind == "o" and word in {"عشر", "عشره"} and last.value in range(1, 10):
        return "o", int(last.value or 0) + 10, 1
    is_unit = before is not None and before.kind == "o" and before.value in range(1, 10)
    if last.kind == "&" and is_unit and _TENS.get(word, 0) > 10:
        return "o", int(before.value or 0) + _TENS[word], 2  # type: ignore[union-attr]
    kind, value = WORDS.get(word, ("", None))
    if kind == "o" and isinstance(value, int) and 1 <= value <= 9:
        if last.word in _ENGLISH_TENS:
            return "o", _ENGLISH_TENS[last.word] + value, 1
        if last.kind == "-" and before is not None and before.word in _ENGLISH_TENS:
            return "o", _ENGLISH_TENS[before.word] + value, 2
    return None


def _number(digits: str) -> tuple[str, int | None]:
    if len(digits) > 4:
        return "D", None
    number = int(digits)
    if len(digits) == 4:
        return ("y", number) if 1900 <= number <= 2100 else ("D", number)
    return ("d", number) if len(digits) < 3 and 1 <= number <= 31 else ("D", number)


@lru_cache(maxsize=50_000)
def _is_plain(word: str) -> bool:
    """Whether the word is none of a date, not even a part of one."""
    return word.isalpha() and word not in WORDS and word not in _PARTS and _prefix_length(word) == 0


def _prefix_length(word: str) -> int:
    """How many letters of the word belong to others, so that what is left is a word of a date; 0 where it is none."""
    for cut in (1, 2):
        rest = word[cut:]
        if rest in _SHORT_WORDS and cut == 1 and word[0] in "وف":
            return 1
        if len(rest) < 3 or word[cut - 1] not in _PREFIXES or (cut == 2 and word[0] not in "وف"):
            continue
        if rest in WORDS or rest in TWIN_MONTHS or rest in _TENS:
            return cut
        if word[cut - 1] == "ل" and rest[0] == "ل" and f"ا{rest}" in WORDS:
            return cut
    return 0
