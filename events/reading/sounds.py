"""Names that nobody has stored as they are written here, told by their consonants and by how much they look alike."""

from collections.abc import Iterator
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Final

from events.reading.context import Context
from events.reading.lexicon import Lexicon
from events.reading.spellings import Spelling
from events.reading.words import Words
from osint.base.text import key

_MOST_WORDS: Final = 3
_ALIKE: Final = 0.8
_ALIKE_BESIDE_A_SORT: Final = 0.7
_SHORTEST_WORD: Final = 4
_LONG_SOUND: Final = 4


def candidates(words: Words, lexicon: Lexicon, at: int) -> Iterator[tuple[int, list[Spelling]]]:
    """The spellings that sound as the text does from here on, with the word that each ends with; the longest first."""
    if not _may_begin(words, at):
        return
    for last in range(min(at + _MOST_WORDS, len(words)) - 1, at - 1, -1):
        if any(not words.joined(index) or not _may_begin(words, index + 1) for index in range(at, last)):
            continue
        found = lexicon.sounds.get(_key(written(words, at, last)), [])
        alike = [spelling for spelling in found if _likeness(words, at, last, spelling) >= _ALIKE_BESIDE_A_SORT]
        if alike:
            yield last, alike


def is_told(words: Words, first: int, last: int, around: Context, found: list[Spelling]) -> bool:
    """Whether enough speaks for a name: a word beside it that says what sort of place it is, or more than one sound."""
    if around.sort is not None:
        return True
    if not words.folded(first)[:1].isascii() and first == last:
        # Too many Arabic words share their consonants with a name.
        return False
    sound = _key(written(words, first, last))
    likeness = max(_likeness(words, first, last, spelling) for spelling in found)
    return len(sound) >= _LONG_SOUND and likeness >= _ALIKE


def written(words: Words, first: int, last: int) -> str:
    """The folded words."""
    return " ".join(words.folded(index) for index in range(first, last + 1))


def _may_begin(words: Words, at: int) -> bool:
    word = words[at]
    if len(word.folded) < _SHORTEST_WORD or not word.folded.isalpha():
        return False
    return word.is_capital or not word.folded.isascii()


def _likeness(words: Words, first: int, last: int, spelling: Spelling) -> float:
    here, stored = written(words, first, last), " ".join(spelling.tokens)
    if here.isascii() != stored.isascii():
        return 0.0
    return _alike(here, stored)


@lru_cache(maxsize=20_000)
def _alike(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other).ratio()


@lru_cache(maxsize=50_000)
def _key(text: str) -> str:
    return key(text)
