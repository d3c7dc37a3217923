"""How a change of an event is undone: through the workflow, so that a published one gets its correction."""

from events import workflow
from events.models import Citation, Claim, Correction, Event
from osint.base.record import Record
from osint.history.steps import Way, way

# What only a move of the workflow sets.
MOVES = frozenset({"status", "published_at", "retraction_reason", "is_sent_back", "merged_into", "assignee"})


def moves(model: type[Record]) -> frozenset[str]:
    """Columns that are set by moves."""
    return MOVES if model is Event else frozenset()


def stays(event: Event, model: type[Record]) -> bool:
    """Whether a part stays: corrections always, claims and citations once the event was published."""
    return model is Correction or (model in (Citation, Claim) and event.published_at is not None)


way(Event, Way(workflow.changing_all, moves, stays))
