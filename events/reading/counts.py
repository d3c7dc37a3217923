"""How many of what: numbers joined with what they count, by the cues of measures and the grammar of both languages."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from events.choices import Qualifier
from events.models.cues import Cue
from events.reading.amounts import Amount, amount_at, qualified, qualifier_behind, soft
from events.reading.counted import Form, Hit, Vocabulary
from events.reading.drafts import PERSON, Draft, Drafts, own_measures
from events.reading.governing import Governors
from events.reading.numbers import number_at
from events.reading.particles import EITHER_OR, FALL, ONE, ONE_OF
from events.reading.phrases import Phrase, phrase_at, phrase_behind
from events.reading.pieces import pieces

_PHRASE_MOST: Final = 200
_LABEL_MOST: Final = 100
_PARTY: Final = 8  # words behind what is counted among which a name says whose they are
_SINGLE: Final = "count.single"
_DUAL: Final = "count.dual"


@dataclass(frozen=True)
class Found:
    """A number with what it counts, and the part of the text that says so."""

    start: int  # in the original text; the phrase as worded lies between
    end: int
    measures: tuple[str, ...]  # slugs, the likeliest first
    low: int | None
    best: int | None
    high: int | None
    qualifier: str
    phrase: str
    rule: str
    word: str  # the words that decided what is counted, and how many
    label: str = ""  # of whom, as worded
    party: tuple[int, int] | None = None  # where a name would say whose they are
    parts: "tuple[Found, ...]" = ()  # those among them that the text counts apart: never to be added

    @property
    def measure(self) -> str:
        """The likeliest measure."""
        return self.measures[0]


def find(text: str, cues: Iterable[Cue]) -> list[Found]:
    """Everything that the text counts, in its order."""
    return find_with(text, Vocabulary.of(cues))


def find_with(text: str, vocabulary: Vocabulary) -> list[Found]:
    """Everything that the text counts, in its order, by a vocabulary made before."""
    return _Reader(text, vocabulary).read()


class _Reader:
    """One reading of one text."""

    def __init__(self, text: str, vocabulary: Vocabulary) -> None:
        self.text, self.vocabulary = text, vocabulary
        self.row = pieces(text)
        known = cache(vocabulary.hits)
        self.hits_of = [known(piece.word) for piece in self.row]
        self.governors = Governors(self.row, vocabulary, self.hits)
        self.drafts = Drafts(self.row, self.hits, self.governors)

    def hits(self, index: int) -> list[Hit]:
        """The nouns that may stand at this place."""
        return self.hits_of[index]

    def read(self) -> list[Found]:
        """Everything that the text counts."""
        at = 0
        while at < len(self.row):
            at = max(self._count(at), at + 1)
        for draft in self.drafts.all:
            if draft.whole is not None:
                draft.whole.parts.append(draft)
        return [self._found(draft) for draft in self.drafts.all if draft.whole is None]

    def _count(self, at: int) -> int:
        """Draft what is counted from this place on, if anything; the place after it."""
        amount = amount_at(self.row, at, self.vocabulary, self.text)
        if amount is None:
            return self._without_number(at)
        if amount.definite and not amount.is_verbal:
            return amount.last
        behind = qualifier_behind(self.row, amount.last, self.vocabulary)
        begin = behind[1] if behind else amount.last
        phrase = phrase_behind(self.row, amount, begin, self.hits)
        last = phrase.last if phrase else begin
        behind = behind or qualifier_behind(self.row, last, self.vocabulary)
        if behind:
            amount = qualified(amount, behind[0])
            last = max(last, behind[1])
        known = len(self.drafts.all)
        self.drafts.join(amount, phrase, last)
        return max(amount.last, phrase.last if phrase else 0, *(draft.last for draft in self.drafts.all[known:]))

    # Words that say how many by themselves

    def _without_number(self, at: int) -> int:
        hits = self.hits(at)
        if self.row[at].word in ONE:
            self._with_article(at)
        elif self.row[at].word in ONE_OF:
            self._one_of(at)
        elif hits and not any(hit.definite for hit in hits) and not self.row[at].is_latin:
            return self._by_form(at, hits)
        return at + 1

    def _with_article(self, at: int) -> None:
        """“A civilian”, “another”: one, where a word says what became of them."""
        amount = self._implied(at, at + 1, 1, _SINGLE)
        phrase = phrase_behind(self.row, amount, at + 1, self.hits)
        if phrase is None and self.row[at].word == "another":
            phrase = phrase_at(self.row, at, self.hits(at), at)
        if phrase is None or phrase.unit != PERSON or self.drafts.is_denied(at):
            return
        if self.drafts.marks_part(at) and self.drafts.previous(at):
            self.drafts.join(amount, phrase, phrase.last)
        elif governing := self.drafts.close_governing(at, phrase):
            self.drafts.join_governed(amount, phrase, governing)

    def _one_of(self, at: int) -> None:
        """“أحد عناصر”: one of them."""
        ahead = at + 1
        hits = self.hits(ahead) if ahead < len(self.row) and soft(self.row[ahead]) else []
        many = [hit for hit in hits if hit.form in {Form.MANY, Form.TWO_OR_MANY}]
        phrase = phrase_at(self.row, ahead, many, at) if many else None
        if phrase and phrase.unit == PERSON and (governing := self.drafts.close_governing(at, phrase)):
            self.drafts.join_governed(self._implied(at, at + 1, 1, _SINGLE), phrase, governing)

    def _by_form(self, at: int, hits: list[Hit]) -> int:
        """Arabic: the dual, a noun with its number behind it, or one alone."""
        phrase = phrase_at(self.row, at, hits, at)
        if phrase is None:
            return at + 1
        number = number_at(self.row, phrase.last) if phrase.last < len(self.row) else None
        behind = number if number and number.in_words and not number.definite and not number.joined else None
        said = behind.whole if behind and soft(self.row[phrase.last]) else None
        cut = next((hit.cut for hit in hits), 0)
        joined = any(hit.joined for hit in hits) or (at > 0 and self.row[at - 1].word == "و")
        if said and behind and _agrees(phrase.form, said):
            amount = self._implied(at, behind.last, said, "count.behind", cut=cut, joined=joined)
            self.drafts.join(amount, replace(phrase, last=behind.last), behind.last)
            return behind.last
        if phrase.form == Form.TWO:
            self.drafts.join(self._implied(at, at + 1, 2, _DUAL, cut=cut, joined=joined), phrase, phrase.last)
        elif phrase.form == Form.ONE and phrase.unit == PERSON:
            self._alone(self._implied(at, at + 1, 1, _SINGLE, cut=cut, joined=joined), phrase)
        else:
            return at + 1
        return phrase.last

    def _implied(self, first: int, last: int, value: int, rule: str, *, cut: int = 0, joined: bool = False) -> Amount:
        start, end = self.row[first].origins[min(cut, len(self.row[first].origins) - 1)], self.row[last - 1].end
        word = self.text[start:end]
        return Amount(first, last, start, end, None, value, None, Qualifier.EXACTLY, rule, word, joined)

    def _alone(self, amount: Amount, phrase: Phrase) -> None:
        """“مقتل مدني”: the singular says one where a word right before it says what became of him."""
        at = amount.first
        if at in self.governors.by_first or self.drafts.is_denied(at) or (at and self.row[at - 1].word in EITHER_OR):
            return
        governing = self.governors.right_before(at, phrase.unit)
        previous = self.drafts.previous(at)
        own = own_measures(phrase)
        if governing or (own and at and self.row[at - 1].word in FALL):
            self.drafts.join_governed(amount, phrase, governing)
        elif (
            self.drafts.marks_part(at)
            or self._goes_on(amount, previous)
            or (own and self._is_gone_on_with(phrase.last))
        ):
            self.drafts.join(amount, phrase, phrase.last)
        elif self.row[at].word.endswith("ا") and not phrase.nouns[0].head.endswith("ا"):
            self._as_object(amount, phrase)

    def _as_object(self, amount: Amount, phrase: Phrase) -> None:
        """“اعتقلت … شابا”: the accusative says that he is whom the verb speaks of."""
        governing = self.governors.before(amount.first, phrase.unit)
        if governing and not any(draft.amount.first >= governing.first for draft in self.drafts.all[-2:]):
            self.drafts.join_governed(amount, phrase, governing)

    def _goes_on(self, amount: Amount, previous: Draft | None) -> bool:
        """“3 قتلى وجريح”: it goes on with a count right before it."""
        if previous is None or not amount.joined or not soft(self.row[amount.first]):
            return False
        return amount.first - previous.last <= 2

    def _is_gone_on_with(self, at: int) -> bool:
        """“قتيل و3 جرحى”: what follows is counted, so this is too."""
        if at >= len(self.row) or not soft(self.row[at]):
            return False
        number = number_at(self.row, at + (self.row[at].word == "و")) if at + 1 < len(self.row) else None
        if number is not None:
            return number.joined
        return any(hit.joined and hit.form == Form.TWO and hit.noun.unit == PERSON for hit in self.hits(at))

    # What is handed back

    def _found(self, draft: Draft) -> Found:
        amount = draft.amount
        end = max(amount.end, self.row[draft.last - 1].end)
        start = min(amount.start, end)
        parts = tuple(self._found(part) for part in draft.parts)
        return Found(
            start, end, draft.measures, amount.low, amount.best, amount.high, str(amount.qualifier),
            _line(self.text[start:end], _PHRASE_MOST), amount.rule, self._word(draft), self._label(draft),
            self._party(draft), parts,
        )  # fmt: skip

    def _word(self, draft: Draft) -> str:
        words = [draft.amount.word]
        if draft.governing:
            words.insert(0, self._written(draft.governing.first, draft.governing.last))
        return " … ".join(words)

    def _written(self, first: int, last: int) -> str:
        return self.text[self.row[first].start : self.row[last - 1].end]

    def _label(self, draft: Draft) -> str:
        if draft.phrase is None or draft.unit != PERSON:
            return ""
        written = self._written(draft.phrase.head, max(draft.phrase.head + 1, draft.phrase.last))
        return _line(written, _LABEL_MOST)

    def _party(self, draft: Draft) -> tuple[int, int] | None:
        last = draft.last
        while last < min(draft.last + _PARTY, len(self.row)) and soft(self.row[last]):
            if last in self.governors.by_first or number_at(self.row, last):
                break
            last += 1
        return draft.amount.start, self.row[last - 1].end


def _line(written: str, most: int) -> str:
    """The words as one line that may be stored: without marks of direction and the like."""
    return "".join(char for char in " ".join(written.split()) if char.isprintable())[:most]


def _agrees(form: Form, said: int) -> bool:
    if said == 1:
        return form == Form.ONE
    if said == 2:
        return form in {Form.TWO, Form.TWO_OR_MANY}
    return form in {Form.MANY, Form.TWO_OR_MANY} and said <= 10
