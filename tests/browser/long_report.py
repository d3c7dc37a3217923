"""A report of a hundred thousand characters from which two hundred events were coded."""

from datetime import date
from typing import Any

from django.contrib.auth.models import User

from events.choices import ActorRole, Facet, SiteRole
from events.models import Citation, Claim, Count, Event, Involvement, Placement
from events.models.reference import references
from osint.history import recording
from sources.models import Report
from tests.factories import make_actor, make_event_type, make_measure, make_report, make_site, make_source

LENGTH, EVENTS = 100_000, 200
WORDS = {
    Facet.WHAT: "دخول قافلة إمداد",
    Facet.WHO: "تابعة للتحالف الدولي",
    Facet.WHERE: "حتى قاعدة قسرك",
    Facet.WHEN: "يوم الأربعاء 12 تشرين الثاني",
    Facet.HOW_MANY: "قرابة 25 شاحنة",
}
SENTENCE = " ".join(WORDS.values()) + ". "
FILLING = "ولم يصدر عن أي جهة تعليق على ما جرى في تلك الليلة من الشهر نفسه، وبقي الطريق مفتوحاً. "


def long_text() -> str:
    """One sentence for each event, with filling in between."""
    room = LENGTH // EVENTS
    paragraph = (SENTENCE + FILLING * 10)[: room - 1] + "\n"
    return paragraph * EVENTS


def make_long_report(by: User | None = None) -> Report:
    """The report with its events, each with all five facts, and each fact with its claim."""
    with recording.change(by):
        report = make_report(text=long_text(), published_on=date(2025, 11, 16), source=make_source())
        coded(report)
    return report


def coded(report: Report) -> None:
    """The events, written many at a time."""
    kind, site, actor, measure = make_event_type(), make_site(), make_actor(), make_measure()
    events = [Event(type=kind, when="2025-11-12", summary_en=f"A convoy, {number}.") for number in range(EVENTS)]
    for event in events:
        event.reference = next(references(event.uuid, date(2025, 11, 12)))
    events = Event.objects.bulk_create(events)
    citations = Citation.objects.bulk_create([Citation(event=event, report=report) for event in events])
    Placement.objects.bulk_create([Placement(event=event, site=site, role=SiteRole.AT) for event in events])
    Involvement.objects.bulk_create([Involvement(event=event, actor=actor, role=ActorRole.ACTS) for event in events])
    Count.objects.bulk_create([Count(event=event, measure=measure, best=25) for event in events])
    values: dict[str, dict[str, Any]] = {
        Facet.WHAT: {"type": kind},
        Facet.WHO: {"actor": actor, "actor_role": ActorRole.ACTS},
        Facet.WHERE: {"site": site, "site_role": SiteRole.AT},
        Facet.WHEN: {"when": "2025-11-12"},
        Facet.HOW_MANY: {"measure": measure, "best": 25},
    }
    Claim.objects.bulk_create(
        [
            claim(citation, number * (LENGTH // EVENTS), facet, value)
            for number, citation in enumerate(citations)
            for facet, value in values.items()
        ]
    )


def claim(citation: Citation, start: int, facet: str, value: dict[str, Any]) -> Claim:
    """What the sentence that starts here says of one facet."""
    at = start + SENTENCE.index(WORDS[Facet(facet)])
    words = WORDS[Facet(facet)]
    return Claim(citation=citation, facet=facet, quote=words, start=at, end=at + len(words), **value)
