"""Questions about events, their facts and the claims they rest on."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Prefetch, Q

from events.choices import CitationRole, Standing, Status
from osint.base.names import NamedQuerySet
from osint.base.record import M, IdentifiedQuerySet, RecordQuerySet
from osint.base.tree import TreeQuerySet
from sources.choices import Tlp

if TYPE_CHECKING:
    from events.models import Actor, ActorLink, ActorName, Citation, Claim, Correction, Count, Event, EventType, Measure, Site, SiteName
    from sources.querysets import Reader


def sees_drafts(reader: "Reader") -> bool:
    """Whether the reader works on events; others see what is published."""
    return bool(reader.is_authenticated and reader.has_perm("events.change_event"))  # type: ignore[attr-defined]


class OpenQuerySet(RecordQuerySet[M]):
    """Code lists and names: whoever may use the door may read them."""

    def visible_to(self, reader: "Reader") -> Any:
        """All of them."""
        return self


class EventTypeQuerySet(OpenQuerySet["EventType"], TreeQuerySet["EventType"]):
    """Questions about event types."""


class MeasureQuerySet(OpenQuerySet["Measure"], NamedQuerySet["Measure"]):
    """Questions about measures."""


class SiteQuerySet(OpenQuerySet["Site"], TreeQuerySet["Site"]):
    """Questions about sites."""

    def bearing(self, keys: Iterable[str], folded: Iterable[str] = ()) -> "SiteQuerySet":
        """Sites one of whose names has one of these consonant keys, or is one of these when folded (short names have no key)."""
        keys, folded = list(keys), list(folded)
        sounds = Q(key_en__in=keys) | Q(key_ar__in=keys) | Q(names__key__in=keys)
        reads = Q(folded_en__in=folded) | Q(folded_ar__in=folded) | Q(names__folded__in=folded)
        return self.filter(sounds | reads).distinct()


class SiteNameQuerySet(OpenQuerySet["SiteName"], IdentifiedQuerySet["SiteName"]):
    """Questions about spellings of sites."""


class ActorQuerySet(OpenQuerySet["Actor"], NamedQuerySet["Actor"]):
    """Questions about actors."""


class ActorNameQuerySet(OpenQuerySet["ActorName"], IdentifiedQuerySet["ActorName"]):
    """Questions about spellings of actors."""


class ActorLinkQuerySet(OpenQuerySet["ActorLink"], IdentifiedQuerySet["ActorLink"]):
    """Questions about links between actors."""


class EventQuerySet(IdentifiedQuerySet["Event"]):
    """Questions about events."""

    def visible_to(self, reader: "Reader") -> "EventQuerySet":
        """Everything for those who work on events; published and retracted for those who log in; of these TLP:CLEAR for everybody."""
        if sees_drafts(reader):
            return self
        public = self.filter(status__in=[Status.PUBLISHED, Status.RETRACTED])
        return public if reader.is_authenticated else public.filter(tlp=Tlp.CLEAR)

    def standing(self) -> "EventQuerySet":
        """Events that are not retracted."""
        return self.exclude(status=Status.RETRACTED)

    def possibly_from(self, day: date) -> "EventQuerySet":
        """Events that may have happened on this day or later."""
        return self.filter(Q(latest__gte=day) | Q(latest=None))

    def possibly_to(self, day: date) -> "EventQuerySet":
        """Events that may have happened on this day or earlier."""
        return self.filter(Q(earliest__lte=day) | Q(earliest=None))

    def with_facts(self) -> "EventQuerySet":
        """Events with type, places, actors and counts at hand."""
        return self.select_related("type", "part_of").prefetch_related(
            "placements__site", "involvements__actor", "counts__measure", "counts__party"
        )

    def with_evidence(self, reader: "Reader | None" = None) -> "EventQuerySet":
        """Events with their facts, and every citation and claim that the reader may see (all, without a reader)."""
        from_model = self.model._meta.get_field("citations").related_model
        citations = from_model._default_manager.select_related("report__source")  # type: ignore[union-attr]
        if reader is not None:
            citations = citations.visible_to(reader)
        claims = ("claims__type", "claims__site", "claims__actor", "claims__measure", "claims__party")
        return self.with_facts().prefetch_related(
            Prefetch("citations", queryset=citations.prefetch_related("report__relays__relayed_source", *claims))
        )


class FactQuerySet(IdentifiedQuerySet[M]):
    """Questions about placements, involvements and counts."""

    def visible_to(self, reader: "Reader") -> Any:
        """Those of visible events."""
        events = self.model._meta.get_field("event").related_model
        return self.filter(event__in=events._default_manager.visible_to(reader))  # type: ignore[union-attr]


class CountQuerySet(FactQuerySet["Count"]):
    """Questions about counts."""


class CitationQuerySet(IdentifiedQuerySet["Citation"]):
    """Questions about citations."""

    def visible_to(self, reader: "Reader") -> "CitationQuerySet":
        """Those of visible events, from visible reports."""
        if sees_drafts(reader):
            return self
        events = self.model._meta.get_field("event").related_model
        found = self.filter(event__in=events._default_manager.visible_to(reader))  # type: ignore[union-attr]
        return found if reader.is_authenticated else found.filter(report__tlp=Tlp.CLEAR)

    def supporting(self) -> "CitationQuerySet":
        """Citations that speak for the event."""
        return self.exclude(role=CitationRole.DENIES)


class ClaimQuerySet(IdentifiedQuerySet["Claim"]):
    """Questions about claims."""

    def visible_to(self, reader: "Reader") -> "ClaimQuerySet":
        """Those of visible citations."""
        if sees_drafts(reader):
            return self
        citations = self.model._meta.get_field("citation").related_model
        return self.filter(Exists(citations._default_manager.visible_to(reader).filter(pk=OuterRef("citation"))))  # type: ignore[union-attr]

    def accepted(self) -> "ClaimQuerySet":
        """Claims that support what we hold."""
        return self.filter(standing=Standing.ACCEPTED)


class CorrectionQuerySet(IdentifiedQuerySet["Correction"]):
    """Questions about corrections."""

    def visible_to(self, reader: "Reader") -> "CorrectionQuerySet":
        """Those of visible events."""
        if sees_drafts(reader):
            return self
        events = self.model._meta.get_field("event").related_model
        return self.filter(event__in=events._default_manager.visible_to(reader))  # type: ignore[union-attr]
