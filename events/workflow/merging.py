"""Merging a duplicate into the event that it duplicates, and taking them apart again.

Invariant: nothing moves. The duplicate keeps all that it has and only says into which event it was merged; that event
shows the duplicate's evidence with its own (``provenance.citations_of``). So to undo it restores both to the byte.
"""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from events import provenance
from events.choices import UNPUBLISHED, Status
from events.models import Event
from events.workflow.changes import whole
from events.workflow.moves import begin, fresh, written
from osint.history import recording
from osint.history.models import Entry, Value

MERGING = ("status", "merged_into")


def merge(event: Event, by: Any, into: Event, reason: str) -> Event:
    """Merge a duplicate into another event, which from now on answers for it and shows its evidence too."""
    with recording.change(by, reason.strip(), MERGING):
        lock(event, into)
        merged = begin(event, "merge", by)
        written(reason, "reason", _("Say why the two are one event."))
        target = target_of(merged, into, by)
        rewrite(merged, status=Status.MERGED, merged_into=target)
        provenance.check(whole(target))
    return fresh(merged)


def unmerge(event: Event, by: Any, reason: str) -> Event:
    """Take a merged event out of the other one again: both are as they were."""
    with recording.change(by, reason.strip(), MERGING):
        lock(event, event.merged_into)
        merged = begin(event, "unmerge", by)
        written(reason, "reason", _("Say why the two are different events after all."))
        rest = merged.merged_into
        rewrite(merged, status=before(merged), merged_into=None)
        for former in (merged, rest):
            check_alone(former)
    return fresh(merged)


def lock(*events: Event | None) -> None:
    """Lock both before either changes, in one order: two who merge at once wait for each other."""
    keys = [event.pk for event in events if event is not None]
    list(Event.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=keys).order_by("pk"))


def rewrite(event: Event, **values: Any) -> None:
    """Set these columns and touch nothing else: no moment, no version."""
    Event.objects.filter(pk=event.pk).update(**values)


def target_of(event: Event, into: Event, by: Any) -> Event:
    """The event to merge into, as stored; raises where that cannot be."""
    target = Event.objects.visible_to(by).filter(pk=into.pk).first()
    if target is None:
        raise PermissionDenied(_("You may not see this event."))
    if sentence := unfit(event, target) or entangled(event):
        raise ValidationError({"into": sentence})
    return target


def unfit(event: Event, target: Event) -> str:
    """Why the target cannot take the event in, or nothing."""
    names = {"event": event.reference, "other": target.reference, "status": target.get_status_display()}
    if target == event:
        return _("%(event)s cannot be merged into itself. Choose the other event.") % names
    if target.pk == event.part_of_id:
        return _("%(event)s is part of %(other)s, so it is no duplicate of it. Detach it first.") % names
    if event.pk == target.part_of_id:
        return _("%(other)s is part of %(event)s, so it is no duplicate of it. Detach it first.") % names
    if target.status in {Status.RETRACTED, Status.MERGED}:
        return _("%(other)s is %(status)s, so nothing is merged into it. Choose another event.") % names
    if target.status in UNPUBLISHED and event.status not in UNPUBLISHED:
        return _("%(other)s is %(status)s and %(event)s was published. Merge the other one into this.") % names
    return ""


def entangled(event: Event) -> str:
    """Why others hold on to the event, or nothing."""
    for others, sentence in (
        (event.duplicates, _("%(others)s was merged into %(event)s. Merge it into the other event instead, or first.")),
        (event.parts, _("%(others)s is part of %(event)s. Detach it first.")),
    ):
        if found := list(others.order_by("pk").values_list("reference", flat=True)[:5]):
            return sentence % {"event": event.reference, "others": ", ".join(map(str, found))}
    return ""


def before(event: Event) -> str:
    """The status that a merged event had: what it carries tells, and for an unpublished one the history."""
    if event.retraction_reason:
        return Status.RETRACTED
    if event.published_at:
        return Status.PUBLISHED
    moved = Entry.objects.about(Event._meta.label_lower, event.pk).filter(key=event.pk, model=Event._meta.label_lower)
    told = Value.objects.filter(entry__in=moved, field="status").order_by("-entry_id")
    last = told.values_list("text", flat=True).first() or ""
    return Status.SUBMITTED if f'"from":"{Status.SUBMITTED}"' in last else Status.DRAFT


def check_alone(event: Event | None) -> None:
    """Check that the event needs nothing that went with the other one."""
    if event is None:
        return
    now = whole(event)
    provenance.check(now)
    if now.status == Status.PUBLISHED and (sentences := provenance.missing(now)):
        first = _("%(event)s could not stay published by itself. Cite for it what it rests on.")
        raise ValidationError([first % {"event": now.reference}, *sentences])
