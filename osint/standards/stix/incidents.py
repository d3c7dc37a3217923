"""Events as STIX incidents, each with the records that it was made of in our extension."""

from typing import Any

from events.choices import ActorRole, Status
from events.models import Citation, Claim, Count, Event, EventType, Involvement, Measure, Placement, Site
from osint.base.record import Record
from osint.bundle import values
from osint.standards.flat import Flat, name_of, slugs
from osint.standards.stix import named
from osint.standards.stix.objects import CORE, MARKS, Object, extended, made, relationship
from sources.choices import Tlp

INVESTIGATED = {Status.DRAFT: "open", Status.SUBMITTED: "open"}
Told = dict[str, Any]


def incident_id(uuid: Any) -> str:
    """The id of an event."""
    return f"incident--{uuid}"


def told(model: type[Record], records: list[Any], *without: str) -> list[Told]:
    """Records as they travel, with their UUIDs, but for the fields that say to what they belong."""
    found = values.natural(model, [record.pk for record in records])
    return [
        {"uuid": str(record.uuid)} | {name: value for name, value in found[record.pk].items() if name not in without}
        for record in records
    ]


class Incidents:
    """Some events on their way to STIX, with what is read for all of them at once."""

    def __init__(self, events: list[Flat], reader: Any) -> None:
        self.events = events
        every = [one.event for one in events]
        wholes = {event.part_of_id for event in every if event.part_of_id}
        self.wholes = set(Event.objects.visible_to(reader).filter(pk__in=wholes).values_list("pk", flat=True))
        self.of_event = self.together(Event, every)
        self.placements = self.together(Placement, [row for event in every for row in event.placements.all()], "event")
        self.involvements = self.together(
            Involvement, [row for event in every for row in event.involvements.all()], "event"
        )
        self.counts = self.together(Count, [row for event in every for row in event.counts.all()], "event")
        citations = [row for event in every for row in event.citations.all()]
        self.citations = self.together(Citation, citations, "event")
        claims = [claim for citation in citations for claim in citation.claims.all()]
        self.claims = self.together(Claim, claims, "citation")
        self.types = types_of(every)
        sites = list(events[0].sites.values()) if events else []
        lineages = {site.slug: lineage_of(site, events[0]) for site in sites}
        beyond = [site for site in sites if not named.is_location(lineages[site.slug])]
        self.beyond = {row["slug"]: row for row in of_list(Site, beyond)}
        self.measures = {row["slug"]: row for row in of_list(Measure, {m for one in every for m in measures_of(one)})}

    @staticmethod
    def together(model: type[Record], records: list[Any], *without: str) -> dict[int, Told]:
        """Records as they travel, by key."""
        return {record.pk: row for record, row in zip(records, told(model, records, *without), strict=True)}

    def incident(self, one: Flat) -> Object:
        """One event."""
        event = one.event
        name = f"{name_of(event.type)}" + (f" · {name_of(one.site)}" if one.site else "")
        description = "\n".join(text for text in (event.summary_en, event.summary_ar) if text)
        extensions = {CORE: core(event)} | self.ours(event)
        marks = [MARKS[Tlp(event.tlp)]]
        properties = {"labels": [event.type.slug], "object_marking_refs": marks, "extensions": extensions}
        return made("incident", incident_id(event.uuid), event, name=name, description=description, **properties)

    def ours(self, event: Event) -> Told:
        """What STIX has no room for."""
        cited = [
            self.citations[row.pk] | {"claims": [self.claims[claim.pk] for claim in row.claims.all()]}
            for row in event.citations.all()
        ]
        held = {
            "placements": [self.placements[row.pk] for row in event.placements.all()],
            "involvements": [self.involvements[row.pk] for row in event.involvements.all()],
            "counts": [self.counts[row.pk] for row in event.counts.all()],
        }
        days = {"earliest": event.earliest and str(event.earliest), "latest": event.latest and str(event.latest)}
        lists = {
            "event_types": [self.types[slug] for type_ in types_in(event) for slug in type_.path.strip("/").split("/")],
            "measures": [self.measures[measure.slug] for measure in measures_of(event)],
            # What STIX takes for no location: a site without a point and without a country.
            "sites": [self.beyond[slug] for slug in self.beyond if slug in slugs_in(event)],
        }
        lists["event_types"] = list({row["slug"]: row for row in lists["event_types"]}.values())
        fields = {name: value for name, value in self.of_event[event.pk].items() if name not in NOT_OURS}
        if event.part_of_id not in self.wholes:
            fields["part_of"] = None
        return extended(
            reference=event.reference, status=event.status, **days, event=fields, **held, citations=cited, **lists
        )

    def relationships(self, one: Flat) -> list[Object]:
        """Where it happened, against whom it went, and who else had which part in it."""
        event, source = one.event, incident_id(one.event.uuid)
        found = []
        for row in event.placements.all():
            lineage = lineage_of(row.site, one)
            if named.is_location(lineage):
                target = named.site_id(row.site.slug)
                found.append(relationship(source, "located-at", target, row, description=row.role))
        for held in event.involvements.all():
            kind = "targets" if held.role == ActorRole.TARGET else "related-to"
            found.append(relationship(source, kind, named.actor_id(held.actor.slug), held, description=held.role))
        return found


NOT_OURS = {"uuid", "status", "retraction_reason", "merged_into"}


def core(event: Event) -> Told:
    """The core extension of the incident: what is out is closed; taken back, it was none."""
    found = {Status.RETRACTED: "false-positive", Status.PUBLISHED: "successful-attempt"}
    determination = found.get(Status(event.status), "suspected")
    status = INVESTIGATED.get(Status(event.status), "closed")
    told = {"determination": determination, "investigation_status": status, "incident_types": [event.type.slug]}
    return {"extension_type": "property-extension", **told}


def lineage_of(site: Any, one: Flat) -> list[Any]:
    """A site with all that it lies in, the narrowest first."""
    return [one.sites[slug] for slug in reversed(site.path.strip("/").split("/"))]


def claims_in(event: Event) -> list[Claim]:
    """All claims about it."""
    return [claim for citation in event.citations.all() for claim in citation.claims.all()]


def types_in(event: Event) -> list[EventType]:
    """The types that it or a claim names."""
    return [event.type, *(claim.type for claim in claims_in(event) if claim.type)]


def measures_of(event: Event) -> list[Measure]:
    """The measures that it or a claim names, each once."""
    named_there = [row.measure for row in event.counts.all()]
    named_there += [claim.measure for claim in claims_in(event) if claim.measure]
    return list({measure.slug: measure for measure in named_there}.values())


def slugs_in(event: Event) -> set[str]:
    """The slugs of the sites that it or a claim names, and of all that these lie in."""
    sites = [row.site for row in event.placements.all()]
    sites += [claim.site for claim in claims_in(event) if claim.site]
    return {slug for site in sites for slug in slugs(site)}


def of_list(model: type[Any], records: Any) -> list[Told]:
    """Records of a list as they travel, with their slugs."""
    return list(named.fields(model, list(records)).values())


def types_of(events: list[Event]) -> dict[str, Told]:
    """The types that these events name, with those above them."""
    slugs = {slug for event in events for type_ in types_in(event) for slug in type_.path.strip("/").split("/")}
    return {row["slug"]: row for row in of_list(EventType, EventType.objects.filter(slug__in=slugs))}
