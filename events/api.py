"""The resources of the events app."""

from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from events import filters, finding, namesakes, past, serializers, twins, workflow
from events.choices import Status
from events.lists import EventLists
from events.models import Actor, Citation, Claim, Comment, Correction, Cue, Event, EventType, Measure, Site
from events.querysets import joined
from events.shelves import STANDING, STATUSES
from events.statistics.door import WithStatistics
from events.stored import documents
from osint.base import versions
from osint.base.filters import identity
from osint.base.filters.values import identified
from osint.base.judging_api import WithTwins
from osint.base.permissions import Scope, Workers
from osint.base.serializers import Refused, reread
from osint.base.shapes.choosing import PARAMETERS
from osint.base.shapes.geojson import Spot
from osint.base.shapes.negotiation import CSV, GeoJSON, JSONLines
from osint.base.viewsets import ReadOnlyViewSet, RecordViewSet
from osint.base.wire import dumps
from osint.history.api import WithHistory
from osint.history.past import moment_of

Address = Callable[..., Response]


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


class CueViewSet(RecordViewSet):
    """Words by which the reading aid recognises things."""

    queryset = Cue.objects.select_related("type", "measure")
    serializer_class = serializers.CueSerializer
    filterset_class = filters.CueFilters


class SiteViewSet(WithTwins):
    """Places, in a tree."""

    queryset = Site.objects.select_related("parent").prefetch_related("names")
    serializer_class = serializers.SiteSerializer
    filterset_class = filters.SiteFilters
    twins_serializer = serializers.SiteTwins
    twins_of = staticmethod(namesakes.of_site)
    lookup_field = "slug"
    forms = (JSONLines, CSV, GeoJSON)

    def spots(self, row: Site) -> Iterable[Spot]:
        """The point of a site, where one is known."""
        if row.longitude is not None and row.latitude is not None:
            yield Spot(row.longitude, row.latitude, row.precision_m)


class ActorViewSet(WithTwins):
    """Who acts."""

    queryset = Actor.objects.prefetch_related("names", joined(Actor, "links", "other"))
    serializer_class = serializers.ActorSerializer
    filterset_class = filters.ActorFilters
    twins_serializer = serializers.ActorTwins
    twins_of = staticmethod(namesakes.of_actor)
    lookup_field = "slug"


def past_parameter() -> OpenApiParameter:
    """How the API's description tells of the past."""
    text = _("A day (its end in UTC) or a moment (RFC 3339) that is over: what was held then.")
    return OpenApiParameter(past.PARAMETER, str, description=text)


def move(body: Any, **kwargs: Any) -> Callable[[Address], Address]:
    """A POST address for an action of the workflow, which takes this body."""

    def addressed(function: Address) -> Address:
        described: Address = extend_schema(request=body, responses=serializers.EventSerializer)(function)
        routed: Address = action(detail=True, methods=["post"], permission_classes=[Workers], **kwargs)(described)
        return routed

    return addressed


class EventViewSet(EventLists, WithStatistics, WithHistory, WithTwins):
    """Incidents; the detail has every claim with its quote, report and origins."""

    queryset = Event.objects.all()
    serializer_class = serializers.EventSerializer
    brief = serializers.EventBrief
    filterset_class = filters.EventFilters
    twins_serializer = serializers.EventTwins
    twins_of = staticmethod(twins.of_event)
    links = ("part_of", "merged_into")

    def found(self) -> Any:
        """The events that answer the question."""
        asked = filters.EventFilters(self.request.query_params, request=self.request)
        if not asked.is_valid():
            raise Refused(asked.errors)
        return finding.found(asked, self.request.user)

    def in_lists(self) -> Any:
        """The events that the reader may see, in the order of lists; those that stand, where no status is asked for."""
        among = STATUSES if {"status", "status!"} & set(self.request.query_params) else STANDING
        return Event.objects.visible_to(self.request.user, among).order_by("-newest")

    def get_queryset(self) -> Any:
        """Events with their facts; in the detail with all evidence that the reader may see."""
        events, reader = super().get_queryset(), self.request.user
        events = events.select_related("assignee")
        if self.action in {*self.lists, "twins"}:
            return events.with_facts()
        return (
            events.with_evidence(reader)
            .with_withheld(reader)
            .prefetch_related(
                Prefetch("parts", queryset=Event.objects.visible_to(reader)),
            )
        )

    def get_object(self) -> Any:
        """The event by UUID or by reference."""
        condition = identity(self.kwargs["uuid"], also="reference")
        # Who changes an event is answered with what it is then: only who reads one needs its evidence now.
        events = self.get_queryset() if self.request.method in SAFE_METHODS else super().get_queryset()
        found = events.filter(condition).first() if condition else None
        if found is None:
            raise Http404(_("There is no event at this address."))
        self.check_object_permissions(self.request, found)
        return found

    def moved(self, name: str, serializer_class: Any) -> Response:
        """The event after a move of the workflow; 409 where its status forbids it, 400 where something is missing."""
        event, by = self.get_object(), self.request.user
        values = self.body(serializer_class)
        with self.held(event):
            if "to" in values:
                values["to"] = workflow.colleague(values["to"], by)
            done = getattr(workflow, name)(event, by, **values)
        # Who gives a RED event back may not see it any more.
        return self.shown(done) if self.get_queryset().filter(pk=done.pk).exists() else Response(status=204)

    def known_parameters(self) -> set[str]:
        """A past moment can be asked for where one event is read, and of the list."""
        return super().known_parameters() | ({past.PARAMETER} if self.action in {"retrieve", "list"} else set())

    @extend_schema(parameters=[past_parameter()])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        """The events that answer, as they are or, with `as_of`, as they were held at a moment."""
        return super().list(request, *args, **kwargs)

    @extend_schema(parameters=[past_parameter()], responses={200: serializers.EventSerializer, 301: serializers.Moved})
    def retrieve(self, request: Request, *_args: Any, **_kwargs: Any) -> Any:
        """The event, as it is or as it was at a moment; where it was merged into another one, the way to that."""
        # As it is stored only where it is asked for as a whole, as it is now.
        is_public = not request.user.is_authenticated and not {past.PARAMETER, *PARAMETERS} & set(request.query_params)
        named = identified(self.kwargs["uuid"], also="reference") if is_public else None
        stored = documents.public(*named) if named else None
        if stored and stored.full:
            return self.tagged(stored.version, stored.full.encode())
        found = self.get_object()
        if past.PARAMETER in request.query_params and past.answers(found, request.user):
            return self.then(found, request.query_params[past.PARAMETER])
        if found.status != Status.MERGED:
            if stored:
                content = dumps(self.get_serializer(found).data)
                documents.keep_public(found.pk, stored.stamp, content)
                return self.tagged(found.version, content)
            return self.answer(found)
        if found.merged_into_seen is None:
            raise Http404(_("There is no event at this address."))
        told = {"detail": _("This event was merged into another one."), "merged_into": str(found.merged_into_seen)}
        address = reverse("event-detail", args=[found.merged_into_seen], request=request)
        # It can be undone: nobody should remember the way for good.
        headers = {"Location": address, "ETag": versions.etag(found), "Cache-Control": "no-cache"}
        return Response(told, status=301, headers=headers)

    def then(self, event: Event, text: str) -> Response:
        """The event as it was; without the version as ETag, since nothing can be changed in the past."""
        try:
            found = past.as_of(event, moment_of(text), self.request.user)
        except ValidationError as error:
            raise Refused({past.PARAMETER: list(error.messages)}) from error
        if found is None:
            raise Http404(_("There is no event at this address."))
        return Response(self.chosen().cut(self.get_serializer(found).data))

    @move(serializers.Nothing)
    def submit(self, _request: Request, **_kwargs: Any) -> Response:
        """Hand a draft in for review."""
        return self.moved("submit", serializers.Nothing)

    @move(serializers.Note, url_path="send-back", scope=Scope.PUBLISH)
    def send_back(self, _request: Request, **_kwargs: Any) -> Response:
        """Give a submitted event back to its analyst, with a note of what is to be done."""
        return self.moved("send_back", serializers.Note)

    @move(serializers.Nothing, scope=Scope.PUBLISH)
    def publish(self, _request: Request, **_kwargs: Any) -> Response:
        """Publish an event; where facts are without support, the answer lists them."""
        return self.moved("publish", serializers.Nothing)

    @move(serializers.Reason, scope=Scope.PUBLISH)
    def retract(self, _request: Request, **_kwargs: Any) -> Response:
        """Take a published event back, with a reason."""
        return self.moved("retract", serializers.Reason)

    @move(serializers.Merging, scope=Scope.PUBLISH)
    def merge(self, _request: Request, **_kwargs: Any) -> Response:
        """Merge a duplicate into another event, which shows its evidence from then on."""
        return self.moved("merge", serializers.Merging)

    @move(serializers.Reason, scope=Scope.PUBLISH)
    def unmerge(self, _request: Request, **_kwargs: Any) -> Response:
        """Take a merged event out of the other one again: both are as they were."""
        return self.moved("unmerge", serializers.Reason)

    @move(serializers.Assignment)
    def assign(self, _request: Request, **_kwargs: Any) -> Response:
        """Give the event to somebody to work on; `null` gives it back."""
        return self.moved("assign", serializers.Assignment)

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


class CommentViewSet(RecordViewSet):
    """Remarks on events, between those who work on them; what was said stays."""

    http_method_names = ["get", "head", "options", "post"]
    queryset = Comment.objects.select_related("event", "created_by")
    serializer_class = serializers.CommentSerializer
    filterset_class = filters.CommentFilters


class CorrectionViewSet(ReadOnlyViewSet):
    """Changes to what was held after publication."""

    queryset = Correction.objects.select_related("event", "made_by")
    serializer_class = serializers.CorrectionSerializer
    filterset_class = filters.CorrectionFilters
    links = ("report",)
