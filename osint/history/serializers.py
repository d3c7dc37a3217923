"""Entries of the history as REST shows them, and what reverting one takes and gives."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from osint.base.inputs import Verbatim
from osint.base.serializers import StrictSerializer
from osint.history.past import REDACTED
from osint.history.reading import Changed, Read, Touched
from osint.history.wording import in_json


class FieldSerializer(serializers.Serializer[Any]):
    """One field of an entry."""

    field = serializers.CharField(source="name")
    label = serializers.CharField(help_text=_("Its name in the reader's language."))  # type: ignore[assignment]
    before = serializers.JSONField(allow_null=True, help_text=_("A related record by its UUID, slug or username."))
    after = serializers.JSONField(allow_null=True)
    before_text = serializers.CharField()
    after_text = serializers.CharField()
    redacted = serializers.BooleanField(help_text=_("Whether the values were taken out of the history."))

    def to_representation(self, instance: Changed) -> Any:
        """The field's two values, for programs and for people."""
        return {
            "field": instance.name,
            "label": instance.label,
            "before": in_json(instance.old),
            "after": in_json(instance.new),
            "before_text": instance.before,
            "after_text": instance.after,
            "redacted": REDACTED in (instance.old, instance.new),
        }


class EntrySerializer(serializers.Serializer[Any]):
    """One entry of the history: what a change did to one record."""

    seq = serializers.IntegerField(help_text=_("The number of the entry."))
    at = serializers.DateTimeField()
    by = serializers.CharField(help_text=_("The username as it was then; blank where no person did it."))
    why = serializers.CharField()
    door = serializers.CharField()
    request = serializers.CharField()
    change = serializers.UUIDField(help_text=_("What was done at once has one change."))
    action = serializers.ChoiceField(choices=["create", "change", "delete", "redact"])
    model = serializers.CharField()
    record = serializers.CharField(help_text=_("The name of the record."))
    identity = serializers.CharField(allow_null=True, help_text=_("Its UUID or slug."))
    hash = serializers.CharField(help_text=_("The SHA-256 that the next entry hangs on."))
    fields_changed = FieldSerializer(many=True)

    def to_representation(self, instance: tuple[Read, Touched]) -> Any:
        """The entry with the circumstances of its change."""
        change, said = instance
        entry = said.entry
        return {
            "seq": entry.seq,
            "at": self.fields["at"].to_representation(entry.at),
            "by": change.by,
            "why": change.why,
            "door": change.door,
            "request": change.request,
            "change": str(change.uuid),
            "action": entry.action,
            "model": entry.model,
            "record": said.name,
            "identity": said.identity,
            "hash": entry.hash,
            "fields_changed": FieldSerializer(said.fields, many=True).data,
        }


class ReversionSerializer(StrictSerializer):
    """Why a change is reverted."""

    reason = Verbatim(max_length=5_000)


class RevertedSerializer(serializers.Serializer[Any]):
    """What came of reverting a change."""

    change = serializers.UUIDField(help_text=_("The new change."))
    seq = serializers.IntegerField(help_text=_("Its last entry."))
    kept = serializers.ListField(child=serializers.CharField(), help_text=_("What was not reverted, and why."))
