"""Writing what arrives: by the rules of every other door, in sets; a record that breaks one stays out, and is told.

It is run twice: as a plan is made, to find what would be refused, and all of it is undone then; and when it is applied.
New records are checked each by its own rules and then stored together; those that are changed are saved one by one.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.files.base import ContentFile
from django.db import DatabaseError, DataError, IntegrityError, models, transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _

from events.models import Citation, Claim, Correction, Event
from events.models.reference import references
from osint.base.chunks import chunks
from osint.base.errors import broken_rule, still_used
from osint.base.record import Record
from osint.base.tree import Tree
from osint.bundle import contents, values
from osint.bundle.arriving import Arriving
from osint.bundle.checking import check
from osint.bundle.making import made
from osint.bundle.ordering import within
from osint.bundle.plans import Outcome, Step
from osint.history import inserting, recording
from sources.models import Attachment, Relay, Report

# What the rules of a record read off the records that it names.
READ: dict[type[Record], tuple[str, ...]] = {
    Citation: ("event", "report"),
    Claim: ("citation",),
    Relay: ("report",),
    Attachment: ("report",),
    Event: ("part_of",),
}


Way = tuple[str, type[Record] | None, Callable[[Any], Any] | None]
AS_THEY_TRAVEL = (models.CharField, models.TextField, models.IntegerField, models.FloatField, models.BooleanField)


class Missing(Exception):
    """What a record names and is not there."""


class Landing:
    """The records that are here already or have been written, and what was refused."""

    def __init__(self, arriving: Arriving, steps: Iterable[Step], by: Any) -> None:
        self.arriving, self.by = arriving, by
        self.keys: dict[type[Record], dict[str, int]] = defaultdict(dict)
        self.records: dict[type[Record], dict[str, Any]] = defaultdict(dict)
        self.made: dict[type[Record], list[int]] = defaultdict(list)
        self.fresh: set[str] = set()  # reports that come with this file
        self.relayed: set[str] = set()  # and those that relays of the batch lead to
        self.moment = timezone.now()
        self.look_up(steps)

    def look_up(self, steps: Iterable[Step]) -> None:
        """Find the keys of all records that are named and here."""
        wanted: dict[type[Record], set[str]] = defaultdict(set)
        for step in steps:
            if step.key is not None:
                self.keys[step.model][step.name] = step.key
            held = step.held
            for name, model in contents.references(step.model).items():
                if value := held.get(name):
                    wanted[model].add(value[0])
        for model, names in wanted.items():
            self.keys[model] |= values.keys_of(model, names - set(self.keys[model]))

    def begin(self) -> None:
        """A new batch: what was read for the last one is let go."""
        self.records.clear()
        self.made.clear()
        self.moment = timezone.now()

    def forget(self, steps: Iterable[Step]) -> None:
        """What was written is not there after all."""
        for step in steps:
            if step.key is None:
                self.keys[step.model].pop(step.name, None)
        recording.forget(self.made)
        self.begin()

    def write(self, steps: list[Step]) -> None:
        """Write a batch: model by model, what goes, then what changes, then what is new."""
        by_model: dict[type[Record], list[Step]] = defaultdict(list)
        for step in steps:
            by_model[step.model].append(step)
        for model in reversed(contents.MODELS):
            self.delete([step for step in by_model.get(model, ()) if step.outcome == Outcome.GONE])
        for model in contents.MODELS:
            if some := by_model.get(model):
                self.write_model(model, some)

    def write_model(self, model: type[Record], steps: list[Step]) -> None:
        """Write what is changed and what is new of one model."""
        new = [step for step in steps if step.outcome == Outcome.NEW]
        changed = [step for step in steps if step.is_changed and step.outcome != Outcome.REFUSED]
        names = {step.name for step in new}
        later = {step.name for step in changed if any(leads(step, name) in names for name in within(model))}
        self.fetch(model, steps)
        for step in changed:
            if step.name not in later:
                self.attempt(step, self.change)
        for level in levels(model, new):
            self.create(model, level)
        for step in changed:
            if step.name in later:
                self.attempt(step, self.change)

    # What is new

    def is_alone(self, step: Step) -> bool:
        """Whether a new record is saved by itself: its file goes with it, or events may rest on what it changes."""
        if step.model is Relay:
            report = leads(step, "report")
            return report not in self.fresh or (report in self.relayed and bool(leads(step, "relayed_report")))
        return step.model is Attachment

    def create(self, model: type[Record], steps: list[Step]) -> None:
        """Make new records: together, unless more than their own row is to be done for each."""
        built: list[tuple[Step, Record]] = []
        self.relayed = {leads(step, "relayed_report") for step in steps} if model is Relay else set()
        may_be_alone, key = model in (Relay, Attachment), contents.key_field(model)
        for step in steps:
            try:
                if may_be_alone and self.is_alone(step):
                    self.attempt(step, self.save_new)
                    continue
                record = self.built(step)
                if isinstance(record, Relay):
                    record.may_close = False
                check(record, (key, *step.values))
                built.append((step, record))
            except (ValidationError, Missing) as error:
                refuse(step, error)
        if issubclass(model, Event):
            give_references([record for _step, record in built])
        self.insert(model, built)

    def insert(self, model: type[Record], built: list[tuple[Step, Record]]) -> None:
        """Store records together; where the database refuses, in halves, until it is known which it is."""
        if not built:
            return
        records = [record for _step, record in built]
        try:
            with transaction.atomic():
                inserting.insert_records(model, records)
        except (IntegrityError, DataError) as error:
            if len(built) == 1:
                refuse(built[0][0], explained(records[0], error))
                return
            for half in (built[: len(built) // 2], built[len(built) // 2 :]):
                for _step, record in half:
                    record.pk, record._state.adding = None, True
                self.insert(model, half)
            return
        for step, record in built:
            self.land(step, record)

    def land(self, step: Step, record: Record) -> None:
        """The record is there."""
        self.keys[step.model][step.name] = record.pk
        self.made[step.model].append(record.pk)
        if step.model is Report:
            self.fresh.add(step.name)
        if step.model in (Event, Report, Citation) or issubclass(step.model, Tree):
            self.records[step.model][step.name] = record

    def save_new(self, step: Step) -> None:
        """Make one record as every other door does."""
        record = self.built(step)
        record.full_clean(exclude=left_out(type(record)))
        record.save()
        self.land(step, record)

    def built(self, step: Step) -> Record:
        """The new record, not stored yet."""
        told = self.said(step, step.values)
        told["created_at"] = told["changed_at"] = self.moment
        key = contents.key_field(step.model)
        told[key] = UUID(step.name) if key == "uuid" else step.name
        if self.arriving.is_entered:
            told["created_by"] = self.by
        record: Record = made(step.model, told)
        if isinstance(record, Attachment):
            self.attach(record, step)
        return record

    def attach(self, record: Attachment, step: Step) -> None:
        """Give an attachment its bytes."""
        if self.arriving.files is None:
            raise Missing("file", _("The file of this attachment is not in the bundle. Ask for one with attachments."))
        content = self.arriving.files(step.values["sha256"])
        if sha256(content).hexdigest() != step.values["sha256"]:
            raise Missing("file", _("The file of this attachment is not what it was when the plan was made."))
        record.file = ContentFile(content, step.values["name"])

    def said(self, step: Step, told: dict[str, Any]) -> dict[str, Any]:
        """What the file says, by the names of a record's own; what is named has to be there."""
        known = ways(step.model)
        found: dict[str, Any] = {}
        for name, value in told.items():
            attname, other, read = known[name]
            if value is None:
                found[attname] = None
            elif other is not None:
                record = self.records[other].get(value[0])
                found[name if record is not None else attname] = record or self.named(name, other, value[0])
            else:
                found[attname] = value if read is None else read(value)
        return found

    def named(self, name: str, model: type[Record], named: str) -> int:
        """The key of another record that one names."""
        if named not in self.keys[model]:
            raise Missing(name, self.sentence(model, named))
        return self.keys[model][named]

    def sentence(self, model: type[Record], named: str) -> str:
        """What is said of a record that is missing."""
        told = {"kind": model._meta.verbose_name, "key": named}
        if self.arriving.format == "bundle":
            return (
                _(
                    "It needs the %(kind)s %(key)s, which is neither here nor comes with this bundle, or was refused. "
                    "Perhaps an earlier bundle was lost: ask for it, or for a whole one."
                )
                % told
            )
        return _("It needs the %(kind)s %(key)s, which is not here, and was not or could not be made.") % told

    def fetch(self, model: type[Record], steps: list[Step]) -> None:
        """Read the records that the rules of new ones of this model look at."""
        names = (*READ.get(model, ()), *(within(model) if issubclass(model, Tree) else ()))
        for name in names:
            other = contents.references(model)[name]
            wanted = {value[0] for step in steps if (value := step.values.get(name))} - set(self.records[other])
            keys = {self.keys[other][one]: one for one in wanted if one in self.keys[other]}
            for some in chunks(keys):
                rows: models.QuerySet[Any] = models.QuerySet(other).filter(pk__in=some)
                rows = rows.select_related("event", "report") if other is Citation else rows
                for row in rows:
                    self.records[other][keys[row.pk]] = row

    # What is there

    def attempt(self, step: Step, action: Any) -> None:
        """Do something to one record, or leave everything as it was and say why."""
        try:
            with transaction.atomic():
                action(step)
        except (ValidationError, Missing) as error:
            refuse(step, error)
        except ProtectedError as error:
            refuse(step, ValidationError(still_used(error)))
        except DatabaseError as error:
            if not isinstance(error, IntegrityError | DataError):
                raise
            refuse(step, ValidationError(broken_rule(error)))

    def change(self, step: Step) -> None:
        """Write what is newer there over a stored record."""
        record = step.model._default_manager.get(pk=step.key)
        units = {one.unit for one in step.differences if one.is_taken}
        told = {name: step.values[name] for one in step.differences if one.unit in units for name in one.fields}
        for name, value in self.said(step, told).items():
            setattr(record, name, value)
        if step.was:
            setattr(record, contents.key_field(step.model), UUID(step.name))
        record.full_clean(exclude=left_out(type(record)))
        record.save()

    def delete(self, steps: Iterable[Step]) -> None:
        """Delete what was deleted there."""
        for step in steps:
            self.attempt(step, self.delete_one)

    def delete_one(self, step: Step) -> None:
        """Delete a record, where its rules allow it; another one may have taken it along."""
        for record in step.model._default_manager.filter(pk=step.key):
            record.delete()


def left_out(model: type[Record]) -> list[str]:
    """What nobody enters."""
    return ["made_by"] if issubclass(model, Correction) else []


@cache
def ways(model: type[Record]) -> dict[str, Way]:
    """For each field that travels: its column, the model of the record that it names, and how its value is read."""
    references = contents.references(model)
    return {
        name: (column.attname, references.get(name), None if is_as_it_travels(column) else column.to_python)
        for name, column in contents.columns(model).items()
    }


def is_as_it_travels(column: Any) -> bool:
    """Whether the column holds what travels, which has the right kind since it was taken (``values.taken``)."""
    return isinstance(column, models.JSONField) or any(
        isinstance(column, kind) and type(column).to_python is kind.to_python for kind in AS_THEY_TRAVEL
    )


def explained(record: Record, error: Exception) -> ValidationError:
    """Why the database refused a record: the rule's own sentence, where it can be found out."""
    try:
        record.pk, record._state.adding = None, True
        record.validate_constraints()
        record.validate_unique()
    except ValidationError as found:
        return found
    return ValidationError(broken_rule(error))


def refuse(step: Step, error: Exception) -> None:
    """Note why the record cannot come in."""
    if isinstance(error, ValidationError):
        told = error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
        for name, sentences in told.items():
            for sentence in sentences:
                step.refuse("" if name == NON_FIELD_ERRORS else name, str(sentence))
    else:
        step.refuse(*map(str, error.args))


def leads(step: Step, name: str) -> str:
    """The record that the step names in this field, or nothing."""
    value = step.values.get(name)
    return value[0] if value else ""


def levels(model: type[Record], steps: list[Step]) -> Iterator[list[Step]]:
    """New records, those that others of the same model name before these."""
    names = within(model)
    if not names:
        yield steps
        return
    left = {step.name: step for step in steps}
    while left:
        ready = [step for step in left.values() if not any(leads(step, name) in left for name in names)]
        if not ready:
            for step in left.values():
                step.refuse(names[0], _("It lies in a circle of records that name each other."))
            return
        for step in ready:
            del left[step.name]
        yield ready


def give_references(events: list[Any]) -> None:
    """Give new events their short references, each the shortest that no other event has."""
    waiting = {event.uuid: references(event.uuid, event.latest or event.earliest) for event in events}
    left, taken = list(events), set[str | None]()
    while left:
        wanted = {event.uuid: next(waiting[event.uuid]) for event in left}
        for some in chunks(wanted.values()):
            taken |= set(Event.objects.filter(reference__in=some).order_by().values_list("reference", flat=True))
        again = []
        for event in left:
            if wanted[event.uuid] in taken:
                again.append(event)
            else:
                event.reference = wanted[event.uuid]
                taken.add(event.reference)
        left = again
