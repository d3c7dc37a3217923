"""A STIX bundle as records: what carries our extension as it was, other reports and incidents as far as we have words.

What others wrote is taken as a draft that says where it is from: no fact of it is *stated*, as nobody has read a report
for it here yet.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from events.models import Actor, Citation, Claim, Count, Event, EventType, Involvement, Measure, Placement, Site
from osint.base.record import Record
from osint.base.text import shown
from osint.bundle import strict
from osint.bundle.contents import key_field
from osint.bundle.entries import Entry, Refusal
from osint.standards.stix.objects import OURS, Object, whole
from sources.models import Relay, Report, Source

MOST = 50_000_000  # bytes
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
ID = re.compile(r"([a-z0-9-]+)--([0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12})")
Objects = dict[str, Object]
ONE: dict[str, type[Record]] = {"source": Source, "actor": Actor, "site": Site}
LISTS: dict[str, type[Record]] = {"event_types": EventType, "measures": Measure, "sites": Site}
FACTS: dict[str, type[Record]] = {"placements": Placement, "involvements": Involvement, "counts": Count}


def objects(path: Path) -> Objects:
    """The objects of a bundle by their ids, in their order; ``Refusal`` where it is none."""
    if path.stat().st_size > MOST:
        sentence = _("%(file)s has more than %(most)s bytes. Cut it into several bundles.")
        raise Refusal(sentence % {"file": path.name, "most": f"{MOST:,}"})
    told = strict.read(path.read_bytes(), path.name)
    found: Objects = {}
    if not (isinstance(told, dict) and told.get("type") == "bundle" and isinstance(told.get("objects"), list)):
        raise Refusal(_("%(file)s is no bundle of STIX 2.1: it has no list of objects.") % {"file": path.name})
    for number, one in enumerate(told["objects"], 1):
        where = f"object {number}"
        if not (isinstance(one, dict) and isinstance(one.get("id"), str) and (kind := ID.fullmatch(one["id"]))):
            raise Refusal(_("%(where)s has no id as STIX 2.1 has them.") % {"where": where})
        if kind[1] != one.get("type"):
            sentence = _("%(where)s: id “%(id)s” is not that of a “%(type)s”.")
            raise Refusal(sentence % {"where": where, "id": one["id"], "type": shown(str(one.get("type")))})
        # Of several versions the last one counts.
        if one["id"] not in found or str(one.get("modified", "")) >= str(found[one["id"]].get("modified", "")):
            found[one["id"]] = one
    return found


def uuid_of(one: Object) -> str:
    """The UUID in the id of an object."""
    return str(one["id"]).partition("--")[2]


def ours(one: Object) -> dict[str, Any] | None:
    """Our extension of an object, where it has one."""
    extensions = one.get("extensions")
    found = extensions.get(OURS) if isinstance(extensions, dict) else None
    return found if isinstance(found, dict) else None


# What carries our extension


class Ours:
    """The records in our extension of one object."""

    def __init__(self, one: Object) -> None:
        self.where = str(one["id"])
        self.identity = uuid_of(one)
        self.told: Mapping[str, Any] = ours(one) or {}
        self.kind = one["type"]

    def entries(self) -> Iterator[Entry]:
        """All of them."""
        for name in ONE.keys() & self.told.keys():
            yield self.record(ONE[name], self.told[name])
        for name, model in LISTS.items():
            for row in self.rows(self.told, name):
                yield self.record(model, row)
        if self.kind == "report":
            yield from self.report()
        if self.kind == "incident":
            yield from self.incident()

    def report(self) -> Iterator[Entry]:
        """A report and whom it passes on."""
        yield self.record(Report, self.told.get("report"), uuid=self.identity)
        for row in self.rows(self.told, "relays"):
            yield self.record(Relay, row, report=[self.identity])

    def incident(self) -> Iterator[Entry]:
        """An event with its facts, citations and claims."""
        yield self.record(Event, self.told.get("event"), uuid=self.identity)
        for name, model in FACTS.items():
            for row in self.rows(self.told, name):
                yield self.record(model, row, event=[self.identity])
        for cited in self.rows(self.told, "citations"):
            citation = self.record(Citation, cited, event=[self.identity])
            yield citation
            for row in self.rows(cited, "claims"):
                yield self.record(Claim, row, citation=[*citation.key])

    def rows(self, told: Any, name: str) -> list[Any]:
        """A list of records."""
        found = told.get(name, []) if isinstance(told, dict) else []
        if not isinstance(found, list):
            raise Refusal(f"{self.where}: {name} is no list of records.")
        return found

    def record(self, model: type[Record], row: Any, **more: Any) -> Entry:
        """One record, blank where STIX has no way to say so."""
        if not isinstance(row, dict):
            raise Refusal(f"{self.where}: a record of {model._meta.label_lower} is missing, or none.")
        fields, name = row | more, key_field(model)
        key = fields.get(name)
        if not isinstance(key, str) or not (is_uuid(key) if name == "uuid" else SLUG.fullmatch(key)):
            raise Refusal(f"{self.where}: {model._meta.label_lower} has no {name}, or none that is one.")
        return Entry(model, (key,), whole(model, fields), self.where)


def is_uuid(text: str) -> bool:
    """Whether it is a UUID as we write them."""
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False
