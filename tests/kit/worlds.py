"""Two databases of the same visible events: one with nothing else, one with hidden things made in between.

What is visible has the same UUIDs and moments in both; integer keys differ.
"""

import os
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.utils import timezone

from events.models import (
    ActorJudgement,
    Citation,
    Claim,
    Comment,
    Correction,
    Count,
    Event,
    EventJudgement,
    Involvement,
    Placement,
    Site,
    SiteJudgement,
)
from events.models.reference import references
from osint.history.models import Presence
from sources.models import Attachment, PassageNote, Relay, Report, ReportJudgement, Source
from tests import factories as make

FAMILY = UUID("5f0c1a52-6a6f-4b6e-9d0a-3f8f5a1c2b4d")
START = datetime(2026, 3, 1, 8, tzinfo=UTC)
BATCHES = 10 if os.environ.get("ISNAD_DRILL") else 4
PER_BATCH, HIDDEN_PER_BATCH = 20, 30
WORDS = "قافلة من 25 شاحنة دخلت قاعدة قسرك يوم الأربعاء"
MARKS = ["CLEAR", "CLEAR", "CLEAR", "GREEN", "AMBER"]


def identity(*parts: Any) -> UUID:
    """The same UUID in both worlds."""
    return uuid5(FAMILY, "/".join(map(str, parts)))


def reference(uuid: UUID) -> str:
    """The reference of an event of 2025 with this UUID."""
    return next(references(uuid, date(2025, 11, 1)))


def at(number: int) -> dict[str, Any]:
    """The moment at which the thing with this number was made."""
    moment = START + timedelta(minutes=number)
    return {"created_at": moment, "changed_at": moment}


class World:
    """A database with the visible events, and with the hidden things where it is asked to have them."""

    def __init__(self, *, hides: bool) -> None:
        self.hides = hides
        self.events: list[Event] = []
        self.reports: list[Report] = []

    def build(self) -> "World":
        """Everything, in an order in which hidden things lie between visible ones."""
        self.names()
        for batch in range(BATCHES):
            if self.hides:
                Hidden(self, batch).before()
            self.publish(batch)
            if self.hides:
                Hidden(self, batch).build()
        self.tell()
        return self

    def names(self) -> None:
        """Code lists, places and actors: open to every reader, so the same in both."""
        self.sources: list[Source] = [make.make_source(slug=f"source-{n}", **named(n), **at(n)) for n in range(4)]
        self.types = [make.make_event_type(slug=f"type-{n}", **named(n), **at(n)) for n in range(3)]
        self.measures = [make.make_measure(slug=f"measure-{n}", **named(n), **at(n)) for n in range(2)]
        self.actors = [make.make_actor(slug=f"actor-{n}", **named(n), **at(n)) for n in range(3)]
        country = make.make_site(slug="site-0", kind="country", **named(0), **at(0))
        self.sites = [country, *(self.site(n, country) for n in range(1, 4))]

    def site(self, n: int, country: Site) -> Site:
        """A place in the country."""
        return make.make_site(slug=f"site-{n}", parent=country, kind="governorate", **named(n), **at(n))

    def publish(self, batch: int) -> None:
        """Visible reports, and the visible events that rest on them."""
        numbers = range(batch * PER_BATCH, (batch + 1) * PER_BATCH)
        self.reports += Report.objects.bulk_create(self.report(n) for n in (numbers[0], numbers[1]))
        events = Event.objects.bulk_create([self.event(n) for n in numbers])
        for n, event in zip(numbers, events, strict=True):
            event.n = n
        self.events += events
        evidence(self, events)

    def report(self, n: int) -> Report:
        """A report, marked or not."""
        values = {"title": f"Report {n}", "text": f"{WORDS}. رقم {n}.", "url": f"https://outlet.example/{n}"}
        earlier = self.reports[-1] if self.reports and n % 3 == 0 else None
        return Report(
            uuid=identity("report", n),
            source=self.sources[n % 4],
            published_on=date(2025, 12, 1),
            tlp=MARKS[(n + n // 10) % 5],
            updates=earlier,
            **values,
            **at(n),
        )

    def event(self, n: int) -> Event:
        """A published or retracted event; every tenth sums up, and the next is part of it."""
        uuid, retracted = identity("event", n), n % 17 == 5
        return Event(
            uuid=uuid,
            reference=reference(uuid),
            type=self.types[n % 3],
            when=f"2025-11-{n % 28 + 1:02d}",
            summary_en=f"A convoy of the coalition arrived, number {n}.",
            summary_ar=f"وصول قافلة للتحالف، رقم {n}.",
            status="retracted" if retracted else "published",
            retraction_reason="The outlet withdrew it." if retracted else "",
            published_at=START + timedelta(minutes=n),
            tlp=MARKS[n % 5],
            is_aggregate=n % 10 == 0,
            part_of=self.whole_of(n),
            **at(n),
        )

    def whole_of(self, n: int) -> Event | None:
        """The whole: a visible one for some, a hidden one for others, which in the one world is not there."""
        if n % 20 == 1 and n > 20:
            return self.events[n - 21]
        return Event.objects.filter(uuid=identity("hidden whole", n)).first()

    def tell(self) -> None:
        """What else readers see: relays, files, corrections, a report that is withheld, a duplicate that was public."""
        visible = self.reports[:6]
        for n, report in enumerate(visible[1:]):
            Relay(
                uuid=identity("relay", n),
                report=report,
                relayed_report=visible[0],
                quote=WORDS[:5],
                start=0,
                end=5,
                **at(n),
            ).save()
            attach(report, identity("file", n), f"%PDF-1.4 {n}".encode(), n)
        for n in range(0, 60, 3):
            correct(self.events[n], n)
        kept_back = Report.objects.create(
            uuid=identity("withheld"), source=self.sources[0], title="Kept back", text=WORDS, tlp="RED",
            published_on=date(2025, 12, 1), **at(999),
        )  # fmt: skip
        Claim.objects.bulk_create([claim(cited(self.events[0], kept_back, "withheld"), "what", type=self.types[0])])
        self.duplicate()

    def duplicate(self) -> None:
        """An event that was public before it was merged: its address leads on."""
        twin = self.event(400)
        twin.status, twin.merged_into, twin.tlp, twin.part_of = "merged", self.events[3], "CLEAR", None
        twin.is_aggregate, twin.retraction_reason = False, ""
        twin.save()


def named(n: int) -> dict[str, str]:
    """Two names."""
    return {"name_en": f"Name {'abcdefgh'[n] * 3}", "name_ar": f"اسم {'كلمنهوية'[n] * 3}"}


def cited(event: Event, report: Report, *name: Any) -> Citation:
    """The event's citation of the report."""
    citation = Citation(uuid=identity("citation", *name), event=event, report=report, credibility=3, **at(0))
    citation.save()
    return citation


def claim(citation: Citation, facet: str, **values: Any) -> Claim:
    """A claim, not yet stored, quoted from the beginning of its report."""
    uuid = identity("claim", citation.uuid, facet)
    return Claim(uuid=uuid, citation=citation, facet=facet, quote=WORDS[:12], start=0, end=12, **values, **at(0))


def evidence(world: World, events: Iterable[Event], *, of: str = "event") -> None:
    """What each event holds, and a citation with a claim for it."""
    facts: dict[Any, list[Any]] = {Placement: [], Involvement: [], Count: [], Citation: [], Claim: []}
    for n, event in enumerate(events):
        own = {"event": event, **at(n)}
        site, actor, measure = world.sites[n % 4], world.actors[n % 3], world.measures[n % 2]
        facts[Placement].append(Placement(uuid=identity(of, event.uuid, "where"), site=site, **own))
        facts[Involvement].append(Involvement(uuid=identity(of, event.uuid, "who"), actor=actor, **own))
        facts[Count].append(Count(uuid=identity(of, event.uuid, "how many"), measure=measure, best=25, **own))
        report = world.reports[n % len(world.reports)]
        citation = Citation(uuid=identity("citation", of, event.uuid), report=report, credibility=3, **own)
        facts[Citation].append(citation)
    for model in (Placement, Involvement, Count, Citation):
        model._default_manager.bulk_create(facts[model])
    claims = [
        row
        for citation in facts[Citation]
        for row in (
            claim(citation, "what", type=citation.event.type),
            claim(citation, "when", when=citation.event.when),
        )
    ]
    Claim.objects.bulk_create(claims)


def attach(report: Report, uuid: UUID, content: bytes, n: int) -> None:
    """A file of the report."""
    Attachment(uuid=uuid, report=report, name=f"page-{n}.pdf", file=ContentFile(content, "page.pdf"), **at(n)).save()


def correct(event: Event, n: int) -> None:
    """A public correction."""
    Correction.objects.bulk_create(
        [
            Correction(
                uuid=identity("correction", n),
                event=event,
                before={"summary_en": "Before."},
                after={"summary_en": event.summary_en},
                reason="A later report says so.",
                tlp=event.tlp,
                made_at=START + timedelta(minutes=n),
                **at(n),
            )
        ]
    )


class Hidden:
    """Thirty things that no reader may see, some of them about what readers see."""

    def __init__(self, world: World, batch: int) -> None:
        self.world, self.batch = world, batch

    def before(self) -> None:
        """Wholes that are drafts, of which visible events to come are part."""
        for n in (self.batch * PER_BATCH + 12, self.batch * PER_BATCH + 13):
            self.event(f"hidden whole {n}", uuid=identity("hidden whole", n), is_aggregate=True).save()

    def build(self) -> None:
        """The others."""
        self.incidents()
        self.publications()
        self.remarks()
        self.people()

    def event(self, name: str, **values: Any) -> Event:
        """A draft, if nothing else is said, in words that stand nowhere else."""
        uuid = values.pop("uuid", identity("hidden", self.batch, name))
        shared = {"type": self.world.types[0], "when": "2025-11-15", "summary_en": f"Zanzibar caravan {name}."}
        return Event(uuid=uuid, reference=reference(uuid), **(shared | values | at(self.batch)))

    def incidents(self) -> None:
        """Ten events and one that is gone again: drafts, submitted, marked, merged, parts of what readers see."""
        out = {"status": "published", "published_at": START}
        withdrawn = out | {"status": "retracted", "retraction_reason": "Zanzibar."}
        whole, other = self.world.events[self.batch * PER_BATCH], self.world.events[self.batch * PER_BATCH + 3]
        kinds: list[dict[str, Any]] = [
            {}, {}, {"status": "submitted"}, {"part_of": whole}, {**out, "tlp": "RED"},
            {**out, "tlp": "AMBER+STRICT", "part_of": whole}, {**withdrawn, "tlp": "RED"},
            {**out, "tlp": "AMBER+STRICT", "is_aggregate": True},
        ]  # fmt: skip
        events = Event.objects.bulk_create([self.event(f"event {n}", **kind) for n, kind in enumerate(kinds)])
        evidence(self.world, events, of="hidden")
        self.event("merged draft", status="merged", merged_into=events[0]).save()
        self.event("merged into what readers see", status="merged", merged_into=other).save()
        gone = self.event("gone again")
        gone.save()
        gone.delete()
        events[1].summary_en = "Zanzibar caravan, changed."
        events[1].save()

    def publications(self) -> None:
        """Marked reports that relay, update and copy what readers see, with their files."""
        for tlp, seen in (("RED", self.world.reports[0]), ("AMBER+STRICT", self.world.reports[1])):
            report = Report(
                uuid=identity("hidden", self.batch, tlp), source=self.world.sources[1],
                title=f"Timbuktu dispatch {tlp}", text=f"{WORDS} تمبكتو",
                published_on=date(2025, 12, 2), tlp=tlp, updates=seen, **at(self.batch),
            )  # fmt: skip
            report.save()
            Relay(report=report, relayed_report=seen, quote=WORDS[:5], start=0, end=5).save()
            Relay(report=report, relayed_source=self.world.sources[0]).save()
            # The same bytes as a file that readers see.
            attach(report, identity("hidden file", self.batch, tlp), b"%PDF-1.4 0", self.batch)

    def remarks(self) -> None:
        """What is said of what readers see, between those who work here."""
        first = self.batch * PER_BATCH
        Comment(event=self.world.events[first], text="Zanzibar: look again.").save()
        Comment(event=self.world.events[first + 1], text="Sent back.", move="send_back").save()
        pair = {"verdict": "unsure", "reason": "Zanzibar."}
        EventJudgement(first=self.world.events[first], second=self.world.events[first + 1], **pair).save()
        EventJudgement(first=self.world.events[first], second=self.world.events[first + 2], **pair).save()
        place = {"quote": WORDS, "start": 0, "end": len(WORDS)}
        PassageNote(report=self.world.reports[0], kind="note", text="Zanzibar: an aim.", **place).save()
        two = self.world.reports[-2:]
        ReportJudgement(first=two[0], second=two[1], **pair).save()
        if self.batch == 0:
            SiteJudgement(first=self.world.sites[1], second=self.world.sites[2], **pair).save()
            ActorJudgement(first=self.world.actors[1], second=self.world.actors[2], **pair).save()

    def people(self) -> None:
        """Colleagues, one of whom has something open."""
        user = make.make_user(f"zanzibari-{self.batch}", "Analyst")
        User.objects.create_user(f"newcomer-{self.batch}")
        Presence.objects.create(
            user=user, model="events.event", key=self.world.events[self.batch].pk, seen_at=timezone.now()
        )
