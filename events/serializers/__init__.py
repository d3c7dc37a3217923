"""What the events app shows and takes by REST."""

from events.serializers.evidence import CitationSerializer, ClaimSerializer, CorrectionSerializer
from events.serializers.incident import EventBrief, EventSerializer, Note, Retraction
from events.serializers.named import ActorSerializer, EventTypeSerializer, MeasureSerializer, SiteSerializer

__all__ = [
    "ActorSerializer",
    "CitationSerializer",
    "ClaimSerializer",
    "CorrectionSerializer",
    "EventBrief",
    "EventSerializer",
    "EventTypeSerializer",
    "MeasureSerializer",
    "Note",
    "Retraction",
    "SiteSerializer",
]
