"""What is claimed to have happened (evidence) and what we hold (incident); the lists, places and actors for both."""

from events.models.actors import Actor, ActorLink, ActorName
from events.models.evidence import Citation, Claim, Correction
from events.models.incident import Count, Event, Involvement, Placement
from events.models.places import Site, SiteName
from events.models.reference import ReferenceSeries
from events.models.taxonomy import EventType, Measure

__all__ = [
    "Actor",
    "ActorLink",
    "ActorName",
    "Citation",
    "Claim",
    "Correction",
    "Count",
    "Event",
    "EventType",
    "Involvement",
    "Measure",
    "Placement",
    "ReferenceSeries",
    "Site",
    "SiteName",
]
