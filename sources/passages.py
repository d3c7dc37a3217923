"""A report's text as pages show it: cut where quotes begin and end."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Generic, TypeVar

from sources.quotes import Quoting

Q = TypeVar("Q", bound=Quoting)


@dataclass(frozen=True)
class Piece(Generic[Q]):
    """A stretch of the text within which no quote begins or ends."""

    text: str
    begins: tuple[Q, ...]  # quotes whose first character is the first one here
    within: tuple[Q, ...]  # quotes that hold all of it


def pieces(text: str, quotes: Iterable[Q]) -> list[Piece[Q]]:
    """The whole text in pieces; quotes may overlap, and one without a place has none here."""
    placed = [(quote.start, quote.end, quote) for quote in quotes if quote.start is not None and quote.end is not None]
    cuts = {0, len(text)}
    for start, end, _quote in placed:
        cuts |= {start, end}
    return [
        Piece(
            text[start:end],
            tuple(quote for first, _last, quote in placed if first == start),
            tuple(quote for first, last, quote in placed if first <= start and last >= end),
        )
        for start, end in pairwise(sorted(cuts))
    ]
