"""The resources of the events app."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from events import filters, serializers, workflow
from events.models import Actor, Citation, Claim, Correction, Event, EventType, Measure, Site
from events.querysets import joined
from osint.base.errors import Conflict, sentence_of
from osint.base.filters import identity
from osint.base.permissions import Workers
from osint.base.serializers import reread
from osint.base.viewsets import ReadOnlyViewSet, RecordViewSet


class EventTypeViewSet(RecordViewSet):
    """Kinds of events, in a tree."""

    queryset = EventType.objects.select_related("parent")
    serializer_class = serializers.EventTypeSerializer
    filterset_class = filters.EventTypeFilters
    lookup_field = "slug"


class MeasureViewSet(RecordViewSet):
    """What can be counted."""

    queryset = Measure.objects.all()
    serializer_class = serializers.MeasureSerializer
    filterset_class = filters.MeasureFilters
    lookup_field = "slug"


class SiteViewSet(RecordViewSet):
    """Places, in a tree."""

    queryset = Site.objects.select_related("parent").prefetch_related("names")
    serializer_class = serializers.SiteSerializer
    filterset_class = filters.SiteFilters
    lookup_field = "slug"


class ActorViewSet(RecordViewSet):
    """Who acts."""

    queryset = Actor.objects.prefetch_related("names", joined(Actor, "links", "other"))
    serializer_class = serializers.ActorSerializer
    filterset_class = filters.ActorFilters
    lookup_field = "slug"


class EventViewSet(RecordViewSet):
    """Incidents; the detail has every claim with its quote, report and origins."""

    queryset = Event.objects.all()
    serializer_class = serializers.EventSerializer
    brief = serializers.EventBrief
    filterset_class = filters.EventFilters
    links = ("part_of",)

    def get_queryset(self) -> Any:
        """Events with their facts; in the detail with all evidence that the reader may see."""
        events, reader = super().get_queryset(), self.request.user
        if self.action in self.lists:
            return events.with_facts()
        return events.with_evidence(reader).prefetch_related(
            Prefetch("parts", queryset=Event.objects.visible_to(reader)),
        )

    def get_object(self) -> Any:
        """The event by UUID or by reference."""
        condition = identity(self.kwargs["uuid"], also="reference")
        found = self.get_queryset().filter(condition).first() if condition else None
        if found is None:
            raise Http404(_("There is no event at this address."))
        self.check_object_permissions(self.request, found)
        return found

    def moved(self, name: str, **values: Any) -> Response:
        """The event after a move of the workflow; 409 where its status forbids it, 400 where something is missing."""
        event = self.get_object()
        try:
            done = getattr(workflow, name)(event, self.request.user, **values)
        except ValidationError as error:
            if getattr(error, "code", "") == "status":
                raise Conflict(sentence_of(error)) from error
            raise
        return Response(self.shown(done))

    @extend_schema(request=serializers.Note, responses=serializers.EventSerializer)
    @action(detail=True, methods=["post"], permission_classes=[Workers])
    def submit(self, _request: Request, **_kwargs: Any) -> Response:
        """Hand a draft in for review."""
        self.body(serializers.Note)
        return self.moved("submit")

    @extend_schema(request=serializers.Note, responses=serializers.EventSerializer)
    @action(detail=True, methods=["post"], permission_classes=[Workers], url_path="send-back")
    def send_back(self, _request: Request, **_kwargs: Any) -> Response:
        """Give a submitted event back to its analyst."""
        self.body(serializers.Note)
        return self.moved("send_back")

    @extend_schema(request=serializers.Note, responses=serializers.EventSerializer)
    @action(detail=True, methods=["post"], permission_classes=[Workers])
    def publish(self, _request: Request, **_kwargs: Any) -> Response:
        """Publish an event; where facts are without support, the answer lists them."""
        self.body(serializers.Note)
        return self.moved("publish")

    @extend_schema(request=serializers.Retraction, responses=serializers.EventSerializer)
    @action(detail=True, methods=["post"], permission_classes=[Workers])
    def retract(self, _request: Request, **_kwargs: Any) -> Response:
        """Take a published event back, with a reason."""
        return self.moved("retract", reason=self.body(serializers.Retraction)["reason"])

    def body(self, serializer_class: Any) -> Any:
        """What was sent along with a move."""
        serializer = serializer_class(data=self.request.data, context=self.get_serializer_context())
        serializer.is_valid(raise_exception=True)
        return serializer.validated_data


class CitationViewSet(RecordViewSet):
    """Reports' parts in events."""

    queryset = Citation.objects.select_related("event", "report").defer(
        "report__text", "report__translation", "report__folded"
    )
    serializer_class = serializers.CitationSerializer
    filterset_class = filters.CitationFilters

    def remove(self, instance: Any) -> None:
        """Delete it, with the whole event checked afterwards."""
        with workflow.changing(instance.event, self.request.user):
            reread(instance)
            instance.delete()


class ClaimViewSet(RecordViewSet):
    """What reports say, facet by facet."""

    queryset = Claim.objects.select_related(
        "citation__event", "citation__report", "type", "site", "actor", "measure", "party"
    ).defer("citation__report__text", "citation__report__translation", "citation__report__folded", "folded")
    serializer_class = serializers.ClaimSerializer
    filterset_class = filters.ClaimFilters

    def remove(self, instance: Any) -> None:
        """Delete it, with the whole event checked afterwards."""
        with workflow.changing(instance.citation.event, self.request.user):
            reread(instance)
            instance.delete()


class CorrectionViewSet(ReadOnlyViewSet):
    """Changes to what was held after publication."""

    queryset = Correction.objects.select_related("event", "made_by")
    serializer_class = serializers.CorrectionSerializer
    filterset_class = filters.CorrectionFilters
    links = ("report",)
