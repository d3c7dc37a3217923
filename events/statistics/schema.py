"""How the API's description tells of the statistics."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from events.statistics.dimensions import PLAIN
from events.statistics.question import DEEPEST


def rows(**kwargs: Any) -> serializers.ListField:
    """Cells: the dimensions under the names that they were asked by, and the figures."""
    return serializers.ListField(child=serializers.DictField(child=serializers.JSONField(allow_null=True)), **kwargs)


class Told(serializers.Serializer[Any]):
    """Figures of one cell; those of a measure only where one is asked for."""

    events = serializers.IntegerField(help_text=_("How many events; of wholes and their parts, the parts."))
    aggregates = serializers.IntegerField(help_text=_("How many of them sum up several incidents."))
    low = serializers.IntegerField(required=False, allow_null=True)
    best = serializers.IntegerField(required=False, allow_null=True)
    high = serializers.IntegerField(required=False, allow_null=True)
    without_low = serializers.IntegerField(required=False)
    without_best = serializers.IntegerField(required=False)
    without_high = serializers.IntegerField(required=False)
    without_number = serializers.IntegerField(required=False)


class Total(Told):
    """Everything that was chosen, once."""

    wholes = serializers.IntegerField(help_text=_("How many events are not counted because their parts are."))


class Beside(Told):
    """What falls in no cell, by the other dimension too where there are two."""

    rows = rows(required=False)


class Bounds(serializers.Serializer[Any]):
    """Low, best and high."""

    low = serializers.IntegerField(allow_null=True)
    best = serializers.IntegerField(allow_null=True)
    high = serializers.IntegerField(allow_null=True)


class Parts(Bounds):
    """What the parts of a whole say together."""

    events = serializers.IntegerField()
    without_number = serializers.IntegerField()


class Unexplained(serializers.Serializer[Any]):
    """A whole whose parts do not make it up."""

    uuid = serializers.UUIDField()
    reference = serializers.CharField(allow_null=True)
    when = serializers.CharField()
    whole = Bounds()
    parts = Parts()
    rest = Bounds()


class Statistics(serializers.Serializer[Any]):
    """Counts of events, and sums of a measure."""

    by = serializers.ListField(child=serializers.CharField())
    measure = serializers.SlugField(allow_null=True)
    adds_up = serializers.BooleanField(help_text=_("Whether each event falls in one row, so that rows can be added."))
    total = Total()
    undated = Beside(allow_null=True)
    imprecise = Beside(allow_null=True)
    rows = rows()
    unexplained = Unexplained(many=True)


def parameters() -> list[OpenApiParameter]:
    """What the statistics take beside the filters of the list."""
    by = _("By what to count, one or two: %(names)s, site:KIND such as site:governorate, or site:1 to site:9 by depth.")
    level = _("Count by=type at this level of the tree, from 1 at the root to %(most)d.")
    told = {
        "by": by % {"names": ", ".join(PLAIN)},
        "measure": _("Slug of the measure to add up; then only events that count it are counted."),
        "type_level": level % {"most": DEEPEST},
    }
    return [OpenApiParameter(name, str, description=str(text)) for name, text in told.items()]
