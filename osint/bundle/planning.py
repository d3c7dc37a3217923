"""Planning an import: each record of a file beside those that are here, and rehearsed, so that what it says holds."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from events import workflow
from events.models import Correction, Event
from osint.base import rehearsal
from osint.base.errors import sentence_of
from osint.bundle import becoming, ordering
from osint.bundle.arriving import Arriving
from osint.bundle.comparing import Comparison
from osint.bundle.contents import MODELS
from osint.bundle.entries import Entry, Kept
from osint.bundle.landing import Landing
from osint.bundle.plans import CHOICES, MINE, Outcome, Plan, Step
from osint.history import recording

EVENT = Event._meta.label_lower
Keep = Callable[[], None]
Told = Callable[[int], None]  # told of so many records more that were written


def plan(
    entries: Iterable[Entry],
    arriving: Arriving,
    decisions: Mapping[str, str] | None = None,
    default: str = "",
    by: Any = None,
    step: Told = lambda _number: None,
) -> Plan:
    """What an import of these entries would do; it writes nothing.

    ``decisions`` says for a conflict, by name, "mine", "theirs" or "leave"; ``default`` says it for all others.
    """
    kept = entries if isinstance(entries, list | Kept) else Kept(entries)
    found = Plan(arriving, kept, [], checked(decisions or {}, default), default)
    with rehearsed():
        carry_out(found, by, arriving.describe(), recording.let_go_so_far, step)
    return found


def checked(decisions: Mapping[str, str], default: str) -> dict[str, str]:
    """The decisions; ``ValidationError`` where one is none."""
    for name, choice in {**decisions, "": default or "leave"}.items():
        if choice not in CHOICES:
            sentence = _("“%(choice)s” is no decision on “%(name)s”. Write mine, theirs or leave.")
            raise ValidationError(sentence % {"choice": choice, "name": name})
    return dict(decisions)


@contextmanager
def rehearsed() -> Iterator[None]:
    """Do within this block what is undone at its end, and comes into no history."""
    token = rehearsal.ONGOING.set(True)
    try:
        with transaction.atomic(), recording.rehearsing():
            yield
            transaction.set_rollback(True)
    finally:
        rehearsal.ONGOING.reset(token)


def carry_out(found: Plan, by: Any, why: str, keep: Keep = lambda: None, step: Told = lambda _number: None) -> None:
    """Compare and write, batch by batch; the plan is then told in full. Its caller undoes or keeps it."""
    comparison = Comparison(found.arriving, found.decisions, found.default)
    records = comparison.of(found.entries)
    fates = becoming.Fates(comparison, records).of()
    found.steps = [*records, *fates]
    landing = Landing(found.arriving, found.steps, by)
    told = {step.held["event"][0] for step in records if step.model is Correction and step.outcome == Outcome.NEW}
    going = [step for step in fates if step.outcome == Outcome.GONE and step.key is not None]
    writing = [step for step in records if step.outcome == Outcome.NEW or step.is_changed]
    parts = [step for step in going if step.model.belongs_to]
    roots = ordering.Roots([*writing, *parts])
    for batch in ordering.batches([*writing, *parts], roots):
        for one in batch:
            one.unpack()
        write_batch(landing, batch, roots, by, why, told)
        keep()
        step(len(batch))
        for one in batch:
            one.let_go()
    becoming.land(fates, landing, keep)
    keep()
    for model in reversed(MODELS):
        landing.delete(step for step in going if step.model is model and not model.belongs_to)
    keep()
    for one in [*records, *fates]:
        stand_by(one, comparison)


def write_batch(landing: Landing, batch: list[Step], roots: ordering.Roots, by: Any, why: str, told: set[str]) -> None:
    """Write a batch; wholes that break a rule then stay out, and the others are written without them."""
    names = {root[1] for root in map(roots.of, batch) if root[0] == EVENT}
    left = [step for step in batch if step.outcome != Outcome.REFUSED]
    before = workflow.remember_published([landing.keys[Event][name] for name in names if name in landing.keys[Event]])
    while left:
        landing.begin()
        try:
            with transaction.atomic():
                landing.write(left)
                check_wholes(landing, names, before, by, why, told)
        except Broken as broken:
            landing.forget(left)
            refuse_wholes(left, roots, broken.refusals)
            left = [step for step in left if step.outcome != Outcome.REFUSED]
        else:
            break
    if rehearsal.ONGOING.get():
        return  # no history is written of it
    for model, keys in landing.made.items():
        recording.written(model, keys)


def stand_by(step: Step, comparison: Comparison) -> None:
    """What is newer there and refused here stays as it is here, for them too, where a person has said so."""
    taken = [one for one in step.differences if one.is_taken]
    if step.outcome != Outcome.REFUSED or step.key is None or not taken or not becoming.may_stay(step):
        return
    if all(comparison.chosen(step, one) == MINE for one in taken):
        for one in taken:
            one.choice = MINE
        step.outcome, step.is_changed = Outcome.MINE, False
        step.note = " ".join(sentence for _name, sentence in step.problems)


class Broken(Exception):
    """Events that break a rule as wholes, by identity."""

    def __init__(self, refusals: dict[str, ValidationError]) -> None:
        super().__init__()
        self.refusals = refusals


def check_wholes(
    landing: Landing, names: set[str], before: dict[int, dict[str, Any]], by: Any, why: str, told: set[str]
) -> None:
    """Check the events of a batch; raises ``Broken``."""
    keys = {landing.keys[Event][name]: name for name in names if name in landing.keys[Event]}
    if not keys:
        return
    spoken_for = {key for key, name in keys.items() if name in told}
    refusals = workflow.settle_arrived(keys, before, by, why, spoken_for)
    if not refusals:
        return
    merged = dict(Event.objects.filter(pk__in=list(keys)).values_list("pk", "merged_into"))
    found = {name: refusals.get(key) or refusals.get(merged.get(key) or 0) for key, name in keys.items()}
    raise Broken({name: error for name, error in found.items() if error is not None})


def refuse_wholes(steps: Iterable[Step], roots: ordering.Roots, refusals: Mapping[str, ValidationError]) -> None:
    """Refuse these events with all that belongs to them."""
    for step in steps:
        label, name = roots.of(step)
        if label == EVENT and name in refusals:
            step.is_changed = False
            if step.name == name and step.model is Event:
                step.refuse("", sentence_of(refusals[name]))
            else:
                sentence = _("Its event breaks a rule then: %(sentence)s")
                step.refuse("", sentence % {"sentence": sentence_of(refusals[name])})
