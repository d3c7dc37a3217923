"""The resources of the sources app."""

from typing import Any

from django.db.models import Prefetch
from rest_framework.parsers import MultiPartParser

from osint.base.judging_api import WithTwins
from osint.base.viewsets import RecordViewSet
from sources import filters, serializers, twins
from sources.models import Attachment, PassageNote, Relay, Report, Source


class SourceViewSet(RecordViewSet):
    """Who publishes or speaks."""

    queryset = Source.objects.all()
    serializer_class = serializers.SourceSerializer
    filterset_class = filters.SourceFilters
    lookup_field = "slug"


class ReportViewSet(WithTwins):
    """One publication by one source; the list leaves out the text."""

    queryset = Report.objects.select_related("source", "assignee").defer("folded")
    serializer_class = serializers.ReportSerializer
    brief = serializers.ReportBrief
    filterset_class = filters.ReportFilters
    twins_serializer = serializers.ReportTwins
    twins_of = staticmethod(twins.of_report)
    links = ("updates",)

    def get_queryset(self) -> Any:
        """In a list without the long texts; else with the relays."""
        reports = super().get_queryset()
        if self.action in self.lists:
            return reports.defer("folded", "text", "translation")
        told = Prefetch("relays", queryset=Relay.objects.told_to(self.request.user))
        return reports.prefetch_related(told, "attachments")


class RelayViewSet(RecordViewSet):
    """“According to …”: whom a report passes on."""

    queryset = Relay.objects.select_related("report", "relayed_source").defer(
        "report__text", "report__folded", "report__translation"
    )
    serializer_class = serializers.RelaySerializer
    filterset_class = filters.RelayFilters
    links = ("relayed_report",)


class PassageNoteViewSet(RecordViewSet):
    """Passages that become no incident, for those who work on reports."""

    queryset = PassageNote.objects.select_related("report", "created_by").defer(
        "report__text", "report__folded", "report__translation"
    )
    serializer_class = serializers.PassageNoteSerializer
    filterset_class = filters.PassageNoteFilters


class AttachmentViewSet(RecordViewSet):
    """Files that belong to reports: sent once, as multipart/form-data, and never changed."""

    queryset = Attachment.objects.select_related("report").defer(
        "report__text", "report__folded", "report__translation"
    )
    serializer_class = serializers.AttachmentSerializer
    filterset_class = filters.AttachmentFilters
    parser_classes = (MultiPartParser,)
    http_method_names = ["get", "head", "post", "delete"]
    bulk: Any = None  # a request carries one file
