"""A proposal: what some words of a text seem to say, by which rule."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from events.choices import Facet


@dataclass(frozen=True)
class Choice:
    """A record that the words may stand for."""

    slug: str
    label: str  # its name in the reader's language


@dataclass(frozen=True)
class Proposal:
    """What the words from ``start`` to ``end`` (code points of the original text, end exclusive) seem to say.

    ``choices`` has the records they may stand for, the likeliest first: more than one where the words are ambiguous.
    ``value`` has what else is proposed, in the words of REST: ``when``, ``when_phrase``, ``basis``, ``reason``,
    ``low``, ``best``, ``high``, ``qualifier``, ``phrase``, ``role``.
    """

    facet: Facet | str  # "origin" where it says on whose word
    start: int
    end: int
    rule: str  # stable name, as in "name.spelling", "date.half_of_month", "count.dual"
    word: str  # the words that set the rule off
    why: str  # the same as a sentence, in the reader's language
    choices: tuple[Choice, ...] = ()
    value: tuple[tuple[str, Any], ...] = ()
    earliest: date | None = None
    latest: date | None = None

    @property
    def said(self) -> dict[str, Any]:
        """What is proposed beside the record."""
        return dict(self.value)

    @property
    def proposal(self) -> str:
        """What a claim keeps of it: the rule, and the words that set it off."""
        return f"{self.rule}: {self.word}"[:200]
