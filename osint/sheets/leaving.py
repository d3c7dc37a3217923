"""Events as a sheet: a row for each event and report, which comes back as it left."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from events.choices import ActorRole, Basis, CitationRole, Facet, Qualifier, SiteRole
from events.models import Actor, Citation, Count, Event, EventType, Measure, Site
from events.provenance import Holder, agrees, held
from osint.sheets import files, numbers
from osint.sheets.columns import COUNT, QUOTE, known
from osint.sheets.rows import counted
from sources.choices import Tlp

KINDS = XLSX, CSV = "xlsx", "csv"
BETWEEN, QUOTES = "; ", " ¦ "
PLAIN = (
    "reference", "when", "when_phrase", "summary_en", "summary_ar", "tlp", "type_basis", "type_reason", "when_basis",
    "when_reason",
)  # fmt: skip
EXAMPLES = ("killed", "injured", "detained", "trucks")


def heads(events: Iterable[int] | None = None) -> list[str]:
    """The headings: every column, and one for each thing that these events count; without events, for a template."""
    if events is None:
        counts = [f"{COUNT} {slug}" for slug in EXAMPLES if Measure.objects.filter(slug=slug).exists()]
    else:
        rows = (
            Count.objects.filter(event__in=list(events)).order_by().values_list("measure__slug", "party__slug", "label")
        )
        counts = sorted({column_of(*row) for row in rows.distinct()})
    names = list(known())
    place = names.index("summary_en")
    return [*names[:place], *counts, *names[place:]]


def column_of(measure: str, party: str | None, label: str) -> str:
    """The column of a count."""
    more = [party or "", label] if label else [party] if party else []
    return " / ".join([f"{COUNT} {measure}", *more])


def rows(events: Iterable[Event], columns: list[str]) -> Iterator[list[Any]]:
    """The rows of these events, which have their evidence at hand."""
    for event in events:
        plain = of_event(event)
        for citation in event.citations.all() or [None]:
            cells = plain | (of_citation(event, citation) if citation else {})
            yield [cells.get(column, "") for column in columns]


def of_event(event: Event) -> dict[str, Any]:
    """What an event holds, by column."""
    cells: dict[str, Any] = {name: getattr(event, name) or "" for name in PLAIN}
    cells |= {"uuid": str(event.uuid), "version": str(event.version), "type": event.type.slug}
    cells["is_aggregate"] = "true" if event.is_aggregate else "false"
    for role, slugs in grouped([(one.role, one.site.slug) for one in event.placements.all()]).items():
        cells[role] = BETWEEN.join(slugs)
    for role, slugs in grouped([(one.role, one.actor.slug) for one in event.involvements.all()]).items():
        cells[role] = BETWEEN.join(slugs)
    return cells | {column_of(*counted(one)): numbers.written(one) for one in event.counts.all()}


def grouped(pairs: list[tuple[str, str]]) -> dict[str, list[str]]:
    """What there is under each role."""
    found: dict[str, list[str]] = {}
    for role, slug in pairs:
        found.setdefault(role, []).append(slug)
    return found


def of_citation(event: Event, citation: Citation) -> dict[str, Any]:
    """A report's part in an event, and its words for each fact."""
    cells = {"report": str(citation.report.uuid), "report_role": citation.role}
    cells["credibility"] = str(citation.credibility)
    facts = in_order(event)
    for facet in Facet.values:
        quotes = [quote_of(citation, facet, holder) for own, holder in facts if own == facet]
        if any(quotes):
            same = len(set(quotes)) == 1
            cells[f"{QUOTE} {facet}"] = quotes[0] if same else QUOTES.join(quotes)
    return cells


def in_order(event: Event) -> list[tuple[str, Holder]]:
    """The facts of an event in the order in which its row has them."""
    facts = [(facet, holder) for facet, holder, *_rest in held(event)]
    roles = [*SiteRole.values, *ActorRole.values]

    def place(fact: tuple[str, Any]) -> Any:
        facet, holder = fact
        if facet in {Facet.WHERE, Facet.WHO}:
            return roles.index(holder.role), ""
        return 0, column_of(*counted(holder)) if facet == Facet.HOW_MANY else ""

    return sorted(facts, key=place)


def quote_of(citation: Citation, facet: str, holder: Holder) -> str:
    """The words in which a report says a fact; blank where it does not."""
    said = (claim.quote for claim in citation.claims.all() if claim.quote and agrees(claim, facet, holder))
    return next(said, "").replace("¦", "\\¦")


def codes() -> Iterator[list[Any]]:
    """Every code with its names, for the second sheet of a template."""
    yield [_("column"), _("code"), _("in English"), _("in Arabic")]
    for name, model in (("type", EventType), ("at, from, to, …", Site), ("acts, target, …", Actor), (COUNT, Measure)):
        for row in model._default_manager.order_by("slug").values_list("slug", "name_en", "name_ar"):
            yield [name, *row]
    for name, choices in (("tlp", Tlp), ("report_role", CitationRole), ("type_basis", Basis), ("qualifier", Qualifier)):
        yield from ([name, value, str(label), ""] for value, label in choices.choices)
    yield from ([column.name, "", str(column.about), ""] for column in known().values())


def template(kind: str = XLSX) -> bytes:
    """An empty sheet to fill, in XLSX with the codes beside it."""
    return written(kind, heads(), [])


def written(kind: str, columns: list[str], lines: Iterable[list[Any]]) -> bytes:
    """These rows as a file of this kind."""
    if kind == XLSX:
        return files.xlsx_written(columns, lines, codes())
    return b"".join(files.csv_written(columns, lines))
