"""Likely twins of events, sites and actors, and judgements on pairs of them, as REST shows and takes them."""

from typing import Any, ClassVar

from rest_framework import serializers

from events.models import Actor, ActorJudgement, Event, EventJudgement, Site, SiteJudgement
from osint.base.judging_api import JudgementSerializer, TwinSerializer
from osint.base.serializers import ModelFields


class EventOfPair(ModelFields):
    """An event, as a twin of another."""

    class Meta:
        model = Event
        fields: ClassVar = ["uuid", "reference", "type", "when", "summary_en", "summary_ar", "status"]
        read_only_fields: ClassVar = fields


class EventTwin(TwinSerializer):
    """An event that is perhaps the same."""

    record = EventOfPair()


class EventTwins(serializers.Serializer[Any]):
    """Events that are perhaps the same, best first, and other pairs that were judged."""

    likely = EventTwin(many=True)
    judged = EventTwin(many=True)


class SiteOfPair(ModelFields):
    """A site, as a twin of another."""

    class Meta:
        model = Site
        fields: ClassVar = ["slug", "kind", "parent", "name_en", "name_ar"]
        read_only_fields: ClassVar = fields


class SiteTwin(TwinSerializer):
    """A site that is perhaps the same."""

    record = SiteOfPair()


class SiteTwins(serializers.Serializer[Any]):
    """Sites that are perhaps the same, best first, and other pairs that were judged."""

    likely = SiteTwin(many=True)
    judged = SiteTwin(many=True)


class ActorOfPair(ModelFields):
    """An actor, as a twin of another."""

    class Meta:
        model = Actor
        fields: ClassVar = ["slug", "kind", "name_en", "name_ar"]
        read_only_fields: ClassVar = fields


class ActorTwin(TwinSerializer):
    """An actor that is perhaps the same."""

    record = ActorOfPair()


class ActorTwins(serializers.Serializer[Any]):
    """Actors that are perhaps the same, best first, and other pairs that were judged."""

    likely = ActorTwin(many=True)
    judged = ActorTwin(many=True)


class EventJudgementSerializer(JudgementSerializer):
    """What somebody says of two events."""

    class Meta:
        model = EventJudgement
        fields: ClassVar = JudgementSerializer.columns
        read_only_fields: ClassVar = ["uuid", "created_at"]


class SiteJudgementSerializer(JudgementSerializer):
    """What somebody says of two sites."""

    class Meta:
        model = SiteJudgement
        fields: ClassVar = JudgementSerializer.columns
        read_only_fields: ClassVar = ["uuid", "created_at"]


class ActorJudgementSerializer(JudgementSerializer):
    """What somebody says of two actors."""

    class Meta:
        model = ActorJudgement
        fields: ClassVar = JudgementSerializer.columns
        read_only_fields: ClassVar = ["uuid", "created_at"]
