"""Triggers that hold promise 1 under raw SQL, on both engines: quotes are verbatim, and a quoted text stays."""

from django.utils.translation import gettext_noop as _

from osint.base.guards import Guard


def verbatim(table: str, report_text: str) -> list[Guard]:
    """Guards for a table that quotes; ``report_text`` is a scalar SQL query for the text, over NEW."""
    passage = f"""substr(({report_text}), NEW.start + 1, NEW."end" - NEW.start)"""
    condition = f"NEW.quote <> '' AND COALESCE({passage}, '') <> NEW.quote"
    sentence = _("The quote is not in the report word for word at its place.")
    return [
        Guard(f"{table}_verbatim_{event.lower()}", table, event, condition, sentence, f"{report_text} FOR SHARE OF r")
        for event in ("INSERT", "UPDATE")
    ]


def frozen_text(quoting_table: str, quoting_report: str) -> Guard:
    """A guard on the report's text; ``quoting_report`` is an SQL condition that finds a quoting row for OLD.id."""
    return Guard(
        f"sources_report_frozen_by_{quoting_table}",
        "sources_report",
        "UPDATE OF text",
        f"NEW.text <> OLD.text AND EXISTS (SELECT 1 FROM {quoting_table} q WHERE q.quote <> '' AND {quoting_report})",  # noqa: S608 - all parts are ours
        "This report is quoted, so its text stays. Enter the new wording as a new report that updates this one.",
    )


GUARDS = [
    *verbatim("sources_relay", "SELECT r.text FROM sources_report r WHERE r.id = NEW.report_id"),
    frozen_text("sources_relay", "q.report_id = OLD.id"),
    *verbatim("sources_passagenote", "SELECT r.text FROM sources_report r WHERE r.id = NEW.report_id"),
    frozen_text("sources_passagenote", "q.report_id = OLD.id"),
]
