"""Changing an event and leaving a trace: the door of every change of what is held.

Invariant: whatever door a change comes by, the whole event is checked before the transaction ends, and a change to what
we held after publication leaves a public correction.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from events import provenance
from events.choices import Status
from events.models import Correction, Event
from osint.base.chunks import chunks
from osint.history import recording
from sources import marks
from sources.models import Report

TOGETHER = 200  # events whose evidence is read at once
AS_SENT = {"reason": "correction_reason", "report": "correction_report"}


def number(record: Any) -> dict[str, Any]:
    """A number as a snapshot shows it."""
    names = ("low", "best", "high", "qualifier", "phrase", "label", "label_ar")
    return {name: value for name in names if (value := getattr(record, name)) not in (None, "")}


def snapshot(event: Event) -> dict[str, Any]:
    """What the event holds, in slugs and plain values, as a correction records it."""
    rest = {"basis", "reason"}
    return {
        "what": {"type": event.type.slug, "basis": event.type_basis, "reason": event.type_reason},
        "when": {
            "when": event.when,
            "phrase": event.when_phrase,
            "basis": event.when_basis,
            "reason": event.when_reason,
        },
        "where": [
            {"site": p.site.slug, "role": p.role} | {name: getattr(p, name) for name in rest}
            for p in event.placements.all()
        ],
        "who": [
            {"actor": i.actor.slug, "role": i.role} | {name: getattr(i, name) for name in rest}
            for i in event.involvements.all()
        ],
        "how_many": [
            {"measure": c.measure.slug, "party": c.party.slug if c.party else None}
            | number(c)
            | {name: getattr(c, name) for name in rest}
            for c in event.counts.all()
        ],
        "summary_en": event.summary_en,
        "summary_ar": event.summary_ar,
        "tlp": event.tlp,
        "is_aggregate": event.is_aggregate,
        "part_of": event.part_of.reference if event.part_of else None,
    }


def whole(event: Event) -> Event:
    """The event as it stands in the database, with its evidence."""
    return Event.objects.with_evidence().get(pk=event.pk)


@contextmanager
def changing(event: Event, by: Any, reason: str = "", report: Report | None = None) -> Iterator[None]:
    """Change an event or anything under it within this block: all of it is kept, or nothing.

    Raises ``ValidationError`` where the whole breaks a rule afterwards, and for ``correction_reason`` where what a
    published event holds has changed without one.
    """
    with changing_all([event], by, reason, report):
        yield


@contextmanager
def changing_all(events: Collection[Event], by: Any, reason: str = "", report: Report | None = None) -> Iterator[None]:
    """As ``changing``, of several events at once."""
    with recording.change(by, reason):
        before = remember_all([event.pk for event in events])
        yield
        settle_all({event.pk: before.get(event.pk, NEW) for event in events}, by, reason, report)


def frozen(event: Event) -> str:
    """Why nothing of the event may change, or nothing."""
    if event.status == Status.RETRACTED:
        return _("%(event)s was retracted, and stays as it was then. Enter a new event.") % {"event": event.reference}
    if event.status == Status.MERGED:
        return _("%(event)s was merged into another event, and stays as it was then. Undo that first.") % {
            "event": event.reference
        }
    return ""


class Before(NamedTuple):
    """An event as it was when a change to it began: whether there was one, and what it held if it was published."""

    existed: bool
    published: dict[str, Any] | None


NEW = Before(existed=False, published=None)


def remember(event: Event) -> Before:
    """Lock the stored event until the transaction ends: changes to one event wait for each other.

    Raises ``ValidationError`` where it was retracted or merged: it stays as it was.
    """
    return remember_all([event.pk]).get(event.pk, NEW)


def remember_all(keys: Iterable[int]) -> dict[int, Before]:
    """The same of those of these events that there are."""
    found: dict[int, Before] = {}
    for some in chunks(keys, TOGETHER):
        events = Event.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=some).order_by("pk")
        stored = {event.pk: event for event in events}
        if sentences := list(filter(None, map(frozen, stored.values()))):
            raise ValidationError(sentences[0], code="status")
        out = [key for key, event in stored.items() if event.published_at]
        held = {event.pk: snapshot(event) for event in Event.objects.with_facts().filter(pk__in=out)} if out else {}
        found |= {key: Before(existed=True, published=held.get(key)) for key in stored}
    return found


def settle(event: Event, before: Before, by: Any, reason: str, report: Report | None) -> None:
    """Check the whole event and count its version; where it was published, keep the correction."""
    settle_all({event.pk: before}, by, reason, report)


def settle_all(before: Mapping[int, Before], by: Any, reason: str, report: Report | None) -> None:
    """The same of all these events."""
    for some in chunks(before, TOGETHER):
        out = [key for key in some if before[key].published is not None]
        if rest := [key for key in some if key not in out]:
            provenance.check_stored(rest)
        for now in Event.objects.with_evidence().filter(pk__in=out) if out else ():
            provenance.check(now)
            correct(now, before[now.pk].published or {}, by, reason, report)


def correct(now: Event, before: dict[str, Any], by: Any, reason: str, report: Report | None) -> None:
    """Keep the correction of a published event, if what it holds has changed; it has to stay supported."""
    after = snapshot(now)
    changed = [name for name in after if after[name] != before[name]]
    if changed and not reason.strip():
        raise ValidationError(
            {"correction_reason": _("%(event)s is published: say why it is corrected.") % {"event": now.reference}}
        )
    if now.status == Status.PUBLISHED and (sentences := provenance.missing(now)):
        raise ValidationError(sentences)
    if changed:
        correction = Correction(
            event=now,
            before={name: before[name] for name in changed},
            after={name: after[name] for name in changed},
            reason=reason.strip(),
            report=report,
            tlp=marks.strictest([before["tlp"], after["tlp"]]),
            made_by=by,
        )
        try:
            correction.full_clean(exclude=["made_by", "event", "uuid"])
        except ValidationError as error:
            # By the names under which they are sent.
            raise ValidationError({AS_SENT.get(name, name): said for name, said in error.error_dict.items()}) from error
        correction.save()
