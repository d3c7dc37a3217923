"""A text as a row of folded words, each with its place in the original: what the rules of the reading aid look at."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from events.reading.prefixes import word_set
from osint.base.text import fold_with_map

# Between the words of one name there may be these and nothing else.
_WITHIN: Final = re.compile(r"[ \t\u00a0\u0640\u200c-\u200f\u202a-\u202e\u2066-\u2069\-–—‑\"“”'’«»]*")
_HAMZA: Final = "ء"
_SENTENCE: Final = re.compile(r"[.!?؟…](?![^\s\"”»)])|[\n\r\u2028\u2029]|\.\.")
_CLAUSE: Final = re.compile(r"[,،;؛:()\[\]]")
_LISTED: Final = re.compile(r"\s*[,،/]?\s*(?:[-–—]\s*)?")
_GLUED: Final = re.compile(r"[-–—‑'’]")
_INITIALS: Final = re.compile(r"\.\s?")
# “al-Hasakah”, “Ar-Raqqa”: the article before a hyphen belongs to the name; these two also stand alone.
ARTICLES: Final = word_set(
    """
    al el ul il ar er ur as es ash esh at et ath eth az ez ad ed adh an en
    """
)
_FREE_ARTICLES: Final = frozenset({"al", "el"})


@dataclass(frozen=True, slots=True)
class Word:
    """A word: folded, with its start and end in the original, and what stands between it and the next one."""

    folded: str
    start: int
    end: int
    gap: str = ""
    is_capital: bool = False
    is_caps: bool = False

    @property
    def joins(self) -> bool:
        """Whether a name may go on with the next word."""
        return _WITHIN.fullmatch(self.gap) is not None

    @property
    def lists(self) -> bool:
        """Whether what follows may be one more of a list: nothing but a comma or a dash stands between."""
        return _LISTED.fullmatch(self.gap) is not None and "\n" not in self.gap

    @property
    def ends_clause(self) -> bool:
        """Whether a clause or a sentence ends here."""
        return self.ends_sentence or _CLAUSE.search(self.gap) is not None

    @property
    def ends_sentence(self) -> bool:
        """Whether a sentence or a paragraph ends here."""
        return _SENTENCE.search(self.gap) is not None


@dataclass(slots=True)
class Words:
    """The words of a text."""

    text: str
    row: list[Word] = field(default_factory=list)
    folds: tuple[str, ...] = ()  # the folded words alone, and which of them may go on: asked for at every word
    joints: tuple[bool, ...] = ()

    def __post_init__(self) -> None:
        self.row = list(_named(_with_initials(list(_plain(self.text)))))
        self.folds = tuple(word.folded for word in self.row)
        self.joints = tuple(word.gap == " " or word.joins for word in self.row)

    def __len__(self) -> int:
        return len(self.row)

    def __getitem__(self, index: int) -> Word:
        return self.row[index]

    def folded(self, index: int) -> str:
        """The folded word at this place; nothing outside the text."""
        return self.folds[index] if 0 <= index < len(self.folds) else ""

    def joined(self, index: int) -> bool:
        """Whether the word at this place and the next one may belong to one name."""
        return 0 <= index < len(self.joints) - 1 and self.joints[index]

    def clause_start(self, index: int, limit: int = 8) -> int:
        """The first word of the clause that this word stands in, at most so many words before it."""
        first = index
        while first > 0 and index - first < limit and not self.row[first - 1].ends_clause:
            first -= 1
        return first

    def sentence_start(self, index: int, limit: int = 40) -> int:
        """The first word of the sentence that this word stands in, at most so many words before it."""
        first = index
        while first > 0 and index - first < limit and not self.row[first - 1].ends_sentence:
            first -= 1
        return first


def _plain(text: str) -> Iterator[Word]:
    folded, origins = fold_with_map(text)
    spans = [found.span() for found in re.finditer(r"\S+", folded)]
    ends = [_end(text, origins[last - 1]) for _first, last in spans]
    starts = [origins[first] for first, _last in spans]
    for (first, last), start, end, following in zip(spans, starts, ends, [*starts[1:], len(text)], strict=False):
        written, gap = text[start:end], text[end:following]
        word = folded[first:last]
        if written.endswith(("'s", "’s")) and word.endswith("s"):
            # “Qasrak's”: the ending is no part of the name.
            yield Word(word[:-1], start, end - 2, gap, written[:1].isupper(), written[:-2].isupper())
        else:
            yield Word(word, start, end, gap, written[:1].isupper(), written.isupper())


def _end(text: str, last: int) -> int:
    """The end of the word whose last letter stands there, with the accents on it and the hamza that folding drops."""
    end = last + 1
    while end < len(text) and (text[end] == _HAMZA or unicodedata.category(text[end])[0] == "M"):
        end += 1
    return end


def _with_initials(words: list[Word]) -> list[Word]:
    """The words, of which letters with full stops (“U.S.”) are one."""
    row: list[Word] = []
    for word in words:
        last = row[-1] if row else None
        if last is not None and len(word.folded) == 1 and _is_initial(last) and word.is_capital:
            row[-1] = replace(last, folded=last.folded + word.folded, end=word.end, gap=word.gap)
        else:
            row.append(word)
    return [replace(word, end=word.end + 1, gap=word.gap[1:]) if _is_initials(word) else word for word in row]


def _is_initial(word: Word) -> bool:
    return word.is_caps and len(word.folded) <= 3 and word.gap == "."


def _is_initials(word: Word) -> bool:
    return word.is_caps and word.gap.startswith(".") and word.end - word.start > len(word.folded)


def _named(words: list[Word]) -> Iterator[Word]:
    """The words, of which an Arabic article in Latin letters is joined to what it stands before."""
    pending: Word | None = None
    for word, following in zip(words, [*words[1:], None], strict=False):
        if following is not None and pending is None and _is_article(word, following):
            pending = word
        elif pending is not None:
            yield replace(word, start=pending.start, is_capital=word.is_capital or pending.is_capital)
            pending = None
        else:
            yield word


def _is_article(word: Word, following: Word) -> bool:
    if word.folded not in ARTICLES or not following.folded[:1].isascii() or not following.folded[:1].isalpha():
        return False
    return bool(_GLUED.fullmatch(word.gap)) or (
        word.gap == " " and word.folded in _FREE_ARTICLES and following.is_capital
    )
