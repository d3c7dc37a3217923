"""What can be asked of the lists of code lists, places, actors, and of the words by which they are recognised."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from events.choices import ActorKind, CueKind, SiteKind
from events.filters.kinds import InBox, Near, Reach
from events.models import Actor, Cue, EventType, Measure, Site
from osint.base.filters import (
    CHANGED,
    Branches,
    Choices,
    Exactly,
    Moment,
    Slugs,
    StrictFilterSet,
    Words,
)

NAMED = _("Part of a name, or how it sounds, in Arabic or Latin letters.")


class EventTypeFilters(StrictFilterSet):
    """Parameters of the list of event types."""

    q = Words(ask="named", help_text=NAMED)
    parent = Slugs("parent", of=EventType, help_text=_("Slug of the type that it lies directly under."))
    within = Branches("path", of=EventType, help_text=_("Slug of a type: it and all narrower ones."))
    updated_since = Moment("changed_at__gte", help_text=CHANGED)

    class Meta:
        model = EventType
        fields: ClassVar[list[str]] = []


class MeasureFilters(StrictFilterSet):
    """Parameters of the list of measures."""

    q = Words(ask="named", help_text=NAMED)
    updated_since = Moment("changed_at__gte", help_text=CHANGED)

    class Meta:
        model = Measure
        fields: ClassVar[list[str]] = []


class SiteFilters(StrictFilterSet):
    """Parameters of the list of sites."""

    q = Words(ask="named", help_text=NAMED)
    kind = Choices("kind", among=SiteKind, help_text=_("What sort of place; several separated by commas."))
    parent = Slugs("parent", of=Site, help_text=_("Slug of the place that it lies directly in."))
    within = Branches("path", of=Site, help_text=_("Slug of a place: it and all that lies within it."))
    pcode = Exactly("pcode", help_text=_("OCHA place code, such as SY08; several separated by commas."))
    bbox = InBox(help_text=_("west,south,east,north in degrees: it may lie in this box."))
    near = Near(needs=("radius_km",), help_text=_("longitude,latitude: it may lie within radius_km of this point."))
    radius_km = Reach(needs=("near",), help_text=_("Kilometres around the point that near names."))
    updated_since = Moment("changed_at__gte", help_text=CHANGED)

    class Meta:
        model = Site
        fields: ClassVar[list[str]] = []


class ActorFilters(StrictFilterSet):
    """Parameters of the list of actors."""

    q = Words(ask="named", help_text=NAMED)
    kind = Choices("kind", among=ActorKind, help_text=_("What sort of actor; several separated by commas."))
    updated_since = Moment("changed_at__gte", help_text=CHANGED)

    class Meta:
        model = Actor
        fields: ClassVar[list[str]] = []


class CueFilters(StrictFilterSet):
    """Parameters of the list of cues."""

    kind = Choices("kind", among=CueKind, help_text=_("What they are a sign of; several separated by commas."))
    language = Exactly("language", help_text=_("ISO 639 code, such as ar."))

    class Meta:
        model = Cue
        fields: ClassVar[list[str]] = []
