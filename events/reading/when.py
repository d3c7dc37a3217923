"""Dates in a text as proposals: what the reader of dates finds, with what it has taken from elsewhere."""

from collections.abc import Iterator
from datetime import date

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from events.choices import Facet
from events.reading.proposal import Proposal
from osint.base import dates, written


def proposals(text: str, published: date | None) -> Iterator[Proposal]:
    """The dates of a text, resolved against the day of publication where they need it."""
    for found in written.find(text, published):
        phrase = text[found.start : found.end]
        reason = written.reason(found)
        reading = dates.describe(dates.parse(found.edtf), get_language() or "en")
        why = [_("“%(word)s” is read as %(reading)s.") % {"word": phrase, "reading": reading}, *written.explain(found)]
        value = (("when", found.edtf), ("when_phrase", phrase), ("basis", found.basis), ("reason", reason))
        yield Proposal(
            facet=Facet.WHEN,
            start=found.start,
            end=found.end,
            rule=f"date.{found.rule}",
            word=found.word or phrase,
            why=" ".join(why),
            value=value,
            earliest=found.earliest,
            latest=found.latest,
        )
