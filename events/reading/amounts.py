"""How many: a number with what the words around it say of its exactness, as low, best and high."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from events.choices import VERBAL, Qualifier
from events.reading.counted import Vocabulary
from events.reading.numbers import Number, number_at
from events.reading.particles import EITHER_OR, OF, TO
from events.reading.pieces import Piece

_THE: Final = "ال"
_VERBAL: Final = frozenset({*VERBAL, Qualifier.UNCLEAR})
_DASHES: Final = frozenset({"-", "–", "—", "‑"})
# A qualifier that ends so belongs to a number behind it, never to one before.
_OPEN_ENDED: Final = frozenset({"من", "عن", "علي", "الي", "than", "to", "of", "about", "around", "some", "over", "بين"})


@dataclass(frozen=True, slots=True)
class Amount:
    """A number as worded, and the pieces from ``first`` to ``last`` (exclusive) that say it."""

    first: int
    last: int
    start: int
    end: int
    low: int | None = None
    best: int | None = None
    high: int | None = None
    qualifier: str = Qualifier.EXACTLY
    rule: str = "count.number"
    word: str = ""
    joined: bool = False
    definite: bool = False

    @property
    def is_verbal(self) -> bool:
        """Whether it is a word such as “dozens”, for which no number is made up."""
        return self.low is None and self.best is None and self.high is None


# “No less than about 30”: nobody means more than that, and a text may repeat one of them without end.
_MOST_QUALIFIERS: Final = 3


def soft(piece: Piece) -> bool:
    """Whether it goes on with what stands before: nothing but spaces, quotes or brackets between."""
    return piece.gap.strip(" \t\u00a0\u0640\u202f\u200f\u200e\"«»“”„'‘’()[]-–‑") == ""


def amount_at(row: Sequence[Piece], index: int, vocabulary: Vocabulary, text: str) -> Amount | None:
    """The amount that begins with this piece, or None."""
    if found := _qualified(row, index, vocabulary, text):
        return found
    number = number_at(row, index)
    return _of_number(row, number, text, between=False) if number else None


def _qualified(row: Sequence[Piece], index: int, vocabulary: Vocabulary, text: str, deep: int = 0) -> Amount | None:
    if deep > _MOST_QUALIFIERS:
        return None
    for words, value, cut in vocabulary.qualifying(row[index].word):
        last = index + len(words)
        if not _says(row, index, words):
            continue
        start = row[index].origins[cut]
        joined = row[index].word[:cut].startswith("و") or (index > 0 and row[index - 1].word in {"و", "and"})
        if value in _VERBAL:
            return Amount(
                index, last, start, row[last - 1].end, None, None, None, value, "count.verbal",
                text[start : row[last - 1].end], joined,
            )  # fmt: skip
        if amount := _with_number(row, last, value, vocabulary, text, deep):
            return replace(amount, first=index, start=start, joined=joined, word=text[start : amount.end])
    return None


def _says(row: Sequence[Piece], index: int, words: tuple[str, ...]) -> bool:
    """Whether these words stand at this place, one after the other."""
    there = row[index : index + len(words)]
    return len(there) == len(words) and all(
        piece.word == word and (place == 0 or soft(piece))
        for place, (piece, word) in enumerate(zip(there, words, strict=True))
    )


def _with_number(
    row: Sequence[Piece], at: int, value: str, vocabulary: Vocabulary, text: str, deep: int
) -> Amount | None:
    """The number behind a qualifier, exact no more."""
    while at < len(row) - 1 and (row[at].word in OF or row[at].word == _THE) and soft(row[at + 1]):
        at += 1
    if at >= len(row) or not soft(row[at]):
        return None
    number = number_at(row, at)
    if number is None:
        inner = _qualified(row, at, vocabulary, text, deep + 1)
        return inner and replace(inner, qualifier=inner.qualifier if inner.qualifier != Qualifier.EXACTLY else value)
    found = _of_number(row, number, text, between=value == Qualifier.BETWEEN)
    # “قرابة الـ30” was not spoken of before.
    return found and replace(qualified(found, value), definite=False)


def _of_number(row: Sequence[Piece], number: Number, text: str, *, between: bool) -> Amount | None:
    value = number.whole
    if value is None:
        return None
    amount = Amount(
        number.first, number.last, number.start, number.end, None, value, None,
        rule="count.words" if number.in_words else "count.digits", word=text[number.start : number.end],
        joined=number.joined, definite=number.definite,
    )  # fmt: skip
    upper = _upper(row, number, between=between)
    if upper is None or upper.whole is None or upper.whole <= value:
        return amount
    word = text[number.start : upper.end]
    return replace(
        amount, last=upper.last, end=upper.end, low=value, best=None, high=upper.whole,
        qualifier=Qualifier.BETWEEN, rule="count.range", word=word,
    )  # fmt: skip


def _upper(row: Sequence[Piece], number: Number, *, between: bool) -> Number | None:
    """The second number of “5-7”, “5 to 7”, “between 5 and 7”."""
    at = number.last
    if at >= len(row):
        return None
    if row[at].gap.strip() in _DASHES:
        return number_at(row, at)
    if not soft(row[at]):
        return None
    links = between and row[at].word in {"و", "and"}
    if (row[at].word in TO or links) and at + 1 < len(row) and soft(row[at + 1]):
        return number_at(row, at + 1)
    return found if between and (found := number_at(row, at)) and found.joined else None


def qualified(amount: Amount, value: str) -> Amount:
    """The exact amount as a qualifier leaves it."""
    if amount.best is None or value in {Qualifier.EXACTLY, Qualifier.BETWEEN}:
        return amount
    if value in {Qualifier.AT_LEAST, Qualifier.MORE_THAN}:
        return replace(amount, low=amount.best, best=None, qualifier=value)
    if value in {Qualifier.UP_TO, Qualifier.FEWER_THAN}:
        return replace(amount, high=amount.best, best=None, qualifier=value)
    return replace(amount, qualifier=value)


def qualifier_behind(row: Sequence[Piece], at: int, vocabulary: Vocabulary) -> tuple[str, int] | None:
    """The qualifier that stands behind what is counted (“at least”, “على الأقل”), and where it ends."""
    if at >= len(row) or not soft(row[at]):
        return None
    for words, value, _cut in vocabulary.qualifying(row[at].word):
        last = at + len(words)
        if value in _VERBAL or words[-1] in _OPEN_ENDED | EITHER_OR or not _says(row, at, words):
            continue
        if last >= len(row) or number_at(row, last) is None:
            return value, last
    return None
