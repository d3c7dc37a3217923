"""Sources, actors and sites as STIX objects: identities and locations."""

from typing import Any

from events.choices import ActorKind, SiteKind
from events.models import Actor, Site
from osint.bundle import values
from osint.standards.flat import name_of
from osint.standards.stix.objects import Object, extended, identity, made
from sources.models import Source

CLASSES = {
    ActorKind.STATE: "organization",
    ActorKind.FORCE: "organization",
    ActorKind.AUTHORITY: "organization",
    ActorKind.AGENCY: "organization",
    ActorKind.CIVILIANS: "class",
    ActorKind.UNKNOWN: "unknown",
}


def fields(model: Any, records: list[Any]) -> dict[int, dict[str, Any]]:
    """The fields of these records as they travel, with their slugs."""
    found = values.natural(model, [record.pk for record in records])
    return {record.pk: {"slug": record.slug, **found[record.pk]} for record in records}


def source_id(slug: str) -> str:
    """The id of a source."""
    return identity("identity", "source", slug)


def actor_id(slug: str) -> str:
    """The id of an actor."""
    return identity("identity", "actor", slug)


def site_id(slug: str) -> str:
    """The id of a site."""
    return identity("location", "site", slug)


def sources(records: list[Source]) -> list[Object]:
    """Sources as identities."""
    told = fields(Source, records)
    return [
        made(
            "identity",
            source_id(one.slug),
            one,
            name=name_of(one),
            identity_class="organization",
            description=one.note,
            extensions=extended(source=told[one.pk]),
        )
        for one in records
    ]


def actors(records: list[Actor]) -> list[Object]:
    """Actors as identities."""
    told = fields(Actor, records)
    return [
        made(
            "identity",
            actor_id(one.slug),
            one,
            name=name_of(one),
            identity_class=CLASSES.get(ActorKind(one.kind), "group"),
            description=one.note,
            extensions=extended(actor=told[one.pk]),
        )
        for one in records
    ]


def country_of(lineage: list[Site]) -> str:
    """The code of the country in which a site lies, the narrowest site first."""
    return next((str(one.pcode)[:2] for one in lineage if one.kind == SiteKind.COUNTRY), "")


def locations(lineages: list[list[Site]]) -> list[Object]:
    """Sites as locations, each given with what it lies in.

    One that has neither a point nor a country is none to STIX; it stands in the extension of its incident alone.
    """
    told = fields(Site, [lineage[0] for lineage in lineages])
    return [location(one, told) for one in lineages if is_location(one)]


def is_location(lineage: list[Site]) -> bool:
    """Whether STIX takes it for a location."""
    return lineage[0].latitude is not None or bool(country_of(lineage))


def location(lineage: list[Site], told: dict[int, dict[str, Any]]) -> Object:
    """One site; a point is as precise as we know, in metres."""
    one = lineage[0]
    area = next((name_of(above) for above in lineage if above.kind == SiteKind.GOVERNORATE), "")
    point = {"latitude": one.latitude, "longitude": one.longitude}
    precise = float(one.precision_m) if one.precision_m is not None else None
    return made(
        "location",
        site_id(one.slug),
        one,
        name=name_of(one),
        **point,
        precision=precise,
        country=country_of(lineage),
        administrative_area=area,
        extensions=extended(site=told[one.pk]),
    )
