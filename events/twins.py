"""Events that are perhaps one: dates, places, actors, numbers, types and words that meet, each said in words.

What the reader may not see, a report that both cite among it, speaks neither for nor against.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import product
from math import inf
from typing import TYPE_CHECKING

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from events.candidates import NEARBY, related, worth_a_look
from events.choices import Qualifier, SiteKind, Status
from events.distance import metres_between
from events.models import Citation, Claim, Count, Event, Site
from osint.base.dates import describe
from osint.base.text import shown
from osint.base.twins import Twin, Twins, apart, judged, sorted_out
from sources.models import Report

if TYPE_CHECKING:
    from sources.querysets import Reader

ENOUGH = 6  # points from which an event is likely the same
ROUGHLY = 0.2  # how far "about 25" reaches


@dataclass
class Evidence:
    """What an event rests on, as far as the reader sees it."""

    titles: dict[int, str] = field(default_factory=dict)  # of reports
    words: dict[str, str] = field(default_factory=dict)  # folded, and as quoted


def of_event(event: Event, reader: "Reader") -> Twins:
    """The likely twins of an event among what the reader may see, best first, and the judged ones."""
    told = judged(event, reader, "type")
    keys = [] if event.status == Status.MERGED else worth_a_look(event, reader, apart(told))
    rows = {row.pk: row for row in Event.objects.filter(pk__in=[event.pk, *keys]).with_facts()}
    known = evidence_of(list(rows), reader)
    found = (compared(rows[event.pk], rows[key], known) for key in keys if key in rows)
    return sorted_out(found, told, detail, ENOUGH)


def detail(event: Event) -> str:
    """When, what, and how far it has come."""
    return " · ".join(part for part in (event.when, event.summary, str(event.get_status_display())) if part)


def evidence_of(keys: list[int], reader: "Reader") -> dict[int, Evidence]:
    """What each of these events rests on."""
    citations = {pk: rest for pk, *rest in Citation.objects.filter(event__in=keys).values_list("pk", "event", "report")}
    cited = {report for _event, report in citations.values()}
    titles = dict(Report.objects.visible_to(reader).filter(pk__in=cited).order_by().values_list("pk", "title"))
    seen = {pk: (event, report) for pk, (event, report) in citations.items() if report in titles}
    known: dict[int, Evidence] = defaultdict(Evidence)
    for event, report in seen.values():
        known[event].titles[report] = titles[report]
    claims = Claim.objects.filter(citation__in=list(seen)).exclude(quote="").order_by()
    for citation, folded, quote in claims.values_list("citation", "folded", "quote"):
        known[seen[citation][0]].words[folded] = quote
    return known


# What speaks for it


def compared(event: Event, other: Event, known: dict[int, Evidence]) -> Twin:
    """The other event, with what speaks for its being the same."""
    twin = Twin(other)
    for compare in (dates, places, actors, figures, types):
        compare(event, other, twin)
    evidence(known[event.pk], known[other.pk], twin)
    return twin


def dates(event: Event, other: Event, twin: Twin) -> None:
    """The same date, one within the other, or a day apart."""
    if not (event.when and other.when):
        return
    gap, longest = days_between(event, other), max(length(event), length(other))
    if event.when == other.when and longest <= 3:
        twin.speaks(3, lambda: _("Same date: %(date)s.") % {"date": in_words(event)})
    elif gap <= 0:
        number = 3 if longest <= 3 else 2 if longest <= 31 else 1
        twin.speaks(number, lambda: _("The dates overlap: %(one)s, %(other)s.") % dates_of(event, other))
    elif gap == 1:
        twin.speaks(1, lambda: _("The dates are a day apart: %(one)s, %(other)s.") % dates_of(event, other))
    else:
        twin.speaks(-6)


def dates_of(event: Event, other: Event) -> dict[str, str]:
    """Both dates in words."""
    return {"one": in_words(event), "other": in_words(other)}


def in_words(event: Event) -> str:
    """The date in the words of the reader's language."""
    return describe(event.reading, get_language() or "en") if event.reading else event.when


def length(event: Event) -> float:
    """How many days the date allows."""
    return (event.latest - event.earliest).days + 1 if event.earliest and event.latest else inf


def days_between(event: Event, other: Event) -> float:
    """How many days lie from the end of one date to the beginning of the other; nothing above 0 where they overlap."""
    gaps = [
        (later.earliest - former.latest).days
        for former, later in ((event, other), (other, event))
        if former.latest and later.earliest
    ]
    return max(gaps, default=0)


def places(event: Event, other: Event, twin: Twin) -> None:
    """The places that lie nearest each other; all of them far apart speak against it."""
    pairs = list(product([p.site for p in event.placements.all()], [p.site for p in other.placements.all()]))
    if not pairs:
        return
    number, reason = max((meeting(one, another) for one, another in pairs), key=lambda found: found[0])
    twin.speaks(number, reason)


def meeting(site: Site, other: Site) -> tuple[int, str]:
    """What it tells that the one event happened here and the other there."""
    both = {"one": site, "other": other}
    if site.pk == other.pk:
        return 0 if site.kind == SiteKind.COUNTRY else 4, _("Same place: %(one)s.") % both
    for inner, outer in ((site, other), (other, site)):
        if inner.path.startswith(outer.path):
            wide = {SiteKind.COUNTRY: 0, SiteKind.GOVERNORATE: 1}
            within = _("%(one)s lies within %(other)s.") % {"one": inner, "other": outer}
            return wide.get(SiteKind(outer.kind), 3), within
    metres = metres_between(site, other)
    if metres is None:
        return 0, ""
    radii = (site.precision_m or 0) + (other.precision_m or 0)
    if metres > max(NEARBY, radii):
        return -4, ""
    said = both | {"kilometres": max(1, round(metres / 1_000))}
    return 3 if radii <= NEARBY else 2, _("%(one)s and %(other)s lie about %(kilometres)d km apart.") % said


def actors(event: Event, other: Event, twin: Twin) -> None:
    """The actors of both."""
    there = {involvement.actor_id for involvement in other.involvements.all()}
    both = dict.fromkeys(str(i.actor) for i in event.involvements.all() if i.actor_id in there)
    if both:
        twin.speaks(min(3, 1 + len(both)), _("Same actor: %(names)s.") % {"names": ", ".join(both)})


def figures(event: Event, other: Event, twin: Twin) -> None:
    """Numbers of one measure that can both be true; those that cannot speak against it."""
    pairs = [
        (one, another)
        for one, another in product(event.counts.all(), other.counts.all())
        if one.measure_id == another.measure_id
    ]
    for one, another in pairs:
        if touch(one, another):
            # Words alone, such as "dozens", touch any number, and tell less.
            exact = bool(numbers(one) and numbers(another))
            said = {"measure": one.measure, "one": one.span, "other": another.span}
            twin.speaks(2 if exact else 1, _("Numbers that touch: %(measure)s %(one)s and %(other)s.") % said)
            return
    if pairs:
        twin.speaks(-1)


def numbers(count: Count) -> list[int]:
    """The numbers that are known."""
    return [number for number in (count.low, count.best, count.high) if number is not None]


def touch(one: Count, other: Count) -> bool:
    """Whether both numbers can be true."""
    (low, high), (least, most) = bounds(one), bounds(other)
    return low <= most and least <= high


def bounds(count: Count) -> tuple[float, float]:
    """Between which numbers the true one lies."""
    known = numbers(count)
    low: float = min(known, default=0) if (count.low, count.best) != (None, None) else 0
    high: float = max(known, default=inf) if (count.best, count.high) != (None, None) else inf
    match count.qualifier:
        case Qualifier.AT_LEAST | Qualifier.MORE_THAN:
            return low, inf if count.high is None else high
        case Qualifier.UP_TO | Qualifier.FEWER_THAN:
            return 0 if count.low is None else low, high
        case Qualifier.ABOUT | Qualifier.UNCLEAR:
            return low * (1 - ROUGHLY), high * (1 + ROUGHLY)
    return low, high


def types(event: Event, other: Event, twin: Twin) -> None:
    """The same type, or one near it; others speak against it."""
    both = {"one": event.type, "other": other.type}
    if event.type_id == other.type_id:
        twin.speaks(2, _("Same type: %(one)s.") % both)
    elif related(event.type.path, other.type.path):
        twin.speaks(1, _("Related types: %(one)s, %(other)s.") % both)
    else:
        twin.speaks(-2)


def evidence(one: Evidence, other: Evidence, twin: Twin) -> None:
    """Reports that both cite; and the same words, for one report may tell of many events."""
    titles = [title for report, title in one.titles.items() if report in other.titles]
    if titles:
        twin.speaks(1, _("Both cite “%(title)s”.") % {"title": titles[0]})
    words = [quote for folded, quote in one.words.items() if folded in other.words]
    if words:
        said = {"words": shown(max(words, key=len))}
        twin.speaks(min(4, len(words) + (len(words) > 2)), _("Same words: “%(words)s”.") % said)
