"""What is claimed to have happened (evidence) and what we hold (incident); the lists, places and actors for both."""

from events.models.actors import Actor, ActorLink, ActorName
from events.models.cues import Cue
from events.models.evidence import Citation, Claim, Correction
from events.models.facts import Count, Involvement, Placement
from events.models.incident import Event
from events.models.places import Site, SiteName
from events.models.review import ActorJudgement, Comment, EventJudgement, SiteJudgement
from events.models.stored import Backing, Document, Term
from events.models.taxonomy import EventType, Measure

__all__ = [
    "Actor",
    "ActorJudgement",
    "ActorLink",
    "ActorName",
    "Backing",
    "Citation",
    "Claim",
    "Comment",
    "Correction",
    "Count",
    "Cue",
    "Document",
    "Event",
    "EventJudgement",
    "EventType",
    "Involvement",
    "Measure",
    "Placement",
    "Site",
    "SiteJudgement",
    "SiteName",
    "Term",
]
