"""Events as one STIX bundle, streamed: each object once, the same bytes each time."""

from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from uuid import uuid5

from events.models import Event, Site
from osint.base.wire import dumps
from osint.standards.flat import Flat, slugs
from osint.standards.stix import incidents, named
from osint.standards.stix.objects import ROOT, Object, marking, preamble
from osint.standards.stix.reports import Reports, report_id
from sources.models import Report

if TYPE_CHECKING:
    from sources.querysets import Reader

HEAD = b'{"type":"bundle","objects":[\n'


class Bundle:
    """A bundle that grows: what is in it already does not come again."""

    def __init__(self, reader: "Reader") -> None:
        self.reader = reader
        self.seen: set[str] = set()
        self.digest = sha256()
        self.written = 0

    def pieces(self, chunks: Iterable[list[Event]]) -> Iterator[bytes]:
        """The bytes of the bundle; its id comes last, as it follows from what is in it."""
        yield HEAD + b",\n".join(self.fresh(preamble()))
        for events in chunks:
            found = self.fresh(self.objects(events))
            self.written += len(events)
            if found:
                yield b",\n" + b",\n".join(found)
        yield b'\n],"id":"bundle--%b"}\n' % str(uuid5(ROOT, self.digest.hexdigest())).encode()

    def fresh(self, objects: Iterable[Object]) -> list[bytes]:
        """The bytes of those that are not in it yet."""
        found = []
        for one in objects:
            if one["id"] not in self.seen:
                self.seen.add(one["id"])
                found.append(dumps(one))
                self.digest.update(found[-1])
        return found

    def new(self, records: Iterable[Any], name: Callable[[Any], str]) -> list[Any]:
        """The records whose objects are not in it yet, each once."""
        found = {name(record): record for record in records}
        return [record for key, record in found.items() if key not in self.seen]

    def objects(self, events: list[Event]) -> Iterator[Object]:
        """The objects of some events: first those that others name."""
        cited = [citation.report for event in events for citation in event.citations.all()]
        some = with_sites(events)
        yield from (marking(mark) for mark in dict.fromkeys([one.tlp for one in events]))
        yield from self.named(events, some)
        for one in (found := incidents.Incidents(some, self.reader)).events:
            yield found.incident(one)
            yield from found.relationships(one)
        yield from self.reports(cited)

    def reports(self, cited: list[Report]) -> Iterator[Object]:
        """The reports that are cited, those that they pass on, and so on; each with its source and its mark."""
        layer, resting = cited, None
        while fresh := self.new(layer, lambda one: report_id(one.uuid)):
            yield from (marking(mark) for mark in dict.fromkeys([one.tlp for one in fresh]))
            found = Reports(fresh, self.reader, resting)
            named_there = [report.source for report in fresh]
            named_there += [relay.relayed_source for relay in found.every if relay.relayed_source]
            yield from named.sources(self.new(named_there, lambda one: named.source_id(one.slug)))
            yield from found.objects()
            layer, resting = found.behind()

    def named(self, events: list[Event], some: list[Flat]) -> Iterator[Object]:
        """Actors and sites."""
        actors = [row.actor for event in events for row in event.involvements.all()]
        actors += [row.party for event in events for row in event.counts.all() if row.party]
        claims = [claim for event in events for claim in incidents.claims_in(event)]
        actors += [actor for claim in claims for actor in (claim.actor, claim.party) if actor]
        yield from named.actors(self.new(actors, lambda one: named.actor_id(one.slug)))
        sites = some[0].sites.values() if some else []
        fresh = self.new(sites, lambda one: named.site_id(one.slug))
        yield from named.locations([incidents.lineage_of(site, some[0]) for site in fresh])


def with_sites(events: list[Event]) -> list[Flat]:
    """The events, with every site that they or their claims name, and all that these lie in."""
    held = [row.site for event in events for row in event.placements.all()]
    held += [claim.site for event in events for claim in incidents.claims_in(event) if claim.site]
    wanted = {slug for site in held for slug in slugs(site)}
    # The widest first: whoever reads on meets each after what it lies in.
    sites = {site.slug: site for site in Site.objects.filter(slug__in=wanted).order_by("path")}
    return [Flat(event, sites) for event in events]
