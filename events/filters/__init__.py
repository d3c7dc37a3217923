"""What can be asked of the lists of events and of all that belongs to them."""

from events.filters.evidence import (
    ActorJudgementFilters,
    CitationFilters,
    ClaimFilters,
    CommentFilters,
    CorrectionFilters,
    EventJudgementFilters,
    SiteJudgementFilters,
)
from events.filters.incidents import EventFilters
from events.filters.named import ActorFilters, CueFilters, EventTypeFilters, MeasureFilters, SiteFilters

__all__ = [
    "ActorFilters",
    "ActorJudgementFilters",
    "CitationFilters",
    "ClaimFilters",
    "CommentFilters",
    "CorrectionFilters",
    "CueFilters",
    "EventFilters",
    "EventJudgementFilters",
    "EventTypeFilters",
    "MeasureFilters",
    "SiteFilters",
    "SiteJudgementFilters",
]
