"""``loaddata`` that derives and checks: a fixture that breaks a rule is refused whole.

Django's own skips ``save()`` and ``clean()``. Here every record of ours is derived before it is stored, and all that
was loaded is checked afterwards, as a whole, in the same transaction.
"""

import json
import re
from pathlib import Path
from typing import Any

from django.core import serializers
from django.core.exceptions import ValidationError
from django.core.management.base import CommandError, CommandParser
from django.core.management.commands import loaddata
from django.core.serializers.base import DeserializationError, DeserializedObject
from django.db import DatabaseError, IntegrityError, models, transaction
from django.db.models import Q

from events import provenance
from events.choices import Credibility, Status
from events.models import Citation, Claim, Correction, Count, Event, Involvement, Placement
from osint.base.record import Record
from osint.base.tree import Tree, check_move
from osint.history import recording
from osint.history.models import Entry
from osint.management.tabled import Tabled
from osint.progress import Progress
from sources.models import Relay

# From an event to what it rests on.
ROADS: dict[type[Record], str] = {
    Event: "pk",
    Placement: "placements",
    Involvement: "involvements",
    Count: "counts",
    Citation: "citations",
    Claim: "citations__claims",
}


def sentence(record: models.Model, error: ValidationError) -> str:
    """Which record is refused, and why, field by field."""
    key = " ".join(map(str, record.natural_key())) if hasattr(record, "natural_key") else str(record.pk)
    reasons = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    text = "; ".join(
        f"{field}: {reason}" if field else str(reason) for field, many in reasons.items() for reason in many
    )
    return f"{record._meta.label} {key}: {text}"


def event_key(record: models.Model) -> int | None:
    """The key of the event that the record is, or belongs to."""
    match record:
        case Event():
            return record.pk
        case Placement() | Involvement() | Count() | Citation() | Correction():
            return record.event_id
        case Claim():
            return Citation.objects.filter(pk=record.citation_id).values_list("event", flat=True).first()
    return None


def as_written(record: models.Model) -> Any:
    """What a fixture holds of the record; moments are cut as they are in a file."""
    return json.loads(serializers.serialize("json", [record]))[0]["fields"]


# The beginning of a record in a fixture; within a text its quotation marks are escaped.
RECORD = re.compile(rb'(?<!\\)"model"\s*:')


def paths_of(model: Any) -> dict[int, str]:
    """Every node of a tree with its path."""
    return dict(model._default_manager.values_list("pk", "path"))


class Command(Tabled, loaddata.Command):
    """Load fixtures of ours; refuse what the other doors would refuse."""

    loaded: dict[type[Record], list[Any]]
    published: dict[int, str | None]
    paths: dict[type[Tree], dict[int, str]]
    is_watched: Any
    progress: Progress

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--progress", action="store_true", help="Show how far it is, also where nobody seems to watch."
        )

    def handle(self, *labels: Any, **options: Any) -> None:
        """As Django's."""
        self.is_watched = options.get("progress") or (options["verbosity"] > 0 and self.stderr.isatty())
        super().handle(*labels, **options)

    def loaddata(self, fixture_labels: Any) -> None:
        """Load everything, then check everything; the caller's transaction undoes it all where a rule is broken."""
        self.loaded, self.paths = {}, {}
        # Each record is met twice: to be stored, and to be checked.
        self.progress = Progress(self.stderr, 2 * self.ahead(fixture_labels), bool(self.is_watched))
        published = Event.objects.filter(published_at__isnull=False)
        self.published = dict(published.values_list("pk", "reference"))
        try:
            with recording.through("loaddata"), recording.change(why=f"loaddata {' '.join(fixture_labels)}"):
                super().loaddata(fixture_labels)
                self.check_loaded()
                self.progress.finish()
        except (DatabaseError, DeserializationError, ValidationError, ValueError) as error:
            raise CommandError(f"Nothing was loaded. {error}") from error

    def ahead(self, fixture_labels: Any) -> int:
        """How many records there are to load, as far as can be told without reading them; asked only to be shown."""
        if not self.is_watched:
            return 0
        self.serialization_formats = serializers.get_public_serializer_formats()
        files = [
            Path(name) for label in fixture_labels if label != "-" for name, _dir, _name in self.find_fixtures(label)
        ]
        return sum(len(RECORD.findall(file.read_bytes())) for file in files if file.suffix == ".json")

    def save_obj(self, obj: DeserializedObject) -> bool:
        """Check the record's own fields and derive before it is stored."""
        record = obj.object
        self.progress.step()
        if record._meta.app_label == Entry._meta.app_label:
            raise CommandError(
                f"Nothing was loaded. {record._meta.label}: the history is written by what happens here."
            )
        if not isinstance(record, Record):
            return bool(super().save_obj(obj))
        self.prepare(record, dict(obj.deferred_fields or {}))
        if isinstance(record, Tree) and type(record) not in self.paths:
            self.paths[type(record)] = paths_of(type(record))
        self.loaded.setdefault(type(record), []).append(record)
        if self.stands(record, deferred=bool(obj.deferred_fields)):
            return False
        try:
            # The savepoint keeps the transaction usable, so that the record can say itself which rule it breaks.
            with transaction.atomic(using=self.using):
                return self.store(record, obj)
        except IntegrityError:
            self.check_record(record, validate_constraints=True)
            raise

    def store(self, record: Record, obj: DeserializedObject) -> bool:
        """Store the record, with its history; what the database alone keeps of it stays."""
        model = type(record)
        if record.pk is not None:
            recording.about_to_write(model, [record.pk])
            fields: Any = model._meta.concrete_fields
            local = {field.attname for field in fields if not field.serialize} - model.worked_out()
            kept = model._default_manager.filter(pk=record.pk).values(*local).first() or {}
            for name, value in kept.items():
                setattr(record, name, value)
            if kept:
                record.stamp()
        stored = bool(super().save_obj(obj))
        recording.written(model, [record.pk])
        return stored

    def prepare(self, record: Record, deferred: dict[Any, Any]) -> None:
        """Fill what a fixture leaves out."""
        relations = {field.name for field in record._meta.fields if field.is_relation}
        try:
            for field, key in deferred.items():
                self.check_deferred(field, key)
            record.clean_fields(exclude=relations)
            record.derive()
        except ValidationError as error:
            raise CommandError(f"Nothing was loaded. {sentence(record, error)}") from error
        if isinstance(record, Event):
            record.reference = Event.objects.filter(uuid=record.uuid).values_list("reference", flat=True).first()
            if record.reference is None:
                record.give_reference()

    def stands(self, record: Record, *, deferred: bool) -> bool:
        """Whether it is part of what was published here, just as it is; ``CommandError`` where it would change that."""
        if not self.published or (new := event_key(record)) is None:
            return False
        same = Q(pk=record.pk) | Q(uuid=record.uuid)  # type: ignore[attr-defined]
        stored = type(record)._default_manager.filter(same).first()
        events = [key for key in (new, stored and event_key(stored)) if key in self.published]
        if not events:
            return False
        if stored is None or deferred or as_written(stored) != as_written(record):
            said = (
                f"{self.published[events[0]]} was published here, so a fixture does not change it. "
                "Correct it in the admin or by REST."
            )
            raise CommandError(f"Nothing was loaded. {sentence(record, ValidationError(said))}")
        return True

    def check_deferred(self, field: Any, key: Any) -> None:
        """Raise ``ValidationError`` where a record that is needed first has not come yet."""
        if not field.null:
            said = f"“{' '.join(map(str, key))}” is not there. Load it first: earlier in the file, or from another one."
            raise ValidationError({field.name: said})

    def check_loaded(self) -> None:
        """Check each record as a form would, and each event as a whole."""
        for model, records in self.loaded.items():
            if issubclass(model, Tree):
                model._default_manager.rebuild_paths()  # type: ignore[attr-defined]
            for record in model._default_manager.filter(pk__in=[record.pk for record in records]):
                self.check_record(record)
                self.progress.step()
        for model, paths in self.paths.items():
            self.check_moves(model, paths)
        for event in Event.objects.with_evidence().filter(pk__in=self.touched()):
            self.check_event(event)

    def check_moves(self, model: Any, before: dict[int, str]) -> None:
        """Raise ``CommandError`` where what rests on the place of a node forbids that it moves."""
        moved = {pk for pk, path in paths_of(model).items() if before.get(pk, path) != path}
        # What lies below a moved node is seen with it.
        for node in model._default_manager.filter(pk__in=moved).exclude(parent__in=moved):
            try:
                check_move(node)
            except ValidationError as error:
                raise CommandError(f"Nothing was loaded. {sentence(node, error)}") from error

    def touched(self) -> set[int]:
        """The events that rest on anything that was loaded."""
        found: set[int] = set()
        for model, road in ROADS.items():
            keys = [record.pk for record in self.loaded.get(model, [])]
            found |= set(Event.objects.filter(**{f"{road}__in": keys}).values_list("pk", flat=True))
        if Relay in self.loaded:
            # A relay far up the chain can take an origin away.
            confirmed = Event.objects.filter(citations__credibility=Credibility.CONFIRMED)
            found |= set(confirmed.values_list("pk", flat=True))
        return found

    def check_record(self, record: Record, *, validate_constraints: bool = False) -> None:
        """Raise ``CommandError`` where a rule of the record is broken; stored ones keep the constraints already."""
        try:
            record.full_clean(validate_unique=validate_constraints, validate_constraints=validate_constraints)
        except ValidationError as error:
            raise CommandError(f"Nothing was loaded. {sentence(record, error)}") from error

    def check_event(self, event: Event) -> None:
        """Raise ``CommandError`` where a rule over the whole event is broken."""
        try:
            provenance.check(event)
            if event.status == Status.PUBLISHED and (sentences := provenance.missing(event)):
                raise ValidationError(sentences)
        except ValidationError as error:
            raise CommandError(f"Nothing was loaded. {sentence(event, error)}") from error
