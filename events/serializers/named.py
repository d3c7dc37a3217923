"""Code lists, places and actors as REST shows and takes them."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from events.models import Actor, ActorLink, ActorName, Cue, EventType, Measure, Site, SiteName
from osint.base.serializers import RecordSerializer, RowSerializer

PATH = _("“path” is worked out from “parent”. Send “parent”.")
STAMPS = ["created_at", "changed_at"]


class EventTypeSerializer(RecordSerializer):
    """A kind of event."""

    set_elsewhere: ClassVar = {"path": PATH}

    fixed: ClassVar = frozenset({"slug"})

    class Meta:
        model = EventType
        fields: ClassVar = [
            "slug", "parent", "path", "name_en", "name_ar", "definition", "definition_ar", "acled_event_type",
            "acled_sub_event_type", *STAMPS,
        ]  # fmt: skip
        read_only_fields: ClassVar = ["path", *STAMPS]


class MeasureSerializer(RecordSerializer):
    """Something that can be counted."""

    fixed: ClassVar = frozenset({"slug"})

    class Meta:
        model = Measure
        fields: ClassVar = ["slug", "name_en", "name_ar", "unit", "definition", *STAMPS]
        read_only_fields: ClassVar = STAMPS


class CueSerializer(RecordSerializer):
    """Words in a report, and what they are a sign of."""

    class Meta:
        model = Cue
        fields: ClassVar = ["uuid", "kind", "text", "language", "type", "measure", "value", *STAMPS]
        read_only_fields: ClassVar = ["uuid", *STAMPS]


class SiteNameRow(RowSerializer):
    """One more spelling of a site."""

    class Meta:
        model = SiteName
        fields: ClassVar = ["uuid", "text", "language"]


class SiteSerializer(RecordSerializer):
    """A place, with all its spellings."""

    names = SiteNameRow(many=True, required=False)
    rows: ClassVar = {"names": ("language", "text")}
    set_elsewhere: ClassVar = {"path": PATH}

    fixed: ClassVar = frozenset({"slug"})

    class Meta:
        model = Site
        fields: ClassVar = [
            "slug", "kind", "parent", "path", "name_en", "name_ar", "names", "pcode", "latitude", "longitude",
            "precision_m", "note", "namesake_note", *STAMPS,
        ]  # fmt: skip
        read_only_fields: ClassVar = ["path", *STAMPS]


class ActorNameRow(RowSerializer):
    """One more spelling of an actor."""

    class Meta:
        model = ActorName
        fields: ClassVar = ["uuid", "text", "language"]


class ActorLinkRow(RowSerializer):
    """A dated link from one actor to another."""

    earliest = serializers.DateField(read_only=True, allow_null=True)
    latest = serializers.DateField(read_only=True, allow_null=True)

    class Meta:
        model = ActorLink
        fields: ClassVar = ["uuid", "kind", "other", "when", "when_phrase", "earliest", "latest", "note"]


class ActorSerializer(RecordSerializer):
    """Who acts, with all spellings and links."""

    names = ActorNameRow(many=True, required=False)
    links = ActorLinkRow(many=True, required=False)
    rows: ClassVar = {"names": ("language", "text"), "links": ("kind", "other", "when")}

    fixed: ClassVar = frozenset({"slug"})

    class Meta:
        model = Actor
        fields: ClassVar = ["slug", "kind", "name_en", "name_ar", "names", "links", "note", *STAMPS]
        read_only_fields: ClassVar = STAMPS
