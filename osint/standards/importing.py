"""Taking in a file of the field's own: some records at a time, all of it in one transaction, or nothing.

It is planned and written as a bundle is (``osint.bundle``); what is too long to be held in memory comes in parts, and
is one arrival nevertheless: one change in the history, which can be undone as one.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import file_digest
from pathlib import Path
from typing import Any

from django.db import transaction

from osint.bundle import applying, planning
from osint.bundle.arrivals import IMPORT_DOOR, Arrival
from osint.bundle.arriving import Arriving
from osint.bundle.entries import Entry
from osint.bundle.plans import PRESSING, Outcome, Plan, Step, lines_of
from osint.history import chain, recording

LISTED = 200  # refusals and changes that are told one by one


@dataclass
class Found:
    """What an import does, or would do."""

    counts: Counter[str] = field(default_factory=Counter)
    pressing: list[str] = field(default_factory=list)  # what cannot come in or is to be decided, line by line
    others: list[str] = field(default_factory=list)  # what else is not simply new or the same
    arrival: Arrival | None = None

    @property
    def refused(self) -> int:
        """How many records cannot come in."""
        return self.counts[Outcome.REFUSED]

    @property
    def undecided(self) -> int:
        """About how many a person has still to decide."""
        return self.counts[Outcome.CONFLICT]

    @property
    def told(self) -> list[str]:
        """What is to be told one by one."""
        return [*self.pressing, *self.others]

    def note(self, steps: Iterable[Step]) -> None:
        """Count these, and tell what is to be told of them."""
        for step in steps:
            self.counts[str(step.outcome)] += 1
            told = self.pressing if step.outcome in PRESSING else self.others
            if step.outcome not in {Outcome.NEW, Outcome.SAME} and len(told) < LISTED:
                told += lines_of(step)


class Refused(Exception):
    """That something in a file cannot come in, so that nothing of it does."""


def rehearse(batches: Iterable[list[Entry]], arriving: Arriving, by: Any = None) -> Found:
    """What an import would do; nothing of it stays."""
    found = Found()
    with planning.rehearsed():
        for batch in batches:
            plan = Plan(arriving, batch, [], {})
            planning.carry_out(plan, by, arriving.describe(), recording.let_go_so_far)
            found.note(plan.steps)
    return found


def carry_out(batches: Iterable[list[Entry]], arriving: Arriving, by: Any = None) -> Found:
    """Write all of it; raises ``Refused`` where something cannot come in, and then nothing is written."""
    found = Found()
    why = arriving.describe()
    with transaction.atomic(), recording.through(IMPORT_DOOR), recording.change(by, why) as change:
        for batch in batches:
            plan = Plan(arriving, batch, [], {})
            planning.carry_out(plan, by, why, recording.keep_so_far)
            found.note(plan.steps)
            if plan.writes:
                register(found, plan, by, change)
        if found.refused:
            raise Refused("\n".join(found.told))
        if found.arrival:
            found.arrival.upto = chain.head()[0]
            found.arrival.save(update_fields=["upto", "entries"])
    return found


def register(found: Found, plan: Plan, by: Any, change: Any) -> None:
    """Keep what has arrived; what comes later of the same file belongs to the same arrival."""
    if found.arrival is None:
        found.arrival = applying.register(plan, by, change.uuid)
        return
    found.arrival.entries += len(plan.entries)
    applying.keep_arrived(plan, found.arrival, change.uuid)


def digest(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def stepped(batches: Iterable[list[Entry]], progress: Any) -> Iterator[list[Entry]]:
    """The same, while a bar moves on."""
    for batch in batches:
        yield batch
        progress.step(len(batch))
