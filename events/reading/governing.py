"""The words that say what became of those who are counted, and which of them governs a number."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from events.reading.amounts import soft
from events.reading.counted import Form, Governor, Hit, Vocabulary
from events.reading.numbers import number_at
from events.reading.particles import AUXILIARY, LIGHT, ONE, PART, PASSIVE, STOPS, WHEN
from events.reading.pieces import Piece

_AND: Final = frozenset({"و", "او", "and", "or"})
_NEAR: Final = 20  # how many words before a number its verb may stand
_NEAR_LATIN: Final = 6
_LIGHT_MOST: Final = 3
_BEHIND: Final = 16
_BEHIND_ARABIC: Final = 5
_WHOSE: Final = frozenset({"of", "from"})
_IN_NAMES: Final = frozenset({"of", "from", "the", "and"})
_NAME_MOST: Final = 6
_OBJECT_NEAR: Final = 3
_PLURAL_VERB: Final = ("وا", "تا", "ا", "ت", "ن")


@dataclass(frozen=True, slots=True)
class Governing:
    """A governing word in a text."""

    first: int
    last: int  # exclusive
    measure: str
    unit: str
    looks_back: bool = False
    is_total: bool = False  # “the killed”: who they are; their number may follow


class Governors:
    """The governing words of a text."""

    def __init__(self, row: Sequence[Piece], vocabulary: Vocabulary, hits: Callable[[int], list[Hit]]) -> None:
        self.row, self.hits = row, hits
        self.starts = _sentence_starts(row)
        self.all: list[Governing] = []
        self.measures = {one.measure for found in vocabulary.governors.values() for one in found}
        for index, piece in enumerate(row):
            found = [_standing(row, index, one) for one in vocabulary.governing(piece.word)]
            self.all += [one for one in found if one] or self._totals(index, hits)
        self.units = {one.unit for one in self.all}
        self.firsts = [one.first for one in self.all]
        self.by_end: dict[int, list[Governing]] = {}
        self.by_first: dict[int, list[Governing]] = {}
        for one in self.all:
            self.by_end.setdefault(one.last, []).append(one)
            self.by_first.setdefault(one.first, []).append(one)

    def _totals(self, index: int, hits: Callable[[int], list[Hit]]) -> list[Governing]:
        """“The killed”, “القتلى”: who they are is said, how many may follow."""
        return [
            Governing(index, index + 1, hit.noun.measure, hit.noun.unit, is_total=True)
            for hit in hits(index)
            if hit.definite and hit.form in {Form.MANY, Form.TWO_OR_MANY} and hit.noun.measure in self.measures
            if not hit.noun.needs_governor and not hit.noun.others
        ]

    def right_before(self, first: int, unit: str) -> Governing | None:
        """The governing word that nothing but small words part from this place."""
        at = first
        for step in range(_LIGHT_MOST + 1):
            found = [one for one in self.by_end.get(at, ()) if one.unit == unit and not one.looks_back]
            if at >= len(self.row) or not _continues(self.row[at], far=step > 0):
                return None
            if found:
                return max(found, key=lambda one: one.last - one.first)
            at -= 1
            if at <= 0 or self.row[at].word not in LIGHT | WHEN:
                return None
        return None

    def twin(self, one: Governing) -> Governing | None:
        """The other governing word of “مقتل وإصابة 5”, “killed or wounded five”, “5 were killed and wounded”."""
        return self._twin_before(one) or self._twin_after(one)

    def _twin_before(self, one: Governing) -> Governing | None:
        apart = one.first > 0 and self.row[one.first - 1].word in _AND
        joined = self.row[one.first].word.startswith("و")
        return self._other(one, self.by_end.get(one.first - apart, ())) if apart or joined else None

    def _twin_after(self, one: Governing) -> Governing | None:
        at = one.last
        apart = at < len(self.row) and self.row[at].word in _AND
        if at + apart >= len(self.row) or not (apart or self.row[at].word.startswith("و")):
            return None
        other = self._other(one, self.by_first.get(at + apart, ()))
        behind = self.row[other.last : other.last + 4] if other else ()
        has_own = any(number_at(self.row, other.last + place) for place in range(len(behind))) if other else True
        return None if has_own else other

    def _other(self, one: Governing, found: Iterable[Governing]) -> Governing | None:
        return next((other for other in found if other.measure != one.measure and other.unit == one.unit), None)

    def behind(self, last: int, unit: str, *, is_bare: bool = False) -> Governing | None:
        """The governing word behind what is counted: “4 people were killed”, “عنصران قتلا”."""
        goes_on = last < len(self.row) and (self.row[last].word in PART | {"and"} or "," in self.row[last].gap)
        for at in range(last, min(last + _BEHIND, len(self.row))):
            if self.row[at].begins_sentence or (at > last and not goes_on and number_at(self.row, at) is not None):
                return None
            for one in self.by_first.get(at, ()):
                if one.unit == unit and not one.is_total:
                    return one if self._answers(one, last, is_bare=is_bare) else None
        return None

    def within(self, first: int, head: int, unit: str) -> Governing | None:
        """The governing word that stands before a noun as its adjective: “six wounded fighters”."""
        there = (one for at in range(first, head) for one in self.by_first.get(at, ()))
        return next((one for one in there if one.unit == unit and not one.is_total), None)

    def _answers(self, one: Governing, last: int, *, is_bare: bool) -> bool:
        if self.row[one.first].is_latin:
            return self._answers_in_english(one, last, is_bare=is_bare)
        if one.looks_back:
            return True
        if any(piece.word.startswith("و") for piece in self.row[last : one.last]):
            return False  # another clause
        if self._has_object(one.last):
            return False
        return one.first - last <= _BEHIND_ARABIC and self.row[one.first].word.endswith(_PLURAL_VERB)

    def _answers_in_english(self, one: Governing, last: int, *, is_bare: bool) -> bool:
        between = [piece.word for piece in self.row[last : one.first]]
        if between and between[-1] in PASSIVE:
            return True
        is_near = all(word in AUXILIARY for word in between) or (between[0] in _WHOSE and _is_short(between))
        follows = self.row[one.last] if one.last < len(self.row) and soft(self.row[one.last]) else None
        # “One displaced family”: an adjective says nothing of who “one” is.
        ends = not is_bare or follows is None or follows.word in STOPS
        return is_near and soft(self.row[last]) and ends and not self._has_object(one.last)

    def _has_object(self, at: int) -> bool:
        """Whether somebody else is named behind the verb at once: “3 gunmen killed two civilians”."""
        there = self.row[at : at + _OBJECT_NEAR]
        if not there or not soft(there[0]):
            return False
        if any(number_at(self.row, at + place) for place in range(len(there))) or there[0].word in ONE:
            return True
        return not there[0].is_digits and bool(self.hits(at)) and not any(hit.cut for hit in self.hits(at))

    def after(self, last: int, unit: str) -> Governing | None:
        """The nearest governing word behind this place."""
        there = (one for at in range(last, last + _BEHIND) for one in self.by_first.get(at, ()))
        return next((one for one in there if one.unit == unit), None)

    def before(self, first: int, unit: str, near: int = 0) -> Governing | None:
        """The nearest governing word before this place in its sentence."""
        near = near or (_NEAR_LATIN if self.row[first - 1].is_latin else _NEAR)
        begin = max(self.starts[first], first - near)
        for at in range(bisect_left(self.firsts, first) - 1, -1, -1):
            one = self.all[at]
            if one.first < begin:
                return None
            if one.unit == unit and not one.looks_back and one.last <= first:
                return one
        return None


def _is_short(words: list[str]) -> bool:
    """Whether these may be one name: “of the rebel factions”."""
    return len(words) <= _NAME_MOST and not any(word in STOPS - _IN_NAMES for word in words)


def _continues(piece: Piece, *, far: bool) -> bool:
    return soft(piece) or piece.gap.strip() in ({":", "،", ","} if far else {":"})


def _sentence_starts(row: Sequence[Piece]) -> list[int]:
    """For each piece, the first one of its sentence."""
    starts: list[int] = []
    for index, piece in enumerate(row):
        starts.append(index if piece.begins_sentence or not starts else starts[-1])
    return starts


def _standing(row: Sequence[Piece], index: int, governor: Governor) -> Governing | None:
    """The governing word at this place, if all its words stand here."""
    last = index + 1 + len(governor.rest)
    there = row[index + 1 : last]
    if len(there) < len(governor.rest) or any(
        piece.word != word or not soft(piece) for piece, word in zip(there, governor.rest, strict=True)
    ):
        return None
    return Governing(index, last, governor.measure, governor.unit, governor.looks_back)
