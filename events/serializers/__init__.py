"""What the events app shows and takes by REST."""

from events.serializers.evidence import CitationSerializer, ClaimSerializer, CorrectionSerializer
from events.serializers.incident import EventBrief, EventEvidence, EventSerializer
from events.serializers.judging import (
    ActorJudgementSerializer,
    ActorTwins,
    EventJudgementSerializer,
    EventTwins,
    SiteJudgementSerializer,
    SiteTwins,
)
from events.serializers.named import (
    ActorSerializer,
    CueSerializer,
    EventTypeSerializer,
    MeasureSerializer,
    SiteSerializer,
)
from events.serializers.review import Assignment, CommentSerializer, Merging, Moved, Note, Nothing, Reason

__all__ = [
    "ActorJudgementSerializer",
    "ActorSerializer",
    "ActorTwins",
    "Assignment",
    "CitationSerializer",
    "ClaimSerializer",
    "CommentSerializer",
    "CorrectionSerializer",
    "CueSerializer",
    "EventBrief",
    "EventEvidence",
    "EventJudgementSerializer",
    "EventSerializer",
    "EventTwins",
    "EventTypeSerializer",
    "MeasureSerializer",
    "Merging",
    "Moved",
    "Note",
    "Nothing",
    "Reason",
    "SiteJudgementSerializer",
    "SiteSerializer",
    "SiteTwins",
]
