"""Reports and incidents that others wrote in STIX, as records of ours: what can be said, and no more."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid5

from django.core.exceptions import ValidationError

from events.choices import ActorKind, ActorRole, SiteKind, SiteRole
from events.models import Actor, Citation, Event, EventType, Involvement, Placement, Site
from osint.bundle.entries import Entry
from osint.standards.ged.identity import mark, slug_of
from osint.standards.stix.objects import ROOT, TLP_OF, Object
from osint.standards.stix.reading import Objects, Ours, ours, uuid_of
from sources.addresses import check_url
from sources.choices import SourceKind, Tlp
from sources.models import Report, Source

KIND = "reported-incident"
ASSUMED = 10_000  # metres, where a point comes without its precision
NOT_JUDGED = "Nobody has judged it here yet: it is named in a bundle of STIX."
# TLP 1.0, which older files have.
TLP_1 = {
    "marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9": Tlp.CLEAR,
    "marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da": Tlp.GREEN,
    "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82": Tlp.AMBER,
    "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed": Tlp.RED,
}
WHO = {"identity", "threat-actor", "intrusion-set"}
ROLES = {"attributed-to": ActorRole.ACTS, "targets": ActorRole.TARGET, "impacts": ActorRole.AFFECTED}
CLASSES = {"class": ActorKind.OTHER, "organization": ActorKind.OTHER, "group": ActorKind.ARMED_GROUP}
LONGEST_TAG = 8
DAY = re.compile(r"(\d{4}-\d{2}-\d{2})T")
Fields = dict[str, Any]


def entries(found: Objects) -> Iterator[Entry]:
    """The records of all objects of a bundle that we have words for."""
    bundle = Foreign(found)
    told: dict[tuple[Any, tuple[str, ...]], Fields] = {}
    for one in found.values():
        if ours(one) is not None:
            # What several objects tell alike comes once; what they tell differently is refused by whoever plans.
            yield from (entry for entry in Ours(one).entries() if is_news(entry, told))
    for one in found.values():
        if ours(one) is None and one["type"] in {"report", "incident"}:
            yield from bundle.report(one) if one["type"] == "report" else bundle.incident(one)


def is_news(entry: Entry, told: dict[tuple[Any, tuple[str, ...]], Fields]) -> bool:
    """Whether it was not told yet, just so."""
    return told.setdefault((entry.model, entry.key), entry.fields) is entry.fields or (
        told[entry.model, entry.key] != entry.fields
    )


def text_of(one: Object, name: str, most: int = 5_000) -> str:
    """A text of an object; nothing where it has none."""
    found = one.get(name)
    return found[:most] if isinstance(found, str) else ""


def line_of(one: Object, name: str, most: int = 200) -> str:
    """The same in one line."""
    return " ".join(text_of(one, name).split())[:most]


def language_of(one: Object) -> str:
    """Its language: the whole tag where there is room for it, else what it begins with."""
    tag = text_of(one, "lang") or "en"
    return tag if len(tag) <= LONGEST_TAG else tag.partition("-")[0][:LONGEST_TAG]


def tlp_of(one: Object) -> str:
    """Its mark; what bears none that we know, nobody has said that everybody may see."""
    marks = one.get("object_marking_refs")
    known = (
        [TLP_OF.get(ref) or TLP_1.get(ref) for ref in marks if isinstance(ref, str)] if isinstance(marks, list) else []
    )
    return str(max(filter(None, known), key=list(Tlp.values).index, default=Tlp.AMBER))


def day_of(one: Object, *names: str) -> str:
    """The day of the first of these moments that it has."""
    found = (DAY.match(text_of(one, name)) for name in names)
    return next((match[1] for match in found if match), "")


class Foreign:
    """A bundle by others, on its way to records; each of them comes once."""

    def __init__(self, found: Objects) -> None:
        self.found = found
        self.named: set[str] = set()
        self.relationships: dict[str, list[Object]] = {}
        for one in found.values():
            if one["type"] == "relationship":
                self.relationships.setdefault(text_of(one, "source_ref"), []).append(one)
        self.citing: dict[str, list[Object]] = {}
        for one in found.values():
            refs = one.get("object_refs")
            for ref in refs if one["type"] == "report" and isinstance(refs, list) else ():
                self.citing.setdefault(str(ref), []).append(one)

    def once(self, model: Any, slug: str, where: str, **fields: Any) -> Iterator[Entry]:
        """A record of a list, unless it came already or is here."""
        if slug not in self.named:
            self.named.add(slug)
            if not model._default_manager.filter(slug=slug).exists():
                yield Entry(model, (slug,), fields, where)

    def slug(self, one: Object) -> str:
        """The slug of what is named: that of our extension, or one of its name and id."""
        told = ours(one) or {}
        for name in ("source", "actor", "site"):
            if isinstance(told.get(name), dict) and isinstance(told[name].get("slug"), str):
                return str(told[name]["slug"])
        return f"stix-{slug_of(line_of(one, 'name'))}-{mark(one['id'])}"

    # Reports

    def report(self, one: Object) -> Iterator[Entry]:
        """A report: its description as the text, and who made it as the source."""
        source = yield from self.source(one)
        text = text_of(one, "description", 1_000_000)
        url = self.url(one)
        title = line_of(one, "name", 500) or one["id"]
        day = day_of(one, "published", "created")
        note = "The moment that STIX gives as published, in UTC."
        fields: Fields = {"title": title, "text": text or ("" if url else title), "url": url, "source": [source]}
        fields |= {"language": language_of(one), "published_on": day, "published_note": note}
        yield Entry(Report, (uuid_of(one),), fields | {"tlp": tlp_of(one)}, one["id"])

    def source(self, one: Object) -> Any:
        """Who made an object."""
        maker = self.found.get(text_of(one, "created_by_ref"))
        slug = self.slug(maker) if maker else "stix-unnamed"
        if maker is None or ours(maker) is None:
            name = line_of(maker, "name") if maker else "Unnamed source of STIX"
            judged = {"reliability": "F", "reliability_reason": NOT_JUDGED, "kind": SourceKind.OTHER}
            yield from self.once(Source, slug, one["id"], name_en=name or slug, **judged)
        return slug

    def url(self, one: Object) -> str:
        """The first address that can be opened."""
        references = one.get("external_references")
        for reference in references if isinstance(references, list) else ():
            url = reference.get("url") if isinstance(reference, dict) else None
            try:
                check_url(url or "")
            except ValidationError:
                continue
            if isinstance(url, str) and 0 < len(url) <= 2_000:
                return url
        return ""

    # Incidents

    def incident(self, one: Object) -> Iterator[Entry]:
        """An incident: a draft of a kind that says that nobody has said its kind."""
        about = "An incident as another system tells of it in STIX, of a kind that nobody has said yet."
        yield from self.once(EventType, KIND, one["id"], name_en="Reported incident", definition=about)
        name, text = line_of(one, "name", 500), text_of(one, "description", 4_000)
        first, last = day_of(one, "first_seen"), day_of(one, "last_seen")
        when = f"{first}/{last}" if first and last and first < last else first
        reason = self.reason(one)
        fields: Fields = {"type": [KIND], "type_basis": "inferred", "type_reason": reason, "when": when}
        fields |= {"summary_en": ": ".join(filter(None, (name, text))) or one["id"], "tlp": tlp_of(one)}
        if when:
            fields |= {"when_basis": "inferred", "when_reason": reason}
        yield Entry(Event, (uuid_of(one),), fields, one["id"])
        for related in self.relationships.get(one["id"], []):
            yield from self.related(one, related)
        for report in self.citing.get(one["id"], []):
            key = str(uuid5(ROOT, f"citation {one['id']} {report['id']}"))
            yield Entry(Citation, (key,), {"event": [uuid_of(one)], "report": [uuid_of(report)]}, report["id"])

    @staticmethod
    def reason(one: Object) -> str:
        """Why we hold what a bundle says."""
        return f"Taken over from STIX: {one['id']}."

    def related(self, one: Object, related: Object) -> Iterator[Entry]:
        """Where it happened, or who had a part in it."""
        target = self.found.get(text_of(related, "target_ref"))
        of: Fields = {"event": [uuid_of(one)], "basis": "inferred", "reason": self.reason(related)}
        if target is None:
            return
        if target["type"] == "location":
            slug = yield from self.site(target)
            yield Entry(Placement, (uuid_of(related),), of | {"site": [slug], "role": SiteRole.AT}, related["id"])
        elif target["type"] in WHO:
            slug = yield from self.actor(target)
            role = ROLES.get(text_of(related, "relationship_type"), ActorRole.MENTIONED)
            yield Entry(Involvement, (uuid_of(related),), of | {"actor": [slug], "role": role}, related["id"])

    def actor(self, one: Object) -> Any:
        """Somebody who has a part in an incident."""
        slug = self.slug(one)
        if ours(one) is None:
            kind = CLASSES.get(text_of(one, "identity_class"), ActorKind.UNKNOWN)
            note = text_of(one, "description")
            name = line_of(one, "name") or slug
            yield from self.once(Actor, slug, one["id"], name_en=name, kind=kind, note=note)
        return slug

    def site(self, one: Object) -> Any:
        """A location; a point without a precision gets one that says that it was assumed."""
        slug = self.slug(one)
        if ours(one) is None:
            latitude, longitude, precise = (one.get(name) for name in ("latitude", "longitude", "precision"))
            has_point = is_number(latitude) and is_number(longitude)
            note = f"From STIX: {one['id']}."
            fields: Fields = {"name_en": line_of(one, "name") or line_of(one, "country") or slug, "kind": SiteKind.AREA}
            if has_point:
                radius = max(1, round(precise)) if isinstance(precise, int | float) and is_number(precise) else ASSUMED
                fields |= {"latitude": latitude, "longitude": longitude, "precision_m": radius}
                note += "" if is_number(precise) else " Its precision was not told; ten kilometres are assumed."
            country = Site.objects.filter(kind=SiteKind.COUNTRY, pcode=text_of(one, "country", 2).upper()).first()
            fields |= {"parent": [country.slug] if country else None, "note": note, "namesake_note": note}
            yield from self.once(Site, slug, one["id"], **fields)
        return slug


def is_number(value: Any) -> bool:
    """Whether it is a number."""
    return isinstance(value, int | float) and not isinstance(value, bool)
