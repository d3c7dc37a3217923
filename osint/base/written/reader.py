"""Dates in running text and in a form field: what the rules make of the words, with days put to it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from osint.base.written.building import DAYS, PARTS
from osint.base.written.calendar import Span, UnreadError
from osint.base.written.counted import COUNTED, FROM_ANOTHER
from osint.base.written.expressions import Context
from osint.base.written.found import Found
from osint.base.written.grammar import WHOLE, apply
from osint.base.written.joining import JOINING, LAST, MONTH_FIRST
from osint.base.written.relative import Away
from osint.base.written.tokens import Token, Tokens
from osint.base.written.words import NARRATIVE

_SIGHT: Final = 60  # tokens that a sentence is looked back for
_NEAR: Final = 2  # paragraphs over which “the next day” reaches back


def tokens_of(text: str, *, typed: bool = False) -> Tokens:
    """The text with every date expression joined to one token."""
    tokens = Tokens(text, typed=typed)
    for rules in (PARTS, MONTH_FIRST, DAYS, FROM_ANOTHER, JOINING, COUNTED, LAST):
        apply(rules, tokens)
    return tokens


def find(text: str, published: date | None = None) -> list[Found]:
    """Every date in a running text, in order; they do not overlap."""
    return list(_Walk(tokens_of(text), published))


@dataclass
class _Walk:
    """The way through a text, on which it is remembered what day was told of last."""

    tokens: Tokens
    published: date | None
    last_day: date | None = None
    told_in: int = 0
    paragraph: int = 0

    def __iter__(self) -> Iterator[Found]:
        kinds = self.tokens.kinds
        for index, kind in enumerate(kinds):
            if kind == "\n" and not (index and kinds[index - 1] == "\n"):
                self.paragraph += 1
            if kind != WHOLE:
                continue
            token = self.tokens[index]
            read = self._read(index, token)
            if read is not None:
                yield read

    def _read(self, index: int, token: Token) -> Found | None:
        context = Context(self.published, self._anchor(token), told=self._is_told(index))
        try:
            span = token.value.days(context)
        except (UnreadError, ValueError, OverflowError):
            return None
        if (
            self.published is not None
            and span.earliest is not None
            and span.earliest > self.published
            and context.codes
        ):
            return None  # what a report promises, “by the end of the month”, has not happened
        if span.earliest is not None and span.earliest == span.latest:
            self.last_day, self.told_in = span.earliest, self.paragraph
        return found(self.tokens, token, span, context)

    def _anchor(self, token: Token) -> date | None:
        away = self.paragraph - self.told_in
        is_anchored = isinstance(token.value, Away) and token.value.anchored
        return self.last_day if away == 0 or (is_anchored and away < _NEAR) else None

    def _is_told(self, index: int) -> bool:
        """Whether a word before it in its sentence sets it in relation to what was just told."""
        for before in range(index - 1, max(-1, index - _SIGHT), -1):
            if self.tokens.kinds[before] in ".!\n":
                return False
            if self.tokens.word(before) in NARRATIVE:
                return True
        return False


def found(tokens: Tokens, token: Token, span: Span, context: Context) -> Found:
    """What was read, with its place in the text."""
    anchor = context.anchor if "anchor" in context.codes else None
    end = tokens.end_of(token)
    return Found(
        token.start, end, span.edtf, span.earliest, span.latest, token.rule, tokens.text[token.start : end],
        tuple(context.codes), context.published, anchor,
    )  # fmt: skip
