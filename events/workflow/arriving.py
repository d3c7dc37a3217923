"""Events that come from elsewhere: held to the same rules as those of every other door, many at a time.

What became of an event there becomes of it here; nobody moves it here, so it takes no permission and no second pair of
eyes but those of whoever lets it in.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from events import provenance
from events.choices import Credibility, Status
from events.models import Event
from events.workflow.changes import correct, snapshot, whole
from events.workflow.merging import entangled, rewrite, unfit
from osint.base.chunks import chunks
from osint.history import recording

Refusals = dict[int, ValidationError]
TOGETHER = 100  # events that are moved at once


class Became(NamedTuple):
    """What became of an event: its status, why it was retracted, into which one it was merged, whether it was out."""

    status: str
    reason: str = ""
    into: int | None = None
    was_published: bool = False


# What they hold


def remember_published(keys: Collection[int]) -> dict[int, dict[str, Any]]:
    """What those of these events hold that were published, before something comes in."""
    if not keys:
        return {}
    events = Event.objects.with_evidence().filter(pk__in=bearing(keys), published_at__isnull=False)
    return {event.pk: snapshot(event) for event in events}


def bearing(keys: Collection[int]) -> set[int]:
    """These events, and those into which one of them was merged."""
    rows = Event.objects.filter(pk__in=keys, merged_into__isnull=False).order_by()
    return set(keys) | {key for key in rows.values_list("merged_into", flat=True) if key}


def settle_arrived(
    keys: Collection[int], before: Mapping[int, dict[str, Any]], by: Any, reason: str, told: Collection[int]
) -> Refusals:
    """Check these events as wholes, and keep the corrections of published ones, but for those that bring their own."""
    resting = Q(published_at__isnull=False) | Q(duplicates__isnull=False)
    resting |= Q(citations__credibility=Credibility.CONFIRMED)
    wanted = Event.objects.filter(resting, pk__in=bearing(keys)).order_by().values_list("pk", flat=True).distinct()
    found: Refusals = {}
    for now in Event.objects.with_evidence().filter(pk__in=list(wanted)):
        try:
            provenance.check(now)
            if now.pk in told or now.pk not in before:
                supported(now)
            else:
                correct(now, before[now.pk], by, reason, None)
        except ValidationError as error:
            found[now.pk] = error
    return found


def supported(event: Event) -> None:
    """Raise where a published event holds what nothing supports."""
    if event.status == Status.PUBLISHED and (sentences := provenance.missing(event)):
        raise ValidationError(sentences)


# What becomes of them


def become(states: Mapping[int, Became], keep: Callable[[], None] = lambda: None) -> Refusals:
    """Let this become of these events; why not, for each of those that stay as they are.

    ``keep`` is called whenever some of them are done: of a hundred thousand at once too much would be remembered.
    """
    merged = dict(Event.objects.filter(pk__in=states, status=Status.MERGED).values_list("pk", "merged_into"))
    found = taken_apart({key: states[key] for key in merged if states[key].status != Status.MERGED}, merged)
    for status, action in ((Status.PUBLISHED, publish), (Status.DRAFT, take_back), (Status.RETRACTED, retract)):
        wanted = {key: became for key, became in states.items() if became.status == status and key not in merged}
        for some in chunks(wanted, TOGETHER):
            found |= action(some, wanted)
            keep()
    found |= merge_all({key: became for key, became in states.items() if became.status == Status.MERGED})
    # Some could not be published before their duplicates had brought their evidence.
    late = [key for key in found if states[key].status == Status.PUBLISHED and key not in merged]
    return {key: error for key, error in found.items() if key not in late} | publish(late, states)


def taken_apart(states: Mapping[int, Became], merged: Mapping[int, int | None]) -> Refusals:
    """Take these events out of those into which they were merged; what is left of each has to stand alone."""
    found: Refusals = {}
    out = set(Event.objects.filter(pk__in=states, published_at__isnull=False).values_list("pk", flat=True))
    for key, became in states.items():
        try:
            with transaction.atomic():
                # What was published here before is so again, also where it is a draft to the others.
                alone = publish if key in out else take_back
                action = {Status.PUBLISHED: publish, Status.RETRACTED: retract}.get(Status(became.status), alone)
                for error in action([key], states).values():
                    raise error
                rest = whole(Event.objects.get(pk=merged[key] or 0))
                provenance.check(rest)
                supported(rest)
        except ValidationError as error:
            found[key] = error
    return found


def publish(keys: list[int], _states: Mapping[int, Became]) -> Refusals:
    """Publish those of these events that may be."""
    found: Refusals = {}
    for event in Event.objects.with_evidence().filter(pk__in=keys):
        if sentences := provenance.missing(event):
            found[event.pk] = ValidationError(sentences)
    write([key for key in keys if key not in found], status=Status.PUBLISHED, is_sent_back=False, **ALONE)
    return found


def take_back(keys: list[int], _states: Mapping[int, Became]) -> Refusals:
    """Take events out of what they were merged into, that had not been published."""
    write(keys, status=Status.DRAFT, published_at=None, **ALONE)
    return {}


def retract(keys: list[int], states: Mapping[int, Became]) -> Refusals:
    """Retract these events."""
    found = {
        key: ValidationError(_("Say why the event is retracted.")) for key in keys if not states[key].reason.strip()
    }
    for key in keys:
        if key not in found:
            write([key], status=Status.RETRACTED, **(ALONE | {"retraction_reason": states[key].reason}))
    return found


def merge_all(states: Mapping[int, Became]) -> Refusals:
    """Merge these events, each into its own."""
    found: Refusals = {}
    for key, became in states.items():
        try:
            merge(key, became)
        except ValidationError as error:
            found[key] = error
    return found


def merge(key: int, became: Became) -> None:
    """Merge an event into another one."""
    event = Event.objects.get(pk=key)
    target = Event.objects.filter(pk=became.into).first() if became.into else None
    if target is None:
        raise ValidationError(_("The event into which this one was merged is not here."))
    if sentence := unfit(event, target) or entangled(event):
        raise ValidationError(sentence)
    out = {"published_at": event.published_at or timezone.now()} if became.was_published else {}
    recording.about_to_write(Event, [key])
    rewrite(event, status=Status.MERGED, merged_into=target, retraction_reason=became.reason, **out)
    provenance.check(whole(target))


ALONE: dict[str, Any] = {"merged_into": None, "retraction_reason": ""}


def write(keys: list[int], **columns: Any) -> None:
    """Set the columns of these events; what is out since today, is so from now on."""
    if columns["status"] != Status.DRAFT:
        columns["published_at"] = Coalesce(F("published_at"), timezone.now())
    Event.objects.filter(pk__in=keys).update(changed_at=timezone.now(), **columns)
