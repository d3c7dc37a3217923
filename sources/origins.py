"""Rules that rest on who is behind a report: storeys above add theirs; changes of source or relays pass them.

What was published with a report was published on the word of those behind it: from then on they stay.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from sources.models import Report

Rule = Callable[["Report"], None]
RULES: list[Rule] = []
Question = Callable[["Report"], bool]
USES: list[Question] = []

BEHIND = _(
    "Published events rest on this report and on those behind it, so they stay. Enter the report anew, and cite it."
)


def rule(function: Rule) -> Rule:
    """Let the function see every report whose origins may have changed; it raises ``ValidationError`` to refuse."""
    RULES.append(function)
    return function


def check(report: "Report") -> None:
    """Ask every rule, within the transaction of the change."""
    for asked in RULES:
        asked(report)


def use(function: Question) -> Question:
    """Let the function say whether anything published rests on a report."""
    USES.append(function)
    return function


def in_use(report: "Report") -> bool:
    """Whether anything published rests on the report."""
    return any(asked(report) for asked in USES)
