"""Questions about events, their facts and the claims they rest on."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q

from events.choices import Standing, Status
from osint.base.names import NamedQuerySet
from osint.base.record import IdentifiedQuerySet, M
from osint.base.tree import TreeQuerySet
from sources.choices import Tlp

if TYPE_CHECKING:
    from events.models import (  # noqa: F401 - named in quotes below
        Actor,
        ActorLink,
        ActorName,
        Citation,
        Claim,
        Correction,
        Event,
        EventType,
        Measure,
        Site,
        SiteName,
    )
    from sources.querysets import Reader


def sees_drafts(reader: "Reader") -> bool:
    """Whether the reader works on events; others see what is published."""
    return bool(reader.is_authenticated and reader.has_perm("events.change_event"))  # type: ignore[attr-defined]


def visible(records: models.QuerySet[Any], relation: str, reader: "Reader") -> Any:
    """What the reader may see of the records at the other end of a relation."""
    related: Any = records.model._meta.get_field(relation).related_model
    return related._default_manager.visible_to(reader)


def joined(model: type[models.Model], relation: str, *others: str) -> Prefetch[Any]:
    """Rows that belong to a record, each with the records that it names in the same query.

    So the number of queries does not depend on which of them it names.
    """
    related: Any = model._meta.get_field(relation).related_model
    return Prefetch(relation, queryset=related._default_manager.select_related(*others))


class Open:
    """Questions about code lists and names: whoever may use the door may read them."""

    def visible_to(self, reader: "Reader") -> Self:  # noqa: ARG002 - the same for every reader
        """All of them."""
        return self


class EventTypeQuerySet(Open, TreeQuerySet["EventType"]):
    """Questions about event types."""


class MeasureQuerySet(Open, NamedQuerySet["Measure"]):
    """Questions about measures."""


class SiteQuerySet(Open, TreeQuerySet["Site"]):
    """Questions about sites."""

    def bearing(self, keys: Iterable[str], folded: Iterable[str] = ()) -> "SiteQuerySet":
        """Sites one of whose names has one of these keys, or is one of these when folded (short names have no key)."""
        keys, folded = list(keys), list(folded)
        sounds = Q(key_en__in=keys) | Q(key_ar__in=keys) | Q(names__key__in=keys)
        reads = Q(folded_en__in=folded) | Q(folded_ar__in=folded) | Q(names__folded__in=folded)
        return self.filter(sounds | reads).distinct()


class SiteNameQuerySet(Open, IdentifiedQuerySet["SiteName"]):
    """Questions about spellings of sites."""


class ActorQuerySet(Open, NamedQuerySet["Actor"]):
    """Questions about actors."""


class ActorNameQuerySet(Open, IdentifiedQuerySet["ActorName"]):
    """Questions about spellings of actors."""


class ActorLinkQuerySet(Open, IdentifiedQuerySet["ActorLink"]):
    """Questions about links between actors."""


class EventQuerySet(IdentifiedQuerySet["Event"]):
    """Questions about events."""

    def visible_to(self, reader: "Reader") -> "EventQuerySet":
        """All for those who work on events; published and retracted for other users; of those TLP:CLEAR for all."""
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
            joined(self.model, "placements", "site"),
            joined(self.model, "involvements", "actor"),
            joined(self.model, "counts", "measure", "party"),
        )

    def with_evidence(self, reader: "Reader | None" = None) -> "EventQuerySet":
        """Events with their facts, and every citation and claim that the reader may see (all, without a reader)."""
        cited: Any = self.model._meta.get_field("citations").related_model
        citations = cited._default_manager.select_related("report__source")
        if reader is not None:
            citations = citations.visible_to(reader)
        relays: Any = cited.report.field.related_model._meta.get_field("relays").related_model
        told = Prefetch("report__relays", queryset=relays._default_manager.told_to(reader))
        claims = joined(cited, "claims", "type", "site", "actor", "measure", "party")
        return self.with_facts().prefetch_related(
            Prefetch("citations", queryset=citations.prefetch_related(told, claims))
        )


class FactQuerySet(IdentifiedQuerySet[M]):
    """Questions about placements, involvements and counts."""

    def visible_to(self, reader: "Reader") -> Self:
        """Those of visible events."""
        return self.filter(event__in=visible(self, "event", reader))


class CitationQuerySet(IdentifiedQuerySet["Citation"]):
    """Questions about citations."""

    def visible_to(self, reader: "Reader") -> "CitationQuerySet":
        """Those of visible events, from visible reports."""
        if sees_drafts(reader):
            return self
        found = self.filter(event__in=visible(self, "event", reader))
        return found if reader.is_authenticated else found.filter(report__tlp=Tlp.CLEAR)


class ClaimQuerySet(IdentifiedQuerySet["Claim"]):
    """Questions about claims."""

    def visible_to(self, reader: "Reader") -> "ClaimQuerySet":
        """Those of visible citations."""
        if sees_drafts(reader):
            return self
        return self.filter(Exists(visible(self, "citation", reader).filter(pk=OuterRef("citation"))))

    def accepted(self) -> "ClaimQuerySet":
        """Claims that support what we hold."""
        return self.filter(standing=Standing.ACCEPTED)


class CorrectionQuerySet(IdentifiedQuerySet["Correction"]):
    """Questions about corrections."""

    def visible_to(self, reader: "Reader") -> "CorrectionQuerySet":
        """Those of visible events."""
        if sees_drafts(reader):
            return self
        return self.filter(event__in=visible(self, "event", reader))
