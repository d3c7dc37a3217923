"""What can be counted, and the words that say what became of it: the cues of measures, in all their forms.

A cue of a measure is written as in a dictionary. “شاحنة” and “truck” are counted, and inflected by rule. Irregular
plurals stand behind a stroke: “قتيل / قتلى”, “woman / women”. Three dots behind a word say that it governs what is
counted: “مقتل …”, “killed / killing …”. Three dots before it say that it is counted only together with such a word,
which then says as what: “… مدني”, “… civilian”.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import lru_cache
from typing import Final

from events.choices import CueKind
from events.models.cues import Cue
from osint.base.text import fold

_DOTS: Final = ("…", "...")
_LETTERS_MOST: Final = 3
# What Arabic writes as one with a word, with whether it says “the” and “and”.
_PREFIXES: Final = (
    *(
        (before + letter + article, bool(article), before == "و")
        for before in ("", "و", "ف")
        for letter in ("", "ب", "ل", "ك")
        for article in ("", "ال")
    ),
    ("لل", True, False),
    ("ولل", True, True),
)
_BEGINS: Final = frozenset("وفبلكا")
_PRONOUNS: Final = ("ه", "ها", "هم", "هما", "هن")
_VERB_ENDINGS: Final = ("", "ت", "وا", "ا", "تا")
_NOUN_ENDINGS: Final = ("تان", "تين", "ات", "ان", "ين", "ون", "يه", "ه")


class Form(Enum):
    """How many a form of a noun speaks of."""

    ONE = auto()
    TWO = auto()
    MANY = auto()
    TWO_OR_MANY = auto()  # “مدنيين”
    ONE_OR_MANY = auto()  # “aircraft”


@dataclass(frozen=True, slots=True)
class Noun:
    """Something that a measure counts."""

    measure: str
    unit: str
    head: str
    others: tuple[str, ...]  # the words beside its head, as “شحن” in “طائرة شحن”
    needs_governor: bool


@dataclass(frozen=True, slots=True)
class Governor:
    """A word that says what became of those who are counted."""

    measure: str
    unit: str
    rest: tuple[str, ...]  # the words behind its first one
    looks_back: bool  # “مقتلهم”: those of whom it speaks were named before


@dataclass(frozen=True, slots=True)
class Hit:
    """A noun found in a text, in one of its forms."""

    noun: Noun
    form: Form
    definite: bool
    joined: bool
    cut: int  # letters before it that belong to others


@dataclass(slots=True)
class Vocabulary:
    """The cues of measures and qualifiers, by the forms in which they are met."""

    nouns: dict[str, list[tuple[Noun, Form]]] = field(default_factory=dict)
    governors: dict[str, list[Governor]] = field(default_factory=dict)
    qualifiers: dict[str, list[tuple[tuple[str, ...], str]]] = field(default_factory=dict)

    @classmethod
    def of(cls, cues: Iterable[Cue]) -> "Vocabulary":
        """The vocabulary of these cues; cues of other kinds are left out."""
        vocabulary = cls()
        for cue in cues:
            if cue.kind == CueKind.MEASURE and cue.measure is not None:
                vocabulary._add_measure(cue.text, cue.measure.slug, cue.measure.unit)
            elif cue.kind == CueKind.QUALIFIER and (words := tuple(fold(cue.text).split())):
                vocabulary.qualifiers.setdefault(words[0], []).append((words, cue.value))
        for found in vocabulary.qualifiers.values():
            found.sort(key=lambda one: -len(one[0]))
        return vocabulary

    def _add_measure(self, text: str, measure: str, unit: str) -> None:
        text = text.strip()
        if text.endswith(_DOTS):
            for form in _forms_of(text):
                self._add_governor(form, measure, unit)
        elif forms := _forms_of(text):
            self._add_noun(forms, measure, unit, needs_governor=text.startswith(_DOTS))

    def _add_governor(self, written: str, measure: str, unit: str) -> None:
        words = fold(written).split()
        if not words:
            return
        last = written.split()[-1]
        for form, looks_back in _governing_forms(last):
            row = (*words[:-1], form)
            governor = Governor(measure, unit, tuple(row[1:]), looks_back)
            self.governors.setdefault(row[0], []).append(governor)

    def _add_noun(self, written: list[str], measure: str, unit: str, *, needs_governor: bool) -> None:
        words = fold(written[0]).split()
        if not words:
            return
        at = 0 if _is_arabic(words[0]) else len(words) - 1
        noun = Noun(measure, unit, words[at], tuple(words[:at] + words[at + 1 :]), needs_governor)
        heads = [row[0 if at == 0 else -1] for row in (form.split() for form in written) if row]
        for form, number in _noun_forms(heads).items():
            self.nouns.setdefault(form, []).append((noun, number))

    def hits(self, word: str) -> list[Hit]:
        """The nouns that the folded word may be."""
        found = [Hit(noun, form, False, False, 0) for noun, form in self.nouns.get(word, ())]
        if found or not _is_arabic(word):
            return found
        return [
            Hit(noun, form, definite, joined, len(prefix))
            for prefix, definite, joined in _prefixes_of(word)
            for noun, form in self.nouns.get(word[len(prefix) :], ())
        ]

    def governing(self, word: str) -> list[Governor]:
        """The governing words that begin with the folded word."""
        found = self.governors.get(word, [])
        if found or not _is_arabic(word):
            return found
        return [
            governor
            for prefix, definite, _joined in _prefixes_of(word)
            if not definite
            for governor in self.governors.get(word[len(prefix) :], ())
        ]

    def qualifying(self, word: str) -> Iterator[tuple[tuple[str, ...], str, int]]:
        """The qualifiers that begin with the folded word: all their words, the value, and the letters before it."""
        for words, value in self.qualifiers.get(word, ()):
            yield words, value, 0
        if _is_arabic(word):
            for prefix, _definite, _joined in _prefixes_of(word):
                for words, value in self.qualifiers.get(word[len(prefix) :], ()):
                    yield (word, *words[1:]), value, len(prefix)


@lru_cache(maxsize=20_000)
def _prefixes_of(word: str) -> tuple[tuple[str, bool, bool], ...]:
    """The letters that may stand before the word itself, each with whether they say “the” and “and”."""
    if word[:1] not in _BEGINS:
        return ()
    return tuple(
        (prefix, definite, joined)
        for prefix, definite, joined in _PREFIXES
        if prefix and word.startswith(prefix) and len(word) > len(prefix) + 1
    )


def _is_arabic(word: str) -> bool:
    return "\u0600" <= word[:1] <= "\u06ff"


def _forms_of(text: str) -> list[str]:
    """The forms that a cue gives, without its dots."""
    for dots in _DOTS:
        text = text.removeprefix(dots).removesuffix(dots)
    return [form.strip() for form in text.split("/") if form.strip()]


def _governing_forms(written: str) -> Iterator[tuple[str, bool]]:
    """The forms of a governing word, each with whether it looks back."""
    word = fold(written)
    if not _is_arabic(word):
        yield word, False
        return
    stem = f"{word[:-1]}ت" if written.endswith("ة") else word
    for ending in ("",) if written.endswith("ة") else _VERB_ENDINGS:
        yield word + ending, False
    for pronoun in _PRONOUNS:
        yield stem + pronoun, True


def _noun_forms(written: list[str]) -> dict[str, Form]:
    """The forms of a noun whose singular, and whose plurals unless they are regular, are given."""
    singular, plurals = fold(written[0]), [fold(form) for form in written[1:]]
    forms = _arabic(written[0], singular, plurals) if _is_arabic(singular) else _english(singular, plurals)
    forms |= {form: Form.MANY for form in plurals if forms.get(form) != Form.TWO_OR_MANY}
    if singular in plurals:
        forms[singular] = Form.ONE_OR_MANY
    return forms


def _arabic(written: str, singular: str, plurals: list[str]) -> dict[str, Form]:
    if written.endswith("ة"):
        stem = singular[:-1]
        many = plurals or [f"{stem}ات"]
        forms = {singular: Form.ONE} | dict.fromkeys([stem + end for end in ("تان", "تين", "تا", "تي")], Form.TWO)
    else:
        many = plurals or [singular + ending for ending in ("ون", "و", "ي")]
        # “مدنيين” is two of them or more; beside a plural of another kind, as in “جرحى”, “جريحين” is two.
        either = Form.TWO_OR_MANY if not plurals or f"{singular}ين" in plurals else Form.TWO
        forms = {singular: Form.ONE, f"{singular}ا": Form.ONE, f"{singular}ان": Form.TWO, f"{singular}ين": either}
    owned = [f"{one[:-2]}ي" if one.endswith(("ين", "ون")) else one for one in many if not one.endswith("و")]
    return dict.fromkeys([one + its for one in owned for its in _PRONOUNS] + many, Form.MANY) | forms


def _english(singular: str, plurals: list[str]) -> dict[str, Form]:
    if plurals:
        return {singular: Form.ONE}
    if singular.endswith(("s", "x", "sh", "ch")):
        plural = f"{singular}es"
    elif singular.endswith("y") and singular[-2:-1] not in set("aeiou"):
        plural = f"{singular[:-1]}ies"
    else:
        plural = f"{singular}s"
    return {singular: Form.ONE, plural: Form.MANY}


def alike(word: str, other: str) -> bool:
    """Whether two folded words are forms of one: “العسكرية” and “عسكرية”, “مسيرتان” and “مسيرة”."""
    return word == other or _bare(word) == _bare(other)


def _bare(word: str) -> str:
    if not _is_arabic(word):
        return word.removesuffix("s")
    word = word[2:] if word.startswith("ال") and len(word) > _LETTERS_MOST + 1 else word
    ending = next((end for end in _NOUN_ENDINGS if word.endswith(end) and len(word) - len(end) >= _LETTERS_MOST), "")
    return word.removesuffix(ending)
