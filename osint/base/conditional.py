"""Answers that are not sent again: whoever shows the tag of what she has is told in a line that it is still so.

A list's tag says for whom the list is and how often what she sees has changed (``osint.history.editions``). It is
worked out before the rows are read, so an answer is never older than its tag says. A record's tag holds the digest of
the bytes themselves.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import django
import rest_framework
from django.conf import settings
from django.http import HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.crypto import salted_hmac
from django.utils.http import http_date, parse_etags, parse_http_date_safe
from django.utils.translation import get_language
from rest_framework.request import Request
from rest_framework.response import Response

from osint.base.wire import dumps
from osint.history import editions

OURS = ("osint", "sources", "events")
DIGITS = 16  # of a digest, which only has to tell answers at one address apart
# A moment is given in whole seconds, so it says nothing of a change within the same one.
SETTLED = timedelta(seconds=2)


@dataclass(frozen=True)
class Tag:
    """What tells an answer from the one before, and since when it is so, where that can be said."""

    text: str
    since: datetime | None = None
    edition: editions.Seen | None = None  # by which it was worked out, where it is the public's

    def is_held(self, sent: Mapping[str, Any]) -> bool:
        """Whether whoever sent this with her question (``request.META``) has this answer already."""
        if "HTTP_IF_NONE_MATCH" in sent:
            held = parse_etags(sent["HTTP_IF_NONE_MATCH"])
            return "*" in held or self.text.removeprefix("W/") in {tag.removeprefix("W/") for tag in held}
        asked = parse_http_date_safe(sent.get("HTTP_IF_MODIFIED_SINCE", ""))
        return bool(self.since and asked and self.since.timestamp() < asked + 1)

    def put_on(self, response: HttpResponseBase) -> HttpResponseBase:
        """The answer with its tag, which it knows."""
        response.tag = self  # type: ignore[attr-defined]
        response.headers["ETag"] = self.text
        if self.since:
            response.headers["Last-Modified"] = http_date(self.since.timestamp())
        return response

    def unchanged(self) -> HttpResponseBase:
        """The answer to whoever has it."""
        response = HttpResponse(status=304)
        del response.headers["Content-Type"]
        return self.put_on(response)


# Lists


def of_list(request: Request, form: str, edition: editions.Seen | None = None) -> Tag:
    """The tag of a list in a form; ``edition`` is what the reader sees, where that is known."""
    reader = request.user
    edition = edition or editions.seen_by(reader)
    sent = urlencode(sorted((name, text) for name, text in request.query_params.items()))
    told = [edition.numbers, rights(reader), f"{request.path}?{sent}", request.get_host(), form, get_language(), code()]
    text = f'W/"{salted_hmac("osint.base.conditional", dumps(told), algorithm="sha256").hexdigest()[:DIGITS]}"'
    return Tag(text) if reader.is_authenticated else Tag(text, settled(edition.at), edition)


def rights(reader: Any) -> list[Any]:
    """Who the reader is, and what she may do: both decide what she sees."""
    return [reader.pk, *sorted(reader.get_all_permissions())] if reader.is_authenticated else []


def settled(at: datetime | None) -> datetime | None:
    """The last moment at which the public saw a change, unless another may still fall into the same second."""
    last = max(at or code_since(), code_since()).replace(microsecond=0)
    return last if last < timezone.now() - SETTLED else None


@lru_cache(maxsize=1)
def code() -> str:
    """A digest of the code, which decides how everything looks."""
    digest = sha256(f"{django.VERSION} {rest_framework.VERSION}".encode())
    for path in files():
        digest.update(path.read_bytes())
    return digest.hexdigest()[:DIGITS]


@lru_cache(maxsize=1)
def code_since() -> datetime:
    """When the code was put here."""
    return datetime.fromtimestamp(max(path.stat().st_mtime for path in files()), UTC)


def files() -> list[Path]:
    """The code."""
    return sorted(path for name in OURS for path in (settings.BASE_DIR / name).rglob("*.py"))


# Records


class Prepared(Response):
    """An answer whose bytes are there already."""

    def __init__(self, data: Any, content: bytes, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.prepared = content

    @property
    def rendered_content(self) -> bytes:  # type: ignore[override]
        """The bytes."""
        self.headers["Content-Type"] = "application/json"
        return self.prepared


def of_record(version: int, content: bytes) -> Tag:
    """The tag of a record: its version, to write with, and the digest of what is shown of it, to read with."""
    return Tag(f'"{version}-{sha256(content).hexdigest()[:DIGITS]}"')


def answered(request: Request, response: HttpResponseBase, tag: Tag) -> HttpResponseBase:
    """The answer with its tag; the tag alone to a reader who has it."""
    reads = request.method in {"GET", "HEAD"} and response.status_code == 200
    return tag.unchanged() if reads and tag.is_held(request.META) else tag.put_on(response)


def varied(response: HttpResponseBase) -> HttpResponseBase:
    """The answer, marked as one that depends on who asks, and in which form and language."""
    patch_vary_headers(response, ["Accept", "Accept-Language", "Authorization", "Cookie"])
    return response
