"""Triggers of the events app.

Quotes of claims are verbatim, quoted texts stay, a tree holds no circle, no event is in the future of its report, and
what was published is not deleted.
"""

from django.utils.translation import gettext_noop as _

from osint.base.guards import Guard
from sources.guards import frozen_text, verbatim

REPORT_OF_CLAIM = (
    "SELECT r.text FROM sources_report r JOIN events_citation c ON c.report_id = r.id WHERE c.id = NEW.citation_id"
)


def same_words_in_other_report() -> Guard:
    """A guard on citations: a citation with quotes cannot be turned to a report that has not the words."""
    quotes = "SELECT 1 FROM events_claim q, sources_report r WHERE q.citation_id = NEW.id AND r.id = NEW.report_id"
    passage = 'substr(r.text, q.start + 1, q."end" - q.start)'
    return Guard(
        "events_citation_verbatim",
        "events_citation",
        "UPDATE OF report_id",
        f"EXISTS ({quotes} AND q.quote <> '' AND COALESCE({passage}, '') <> q.quote)",
        "Claims quote this report, so the citation stays with it. Cite the other report as well.",
    )


def no_circle(table: str) -> Guard:
    """A guard on moves within a tree: whoever climbs from the new parent does not come by the node."""
    climb = f"SELECT t.parent_id FROM {table} t JOIN up ON t.id = up.id WHERE t.parent_id IS NOT NULL"  # noqa: S608 - ours
    return Guard(
        f"{table}_no_circle",
        table,
        "UPDATE OF parent_id",
        f"EXISTS (WITH RECURSIVE up(id) AS (SELECT NEW.parent_id UNION {climb}) SELECT 1 FROM up WHERE id = NEW.id)",  # noqa: S608 - ours
        _("It cannot lie within itself or within something it holds. Choose another parent."),
    )


def not_before_it_happened() -> list[Guard]:
    """Guards from both sides: an event's earliest day is not after the publication of a report that is cited for it."""
    sentence = _("A report cannot tell of an event after its own publication. Check the event's date and the report's.")
    cited = "SELECT 1 FROM events_citation c JOIN sources_report r ON r.id = c.report_id"
    return [
        *(
            Guard(
                f"events_citation_in_time_{event.lower()}",
                "events_citation",
                event,
                "EXISTS (SELECT 1 FROM events_event e, sources_report r "
                "WHERE e.id = NEW.event_id AND r.id = NEW.report_id AND e.earliest > r.published_on)",
                sentence,
                "SELECT 1 FROM sources_report r WHERE r.id = NEW.report_id FOR SHARE OF r",
            )
            for event in ("INSERT", "UPDATE")
        ),
        Guard(
            "events_event_in_time",
            "events_event",
            "UPDATE OF earliest",
            f"EXISTS ({cited} WHERE c.event_id = NEW.id AND r.published_on < NEW.earliest)",
            sentence,
            "SELECT 1 FROM sources_report r JOIN events_citation c ON c.report_id = r.id WHERE c.event_id = NEW.id "
            "FOR SHARE OF r",
        ),
        Guard(
            "sources_report_in_time",
            "sources_report",
            "UPDATE OF published_on",
            "EXISTS (SELECT 1 FROM events_citation c JOIN events_event e ON e.id = c.event_id "
            "WHERE c.report_id = NEW.id AND e.earliest > NEW.published_on)",
            sentence,
        ),
    ]


# What a correction says.
CORRECTED = ("uuid", "event_id", "before", "after", "reason", "report_id", "tlp", "made_at", "made_by_id")


def changed(*columns: str) -> str:
    """The condition that one of the columns changes, whatever its type and on both engines."""
    return " OR ".join(
        f"""COALESCE(CAST(NEW."{name}" AS text), '') <> COALESCE(CAST(OLD."{name}" AS text), '')""" for name in columns
    )


def stays() -> list[Guard]:
    """Guards on what was published: none of it is deleted, and a correction is not even changed."""
    event = "SELECT 1 FROM events_event e WHERE e.published_at IS NOT NULL AND e.id ="
    citation = f"{event} OLD.event_id"
    claim = f"{event} (SELECT c.event_id FROM events_citation c WHERE c.id = OLD.citation_id)"  # noqa: S608 - ours
    sentence = _("This was published, so it stays. Retract the event, or set the claim aside, with a reason.")
    rests_on = {"events_citation": citation, "events_claim": claim}
    correction = _("A correction is part of the record and stays. Correct again.")
    return [
        Guard("events_event_stays", "events_event", "DELETE", "OLD.published_at IS NOT NULL", sentence),
        *(Guard(f"{name}_stays", name, "DELETE", f"EXISTS ({found})", sentence) for name, found in rests_on.items()),
        Guard("events_correction_stays_delete", "events_correction", "DELETE", "TRUE", correction),
        Guard("events_correction_stays_update", "events_correction", "UPDATE", changed(*CORRECTED), correction),
    ]


GUARDS = [
    *verbatim("events_claim", REPORT_OF_CLAIM),
    frozen_text(
        "events_claim", "EXISTS (SELECT 1 FROM events_citation c WHERE c.id = q.citation_id AND c.report_id = OLD.id)"
    ),
    same_words_in_other_report(),
    no_circle("events_site"),
    no_circle("events_eventtype"),
    *not_before_it_happened(),
    *stays(),
]
