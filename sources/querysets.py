"""Questions about sources, reports and relays."""

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db import connections, models
from django.db.models import Case, Q, Value, When

from osint.base.among import Among
from osint.base.names import NamedQuerySet
from osint.base.record import IdentifiedQuerySet
from osint.base.text import fold, tokens
from osint.base.visibility import leads_to_visible, seen_by
from sources import marks

if TYPE_CHECKING:
    from sources.models import Attachment, PassageNote, Relay, Report, Source  # noqa: F401 - named in quotes below

# Whoever asks: a user, or nobody we know.
Reader = AbstractBaseUser | AnonymousUser

# Follows relays from report to report; the end of each chain is a source that is named, or that relays nobody.
# UNION, not UNION ALL: a circle of relays ends by itself. The plus: what is visible is tested for, not each looked up.
# Not IN: for that SQLite lists all reports that may be seen, to look three of them up there.
ORIGINS = """
WITH RECURSIVE chain(root, report) AS (
    SELECT report.id, report.id FROM sources_report report
    WHERE report.id IN ({ids}) AND EXISTS (SELECT 1 FROM ({visible}) seen WHERE seen.pk = report.id)
    UNION
    SELECT chain.root, relay.relayed_report_id FROM chain
    JOIN sources_relay relay ON relay.report_id {on}
    WHERE EXISTS (SELECT 1 FROM ({visible}) seen WHERE seen.pk = relay.relayed_report_id)
)
SELECT chain.root, relay.relayed_source_id FROM chain
JOIN sources_relay relay ON relay.report_id {on}
WHERE relay.relayed_source_id IS NOT NULL
UNION
SELECT chain.root, report.source_id FROM chain
JOIN sources_report report ON report.id {on}
WHERE NOT EXISTS (SELECT 1 FROM sources_relay relay WHERE relay.report_id = report.id)
"""


# Where the chain leads on. With "=" SQLite, which holds it to be long, reads the other table first, to know what is
# not in it; with a range PostgreSQL, which holds that to be wide, does so.
ON = {"postgresql": "= chain.report", "sqlite": "BETWEEN chain.report AND chain.report"}


class SourceQuerySet(NamedQuerySet["Source"]):
    """Questions about sources."""

    def visible_to(self, reader: "Reader") -> "SourceQuerySet":  # noqa: ARG002 - the same for every reader
        """Sources are names: who may use the door may read them."""
        return self


class ReportQuerySet(IdentifiedQuerySet["Report"]):
    """Questions about reports."""

    def visible_to(self, reader: "Reader") -> "ReportQuerySet":
        """Those whose mark lets the reader see them."""
        return self.filter(marks.allowing(reader))

    def saying(self, text: str) -> "ReportQuerySet":
        """Reports whose title, text or translation holds each of the words when folded."""
        words = dict.fromkeys(tokens(text))
        return self.filter(*(Q(folded__holds=word) for word in words)) if words else self.none()

    def nearest_first(self, text: str) -> "ReportQuerySet":
        """The reports in the order in which they come near to the text; equally near ones as they were.

        The title begins with it; it stands there word for word; within other words; only its words do.
        """
        folded = fold(text)
        near = [Q(folded=folded) | Q(folded__startswith=f"{folded} "), Q(folded__holds=f" {folded} ")]
        ranks = [When(one, then=Value(rank)) for rank, one in enumerate([*near, Q(folded__holds=folded)])]
        nearness = Case(*ranks, default=Value(len(ranks)), output_field=models.IntegerField())
        return self.order_by(nearness, *(self.query.order_by or self.model._meta.ordering or ()), "pk")

    def passing_on(self, ids: Iterable[int]) -> set[int]:
        """Ids of these reports and of every report that relays one of them, at first or at second hand."""
        seen: set[int] = set()
        fresh = set(ids)
        while fresh:
            seen |= fresh
            fresh = set(self.filter(Among("relays__relayed_report", fresh)).values_list("pk", flat=True)) - seen
        return seen

    def origins(self, ids: Iterable[int], reader: "Reader | None" = None) -> dict[int, set[int]]:
        """For each report id the ids of the sources at the end of its relay chain, in one query.

        With a reader, a chain stops at a report that the reader may not see, and names nobody there.
        """
        wanted = sorted(set(ids))
        found: dict[int, set[int]] = defaultdict(set)
        if not wanted:
            return found
        reports = self if reader is None else self.visible_to(reader)
        visible, told = reports.order_by().values("pk").query.get_compiler(self.db).as_sql()
        with connections[self.db].cursor() as cursor:
            keys, on = ", ".join(["%s"] * len(wanted)), ON[connections[self.db].vendor]
            question = ORIGINS.format(ids=keys, visible=visible, on=on)
            cursor.execute(question, [*wanted, *told, *told])
            for root, source in cursor.fetchall():
                found[root].add(source)
        return found


class AttachmentQuerySet(IdentifiedQuerySet["Attachment"]):
    """Questions about attachments."""

    def visible_to(self, reader: "Reader") -> "AttachmentQuerySet":
        """Those of visible reports."""
        return self.filter(leads_to_visible(self, "report", reader))


class PassageNoteQuerySet(IdentifiedQuerySet["PassageNote"]):
    """Questions about notes on passages."""

    def visible_to(self, reader: "Reader") -> "PassageNoteQuerySet":
        """Those on visible reports, for those who work on reports."""
        if not marks.may(reader, "sources.change_report"):
            return self.none()
        return self.filter(leads_to_visible(self, "report", reader))


class RelayQuerySet(IdentifiedQuerySet["Relay"]):
    """Questions about relays."""

    def visible_to(self, reader: "Reader") -> "RelayQuerySet":
        """Those of visible reports."""
        return self.filter(leads_to_visible(self, "report", reader))

    def told_to(self, reader: "Reader | None") -> "RelayQuerySet":
        """Relays with their source, and of their report (as `relayed_report_seen`) what the reader may see of it."""
        relays = self.select_related("relayed_source")
        return relays if reader is None else relays.annotate(**seen_by(reader, self.model, "relayed_report"))
