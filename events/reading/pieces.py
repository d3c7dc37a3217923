"""The words and numbers of a text one by one, folded, each with where it stands and what stands before it."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from osint.base.text import fold_with_map

_PIECE: Final = re.compile(r"[0-9]+|[^\W\d_]+")
_SENTENCE_ENDS: Final = re.compile(r"[!?؟؛;\n\r\u2028\u2029…]|\.(?=[\s\"”’»)\].])")
_OPENS_LINE: Final = re.compile(r"(?:^|[\n\r])[\s\-–—•*(\[]*$")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of letters or of digits."""

    word: str  # folded
    start: int  # in the original text
    end: int
    gap: str  # what the text has between it and the piece before
    origins: tuple[int, ...]  # where each character of the folded word came from

    @property
    def is_digits(self) -> bool:
        """Whether it is written in digits."""
        return self.word[0] in "0123456789"

    @property
    def is_latin(self) -> bool:
        """Whether it is written in Latin letters."""
        return "a" <= self.word[0] <= "z"

    @property
    def is_initial(self) -> bool:
        """Whether it is one Latin letter, as in U.S."""
        return len(self.word) == 1 and self.is_latin

    @property
    def begins_sentence(self) -> bool:
        """Whether a sentence ended before it."""
        return bool(_SENTENCE_ENDS.search(self.gap))

    @property
    def begins_line(self) -> bool:
        """Whether nothing but bullets and brackets stands before it in its line."""
        return bool(_OPENS_LINE.search(self.gap))

    @property
    def is_glued(self) -> bool:
        """Whether nothing, or a tatweel alone, parts it from the piece before."""
        return self.gap.strip("\u0640") == ""


def pieces(text: str) -> list[Piece]:
    """The words and numbers of the text in its order."""
    folded, origins = fold_with_map(text)
    found: list[Piece] = []
    end = 0
    for match in _PIECE.finditer(folded):
        own = tuple(origins[match.start() : match.end()])
        gap = text[end : own[0]] if found else "\n" + text[: own[0]]
        if found and found[-1].is_initial:
            gap = gap.removeprefix(".")
        end = max(end, _end(text, own[-1] + 1))
        found.append(Piece(match[0], own[0], end, gap, own))
    return found


def _end(text: str, end: int) -> int:
    """The end of the word, with the hamza and the accents behind its last letter, which folding forgets."""
    while end < len(text) and (text[end] == "ء" or unicodedata.category(text[end])[0] == "M"):
        end += 1
    return end
