"""Reports as STIX reports, with whom they pass on; those that are passed on come after them."""

from collections import defaultdict
from typing import Any

from events.models import Citation, Event
from osint.standards.flat import name_of
from osint.standards.stix import named
from osint.standards.stix.incidents import Told, incident_id, told
from osint.standards.stix.objects import MARKS, Object, day, extended, made, relationship
from sources.choices import Tlp
from sources.models import Relay, Report

Citing = dict[int, set[str]]


def report_id(uuid: Any) -> str:
    """The id of a report."""
    return f"report--{uuid}"


class Reports:
    """Some reports on their way to STIX: each names the incidents that rest on it and may be seen."""

    def __init__(self, records: list[Report], reader: Any, resting: Citing | None = None) -> None:
        self.records, self.reader = records, reader
        keys = [one.pk for one in records]
        self.citing: Citing = defaultdict(set)
        for key, some in (resting or {}).items():
            self.citing[key] |= some
        events = Event.objects.visible_to(reader)
        for report, uuid in Citation.objects.filter(report__in=keys, event__in=events).values_list(
            "report", "event__uuid"
        ):
            self.citing[report].add(incident_id(uuid))
        self.relays: dict[int, list[Any]] = defaultdict(list)
        for relay in Relay.objects.filter(report__in=keys).told_to(reader).order_by("pk"):
            if is_seen(relay):
                self.relays[relay.report_id].append(relay)
        self.every = [relay for some in self.relays.values() for relay in some]
        updated = {one.updates_id for one in records if one.updates_id}
        self.earlier = set(Report.objects.visible_to(reader).filter(pk__in=updated).values_list("pk", flat=True))

    def objects(self) -> list[Object]:
        """The reports, each followed by those whom it passes on."""
        passed = {relay.pk: row for relay, row in zip(self.every, told(Relay, self.every, "report"), strict=True)}
        found: list[Object] = []
        for one, fields in zip(self.records, told(Report, self.records), strict=True):
            hidden = {} if one.updates_id in self.earlier else {"updates": None}
            relays = self.relays[one.pk]
            found.append(self.report(one, fields | hidden, [passed[relay.pk] for relay in relays]))
            found += [self.relayed(one, relay) for relay in relays]
        return found

    def report(self, one: Report, fields: Told, relays: list[Told]) -> Object:
        """One report."""
        given = {"source_name": name_of(one.source), "url": one.url, "description": one.title}
        properties = {
            "name": one.title,
            "lang": one.language,
            "published": day(one.published_on),
            "object_refs": sorted(self.citing[one.pk]),
            "created_by_ref": named.source_id(one.source.slug),
            "object_marking_refs": [MARKS[Tlp(one.tlp)]],
            "external_references": [given] if one.url else [],
            "extensions": extended(report=fields, relays=relays),
        }
        return made("report", report_id(one.uuid), one, **properties)

    def relayed(self, one: Report, relay: Any) -> Object:
        """That a report passes on another one, or somebody."""
        if relay.relayed_source:
            target, kind = named.source_id(relay.relayed_source.slug), "related-to"
        else:
            target, kind = report_id(relay.relayed_report_seen), "derived-from"
        return relationship(report_id(one.uuid), kind, target, relay, description="passes on")

    def behind(self) -> tuple[list[Report], Citing]:
        """The reports that these pass on, with the incidents that rest on them by that."""
        resting: Citing = defaultdict(set)
        for relay in self.every:
            if relay.relayed_report_id:
                resting[relay.relayed_report_id] |= self.citing[relay.report_id]
        found = Report.objects.visible_to(self.reader).filter(pk__in=resting).select_related("source").order_by("pk")
        return list(found), resting


def is_seen(relay: Any) -> bool:
    """Whether the reader may know whom it leads to."""
    return relay.relayed_report_id is None or relay.relayed_report_seen is not None
