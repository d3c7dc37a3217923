"""What an import would do, record by record and field by field: for people, for programs, and to be held to."""

import json
import marshal
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from osint.base.record import Record
from osint.base.text import shown
from osint.bundle.arriving import Arriving, Identity, Pedigree, label_of
from osint.bundle.entries import Entry, Fate, Kept
from osint.bundle.merging import Verdict

NOTHING: Any = MappingProxyType({})  # one for all of the many steps that hold nothing
MINE, THEIRS, LEAVE = "mine", "theirs", "leave"
CHOICES = (MINE, THEIRS, LEAVE)


class Outcome(StrEnum):
    """What becomes of one record of the file."""

    NEW = "new"
    CHANGED = "changed"
    GONE = "gone"
    SAME = "same"
    MINE = "mine"
    CONFLICT = "conflict"
    REFUSED = "refused"


LABELS = {
    Outcome.NEW: gettext_lazy("new"),
    Outcome.CHANGED: gettext_lazy("changed"),
    Outcome.GONE: gettext_lazy("deleted there"),
    Outcome.SAME: gettext_lazy("the same"),
    Outcome.MINE: gettext_lazy("newer here"),
    Outcome.CONFLICT: gettext_lazy("in conflict"),
    Outcome.REFUSED: gettext_lazy("refused"),
}


PRESSING = {Outcome.CONFLICT, Outcome.REFUSED}  # what somebody has to do something about


@dataclass(slots=True)
class Difference:
    """Fields that go together, of which the two hold different values."""

    unit: str
    fields: dict[str, tuple[Any, Any]]  # here and there
    verdict: Verdict
    mine: Pedigree
    theirs: Pedigree
    choice: str = ""  # what a person has decided

    @property
    def is_taken(self) -> bool:
        """Whether their value is written."""
        return self.choice == THEIRS or (self.verdict == Verdict.THEIRS and self.choice != MINE)

    @property
    def is_open(self) -> bool:
        """Whether a person has still to decide."""
        return self.verdict == Verdict.CONFLICT and self.choice not in {MINE, THEIRS}


@dataclass(slots=True)
class Step:
    """What becomes of one record of the file, or of what the file says became of a record."""

    number: int
    model: type[Record]
    name: str  # its natural key
    where: str
    fate: Fate | None = None
    key: int | None = None  # of the stored record
    outcome: Outcome = Outcome.SAME
    values: dict[str, Any] = field(default_factory=dict)  # as they travel
    differences: tuple[Difference, ...] = ()
    problems: tuple[tuple[str, str], ...] = ()  # field and sentence
    pedigree: dict[str, Pedigree] = field(default_factory=lambda: NOTHING)  # that is to be kept of it
    note: str = ""
    is_changed: bool = False  # whether something is written over a stored record
    said: str = ""  # the key by which the file calls it, where that is another
    was: str = ""  # the key that it has here until now, where that changes
    is_paired: bool = False  # whether this file shows that the two are one
    is_heard: bool = False  # whether it is the retraction of an event that was never here, and is to be remembered
    farewell: frozenset[str] = frozenset()  # the edits that it had under the key that it has until now
    packed: bytes = b""  # the values, where they are kept in little room

    @property
    def identity(self) -> Identity:
        """Label and natural key."""
        return label_of(self.model), self.name

    @property
    def held(self) -> dict[str, Any]:
        """The values, packed or not."""
        found: dict[str, Any] = marshal.loads(self.packed) if self.packed else self.values  # noqa: S302 - ours
        return found

    def pack(self) -> None:
        """Keep the values in little room: they would be most of what is in memory."""
        self.packed, self.values = (marshal.dumps(self.values) if self.values else b""), NOTHING

    def unpack(self) -> None:
        """Have the values at hand."""
        if self.packed:
            self.values, self.packed = self.held, b""

    def let_go(self) -> None:
        """The values are needed no more."""
        self.values, self.packed = NOTHING, b""

    @property
    def is_decided(self) -> bool:
        """Whether a person has decided something of it."""
        return any(one.choice in {MINE, THEIRS} for one in self.differences)

    def refuse(self, name: str, sentence: str) -> None:
        """Say why it cannot come in; it then stays as if it were not in the file."""
        self.outcome = Outcome.REFUSED
        self.problems += ((name, sentence),)

    def told(self) -> dict[str, Any]:
        """The step as JSON."""
        return {
            "entry": self.number,
            "where": self.where,
            "model": self.identity[0],
            "key": self.name,
            "outcome": str(self.outcome),
            "note": self.note,
            "differences": [
                {
                    "conflict": conflict_name(self, one),
                    "verdict": str(one.verdict),
                    "choice": one.choice,
                    "fields": {name: {"here": mine, "there": theirs} for name, (mine, theirs) in one.fields.items()},
                }
                for one in self.differences
            ],
            "problems": [{"field": name, "sentence": sentence} for name, sentence in self.problems],
        }


def conflict_name(step: Step, difference: Difference) -> str:
    """The name under which a conflict is decided."""
    return " ".join(filter(None, [*step.identity, difference.unit or "there"]))


@dataclass
class Plan:
    """What an import would do; making it writes nothing."""

    arriving: Arriving
    entries: list[Entry] | Kept
    steps: list[Step]
    decisions: dict[str, str]
    default: str = ""  # what is chosen in conflicts that nobody decided by name

    @property
    def counts(self) -> dict[str, int]:
        """How many records have which outcome."""
        found = Counter(str(step.outcome) for step in self.steps)
        return {str(outcome): found[outcome] for outcome in Outcome if found[outcome]}

    def refused(self) -> list[Step]:
        """Records that cannot come in."""
        return [step for step in self.steps if step.outcome == Outcome.REFUSED]

    def conflicts(self) -> list[Step]:
        """Records about which a person has still to decide."""
        return [step for step in self.steps if any(one.is_open for one in step.differences)]

    def idle(self) -> list[str]:
        """The decisions that decide nothing, as the two do not differ there."""
        known = {conflict_name(step, one) for step in self.steps for one in step.differences}
        return sorted(self.decisions.keys() - known)

    @property
    def is_whole(self) -> bool:
        """Whether everything in the file would come in."""
        return not self.refused() and not self.conflicts()

    @property
    def writes(self) -> bool:
        """Whether there is anything to do."""
        return any(
            step.outcome in {Outcome.NEW, Outcome.GONE}
            or step.is_changed
            or step.pedigree
            or step.is_decided
            or step.is_paired
            or step.is_heard
            for step in self.steps
            if step.outcome != Outcome.REFUSED
        )

    def let_go(self) -> None:
        """Forget the steps, of which there may be many: they are being worked out once more."""
        self.steps = []

    @property
    def digest(self) -> str:
        """What the plan is held to: it is the same as long as the same would be done."""
        found = sha256(json.dumps([self.arriving.sha256, sorted(self.decisions.items()), self.default]).encode())
        for step in self.steps:
            if step.outcome != Outcome.SAME or step.note:
                found.update(json.dumps(step.told(), sort_keys=True, default=str).encode())
        return found.hexdigest()

    def as_json(self) -> dict[str, Any]:
        """The plan for programs: what is the same is only counted."""
        return {
            "digest": self.digest,
            "from": self.arriving.describe(),
            "organisation": self.arriving.organisation,
            "sequence": self.arriving.sequence,
            "sha256": self.arriving.sha256,
            "counts": self.counts,
            "is_whole": self.is_whole,
            "steps": [step.told() for step in self.steps if step.outcome != Outcome.SAME or step.note],
        }

    def as_text(self, *, most: int = 200) -> str:
        """The plan for people."""
        return "\n".join(self.lines(most))

    def lines(self, most: int) -> Iterator[str]:
        """The plan line by line."""
        yield self.arriving.describe()
        for name, number in self.counts.items():
            yield f"  {number:>8}  {LABELS[Outcome(name)]}"
        told = [step for step in self.steps if step.outcome not in {Outcome.SAME, Outcome.NEW} or step.note]
        told.sort(key=lambda step: step.outcome not in PRESSING)
        for step in told[:most]:
            yield from lines_of(step)
        if len(told) > most:
            yield _("… and %(number)d more: --json tells them all.") % {"number": len(told) - most}


def lines_of(step: Step) -> Iterator[str]:
    """One step for people."""
    note = f" ({step.note})" if step.note else ""
    yield f"{step.where}: {step.identity[0]} {step.name}: {LABELS[step.outcome]}{note}"
    for one in step.differences:
        for name, (mine, theirs) in one.fields.items():
            here, there = side_by_side(mine, theirs)
            said = _("here %(mine)s, there %(theirs)s") % {"mine": here, "theirs": there}
            yield f"    {name_of(name)}: {said} → {verdict_in_words(one)}"
    for name, sentence in step.problems:
        yield f"    {name}: {sentence}" if name else f"    {sentence}"


def verdict_in_words(difference: Difference) -> str:
    """What becomes of a difference."""
    if difference.is_open:
        return _("to be decided")
    if difference.choice:
        return _("decided: theirs") if difference.choice == THEIRS else _("decided: mine")
    return _("theirs is newer") if difference.verdict == Verdict.THEIRS else _("mine is newer")


def name_of(field: str) -> str:
    """A field as a person reads it; being there at all, and what became of an event, are fields too."""
    return {"": _("the record"), "state": pgettext("how it stands", "state")}.get(field, field)


def in_short(value: Any, longest: int = 120) -> str:
    """The beginning of a value, as a person reads it."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    text = " · ".join(str(one) for one in value if one) if isinstance(value, list) else str(value)
    return f"“{shown(text, longest)}”" if value not in (None, "") and text else "–"


def side_by_side(mine: Any, theirs: Any, longest: int = 120) -> tuple[str, str]:
    """Two values as a person compares them: long texts from shortly before they part."""
    if isinstance(mine, str) and isinstance(theirs, str) and max(len(mine), len(theirs)) > longest:
        letters = enumerate(zip(mine, theirs, strict=False))
        alike = next((number for number, (one, other) in letters if one != other), min(len(mine), len(theirs)))
        start = alike - longest // 3
        if start > 0:
            mine, theirs = f"…{mine[start:]}", f"…{theirs[start:]}"
    return in_short(mine, longest), in_short(theirs, longest)
