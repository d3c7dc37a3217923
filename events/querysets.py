"""Questions about events, their facts and the claims they rest on."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Prefetch, Q, Value
from django.db.models.functions import Coalesce

from events.choices import Standing, Status
from events.places.geometry import METRES_PER_DEGREE, Box, Point
from events.shelves import STANDING, STATUSES, shelves
from osint.base.names import NamedQuerySet
from osint.base.record import IdentifiedQuerySet, M
from osint.base.tree import TreeQuerySet
from osint.base.visibility import leads_to_visible
from sources import marks
from sources.choices import Tlp

if TYPE_CHECKING:
    from events.models import (  # noqa: F401 - named in quotes below
        Actor,
        ActorLink,
        ActorName,
        Citation,
        Claim,
        Comment,
        Correction,
        Cue,
        Event,
        EventType,
        Measure,
        Site,
        SiteName,
    )
    from sources.querysets import Reader


# What everybody may read of, as far as its mark lets them.
OUT = {Status.PUBLISHED, Status.RETRACTED}


def sees_drafts(reader: "Reader") -> bool:
    """Whether the reader works on events; others see what is published."""
    return marks.may(reader, "events.change_event")


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


class CueQuerySet(Open, IdentifiedQuerySet["Cue"]):
    """Questions about the words by which the reading aid recognises things."""


class SiteQuerySet(Open, TreeQuerySet["Site"]):
    """Questions about sites."""

    def bearing(self, keys: Iterable[str], folded: Iterable[str] = ()) -> "SiteQuerySet":
        """Sites one of whose names has one of these keys, or is one of these when folded (short names have no key)."""
        keys, folded = list(keys), list(folded)
        sounds = Q(key_en__in=keys) | Q(key_ar__in=keys) | Q(names__key__in=keys)
        reads = Q(folded_en__in=folded) | Q(folded_ar__in=folded) | Q(names__folded__in=folded)
        return self.filter(sounds | reads).distinct()

    def in_box(self, box: Box) -> Self:
        """Sites with a point in this box: what is worth measuring from one point."""
        spans = Q()
        for west, east in box.spans:
            spans |= Q(longitude__range=(west, east))
        return self.filter(spans, latitude__range=(box.south, box.north))

    def reaching(self, point: Point) -> Self:
        """Sites within whose radius the point may lie: a condition on latitude alone, so a little too wide."""
        reach = F("precision_m") / Value(float(METRES_PER_DEGREE))
        return self.filter(latitude__gte=point.latitude - reach, latitude__lte=point.latitude + reach)


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

    def visible_to(self, reader: "Reader", statuses: Iterable[str] = STATUSES) -> "EventQuerySet":
        """Those whose mark lets the reader see them; of these only what is out, save for those who work on events.

        With ``statuses``, of these alone: so that a list of what stands asks nothing of what was merged.
        """
        wanted = set(statuses)
        if sees_drafts(reader):
            return self if wanted == set(STATUSES) and marks.seen_by(reader) == marks.ORDER else self.on(reader, wanted)
        seen: Any = self.shown_on(reader, wanted & OUT)
        if Status.MERGED in wanted:
            # What was published leads on to the event that it was merged into. Asked of each merged event: a set of
            # all others would be made anew wherever a few events are looked up.
            others = self.model._default_manager.on(reader, OUT).order_by()
            leads_on = Exists(others.filter(pk=OuterRef("merged_into")))
            seen |= self.shown_on(reader, [Status.MERGED]) & Q(published_at__isnull=False) & leads_on
        return self.filter(seen)

    def on(self, reader: "Reader", statuses: Iterable[str]) -> "EventQuerySet":
        """Those with one of these statuses whose mark lets the reader see them."""
        return self.filter(self.shown_on(reader, statuses))

    @staticmethod
    def shown_on(reader: "Reader", statuses: Iterable[str]) -> Q:
        """The condition: one of these statuses, and a mark that lets the reader see it."""
        among = list(statuses)
        told = Q(shelf__in=shelves(among, marks.seen_by(reader)))
        theirs = marks.own(reader)
        return told | Q(shelf__in=shelves(among, [Tlp.RED])) & theirs if theirs else told

    def standing(self) -> "EventQuerySet":
        """Events that are neither retracted nor merged into another."""
        return self.filter(shelf__in=shelves(STANDING))

    def possibly_from(self, day: date) -> "EventQuerySet":
        """Events that may have happened on this day or later."""
        return self.filter(Q(latest__gte=day) | Q(latest=None))

    def possibly_to(self, day: date) -> "EventQuerySet":
        """Events that may have happened on this day or earlier."""
        return self.filter(Q(earliest__lte=day) | Q(earliest=None))

    def certainly_from(self, day: date) -> "EventQuerySet":
        """Events that must have happened on this day or later."""
        return self.filter(earliest__gte=day)

    def certainly_to(self, day: date) -> "EventQuerySet":
        """Events that must have happened on this day or earlier."""
        return self.filter(latest__lte=day)

    def with_facts(self) -> "EventQuerySet":
        """Events with type, places, actors and counts at hand."""
        return self.select_related("type", "part_of").prefetch_related(
            joined(self.model, "placements", "site"),
            joined(self.model, "involvements", "actor"),
            joined(self.model, "counts", "measure", "party"),
        )

    def with_evidence(self, reader: "Reader | None" = None) -> "EventQuerySet":
        """Events with their facts, and every citation and claim that the reader may see (all, without a reader)."""
        citations: Any = evidence(self.model).select_related("report__source")
        if reader is not None:
            # By its report alone: who sees the event sees what it rests on, that of its duplicates included.
            citations = citations.from_reports_seen_by(reader)
        relays: Any = citations.model._meta.get_field("report").related_model._meta.get_field("relays").related_model
        told = Prefetch("report__relays", queryset=relays._default_manager.told_to(reader))
        return self.with_facts().with_citations(Prefetch("citations", queryset=citations.prefetch_related(told)))

    def with_withheld(self, reader: "Reader") -> "EventQuerySet":
        """Events that know, as ``hidden_citations``, the citations of reports that the reader may not see."""
        citations: Any = evidence(self.model)
        hidden = citations.from_reports_hidden_from(reader)
        return self.with_citations(Prefetch("citations", queryset=hidden, to_attr="hidden_citations"))

    def with_citations(self, citations: Prefetch[Any]) -> "EventQuerySet":
        """Events with these citations, their own and those of the events that were merged into them."""
        duplicates = self.model._default_manager.prefetch_related(citations)
        return self.prefetch_related(citations, Prefetch("duplicates", queryset=duplicates, **named_after(citations)))


def bearer(event: str) -> Coalesce:
    """The key of the event at the end of a relation, or of the one that it was merged into."""
    return Coalesce(f"{event}__merged_into", event, output_field=models.BigIntegerField())


def evidence(event: Any) -> models.QuerySet[Any]:
    """The citations of events, each with its claims."""
    cited: Any = event._meta.get_field("citations").related_model
    claims = joined(cited, "claims", "type", "site", "actor", "measure", "party")
    return cited._default_manager.prefetch_related(claims)  # type: ignore[no-any-return]


def named_after(citations: Prefetch[Any]) -> dict[str, str]:
    """Duplicates that carry other citations than the usual ones go by another name."""
    return {} if citations.to_attr is None else {"to_attr": f"duplicates_with_{citations.to_attr}"}


class CommentQuerySet(IdentifiedQuerySet["Comment"]):
    """Questions about comments."""

    def visible_to(self, reader: "Reader") -> "CommentQuerySet":
        """Those on visible events, for those who work on events."""
        return self.filter(leads_to_visible(self, "event", reader)) if sees_drafts(reader) else self.none()


class FactQuerySet(IdentifiedQuerySet[M]):
    """Questions about placements, involvements and counts."""

    def visible_to(self, reader: "Reader") -> Self:
        """Those of visible events."""
        return self.filter(leads_to_visible(self, "event", reader))


class CitationQuerySet(IdentifiedQuerySet["Citation"]):
    """Questions about citations."""

    def visible_to(self, reader: "Reader") -> "CitationQuerySet":
        """Those of visible events, from visible reports."""
        return self.from_reports_seen_by(reader).filter(leads_to_visible(self, "event", reader))

    def from_reports_seen_by(self, reader: "Reader") -> "CitationQuerySet":
        """Those of visible reports, of whatever event: who sees an event sees the evidence of its duplicates."""
        return self.filter(leads_to_visible(self, "report", reader))

    def from_reports_hidden_from(self, reader: "Reader") -> "CitationQuerySet":
        """The other ones: those of reports that the reader may not see."""
        return self.filter(~leads_to_visible(self, "report", reader))

    def with_bearer(self) -> Any:
        """Citations that know, as ``bearer``, the key of the event that shows them: theirs, or what it merged into."""
        return self.annotate(bearer=bearer("event"))


class ClaimQuerySet(IdentifiedQuerySet["Claim"]):
    """Questions about claims."""

    def visible_to(self, reader: "Reader") -> "ClaimQuerySet":
        """Those of visible citations."""
        return self.filter(leads_to_visible(self, "citation", reader))

    def from_reports_seen_by(self, reader: "Reader") -> "ClaimQuerySet":
        """Those from visible reports, about whatever event."""
        citations: Any = self.model._meta.get_field("citation").related_model
        return self.filter(citation__in=citations._default_manager.from_reports_seen_by(reader))

    def with_bearer(self) -> Any:
        """Claims that know, as ``bearer``, the key of the event that shows them."""
        return self.annotate(bearer=bearer("citation__event"))

    def accepted(self) -> "ClaimQuerySet":
        """Claims that support what we hold."""
        return self.filter(standing=Standing.ACCEPTED)


class CorrectionQuerySet(IdentifiedQuerySet["Correction"]):
    """Questions about corrections."""

    def visible_to(self, reader: "Reader") -> "CorrectionQuerySet":
        """Those of visible events, where the reader may see both what was held before and what after."""
        return self.filter(marks.allowing(reader, "event__"), leads_to_visible(self, "event", reader))
