"""A small database of incidents drawn by lot: wholes and parts, every kind of date, mark and number, some merged."""

from datetime import date
from random import Random
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from events.choices import VERBAL, Status
from events.models import Actor, Citation, Claim, Count, Event, EventType, Involvement, Measure, Placement, Site
from sources.choices import Tlp
from sources.models import Relay, Report, Source
from tests import factories as make

DATES = [
    "2025-11-12", "2025-11-12", "2025-11-01/2025-11-15", "2025-11", "2025", "2025-12-29/2026-01-02", "", "",
    "[2025-11-30,2025-12-01]", "{2025-11-03,2025-11-05}", "../2025-11-16", "2025-11-02/..", "0001-01-01", "9999-12-31",
    "2024-12-30", "2025-10-31",
]  # fmt: skip
NUMBERS: list[dict[str, Any]] = [
    {"best": 25, "qualifier": "about"}, {"best": 3, "qualifier": "exactly"}, {"best": 40}, {"low": 10}, {"high": 7},
    {"low": 20, "high": 30}, {"low": 5, "best": 6, "high": 9}, {"phrase": "dozens", "qualifier": VERBAL[1]},
    {"best": 2**63 - 1}, {"low": 0, "best": 0, "high": 0},
]  # fmt: skip


class Incidents:
    """Sites, types, actors, sources and reports, and events that hold them."""

    def __init__(self, lot: Random, size: int, people: list[User]) -> None:
        self.lot, self.people = lot, people
        self.names()
        self.reports = [self.report(n) for n in range(6)]
        Relay.objects.bulk_create([self.relay(n) for n in range(5) if lot.random() < 0.6])
        self.wholes = [self.event(is_aggregate=True) for _n in range(size // 4)]
        self.events = [*self.wholes, *(self.event(part_of=self.whole()) for _n in range(size - len(self.wholes)))]
        for event in self.events:
            self.facts(event)
        self.merge()

    def names(self) -> None:
        """Two trees, actors, measures and sources."""
        self.types: list[EventType] = []
        self.sites: list[Site] = []
        for n in range(7):
            self.types.append(
                make.make_event_type(slug=f"kind-{n}", parent=self.types[(n - 1) // 2] if n > 1 else None)
            )
            kind = ("country", "governorate", "governorate", "district", "town", "district", "road")[n]
            above = self.sites[(n - 1) // 2] if 0 < n < 6 else None
            self.sites.append(make.make_site(slug=f"place-{n}", kind=kind, parent=above))
        self.actors: list[Actor] = [make.make_actor(slug=f"side-{n}") for n in range(3)]
        self.measures: list[Measure] = [make.make_measure(slug=name) for name in ("trucks", "detained")]
        self.sources: list[Source] = [make.make_source(slug=f"outlet-{n}") for n in range(3)]

    def report(self, n: int) -> Report:
        """A report under any mark."""
        return make.make_report(
            source=self.sources[n % 3], tlp=self.mark(), title=f"Report {n}", text=f"Words {n}.", published_on=date.max
        )

    def relay(self, n: int) -> Relay:
        """A report that passes on a source, or an earlier report."""
        if n and self.lot.random() < 0.5:
            return Relay(report=self.reports[n], relayed_report=self.reports[self.lot.randrange(n)])
        return Relay(report=self.reports[n], relayed_source=self.lot.choice(self.sources))

    def mark(self) -> str:
        """A mark; most are open."""
        return self.lot.choice([*Tlp.values, "CLEAR", "CLEAR", "CLEAR"])

    def whole(self) -> Event | None:
        """What an event is part of, for a third of them."""
        return self.lot.choice(self.wholes) if self.wholes and self.lot.random() < 0.35 else None

    def event(self, **values: Any) -> Event:
        """An event in any state but merged."""
        status = self.lot.choice(["draft", "submitted", "published", "published", "published", "retracted"])
        out = status in {Status.PUBLISHED, Status.RETRACTED}
        event = Event(
            type=self.lot.choice(self.types),
            when=self.lot.choice(DATES),
            summary_en="It happened.",
            tlp=self.mark(),
            status=status,
            published_at=timezone.now() if out else None,
            retraction_reason="Withdrawn." if status == Status.RETRACTED else "",
            created_by=self.lot.choice(self.people),
            **values,
        )
        event.derive()
        if event.latest is None and status == Status.PUBLISHED:
            event.when = "2025-11-12"
        # Past the rules of a single save: a whole may have been retracted since it got its parts.
        Event.objects.bulk_create([event])
        return event

    def facts(self, event: Event) -> None:
        """Places, actors, counts and citations, several of each or none."""
        some = self.some
        Placement.objects.bulk_create([Placement(event=event, site=one) for one in some(self.sites)])
        Involvement.objects.bulk_create([Involvement(event=event, actor=one) for one in some(self.actors)])
        Count.objects.bulk_create(
            [
                Count(event=event, measure=measure, label=str(n), party=self.lot.choice([None, *self.actors]), **number)
                for measure in some(self.measures)
                for n, number in enumerate(self.lot.choices(NUMBERS, k=self.lot.choice([1, 1, 2])))
            ]
        )
        for report in some(self.reports):
            self.cite(event, report)

    def cite(self, event: Event, report: Report) -> None:
        """A citation, that may deny the event, and whose claims may all be set aside."""
        role = self.lot.choice(["reports", "reports", "denies"])
        (citation,) = Citation.objects.bulk_create([Citation(event=event, report=report, role=role)])
        standings = self.lot.choice([[], ["accepted"], ["set_aside"], ["set_aside", "in_conflict"]])
        stated = {"citation": citation, "facet": "what", "type": event.type, "standing_reason": "So it is."}
        Claim.objects.bulk_create([Claim(**stated, standing=standing) for standing in standings])

    def some(self, of: list[Any]) -> list[Any]:
        """None, one or several of them."""
        return self.lot.sample(of, self.lot.choice([0, 1, 1, 2]))

    def merge(self) -> None:
        """A few events that are no wholes and no parts lead on to others."""
        for event in self.events[len(self.wholes) :]:
            if event.part_of is None and self.lot.random() < 0.15:
                Event.objects.filter(pk=event.pk).update(merged_into=self.events[0], status="merged")
