"""The address at which the data are followed."""

from hashlib import sha256
from typing import Any

from django.core.exceptions import ValidationError as Unreadable
from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_serializer
from orjson import Fragment
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from osint.base.conditional import Tag
from osint.base.errors import unknown
from osint.base.filters import parts
from osint.base.pagination import MOST_ROWS, PAGE_SIZE, number
from osint.base.permissions import Readers
from osint.base.shapes.description import IF_NONE_MATCH, header
from osint.base.text import shown
from osint.base.viewsets import Strict
from osint.base.wire import dumps
from osint.changes import position
from osint.changes.feed import GONE, PUT, Page, Question, page
from osint.changes.kinds import KINDS, Kind
from osint.history.models import Notice, What

EVIDENCE = "evidence"
SINCE_TOLD = gettext_lazy("How far you have come, as “next” says it; without it, everything from the beginning.")
SIZE_TOLD = gettext_lazy("How many changes a page, from 1 to 500; 100 where nothing is said.")
INCLUDE_TOLD = gettext_lazy("evidence: each record as its own address shows it, with all that belongs to it.")
KIND_TOLD = gettext_lazy("Which kinds of records; several separated by commas. All that you may read, if left out.")


class ChangeSerializer(serializers.Serializer[Any]):
    """What has become of one record."""

    op = serializers.ChoiceField(
        choices=[PUT, GONE], help_text=gettext_lazy("Put it in place of what you have of it, or drop it.")
    )
    kind = serializers.ChoiceField(choices=[kind.name for kind in KINDS])
    id = serializers.CharField(help_text=gettext_lazy("Its UUID or slug."))
    what = serializers.ChoiceField(choices=What.choices, required=False, allow_null=True)
    at = serializers.DateTimeField(
        required=False, allow_null=True, help_text=gettext_lazy("When; null in the listing.")
    )
    record = serializers.DictField(required=False, help_text=gettext_lazy("The record as it is now."))


@extend_schema_serializer(many=False)
class ChangesSerializer(serializers.Serializer[Any]):
    """A page of changes."""

    next = serializers.URLField(help_text=gettext_lazy("Where to go on: now, or later where nothing is left just now."))
    has_more = serializers.BooleanField(help_text=gettext_lazy("Whether there is more by now."))
    results = ChangeSerializer(many=True)


def parameter(name: str, told: Any, kind: Any = str, **more: Any) -> OpenApiParameter:
    """How the API's description tells of a parameter."""
    return OpenApiParameter(name, kind, description=str(told), **more)


class ChangesViewSet(Strict):
    """Everything there is, then every change in its order: enough to keep an exact copy of what you may see."""

    queryset = Notice.objects.none()
    serializer_class = ChangesSerializer
    permission_classes = (Readers,)
    pagination_class: Any = None
    forms = ()  # in pages alone: a position is kept with its page

    def known_parameters(self) -> set[str]:
        """Parameters that this address takes."""
        return {"since", "page_size", "include", "kind"}

    @extend_schema(
        operation_id="changes",
        parameters=[
            parameter("since", SINCE_TOLD),
            parameter("page_size", SIZE_TOLD, int),
            parameter("include", INCLUDE_TOLD, enum=[EVIDENCE]),
            parameter("kind", KIND_TOLD),
            IF_NONE_MATCH,
            header("ETag", "The same while the same is told at the same address; weak.", 200, 304),
            header("Link", "Where to go on: next.", 200),
        ],
        responses={
            200: ChangesSerializer,
            304: OpenApiResponse(description="Nothing new."),
            410: OpenApiResponse(description="Begin anew."),
        },
    )
    def list(self, request: Request) -> HttpResponseBase:
        """What has become of which record since a position, and the next one."""
        question = self.question(request)
        reader, asked = position.reader_mark(request), question.digest
        sent = request.query_params.get("since")
        begun = position.opened(sent, reader, asked) if sent else None
        found = page(question, begun)
        results = dumps([written(item.told) for item in found.items])
        tag = tag_of(sent or "", results, has_more=found.has_more)
        if tag.is_held(request.META):
            return tag.unchanged()
        way = self.way(request, found, reader, asked)
        body = {"next": way, "has_more": found.has_more, "results": Fragment(results)}
        return tag.put_on(Response(body, headers={"Link": f'<{way}>; rel="next"'}))

    def question(self, request: Request) -> Question:
        """What the address asks for."""
        include = request.query_params.get("include")
        if include not in {None, EVIDENCE}:
            told = unknown(_("“%(value)s” cannot be included.") % {"value": shown(include)}, str(include), [EVIDENCE])
            raise ValidationError({"include": [told]})
        size = number(request, "page_size", PAGE_SIZE, MOST_ROWS)
        kinds = tuple(kind for kind in self.kinds(request) if kind.is_open_to(request))
        return Question(request, kinds, include == EVIDENCE, size)

    def kinds(self, request: Request) -> tuple[Kind, ...]:
        """The kinds that the address names, or all."""
        known = {kind.name: kind for kind in KINDS}
        try:
            named = parts(request.query_params.get("kind"))
        except Unreadable as error:
            raise ValidationError({"kind": list(error.messages)}) from error
        for name in named:
            if name not in known:
                told = unknown(_("“%(value)s” is no kind of record.") % {"value": shown(name)}, name, known)
                raise ValidationError({"kind": [told]})
        return tuple(kind for kind in KINDS if not named or kind.name in named)

    def way(self, request: Request, found: Page, reader: bytes, asked: bytes) -> str:
        """The address to go on at."""
        sent = request.query_params.copy()
        sent["since"] = found.position.sealed(reader, asked)
        return f"{request.build_absolute_uri(request.path)}?{sent.urlencode()}"


def written(told: dict[str, Any]) -> dict[str, Any]:
    """What is told, with a record that is text already as it is."""
    record = told.get("record")
    return told | {"record": Fragment(record)} if isinstance(record, bytes) else told


def tag_of(sent: str, results: bytes, *, has_more: bool) -> Tag:
    """A weak tag: the same while the same is told at the same address; what it seals is not to be compared."""
    return Tag(f'W/"{sha256(b"%b%b%d" % (sent.encode(), results, has_more)).hexdigest()[:32]}"')
