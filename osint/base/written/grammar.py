"""The shapes of dates, rule by rule: each rule joins a few tokens to one, and later rules join those.

A rule's pattern is written over the kinds of tokens (``words.KINDS``). What rules make has kinds too: 1 is a year,
2 a month, 3 a day of a month, and 9 a whole date expression, which no rule takes apart again. Every repetition is
bounded, so that a text costs time in proportion to its length, whatever stands in it.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from osint.base.written.expressions import Expression
from osint.base.written.tokens import Token, Tokens

YEAR, MONTH, DAY, WHOLE = "1", "2", "3", "9"


@dataclass(frozen=True, slots=True)
class Match:
    """Tokens that fit a rule's pattern, and where they stand among the others."""

    tokens: Tokens
    found: re.Match[str]

    @property
    def row(self) -> list[Token]:
        """The tokens that fit."""
        return self.tokens.row[self.found.start() : self.found.end()]

    def values(self, kinds: str) -> list[Any]:
        """The values of those of these kinds, in order."""
        return [token.value for token in self.row if token.kind in kinds]

    def value(self, kinds: str) -> Any:
        """The first of them, or none."""
        return next(iter(self.values(kinds)), None)

    def has(self, kinds: str) -> bool:
        """Whether one of these kinds is among them."""
        return any(token.kind in kinds for token in self.row)

    def before(self, back: int = 1) -> str:
        """The word before, folded; blank at the beginning."""
        return self.tokens.word(self.found.start() - back)

    def after(self) -> str:
        """The word behind, folded; blank at the end."""
        return self.tokens.word(self.found.end())

    def kind_before(self) -> str:
        """The kind of the token before; blank at the beginning."""
        return self.tokens.kinds[self.found.start() - 1 : self.found.start()]

    def kind_after(self) -> str:
        """The kind of the token behind; blank at the end."""
        return self.tokens.kinds[self.found.end() : self.found.end() + 1]

    @property
    def is_glued(self) -> bool:
        """Whether nothing, no blank either, stands between the tokens."""
        return all(self.tokens.touches(index) for index in range(self.found.start(), self.found.end() - 1))


Build = Callable[[Match], Any]


@dataclass(frozen=True, slots=True)
class Rule:
    """A name, a pattern, and what makes the meaning of the tokens that fit; none where they only look like it."""

    name: str
    pattern: re.Pattern[str]
    kind: str
    build: Build


def rule(name: str, pattern: str, build: Build, kind: str = WHOLE) -> Rule:
    """A rule, whose pattern is compiled."""
    return Rule(name, re.compile(pattern), kind, build)


def apply(rules: Iterable[Rule], tokens: Tokens) -> None:
    """Let each rule in turn join what fits."""
    for one in rules:
        _apply(one, tokens)


def _apply(one: Rule, tokens: Tokens) -> None:
    made: list[Token] = []
    position = copied = 0
    while found := one.pattern.search(tokens.kinds, position):
        start, end = found.span()
        value = one.build(Match(tokens, found))
        if value is None:
            position = start + 1
            continue
        made += tokens.row[copied:start]
        made.append(_joined(one, tokens.row[start:end], value))
        position = copied = end
    if copied:
        tokens.row = [*made, *tokens.row[copied:]]
        tokens.kinds = "".join(token.kind for token in tokens.row)


def _joined(one: Rule, row: list[Token], value: Expression) -> Token:
    name = one.name or next((token.rule for token in row if token.rule), "")
    return Token(one.kind, row[0].word if len(row) == 1 else " ".join(token.word for token in row), value,
                 row[0].start, row[-1].end, name)  # fmt: skip
