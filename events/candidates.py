"""Which events are worth comparing with one: those of its time or its reports, in a fixed number of queries."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from math import cos, radians
from typing import TYPE_CHECKING

from django.db.models import Case, F, IntegerField, Q, Value, When

from events.choices import SiteKind, Status
from events.models import Citation, Count, Event, Involvement, Placement, Site
from events.places.geometry import METRES_PER_DEGREE
from events.querysets import SiteQuerySet
from osint.base.tree import below
from sources.models import Report

if TYPE_CHECKING:
    from sources.querysets import Reader

REACH = 60  # days around an event within which others are looked for where a date is open or long
NEARBY = 20_000  # metres within which two points are near each other, however exact they are
AT_THE_TIME = 2_000  # events of the same time or report that are looked at
COMPARED = 60  # events whose facts are compared one by one
FEWEST = 2  # what an event must have in common with the other to be one of them


def worth_a_look(event: Event, reader: "Reader", but: list[int]) -> list[int]:
    """Keys of the events that have most in common with this one, among what the reader may see."""
    others = Event.objects.visible_to(reader).exclude(status=Status.MERGED).exclude(pk__in=[event.pk, *but])
    if event.part_of_id:  # a whole is no twin of its part
        others = others.exclude(pk=event.part_of_id)
    citing = set(citing_the_same(event, reader))
    same_day = Case(When(when=event.when, then=Value(0)), default=1, output_field=IntegerField())
    found = others.exclude(part_of=event.pk).filter(about_then(event) | Q(pk__in=citing)).order_by(same_day, "-pk")
    paths = dict(found.values_list("pk", "type__path")[:AT_THE_TIME])
    common = in_common(event, list(paths))
    for pk, path in paths.items():
        common[pk] += 2 * related(event.type.path, path) + (pk in citing)
    ranked = sorted(paths, key=lambda pk: (-common[pk], -pk))
    return [pk for pk in ranked[:COMPARED] if common[pk] >= FEWEST]


def citing_the_same(event: Event, reader: "Reader") -> Iterable[int]:
    """Keys of events that cite a report of this one that the reader may see."""
    own = list(Citation.objects.filter(event=event).values_list("report", flat=True))
    seen = Report.objects.visible_to(reader).filter(pk__in=own).order_by().values("pk")
    return Citation.objects.filter(report__in=seen).values_list("event", flat=True)[:AT_THE_TIME]


def in_common(event: Event, keys: list[int]) -> Counter[int]:
    """How much each of these events has in common with this one: a place, an actor, a measure."""
    sites = [placement.site for placement in event.placements.select_related("site")[:10]]
    near = set(around(sites).order_by().values_list("pk", flat=True))
    common: Counter[int] = Counter()
    for facts, name, weight in (
        (Placement.objects, "site", 3),
        (Involvement.objects, "actor", 2),
        (Count.objects, "measure", 1),
    ):
        rows = list(facts.filter(event__in=[event.pk, *keys]).order_by().values_list("event", name))
        known = near if name == "site" else {value for pk, value in rows if pk == event.pk}
        common.update(dict.fromkeys({pk for pk, value in rows if value in known}, weight))
    return common


def related(path: str, other: str) -> bool:
    """Whether one type is a case of the other, or both of a third."""
    parent = path[: path.rstrip("/").rfind("/") + 1]
    siblings = bool(parent) and other.startswith(parent) and other.count("/") == path.count("/")
    return siblings or path.startswith(other) or other.startswith(path)


def around(sites: list[Site]) -> SiteQuerySet:
    """These sites, what holds them or lies in them, and what is near; a country holds everything, and tells nothing."""
    condition = Q(pk__in=[site.pk for site in sites])
    for site in sites:
        if site.kind != SiteKind.COUNTRY:
            holding = Q(slug__in=site.ancestor_slugs()) & ~Q(kind=SiteKind.COUNTRY)
            condition |= below(site.path) | holding | nearby(site)
    return Site.objects.filter(condition)


def nearby(site: Site) -> Q:
    """The condition, a little too wide: the two points are near each other, or within the sum of their radii."""
    if site.latitude is None or site.longitude is None:
        return Q(pk__in=[])
    condition = Q()
    wide = max(cos(radians(site.latitude)), 0.01)
    for name, middle, metres in (
        ("latitude", site.latitude, METRES_PER_DEGREE),
        ("longitude", site.longitude, METRES_PER_DEGREE * wide),
    ):
        own = (NEARBY + (site.precision_m or 0)) / metres
        others = F("precision_m") / Value(metres)
        condition &= Q(**{f"{name}__gte": Value(middle - own) - others, f"{name}__lte": Value(middle + own) + others})
    return condition


def about_then(event: Event) -> Q:
    """The condition: the dates overlap, or lie a day apart.

    An open end is followed for some time only, so that both halves are one range of one index.
    """
    if event.earliest is None and event.latest is None:
        return Q(pk__in=[])
    first = event.earliest or shifted(event.latest, -REACH)
    last = event.latest or shifted(event.earliest, REACH)
    from_day, to_day = shifted(first, -1), shifted(last, 1)
    begins = Q(earliest__range=(shifted(first, -REACH), to_day)) & (Q(latest__gte=from_day) | Q(latest=None))
    ends = Q(latest__range=(from_day, shifted(last, REACH))) & (Q(earliest__lte=to_day) | Q(earliest=None))
    return begins | ends


def shifted(day: date | None, days: int) -> date:
    """The day so many days later, within what the calendar has."""
    number = (day or date.min).toordinal() + days
    return date.fromordinal(min(max(number, 1), date.max.toordinal()))
