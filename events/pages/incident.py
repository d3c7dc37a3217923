"""The event page as a reader sees it: each fact with the footnotes it rests on, each report with its words.

Everything is put together from what the reader may see; what is agreed or not is asked of ``events.provenance``.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, cast

from events import provenance
from events.choices import Basis, CitationRole, Facet
from events.models import Citation, Claim, Count, Event, Placement, Site
from events.pages.route import place_in_order
from events.pages.wording import said, worded
from events.querysets import EventQuerySet
from events.withheld import withheld
from sources.models import Report, Source
from sources.pages import relayed

if TYPE_CHECKING:
    from sources.querysets import Reader


@dataclass(frozen=True)
class Note:
    """A numbered footnote: the words of one report, and the facets that they speak of."""

    number: int
    claims: tuple[Claim, ...]

    @property
    def claim(self) -> Claim:
        """One of its claims; they share report and words."""
        return self.claims[0]

    @property
    def facets(self) -> list[str]:
        """What the words are about, each facet once."""
        return list(dict.fromkeys(claim.get_facet_display() for claim in self.claims))


@dataclass(frozen=True)
class Voice:
    """A claim that supports no fact as held: it says something else, was set aside, or denies the event."""

    claim: Claim
    number: int
    differs: bool

    @property
    def denies(self) -> bool:
        """Whether its report denies the event."""
        return self.claim.citation.role == CitationRole.DENIES

    @property
    def source(self) -> Source:
        """Who says it."""
        return self.claim.citation.report.source

    @property
    def value(self) -> str:
        """What it says, as a person reads it."""
        return said(self.claim)


@dataclass(frozen=True)
class Row:
    """One held fact with the numbers of its footnotes."""

    fact: provenance.HeldFact
    notes: tuple[int, ...]
    place: "Place | None" = None

    @property
    def holder(self) -> provenance.Holder:
        """The record that holds it."""
        return self.fact.holder

    @property
    def basis(self) -> str:
        """What it rests on, in words."""
        return str(Basis(self.fact.basis).label)

    @property
    def text(self) -> str:
        """A number in words; other facts have templates of their own."""
        return worded(self.holder) if isinstance(self.holder, Count) else self.fact.text


@dataclass(frozen=True)
class Place:
    """A site with the places that hold it, the nearest first."""

    site: Site
    around: tuple[Site, ...]


@dataclass(frozen=True)
class Group:
    """One facet: what is held, and what was said otherwise."""

    facet: Facet
    rows: tuple[Row, ...]
    voices: tuple[Voice, ...]


@dataclass(frozen=True)
class Testimony:
    """One report's part in the event: where it comes from, and its quoted words."""

    citation: Citation
    origins: tuple[Source, ...]
    notes: tuple[Note, ...] = field(default=())


@dataclass(frozen=True)
class Silence:
    """The part of a report that the reader may not see: what it claims, in our words alone."""

    citation: Citation
    claims: tuple[tuple[Claim, str], ...]


@dataclass(frozen=True)
class EventPage:
    """All that the page of one event shows."""

    event: Event
    groups: tuple[Group, ...]
    testimonies: tuple[Testimony, ...]
    origins: tuple[Source, ...]
    withheld: tuple[Silence, ...]


def evidence(reader: "Reader") -> EventQuerySet:
    """Events that this reader may see, with all that their page needs."""
    seen = Event.objects.visible_to(reader).with_evidence(reader).with_withheld(reader)
    own, merged = "citations__report__relays__", "duplicates__citations__report__relays__"
    return seen.prefetch_related(relayed(reader, own), relayed(reader, merged))


def compose(event: Event, reader: "Reader") -> EventPage:
    """The page of an event that comes from ``evidence()`` for the same reader."""
    facts = provenance.facts(event)
    supporting = {claim.pk for fact in facts for claim in fact.claims}
    others = [claim for claim in provenance.claims_of(event) if claim.pk not in supporting]
    notes = number([*chain.from_iterable(fact.claims for fact in facts), *others], provenance.citations_of(event))
    numbers = {claim.pk: note.number for note in notes for claim in note.claims}
    differ = {claim.pk for claim in provenance.differing(event)}
    placed = places(event)
    return EventPage(
        event,
        tuple(group(facet, facts, others, numbers, differ, placed) for facet in Facet),
        tuple(testimonies(event, notes, reader)),
        tuple(provenance.origins(event, reader)),
        tuple(silences(event)),
    )


def silences(event: Event) -> Iterable[Silence]:
    """The reports that the reader may not see."""
    for citation in withheld(event):
        yield Silence(citation, tuple((claim, said(claim)) for claim in citation.claims.all()))


def number(claims: Iterable[Claim], citations: Iterable[Citation]) -> list[Note]:
    """Footnotes, numbered report by report; claims on the same words share one."""
    found: dict[tuple[int, int | None, int | None], dict[int, Claim]] = {}
    for claim in claims:
        found.setdefault((claim.citation_id, claim.start, claim.end), {})[claim.pk] = claim
    in_order = [words for citation in citations for (key, *_place), words in found.items() if key == citation.pk]
    return [Note(n, tuple(words.values())) for n, words in enumerate(in_order, 1)]


def group(
    facet: Facet,
    facts: list[provenance.HeldFact],
    others: list[Claim],
    numbers: dict[int, int],
    differ: set[int],
    placed: dict[int, Place],
) -> Group:
    """Everything about one facet."""
    rows = (
        Row(
            fact,
            tuple(sorted({numbers[claim.pk] for claim in fact.claims})),
            placed.get(fact.holder.pk) if facet == Facet.WHERE else None,
        )
        for fact in facts
        if fact.facet == facet
    )
    voices = (Voice(claim, numbers[claim.pk], claim.pk in differ) for claim in others if claim.facet == facet)
    return Group(facet, tuple(rows if facet != Facet.WHERE else as_said(rows)), tuple(voices))


def as_said(rows: Iterable[Row]) -> list[Row]:
    """Rows about places in the order in which a route is said."""
    return sorted(rows, key=lambda row: place_in_order(cast(Placement, row.holder)))


def places(event: Event) -> dict[int, Place]:
    """The sites of the event by placement, each with the places around it, in one query."""
    placements: list[Placement] = list(event.placements.all())
    slugs = {slug for placement in placements for slug in placement.site.ancestor_slugs()}
    around = Site.objects.in_bulk(slugs, field_name="slug") if slugs else {}
    return {
        placement.pk: Place(
            placement.site, tuple(around[slug] for slug in reversed(placement.site.ancestor_slugs()) if slug in around)
        )
        for placement in placements
    }


def testimonies(event: Event, notes: list[Note], reader: "Reader") -> Iterable[Testimony]:
    """The reports, each with its origins and its footnotes."""
    citations = provenance.citations_of(event)
    found = Report.objects.origins((citation.report_id for citation in citations), reader)
    sources = Source.objects.in_bulk({pk for ids in found.values() for pk in ids})
    for citation in citations:
        origins = sorted((sources[pk] for pk in found[citation.report_id]), key=lambda source: source.slug)
        yield Testimony(
            citation, tuple(origins), tuple(note for note in notes if note.claim.citation_id == citation.pk)
        )


def accounted(whole: Event, parts: Iterable[Event]) -> Iterable[tuple[Count, int]]:
    """Each number of the whole with what the parts add up to; not where a part's number is unknown."""
    of_parts = list(chain.from_iterable(part.counts.all() for part in parts))
    for count in whole.counts.all():
        told = [other.best for other in of_parts if counted(other) == counted(count)]
        known = [best for best in told if best is not None]
        if known and len(known) == len(told):
            yield count, sum(known)


def counted(count: Count) -> tuple[int, int | None, str]:
    """What is counted: of one thing, party and kind, the numbers of parts add up."""
    return count.measure_id, count.party_id, count.label
