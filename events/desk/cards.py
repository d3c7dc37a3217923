"""The events of a report as the desk shows them: what is held, in which words of this report, and what is missing."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from django.db.models import Model, Prefetch
from django.urls import reverse
from django.utils.translation import get_language

from events import entry, provenance
from events.choices import CitationRole, Facet
from events.models import Citation, Claim, Count, Event, Involvement, Placement
from events.provenance import HeldFact
from events.querysets import EventQuerySet, evidence
from events.workflow import frozen
from osint.base.dates import describe
from sources.choices import NoteKind
from sources.models import PassageNote, Relay, Report

if TYPE_CHECKING:
    from sources.querysets import Reader

Json = dict[str, Any]


def told(report: Report, reader: "Reader") -> EventQuerySet:
    """The events that the report tells of, as far as the reader sees them, with all that they rest on.

    All, because nothing is unsupported only because its support is not for this reader; ``cards`` shows less.
    """
    cited = Citation.objects.filter(report=report).with_bearer().values("bearer")
    # Each report once: several hundred events may cite one of two million characters.
    reports = Prefetch("report", Report.objects.defer("folded", "translation"))
    citations = evidence(Event).prefetch_related(reports)
    standing = Event.objects.visible_to(reader).standing().filter(pk__in=cited)
    return standing.with_facts().with_citations(Prefetch("citations", queryset=citations))


def cards(report: Report, reader: "Reader") -> list[Json]:
    """The events in the order in which the report tells of them."""
    events = list(told(report, reader))
    cited = {citation.report_id for event in events for citation in provenance.citations_of(event)}
    seen = set(Report.objects.visible_to(reader).filter(pk__in=cited).order_by().values_list("pk", flat=True))
    found = [card(event, report, seen) for event in events]
    return sorted(found, key=first_word)


def first_word(card: Json) -> tuple[int, str]:
    """Where in the report the event is first told of; events without words of it come last."""
    starts = [start for start, _end in (*card["quoted"],)]
    return min(starts, default=1 << 40), card["reference"]


def card(event: Event, report: Report, seen: set[int]) -> Json:
    """One event: what stands on its card."""
    citations = [one for one in provenance.citations_of(event) if one.report_id in seen]
    here = [one for one in citations if one.report_id == report.pk]
    claims = [claim for claim in provenance.claims_of(event) if claim.citation in here]
    # An event that another was merged into may cite the report through that one alone.
    own = next((one for one in here if one.event_id == event.pk), None)
    return {
        "uuid": str(event.uuid),
        "reference": event.reference,
        "version": event.version,
        "address": f"{reverse('admin:events_event_change', args=[event.pk])}?report={report.pk}",
        "status": event.status,
        "status_label": str(event.get_status_display()),
        "published": event.published_at is not None,
        "frozen": bool(frozen(event)),
        "type": str(event.type),
        "when": event.when,
        "when_words": in_words(event),
        "summary": event.summary,
        "citation": str(own.uuid) if own else None,
        "part": str(here[0].get_role_display()) if here else "",
        "background": bool(here) and all(one.role == CitationRole.BACKGROUND for one in here),
        "others": [one.report.title for one in citations if one.report_id != report.pk],
        "facts": [shown(fact, report) for fact in provenance.facts(event)],
        "differing": [said(claim) for claim in provenance.differing(event) if claim in claims],
        "missing": provenance.missing(event),
        "quoted": sorted((claim.start, claim.end) for claim in claims if claim.quote),
    }


def in_words(event: Event) -> str:
    """The date in the reader's language."""
    return describe(event.reading, get_language() or "en") if event.reading else ""


def shown(fact: HeldFact, report: Report) -> Json:
    """A fact that is held, with the words of this report for it and what a claim would say that agrees."""
    here = [claim for claim in fact.claims if claim.citation.report_id == report.pk and claim.quote]
    return {
        "facet": fact.facet,
        "text": fact.text,
        "basis": fact.basis,
        "basis_label": fact.basis_label,
        "reason": fact.reason,
        "supported": fact.supported,
        "quotes": [[claim.start, claim.end] for claim in here],
        "value": in_rest(entry.value_of(fact.facet, fact.holder)),
        **record_of(fact),
    }


def record_of(fact: HeldFact) -> Json:
    """The record that the fact names, and the rest of it as a new event would take it over."""
    match fact.holder:
        case Placement(site=site, role=role):
            return {"slug": site.slug, "name": str(site), "draft": {"role": role}}
        case Involvement(actor=actor, role=role):
            return {"slug": actor.slug, "name": str(actor), "draft": {"role": role}}
        case Count(measure=measure):
            return {"slug": measure.slug, "name": str(measure)}
    event = fact.holder
    if fact.facet == Facet.WHAT:
        return {"slug": event.type.slug, "name": str(event.type), "draft": {}}
    return {"name": in_words(event), "draft": {"when": event.when, "phrase": event.when_phrase}}


def in_rest(value: Json) -> Json:
    """The value with records by their slugs, and without what is blank."""
    named = {name: part.slug if isinstance(part, Model) else part for name, part in value.items()}  # type: ignore[attr-defined]
    return {name: part for name, part in named.items() if part not in (None, "")}


def said(claim: Claim) -> Json:
    """A claim of this report that says something else than what is held."""
    quoted = [[claim.start, claim.end]] if claim.quote else []
    return {"uuid": str(claim.uuid), "facet": claim.facet, "text": str(claim), "quotes": quoted}


# What is no event


def notes(report: Report, reader: "Reader") -> list[Json]:
    """The notes on passages that become no incident."""
    found = PassageNote.objects.visible_to(reader).filter(report=report).select_related("created_by")
    return [
        {
            "uuid": str(note.uuid),
            "version": note.version,
            "kind": note.kind,
            "label": str(NoteKind(note.kind).label),
            "text": note.text,
            "by": note.created_by.get_username() if note.created_by else "",
            "start": note.start,
            "end": note.end,
        }
        for note in found
    ]


def relays(report: Report, reader: "Reader") -> list[list[int]]:
    """Where the report says on whose word."""
    told_of: Iterable[Any] = Relay.objects.visible_to(reader).filter(report=report).exclude(quote="")
    return list(places(told_of))


def places(quotes: Iterable[Any]) -> Iterator[list[int]]:
    """Where quotes stand."""
    for quote in quotes:
        yield [quote.start, quote.end]
