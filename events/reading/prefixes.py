"""Arabic letters that are written before a word and belong to others: and, so, in, for, like, the."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

_CONJUNCTIONS: Final = ("و", "ف")
_PREPOSITIONS: Final = ("ب", "ل", "ك")
_SHORTEST: Final = 3


_KEPT: Final = 50_000  # words of one language at most, with room for several


def word_set(text: str) -> frozenset[str]:
    """The words of a text, as a set: how the lists of words stand in these modules."""
    return frozenset(text.split())


@lru_cache(maxsize=_KEPT)
def stems(word: str) -> tuple[tuple[str, int], ...]:
    """What the word may be, the whole of it first: each reading, with how many letters of it belong to others."""
    found = [(word, 0)]
    if "ء" <= word[:1] <= "ي":
        found += _behind_prepositions(word, 0)
        if word[0] in _CONJUNCTIONS and len(word) > _SHORTEST:
            found += [(word[1:], 1), *_behind_prepositions(word[1:], 1)]
    return tuple(found)


def _behind_prepositions(word: str, cut: int) -> Iterator[tuple[str, int]]:
    if word.startswith("لل") and len(word) > _SHORTEST + 1:
        # “للحسكة” is “ل” and “الحسكة”; “للاذقية” is “ل” and “اللاذقية”: no letter of these can be left out.
        yield f"ا{word}", cut
        yield f"ال{word[2:]}", cut
    if word[:1] in _PREPOSITIONS and len(word) > _SHORTEST:
        yield word[1:], cut + 1


def bare(word: str) -> str:
    """The word without prefixes and without the article, as far as enough of it is left."""
    if not "ء" <= word[:1] <= "ي":
        return word
    for prefix in ("وبال", "وكال", "فبال", "وال", "بال", "فال", "كال", "ولل", "لل", "ال"):
        if word.startswith(prefix) and len(word) - len(prefix) >= _SHORTEST - 1:
            return word[len(prefix) :]
    return word


@lru_cache(maxsize=_KEPT)
def bare_stems(word: str) -> tuple[tuple[str, int], ...]:
    """As ``stems``, each reading without its article too, and in English without the s of a plural; for cues."""
    found = dict.fromkeys(reading for stem, cut in stems(word) for reading in ((bare(stem), cut), (stem, cut)))
    if word.isascii() and len(word) > _SHORTEST and word.endswith("s"):
        found[word[:-1], 0] = None
    return tuple(found)
