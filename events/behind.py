"""Who is behind events, asked of all of them at once: in SQL that both databases understand."""

# ruff: noqa: S611 - all parts of the statements are ours

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Literal

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Case, Exists, OuterRef, Q, Value, When
from django.db.models.expressions import RawSQL

from events.choices import CitationRole, Standing
from events.models import Citation, Claim
from sources import marks
from sources.choices import Tlp
from sources.models import Report

if TYPE_CHECKING:
    from sources.querysets import Reader

# Columns of ``Backing``, in the order of marks.
LEVELS = ("clear", "green", "amber", "strict", "red")
WAYS = ("event", "event__merged_into")
# (A plus: this tests, and leads nowhere; else SQLite would look for every visible report at each step.)
# The same way as ``ORIGINS``, from its end: reports that name a source or are its own and relay nobody, and whoever
# passes those on.
GOING_BACK = """
WITH RECURSIVE behind(report) AS (
    SELECT report.id FROM sources_report report
    WHERE report.id IN ({visible}) AND report.source_id IN ({sources})
        AND NOT EXISTS (SELECT 1 FROM sources_relay relay WHERE relay.report_id = report.id)
    UNION
    SELECT relay.report_id FROM sources_relay relay
    WHERE relay.relayed_source_id IN ({sources}) AND +relay.report_id IN ({visible})
    UNION
    SELECT relay.report_id FROM behind JOIN sources_relay relay ON relay.relayed_report_id = behind.report
    WHERE +relay.report_id IN ({visible})
)
SELECT report FROM behind
"""
# The same way as ``ORIGINS`` for every event that is cited for: by how many sources, for readers up to each level. A
# source is known to who may see every report on one of the ways that lead to it.
COUNTED = """
WITH RECURSIVE cited(event, report) AS ({cited}),
chain(root, report, level) AS (
    SELECT report.id, report.id, report.level FROM ({reports}) report WHERE report.id IN (SELECT report FROM cited)
    UNION
    SELECT chain.root, report.id, CASE WHEN report.level > chain.level THEN report.level ELSE chain.level END
    FROM chain JOIN sources_relay relay ON relay.report_id = chain.report
    JOIN ({reports}) report ON report.id = relay.relayed_report_id
),
ends(root, source, level) AS (
    SELECT chain.root, relay.relayed_source_id, chain.level FROM chain
    JOIN sources_relay relay ON relay.report_id = chain.report WHERE relay.relayed_source_id IS NOT NULL
    UNION ALL
    SELECT chain.root, report.source_id, chain.level FROM chain JOIN sources_report report ON report.id = chain.report
    WHERE NOT EXISTS (SELECT 1 FROM sources_relay relay WHERE relay.report_id = report.id)
),
known(event, level) AS (
    SELECT cited.event, MIN(ends.level) FROM cited JOIN ends ON ends.root = cited.report
    GROUP BY cited.event, ends.source
)
SELECT event, {numbers} FROM known GROUP BY event
"""
# What is stored, but for events that rest on what is for this reader's eyes alone.
OWN = """
WITH RECURSIVE own(report) AS (
    {own} UNION SELECT relay.report_id FROM own JOIN sources_relay relay ON relay.relayed_report_id = own.report
),
resting(event) AS (
    SELECT COALESCE(event.merged_into_id, event.id) FROM own
    JOIN events_citation citation ON citation.report_id = own.report
    JOIN events_event event ON event.id = citation.event_id
    UNION
    SELECT citation.event_id FROM own JOIN events_citation citation ON citation.report_id = own.report
)
SELECT event_id AS event, {column} AS number FROM events_backing WHERE event_id NOT IN (SELECT event FROM resting)
UNION ALL
SELECT * FROM ({counted}) counted
"""


def speaking() -> Q:
    """The condition on a citation: it speaks for its event, see ``provenance.supporting``."""
    claims = Claim.objects.order_by().filter(citation=OuterRef("pk"))
    live = claims.filter(standing__in=[Standing.ACCEPTED, Standing.IN_CONFLICT])
    return ~Q(role=CitationRole.DENIES) & (Q(Exists(live)) | ~Q(Exists(claims)))


def going_back_to(sources: Iterable[int], reader: "Reader") -> RawSQL:
    """Keys of the reports at the end of whose relays one of these sources stands, as far as the reader may know."""
    visible, told = sql(Report.objects.visible_to(reader).values("pk"))
    keys = list(sources)
    marks = ", ".join(["%s"] * len(keys))
    return RawSQL(GOING_BACK.format(visible=visible, sources=marks), (*told, *keys, *keys, *told, *told))


def with_origins(number: int, reader: "Reader", compared: Literal[">=", "="] = ">=") -> RawSQL:
    """Keys of the events behind which there are so many independent sources or more, as far as the reader may know."""
    stored, told = numbers(reader)
    return RawSQL(f"SELECT event FROM ({stored}) backing WHERE number {compared} %s", (*told, number))  # noqa: S608


def numbers(reader: "Reader") -> tuple[str, tuple[Any, ...]]:
    """Events with the number of independent sources behind them, as far as the reader may know; none without any."""
    column, own = LEVELS[len(marks.seen_by(reader)) - 1], marks.own(reader)
    if not own:
        return f"SELECT event_id AS event, {column} AS number FROM events_backing", ()  # noqa: S608
    theirs, told = sql(Report.objects.filter(own, tlp=Tlp.RED).values("pk"))
    level = Case(When(marks.allowing(reader), then=Value(0)), default=Value(1))
    live, values = counted(RawSQL("SELECT event FROM resting", ()), level, ["number"])
    return OWN.format(own=theirs, column=column, counted=live), (*told, *values)


def counted(among: Any, level: Case, names: Iterable[str]) -> tuple[str, tuple[Any, ...]]:
    """These events (all where nothing is said) with the numbers of independent sources behind them, up to each level.

    ``level`` of a report: who may see it, from 0. Events without any source are left out.
    """
    speak = Citation.objects.filter(speaking())
    ways = [speak.filter(**{} if among is None else {f"{way}__in": among}).values_list(way, "report") for way in WAYS]
    (own, told), (merged, more) = (sql(rows.exclude(**{WAYS[1]: None}) if n else rows) for n, rows in enumerate(ways))
    reports, known = sql(Report.objects.annotate(level=level).values_list("id", "level"))
    sums = ", ".join(f"SUM(CASE WHEN level <= {n} THEN 1 ELSE 0 END) AS {name}" for n, name in enumerate(names))
    statement = COUNTED.format(cited=f"{own} UNION ALL {merged}", reports=reports, numbers=sums)
    return statement, (*told, *more, *known, *known)


def sql(rows: Any) -> tuple[str, tuple[Any, ...]]:
    """A queryset as a statement with its values."""
    statement, values = rows.order_by().query.get_compiler(DEFAULT_DB_ALIAS).as_sql()
    return statement, tuple(values)
