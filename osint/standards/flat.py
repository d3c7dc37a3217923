"""An event as tables of the field want it: one place with what it lies in, two sides, one number of dead.

What tables have no room for is left out here, and told of in docs/formats.md.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from events.choices import ActorKind, ActorRole, SiteKind, SiteRole
from events.models import Actor, Count, Event, Site

KILLED = "killed"
# Where an event took place, rather than what it passed through.
WHERE: list[str] = [
    SiteRole.AT,
    SiteRole.NEAR,
    SiteRole.OVER,
    SiteRole.TO,
    SiteRole.BETWEEN,
    SiteRole.VIA,
    SiteRole.FROM,
]
EXACT, AROUND = 5_000, 25_000  # metres: a radius up to which a point is the place itself, or its surroundings
STATE = {ActorKind.STATE, ActorKind.FORCE, ActorKind.COALITION, ActorKind.AUTHORITY, ActorKind.AGENCY}
CIVIL = {ActorKind.CIVILIANS}
Sites = dict[str, Site]


@dataclass(frozen=True, slots=True)
class Dead:
    """A number of dead: at least, best, at most."""

    low: int = 0
    best: int = 0
    high: int = 0

    def __add__(self, other: "Dead") -> "Dead":
        return Dead(self.low + other.low, self.best + other.best, self.high + other.high)


@dataclass(frozen=True)
class Flat:
    """One event, with the sites that its own lie in at hand."""

    event: Event
    sites: Sites

    # When

    @property
    def first(self) -> date | None:
        """The first day on which it may have happened; the last where that end is open."""
        return self.event.earliest or self.event.latest

    @property
    def last(self) -> date | None:
        """The last day on which it may have happened; the first where that end is open."""
        return self.event.latest or self.event.earliest

    @property
    def days(self) -> int:
        """How many days there are from the first to the last."""
        return (self.last - self.first).days + 1 if self.first and self.last else 0

    # Where

    @cached_property
    def site(self) -> Site | None:
        """The place that stands for the event."""
        placed = list(self.event.placements.all())
        return min(placed, key=lambda one: WHERE.index(one.role)).site if placed else None

    @cached_property
    def is_beside(self) -> bool:
        """Whether it was not said to have happened at that place, but somewhere around it."""
        roles = {one.role for one in self.event.placements.all() if one.site == self.site}
        return SiteRole.AT not in roles

    @cached_property
    def within(self) -> list[Site]:
        """The place and all that it lies in, the narrowest first."""
        return [self.sites[slug] for slug in reversed(slugs(self.site))] if self.site else []

    def level(self, *kinds: str) -> str:
        """The name of what it lies in that is of one of these kinds; nothing where that is not known."""
        return next((name_of(one) for one in self.within if one.kind in kinds), "")

    @cached_property
    def country(self) -> Site | None:
        """The country."""
        return next((one for one in self.within if one.kind == SiteKind.COUNTRY), None)

    @cached_property
    def point(self) -> Site | None:
        """The place, or the narrowest that holds it, that has a point."""
        return next((one for one in self.within if one.latitude is not None), None)

    # Who

    def in_role(self, *roles: str) -> list[Actor]:
        """The actors in these parts, in the order of the event."""
        return [one.actor for one in self.event.involvements.all() if one.role in roles]

    @cached_property
    def sides(self) -> tuple[list[Actor], list[Actor]]:
        """Who acts with their partners, and against whom.

        Where only some act and nobody is their target, the second of those who act is the other side.
        """
        acting, partners = self.in_role(ActorRole.ACTS), self.in_role(ActorRole.PARTNER)
        against = self.in_role(ActorRole.TARGET) + self.in_role(ActorRole.AFFECTED)
        if not against and len(acting) > 1:
            acting, against = acting[:1], acting[1:]
        return [*acting, *partners], against

    @property
    def harms_civilians(self) -> bool:
        """Whether civilians are among those against whom it goes."""
        return any(actor.kind in CIVIL for actor in self.sides[1])

    # How many

    @cached_property
    def killed(self) -> list[Count]:
        """The rows that count dead."""
        return [count for count in self.event.counts.all() if count.measure.slug == KILLED]


def name_of(named: Any) -> str:
    """A name as tables have it: English where there is one."""
    return str(named.name_en or named.name_ar)


def dead(counts: Iterable[Count]) -> Dead:
    """The sum of these counts; a bound that is not known is the best figure, and words are no number."""
    total = Dead()
    for count in counts:
        known = [figure for figure in (count.best, count.low, count.high) if figure is not None]
        if known:
            low = count.low if count.low is not None else known[0]
            total += Dead(low, known[0], count.high if count.high is not None else known[0])
    return total


def slugs(site: Site | None) -> list[str]:
    """The slugs on the way from the root of the tree to a site."""
    return site.path.strip("/").split("/") if site else []


def flat(events: Iterable[Event]) -> list[Flat]:
    """These events, in one query for whatever their sites lie in."""
    some = list(events)
    wanted = {slug for event in some for placed in event.placements.all() for slug in slugs(placed.site)}
    sites = Site.objects.in_bulk(wanted, field_name="slug")
    return [Flat(event, sites) for event in some]
