"""Likely twins of events, sites and actors, and judgements on pairs of them, as REST shows and takes them."""

from typing import ClassVar

from events.models import Actor, ActorJudgement, Event, EventJudgement, Site, SiteJudgement
from osint.base.judging_api import JudgementSerializer, TwinSerializer, TwinsSerializer
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


class EventTwins(TwinsSerializer):
    """Events that are perhaps the same, best first, and other pairs that were judged."""

    twin = EventTwin


class SiteOfPair(ModelFields):
    """A site, as a twin of another."""

    class Meta:
        model = Site
        fields: ClassVar = ["slug", "kind", "parent", "name_en", "name_ar"]
        read_only_fields: ClassVar = fields


class SiteTwin(TwinSerializer):
    """A site that is perhaps the same."""

    record = SiteOfPair()


class SiteTwins(TwinsSerializer):
    """Sites that are perhaps the same, best first, and other pairs that were judged."""

    twin = SiteTwin


class ActorOfPair(ModelFields):
    """An actor, as a twin of another."""

    class Meta:
        model = Actor
        fields: ClassVar = ["slug", "kind", "name_en", "name_ar"]
        read_only_fields: ClassVar = fields


class ActorTwin(TwinSerializer):
    """An actor that is perhaps the same."""

    record = ActorOfPair()


class ActorTwins(TwinsSerializer):
    """Actors that are perhaps the same, best first, and other pairs that were judged."""

    twin = ActorTwin


class EventJudgementSerializer(JudgementSerializer):
    """What somebody says of two events."""

    class Meta(JudgementSerializer.Meta):
        model = EventJudgement


class SiteJudgementSerializer(JudgementSerializer):
    """What somebody says of two sites."""

    class Meta(JudgementSerializer.Meta):
        model = SiteJudgement


class ActorJudgementSerializer(JudgementSerializer):
    """What somebody says of two actors."""

    class Meta(JudgementSerializer.Meta):
        model = ActorJudgement
