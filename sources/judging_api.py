"""The resource of judgements on pairs of reports."""

from osint.base.judging_api import JudgementViewSet
from sources import filters, serializers
from sources.models import ReportJudgement


class ReportJudgementViewSet(JudgementViewSet):
    """What people have said of pairs of reports; for those who work here."""

    queryset = ReportJudgement.objects.all()
    serializer_class = serializers.ReportJudgementSerializer
    filterset_class = filters.ReportJudgementFilters
