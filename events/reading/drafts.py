"""What became of those who are counted: amounts and the measures that the words around them give."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from events.choices import Qualifier
from events.reading.amounts import Amount, soft
from events.reading.counted import Form, Hit
from events.reading.governing import Governing, Governors
from events.reading.particles import AGENT, BARE_BEFORE, FROM_VERB, NOT_ONE, OF, PART, TOGETHER, TOTAL, UNITS
from events.reading.phrases import Phrase
from events.reading.pieces import Piece

PERSON: Final = "person"
_PART_NEAR: Final = 5
_JOINED_NEAR: Final = 8
_TOTAL_NEAR: Final = 20


@dataclass(slots=True)
class Draft:
    """An amount that was found to count something."""

    amount: Amount
    phrase: Phrase | None
    governing: Governing | None
    measures: tuple[str, ...]
    unit: str
    last: int  # exclusive
    whole: "Draft | None" = None  # what it is a part of
    parts: "list[Draft]" = field(default_factory=list)


class Drafts:
    """The amounts of a text that were found to count something."""

    def __init__(self, row: Sequence[Piece], hits: Callable[[int], list[Hit]], governors: Governors) -> None:
        self.row, self.hits, self.governors = row, hits, governors
        self.all: list[Draft] = []

    def join(self, amount: Amount, phrase: Phrase | None, last: int) -> None:
        """Draft the amount with what it counts, if that can be told."""
        if phrase is None:
            self._join_bare(amount, last)
            return
        whole = self._whole(amount)
        governing = self._governing(amount.first, phrase)
        if whole and not self.governors.right_before(amount.first, phrase.unit):
            self._join_part(amount, phrase, whole, last)
        elif governing is None and (previous := self._inherited(amount, phrase)):
            self._draft(amount, previous.measures, previous.governing, last, phrase)
        else:
            self.join_governed(amount, phrase, governing, last)

    def join_governed(self, amount: Amount, phrase: Phrase, governing: Governing | None, last: int = 0) -> None:
        """Draft the amount as what the governing word says, else as what is counted names by itself."""
        own, last = own_measures(phrase), max(last, phrase.last)
        if governing:
            self._draft(*self._unless_unclear(amount, governing), governing, last, phrase)
        elif own and (second := self._second_name(amount, phrase)):
            measure, last = second
            mixed = replace(amount, qualifier=Qualifier.UNCLEAR)
            self._draft(mixed, tuple(dict.fromkeys([*own, measure])), None, last, phrase)
        elif own:
            self._draft(amount, own, None, last, phrase)

    def _unless_unclear(self, amount: Amount, governing: Governing) -> tuple[Amount, tuple[str, ...]]:
        """The measure that the word says; where two words share one number, both."""
        twin = self.governors.twin(governing)
        if twin is None:
            return amount, (governing.measure,)
        amount = amount if amount.is_verbal else replace(amount, qualifier=Qualifier.UNCLEAR)
        return amount, tuple(sorted({twin.measure, governing.measure}, reverse=True))

    def _second_name(self, amount: Amount, phrase: Phrase) -> tuple[str, int] | None:
        """“20 قتيلا وجريحا”: the measure of the noun that shares the number, and where it ends."""
        at = phrase.last
        if phrase.unit != PERSON or at >= len(self.row) or not soft(self.row[at]) or amount.best in {1, 2}:
            return None
        apart = self.row[at].word in {"و", "او", "and", "or"}
        at += apart
        hits = self.hits(at) if at < len(self.row) else []
        return next(((hit.noun.measure, at + 1) for hit in hits if _shares(hit, phrase, apart=apart)), None)

    def _governing(self, first: int, phrase: Phrase) -> Governing | None:
        """The word that says what became of those who are counted; what their own name says stands where it is far."""
        if phrase.unit not in self.governors.units:
            return None
        if self._names_agent(first):
            return None
        close = self.governors.within(first + 1, phrase.head, phrase.unit) or self.close_governing(first, phrase)
        far = first and self.row[first - 1].word in FROM_VERB
        if close or (not far and any(measure in self.governors.measures for measure in own_measures(phrase))):
            return close
        return self.governors.before(first, phrase.unit)

    def _names_agent(self, first: int) -> bool:
        """“Killed by three gunmen”; but “killed along with two of his men”."""
        before = [piece.word for piece in self.row[max(0, first - 2) : first]]
        return bool(before) and before[-1] in AGENT and before[0] not in TOGETHER

    def close_governing(self, first: int, phrase: Phrase) -> Governing | None:
        """The governing word right before the number, or behind what it counts."""
        return self.governors.right_before(first, phrase.unit) or self.governors.behind(phrase.last, phrase.unit)

    def _inherited(self, amount: Amount, phrase: Phrase) -> Draft | None:
        """“A leader and three others”: what the count before it says, where it goes on with that one."""
        previous = self.previous(amount.first)
        if not previous or not amount.joined or not phrase.nouns[0].needs_governor or previous.unit != phrase.unit:
            return None
        return previous if amount.first - previous.last <= _JOINED_NEAR else None

    def previous(self, at: int) -> Draft | None:
        """The count before this place, in the same sentence."""
        if not self.all or self.all[-1].amount.first < self.governors.starts[at]:
            return None
        return self.all[-1]

    # Bare numbers

    def _join_bare(self, amount: Amount, last: int) -> None:
        """“مقتل 4 في”, “12 were killed”: persons, whom the language leaves out."""
        if amount.is_verbal or not self._may_stand_alone(amount.first, last) or self.is_denied(amount.first):
            return
        governing = self.governors.right_before(amount.first, PERSON)
        if governing is None and last < len(self.row) and soft(self.row[last]):
            governing = self.governors.behind(last, PERSON, is_bare=True)
        governing = governing or self._of_total(amount, last) or self._of_others(amount, last)
        if governing:
            self._draft(*self._unless_unclear(amount, governing), governing, last)

    def _may_stand_alone(self, first: int, last: int) -> bool:
        """Whether what follows leaves room for persons: nothing, a small word, or a plural that speaks of people."""
        if first and self.row[first - 1].word in UNITS and soft(self.row[first]):
            return False
        if last >= len(self.row) or not soft(self.row[last]):
            return True
        word = self.row[last].word
        if word in UNITS:
            return False
        if self.row[last].is_latin:
            return True
        return word in BARE_BEFORE or word.startswith("و") or word.endswith(("ين", "ون")) or self._governs(last)

    def _governs(self, at: int) -> bool:
        return at in self.governors.by_first

    def _of_others(self, amount: Amount, last: int) -> Governing | None:
        """“5 مدنيين و9 من …”, “اعتقلت … اثنين من العاملين”: so many of them, whoever they are."""
        if last >= len(self.row) or self.row[last].word not in OF or not soft(self.row[last]):
            return None
        previous = self.previous(amount.first)
        governing = self.governors.before(amount.first, PERSON, _JOINED_NEAR)
        if previous is None or (governing and governing.first > previous.amount.first):
            return None if self.row[last].is_latin else governing
        is_near = amount.joined and amount.first - previous.last <= _JOINED_NEAR
        return previous.governing if is_near and previous.unit == PERSON else None

    def _of_total(self, amount: Amount, last: int) -> Governing | None:
        """“عدد القتلى إلى 12”, “to 12, the number of those killed”: the number that a total comes to."""
        first = amount.first
        if self._is_named_total(max(self.governors.starts[first], first - _TOTAL_NEAR), first):
            return self.governors.before(first, PERSON, _TOTAL_NEAR)
        if self._is_named_total(last, last + 3):
            return self.governors.after(last, PERSON)
        return None

    def _is_named_total(self, begin: int, end: int) -> bool:
        return any(piece.word.removeprefix("و") in TOTAL for piece in self.row[begin:end])

    # Parts

    def marks_part(self, at: int) -> bool:
        """Whether a word such as “among them” stands before this place, and no governing word between."""
        for place in range(at - 1, max(self.governors.starts[at], at - _PART_NEAR) - 1, -1):
            if place in self.governors.by_first:
                return False
            if self.row[place].word in PART:
                return True
        return False

    def _whole(self, amount: Amount) -> Draft | None:
        """What this amount is a part of."""
        previous = self.previous(amount.first)
        if previous is None:
            return None
        if previous.whole and (amount.joined or amount.first - previous.last <= 1):
            return previous.whole
        return (previous.whole or previous) if self.marks_part(amount.first) else None

    def _join_part(self, amount: Amount, phrase: Phrase, whole: Draft, last: int) -> None:
        own = own_measures(phrase)
        if own and not set(own) & set(whole.measures) and phrase.unit not in self.governors.units:
            self._draft(amount, own, None, last, phrase)
        elif phrase.unit == whole.unit:
            measures = own if own and phrase.unit not in self.governors.units else whole.measures
            self._draft(amount, measures, whole.governing, last, phrase)
            self.all[-1].whole = whole

    def is_denied(self, at: int) -> bool:
        """Whether a “no” or “without” stands before this place."""
        return any(piece.word in NOT_ONE for piece in self.row[max(0, at - 3) : at])

    def _draft(
        self,
        amount: Amount,
        measures: tuple[str, ...],
        governing: Governing | None,
        last: int,
        phrase: Phrase | None = None,
    ) -> None:
        unit = phrase.unit if phrase else PERSON
        self.all.append(Draft(amount, phrase, governing, measures, unit, max(last, amount.last)))


def own_measures(phrase: Phrase) -> tuple[str, ...]:
    """The measures that what is counted names by itself."""
    return tuple(dict.fromkeys(noun.measure for noun in phrase.nouns if not noun.needs_governor))


def _shares(hit: Hit, phrase: Phrase, *, apart: bool) -> bool:
    """Whether a noun behind “and” shares the number; after a plural, a singular is one more: “3 قتلى وجريح”."""
    if not (hit.joined or apart) or hit.definite or hit.noun.needs_governor or hit.noun.unit != phrase.unit:
        return False
    return hit.form != Form.TWO and not (hit.form == Form.ONE and phrase.form == Form.MANY)
