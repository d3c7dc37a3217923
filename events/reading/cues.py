"""Cue words in a text: what happened, what part somebody has in it, on whose word it is told."""

from dataclasses import dataclass

from events.reading.lexicon import Lexicon, Sign
from events.reading.prefixes import bare_stems
from events.reading.words import Words


@dataclass(frozen=True, slots=True)
class Seen:
    """A cue that stands in the text, from this word to that, behind so many letters of the first one."""

    first: int
    last: int
    cut: int
    signs: tuple[Sign, ...]


def seen(words: Words, lexicon: Lexicon, kind: str) -> list[Seen]:
    """The cues of one kind in the order of the text, the longest wherever several begin at one word."""
    known = lexicon.cues.get(kind, {})
    found, at = [], 0
    while at < len(words):
        best = _longest(words, known, at)
        if best is not None:
            found.append(best)
        at = at + 1 if best is None else best.last + 1
    return found


def _longest(words: Words, known: dict[str, list[Sign]], at: int) -> Seen | None:
    best: Seen | None = None
    for first, cut in bare_stems(words.folded(at)):
        for sign in known.get(first, ()):
            last = at + len(sign.tokens) - 1
            if (best is None or last > best.last) and _stands(words, sign, at, last):
                best = Seen(at, last, cut, (sign,))
            elif (
                best is not None
                and last == best.last
                and sign.tokens == best.signs[0].tokens
                and sign not in best.signs
            ):
                best = Seen(best.first, best.last, best.cut, (*best.signs, sign))
    return best


def _stands(words: Words, sign: Sign, first: int, last: int) -> bool:
    if last >= len(words) or not all(words.joints[first:last]):
        return False
    return all(
        token == word or any(form == token for form, _cut in bare_stems(word))
        for word, token in zip(words.folds[first + 1 : last + 1], sign.tokens[1:], strict=True)
    )
