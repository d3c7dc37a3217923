"""Undoing one change: what it did to each record is taken back, as a change of its own, where nothing has come since.

A change is undone whole or not at all. What a storey above does not let go (a status, what was published) stays, and is
told. A value that somebody changed since is never overwritten: the refusal names it. Records are read, checked and
deleted kind by kind, however many they are; what is set back or comes back is held to its rules one by one.
"""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from osint.base import removal
from osint.base.among import Among
from osint.history import past, recording, remaking
from osint.history.models import Action, Entry
from osint.history.reading import SAID_ELSEWHERE
from osint.history.since import called, check_alone, check_known, check_unchanged, labels, later
from osint.history.steps import WAYS, Key, Kind, Step, Way, steps_of
from osint.history.veils import veiled

MAY = {Action.CREATE: "delete", Action.CHANGE: "change", Action.DELETE: "add"}


@dataclass
class Undone:
    """What came of it: the records that are as they were again, and what stays, in sentences."""

    change: Any
    records: list[Key] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)


def revert(entry: Entry, by: Any, why: str) -> Undone:
    """Undo the change that the entry belongs to.

    Raises ``PermissionDenied`` for who may not change these records, ``ValidationError`` where something came since.
    """
    if not why.strip():
        raise ValidationError({"reason": _("Say why the change is reverted.")})
    said = _("Reverts entry %(seq)d: %(reason)s") % {"seq": entry.seq, "reason": why.strip()}
    with recording.change(by, said) as current, ExitStack() as doors:
        steps = steps_of(entry, by)
        check_person(steps, by)
        check_past(entry, by)
        for kind, records in of_each_kind((type(whole), whole) for whole in wholes(steps)).items():
            doors.enter_context(WAYS.get(kind, Way()).changing(records, by, why.strip()))
        lock(steps)
        undone = Undone(current)
        undo(steps, undone)
        return undone


def of_each_kind(pairs: Iterable[tuple[Kind, Any]]) -> dict[Kind, list[Any]]:
    """What there is of each kind, those kinds first that others name."""
    found: dict[Kind, list[Any]] = {model: [] for model in removal.kinds()}
    for kind, one in pairs:
        found[kind].append(one)
    return {kind: many for kind, many in found.items() if many}


# Who may, and what is locked


def check_person(steps: list[Step], by: Any) -> None:
    """It takes what changing the whole takes; what one may not see is not there."""
    wanted = {(step.whole[0], MAY[step.action] if step.own == step.whole else "change") for step in steps}  # type: ignore[index]
    for model, action in wanted:
        if not by.has_perm(f"{model._meta.app_label}.{action}_{model._meta.model_name}"):
            raise PermissionDenied(_("You may not change these records."))
    there = {step.whole for step in steps if step.root is not None}
    for kind, keys in of_each_kind(there).items():
        rows: Any = kind._default_manager
        if rows.visible_to(by).filter(Among("pk", keys)).order_by().count() < len(keys):
            raise PermissionDenied(_("You may not change these records."))


def check_past(entry: Entry, by: Any) -> None:
    """Nobody sets back what they may not read: the record would tell it."""
    if Entry.objects.filter(veiled(by), change=entry.change).exists():
        raise PermissionDenied(_("You may not change these records."))


def wholes(steps: list[Step]) -> Iterator[Any]:
    """The records whose doors are to be opened: not those that the change made, which go."""
    about = {step.whole: step for step in steps}
    own = {step.own: step for step in steps}
    for key, step in about.items():
        action = own[key].action if key in own else Action.CHANGE
        if action == Action.DELETE and step.root is None:
            yield past.rebuilt(*key, {name: before for name, (before, _after) in own[key].sides.items()})
        elif action != Action.CREATE and step.root is None:
            raise later(_("What this change was about was deleted since."))
        elif action != Action.CREATE:
            yield step.root


def lock(steps: list[Step]) -> None:
    """Lock every record that there is, until the transaction ends, and see what it holds."""
    for kind, those in of_each_kind((step.model, step) for step in steps).items():
        keys = [step.key for step in those]
        there = recording.rows_of(kind).filter(Among("pk", keys)).order_by()
        recording.about_to_write(kind, list(there.values_list("pk", flat=True)))
        held = recording.stored(kind, keys)
        for step in those:
            step.held = held.get(step.key)


# Taking back


def undo(steps: list[Step], undone: Undone) -> None:
    """First take away what came, then set back what changed, then bring back what went."""
    todo = [step for step in steps if not is_kept(step, undone)]
    made, gone = ([step for step in todo if step.action == action] for action in (Action.CREATE, Action.DELETE))
    changed = [step for step in todo if step.action == Action.CHANGE]
    take_away(made, undone)
    for step in changed:
        set_back(step, undone)
    for those in of_each_kind((step.model, step) for step in gone).values():
        for step in highest_first(those):
            bring_back(step, undone)
    if not undone.records:
        raise ValidationError([_("There is nothing in this change that can be reverted."), *undone.kept])


def is_kept(step: Step, undone: Undone) -> bool:
    """Whether the record stays as it is by the rules of its whole; that is told."""
    if step.root is None or not step.way.stays(step.root, step.model):
        return False
    sentence = _("What belongs to what was published stays: %(kind)s.") % {"kind": step.kind}
    if sentence not in undone.kept:
        undone.kept.append(sentence)
    return True


def take_away(made: list[Step], undone: Undone) -> None:
    """Delete what the change made, if that takes nothing else along."""
    for step in made:
        check_unchanged(step, step.sides)
    keys = {
        kind: [step.key for step in those] for kind, those in of_each_kind((one.model, one) for one in made).items()
    }
    records = removal.locked(keys)
    others = removal.resting_on(keys)
    for step in made:
        check_alone(step, others.get(step.own, ()))
    removal.remove(records)
    undone.records += [step.own for step in made]


def set_back(step: Step, undone: Undone) -> None:
    """Give each field what it held before the change."""
    moves = step.way.moves(step.model)
    sides = {name: side for name, side in step.sides.items() if name not in SAID_ELSEWHERE}
    if moves & set(sides):
        undone.kept.append(
            _("A move is not reverted but answered by another move: %(fields)s.")
            % {"fields": labels(step, moves & set(sides))}
        )
    sides = {name: side for name, side in sides.items() if name not in moves}
    if not sides:
        return
    check_known(step, sides)
    check_unchanged(step, sides)
    if "created_by" in step.sides:
        # A judgement is somebody's word: what was said before is theirs who said it.
        sides["created_by"] = step.sides["created_by"]
    record = step.model._default_manager.get(pk=step.key)
    remaking.set_back(record, {name: before for name, (before, _after) in sides.items()})
    undone.records.append(step.own)


def highest_first(steps: list[Step]) -> Iterator[Step]:
    """Records of one kind, each after those of its own kind that it names."""
    keys = {step.key: step for step in steps}
    names = [column.name for column in steps[0].model._meta.concrete_fields if column.related_model is steps[0].model]
    named = {step.key: {step.sides[name][0] for name in names if name in step.sides} & set(keys) for step in steps}
    try:
        order = list(TopologicalSorter(named).static_order())
    except CycleError:
        order = list(keys)  # the rules of the records say what is wrong with that
    return (keys[key] for key in order)


def bring_back(step: Step, undone: Undone) -> None:
    """Make again what the change deleted: under its own key and identity."""
    check_known(step, step.sides)
    if step.held is not None:
        raise later(_("%(kind)s %(name)s is there again already.") % {"kind": step.kind, "name": called(step)})
    remaking.make_again(step.model, step.key, {name: before for name, (before, _after) in step.sides.items()})
    undone.records.append(step.own)
