"""Undoing one change: what it did to each record is taken back, as a change of its own, where nothing has come since.

A change is undone whole or not at all. What a storey above does not let go (a status, what was published) stays, and is
told. A value that somebody changed since is never overwritten: the refusal names it.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from osint.base.record import Record, taken_along
from osint.history import past, recording
from osint.history.models import Action, Entry, Value
from osint.history.naming import Names
from osint.history.reading import SAID_ELSEWHERE, values_of
from osint.history.recording import State
from osint.history.veils import veiled
from osint.history.wording import in_words, moment

LATER = "later"  # the code of a refusal because of what came since
MAY = {Action.CREATE: "delete", Action.CHANGE: "change", Action.DELETE: "add"}


@dataclass(frozen=True)
class Way:
    """How changes of one kind of record, and of what belongs to it, are undone."""

    # Opens the door through which the whole is changed; nothing where it has none.
    changing: Callable[[Any, Any, str], AbstractContextManager[Any]] = lambda _record, _by, _why: nullcontext()
    # Columns that only a move sets, by model.
    moves: Callable[[type[Record]], frozenset[str]] = lambda _model: frozenset()
    # Whether what belongs to the whole stays as it was entered.
    stays: Callable[[Any, type[Record]], bool] = lambda _record, _model: False


WAYS: dict[type[Record], Way] = {}


def way(model: type[Record], found: Way) -> None:
    """Let changes of these records be undone so."""
    WAYS[model] = found


@dataclass
class Undone:
    """What came of it: the records that are as they were again, and what stays, in sentences."""

    change: Any
    records: list[tuple[type[Record], int]] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Step:
    """One entry, with what it says."""

    entry: Entry
    by: Any  # who undoes it
    model: type[Record]
    root: Any
    sides: dict[str, tuple[Any, Any]]

    @property
    def way(self) -> Way:
        """How records of its whole are undone."""
        return WAYS.get(apps.get_model(self.entry.root_model), Way())

    @property
    def kind(self) -> str:
        """What kind of record it is about."""
        return str(self.model._meta.verbose_name)


def revert(entry: Entry, by: Any, why: str) -> Undone:
    """Undo the change that the entry belongs to.

    Raises ``PermissionDenied`` for who may not change these records, ``ValidationError`` where something came since.
    """
    if not why.strip():
        raise ValidationError({"reason": _("Say why the change is reverted.")})
    said = _("Reverts entry %(seq)d: %(reason)s") % {"seq": entry.seq, "reason": why.strip()}
    with recording.change(by, said) as current, ExitStack() as doors:
        steps = list(steps_of(entry, by))
        check_person(steps, by)
        check_past(entry, by)
        for whole in wholes(steps):
            doors.enter_context(WAYS.get(type(whole), Way()).changing(whole, by, why.strip()))
        lock(steps)
        undone = Undone(current)
        undo(steps, undone)
        return undone


def steps_of(entry: Entry, by: Any) -> Iterator[Step]:
    """The entries of the change, each with its whole as stored now."""
    entries = list(Entry.objects.filter(change=entry.change).order_by("seq").prefetch_related("values"))
    if not entries or entry.action == Action.REDACT:
        raise ValidationError(_("A redaction cannot be undone: the value is gone."))
    roots: dict[tuple[str, int], Any] = {}
    for one in entries:
        key = (one.root_model, one.root_key)
        if key not in roots:
            roots[key] = recording.rows_of(apps.get_model(one.root_model)).filter(pk=one.root_key).first()
        sides = {value.field: past.read(value.text) for value in values_of(one)}
        yield Step(one, by, apps.get_model(one.model), roots[key], sides)


def check_person(steps: list[Step], by: Any) -> None:
    """It takes what changing the whole takes; what one may not see is not there."""
    for step in steps:
        model: Any = apps.get_model(step.entry.root_model)
        about_whole = step.entry.model == step.entry.root_model and step.entry.key == step.entry.root_key
        action = MAY[Action(step.entry.action)] if about_whole else "change"
        if not by.has_perm(f"{model._meta.app_label}.{action}_{model._meta.model_name}"):
            raise PermissionDenied(_("You may not change these records."))
        if step.root is not None and not model._default_manager.visible_to(by).filter(pk=step.root.pk).exists():
            raise PermissionDenied(_("You may not change these records."))


def check_past(entry: Entry, by: Any) -> None:
    """Nobody sets back what they may not read: the record would tell it."""
    if Entry.objects.filter(veiled(by), change=entry.change).exists():
        raise PermissionDenied(_("You may not change these records."))


def wholes(steps: list[Step]) -> Iterator[Any]:
    """The records whose doors are to be opened: not those that the change made, which go."""
    about = {(step.entry.root_model, step.entry.root_key): step for step in steps}
    own = {(step.entry.model, step.entry.key): step for step in steps}
    for key, step in about.items():
        action = own[key].entry.action if key in own else Action.CHANGE
        if action == Action.DELETE and step.root is None:
            state = {name: before for name, (before, _after) in own[key].sides.items()}
            yield past.rebuilt(own[key].model, step.entry.root_key, state)
        elif action != Action.CREATE and step.root is None:
            raise later(_("What this change was about was deleted since."))
        elif action != Action.CREATE:
            yield step.root


def lock(steps: list[Step]) -> None:
    """Lock every record that there is, until the transaction ends."""
    for step in steps:
        if recording.rows_of(step.model).filter(pk=step.entry.key).exists():
            recording.about_to_write(step.model, [step.entry.key])


def undo(steps: list[Step], undone: Undone) -> None:
    """First take away what came, then set back what changed, then bring back what went."""
    todo = [step for step in steps if not is_kept(step, undone)]
    made, gone = ([step for step in todo if step.entry.action == action] for action in (Action.CREATE, Action.DELETE))
    changed = [step for step in todo if step.entry.action == Action.CHANGE]
    for step in made:
        check_unchanged(step, step.sides)
    for step in sorted(made, key=depth, reverse=True):
        take_away(step, {(one.model, one.entry.key) for one in made}, undone)
    for step in changed:
        set_back(step, undone)
    for step in sorted(gone, key=depth):
        bring_back(step, undone)
    if not undone.records:
        raise ValidationError([_("There is nothing in this change that can be reverted."), *undone.kept])


def depth(step: Step) -> int:
    """How far below its whole the record stands."""
    return len(step.model.belongs_to.split("__")) if step.model.belongs_to else 0


def is_kept(step: Step, undone: Undone) -> bool:
    """Whether the record stays as it is by the rules of its whole; that is told."""
    if step.root is None or not step.way.stays(step.root, step.model):
        return False
    sentence = _("What belongs to what was published stays: %(kind)s.") % {"kind": step.kind}
    if sentence not in undone.kept:
        undone.kept.append(sentence)
    return True


def check_unchanged(step: Step, sides: dict[str, tuple[Any, Any]]) -> None:
    """Refuse where the record does not hold any more what the change gave it; the sentence names the value."""
    stored = recording.stored(step.model, [step.entry.key]).get(step.entry.key)
    told = {"kind": step.kind, "name": called(step)}
    if stored is None:
        raise later(_("%(kind)s %(name)s was deleted since, by %(who)s.") % (told | {"who": who_since(step)}))
    for name in stored:
        if name in SAID_ELSEWHERE or is_as_told(step, sides, name, stored[name]):
            continue
        told |= {"field": labels(step, {name}), "now": shown(step, name, stored[name]), "who": who_since(step, name)}
        raise later(_("“%(field)s” of %(kind)s %(name)s is “%(now)s” now: %(who)s changed it since.") % told)


def is_as_told(step: Step, sides: dict[str, tuple[Any, Any]], name: str, value: Any) -> bool:
    """Whether the column holds what the change gave it: of a new record, nothing where nothing was told."""
    if name in sides:
        return sides[name][1] in (past.REDACTED, value)
    is_new = step.entry.action == Action.CREATE
    return not is_new or recording.is_untold(step.model._meta.get_field(name), value)


def later(sentence: str) -> ValidationError:
    """The refusal because of what came since."""
    return ValidationError(sentence, code=LATER)


def called(step: Step) -> str:
    """What the record is called."""
    names = Names(step.by)
    names.look_up({step.model: {step.entry.key}})
    return names.texts.get(step.model, {}).get(step.entry.key, f"#{step.entry.key}")


def shown(step: Step, name: str, value: Any) -> str:
    """A value in words."""
    column: Any = step.model._meta.get_field(name)
    names = Names(step.by)
    if column.is_relation and isinstance(value, int):
        names.look_up({column.related_model: {value}})
    return in_words(column, value, names.of(column))


def who_since(step: Step, name: str = "") -> str:
    """Who was the last to change the record since, or one column of it, and when."""
    entries = Entry.objects.filter(model=step.entry.model, key=step.entry.key, seq__gt=step.entry.seq)
    if name:
        entries = entries.filter(pk__in=Value.objects.filter(field=name, entry__in=entries).values("entry"))
    last = entries.order_by("-seq").select_related("by").first()
    return f"{last.by or '–'} ({moment(last.at)})" if last else "–"


def take_away(step: Step, made: set[tuple[type[Record], int]], undone: Undone) -> None:
    """Delete what the change made, if that takes nothing else along."""
    record = step.model._default_manager.get(pk=step.entry.key)
    others = {(model, key) for model, keys in taken_along(record).items() for key in keys} - made
    if others:
        kinds = ", ".join(sorted({str(model._meta.verbose_name_plural) for model, _key in others}))
        more = _("%(name)s has more since than this change gave it: %(kinds)s. Delete those first.")
        raise later(more % {"name": called(step), "kinds": kinds})
    record.delete()
    undone.records.append((step.model, step.entry.key))


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
    record = step.model._default_manager.get(pk=step.entry.key)
    give(record, {name: before for name, (before, _after) in sides.items()})
    if "created_by" in step.sides:
        # A judgement is somebody's word: what was said before is theirs who said it.
        give(record, {"created_by": step.sides["created_by"][0]})
    record.full_clean()
    record.save()
    undone.records.append((step.model, step.entry.key))


def bring_back(step: Step, undone: Undone) -> None:
    """Make again what the change deleted: under its own key and identity."""
    state = {name: before for name, (before, _after) in step.sides.items()}
    check_known(step, step.sides)
    if recording.rows_of(step.model).filter(pk=step.entry.key).exists():
        raise later(_("%(kind)s %(name)s is there again already.") % {"kind": step.kind, "name": called(step)})
    record = past.rebuilt(step.model, step.entry.key, state)
    record._state.adding = True
    record.full_clean()
    record.save(force_insert=True)
    undone.records.append((step.model, step.entry.key))


def check_known(step: Step, sides: dict[str, tuple[Any, Any]]) -> None:
    """Refuse to set back a value that was redacted."""
    if lost := {name for name, side in sides.items() if past.REDACTED in side}:
        raise ValidationError(
            _("The values before this change were redacted (%(fields)s), so it cannot be reverted.")
            % {"fields": labels(step, lost)}
        )


def labels(step: Step, names: set[str] | frozenset[str]) -> str:
    """The names of columns in the reader's language."""
    columns: dict[str, Any] = {column.name: column for column in step.model._meta.concrete_fields}
    return ", ".join(sorted(str(columns[name].verbose_name) for name in names))


def give(record: Any, values: State) -> None:
    """Set these columns to what JSON holds of them."""
    for name, value in values.items():
        column = record._meta.get_field(name)
        setattr(record, column.attname, past.value_of(column, value))
