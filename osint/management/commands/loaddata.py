"""``loaddata`` that derives and checks: a fixture that breaks a rule is refused whole.

Django's own skips ``save()`` and ``clean()``. Here every record of ours is derived before it is stored, and all that
was loaded is checked afterwards, as a whole, in the same transaction.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.core.management.commands import loaddata
from django.core.serializers.base import DeserializationError, DeserializedObject
from django.db import DatabaseError, IntegrityError, models

from events import provenance
from events.choices import Status
from events.models import Event
from events.models.reference import ReferenceSeries
from osint.base.record import Record
from osint.base.tree import Tree


def sentence(record: models.Model, error: ValidationError) -> str:
    """Which record is refused, and why, field by field."""
    key = " ".join(map(str, record.natural_key())) if hasattr(record, "natural_key") else str(record.pk)
    reasons = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    text = "; ".join(
        f"{field}: {reason}" if field else str(reason) for field, many in reasons.items() for reason in many
    )
    return f"{record._meta.label} {key}: {text}"


class Command(loaddata.Command):
    """Load fixtures of ours; refuse what the other doors would refuse."""

    loaded: dict[type[Record], list[Any]]
    storing: Record | None = None

    def handle(self, *fixture_labels: Any, **options: Any) -> None:
        """Load; what the database refused is said in the sentence of the constraint, once the transaction is undone."""
        try:
            super().handle(*fixture_labels, **options)
        except CommandError as error:
            if self.storing is not None and isinstance(error.__cause__, IntegrityError):
                self.explain(self.storing)
            raise

    def explain(self, record: Record) -> None:
        """Raise ``CommandError`` with the rule that the record breaks, if it is one of ours."""
        try:
            record.clean()
            record.validate_constraints()
        except ValidationError as error:
            raise CommandError(f"Nothing was loaded. {sentence(record, error)}") from error

    def loaddata(self, fixture_labels: Any) -> None:
        """Load everything, then check everything; the caller's transaction undoes it all where a rule is broken."""
        self.loaded = {}
        try:
            super().loaddata(fixture_labels)
            self.check_loaded()
        except (DatabaseError, DeserializationError, ValidationError, ValueError) as error:
            raise CommandError(f"Nothing was loaded. {error}") from error

    def save_obj(self, obj: DeserializedObject) -> bool:
        """Check the record's own fields and derive before it is stored."""
        record = obj.object
        if isinstance(record, Record):
            self.prepare(record, set(obj.deferred_fields or ()))
            self.loaded.setdefault(type(record), []).append(record)
            self.storing = record
        stored = bool(super().save_obj(obj))
        self.storing = None
        return stored

    def prepare(self, record: Record, deferred: set[Any]) -> None:
        """Fill what a fixture leaves out."""
        waiting = {field.name for field in deferred}
        relations = {field.name for field in record._meta.fields if field.is_relation}
        try:
            record.clean_fields(exclude=waiting | relations)
            record.derive()
        except ValidationError as error:
            raise CommandError(f"Nothing was loaded. {sentence(record, error)}") from error
        if isinstance(record, Event):
            known = Event.objects.filter(uuid=record.uuid).values_list("reference", flat=True).first()
            record.reference = known or ReferenceSeries.next_for(record.latest or record.earliest)

    def check_loaded(self) -> None:
        """Check each record as a form would, and each event as a whole."""
        for model, records in self.loaded.items():
            if issubclass(model, Tree):
                model._default_manager.rebuild_paths()  # type: ignore[attr-defined]
            for record in model._default_manager.filter(pk__in=[record.pk for record in records]):
                self.check_record(record)
        for event in Event.objects.with_evidence().filter(pk__in=[event.pk for event in self.loaded.get(Event, [])]):
            self.check_event(event)

    def check_record(self, record: Record) -> None:
        """Raise ``CommandError`` where a rule of the record is broken; what the database checks, it has checked."""
        try:
            record.full_clean(validate_unique=False, validate_constraints=False)
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
