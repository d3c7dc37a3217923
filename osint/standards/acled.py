"""Events as ACLED tells of them: the 31 columns of its codebook, in its order and with its values."""

from collections.abc import Iterable
from typing import Any

from events.choices import ActorKind, SiteKind
from events.models import Actor, Event
from osint.base.shapes import csv
from osint.standards.countries import BY_CODE
from osint.standards.flat import AROUND, EXACT, Flat, dead, flat, name_of
from sources.choices import SourceKind

COLUMNS = (
    "event_id_cnty", "event_date", "year", "time_precision", "disorder_type", "event_type", "sub_event_type", "actor1",
    "assoc_actor_1", "inter1", "actor2", "assoc_actor_2", "inter2", "interaction", "civilian_targeting", "iso",
    "region", "country", "admin1", "admin2", "admin3", "location", "latitude", "longitude", "geo_precision", "source",
    "source_scale", "notes", "fatalities", "tags", "timestamp",
)  # fmt: skip
VIOLENCE, DEMONSTRATIONS, STRATEGIC = "Political violence", "Demonstrations", "Strategic developments"
PROTESTS, RIOTS, OTHER = "Protests", "Riots", "Other"
DISORDER = {
    "Battles": VIOLENCE,
    "Explosions/Remote violence": VIOLENCE,
    "Violence against civilians": VIOLENCE,
    PROTESTS: DEMONSTRATIONS,
    RIOTS: DEMONSTRATIONS,
    STRATEGIC: STRATEGIC,
}
# Sub-event types that count as something else than their event type does.
DISORDER_OF_SUB = {
    "Mob violence": VIOLENCE,
    "Excessive force against protesters": f"{VIOLENCE}; {DEMONSTRATIONS}",
}
RIOTERS, PROTESTERS, CIVILIANS = 5, 6, 7
# The codes of inter1 and inter2: state forces, rebel groups, political militias, …, civilians, external and others.
INTER = {
    ActorKind.STATE: 1,
    ActorKind.FORCE: 1,
    ActorKind.AUTHORITY: 1,
    ActorKind.AGENCY: 1,
    ActorKind.ARMED_GROUP: 2,
    ActorKind.UNKNOWN: 3,
    ActorKind.OTHER: 3,
    ActorKind.CIVILIANS: CIVILIANS,
    ActorKind.COALITION: 8,
}
NEW_MEDIA = "New media"
DAY, WEEK, MONTH = 1, 2, 3
BETWEEN = "; "


def lines(events: Iterable[Event]) -> list[str]:
    """The lines of these events."""
    return [csv.line(cells(one)) + csv.END for one in flat(events)]


def cells(one: Flat) -> list[Any]:
    """The cells of one event."""
    return [*when(one), *what(one), *who(one), *where(one), *evidence(one)]


def when(one: Flat) -> list[Any]:
    """Its identity, and its first day with how precise that is."""
    precision = DAY if one.days == 1 else WEEK if 1 < one.days <= 7 else MONTH
    first = one.first
    return [one.event.reference, first.isoformat() if first else None, first.year if first else None, precision]


def kind(one: Flat) -> tuple[str, str]:
    """Event type and sub-event type; what has no equivalent is a strategic development of another sort."""
    found = one.event.type.acled_event_type
    return (found, one.event.type.acled_sub_event_type or OTHER) if found in DISORDER else (STRATEGIC, OTHER)


def what(one: Flat) -> list[str]:
    """What happened."""
    event_type, sub_event_type = kind(one)
    return [DISORDER_OF_SUB.get(sub_event_type, DISORDER[event_type]), event_type, sub_event_type]


def who(one: Flat) -> list[Any]:
    """The two sides, each with those beside it and what sort of actor leads it."""
    event_type, _sub = kind(one)
    ours, theirs = one.sides
    first, second = inter(ours, event_type), inter(theirs, event_type)
    both = sorted(code for code in (first, second) if code)
    interaction = both[0] * 10 + (both[1] if len(both) > 1 else 0) if both else None
    is_targeted = DISORDER_OF_SUB.get(kind(one)[1], DISORDER[event_type]) == VIOLENCE and one.harms_civilians
    return [*side(ours), first, *side(theirs), second, interaction, "Civilian targeting" if is_targeted else None]


def side(actors: list[Actor]) -> list[Any]:
    """The first of them, and the others."""
    names = [name_of(actor) for actor in actors]
    return [names[0] if names else None, BETWEEN.join(names[1:])]


def inter(actors: list[Actor], event_type: str) -> int | None:
    """The code of the first of them; those who demonstrate have codes of their own."""
    if not actors:
        return None
    code = INTER[ActorKind(actors[0].kind)]
    return {PROTESTS: PROTESTERS, RIOTS: RIOTERS}.get(event_type, code) if code == CIVILIANS else code


def where(one: Flat) -> list[Any]:
    """The place with what it lies in, its point and how precise that is."""
    code = str(one.country.pcode)[:2] if one.country else ""
    numbers = [BY_CODE[code].iso, BY_CODE[code].region] if code in BY_CODE else [None, None]
    levels = [one.level(level) for level in (SiteKind.COUNTRY, SiteKind.GOVERNORATE, SiteKind.DISTRICT)]
    named = name_of(one.site) if one.site else None
    point = [one.point.latitude, one.point.longitude] if one.point else [None, None]
    return [*numbers, *levels, one.level(SiteKind.SUBDISTRICT), named, *point, precision(one)]


def precision(one: Flat) -> int:
    """1 the place itself, 2 its surroundings, 3 a region that it stands for."""
    if one.point is None or one.point != one.site:
        return 3
    radius = one.point.precision_m or 0
    return 3 if radius > AROUND else 2 if radius > EXACT or one.is_beside else 1


def evidence(one: Flat) -> list[Any]:
    """On whose word, in which words, with how many dead, and when it was last changed."""
    event = one.event
    sources = list({citation.report.source_id: citation.report.source for citation in event.citations.all()}.values())
    scales = {NEW_MEDIA if source.kind == SourceKind.CHANNEL else OTHER for source in sources}
    notes = " ".join(text for text in (event.summary_en, event.summary_ar) if text)
    tags = [f"{count.measure.slug}={count.span}" for count in event.counts.all()]
    names = BETWEEN.join(name_of(source) for source in sources)
    scale = "-".join(sorted(scales))
    number = dead(one.killed).best
    return [names, scale, notes, number, BETWEEN.join(tags), int(event.changed_at.timestamp())]
