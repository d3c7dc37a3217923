"""What a site may lie within, proposed from its point, each time with the reason; a person accepts it, or not.

The governorate comes from its outline. Below it no outlines are at hand: a place that reaches around the point, and
what holds the nearest known place, are guesses, and say so.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from events.choices import SiteKind
from events.distance import point_of
from events.models import Site
from events.places import outlines
from events.places.geometry import Point
from events.places.nearby import REACH, holding, near
from events.querysets import SiteQuerySet
from osint.base.tree import below
from sources.templatetags.texts import distance

# What can hold what: a site lies within one of a lower number.
LEVELS = {
    SiteKind.COUNTRY: 0, SiteKind.GOVERNORATE: 1, SiteKind.DISTRICT: 2, SiteKind.SUBDISTRICT: 3, SiteKind.AREA: 4,
    SiteKind.CITY: 5, SiteKind.TOWN: 5, SiteKind.VILLAGE: 5, SiteKind.NEIGHBOURHOOD: 6,
}  # fmt: skip
LOWEST = 7
SETTLED = [SiteKind.CITY, SiteKind.TOWN, SiteKind.VILLAGE]
DRAWN = [SiteKind.DISTRICT, SiteKind.SUBDISTRICT]  # what offices have drawn; an area is as wide as its name is vague


@dataclass(frozen=True)
class Asked:
    """The site that a parent is looked for: its point, and as much of the rest as has been entered."""

    point: Point
    precision_m: int = 0
    kind: str = ""
    path: str = ""  # where the record stands already, if it is stored

    @property
    def level(self) -> int:
        """How far down such a site stands; unknown: at the bottom."""
        return LEVELS.get(SiteKind(self.kind), LOWEST) if self.kind else LOWEST

    def fits(self, site: Site) -> bool:
        """Whether that site may hold this one: of a higher kind, not within it, and not more exactly known than it."""
        return LEVELS.get(SiteKind(site.kind), LOWEST) < self.level and not (
            self.path and site.path.startswith(self.path)
        )


@dataclass(frozen=True)
class Proposal:
    """A site that may be the parent, and why."""

    site: Site
    why: str


def proposals(asked: Asked) -> list[Proposal]:
    """What the site may lie within, the nearest and so the least certain first, the governorate last."""
    governorate = of_outline(asked.point)
    if governorate is None or not asked.fits(governorate):
        return []
    inner = Site.objects.filter(below(governorate.path)).exclude(pk=governorate.pk)
    if asked.path:
        inner = inner.exclude(below(asked.path))
    found: dict[int, Proposal] = {}
    # The circle of a district reaches over its neighbours, so it is asked only where no town is near.
    nearby = list(beside(asked, inner)) or reaching(asked, inner.filter(kind__in=DRAWN))
    for proposal in [*reaching(asked, inner.filter(kind__in=SETTLED)), *nearby, outlined(asked, governorate)]:
        found.setdefault(proposal.site.pk, proposal)
    return list(found.values())


def of_outline(point: Point) -> Site | None:
    """The governorate whose outline holds the point, if it is among our sites."""
    pcode = outlines.around(point)
    return Site.objects.select_related("parent").filter(pcode=pcode).first() if pcode else None


def outlined(asked: Asked, governorate: Site) -> Proposal:
    """The governorate, and which others the radius reaches into."""
    codes = outlines.within_reach(asked.point, asked.precision_m) if asked.precision_m else []
    others = [str(site) for site in Site.objects.filter(pcode__in=codes).exclude(pk=governorate.pk).order_by("pcode")]
    values = {"site": isolated(governorate), "radius": distance(asked.precision_m)}
    if not others:
        return Proposal(governorate, _("The point lies inside the outline of %(site)s.") % values)
    values["others"] = " · ".join(map(isolated, others))
    sentence = _("The point lies inside the outline of %(site)s; its radius of %(radius)s reaches into: %(others)s.")
    return Proposal(governorate, sentence % values)


def reaching(asked: Asked, sites: SiteQuerySet) -> Iterator[Proposal]:
    """The smallest known place that reaches around the point."""
    for found in holding(sites, asked.point):
        if asked.fits(found.site) and (found.site.precision_m or 0) > asked.precision_m:
            values = {"away": distance(rounded(found.metres)), "radius": distance(found.site.precision_m or 0)}
            sentence = _("The point lies %(away)s from that of %(site)s, within its radius of %(radius)s.")
            yield Proposal(found.site, sentence % (values | {"site": isolated(found.site)}))
            return


def beside(asked: Asked, sites: SiteQuerySet) -> Iterator[Proposal]:
    """What holds the nearest known city, town or village."""
    for found in near(sites.filter(kind__in=SETTLED), asked.point, REACH):
        parent: Any = found.site.parent
        if parent is not None and asked.fits(parent):
            values = {"site": isolated(found.site), "away": distance(rounded(found.metres)), "parent": isolated(parent)}
            sentence = _("The nearest known town or village, %(site)s, is %(away)s away and lies within %(parent)s.")
            yield Proposal(parent, sentence % values)
            return


def doubts(asked: Asked, parent: Site | None) -> list[str]:
    """What does not fit: a point outside every outline, or a parent in another governorate than the point."""
    governorate = of_outline(asked.point)
    if governorate is None:
        return [outside(asked.point)] if asked.level > 1 else []
    above = {parent.slug, *parent.ancestor_slugs()} if parent else set()
    elsewhere = Site.objects.filter(slug__in=above, kind=SiteKind.GOVERNORATE).exclude(pk=governorate.pk).first()
    if elsewhere is None:
        return []
    values = {"parent": isolated(elsewhere), "outline": isolated(governorate)}
    return [_("It is entered within %(parent)s, and the point lies inside the outline of %(outline)s.") % values]


def outside(point: Point) -> str:
    """The sentence about a point in none of the outlines, and whether the two numbers were exchanged."""
    swapped = Point(point.longitude, point.latitude)
    other = of_outline(swapped) if swapped.is_whole else None
    if other is None:
        return _("The point lies in none of the outlines.")
    return _(
        "The point lies in none of the outlines. With latitude and longitude exchanged it would lie inside %(site)s."
    ) % {"site": isolated(other)}


def asked_of(site: Site) -> Asked | None:
    """The question for a stored site, where it has a point."""
    point = point_of(site)
    return Asked(point, site.precision_m or 0, site.kind, site.path) if point else None


def rounded(metres: float) -> int:
    """To hundreds of metres, or to metres where it is less than one hundred."""
    return int(round(metres, -2 if metres >= 100 else 0))


def isolated(name: object) -> str:
    """The name between marks that keep its direction of writing to itself, for a sentence in either language."""
    return f"\u2068{name}\u2069"
