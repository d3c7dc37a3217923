"""The resources of judgements on pairs of events, sites and actors."""

from events import filters, serializers
from events.models import ActorJudgement, EventJudgement, SiteJudgement
from osint.base.judging_api import JudgementViewSet


class EventJudgementViewSet(JudgementViewSet):
    """What people have said of pairs of events; for those who work here."""

    queryset = EventJudgement.objects.all()
    serializer_class = serializers.EventJudgementSerializer
    filterset_class = filters.EventJudgementFilters


class SiteJudgementViewSet(JudgementViewSet):
    """What people have said of pairs of sites; for those who work here."""

    queryset = SiteJudgement.objects.all()
    serializer_class = serializers.SiteJudgementSerializer
    filterset_class = filters.SiteJudgementFilters


class ActorJudgementViewSet(JudgementViewSet):
    """What people have said of pairs of actors; for those who work here."""

    queryset = ActorJudgement.objects.all()
    serializer_class = serializers.ActorJudgementSerializer
    filterset_class = filters.ActorJudgementFilters
