"""What events name: users, code lists, sources, places in four levels, actors. The same for one size, always."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, islice
from random import Random
from typing import Any

from django.contrib.auth.models import User
from django.core.management import call_command
from django.db.models import QuerySet

from benchmarks.generate.names import names
from benchmarks.generate.words import Piece, say
from events.models import Actor, EventType, Measure, Site
from sources.models import Source

GOVERNORATES, DISTRICTS = 14, 66
SEED = 5
WEST, SOUTH, EAST, NORTH = 35.8, 32.4, 42.2, 37.2
HUB_SHARE = 0.1


@dataclass(frozen=True)
class Known:
    """A record that texts name."""

    pk: int
    en: Piece
    ar: Piece

    def piece(self, language: str) -> Piece:
        """Its name in a text of this language."""
        return self.ar if language == "ar" else self.en


@dataclass(frozen=True)
class World:
    """All that events name, with how often each is named (as sums, for ``Random.choices``)."""

    sites: list[Known]
    site_weights: list[float]
    actors: list[Known]
    actor_weights: list[float]
    types: list[int]
    type_weights: list[float]
    measures: list[int]
    sources: list[int]
    users: list[int]


def falling(number: int, steepness: float = 0.7) -> list[float]:
    """Sums of weights that fall: the first is named often, the last rarely."""
    return list(accumulate((place + 3) ** -steepness for place in range(number)))


def make(size: int) -> World:
    """Write the records into an empty database; those who read and write the code lists come by the usual doors."""
    call_command("loaddata", "taxonomy", "sources", verbosity=0)
    User.objects.create_superuser("bench", password=None, is_staff=True)
    make_sites(min(5_000, max(100, size)))
    make_actors(min(500, max(20, size // 20)))
    return read()


def read() -> World:
    """What was written."""
    sites = known(Site.objects.filter(parent__isnull=False))
    Random(SEED).shuffle(sites)
    actors = known(Actor.objects.all())
    # The first actor has a share of its own; the others' weights fall.
    others = falling(len(actors) - 1)
    hub = others[-1] * HUB_SHARE / (1 - HUB_SHARE)
    types = list(EventType.objects.order_by("pk").values_list("pk", flat=True))
    Random(SEED).shuffle(types)
    return World(
        sites=sites,
        site_weights=falling(len(sites)),
        actors=actors,
        actor_weights=[hub, *(weight + hub for weight in others)],
        types=types,
        type_weights=falling(len(types)),
        measures=list(Measure.objects.order_by("pk").values_list("pk", flat=True)),
        sources=list(Source.objects.order_by("pk").values_list("pk", flat=True)),
        users=list(User.objects.order_by("pk").values_list("pk", flat=True)),
    )


def known(records: QuerySet[Any]) -> list[Known]:
    """The records as texts name them."""
    rows = records.order_by("pk").values_list("pk", "name_en", "name_ar")
    return [Known(pk, say(english), say(arabic)) for pk, english, arabic in rows]


def write(records: list[Any]) -> list[Any]:
    """The records, written past the history, with their derived columns."""
    for record in records:
        record.derive()
    return QuerySet(type(records[0])).bulk_create(records, batch_size=1_000)


def make_actors(number: int) -> None:
    """Armed groups; the first is the one of every tenth event."""
    titles = islice(names(5), number)
    write(
        [Actor(slug=english.lower(), name_en=english, name_ar=arabic, kind="armed_group") for english, arabic in titles]
    )


def make_sites(number: int) -> None:
    """A country, its governorates, their districts, and places."""
    lot, titles = Random(SEED), names(4)
    country = write([site(next(titles), "country", None, point(lot, WEST, SOUTH, EAST, NORTH), 400_000)])
    governorates = write([*below(country, GOVERNORATES, "governorate", titles, lot, 60_000)])
    districts = write([*below(governorates, min(DISTRICTS, number // 3), "district", titles, lot, 15_000)])
    places = number - len(country) - len(governorates) - len(districts)
    write([*below(districts, places, "village", titles, lot, 500)])


def below(
    parents: list[Site], number: int, kind: str, titles: Iterator[tuple[str, str]], lot: Random, metres: int
) -> Iterator[Site]:
    """So many places of one kind, each within one of the parents and near to it."""
    for place in range(number):
        parent = parents[place % len(parents)]
        reach = (parent.precision_m or 0) / 200_000
        x, y = parent.longitude or 0, parent.latitude or 0
        yield site(next(titles), kind, parent, point(lot, x - reach, y - reach, x + reach, y + reach), metres)


def point(lot: Random, west: float, south: float, east: float, north: float) -> tuple[float, float]:
    """A point within these bounds."""
    return round(lot.uniform(south, north), 5), round(lot.uniform(west, east), 5)


def site(title: tuple[str, str], kind: str, parent: Site | None, at: tuple[float, float], metres: int) -> Site:
    """A place."""
    (english, arabic), (latitude, longitude) = title, at
    return Site(
        slug=english.lower(), name_en=english, name_ar=arabic, kind=kind, parent=parent, latitude=latitude,
        longitude=longitude, precision_m=metres,
    )  # fmt: skip
