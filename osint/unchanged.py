"""What the public is told over again: that a list is still what it was, or a page of it, before anybody else is asked.

Most of what the public asks was asked before: a map or a mirror looks after its list every few seconds and shows the
tag of what it has (``If-None-Match``), many readers open the same page. The first time the answer is worked out by all
that every request passes. Its headers are remembered here for whoever asks the same in the same words, and told again
as long as the public's numbers have not risen (``osint.history.editions``), which are read each time; the events of a
page are read anew, by the statement that found them. Whatever is not known to be so goes the usual way.
"""

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from events.listing import Again
from osint.access.throttles import Anonymous, TooMany
from osint.base import problems
from osint.base.conditional import Tag
from osint.history import editions

MOST = 200  # answers that are remembered
# What may make another answer of the same address; nothing is remembered for persons.
ASKED_BY = ("HTTP_HOST", "HTTP_X_FORWARDED_PROTO", "HTTP_ACCEPT", "HTTP_ACCEPT_LANGUAGE", "HTTP_ORIGIN")
OF_PERSONS = ("HTTP_AUTHORIZATION", "HTTP_COOKIE")
VARYING = {"accept", "accept-language", "origin", "authorization", "cookie"}
PUBLIC = AnonymousUser()
Key = tuple[Any, ...]


class Told(NamedTuple):
    """What the public was told: by which tag, in which headers, and how a page is read again."""

    tag: Tag
    status: int
    headers: dict[str, str]
    again: Again | None


class Unchanged:
    """Tells the public what it was told before, where that still holds."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.remembered: dict[Key, Told] = {}

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The same answer over again; else the next layer's."""
        key = key_of(request)
        if key is None:
            return self.get_response(request)
        told = self.told(key, request)
        if told and is_still(told.tag) and may_ask(request) and (answer := told_again(told)):
            return answer
        response = self.get_response(request)
        self.remember(key, response)
        return response

    def told(self, key: Key, request: HttpRequest) -> Told | None:
        """What was told to who asked the same: that nothing has changed, to those alone who show the tag."""
        told = self.remembered.get((*key, 304))
        if told and told.tag.is_held(request):
            return told
        found = self.remembered.get((*key, 200))
        return None if found and found.tag.is_held(request) else found

    def remember(self, key: Key, response: HttpResponseBase) -> None:
        """Remember what was told, if it is what all the public would be told."""
        tag: Tag | None = getattr(response, "tag", None)
        again: Again | None = getattr(response, "again", None)
        # Before the moment is settled, a header that gives it is yet to come.
        if not tag or not tag.edition or tag.since is None or response.cookies or not varies_as_known(response):
            return
        if response.status_code == 304 or (response.status_code == 200 and again):
            if len(self.remembered) >= MOST:
                self.remembered.clear()
            told = Told(tag, response.status_code, dict(response.headers), again)
            self.remembered[(*key, response.status_code)] = told


def key_of(request: HttpRequest) -> Key | None:
    """What tells a question of the public from others; none where it is no such question."""
    sent = request.META
    if request.method not in {"GET", "HEAD"} or not problems.of_api(request) or any(map(sent.get, OF_PERSONS)):
        return None
    return request.method, request.path, sent["QUERY_STRING"], sent["wsgi.url_scheme"], *map(sent.get, ASKED_BY)


def is_still(tag: Tag) -> bool:
    """Whether the public's numbers are what they were, and since when; after a restore a number may come again."""
    now = editions.seen_by(PUBLIC)
    return tag.edition is not None and (now.numbers, now.at) == (tag.edition.numbers, tag.edition.at)


def may_ask(request: HttpRequest) -> bool:
    """Count the question; whether it is not one too many, which is refused in the usual way."""
    request.user = PUBLIC
    try:
        # It reads of a request what both kinds have.
        return Anonymous().allow_request(request, None)  # type: ignore[arg-type]
    except TooMany:
        return False


def told_again(told: Told) -> HttpResponse | None:
    """The answer over again; none where its page has become another one in between."""
    body = told.again.read(PUBLIC) if told.again else b""
    if body is None:
        return None
    response = HttpResponse(body, status=told.status)
    response.headers = type(response.headers)(told.headers)
    if told.again:
        response.headers["Content-Length"] = str(len(body))
    return response


def varies_as_known(response: HttpResponseBase) -> bool:
    """Whether the answer depends on nothing but what is compared."""
    return set(re.split(r"\s*,\s*", response.headers.get("Vary", "").lower())) <= VARYING
