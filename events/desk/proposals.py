"""The proposals of the reading aid as the desk takes them."""

from dataclasses import asdict
from typing import Any

from django.utils.translation import get_language

from events import reading
from events.reading import Proposal
from osint.base.dates import describe, parse
from sources.models import Report


def proposals(report: Report) -> list[dict[str, Any]]:
    """What the reading aid recognises in the report, in the order of the text."""
    found = reading.read(report.text, report.published_on)
    return [proposed(one) for one in sorted(found, key=lambda one: (one.start, -one.end))]


def proposed(one: Proposal) -> dict[str, Any]:
    """One proposal."""
    return {
        "facet": str(one.facet),
        "start": one.start,
        "end": one.end,
        "why": one.why,
        "proposal": one.proposal,
        "words": in_words(one.said.get("when", "")),
        "choices": [asdict(choice) for choice in one.choices],
        "value": one.said,
    }


def in_words(when: str) -> str:
    """A date in the reader's language."""
    return describe(parse(when), get_language() or "en") if when else ""
