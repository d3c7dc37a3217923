"""What became of records elsewhere, beside what became of them here: published, retracted, merged, deleted."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from django.utils.translation import gettext as _

from events import workflow
from events.choices import Status
from events.models import Event
from osint.base.chunks import chunks
from osint.base.record import Record
from osint.bundle import edits, units, values
from osint.bundle.arriving import Identity, Pedigree, identity
from osint.bundle.comparing import Comparison, first, held_edits
from osint.bundle.entries import Fate
from osint.bundle.landing import Landing, refuse
from osint.bundle.merging import Verdict, joined, judge
from osint.bundle.ordering import Roots
from osint.bundle.plans import MINE, THEIRS, Difference, Outcome, Step

DELETED = "deleted"


class Fates:
    """What the file says became of records, each with what becomes of it here."""

    def __init__(self, comparison: Comparison, steps: list[Step]) -> None:
        self.comparison, self.arriving = comparison, comparison.arriving
        is_told = bool(self.arriving.fates or self.arriving.edits)
        self.records = {step.identity: step for step in steps} if is_told else {}
        self.number = len(steps)
        self.gone: dict[Identity, Pedigree] = {}
        self.retracted: set[str] = set()  # before they ever came here

    def of(self) -> list[Step]:
        """A step for each of them."""
        fates = [*self.arriving.fates, *self.back_to_draft()]
        fates = [fate for fate in fates if identity(fate.model, fate.key) not in self.comparison.doubles.renamed]
        by_model: dict[type[Record], list[Fate]] = defaultdict(list)
        for fate in fates:
            by_model[fate.model].append(fate)
        found: list[Step] = []
        for model, some in by_model.items():
            for few in chunks(some):
                found += self.some(model, few)
        follow_wholes(found)
        return found

    def back_to_draft(self) -> Iterable[Fate]:
        """Events that were merged there and taken apart again, and are drafts: only their pedigree tells."""
        told = {identity(fate.model, fate.key) for fate in self.arriving.fates}
        for (label, name), found in (self.arriving.edits or {}).items():
            known = (label, name) in self.records and (label, name) not in told
            if units.STATE in found and known:
                yield Fate(Event, (name,), Status.DRAFT, False, "", None, self.records[label, name].where)

    def some(self, model: type[Record], fates: list[Fate]) -> list[Step]:
        """Steps for what became of some records of one model."""
        here = values.by_identity(model, [" ".join(fate.key) for fate in fates])
        pedigrees = edits.worked_out(model, {key: name for name, (key, _values) in here.items()})
        self.gone = edits.gone(model, {" ".join(fate.key) for fate in fates} - set(here))
        self.retracted = edits.retracted_before(model, [" ".join(fate.key) for fate in fates])
        found = []
        for fate in fates:
            self.number += 1
            step = Step(self.number, model, " ".join(fate.key), fate.where, fate=fate)
            step.key, mine = here.get(step.name, (None, {}))
            own = pedigrees.get(step.key, {}) if step.key is not None else {}
            if fate.state == DELETED:
                self.deleted(step, mine, own)
            else:
                self.moved(step, mine, own)
            found.append(step)
        return found

    def told(self, step: Step, unit: str) -> Pedigree | None:
        """What the file says of the pedigree of what became of the record."""
        return (self.arriving.edits or {}).get(step.identity, {}).get(unit)

    # Deletions

    def deleted(self, step: Step, mine: dict[str, Any], own: dict[str, Pedigree]) -> None:
        """A record that was deleted there goes here too, where its deletion had seen all that is held here."""
        theirs = self.told(step, units.THERE)
        if step.identity in self.records:
            return
        if step.key is None:
            if theirs is not None and step.identity not in self.gone:
                step.outcome, step.pedigree = Outcome.GONE, {units.THERE: theirs}
            return
        begun = own.get(units.THERE) or first(step.identity, units.THERE, [True])
        theirs = theirs or Pedigree("", frozenset())
        if held_edits(step.model, step.identity, mine, own) <= theirs.seen:
            verdict = Verdict.THEIRS
        else:
            verdict = Verdict.MINE if theirs.edit in begun.seen else Verdict.CONFLICT
        difference = Difference(units.THERE, {units.THERE: (_("there"), _("deleted"))}, verdict, begun, theirs)
        difference.choice = self.comparison.choice(step, difference)
        step.differences += (difference,)
        step.pedigree = own | {units.THERE: theirs}
        settle_deletion(step)

    # States of events

    def moved(self, step: Step, mine: dict[str, Any], own: dict[str, Pedigree]) -> None:
        """What became of an event there, beside what became of it here."""
        record, fate = self.records.get(step.identity), step.fate
        assert fate is not None  # noqa: S101 - a step of a fate has one
        # Of what stays deleted here nothing is kept but what its deletion had seen.
        is_away = step.key is None and (record is None or record.outcome in {Outcome.MINE, Outcome.CONFLICT})
        if is_away and fate.state == Status.RETRACTED:
            self.hear(step)
            return
        if is_away and record is not None:
            step.outcome, step.note = Outcome.MINE, record.note
            return
        if is_away or (record is not None and record.outcome == Outcome.REFUSED):
            step.refuse("", _("The event itself is neither here nor comes with this file, or was refused."))
            return
        held = units.state_of(*(mine.get(name) for name in units.STATE_COLUMNS)) if mine else units.DRAFT
        theirs = units.state_of(fate.state, fate.reason, fate.into[0] if fate.into else None)
        begun = own.get(units.STATE) or first(step.identity, units.STATE, held if units.STATE in own else units.DRAFT)
        told = self.told(step, units.STATE) or edits.came_by(step.identity, theirs)
        if note := self.staying(step, held[0], theirs[0]):
            step.note = note
            return
        newer = verdict = judge(begun, told, same=held == theirs)
        if held != theirs:
            verdict = self.settled(newer, (held[0], fate), begun, told, is_here=bool(mine))
            difference = Difference(units.STATE, {units.STATE: (held, theirs)}, verdict, begun, told)
            difference.choice = self.comparison.choice(step, difference)
            step.differences += (difference,)
            settle_state(step)
            if difference.choice in {MINE, THEIRS}:
                step.pedigree = own
        # Where it stays by rule whatever they decided, that is no answer to what they decided.
        if verdict != Verdict.CONFLICT and (newer, verdict) != (Verdict.THEIRS, Verdict.MINE):
            now = joined(begun, told, verdict)
            step.pedigree = step.pedigree if now == own.get(units.STATE) else own | {units.STATE: now}

    def hear(self, step: Step) -> None:
        """Remember a retraction, which everybody is told of: who trusts it does not publish what comes later."""
        told = self.told(step, units.STATE)
        is_theirs = told is None or not units.is_undoing(told.edit)
        step.is_heard = self.arriving.may_publish and is_theirs and step.name not in self.retracted

    def staying(self, step: Step, held: str, theirs: str) -> str:
        """Why an event stays as it is, whatever it was edited by; or nothing."""
        if theirs == Status.PUBLISHED and held == "" and not self.arriving.may_publish:
            return _("lands as a draft: this key is not trusted to publish")
        if theirs == Status.PUBLISHED and held == "" and step.name in self.retracted:
            return _("lands as a draft: its retraction came before it")
        if theirs == "" and held in {Status.PUBLISHED, Status.RETRACTED}:
            return _("stays: what was published does not become a draft again")
        return ""

    def settled(
        self, verdict: Verdict, states: tuple[str, Fate], mine: Pedigree, theirs: Pedigree, *, is_here: bool
    ) -> Verdict:
        """Which state is held then: what was retracted stays so, and who may not publish here takes nothing back."""
        held, told = states[0], states[1].state
        is_undone = is_here and units.is_undoing(theirs.edit)
        if held == Status.RETRACTED and is_retracted_still(states[1]) and not is_undone and verdict == Verdict.THEIRS:
            return verdict if self.arriving.may_publish else Verdict.CONFLICT
        if held == Status.RETRACTED and (told != Status.RETRACTED or is_undone):
            return Verdict.MINE
        if is_undone:
            # They have taken back an import of theirs: of what was never theirs alone a person here decides.
            return verdict if verdict == Verdict.MINE else Verdict.CONFLICT
        if held == Status.PUBLISHED and told == Status.RETRACTED and self.arriving.may_publish:
            if theirs.edit not in mine.seen:
                return Verdict.THEIRS
            # It was published again by whoever has undone that, or was left so by whoever has decided on it.
            return Verdict.CONFLICT if units.is_undoing(mine.edit) else verdict
        goes_out = held == Status.MERGED and told == Status.PUBLISHED  # what was taken apart there
        if (held == Status.PUBLISHED or goes_out) and verdict == Verdict.THEIRS and not self.arriving.may_publish:
            return Verdict.CONFLICT
        return verdict


def is_retracted_still(fate: Fate) -> bool:
    """Whether the event was merged there after it was retracted: taken apart again, it is retracted as before."""
    return fate.state == Status.MERGED and bool(fate.reason)


def settle_state(step: Step) -> None:
    """The outcome of a state, from its difference."""
    (difference,) = step.differences
    if difference.is_taken:
        step.outcome, step.is_changed = Outcome.CHANGED, True
    else:
        step.outcome = Outcome.CONFLICT if difference.is_open else Outcome.MINE


def may_stay(step: Step) -> bool:
    """Whether others can follow where this stays as it is here: what is out, or was retracted, is so for good."""
    if step.fate is None or step.fate.state not in {Status.PUBLISHED, Status.RETRACTED}:
        return True
    return step.fate.state == Status.PUBLISHED and step.differences[0].fields[units.STATE][0][0] == Status.MERGED


def settle_deletion(step: Step) -> None:
    """The outcome of a deletion, from its difference."""
    (difference,) = step.differences
    if difference.is_taken:
        step.outcome = Outcome.GONE
        return
    step.outcome = Outcome.CONFLICT if difference.is_open else Outcome.MINE
    if difference.choice == MINE:
        step.pedigree = step.pedigree | {units.THERE: difference.mine}
    else:
        step.pedigree = {}


def follow_wholes(steps: list[Step]) -> None:
    """What went with a whole by one deletion stays with it, too, where the whole stays."""
    stored = [step for step in steps if step.key is not None and step.fate and step.fate.state == DELETED]
    wholes = {step.identity: step for step in stored}
    roots = Roots(stored)
    for step in stored:
        whole = wholes.get(roots.of(step))
        if whole is None or whole is step or step.outcome != Outcome.GONE or whole.outcome == Outcome.GONE:
            continue
        (own,), (other,) = step.differences, whole.differences
        if own.theirs.edit == other.theirs.edit:
            own.verdict, own.choice = other.verdict, other.choice
            step.note = _("it stays with what it is a part of")
            settle_deletion(step)


def land(steps: Iterable[Step], landing: Landing, keep: Callable[[], None]) -> None:
    """Let become of events what became of them there, where the rules allow it."""
    taken = {landing.keys[Event][step.name]: step for step in steps if is_to_move(step, landing)}
    states = {key: became(step, landing) for key, step in taken.items()}
    for key, error in workflow.become(states, keep).items():
        refuse(taken[key], error)
        taken[key].is_changed = False


def is_to_move(step: Step, landing: Landing) -> bool:
    """Whether the step moves an event that is there; one that stayed out is said to."""
    if not step.is_changed or step.fate is None or step.fate.state == DELETED or step.outcome == Outcome.REFUSED:
        return False
    if step.name not in landing.keys[Event]:
        step.refuse("", _("The event itself was refused."))
        step.is_changed = False
        return False
    return True


def became(step: Step, landing: Landing) -> workflow.Became:
    """What becomes of the event, by the keys of this database."""
    fate = step.fate
    assert fate is not None  # noqa: S101 - asked of steps with a fate only
    into = fate.into[0] if fate.into else ""
    key = landing.keys[Event].get(into) or values.keys_of(Event, [into]).get(into) if into else None
    return workflow.Became(fate.state, fate.reason, key, fate.was_published and landing.arriving.may_publish)
