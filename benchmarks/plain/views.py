"""The viewset, its filters and its pages."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count as HowMany
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import TruncMonth
from django.http import StreamingHttpResponse
from django_filters import rest_framework as filters
from rest_framework.decorators import action
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.pagination import PageNumberPagination
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ModelViewSet

from benchmarks.plain.serializers import DetailSerializer, EventSerializer
from events.models import Event, EventType, Site
from osint.base.tree import below


class Pages(PageNumberPagination):
    """Numbered pages of a hundred."""

    page_size = 100


class Search(filters.CharFilter):
    """Words of the summary, or of a quote of a report that the public sees, of a duplicate's report too."""

    def filter(self, qs: Any, value: Any) -> Any:
        if not value:
            return qs
        own = Q(citations__claims__folded__contains=value, citations__report__tlp="CLEAR")
        merged = Q(duplicates__citations__claims__folded__contains=value, duplicates__citations__report__tlp="CLEAR")
        return qs.filter(Q(folded__contains=value) | own | merged).distinct()


class EventFilters(filters.FilterSet):
    """Filters by relations, with DISTINCT where a row may come twice."""

    date_from = filters.DateFilter("latest", "gte")
    date_to = filters.DateFilter("earliest", "lte")
    updated_since = filters.IsoDateTimeFilter("changed_at", "gte")
    site = filters.CharFilter(method="within")
    type = filters.CharFilter(method="of_type")
    actor = filters.CharFilter("involvements__actor__slug", distinct=True)
    bbox = filters.CharFilter(method="in_box")
    q = Search()

    class Meta:
        model = Event
        fields: ClassVar[list[str]] = []

    def within(self, events: QuerySet[Event], _name: str, value: str) -> QuerySet[Event]:
        """At a place or within it."""
        return events.filter(below(Site.objects.get(slug=value).path, "placements__site__")).distinct()

    def of_type(self, events: QuerySet[Event], _name: str, value: str) -> QuerySet[Event]:
        """Of a type or a narrower one."""
        return events.filter(below(EventType.objects.get(slug=value).path, "type__"))

    def in_box(self, events: QuerySet[Event], _name: str, value: str) -> QuerySet[Event]:
        """With a place whose point is in the box; its radius is not asked about."""
        west, south, east, north = map(float, value.split(","))
        return events.filter(
            placements__site__longitude__range=(west, east), placements__site__latitude__range=(south, north)
        ).distinct()

    @property
    def qs(self) -> Any:
        """An actor and its part speak of one involvement."""
        found = super().qs
        return (
            found.filter(
                involvements__actor__slug=self.data["actor"], involvements__role=self.data["actor_role"]
            ).distinct()
            if "actor_role" in self.data
            else found
        )


class EventViewSet(ModelViewSet[Event]):
    """Events."""

    authentication_classes = ()
    permission_classes = ()
    throttle_classes = ()
    renderer_classes = (JSONRenderer,)
    content_negotiation_class = DefaultContentNegotiation
    serializer_class = EventSerializer
    filterset_class = EventFilters
    filter_backends = (filters.DjangoFilterBackend,)
    pagination_class = Pages
    lookup_field = "reference"

    def get_queryset(self) -> QuerySet[Event]:
        """What the public sees, with what is shown of it."""
        statuses = ["published", "retracted"] if self.action == "retrieve" else ["published"]
        events = Event.objects.filter(status__in=statuses, tlp="CLEAR")
        events = events.select_related("type", "part_of", "merged_into")
        if self.action == "retrieve":
            return events.with_evidence()
        return events.prefetch_related("placements__site", "involvements__actor", "counts__measure", "counts__party")

    def get_serializer_class(self) -> Any:
        """The detail shows more."""
        return DetailSerializer if self.action == "retrieve" else EventSerializer

    def get_serializer_context(self) -> Any:
        """The public reads."""
        return {**super().get_serializer_context(), "reader": AnonymousUser()}

    @action(detail=False)
    def stats(self, request: Request) -> Response:  # noqa: ARG002
        """How many events by month and type."""
        events = self.filter_queryset(self.get_queryset()).order_by()
        parts = Event.objects.filter(part_of=OuterRef("pk"), status="published", tlp="CLEAR")
        single = Q(is_aggregate=False) | ~Exists(parts)
        keys = events.values("pk")
        counted = (
            Event.objects.filter(single, pk__in=keys)
            .order_by()
            .annotate(first=TruncMonth("earliest"), month=TruncMonth("latest"))
            .values("first", "month", "type__slug")
            .annotate(
                events=HowMany("pk", distinct=True), aggregates=HowMany("pk", Q(is_aggregate=True), distinct=True)
            )
        )
        return Response(told(counted))

    @action(detail=False)
    def lines(self, request: Request) -> StreamingHttpResponse:  # noqa: ARG002
        """JSON Lines."""
        events = self.filter_queryset(self.get_queryset())
        return StreamingHttpResponse(JSONRenderer().render(one) + b"\n" for one in rows(events))

    @action(detail=False)
    def table(self, request: Request) -> StreamingHttpResponse:  # noqa: ARG002
        """CSV."""
        return StreamingHttpResponse(as_csv(rows(self.filter_queryset(self.get_queryset()))))


def rows(events: QuerySet[Event]) -> Iterator[dict[str, Any]]:
    """Serialized events, some at a time."""
    for event in events.iterator(chunk_size=1_000):
        yield EventSerializer(event).data


def as_csv(events: Iterator[dict[str, Any]]) -> Iterator[str]:
    """Lines of a table, nested lists as JSON."""
    for event in events:
        text = io.StringIO()
        csv.writer(text).writerow(event.values())
        yield text.getvalue()


def told(counted: Iterable[Any]) -> dict[str, Any]:
    """The cells of the statistics, those of events that lie within no month apart."""
    found: dict[str, dict[tuple[str, str], list[int]]] = {"rows": {}, "imprecise": {}}
    for one in counted:
        precise = one["first"] == one["month"]
        key = (f"{one['month']:%Y-%m}" if precise else "imprecise", one["type__slug"])
        cell = found["rows" if precise else "imprecise"].setdefault(key, [0, 0])
        cell[0] += one["events"]
        cell[1] += one["aggregates"]
    return {
        kind: [
            {"month": month, "type": slug, "events": events, "aggregates": aggregates}
            for (month, slug), (events, aggregates) in sorted(cells.items())
        ]
        for kind, cells in found.items()
    }
