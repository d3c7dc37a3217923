"""Where in a text, as it was written, stands what somebody looked for."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from osint.base.text import fold, fold_with_map, heard, tokens
from osint.base.trigrams import SHORTEST

TATWEEL: Final = "\u0640"
AROUND: Final = 80  # characters of an excerpt before and after the first hit
Range = tuple[int, int]


class Sought(NamedTuple):
    """What is looked for: folded words, to be found within words too, and how names sound, one word each."""

    words: frozenset[str]
    sounds: frozenset[str] = frozenset()


def sought(query: str, names: Iterable[str] = ()) -> Sought:
    """What a query looks for: the whole, its words, and names that it stands for, however they are spelled."""
    names = list(names)
    told = {fold(query), *tokens(query), *map(fold, names)} - {""}
    sounds = {sound for name in names for sound in heard(name).split() if len(sound) >= SHORTEST}
    return Sought(frozenset(told), frozenset(sounds))


def hits(text: str, what: Sought) -> list[Range]:
    """Start and end of each place in the text that holds what is sought, in order; what touches is one."""
    # Where each letter stands takes three times as long to tell as whether there is anything to be found.
    if not (what.sounds or any(map(fold(text).__contains__, what.words))):
        return []
    folded, origins = fold_with_map(text)
    found = {place for word in what.words for place in places(word, folded)}
    found |= {word.span() for word in re.finditer(r"\S+", folded) if what.sounds and sounds_like(word[0], what)}
    return joined((origins[start], ended(text, origins[end - 1] + 1)) for start, end in sorted(found))


def places(word: str, folded: str) -> Iterator[Range]:
    """Where a folded text holds the word; a very short one only where it stands by itself."""
    pattern = re.escape(word) if len(word) >= SHORTEST else rf"(?<!\S){re.escape(word)}(?!\S)"
    return (found.span() for found in re.finditer(pattern, folded))


def sounds_like(word: str, what: Sought) -> bool:
    """Whether a folded word has the consonants of a name."""
    return heard(word).strip() in what.sounds


def ended(text: str, end: int) -> int:
    """The end of a hit, with the accents and the stretch of its last letter."""
    while end < len(text) and (text[end] == TATWEEL or unicodedata.category(text[end])[0] == "M"):
        end += 1
    return end


def joined(ranges: Iterable[Range]) -> list[Range]:
    """The ranges, sorted by start, without overlaps."""
    whole: list[Range] = []
    for start, end in ranges:
        if whole and start <= whole[-1][1]:
            whole[-1] = (whole[-1][0], max(end, whole[-1][1]))
        else:
            whole.append((start, end))
    return whole


def pieces(text: str, ranges: Iterable[Range]) -> Iterator[tuple[str, bool]]:
    """The whole text in pieces, each with whether it was sought."""
    last = 0
    for start, end in ranges:
        yield text[last:start], False
        yield text[start:end], True
        last = end
    yield text[last:], False


def excerpt(text: str, what: Sought) -> str:
    """The words around the first hit, with an ellipsis where something is left out; nothing where there is no hit."""
    ranges = hits(text, what)
    if not ranges:
        return ""
    start, end = max(0, ranges[0][0] - AROUND), min(len(text), ranges[0][1] + AROUND)
    start = text.find(" ", start, ranges[0][0]) + 1 if start and " " in text[start : ranges[0][0]] else start
    end = text.rfind(" ", ranges[0][1], end) if end < len(text) and " " in text[ranges[0][1] : end] else end
    return f"{'… ' if start else ''}{text[start:end].strip()}{' …' if end < len(text) else ''}"
