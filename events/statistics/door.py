"""The address of the statistics, beside the list of events whose parameters it takes."""

from typing import Any, ClassVar

from django.http import HttpResponse, HttpResponseBase
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import decorators
from rest_framework.request import Request
from rest_framework.serializers import ValidationError as Refused

from events.past import PARAMETER as PAST
from events.statistics.answer import statistics
from events.statistics.flat import columns, lines
from events.statistics.question import PARAMETERS, Question, admitting
from events.statistics.schema import Statistics, parameters
from osint.base import conditional
from osint.base.shapes import csv
from osint.base.shapes.description import IF_NONE_MATCH, LIST_TAG, SINCE, UNCHANGED
from osint.base.shapes.negotiation import CSV
from osint.base.shapes.streaming import streamed
from osint.base.wire import JSON

STATS = "stats"
NOT_HERE = {"ordering"}  # what is counted has no order
OF_NOW = gettext_lazy("“%(name)s” is for events: counted is what is held now. Leave it out, or count the list of then.")


class WithStatistics:
    """Mixin: a list of events that can be counted too, by the same parameters."""

    filterset_class: ClassVar[Any]
    action: str
    in_lists: Any

    def known_parameters(self) -> set[str]:
        """The statistics take the parameters of the list, and theirs."""
        if self.action == STATS:
            return PARAMETERS | set(self.filterset_class.base_filters) - NOT_HERE
        return super().known_parameters()  # type: ignore[misc,no-any-return]

    def of_other_forms(self) -> dict[str, Any]:
        """What to say of a parameter that the list takes and the statistics do not."""
        return {PAST: OF_NOW} if self.action == STATS else super().of_other_forms()  # type: ignore[misc]

    def get_renderers(self) -> list[Any]:
        """Statistics are JSON, or a table."""
        return [JSON(), CSV()] if self.action == STATS else super().get_renderers()  # type: ignore[misc]

    @extend_schema(
        parameters=[*parameters(), IF_NONE_MATCH, LIST_TAG, SINCE],
        responses={200: Statistics, 304: OpenApiResponse(description=UNCHANGED["description"])},
        filters=True,
    )
    @decorators.action(detail=False)
    def stats(self, request: Request) -> HttpResponseBase:
        """Counts of events and sums of a measure, by one or two dimensions; the parameters of the list apply."""
        form = request.accepted_renderer.format
        tag = conditional.of_list(request, form)
        if tag.is_held(request.META):
            return conditional.varied(tag.unchanged())
        question, answer = self.counted(request)
        told = as_json(answer) if form == "json" else as_table(request, question, answer)
        return conditional.varied(tag.put_on(told))

    def counted(self, request: Request) -> tuple[Question, dict[str, Any]]:
        """The question, and the answer to it."""
        sent, events = request.query_params, self.in_lists()
        asked = self.filterset_class(sent, events, request=request)
        if not asked.is_valid():
            raise Refused(asked.errors)
        question = Question.read(sent, asked.cleaned)
        admitted = self.filterset_class(admitting(sent), events, request=request)
        return question, statistics(question, request.user, asked, admitted.qs)


def as_json(answer: dict[str, Any]) -> HttpResponse:
    """The answer as JSON: bytes alone, so that thousands of rows are let go of as soon as they are written."""
    return HttpResponse(JSON().render(answer), content_type="application/json")


def as_table(request: Request, question: Question, answer: dict[str, Any]) -> HttpResponseBase:
    """The answer as a table."""
    names = columns(question)
    texts = (text.encode() for text in (csv.head(names), *csv.table(names, lines(answer))))
    return streamed(request, texts, CSV.media_type, "statistics.csv")
