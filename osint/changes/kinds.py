"""The kinds of records that can be followed, and how a reader is shown those of one kind."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from rest_framework.request import Request

from events import api as events
from events import judging_api as event_judgements
from events.models import Event
from events.serializers.followed import EventFollowed
from events.stored import documents
from sources import api as sources
from sources import judging_api as report_judgements


@dataclass(frozen=True)
class Kind:
    """A resource whose records can be followed; what belongs to one of them comes with it."""

    name: str
    viewset: Any

    @property
    def model(self) -> Any:
        """Its records."""
        return self.viewset.queryset.model

    @property
    def label(self) -> str:
        """Its records, as notices name them."""
        return str(self.model._meta.label_lower)

    @property
    def identity(self) -> str:
        """The column by which its records travel."""
        return str(self.viewset.lookup_field)

    def view(self, request: Request, action: str = "list") -> Any:
        """The resource as this reader meets it."""
        return self.viewset(request=request, action=action, format_kwarg=None, args=(), kwargs={})

    def is_open_to(self, request: Request) -> bool:
        """Whether the reader may read the resource at all."""
        view = self.view(request)
        return all(permission.has_permission(request, view) for permission in view.get_permissions())

    def seen_by(self, request: Request) -> Any:
        """The records that the reader may see."""
        return self.model._default_manager.visible_to(request.user).order_by()

    def shown(self, request: Request, identities: Collection[str], *, evidence: bool) -> dict[str, Any]:
        """Those of these records that the reader may see now, as the list shows them, or as their own address does."""
        if not identities:
            return {}
        wanted = {f"{self.identity}__in": identities}
        if self.model is Event and not evidence:
            keys = dict(self.seen_by(request).filter(**wanted).values_list("uuid", "pk"))
            texts = documents.read(list(keys.values()), request.user)
            if len(texts) == len(keys):
                return {str(uuid): text for uuid, text in zip(keys, texts, strict=True)}
            # One went in between: then each is looked at.
        view = self.view(request, "retrieve" if evidence else "list")
        rows = list(view.get_queryset().filter(**wanted))
        in_full = evidence and self.model is Event
        serializer = EventFollowed.of(rows, view) if in_full else view.get_serializer(rows, many=True)
        return {str(getattr(row, self.identity)): told for row, told in zip(rows, serializer.data, strict=True)}


# What others name comes before them.
KINDS = (
    Kind("sources", sources.SourceViewSet),
    Kind("event-types", events.EventTypeViewSet),
    Kind("measures", events.MeasureViewSet),
    Kind("cues", events.CueViewSet),
    Kind("sites", events.SiteViewSet),
    Kind("actors", events.ActorViewSet),
    Kind("reports", sources.ReportViewSet),
    Kind("passage-notes", sources.PassageNoteViewSet),
    Kind("events", events.EventViewSet),
    Kind("corrections", events.CorrectionViewSet),
    Kind("comments", events.CommentViewSet),
    Kind("report-judgements", report_judgements.ReportJudgementViewSet),
    Kind("event-judgements", event_judgements.EventJudgementViewSet),
    Kind("site-judgements", event_judgements.SiteJudgementViewSet),
    Kind("actor-judgements", event_judgements.ActorJudgementViewSet),
)
# Resources whose records come with the whole that they belong to, or are no records.
WITH_OTHERS = {"relays": "reports", "attachments": "reports", "citations": "events", "claims": "events"}
BY_LABEL = {kind.label: kind for kind in KINDS}
