"""Who is behind events, asked of all of them at once: in SQL that both databases understand."""

# ruff: noqa: S611 - all parts of the statements are ours

from typing import TYPE_CHECKING, Any, Literal

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Exists, OuterRef, Q
from django.db.models.expressions import RawSQL

from events.choices import CitationRole, Standing
from events.models import Citation, Claim
from sources.models import Report

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sources.querysets import Reader

# The same way as ``ORIGINS``, from its end: reports that name a source or are its own and relay nobody, and whoever
# passes those on.
GOING_BACK = """
WITH RECURSIVE behind(report) AS (
    SELECT report.id FROM sources_report report
    WHERE report.id IN ({visible}) AND report.source_id IN ({sources})
        AND NOT EXISTS (SELECT 1 FROM sources_relay relay WHERE relay.report_id = report.id)
    UNION
    SELECT relay.report_id FROM sources_relay relay
    WHERE relay.relayed_source_id IN ({sources}) AND relay.report_id IN ({visible})
    UNION
    SELECT relay.report_id FROM behind JOIN sources_relay relay ON relay.relayed_report_id = behind.report
    WHERE relay.report_id IN ({visible})
)
SELECT report FROM behind
"""
# The same as ``ORIGINS`` of very many reports: most relay nobody, so that only the others are followed.
ENDS = """
WITH RECURSIVE seen(report, source) AS ({visible}),
chain(root, report) AS (
    SELECT relay.report_id, relay.relayed_report_id FROM sources_relay relay
    WHERE relay.report_id IN (SELECT report FROM seen) AND relay.relayed_report_id IN (SELECT report FROM seen)
    UNION
    SELECT chain.root, relay.relayed_report_id FROM chain JOIN sources_relay relay ON relay.report_id = chain.report
    WHERE relay.relayed_report_id IN (SELECT report FROM seen)
)
SELECT seen.report, seen.source FROM seen
WHERE NOT EXISTS (SELECT 1 FROM sources_relay relay WHERE relay.report_id = seen.report)
UNION ALL
SELECT relay.report_id, relay.relayed_source_id FROM sources_relay relay
WHERE relay.relayed_source_id IS NOT NULL AND relay.report_id IN (SELECT report FROM seen)
UNION ALL
SELECT chain.root, relay.relayed_source_id FROM chain
JOIN sources_relay relay ON relay.report_id = chain.report WHERE relay.relayed_source_id IS NOT NULL
UNION ALL
SELECT chain.root, report.source_id FROM chain JOIN sources_report report ON report.id = chain.report
WHERE NOT EXISTS (SELECT 1 FROM sources_relay relay WHERE relay.report_id = report.id)
"""
# Each source once by being grouped: to count what is distinct, engines would sort all of it.
COUNTED = """
WITH cited(event, report) AS ({cited}), ends(report, source) AS (SELECT * FROM ({ends}) found),
sources(event) AS (
    SELECT cited.event FROM cited JOIN ends ON ends.report = cited.report GROUP BY cited.event, ends.source
)
SELECT event FROM sources GROUP BY event HAVING COUNT(*) {compared} %s
"""


def speaking() -> Q:
    """The condition on a citation: it speaks for its event, see ``provenance.supporting``."""
    claims = Claim.objects.order_by().filter(citation=OuterRef("pk"))
    live = claims.filter(standing__in=[Standing.ACCEPTED, Standing.IN_CONFLICT])
    return ~Q(role=CitationRole.DENIES) & (Q(Exists(live)) | ~Q(Exists(claims)))


def going_back_to(sources: "Iterable[int]", reader: "Reader") -> RawSQL:
    """Keys of the reports at the end of whose relays one of these sources stands, as far as the reader may know."""
    visible, told = sql(Report.objects.visible_to(reader).values("pk"))
    keys = list(sources)
    marks = ", ".join(["%s"] * len(keys))
    return RawSQL(GOING_BACK.format(visible=visible, sources=marks), (*told, *keys, *keys, *told, *told))


def with_origins(number: int, reader: "Reader", compared: Literal[">=", "="] = ">=") -> RawSQL:
    """Keys of the events behind which there are so many independent sources or more, as far as the reader may know."""
    speak = Citation.objects.order_by().from_reports_seen_by(reader).filter(speaking())
    own, own_told = sql(speak.values_list("event", "report"))
    merged = speak.filter(event__merged_into__isnull=False).values_list("event__merged_into", "report")
    duplicates, duplicates_told = sql(merged)
    ends, told = ends_of(reader)
    statement = COUNTED.format(cited=f"{own} UNION ALL {duplicates}", ends=ends, compared=compared)
    return RawSQL(statement, (*own_told, *duplicates_told, *told, number))


def ends_of(reader: "Reader") -> tuple[str, tuple[Any, ...]]:
    """Reports with the sources that they go back to, as far as the reader may know."""
    visible, told = sql(Report.objects.visible_to(reader).values_list("pk", "source"))
    return ENDS.format(visible=visible), told


def sql(rows: Any) -> tuple[str, tuple[Any, ...]]:
    """A queryset as a statement with its values."""
    statement, values = rows.order_by().query.get_compiler(DEFAULT_DB_ALIAS).as_sql()
    return statement, tuple(values)
