"""What somebody has decided on the page of a plan, and what of it still fits where the plan is another one by now.

A decision is about a conflict as it was shown: its record, its fields, and what each of the two held.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from osint.bundle.comparing import conflicts
from osint.bundle.plans import LEAVE, MINE, THEIRS, Difference, Plan, Step, conflict_name

CHOICE = "choice "  # before the name of a conflict, in the name of its field


@dataclass(frozen=True)
class Decided:
    """What was chosen in which conflict, and how each was shown, by name."""

    choices: Mapping[str, str] = field(default_factory=dict)
    shown: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def posted(cls, sent: Mapping[str, str]) -> "Decided":
        """What a form says: in each conflict a choice, and how it was shown."""
        told = {name.removeprefix(CHOICE): value.split(" ") for name, value in sent.items() if name.startswith(CHOICE)}
        chosen = {name: choice for name, (choice, *_shown) in told.items() if choice in {MINE, THEIRS}}
        return cls(chosen, {name: shown[0] for name, (_choice, *shown) in told.items() if shown})

    def choice(self, step: Step, difference: Difference) -> str:
        """What was chosen in this very conflict; to leave it open, where it is another one."""
        name = conflict_name(step, difference)
        fits = self.shown.get(name) == fingerprint(difference)
        return self.choices.get(name, LEAVE) if fits else LEAVE

    def lost(self, found: Plan) -> list[str]:
        """The names of the conflicts whose decision does not fit any more."""
        fitting = {conflict_name(step, one) for step, one in conflicts(found.steps) if self.choice(step, one) != LEAVE}
        return sorted(self.choices.keys() - fitting)


def fingerprint(difference: Difference) -> str:
    """The same for the same fields with the same values on both sides."""
    return sha256(json.dumps(difference.fields, sort_keys=True, default=str).encode()).hexdigest()
