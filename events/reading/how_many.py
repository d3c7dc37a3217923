"""Counts in a text as proposals: what is counted, how many, and in which words."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from events.choices import Facet
from events.reading import counts
from events.reading.lexicon import Lexicon
from events.reading.proposal import Choice, Proposal


def proposals(text: str, lexicon: Lexicon, dated: Iterable[Proposal]) -> Iterator[Proposal]:
    """The counts of a text; a number within a date counts nothing."""
    taken = sorted((one.start, one.end) for one in dated)
    starts = [start for start, _end in taken]
    for found in counts.find_with(text, lexicon.counted):
        before = bisect_left(starts, found.end)  # dates do not overlap: only the last that begins before its end may
        if not before or taken[before - 1][1] <= found.start:
            yield _proposal(text, lexicon, found)


def _proposal(text: str, lexicon: Lexicon, found: counts.Found) -> Proposal:
    targets = [lexicon.measures[slug] for slug in found.measures if slug in lexicon.measures]
    value = {
        name: getattr(found, name)
        for name in ("low", "best", "high", "qualifier", "phrase", "label")
        if getattr(found, name) not in {None, ""}
    }
    parts = {"word": text[found.start : found.end], "name": targets[0].label if targets else ""}
    return Proposal(
        facet=Facet.HOW_MANY,
        start=found.start,
        end=found.end,
        rule=found.rule if found.rule.startswith("count.") else f"count.{found.rule}",
        word=found.word or found.phrase,
        why=_("“%(word)s” counts: %(name)s.") % parts,
        choices=tuple(Choice(target.slug, target.label) for target in targets),
        value=tuple(value.items()),
    )
