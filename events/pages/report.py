"""A report's text as its page shows it, with the passages on which events rest."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from events.models import Citation, Claim, Event
from sources.models import Relay, Report
from sources.passages import pieces
from sources.quotes import Quoting

if TYPE_CHECKING:
    from sources.querysets import Reader


@dataclass(frozen=True)
class Told:
    """An event that rests on the report, with the number that marks its passages."""

    number: int
    event: Event


@dataclass(frozen=True)
class Passage:
    """A stretch of the text: the quotes that begin here, and the events whose passage ends here."""

    text: str
    anchors: tuple[Quoting, ...]
    is_quoted: bool
    is_attribution: bool
    ends: tuple[Told, ...]


def told(report: Report, reader: "Reader") -> tuple[list[Told], list[Claim]]:
    """The events that cite the report, in the order in which it tells of them, and the claims on its words.

    What an event says that was merged into another, the other one says.
    """
    standing = Event.objects.visible_to(reader).standing()
    claims = list(
        Claim.objects.filter(citation__report=report)
        .with_bearer()
        .filter(bearer__in=standing.order_by().values("pk"))
        .exclude(quote="")
        .order_by("start", "pk")
    )
    cited = Citation.objects.filter(report=report).with_bearer().values("bearer")
    events = {event.pk: event for event in standing.filter(pk__in=cited).with_facts()}
    order = dict.fromkeys([claim.bearer for claim in claims] + list(events))
    return [Told(n, events[key]) for n, key in enumerate((key for key in order if key in events), 1)], claims


def passages(report: Report, claims: list[Claim], events: list[Told], reader: "Reader") -> list[Passage]:
    """The whole text; where passages of one event touch or overlap, the last one carries its number."""
    relays = Relay.objects.visible_to(reader).filter(report=report).exclude(quote="")
    cut = pieces(report.text, [*claims, *relays])
    numbered = {found.event.pk: found for found in events}
    quoted = [events_of(piece.within) for piece in cut]
    return [
        Passage(
            piece.text,
            piece.begins,
            bool(here),
            any(isinstance(quote, Relay) for quote in piece.within),
            tuple(numbered[key] for key in numbered if key in here - after),
        )
        for piece, here, after in zip(cut, quoted, [*quoted[1:], set()], strict=True)
    ]


def events_of(quotes: Iterable[Quoting]) -> set[int]:
    """Keys of the events whose claims quote here."""
    return {quote.bearer for quote in quotes if isinstance(quote, Claim)}  # type: ignore[attr-defined]
