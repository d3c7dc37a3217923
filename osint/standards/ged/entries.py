"""Rows of UCDP GED as records: an event that rests on the row, which passes on the articles, which pass on others.

What the data set says of an event is the word of the data set: the claims quote the row. That an article is behind it
is what the row says too; so the article is a report that the row relays, and who saw it is whom the article relays.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from events.choices import ActorRole, Facet, Qualifier, SiteRole
from events.models import Citation, Claim, Count, Event, Involvement, Placement
from osint.bundle.entries import Entry
from osint.standards.ged import identity
from osint.standards.ged.identity import CIVILIANS, KILLED, SOURCE, TYPES, actor_slug, event_uuid, report_uuid, uuid_of
from osint.standards.ged.rows import DEATHS, ESTIMATES, ONE_SIDED, Row, places_of, worded
from osint.standards.ged.shared import Shared
from sources.models import Report

AT_ONCE = 500  # rows whose records are planned together
NOBODY_KNOWS = "side unknown"
# The columns that say when and where, which a claim quotes with whatever stands between them.
WHEN = ("event_clarity", "date_prec", "date_start", "date_end")
WHERE = ("where_prec", "where_coordinates", "adm_1", "adm_2", "latitude", "longitude")
KIND = {"1": "State-based violence", "2": "Non-state violence", "3": "One-sided violence"}
Fields = dict[str, Any]


def batches(rows: Iterable[Row], shared: Shared) -> Iterator[list[Entry]]:
    """The records of all rows, some rows at a time; what several rows share comes with the first."""
    yield list(shared.lists())
    left = iter(rows)
    while some := list(islice(left, AT_ONCE)):
        yield [entry for row in some for entry in entries(row, shared)]


def entries(row: Row, shared: Shared) -> Iterator[Entry]:
    """The records of one row."""
    one = OneRow(row, shared)
    yield from shared.side(row, "a", one.where)
    yield from shared.side(row, "b", one.where)
    yield from shared.place(row, one.where)
    yield from one.report()
    yield from one.event()
    yield from one.claims()


class OneRow:
    """One row on its way to records."""

    def __init__(self, row: Row, shared: Shared) -> None:
        self.row, self.shared = row, shared
        self.where = f"line {row.number}, id {row['id']}"
        self.text, self.places = worded(row.cells), places_of(row.cells)
        self.key, self.about = event_uuid(row["id"]), report_uuid(row["id"], self.text)
        self.cited = uuid_of("citation", self.about)
        self.sides = [(actor_slug(row, "a"), ActorRole.ACTS), (actor_slug(row, "b"), self.role_of_b)]

    @property
    def site(self) -> str:
        """The slug of its place, which was handed on before."""
        return self.shared.levels[identity.place_key(self.row)]

    @property
    def role_of_b(self) -> str:
        """The part of the second side: where both fight, both act."""
        return ActorRole.TARGET if self.row["type_of_violence"] == ONE_SIDED else ActorRole.ACTS

    def entry(self, model: Any, key: str, **fields: Any) -> Entry:
        """A record of this row alone."""
        return Entry(model, (key,), fields, self.where)

    def quote(self, *columns: str) -> Fields:
        """The lines of the row that say something, from the first of these columns to the last."""
        places = [self.places[column] for column in columns]
        start, end = (min(places)[0], max(places)[1]) if len(places) > 1 else places[0]
        return {"quote": self.text[start:end], "start": start, "end": end}

    # The report

    def report(self) -> Iterator[Entry]:
        """The row as a report of the data set, and the articles that it passes on."""
        row = self.row
        day = max([row.last, *(article.day for article in row.articles)])
        note = "The row does not tell: the last day that it names, before which it cannot have been written."
        told: Fields = {"title": f"UCDP GED, event {row['id']}", "text": self.text, "language": "en"}
        told |= {"published_on": day.isoformat(), "published_note": note, "source": [SOURCE]}
        yield self.entry(Report, self.about, **told)
        for article in row.articles:
            yield from self.shared.article(article, self.where)
            yield from self.shared.relay(
                self.about, self.where, relayed_report=[uuid_of("article", article.text)], **self.naming(article.text)
            )
        for name in row.originals:
            yield from self.shared.source(name, self.where)

    def naming(self, text: str) -> Fields:
        """Where the row names an article; a line break within the name is written otherwise there."""
        start = self.text.find(text, self.places["source_article"][0])
        return {"quote": text, "start": start, "end": start + len(text)} if start >= 0 else {}

    # The event

    def event(self) -> Iterator[Entry]:
        """What we hold: what the row says, as far as our columns go."""
        row = self.row
        told = {"type": [TYPES[row["type_of_violence"]]], "when": self.when(), "summary_en": self.summary()}
        yield self.entry(Event, self.key, is_aggregate=row["event_clarity"] == "2", **told)
        of = {"event": [self.key], "basis": "stated"}
        yield self.entry(Placement, uuid_of("place", self.key), site=[self.site], role=SiteRole.AT, **of)
        for place, (actor, role) in enumerate(dict.fromkeys(self.sides)):
            key = uuid_of("side", self.key, str(place))
            yield self.entry(Involvement, key, actor=[actor], role=role, position=place, **of)
        for place, (column, fields) in enumerate(self.counts()):
            yield self.entry(Count, uuid_of("dead", self.key, column), position=place, **fields, **of)

    def when(self) -> str:
        """The days as EDTF: one of these, or all the time where the row sums up."""
        first, last = self.row.first.isoformat(), self.row.last.isoformat()
        if first == last:
            return first
        return f"{first}/{last}" if self.row["event_clarity"] == "2" else f"[{first}..{last}]"

    def summary(self) -> str:
        """One sentence of ours."""
        row = self.row
        sides = f"{row['side_a']} – {row['side_b']}"
        days = str(row.first) if row.first == row.last else f"{row.first} to {row.last}"
        place = ", ".join(dict.fromkeys(filter(None, (row["where_coordinates"], row["adm_1"], row["country"]))))
        dead = f"{row.figure('best')} dead by the best estimate ({row.figure('low')} to {row.figure('high')})"
        return " ".join(f"{KIND[row['type_of_violence']]}: {sides}; {place}; {days}; {dead}.".split())[:5_000]

    # How many

    def party(self, column: str) -> Fields:
        """Whose dead a column counts."""
        parties = {"deaths_a": self.sides[0][0], "deaths_b": self.sides[1][0], "deaths_civilians": CIVILIANS}
        if column == "deaths_unknown":
            return {"party": None, "label": NOBODY_KNOWS}
        return {"party": [parties[column]], "label": ""}

    def parts(self) -> Iterator[tuple[str, Fields]]:
        """The columns that count dead of one party; where a party is counted in two, they are told apart."""
        parties: set[str] = set()
        for column in DEATHS:
            if number := self.row.figure(column):
                fields = self.party(column)
                party = str(fields["party"])
                fields["label"] = column if party in parties else fields["label"]
                parties.add(party)
                yield column, {"measure": [KILLED], "best": number, "low": None, "high": None} | fields

    def whole(self) -> Fields:
        """The estimates, which are for all parties together, as they are; out of order ones are marked."""
        figures = {name: self.row.figure(name) for name in ("low", "best", "high")}
        qualifier = "" if self.row.is_in_order else Qualifier.UNCLEAR
        return {"measure": [KILLED], "party": None, "label": "", "qualifier": qualifier} | figures

    def counts(self) -> list[tuple[str, Fields]]:
        """What is held: the parties, which add up to the best estimate; the estimates where there are no parties."""
        whole = [("whole", self.whole())] if self.row.is_in_order else []
        return list(self.parts()) or whole

    # The claims

    def claims(self) -> Iterator[Entry]:
        """What the row says, facet by facet, each with its lines."""
        yield self.entry(Citation, self.cited, event=[self.key], report=[self.about], role="reports", credibility=6)
        said: list[tuple[str, str, Fields, Fields]] = [
            ("what", Facet.WHAT, {"type": [TYPES[self.row["type_of_violence"]]]}, self.quote("type_of_violence")),
            ("when", Facet.WHEN, {"when": self.when()}, self.quote(*WHEN)),
            (
                "where",
                Facet.WHERE,
                {"site": [self.site], "site_role": SiteRole.AT},
                self.quote(*WHERE),
            ),
            ("whole", Facet.HOW_MANY, self.whole(), self.quote(*ESTIMATES)),
        ]
        quotes = (self.quote("side_a_new_id", "side_a"), self.quote("side_b_new_id", "side_b"))
        for (actor, role), quote, name in zip(self.sides, quotes, ("side_a", "side_b"), strict=True):
            said.append((name, Facet.WHO, {"actor": [actor], "actor_role": role}, quote))
        said += [(column, Facet.HOW_MANY, fields, self.quote(column)) for column, fields in self.parts()]
        for name, facet, value, quote in said:
            key = uuid_of("claim", self.about, name)
            yield self.entry(Claim, key, citation=[self.cited], facet=facet, **value, **quote)
