"""The base on which a resource is three lines: queryset, serializer, parameters."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from rest_framework import exceptions
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet, ModelViewSet, ReadOnlyModelViewSet

from osint.base import idempotence, versions
from osint.base.errors import Conflict, sentence_of
from osint.base.filters import StrictBackend, check_parameters
from osint.base.pagination import Pages
from osint.base.schema import Versioned
from osint.base.visibility import seen_by


class ByHeader(DefaultContentNegotiation):
    """The format is asked for by `Accept` alone; `format=` is a parameter like any other, so unknown for now."""

    settings = SimpleNamespace(URL_FORMAT_OVERRIDE=None)  # type: ignore[assignment]


class Strict(GenericViewSet[Any]):
    """What all our views share: parameters are refused by name, and every row is one that the reader may see."""

    content_negotiation_class = ByHeader
    # What OPTIONS gives would list what serializers know, hidden records among it; the schema describes the API.
    metadata_class = None
    pagination_class = Pages
    filter_backends = (StrictBackend,)
    filterset_class: Any = None
    lists: ClassVar[set[str]] = {"list"}  # the actions that take the filters
    brief: Any = None  # a serializer for lists, where the detail tells more
    links: tuple[str, ...] = ()  # relations to records that may be hidden from this reader

    def known_parameters(self) -> set[str]:
        """Parameters that this address takes."""
        if self.action not in self.lists:
            return set()
        own = set(self.filterset_class.base_filters) if self.filterset_class else set()
        return own | {"page", "page_size"}

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Before anything else, who asks; then, whether the question can be understood."""
        super().initial(request, *args, **kwargs)
        check_parameters(request.query_params, self.known_parameters())

    def get_queryset(self) -> Any:
        """The rows that this reader may see, in an order in which no two are equal."""
        reader = self.request.user
        rows: Any = super().get_queryset()
        visible = rows.visible_to(reader)
        return visible.annotate(**seen_by(reader, visible.model, *self.links)).order_by(
            *visible.model._meta.ordering, "pk"
        )

    def get_serializer_class(self) -> Any:
        """The brief one for lists, where there is one."""
        if self.brief is not None and self.action in self.lists:
            return self.brief
        return super().get_serializer_class()

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:  # noqa: ARG002 - as the router calls it
        """The record, with its version as ETag."""
        return self.answer(self.get_object())

    def answer(self, record: Any, status: int = 200) -> Response:
        """The record as its own address shows it, with its version as ETag."""
        return Response(self.get_serializer(record).data, status, headers={"ETag": versions.etag(record)})


class ReadOnlyViewSet(Strict, ReadOnlyModelViewSet[Any]):
    """A resource that is read."""

    schema = Versioned()
    lookup_field = "uuid"


class RecordViewSet(Strict, ModelViewSet[Any]):
    """A resource that is read and written: what is there already, only in the version that ``If-Match`` names."""

    schema = Versioned()
    lookup_field = "uuid"

    @contextmanager
    def held(self, record: Any) -> Iterator[None]:
        """Change the record within this block, as one change, in the version that the request names."""
        with versions.held(record, versions.named(self.request), self.request.user):
            yield

    def create(self, request: Request, *_args: Any, **_kwargs: Any) -> Response:
        """The new record, as its own address would show it; the one made before, where the same attempt comes again."""
        rows = self.get_queryset()
        identity = idempotence.identity_of(request, rows.model)
        if identity and (made := rows.filter(**identity).first()):
            return self.answer(made)
        context = {**self.get_serializer_context(), "identity": identity}
        serializer = self.get_serializer(data=request.data, context=context)
        try:
            serializer.is_valid(raise_exception=True)
            self.perform_create(serializer)
        except (exceptions.ValidationError, IntegrityError):
            # The same attempt, sent twice at once, may have been faster.
            if identity and (made := self.get_queryset().filter(**identity).first()):
                return self.answer(made)
            raise
        return self.shown(serializer.instance, status=201)

    def update(self, request: Request, *_args: Any, **kwargs: Any) -> Response:
        """The changed record, as its own address would show it."""
        record = self.get_object()
        with self.held(record):
            serializer = self.get_serializer(record, data=request.data, partial=kwargs.get("partial", False))
            serializer.is_valid(raise_exception=True)
            self.perform_update(serializer)
        return self.shown(record)

    def shown(self, record: Any, status: int = 200) -> Response:
        """The record read again, so that the answer holds what is stored."""
        found = self.get_queryset().filter(pk=record.pk).first()
        # Whoever marks a record more strictly may not see it any more.
        return self.answer(found, status) if found is not None else Response(status=204)

    def perform_destroy(self, instance: Any) -> None:
        """Delete, or say why it has to stay."""
        try:
            with self.held(instance):
                self.remove(instance)
        except ValidationError as error:
            raise Conflict(sentence_of(error)) from error

    def remove(self, instance: Any) -> None:
        """Delete the record."""
        instance.delete()
