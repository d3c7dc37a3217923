"""What is counted: the noun that a number stands before, in Arabic or in English."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from events.reading.amounts import Amount, soft
from events.reading.counted import Form, Hit, Noun, alike
from events.reading.numbers import number_at
from events.reading.particles import OF, PART, STOPS, UNITS
from events.reading.pieces import Piece

_REACH: Final = 6  # words between an English number and its noun
_REACH_OF: Final = 3  # words between “من” and the noun
_BESIDE: Final = 4  # words behind an Arabic noun among which its adjective stands
_CONSTRUCT: Final = 100  # from here on Arabic may have a definite noun behind a number: “مئات المدنيين”
_ARTICLE: Final = 2
_WITHIN: Final = frozenset({"the", "its", "their", "other", "more", "another", "his", "her", "these", "those"})

Hits = Callable[[int], list[Hit]]


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun that is counted, with the words that belong to it."""

    nouns: tuple[Noun, ...]  # what it may be, the most telling first
    form: Form
    head: int
    last: int  # exclusive

    @property
    def unit(self) -> str:
        """What its measures are counted in."""
        return self.nouns[0].unit


def phrase_behind(row: Sequence[Piece], amount: Amount, at: int, hits: Hits) -> Phrase | None:
    """What the amount counts, looked for from this piece on."""
    if at >= len(row) or not soft(row[at]) or row[at].word in PART:
        return None
    return _english(row, amount, at, hits) if row[at].is_latin else _arabic(row, amount, at, hits)


def phrase_at(row: Sequence[Piece], at: int, hits: list[Hit], first: int) -> Phrase | None:
    """The phrase whose head stands here; its other words stand behind it in Arabic, and before it in English."""
    if row[at].is_latin:
        found = [(hit, at + 1) for hit in hits if _stand_in(hit.noun.others, row[first:at])]
    else:
        found = [(hit, last) for hit in hits if (last := _beside(row, at, hit.noun.others))]
    if not found:
        return None
    found.sort(key=lambda one: -len(one[0].noun.others))
    nouns = tuple(dict.fromkeys(hit.noun for hit, _last in found if hit.noun.unit == found[0][0].noun.unit))
    return Phrase(nouns, found[0][0].form, at, max(last for _hit, last in found))


def _stand_in(words: tuple[str, ...], there: Sequence[Piece]) -> bool:
    return all(any(alike(word, piece.word) for piece in there) for word in words)


def _beside(row: Sequence[Piece], at: int, words: tuple[str, ...]) -> int:
    """Where the phrase ends whose other words are these; 0 where they don't stand behind its head."""
    last, wanted = at + 1, list(words)
    for place in range(at + 1, min(at + 1 + _BESIDE, len(row))):
        if not wanted or not soft(row[place]):
            break
        if alike(wanted[0], row[place].word):
            wanted.pop(0)
            last = place + 1
    return 0 if wanted else last


def _arabic(row: Sequence[Piece], amount: Amount, at: int, hits: Hits) -> Phrase | None:
    of = row[at].word in OF
    begin = at + of
    may_be_definite = of or amount.is_verbal or max(amount.best or 0, amount.low or 0) >= _CONSTRUCT
    for place in range(begin, min(begin + (_REACH_OF if of else 1), len(row))):
        if not soft(row[place]):
            return None
        found = [hit for hit in hits(place) if _fits(hit, may_be_definite=may_be_definite)]
        if not of and row[place].word.endswith("ا") and _asks_for_singular(amount):
            found = [hit for hit in found if hit.form != Form.MANY]
        if found:
            return phrase_at(row, place, found, begin)
    return None


def _asks_for_singular(amount: Amount) -> bool:
    """From 11 to 99 Arabic counts in the singular: “26 سجنا” are prisons, no prisoners (“سجناء”)."""
    return (amount.best or amount.low or amount.high or 0) % 100 >= 11


def _fits(hit: Hit, *, may_be_definite: bool) -> bool:
    if hit.joined or hit.form == Form.TWO:
        return False
    return hit.cut == (_ARTICLE if hit.definite else 0) and (may_be_definite or not hit.definite)


def _english(row: Sequence[Piece], amount: Amount, at: int, hits: Hits) -> Phrase | None:
    begin = at + (row[at].word in OF)
    single = amount.best == 1
    for place in range(begin, min(begin + _REACH, len(row))):
        if _ends_phrase(row, place, begin):
            return None
        if found := [hit for hit in hits(place) if _is_head(row, place, hit, single=single)]:
            return phrase_at(row, place, found, begin)
    return None


def _ends_phrase(row: Sequence[Piece], place: int, begin: int) -> bool:
    piece = row[place]
    if not soft(piece) or piece.word in UNITS or (place > begin and number_at(row, place) is not None):
        return True
    return piece.word in STOPS and not (piece.word in _WITHIN or (place == begin and piece.word == "the"))


def _is_head(row: Sequence[Piece], place: int, hit: Hit, *, single: bool) -> bool:
    """Whether the noun is what is counted, and not the first part of a compound: “two drone operators”."""
    if hit.form == Form.MANY:
        return not single
    if hit.form == Form.ONE and not single:
        return False
    follows = row[place + 1] if place + 1 < len(row) and soft(row[place + 1]) else None
    if follows is None or follows.word in STOPS or follows.word.endswith(("ed", "ing")):
        return True
    return not follows.word.endswith("s") if hit.form == Form.ONE_OR_MANY else not follows.is_latin
