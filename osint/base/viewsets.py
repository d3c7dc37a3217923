"""The base on which a resource is three lines: queryset, serializer, parameters."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from rest_framework import exceptions
from rest_framework.decorators import action
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ModelViewSet, ReadOnlyModelViewSet

from osint.base import bulk, conditional, idempotence, rehearsal, versions
from osint.base.errors import Conflict, sentence_of
from osint.base.filters import StrictBackend, check_parameters
from osint.base.keyset import order_by
from osint.base.pagination import Pages
from osint.base.permissions import Writers
from osint.base.schema import Versioned
from osint.base.shapes.choosing import PARAMETERS
from osint.base.shapes.lists import Listed
from osint.base.visibility import seen_by
from osint.base.wire import dumps
from osint.base.writes_schema import Written

FORMAT = "format"


class Strict(Listed):
    """What all our views share: parameters are refused by name, and every row is one that the reader may see."""

    # What OPTIONS gives would list what serializers know, hidden records among it; the schema describes the API.
    metadata_class = None
    pagination_class = Pages
    filter_backends = (StrictBackend,)
    filterset_class: ClassVar[Any] = None
    brief: ClassVar[Any] = None  # a serializer for lists, where the detail tells more
    links: tuple[str, ...] = ()  # relations to records that may be hidden from this reader
    scope = ""  # what a token has to be made for, where the method does not say it

    def known_parameters(self) -> set[str]:
        """Parameters that this address takes."""
        if self.action not in self.lists:
            return {"atomic"} if self.action == "bulk" else set(PARAMETERS) if self.action == "retrieve" else set()
        own = set(self.filterset_class.base_filters) if self.filterset_class else set()
        return own | self.of_the_form()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Before anything else, who asks; then, whether the question can be understood."""
        super().initial(request, *args, **kwargs)
        of_all = {FORMAT} if request.method in SAFE_METHODS else rehearsal.parameters(request)
        check_parameters(request.query_params, self.known_parameters() | of_all, self.of_other_forms())
        rehearsal.prepare(self, request)

    def perform_authentication(self, request: Request) -> None:
        """Who asks; whose token is none is counted as a stranger, whom any text would free from the limit otherwise."""
        try:
            super().perform_authentication(request)
        except exceptions.AuthenticationFailed:
            self.check_throttles(request)
            raise

    def get_queryset(self) -> Any:
        """The rows that this reader may see, in an order in which no two are equal."""
        reader = self.request.user
        rows: Any = super().get_queryset()
        visible = rows.visible_to(reader)
        order = order_by(visible.model, visible.model._meta.ordering)
        assert order is not None, "A list is ordered by columns of its own."  # noqa: S101 - a mistake of ours
        return order.applied(visible.annotate(**seen_by(reader, visible.model, *self.links)))

    def get_serializer_class(self) -> Any:
        """The brief one for lists, where there is one."""
        if self.brief is not None and self.action in self.lists:
            return self.brief
        return super().get_serializer_class()

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Any:  # noqa: ARG002 - as the router calls it
        """The record, with its version and what its bytes come to as ETag; nothing to whoever has these already."""
        return self.answer(self.get_object())

    def answer(self, record: Any, status: int = 200) -> Any:
        """The record as its own address shows it, with its ETag."""
        data = self.get_serializer(record).data
        shown = self.chosen().cut(data) if self.action == "retrieve" else data
        return self.tagged(record.version, dumps(shown), shown, status)

    def tagged(self, version: int, content: bytes, data: Any = None, status: int = 200) -> Any:
        """What is shown of a record in this version, with its ETag."""
        answer = conditional.Prepared(data, content, status=status)
        return conditional.answered(self.request, answer, conditional.of_record(version, content))


class ReadOnlyViewSet(Strict, ReadOnlyModelViewSet[Any]):
    """A resource that is read."""

    schema = Versioned()
    lookup_field = "uuid"


class RecordViewSet(Strict, ModelViewSet[Any]):
    """A resource that is read and written: what is there already, only in the version that ``If-Match`` names."""

    schema = Written()
    lookup_field = "uuid"

    @contextmanager
    def held(self, record: Any) -> Iterator[None]:
        """Change the record within this block, as one change, in the version that the request names."""
        with versions.held(record, versions.named(self.request), self.request.user):
            yield

    def create(self, request: Request, *_args: Any, **_kwargs: Any) -> Any:
        """The new record, as its own address would show it; the one made before, where the same attempt comes again."""
        attempt = idempotence.attempt_of(request, self.get_queryset().model)
        if attempt is None:
            return self.shown(self.make(request.data), status=201)
        identity = attempt.identity(idempotence.digest(request.data))
        with attempt.alone():
            found = attempt.made(self.get_queryset()).get(0)
            made = idempotence.same(found, identity) if found else self.make(request.data, {"uuid": identity})
        return self.answer(made) if found else self.shown(made, status=201)

    def make(self, data: Any, identity: Mapping[str, Any] = MappingProxyType({})) -> Any:
        """The record that was sent, checked and stored."""
        serializer = self.get_serializer(data=data, context={**self.get_serializer_context(), "identity": identity})
        serializer.is_valid(raise_exception=True)
        self.perform_create(serializer)
        return serializer.instance

    def update(self, request: Request, *_args: Any, **kwargs: Any) -> Any:
        """The changed record, as its own address would show it."""
        record = self.get_object()
        with self.held(record):
            self.alter(record, request.data, partial=kwargs.get("partial", False))
        return self.shown(record)

    def alter(self, record: Any, data: Any, *, partial: bool) -> None:
        """Check what was sent, and store it in the record."""
        serializer = self.get_serializer(record, data=data, partial=partial)
        serializer.is_valid(raise_exception=True)
        self.perform_update(serializer)

    @action(detail=False, methods=["post"], permission_classes=[Writers])
    def bulk(self, request: Request, **_kwargs: Any) -> Any:
        """Make and change up to 500 records: all or none of them, or with `atomic=false` each by itself."""
        return bulk.answer(self, request)

    def shown(self, record: Any, status: int = 200) -> Any:
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
