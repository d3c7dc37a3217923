"""What an event shows of a report that its reader may not see: what is claimed, never in which words or by whom."""

from typing import TYPE_CHECKING

from events import provenance
from events.models import Citation, Claim, Event
from sources.models import Report

if TYPE_CHECKING:
    from sources.querysets import Reader

# Words of the report, and what people wrote about them.
WORDS = {"quote": "", "start": None, "end": None, "phrase": "", "when_phrase": "", "standing_reason": ""}
LABELS = ("label", "label_ar")


def withheld(event: Event) -> list[Citation]:
    """The citations of an event from ``with_withheld()`` whose report its reader may not see, without their words.

    Each claim knows as ``agrees`` whether it says what the event holds.
    """
    held = [(facet, holder) for facet, holder, *_rest in provenance.held(event)]
    duplicates = getattr(event, "duplicates_with_hidden_citations", [])
    citations: list[Citation] = [one for whole in (event, *duplicates) for one in whole.hidden_citations]
    for citation in citations:
        citation.note = ""
        for claim in citation.claims.all():
            claim.agrees = any(provenance.agrees(claim, facet, holder) for facet, holder in held)  # type: ignore[attr-defined]
            silence(claim, event)
    return citations


def silence(claim: Claim, event: Event) -> None:
    """Take the words out of a claim that is only shown; the event's own labels are known already."""
    for name, blank in WORDS.items():
        setattr(claim, name, blank)
    for name in LABELS:
        if getattr(claim, name) not in {getattr(count, name) for count in event.counts.all()}:
            setattr(claim, name, "")


def told(event: Event, reader: "Reader") -> list[Citation]:
    """The citations of a whole event whose reports the reader may see; the claims of the others lose their words."""
    citations = provenance.citations_of(event)
    reports = Report.objects.visible_to(reader).filter(pk__in={citation.report_id for citation in citations})
    seen = set(reports.values_list("pk", flat=True))
    for citation in citations:
        if citation.report_id not in seen:
            for claim in citation.claims.all():
                silence(claim, event)
    return [citation for citation in citations if citation.report_id in seen]
