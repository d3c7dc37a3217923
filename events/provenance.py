"""On whose word we hold what we hold: agreement, support, origins.

Everything here is computed from claims; nothing is stored. An event passed in should come from
``Event.objects.with_evidence()``, so that the questions cost no further query.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from events.choices import Basis, CitationRole, Credibility, Facet, Qualifier, Standing, Status
from events.models import Citation, Claim, Count, Event, Involvement, Placement, Site
from events.models.sentences import after_publication
from osint.base import dates
from osint.base.tree import Tree, below, on_move
from sources import marks
from sources.models import Report, Source
from sources.origins import rule, use
from sources.querysets import Reader

Holder = Event | Placement | Involvement | Count
WORDS_OF_A_COUNT = ("phrase", "label", "label_ar")


@dataclass(frozen=True)
class HeldFact:
    """One fact that an event holds, and the accepted claims that say the same."""

    facet: str
    holder: Holder
    text: str
    basis: str
    reason: str
    claims: tuple[Claim, ...]

    @property
    def basis_label(self) -> str:
        """The basis in the reader's language."""
        return str(Basis(self.basis).label)

    @property
    def supported(self) -> bool:
        """Whether a claim states it, or a reason stands in for one."""
        return bool(self.claims) if self.basis == Basis.STATED else bool(self.reason)


def same_what(claim: Claim, event: Event) -> bool:
    """A claim of this type, or of a narrower one."""
    return bool(claim.type and claim.type.path.startswith(event.type.path))


def same_when(claim: Claim, event: Event) -> bool:
    """A claim whose days lie within the days held: what we hold is never more precise than what was said."""
    held, said = event.reading, claim.reading
    return bool(held and said and dates.contains(held, said))


def same_where(claim: Claim, placement: Placement) -> bool:
    """A claim of this site, or of one within it, in the same role."""
    return claim.site_role == placement.role and bool(claim.site and claim.site.path.startswith(placement.site.path))


def same_who(claim: Claim, involvement: Involvement) -> bool:
    """A claim of this actor in this part."""
    return (claim.actor_id, claim.actor_role) == (involvement.actor_id, involvement.role)


def same_how_many(claim: Claim, count: Count) -> bool:
    """A claim of the same numbers of the same thing and party, given as exactly; without numbers, in the same words."""
    names = ("measure_id", "party_id", "label", "low", "best", "high")
    same = all(getattr(claim, name) == getattr(count, name) for name in names)
    if (count.low, count.best, count.high) == (None, None, None):
        return same and claim.phrase == count.phrase
    # A bare number is an exact one.
    exactly = {"", Qualifier.EXACTLY}
    return same and (claim.qualifier == count.qualifier or {claim.qualifier, count.qualifier} <= exactly)


def agrees(claim: Claim, facet: str, holder: Holder) -> bool:
    """Whether the claim says what is held."""
    if claim.facet != facet:
        return False
    match holder:
        case Placement():
            return same_where(claim, holder)
        case Involvement():
            return same_who(claim, holder)
        case Count():
            return same_how_many(claim, holder)
    return same_what(claim, holder) if facet == Facet.WHAT else same_when(claim, holder)


def citations_of(event: Event) -> list[Citation]:
    """The reports' parts in the event: its own, then those of the events that were merged into it."""
    return [citation for found in (event, *event.duplicates.all()) for citation in found.citations.all()]


def claims_of(event: Event) -> Iterator[Claim]:
    """Every claim about the event, whatever its standing."""
    for citation in citations_of(event):
        for claim in citation.claims.all():
            # So that a claim knows its citation and report without a query.
            claim.citation = citation
            yield claim


def speaks_for(claim: Claim) -> bool:
    """Whether the claim can support a fact: accepted, and from a report that does not deny the event."""
    return claim.standing == Standing.ACCEPTED and claim.citation.role != CitationRole.DENIES


def held(event: Event) -> Iterator[tuple[str, Holder, str, str, str]]:
    """What the event holds, in the order an analyst thinks: facet, holder, text, basis, reason."""
    yield Facet.WHAT, event, str(event.type), event.type_basis, event.type_reason
    if event.when:
        yield Facet.WHEN, event, event.when, event.when_basis, event.when_reason
    for placement in event.placements.all():
        yield Facet.WHERE, placement, str(placement), placement.basis, placement.reason
    for involvement in event.involvements.all():
        yield Facet.WHO, involvement, str(involvement), involvement.basis, involvement.reason
    for count in event.counts.all():
        yield Facet.HOW_MANY, count, str(count), count.basis, count.reason


def facts(event: Event) -> list[HeldFact]:
    """What the event holds, each fact with the claims that support it."""
    claims = [claim for claim in claims_of(event) if speaks_for(claim)]
    return [
        HeldFact(facet, holder, text, basis, reason, tuple(claim for claim in claims if agrees(claim, facet, holder)))
        for facet, holder, text, basis, reason in held(event)
    ]


def differing(event: Event) -> list[Claim]:
    """Claims that say something other than what is held: a different number, place, day."""
    holders = [(facet, holder) for facet, holder, *_rest in held(event)]
    return [claim for claim in claims_of(event) if not any(agrees(claim, facet, holder) for facet, holder in holders)]


def unsupported(event: Event) -> list[HeldFact]:
    """Facts that nothing supports."""
    return [fact for fact in facts(event) if not fact.supported]


def missing(event: Event) -> list[str]:
    """What stands between the event and publication, a sentence each; empty where nothing does."""
    sentences = []
    if not citations_of(event):
        sentences.append(_("Report: cite at least one."))
    if event.latest is None:
        sentences.append(_("When: give a date with an end, if only the publication of the report."))
    if not event.placements.all():
        sentences.append(_("Where: name at least one place, if only the country."))
    for fact in unsupported(event):
        label = str(Facet(fact.facet).label).capitalize()
        sentences.append(
            _(
                "%(facet)s: no accepted claim states “%(fact)s”. Quote the words that say so, or mark it derived or "
                "inferred with a reason."
            )
            % {"facet": label, "fact": fact.text}
        )
    return [*sentences, *giving_away(event)]


def giving_away(event: Event) -> Iterator[str]:
    """Words that the event holds as its own, which only reports say that are marked more strictly than the event."""
    worded = [(event, "when_phrase"), *((count, name) for count in event.counts.all() for name in WORDS_OF_A_COUNT)]
    for holder, name in worded:
        words = getattr(holder, name)
        saying = [one.report for one in citations_of(event) if words and words in one.report.text]
        if saying and all(marks.stricter(report.tlp, event.tlp) for report in saying):
            sentence = _(
                "%(field)s: “%(words)s” are words of a report marked %(mark)s, and the event is marked %(own)s. Say it "
                "in words of your own, or mark the event as strictly."
            )
            column: Any = holder._meta.get_field(name)
            label = str(column.verbose_name).capitalize()
            mark = marks.strictest(report.tlp for report in saying)
            yield sentence % {"field": label, "words": words, "mark": mark, "own": event.tlp}


def supporting(event: Event) -> list[Citation]:
    """Citations that speak for the event: they do not deny it, and not all of their claims were set aside."""
    live = {Standing.ACCEPTED, Standing.IN_CONFLICT}
    return [
        citation
        for citation in citations_of(event)
        if citation.role != CitationRole.DENIES
        and (not citation.claims.all() or any(claim.standing in live for claim in citation.claims.all()))
    ]


def origins_of(events: list[Event], reader: Reader | None = None) -> dict[int, list[Source]]:
    """For each event (by key) the independent sources behind it, in two queries for any number of events.

    With a reader, those that the reader may know of: none that only a hidden report leads to.
    """
    reports = {event.pk: {citation.report_id for citation in supporting(event)} for event in events}
    found = Report.objects.origins((pk for ids in reports.values() for pk in ids), reader)
    sources = Source.objects.in_bulk({pk for ids in found.values() for pk in ids})
    return {
        key: sorted({sources[pk] for report in ids for pk in found[report]}, key=lambda source: source.slug)
        for key, ids in reports.items()
    }


def origins(event: Event, reader: Reader | None = None) -> list[Source]:
    """The independent sources behind the event; with a reader, those that the reader may know of."""
    return origins_of([event], reader)[event.pk]


@rule
def check_report(report: Report) -> None:
    """Check every event whose credibility 1 rests on the report, or on one that passes it on."""
    touched = Citation.objects.filter(report__in=Report.objects.passing_on([report.pk])).with_bearer()
    # One by one: there is no index of what is confirmed, and no need of one.
    confirmed = Citation.objects.filter(credibility=Credibility.CONFIRMED)
    own, of_duplicates = (Exists(confirmed.filter(**{way: OuterRef("pk")})) for way in ("event", "event__merged_into"))
    for event in Event.objects.filter(pk__in=touched.values("bearer")).filter(own | of_duplicates).with_evidence():
        check(event)


@use
def is_published(report: Report) -> bool:
    """Whether a published event cites the report, or one that passes it on."""
    behind = Citation.objects.filter(report__in=Report.objects.passing_on([report.pk])).with_bearer()
    return Event.objects.filter(published_at__isnull=False, pk__in=behind.values("bearer")).exists()


@on_move
def check_move(node: Tree) -> None:
    """Check that every published event keeps its support, whose places or type, held or claimed, have moved."""
    name = "site" if isinstance(node, Site) else "type"
    moved = below(node.path, f"{name}__")
    claiming = Claim.objects.filter(moved).with_bearer().values("bearer")
    events, places = Event.objects.all(), Placement.objects.all()
    holding = places.filter(moved).values("event") if name == "site" else events.filter(moved).values("pk")
    published = Event.objects.with_evidence().filter(status=Status.PUBLISHED)
    for event in published.filter(Q(pk__in=holding) | Q(pk__in=claiming)).iterator(chunk_size=500):
        if missing(event):
            raise ValidationError(
                {
                    "parent": _(
                        "%(event)s rests on where this lies; after the move it would lose its support. Correct the "
                        "event first."
                    )
                    % {"event": event.reference}
                }
            )


def check(event: Event) -> None:
    """Rules over the whole event that hold in every status; raises ``ValidationError``."""
    for duplicate in event.duplicates.all():
        check_duplicate(event, duplicate)
    check_confirmed(event)


def check_stored(keys: Collection[int]) -> None:
    """The same of stored events, each read with all its evidence only where one of these rules speaks of it."""
    confirmed = Exists(Citation.objects.filter(event=OuterRef("pk"), credibility=Credibility.CONFIRMED))
    merged = Exists(Event.objects.filter(merged_into=OuterRef("pk")))
    for event in Event.objects.with_evidence().filter(confirmed | merged, pk__in=keys):
        check(event)


def check_duplicate(event: Event, duplicate: Event) -> None:
    """An event that shows the evidence of another is marked no milder, and was there before those reports."""
    if marks.stricter(duplicate.tlp, event.tlp):
        sentence = _("An event merged into %(event)s is marked %(mark)s. Mark %(event)s as strictly first.")
        names = {"event": event.reference, "mark": duplicate.get_tlp_display()}
        raise ValidationError({"tlp": sentence % names})
    for citation in duplicate.citations.all():
        if event.earliest and event.earliest > citation.report.published_on:
            raise ValidationError({"when": after_publication(event.earliest, citation.report.published_on)})


def check_confirmed(event: Event) -> None:
    """Credibility 1 takes two independent origins."""
    if not any(citation.credibility == Credibility.CONFIRMED for citation in citations_of(event)):
        return
    if len(origins(event)) < 2:
        raise ValidationError(
            {
                "credibility": _(
                    "Credibility 1 means confirmed by other sources, but every report of %(event)s goes back to one "
                    "origin. Cite an independent report, or choose 2 to 6."
                )
                % {"event": event.reference}
            }
        )
