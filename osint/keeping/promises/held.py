"""Promises on what an event holds: no invented precision, and its place in its report's time."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils.translation import gettext as _

from events.models import Citation, Claim, Event
from events.models.sentences import after_publication
from osint.base import dates
from osint.base.record import Dated
from osint.history.recording import recorded_models, rows_of
from osint.keeping.promises.registry import Found, address_of, named, promise

CHUNK = 2_000


def dated() -> list[Any]:
    """Every kind of record with a date as reports give it."""
    return [model for model in recorded_models() if issubclass(model, Dated)]


@promise(4)
def bounds_follow_from_dates() -> Found:
    """The earliest and the latest day are those that the date as written allows."""
    for model in dated():
        # Each once, however many records have it: to read a date takes longer than all else.
        kept = rows_of(model).order_by("when", "earliest", "latest").values_list("when", "earliest", "latest")
        for when, *held in kept.distinct().iterator(chunk_size=CHUNK):
            for sentence in wrong_bounds(when, held):
                wrong = rows_of(model).filter(when=when, earliest=held[0], latest=held[1]).order_by("pk")
                for key in wrong.values_list("pk", flat=True).iterator(chunk_size=CHUNK):
                    yield address_of(model, key), f"{named(model, key)}: {sentence}"


def wrong_bounds(when: str, held: list[Any]) -> list[str]:
    """What is wrong with the bounds that are kept of a date."""
    try:
        read = dates.parse(when) if when else None
    except ValidationError as error:
        return error.messages
    right = [read.earliest, read.latest] if read else [None, None]
    if held == right:
        return []
    said = {"when": when, "held": span(held), "right": span(right)}
    return [_("“%(when)s” is kept as %(held)s, and means %(right)s.") % said]


def span(bounds: list[Any]) -> str:
    """Two days as text."""
    return "–".join("…" if day is None else day.isoformat() for day in bounds)


@promise(4)
def no_report_tells_of_what_comes_after_it() -> Found:
    """No event, and no claim, begins after the publication of the report that is cited for it."""
    published: dict[Any, str] = {Citation: "report__published_on", Claim: "citation__report__published_on"}
    begins: dict[Any, str] = {Citation: "event__earliest", Claim: "earliest"}
    for model, path in published.items():
        late = rows_of(model).filter(**{f"{begins[model]}__gt": F(path)}).order_by("pk")
        for key, day, last in late.values_list("pk", begins[model], path).iterator(chunk_size=CHUNK):
            yield address_of(model, key), f"{named(model, key)}: {after_publication(day, last)}"


@promise(5)
def wholes_and_parts_are_told_apart() -> Found:
    """What has parts sums them up, and is no part itself."""
    whole = Event.objects.filter(part_of__isnull=False)
    yield from each(
        (whole.filter(part_of__is_aggregate=False), _("It is part of an event that does not sum up others.")),
        (whole.filter(is_aggregate=True), _("It sums up others, and is itself a part: it would be counted twice.")),
    )


@promise(6)
def merged_events_lead_to_one_that_answers() -> Found:
    """An event is merged into one that was not itself merged, and that is not its whole or its part."""
    merged = Event.objects.filter(merged_into__isnull=False)
    yield from each(
        (merged.filter(merged_into__merged_into__isnull=False), _("The event that it was merged into was merged too.")),
        (merged.filter(merged_into=F("part_of")), _("It was merged into the event that it is part of.")),
    )


def each(*wrong: tuple[Any, str]) -> Found:
    """Events of which a sentence is to be said, each by its reference."""
    for events, sentence in wrong:
        for key, reference in events.order_by("pk").values_list("pk", "reference").iterator(chunk_size=CHUNK):
            yield address_of(Event, key), f"{reference}: {sentence}"
