"""What rows of UCDP GED share, as records: types, measure, sources, articles, sides and places.

What is there already under its slug is taken as it is: the data set names it, and knows no better what it is.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from events.choices import ActorKind, SiteKind
from events.models import Actor, EventType, Measure, Site
from osint.base.names import folded_name
from osint.base.record import Record
from osint.base.text import shown
from osint.bundle.entries import Entry
from osint.standards.countries import BY_CODE, BY_GW
from osint.standards.flat import slugs
from osint.standards.ged import identity
from osint.standards.ged.identity import CIVILIANS, KILLED, VIOLENCE, actor_slug, mark, slug_of, source_slug, uuid_of
from osint.standards.ged.places import RADII, kind_of
from osint.standards.ged.rows import Article, Row
from sources.models import Relay, Report, Source

Fields = dict[str, Any]
NOT_JUDGED = "Nobody has judged it here yet: it is named by UCDP GED."
LICENCE = "UCDP Georeferenced Event Dataset, Uppsala Conflict Data Program (Sundberg and Melander 2013), CC BY 4.0."
ABOUT_TYPES = {
    VIOLENCE: ("Organised violence", "", "", "Use of armed force by an organised actor, with at least one dead; UCDP."),
    "state-based-violence": (
        "State-based violence", "Battles", "Armed clash",
        "Armed force between two parties, of which one at least is the government of a state (UCDP, type 1).",
    ),
    "non-state-violence": (
        "Non-state violence", "Battles", "Armed clash",
        "Armed force between two organised groups, of which none is the government of a state (UCDP, type 2).",
    ),
    "one-sided-violence": (
        "One-sided violence", "Violence against civilians", "Attack",
        "Armed force by a state or an organised group against civilians (UCDP, type 3).",
    ),
}  # fmt: skip
LEVELS = {"6": 2, "4": 3, "3": 4}  # how many names a country, a province, a district has, its number included
SUFFIXES = (" governorate", " province", " district")


@dataclass
class Shared:
    """What was handed on of it so far, so that each record comes once."""

    relayed: dict[str, dict[str, str]]  # by the text of an article, those whom it passes on: slugs and names
    points: dict[tuple[str, ...], Fields]  # of countries, provinces and districts that stand for a place
    seen: set[tuple[type[Record], str]] = field(default_factory=set)
    levels: dict[tuple[str, ...], str] = field(default_factory=dict)  # slugs of countries, provinces and districts
    here: dict[type[Any], set[str]] = field(default_factory=dict)

    def entry(self, model: type[Record], key: str, where: str, **fields: Any) -> Iterator[Entry]:
        """The record, where it was not handed on yet."""
        if (model, key) not in self.seen:
            self.seen.add((model, key))
            yield Entry(model, (key,), fields, where)

    def named(self, model: type[Any], slug: str, where: str, **fields: Any) -> Iterator[Entry]:
        """A record of a list, where it was not handed on yet, and nobody has it under that slug."""
        if (model, slug) in self.seen:
            return
        self.seen.add((model, slug))
        if slug not in self.slugs_of(model):
            yield Entry(model, (slug,), fields, where)

    def slugs_of(self, model: type[Any]) -> set[str]:
        """The slugs that there were before, asked for once."""
        if model not in self.here:
            self.here[model] = set(model._default_manager.order_by().values_list("slug", flat=True))
        return self.here[model]

    # Lists

    def lists(self) -> Iterator[Entry]:
        """What every row needs."""
        where = "UCDP GED"
        for slug, (name, event_type, sub_event_type, definition) in ABOUT_TYPES.items():
            fields = {"name_en": name, "definition": definition, "parent": None if slug == VIOLENCE else [VIOLENCE]}
            acled = {"acled_event_type": event_type, "acled_sub_event_type": sub_event_type}
            yield from self.named(EventType, slug, where, **fields, **acled)
        yield from self.named(Measure, KILLED, where, name_en="Killed", unit="person")
        yield from self.named(Actor, CIVILIANS, where, name_en="Civilians", kind=ActorKind.CIVILIANS)
        yield from self.source("UCDP GED", where, kind="organisation", note=LICENCE)

    def source(self, name: str, where: str, kind: str = "other", note: str = "") -> Iterator[Entry]:
        """Who is named as a source."""
        slug = source_slug(name)
        judged = {"reliability": "F", "reliability_reason": NOT_JUDGED}
        yield from self.named(Source, slug, where, name_en=name[:200], kind=kind, note=note, **judged)

    def side(self, row: Row, side: str, where: str) -> Iterator[Entry]:
        """One of the two sides."""
        name, slug = row[f"side_{side}"], actor_slug(row, side)
        kind = ActorKind.STATE if name.startswith("Government of ") else ActorKind.ARMED_GROUP
        note = f"Actor {identity.number_of(slug)} of UCDP."
        yield from self.named(Actor, slug, where, name_en=name[:200], kind=kind, note=note)

    # Articles

    def article(self, article: Article, where: str) -> Iterator[Entry]:
        """An article, of which we have office, day and headline, and those whom it passes on."""
        key = uuid_of("article", article.text)
        if (Report, key) in self.seen:
            return
        yield from self.source(article.office, where)
        slug = source_slug(article.office)
        told = {"text": article.text, "title": shown(article.headline, 400), "published_on": article.day.isoformat()}
        note = "The day that UCDP GED gives for the article."
        yield from self.entry(Report, key, where, source=[slug], language="en", published_note=note, **told)
        behind = self.relayed.get(article.text, {})
        for other, name in sorted(behind.items()) if set(behind) != {slug} else ():
            yield from self.source(name, where)
            yield from self.relay(key, where, relayed_source=[other])

    def relay(self, report: str, where: str, **fields: Any) -> Iterator[Entry]:
        """Whom a report passes on."""
        [behind] = fields.get("relayed_source") or fields["relayed_report"]
        yield from self.entry(Relay, uuid_of("relay", report, behind), where, report=[report], **fields)

    # Places

    def place(self, row: Row, where: str) -> Iterator[Entry]:
        """The place of a row, and all that it lies in."""
        key = identity.place_key(row)
        if key in self.levels:
            return
        precision = row["where_prec"]
        above = ""
        for depth, kind in enumerate((SiteKind.COUNTRY, SiteKind.GOVERNORATE, SiteKind.DISTRICT)):
            names = (row["country_id"], row["country"], row["adm_1"], row["adm_2"])[: depth + 2]
            if names[-1]:
                above = yield from self.level(kind, names, above, where)
        if names_of_level(row):
            self.levels[key] = above
            return
        slug = self.levels[key] = f"ged-{slug_of(row['where_coordinates'])}-{mark(*key)}"
        told = {"kind": kind_of(row["where_coordinates"], precision), "parent": [above]} | point(row)
        note = f"As UCDP GED places it: {row['latitude']}, {row['longitude']}, where_prec {precision}."
        name = row["where_coordinates"][:200]
        yield from self.entry(Site, slug, where, name_en=name, note=note, namesake_note=note, **told)

    def level(self, kind: str, names: tuple[str, ...], above: str, where: str) -> Any:
        """A country, province or district: one that is here already, or a new one, at the point of a row about it."""
        if names not in self.levels:
            own = slug_of(names[1]) if kind == SiteKind.COUNTRY else f"ged-{slug_of(names[-1])}-{mark(*names)}"
            found = own if own in self.slugs_of(Site) else known(kind, names, above, own)
            self.levels[names] = found
            code = BY_GW.get(int(names[0]), "") if kind == SiteKind.COUNTRY else ""
            note = f"As UCDP GED names it: {', '.join(names[1:])}."
            fields = {"parent": [above] if above else None, "pcode": code, "note": note, "namesake_note": note}
            fields |= self.points.get(names, {})
            if found == own:
                yield from self.named(Site, own, where, name_en=names[-1][:200], kind=kind, **fields)
        return self.levels[names]


def known(kind: str, names: tuple[str, ...], above: str, own: str) -> str:
    """The slug of the site that is meant, where exactly one here can be; else our own for it."""
    if kind == SiteKind.COUNTRY:
        code = BY_GW.get(int(names[0]), "")
        found = Site.objects.filter(kind=kind, pcode=code) if code in BY_CODE else Site.objects.none()
    else:
        bare = folded_name(names[-1])
        for suffix in SUFFIXES:
            bare = bare.removesuffix(suffix)
        found = Site.objects.bearing([], [bare, folded_name(names[-1])]).filter(kind=kind)
        found = [one for one in found if above in slugs(one)]  # type: ignore[assignment]
    several = [one.slug for one in found]
    return several[0] if len(several) == 1 else own


def names_of_level(row: Row) -> tuple[str, ...] | None:
    """The country, province or district that the place of a row is itself, by number and names."""
    depth = LEVELS.get(row["where_prec"], 0)
    names = (row["country_id"], row["country"], row["adm_1"], row["adm_2"])[:depth]
    return names if names and names[-1] == row["where_coordinates"] else None


def read(rows: Iterable[Row]) -> Shared:
    """What the rows share: whom each article passes on, and where the centres of countries and provinces are.

    An article passes on the originals of all its rows, where its own office is none of them.
    """
    found = Shared({}, {})
    for row in rows:
        originals = {source_slug(name): name for name in row.originals}
        for article in row.articles:
            office = source_slug(article.office)
            of_row = {office: article.office} if office in originals else originals
            found.relayed.setdefault(article.text, {}).update(of_row)
        if names := names_of_level(row):
            found.points.setdefault(names, point(row))
    return found


def point(row: Row) -> Fields:
    """Where the place of a row is, and how precise that is."""
    radius = RADII[row["where_prec"]]
    return {"latitude": float(row["latitude"]), "longitude": float(row["longitude"]), "precision_m": radius}
