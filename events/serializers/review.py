"""What is sent along with a move of an event, and comments as REST shows and takes them."""

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from events import workflow
from events.models import Comment, Event
from osint.base.inputs import ByIdentity, Verbatim
from osint.base.serializers import RecordSerializer, StrictSerializer


class Nothing(StrictSerializer):
    """Nothing: a move that needs no words."""


class Note(StrictSerializer):
    """What is to be done before an event can be published."""

    note = Verbatim(max_length=5_000)


class Reason(StrictSerializer):
    """Why it is done."""

    reason = Verbatim(max_length=5_000)


class Merging(Reason):
    """The event to merge into, and why the two are one."""

    into = ByIdentity(queryset=Event.objects, also="reference", help_text=_("UUID or reference of the other event."))


class Assignment(StrictSerializer):
    """Who is to work on the event."""

    to = Verbatim(max_length=150, allow_null=True, help_text=_("Username; null gives the event back."))


class Moved(serializers.Serializer[Any]):
    """Where a merged event is to be found."""

    detail = serializers.CharField()
    merged_into = serializers.UUIDField()


class CommentSerializer(RecordSerializer):
    """A remark on an event, between those who work on it."""

    event = ByIdentity(queryset=Event.objects, also="reference", help_text=_("UUID or reference of the event."))
    created_by: Any = serializers.SlugRelatedField(slug_field="username", read_only=True, allow_null=True)

    class Meta:
        model = Comment
        fields: ClassVar = ["uuid", "event", "text", "move", "created_at", "created_by"]
        read_only_fields: ClassVar = ["uuid", "move", "created_at", "created_by"]

    def create(self, validated_data: Any) -> Any:
        """The comment, written through the workflow."""
        identity = self.context.get("identity", {})
        return workflow.comment(validated_data["event"], self.user, validated_data["text"], **identity)
