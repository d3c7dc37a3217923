"""A hit: words of a text that stand for a record, before anybody is asked what to propose of it."""

import unicodedata
from dataclasses import dataclass
from typing import Final

from events.choices import Facet
from events.reading.generic import Sort
from events.reading.spellings import Target
from events.reading.words import Word, Words
from osint.base.text import fold

_QUOTES: Final = (('"', '"'), ("“", "”"), ("«", "»"), ("(", ")"))
_AND: Final = frozenset({"and", "و", "or", "او", "&"})


@dataclass(frozen=True, slots=True)
class Hit:
    """The words from ``first`` to ``last``, and the records that they may stand for, the likeliest first."""

    first: int
    last: int
    start: int
    end: int
    targets: tuple[Target, ...]
    rule: str
    sort: Sort | None = None
    cut: int = 0  # letters of the first word that belong to others

    @property
    def target(self) -> Target:
        """What it stands for most likely."""
        return self.targets[0]

    @property
    def is_site(self) -> bool:
        """Whether it is a place."""
        return self.target.facet == Facet.WHERE


def start_behind(text: str, word: Word, cut: int) -> int:
    """Where the word starts in the original, behind so many folded letters."""
    at, passed = word.start, 0
    while passed < cut and at < word.end:
        passed += len(fold(text[at]))
        at += 1
    while cut and at < word.end and (text[at] == "\u0640" or unicodedata.category(text[at])[0] != "L"):
        at += 1  # a stretched letter, an accent or a quotation mark stands between
    return at


def closed(text: str, start: int, end: int) -> int:
    """The end of a name, with the quotation mark that closes one within it."""
    for opening, closing in _QUOTES:
        within = text[start:end].count(opening) - (text[start:end].count(closing) if opening != closing else 0)
        if within % 2 and text[end : end + 1] == closing:
            return end + 1
    return end


def follows_in_list(words: Words, before: Hit | None, first: int, cut: int) -> bool:
    """Whether the name that begins here is the next of a list after a hit: “A وB”, “A, B and C”."""
    if before is None or before.last >= first or first - before.last > 2:
        return False
    if first - before.last == 2:
        return words.folded(before.last + 1) in _AND and words[before.last].lists and words[first - 1].lists
    has_and = cut > 0 and words.folded(first).startswith("و") and words[before.last].gap.strip() in {"", '"', "”", "»"}
    has_comma = words[before.last].gap.strip() in {",", "،", "-", "–", "/"}
    return has_and or has_comma
