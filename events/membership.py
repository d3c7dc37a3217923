"""Who belongs to an actor, and when: the actors that are, at first or at second hand, its members or parts."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from events.choices import LinkKind
from events.models import ActorLink

BELONGING = (LinkKind.MEMBER_OF, LinkKind.PART_OF)


class Days(NamedTuple):
    """The days from one to another, both included; an end that is none is open."""

    first: date | None
    last: date | None

    def within(self, other: "Days") -> bool:
        """Whether the other holds all of these days."""
        starts = other.first is None or (self.first is not None and other.first <= self.first)
        return starts and (other.last is None or (self.last is not None and self.last <= other.last))

    def common(self, other: "Days") -> "Days | None":
        """The days that both have; none where there is no such day."""
        first = max(filter(None, (self.first, other.first)), default=None)
        last = min(filter(None, (self.last, other.last)), default=None)
        return None if first and last and first > last else Days(first, last)


ALWAYS = Days(None, None)


def belonging(actors: Iterable[int]) -> dict[Days, list[int]]:
    """The actors that belong to one of these, by the days on which they may do so; these themselves always.

    Who belongs by way of others does so on the days on which every link of the way may hold.
    """
    found: dict[int, list[Days]] = {key: [ALWAYS] for key in actors}
    links, waiting = links_by_whole(), [(key, ALWAYS) for key in found]
    while waiting:
        whole, days = waiting.pop()
        for part, held in links[whole]:
            common = days.common(held)
            known = found.setdefault(part, [])
            if common is None or any(common.within(other) for other in known):
                continue
            known[:] = [*(other for other in known if not other.within(common)), common]
            waiting.append((part, common))
    by_days: dict[Days, list[int]] = defaultdict(list)
    for key, known in found.items():
        for days in known:
            by_days[days].append(key)
    return dict(by_days)


def links_by_whole() -> dict[int, list[tuple[int, Days]]]:
    """For each actor those that are linked to it as members or parts, and when; in one query."""
    links: dict[int, list[tuple[int, Days]]] = defaultdict(list)
    rows = ActorLink.objects.filter(kind__in=BELONGING).order_by("pk")
    for part, whole, first, last in rows.values_list("actor", "other", "earliest", "latest"):
        links[whole].append((part, Days(first, last)))
    return links
