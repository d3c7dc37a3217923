"""The spellings that names are recognised by: what is stored, and what the language makes of it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from django.db.models import TextChoices

from events.choices import ActorKind, Facet, SiteKind
from events.reading.generic import DIRECTIONS, LINKING, QUALIFYING, SORTS
from events.reading.prefixes import bare
from events.reading.words import ARTICLES, Words
from osint.base.names import in_language
from osint.base.text import key

IGNORED: Final = "ignore"
ORIGIN: Final = "origin"
# What is spoken of by its first word alone once it has been named: “التنظيم”, “the Coalition”, “المرصد”.
HEADS: Final = frozenset(["تنظيم", "تحالف", "مرصد", "observatory", "coalition"])
_LONGEST_ACRONYM: Final = 6
# Who is nobody in particular is written without a capital.
UNNAMED: Final = frozenset({ActorKind.CIVILIANS, ActorKind.UNKNOWN, ActorKind.OTHER})
_ASIDE: Final = re.compile(r"\s*\([^)]*\)")
# What writers of one word differ in, beyond letters that folding joins.
_WRITTEN_TWO_WAYS: Final = (
    ("سوريا", "سوريه"),
    ("امريك", "اميرك"),
    ("ميليشي", "مليشي"),
    ("ديمقراط", "ديموقراط"),
    ("ابو", "ابي"),
    ("ابو", "ابا"),
)


class Case(TextChoices):
    """How much of a name in Latin letters has to stand in capitals."""

    ANY = "any"
    CAPITAL = "capital"
    CAPITALS = "capitals"  # of two words at least: “General Security” is no general security
    CAPS = "caps"


@dataclass(frozen=True, slots=True)
class Target:
    """A record that words may stand for."""

    facet: str
    slug: str
    name_en: str = ""
    name_ar: str = ""
    kind: str = ""

    @property
    def label(self) -> str:
        """Its name in the reader's language."""
        return in_language(self.name_en, self.name_ar)


@dataclass(frozen=True, slots=True)
class Spelling:
    """Words that stand for a record; where ``sorts`` are named, only beside a word of such a sort (“base”)."""

    tokens: tuple[str, ...]
    target: Target
    case: Case = Case.ANY
    sorts: frozenset[str] = frozenset()
    direction: str = ""

    @property
    def is_core(self) -> bool:
        """Whether it is a name without the word that says what sort of place it is."""
        return bool(self.sorts)


def tokens_of(text: str) -> tuple[str, ...]:
    """The folded words of a name, without Arabic articles in Latin letters."""
    words = Words(text)
    articles = {
        index
        for index, (word, following) in enumerate(pairwise(words.row))
        if word.folded in ARTICLES and word.is_capital and following.is_capital
    }
    return tuple(word.folded for index, word in enumerate(words.row) if index not in articles)


def of_site(target: Target, text: str) -> Iterator[Spelling]:
    """The spellings of a site that follow from one of its names."""
    tokens = tokens_of(text)
    is_district = target.kind == SiteKind.DISTRICT and any(sort_of(token) for token in tokens)
    if tokens and not is_district:
        # “منطقة تدمر” is mostly what lies around the town, and rarely the district.
        yield from _varied(Spelling(tokens, target, _case(text, Case.CAPITAL)))
    if core := _core(target, tokens):
        yield from _varied(replace(core, case=_case(text, Case.CAPITAL)))


def of_actor(target: Target, text: str) -> Iterator[Spelling]:
    """The spellings of an actor that follow from one of its names."""
    tokens = tokens_of(text)
    if tokens:
        yield from _varied(Spelling(tokens, target, _case(text, _actor_case(target, text, tokens))))


def _actor_case(target: Target, text: str, tokens: tuple[str, ...]) -> Case:
    if target.kind in UNNAMED:
        return Case.ANY
    if len(tokens) == 1:
        return Case.CAPITAL
    is_title = all(word[:1].isupper() for word in re.split(r"[\s-]+", text)) and not HEADS & set(tokens)
    return Case.CAPITALS if is_title else Case.ANY


def of_source(target: Target) -> Iterator[Spelling]:
    """The spellings of a source: its names, and the first letters of the English one."""
    for name in (target.name_en, target.name_ar):
        plain = _ASIDE.sub("", name)
        if tokens := tokens_of(plain):
            yield from _varied(Spelling(tokens, target, _case(plain, Case.CAPITAL)))
    initials = "".join(word[0] for word in _ASIDE.sub("", target.name_en).split() if word[0].isupper())
    if len(initials) > 3:
        yield Spelling((initials.casefold(),), target, Case.CAPS)


def of_cue(text: str) -> tuple[str, ...]:
    """The words of a cue as they are looked for: none of them with its article."""
    return tuple(bare(word.folded) for word in Words(text).row)


def sound_of(spelling: Spelling) -> str:
    """The consonant key of a spelling."""
    return key(" ".join(spelling.tokens))


def _case(text: str, otherwise: Case) -> Case:
    plain = text.replace(".", "")
    if not plain[:1].isascii():
        return Case.ANY
    if plain.isupper() and len(plain) <= _LONGEST_ACRONYM:
        return Case.CAPS
    return otherwise if text[:1].isupper() or any(char.isupper() for char in text) else Case.ANY


def says_sort(spelling: Spelling) -> bool:
    """Whether the name says itself what sort of place it is: “قاعدة قسرك”, and not “قسرك”."""
    if spelling.target.facet != Facet.WHERE or spelling.is_core or len(spelling.tokens) < 2:
        return False
    return any(sort_of(token) for token in spelling.tokens)


def sort_of(token: str) -> str:
    """What sort of place the word says that something is; blank where it says none."""
    found = SORTS.get(token) or SORTS.get(bare(token))
    return found.name if found else ""


def _core(target: Target, tokens: tuple[str, ...]) -> Spelling | None:
    """The name without the words that say what sort of place it is, or nothing where it has none."""
    sorts = {sort_of(token) for token in tokens} - {""}
    if target.kind == SiteKind.DISTRICT:
        sorts = {"district"} if sorts else set()
    dropped = {*QUALIFYING, *LINKING, *DIRECTIONS, "the"}
    core = tuple(token for token in tokens if not sort_of(token) and token not in dropped)
    if not sorts or not core or any(not char.isalnum() for char in "".join(core)):
        return None
    direction = next((DIRECTIONS[token] for token in tokens if token in DIRECTIONS), "")
    return Spelling(core, target, sorts=frozenset(sorts), direction=direction)


def _varied(spelling: Spelling) -> Iterator[Spelling]:
    """The spelling, and the forms that its words take in a sentence."""
    forms = {spelling.tokens}
    for one, other in _WRITTEN_TWO_WAYS:
        forms |= {tuple(_other_way(token, one, other) for token in tokens) for tokens in forms}
    if spelling.target.facet == Facet.WHO:
        forms |= {_oblique(tokens) for tokens in forms}
    yield from (replace(spelling, tokens=tokens) for tokens in sorted(forms))


def _other_way(token: str, one: str, other: str) -> str:
    if one == "ابو":
        return other if token == one else token
    return token.replace(one, other, 1) if one in token else token


def _oblique(tokens: tuple[str, ...]) -> tuple[str, ...]:
    """The words behind a verb or preposition: “مسلحين مجهولين” of “مسلحون مجهولون”, “مقاتلي” of “مقاتلو”."""
    return tuple(
        f"{token[:-2]}ين" if token.endswith("ون") and len(token) > 4
        else f"{token[:-1]}ي" if token.endswith("و") and len(tokens) > 1 and len(token) > 4
        else token
        for token in tokens
    )  # fmt: skip


FACETS: Final = (Facet.WHERE, Facet.WHO, ORIGIN, IGNORED)
