"""The resources of the sources app."""

from typing import Any

from django.db.models import Prefetch

from osint.base.viewsets import RecordViewSet
from sources import filters, serializers
from sources.models import Relay, Report, Source


class SourceViewSet(RecordViewSet):
    """Who publishes or speaks."""

    queryset = Source.objects.all()
    serializer_class = serializers.SourceSerializer
    filterset_class = filters.SourceFilters
    lookup_field = "slug"


class ReportViewSet(RecordViewSet):
    """One publication by one source; the list leaves out the text."""

    queryset = Report.objects.select_related("source", "assignee").defer("folded")
    serializer_class = serializers.ReportSerializer
    brief = serializers.ReportBrief
    filterset_class = filters.ReportFilters
    links = ("updates",)

    def get_queryset(self) -> Any:
        """In a list without the long texts; else with the relays."""
        reports = super().get_queryset()
        if self.action in self.lists:
            return reports.defer("folded", "text", "translation")
        return reports.prefetch_related(Prefetch("relays", queryset=Relay.objects.told_to(self.request.user)))


class RelayViewSet(RecordViewSet):
    """“According to …”: whom a report passes on."""

    queryset = Relay.objects.select_related("report", "relayed_source").defer(
        "report__text", "report__folded", "report__translation"
    )
    serializer_class = serializers.RelaySerializer
    filterset_class = filters.RelayFilters
    links = ("relayed_report",)
