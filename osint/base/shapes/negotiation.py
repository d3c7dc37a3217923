"""Which form is asked for: by ``?format=``, else by ``Accept`` with its weights (RFC 9110)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from rest_framework.exceptions import NotAcceptable, ValidationError
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from osint.base.errors import unknown
from osint.base.text import shown
from osint.base.wire import JSON

LONGEST, MOST = 8_192, 64  # characters and media ranges of a header that are read


@dataclass(frozen=True)
class Form:
    """A form of an answer: its name, and its media type with those under which it goes besides."""

    name: str
    media_type: str
    also: tuple[str, ...] = ()
    parameters: str = ""

    @property
    def content_type(self) -> str:
        """What the answer says of itself."""
        return self.media_type + self.parameters

    @property
    def media_types(self) -> tuple[str, ...]:
        """Every media type by which it can be asked for."""
        return (self.media_type, *self.also)


class Streamed(BaseRenderer):
    """A form in which a list is sent whole, row by row, by the view itself."""

    form: Form
    schema: ClassVar[dict[str, Any]] = {}  # how the description tells of it, where it is not one of those of all lists

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> Any:
        """What is no list, such as a refusal, in JSON."""
        return JSON().render(data, accepted_media_type, renderer_context)


class JSONLines(Streamed):
    """A JSON object a line."""

    form = Form("jsonl", "application/jsonl", ("application/x-ndjson", "application/jsonlines"))
    media_type, format = form.media_type, form.name


class CSV(Streamed):
    """A table (RFC 4180)."""

    form = Form("csv", "text/csv", parameters="; charset=utf-8; header=present")
    media_type, format = form.media_type, form.name


class GeoJSON(Streamed):
    """A collection of features (RFC 7946)."""

    form = Form("geojson", "application/geo+json")
    media_type, format = form.media_type, form.name


class ByQuestion(DefaultContentNegotiation):
    """The format that the question names, else the one that its sender likes best."""

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:  # noqa: ARG002 - as REST framework calls it
        """The renderer, with its media type."""
        name = request.query_params.get("format")
        found = by_name(name, renderers) if name is not None else by_header(request, renderers)
        return found, found.media_type


def by_name(name: str, renderers: Any) -> Any:
    """The renderer of this name; an unknown one is refused with those that there are."""
    known = {renderer.format: renderer for renderer in renderers}
    if name not in known:
        sentence = _("There is no format “%(name)s” here.") % {"name": shown(name)}
        raise ValidationError({"format": [unknown(sentence, name, known)]})
    return known[name]


def by_header(request: Request, renderers: Any) -> Any:
    """The renderer that ``Accept`` likes best, the first among equals."""
    types = {name: renderer for renderer in renderers for name in media_types(renderer)}
    ranges = list(accepted(request.headers.get("Accept", "*/*")))
    liked = {name: liking(name, ranges) for name in types}
    # The highest weight; then what the sender names first; then what we do.
    chosen = max(types, key=lambda name: liked[name])
    if liked[chosen][0] == 0:
        raise NotAcceptable
    return types[chosen]


def accepted(header: str) -> Iterator[tuple[str, float]]:
    """The media ranges of a header with their weights; what comes after the first few dozen is left unread."""
    for token in header[:LONGEST].split(",", MOST)[:MOST]:
        name, _semicolon, parameters = token.partition(";")
        weight = re.search(r"(?:^|;)\s*q\s*=\s*([01](?:\.[0-9]{0,3})?)\s*(?:;|$)", parameters, re.ASCII | re.IGNORECASE)
        if name.strip():
            yield name.strip().lower(), min(1.0, float(weight[1])) if weight else 1.0


def liking(name: str, ranges: list[tuple[str, float]]) -> tuple[float, int]:
    """The weight of a media type, by the narrowest range that holds it; and how early that range stands."""
    for wanted in (name, name.split("/")[0] + "/*", "*/*"):
        for position, (given, weight) in enumerate(ranges):
            if given == wanted:
                return weight, -position
    return 0, 0


def media_types(renderer: Any) -> tuple[str, ...]:
    """The media types by which the renderer's form can be asked for."""
    return renderer.form.media_types if isinstance(renderer, Streamed) else (renderer.media_type,)
