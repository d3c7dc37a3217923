"""A row of a sheet as the records that it makes: an event with its facts, its citation, and a claim for each quote.

What is here already keeps its identity; what is new is given one that follows from the row, so that a sheet that is
sent twice makes nothing twice. Of what a row does not say nothing is said.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid5

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from events import provenance
from events.choices import ActorRole, CitationRole, Credibility, Facet, SiteRole
from events.models import Actor, Citation, Claim, Count, Event, EventType, Involvement, Measure, Placement, Site
from osint.base import written
from osint.base.errors import meant
from osint.base.record import Record
from osint.base.text import shown
from osint.bundle.entries import Entry
from osint.sheets import numbers
from osint.sheets.codes import Codes, Reports, is_uuid
from osint.sheets.columns import COUNT, IGNORED, QUOTE
from sources.choices import Tlp
from sources.models import Report
from sources.quotes import locate

OURS = UUID("5b6f3a0e-8d0c-5b7e-9a43-0d1f4f0f7c11")  # the root of the identities that follow from rows
LIST = re.compile(r"[;؛\n]")
SEVERAL = re.compile(r"(?<!\\)¦")
TEXTS = ("when_phrase", "summary_en", "summary_ar", "type_basis", "type_reason", "when_basis", "when_reason")
AS_TYPED = {"edtf", "day_in_digits", "month_in_digits"}  # dates that need no wording beside them


@dataclass(frozen=True)
class Problem:
    """What is wrong with a row: in which column, the value seen, and the way out."""

    row: int
    column: str
    value: str
    sentence: str

    def __str__(self) -> str:
        where = _("row %(row)d") % {"row": self.row}
        seen = f" {self.column}" if self.column else ""
        return f"{where}{seen}: {self.sentence}"


@dataclass
class Fact:
    """One fact of a row: its record, its value in a claim, and the stored fact, where there is the same."""

    facet: str
    claimed: dict[str, Any]
    holder: Any = None


@dataclass
class Known:
    """What is here and what a sheet names, read at once."""

    codes: Codes
    reports: Reports
    events: dict[str, Event]
    hidden: set[str] = field(default_factory=set)  # UUIDs that nobody may be told of


NOTHING = Known(Codes(), Reports((), None), {})


class Row:
    """One row, cell by cell; what is wrong with it is gathered, so that a person is told all of it at once."""

    def __init__(self, number: int, cells: dict[str, tuple[str, str]], known: Known) -> None:
        self.number, self.cells, self.known = number, cells, known
        self.problems: list[Problem] = []
        self.records: list[tuple[type[Record], str, dict[str, Any]]] = []
        self.facts: list[Fact] = []
        self.fresh: list[tuple[type[Record], str]] = []
        self.uuid = ""
        self.event: Event | None = None
        self.report: Report | None = None

    # Cells

    def text(self, column: str) -> str:
        """What stands in a column; blank where there is none."""
        return self.cells.get(column, ("", ""))[1]

    def wrong(self, column: str, sentence: str) -> None:
        """Remember what is wrong with a cell."""
        head, value = self.cells.get(column, (column, ""))
        problem = Problem(self.number, head, value, sentence)
        if problem not in self.problems:
            self.problems.append(problem)

    def tried(self, column: str, read: Callable[[], Any]) -> Any:
        """What is read from a cell; nothing where it cannot be, which is remembered."""
        try:
            return read()
        except ValidationError as error:
            self.wrong(column, " ".join(error.messages))
            return None

    def items(self, column: str) -> list[str]:
        """The things that are named in a cell."""
        return [part for cell in LIST.split(self.text(column)) if (part := cell.strip())]

    # Records

    def build(self) -> None:
        """Read the whole row, if it can be read; what it was read against is let go then."""
        if not self.problems:
            self.read()
        self.event, self.report, self.known = None, None, NOTHING
        self.facts.clear()

    def read(self) -> None:
        """Read what there is in the row."""
        self.uuid = self.identity()
        self.event = self.known.events.get(self.uuid)
        self.report = (
            self.tried("report", lambda: self.known.reports.of(self.text("report"))) if self.text("report") else None
        )
        if self.event is None and not self.text("report"):
            self.wrong("report", _("Name the report on which this rests: its UUID, its address or its title."))
        self.add_event()
        self.add_facts()
        if self.report is not None:
            self.add_citation(self.report)

    def identity(self) -> str:
        """The UUID of the event: as given, or as it follows from the row."""
        given = self.text("uuid")
        if given and not is_uuid(given):
            self.wrong("uuid", _("“%(value)s” is no UUID. Leave it blank for a new event.") % {"value": shown(given)})
        elif given and str(UUID(given)) in self.known.hidden:
            self.wrong("uuid", _("No event has this UUID. Leave it blank for a new one."))
        elif given:
            return str(UUID(given))
        said = {name: text for name, (_head, text) in sorted(self.cells.items()) if text and name != IGNORED}
        return str(uuid5(OURS, json.dumps(said, ensure_ascii=False)))

    def add(self, model: type[Record], stored: Any, name: str, fields: dict[str, Any]) -> str:
        """Add a record: a stored one under its identity, a new one under one that follows from its name."""
        key = str(stored.uuid) if stored is not None else str(uuid5(UUID(self.uuid), name))
        if stored is not None and self.is_fresh:
            self.fresh.append((model, key))
        self.records.append((model, key, fields))
        return key

    @property
    def is_fresh(self) -> bool:
        """Whether the event is still as it was when the sheet was written."""
        return self.event is not None and self.text("version") == str(self.event.version)

    def add_event(self) -> None:
        """The event itself."""
        fields: dict[str, Any] = {name: self.text(name) for name in TEXTS if self.is_said(name)}
        if self.is_said("type", needed=True):
            slug = self.tried("type", lambda: self.known.codes.of(EventType, self.needed("type")))
            fields["type"] = [slug]
            self.facts.append(Fact(Facet.WHAT, {"type": [slug]}, self.if_same("type", slug)))
        self.add_when(fields)
        if self.is_said("tlp"):
            fields["tlp"] = self.one_of("tlp", Tlp.values)
        elif self.event is None and self.report is not None:
            # What is said nothing of is no milder than where it is from.
            fields["tlp"] = self.report.tlp
        if self.is_said("is_aggregate"):
            fields["is_aggregate"] = self.one_of("is_aggregate", ["true", "false"]) == "true"
        if self.event is not None and self.is_fresh:
            self.fresh.append((Event, self.uuid))
        self.records.append((Event, self.uuid, fields))

    def is_said(self, column: str, *, needed: bool = False) -> bool:
        """Whether the row says something in a column: of an event that is here, a blank cell does."""
        is_there = column in self.cells
        return (
            bool(self.text(column))
            or (is_there and self.event is not None and not needed)
            or (needed and self.event is None)
        )

    def needed(self, column: str) -> str:
        """What stands in a column that must not be blank."""
        if not self.text(column):
            raise ValidationError(_("This must not be blank."))
        return self.text(column)

    def one_of(self, column: str, codes: list[str]) -> str:
        """One of these codes."""
        text = self.text(column)
        found = {code.lower(): code for code in codes}.get(text.lower().removeprefix("tlp:"))
        if found is None:
            said = {"value": shown(text), "codes": ", ".join(codes)}
            self.wrong(column, _("“%(value)s” is none of: %(codes)s.") % said + meant(text, codes))
        return found or ""

    def add_when(self, fields: dict[str, Any]) -> None:
        """The date, as people write it."""
        if not self.is_said("when"):
            return
        published = self.report.published_on if self.report else None
        found = self.tried("when", lambda: written.read(self.text("when"), published)) if self.text("when") else None
        fields["when"] = found.edtf if found else ""
        if found is None:
            return
        if found.rule not in AS_TYPED and not fields.get("when_phrase"):
            fields["when_phrase"] = self.text("when")[:200]
        self.facts.append(Fact(Facet.WHEN, {"when": found.edtf}, self.if_same("when", found.edtf)))

    def if_same(self, name: str, value: str) -> Event | None:
        """The event that is here, where it holds this."""
        if self.event is None:
            return None
        held = self.event.type.slug if name == "type" else self.event.when
        return self.event if held == value else None

    def add_facts(self) -> None:
        """Where, who and how many."""
        kinds: tuple[tuple[Any, Any, Any, str, str], ...] = (
            (Placement, SiteRole, Site, "site", Facet.WHERE),
            (Involvement, ActorRole, Actor, "actor", Facet.WHO),
        )
        for model, roles, named, name, facet in kinds:
            for role in roles.values:
                for item in self.items(role):
                    slug = self.tried(role, lambda named=named, item=item: self.known.codes.of(named, item))  # type: ignore[misc]
                    if slug:
                        self.add_named(model, facet, name, slug, role)
        for column in sorted(self.cells):
            if column.startswith(f"{COUNT} ") and self.text(column):
                self.add_count(column)

    def held(self, model: Any) -> list[Any]:
        """The facts of this kind that the event holds."""
        relation = {Placement: "placements", Involvement: "involvements", Count: "counts"}[model]
        return list(getattr(self.event, relation).all()) if self.event else []

    def add_named(self, model: Any, facet: str, name: str, slug: str, role: str) -> None:
        """A place or an actor, in its role."""
        stored = next((one for one in self.held(model) if (getattr(one, name).slug, one.role) == (slug, role)), None)
        fields = {"event": [self.uuid], name: [slug], "role": role} | self.position(stored)
        self.add(model, stored, f"{name} {slug} {role}", fields)
        self.facts.append(Fact(facet, {name: [slug], f"{name}_role": role}, stored))

    def position(self, stored: Any) -> dict[str, int]:
        """Where a new fact stands among the others."""
        return {} if stored is not None else {"position": len(self.facts)}

    def add_count(self, column: str) -> None:
        """A number of something."""
        thing, whose, label = ([part.strip() for part in column[len(COUNT) :].split("/", 2)] + ["", ""])[:3]
        number = self.tried(column, lambda: numbers.read(self.text(column)))
        measure = self.tried(column, lambda: self.known.codes.of(Measure, thing))
        party = self.tried(column, lambda: self.known.codes.of(Actor, whose)) if whose else None
        if number is None or measure is None:
            return
        what = (measure, party, label)
        stored = next((one for one in self.held(Count) if counted(one) == what), None)
        said = number | {"measure": [measure], "party": [party] if party else None, "label": label}
        fields = {"event": [self.uuid]} | said | self.position(stored)
        self.add(Count, stored, f"count {measure} {party} {label}", fields)
        same = stored is not None and all(getattr(stored, name) == value for name, value in number.items())
        self.facts.append(Fact(Facet.HOW_MANY, said, stored if same else None))

    # What the report says

    def add_citation(self, report: Report) -> None:
        """The report's part in the event, and its words."""
        cited = list(self.event.citations.all()) if self.event else []
        stored = next((one for one in cited if one.report_id == report.pk), None)
        fields: dict[str, Any] = {"event": [self.uuid], "report": [str(report.uuid)]}
        if self.text("report_role"):
            fields["role"] = self.one_of("report_role", CitationRole.values)
        if self.text("credibility"):
            digits = [str(digit) for digit in Credibility.values]
            fields["credibility"] = int(self.one_of("credibility", digits) or 0)
        citation = self.add(Citation, stored, f"citation {report.uuid}", fields)
        claims = list(stored.claims.all()) if stored else []
        for fact, quote in self.worded(report):
            if not any(one.quote == quote and is_said_by(one, fact) for one in claims):
                self.add_claim(report, citation, fact, quote)

    def worded(self, report: Report) -> Iterator[tuple[Fact, str]]:
        """Each fact with the words that say it; a report without a text says it without words."""
        if not report.text:
            yield from ((fact, "") for fact in self.facts)
            return
        some = False
        for facet in Facet.values:
            own = [fact for fact in self.facts if fact.facet == facet]
            for fact, quote in zip(own, self.quotes(facet, len(own)), strict=True):
                if quote:
                    some = True
                    yield fact, quote
        if not some and self.event is None and not self.problems:
            self.wrong(QUOTE, _("Quote the words of the report on which this rests."))

    def quotes(self, facet: str, number: int) -> list[str]:
        """The words for each fact of a facet: one for all, or as many as there are facts."""
        column = f"{QUOTE} {facet}" if self.text(f"{QUOTE} {facet}") else QUOTE
        found = [part.strip().replace("\\¦", "¦") for part in SEVERAL.split(self.text(column))]
        if len(found) == 1:
            return found * number
        if len(found) != number and number:
            said = {"quotes": len(found), "facts": number}
            self.wrong(column, _("These are %(quotes)d quotes (between “¦”) for %(facts)d facts.") % said)
            return [""] * number
        return found[:number]

    def add_claim(self, report: Report, citation: str, fact: Fact, quote: str) -> None:
        """A claim: what the report says of a fact, in these words."""
        column = f"{QUOTE} {fact.facet}" if self.text(f"{QUOTE} {fact.facet}") else QUOTE
        place = self.tried(column, lambda: locate(quote, report.text)) if quote else (None, None)
        if place is None:
            return
        said = {"citation": [citation], "facet": fact.facet, "quote": quote, "start": place[0], "end": place[1]}
        name = json.dumps([fact.facet, fact.claimed, quote], ensure_ascii=False, default=str)
        self.add(Claim, None, f"claim {citation} {name}", said | fact.claimed)

    def entries(self) -> Iterator[Entry]:
        """The records of the row as an import takes them."""
        where = _("row %(row)d") % {"row": self.number}
        for model, key, fields in self.records:
            yield Entry(model, (key,), fields, where)


def counted(count: Count) -> tuple[str, str | None, str]:
    """What a count counts."""
    return count.measure.slug, count.party.slug if count.party else None, count.label


def is_said_by(claim: Claim, fact: Fact) -> bool:
    """Whether a claim that is here says the fact already."""
    return fact.holder is not None and provenance.agrees(claim, fact.facet, fact.holder)
