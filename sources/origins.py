"""Rules that rest on who is behind a report: storeys above add theirs; changes of source or relays pass them."""

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sources.models import Report

Rule = Callable[["Report"], None]
RULES: list[Rule] = []


def rule(function: Rule) -> Rule:
    """Let the function see every report whose origins may have changed; it raises ``ValidationError`` to refuse."""
    RULES.append(function)
    return function


def check(report: "Report") -> None:
    """Ask every rule, within the transaction of the change."""
    for asked in RULES:
        asked(report)
