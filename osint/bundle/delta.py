"""What has changed since an earlier bundle, with everything that is needed to understand it.

A record counts as changed with anything that it names: so what a query finds now because a place was moved, and what
may leave now because a mark was lifted, is in the delta as well.
"""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q, QuerySet

from events.models import Actor, Cue, Event, EventType, Measure, Site
from osint.base.chunks import chunks
from osint.base.record import Record
from osint.bundle.arrivals import Arrived
from osint.bundle.contents import BY_LABEL, key_field
from osint.bundle.leaving import Leaving
from osint.bundle.picked import Picked
from osint.bundle.plans import Outcome
from osint.history.models import Entry
from osint.history.recording import root_model, rows_of
from sources.models import Report, Source

NAMED: tuple[Any, ...] = (EventType, Measure, Cue, Site, Actor, Source)
# From an event to the places, actors, types and measures that it names.
WAYS: dict[Any, tuple[str, ...]] = {
    EventType: ("type", "citations__claims__type"),
    Measure: ("counts__measure", "citations__claims__measure"),
    Site: ("placements__site", "citations__claims__site"),
    Actor: ("involvements__actor", "counts__party", "citations__claims__actor", "citations__claims__party"),
    Report: ("citations__report", "corrections__report"),
    Source: ("citations__report__source",),
    Event: ("pk", "part_of", "merged_into", "duplicates"),
}


def changed_since(everything: Leaving, since: int) -> Leaving:
    """Of all that may leave, what has changed after this entry of the history, and what that needs."""
    changed, found = Picked("changed"), Leaving(everything.cut, Picked("delta"))
    for model in BY_LABEL.values():
        changed.add_keys(model, keys_changed(model, since))
        for some in decided_on(model, since):
            changed.add(some)
    carry_on(changed)
    for model in (Event, Report):
        found.picked.add(everything.picked.rows(model).filter(touched(model, changed)))
    found.close()
    for model in NAMED:
        found.picked.add(everything.picked.rows(model).filter(pk__in=changed.keys(model)))
    found.climb()
    changed.close()
    return found


def keys_changed(model: type[Record], since: int) -> QuerySet[Any, Any]:
    """The keys of records of which something, or of what belongs to them, is in the history after this entry."""
    return Entry.objects.filter(seq__gt=since, root_model=model._meta.label_lower).values_list("root_key")


def decided_on(model: type[Record], since: int) -> Iterator[QuerySet[Any]]:
    """The records of which a decision or another pedigree was kept, and nothing written: no entry tells of it."""
    # Such an import has no entry of its own: it may stand at the one after which the earlier bundle was cut.
    kept = Arrived.objects.filter(model=model._meta.label_lower, arrival__upto__gte=since, arrival__undone_at=None)
    kept = kept.filter(pedigree__isnull=False).exclude(outcome__in=[Outcome.NEW, Outcome.CHANGED, Outcome.GONE])
    root = root_model(model)
    for names in chunks(kept.order_by().values_list("identity", flat=True).distinct()):
        rows = rows_of(model).filter(**{f"{key_field(model)}__in": names})
        yield rows if root is model else rows_of(root).filter(pk__in=rows.values(model.belongs_to))


def carry_on(changed: Picked) -> None:
    """What lies within a place or type that was changed, was changed; what passes on a report or updates it, too."""
    for model in (Site, EventType):
        while changed.add(model.objects.filter(parent__in=changed.keys(model))):
            pass
    reports = changed.keys(Report)
    changed.add(
        Report.objects.filter(Q(source__in=changed.keys(Source)) | Q(relays__relayed_source__in=changed.keys(Source)))
    )
    changed.add(Report.objects.filter(Q(relays__relayed_report__in=reports) | Q(updates__in=reports)))


def touched(model: Any, changed: Picked) -> Q:
    """The condition that the record, or anything that it names, was changed."""
    if model is Report:
        return Q(pk__in=changed.keys(Report))
    condition = Q()
    for named, ways in WAYS.items():
        for way in ways:
            # Each by itself: joined with one another, a thousand claims and a thousand counts would be a million rows.
            there = Event.objects.order_by().filter(**{f"{way}__in": changed.keys(named)}).values("pk")
            condition |= Q(pk__in=there)
    return condition
