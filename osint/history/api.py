"""The history by REST, for those who may read it; to everybody else there is nothing at its addresses."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import decorators
from rest_framework.exceptions import NotFound
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response

from osint.base.errors import Conflict, nothing_at, sentence_of
from osint.base.pagination import OF_THE_PAGE, Pages
from osint.base.viewsets import Strict
from osint.history import past, reading
from osint.history.filters import HistoryFilters
from osint.history.models import Entry
from osint.history.revert import revert
from osint.history.serializers import EntrySerializer, ReversionSerializer, RevertedSerializer
from osint.history.since import LATER

CONFLICTS = {LATER, "status"}


class Historians(BasePermission):
    """Those who may read the history; for everybody else nothing is there."""

    def has_permission(self, request: Request, _view: Any) -> bool:
        if not (request.user and request.user.has_perm("history.view_entry")):
            raise NotFound(nothing_at(request.path))
        return True


class HistoryViewSet(Strict):
    """What was changed, by whom, when and why: an entry for each record that a change touched."""

    queryset = Entry.objects.select_related("by")
    serializer_class = EntrySerializer
    filterset_class = HistoryFilters
    permission_classes = (Historians,)
    lookup_field = "seq"
    lookup_value_regex = "[0-9]{1,18}"
    forms = ()  # in pages alone: what is told of an entry is worked out page by page

    def of_the_form(self) -> frozenset[str]:
        """Parameters of its pages."""
        return OF_THE_PAGE

    def get_queryset(self) -> Any:
        """Entries about records that the reader may see now, the newest first."""
        return reading.readable(self.request.user).order_by("-seq")

    @extend_schema(responses=EntrySerializer(many=True))
    def list(self, _request: Request) -> Response:
        """The entries, the newest first."""
        return told(self, self.filter_queryset(self.get_queryset()))

    def retrieve(self, request: Request, seq: str) -> Response:
        """One entry."""
        entry = EntrySerializer(reading.one_by_one([self.entry(seq)], request.user)[0])
        return Response(self.chosen().cut(entry.data))

    @extend_schema(request=ReversionSerializer, responses=RevertedSerializer)
    @decorators.action(detail=True, methods=["post"])
    def revert(self, request: Request, seq: str) -> Response:
        """Undo the whole change that the entry belongs to, as a change of its own; 409 where something came since."""
        entry = self.entry(seq)
        sent = ReversionSerializer(data=request.data, context=self.get_serializer_context())
        sent.is_valid(raise_exception=True)
        try:
            undone = revert(entry, request.user, sent.validated_data["reason"])
        except ValidationError as error:
            if getattr(error, "code", "") in CONFLICTS:
                raise Conflict(sentence_of(error)) from error
            raise
        made = {"change": undone.change.uuid, "seq": past.end_of(undone.change.uuid), "kept": undone.kept}
        return Response(RevertedSerializer(made).data)

    def entry(self, seq: str) -> Entry:
        """The entry of this number, if the reader may see it."""
        found: Entry | None = self.get_queryset().filter(pk=int(seq)).first()
        if found is None:
            raise Http404(_("There is no entry of this number."))
        return found


class WithHistory:
    """Mixin: the history of one record and of everything that belongs to it."""

    action: str
    request: Any
    get_object: Any

    def known_parameters(self) -> set[str]:
        """The pages of a history."""
        known: set[str] = super().known_parameters()  # type: ignore[misc]
        return known | (OF_THE_PAGE if self.action == "history" else set())

    @extend_schema(responses=EntrySerializer(many=True))
    @decorators.action(detail=True, permission_classes=[Historians])
    def history(self, _request: Request, **_kwargs: Any) -> Response:
        """What was changed in the record and in everything that belongs to it, the newest first."""
        record = self.get_object()
        entries = reading.readable(self.request.user).about(record._meta.label_lower, record.pk)
        return told(self, entries.order_by("-seq"))


def told(view: Any, entries: Any) -> Response:
    """A page of entries in words."""
    # Not the view's own pages: those of events are read as they are stored.
    pages = Pages()
    page = pages.paginate_queryset(entries, view.request)
    return pages.get_paginated_response(EntrySerializer(reading.one_by_one(page, view.request.user), many=True).data)
