"""The tables that are filled by the million, and which of their columns vary."""

from benchmarks.generate.shapes import Shape
from events.models import Citation, Claim, Count, Event, Involvement, Placement
from sources.models import Relay, Report

STAMPS = "created_at changed_at"
REASON = "Worked out from the other facts of the report."
FACT = f"id uuid event_id position basis reason {STAMPS}"
QUOTED = f"id uuid citation_id quote start end folded {STAMPS}"

REPORT = Shape(
    Report,
    f"id uuid source_id title text language published_on tlp sha256 folded created_by_id {STAMPS}",
    url="https://reports.example/",
    status="coded",
)
RELAY = Shape(Relay, f"id uuid report_id relayed_source_id relayed_report_id {STAMPS}")
EVENT = Shape(
    Event,
    "id uuid reference type_id when earliest latest summary_en summary_ar folded status tlp is_aggregate part_of_id "
    f"published_at retraction_reason merged_into_id version created_by_id {STAMPS}",
)
PLACEMENT = Shape(Placement, f"{FACT} site_id role")
INVOLVEMENT = Shape(Involvement, f"{FACT} actor_id role")
COUNT = Shape(Count, f"{FACT} measure_id low best high qualifier phrase")
CITATION = Shape(Citation, f"id uuid event_id report_id role credibility {STAMPS}")
WHAT = Shape(Claim, f"{QUOTED} type_id standing standing_reason", facet="what")
WHEN = Shape(Claim, f"{QUOTED} when earliest latest", facet="when")
WHERE = Shape(Claim, f"{QUOTED} site_id site_role", facet="where")
WHO = Shape(Claim, f"{QUOTED} actor_id actor_role", facet="who")
HOW_MANY = Shape(Claim, f"{QUOTED} measure_id low best high qualifier phrase", facet="how_many")

# In an order in which each row finds what it names.
ALL = [REPORT, RELAY, EVENT, PLACEMENT, INVOLVEMENT, COUNT, CITATION, WHAT, WHEN, WHERE, WHO, HOW_MANY]
TABLES = list(dict.fromkeys(shape.table for shape in ALL))
