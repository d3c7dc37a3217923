"""What the public is told over again: that a list is still what it was, or a page of it, before anybody else is asked.

Most of what the public asks was asked before: a map or a mirror looks after its list every few seconds and shows the
tag of what it has (``If-None-Match``), many readers open the same page. The first time the answer is worked out by all
that every request passes. Its headers are remembered here for whoever asks the same in the same words, and told again
as long as the public's numbers have not risen (``osint.history.editions``), which are read each time; the events of a
page are read anew, by the statement that found them. Whatever is not known to be so goes the usual way.

It stands in front of Django, which takes as long to begin and to end a request as all of this.
"""

import re
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any, NamedTuple

from django.contrib.auth.models import AnonymousUser
from django.db import Error, connection

from events.listing import Again
from osint.access.throttles import Anonymous, TooMany
from osint.base import conditional
from osint.base.conditional import Tag
from osint.base.problems import DOOR
from osint.history import editions

MOST = 200  # answers that are remembered
# What may make another answer of the same address; nothing is remembered for persons.
ASKED_BY = (
    "REQUEST_METHOD", "SCRIPT_NAME", "PATH_INFO", "QUERY_STRING", "wsgi.url_scheme", "HTTP_HOST",
    "HTTP_X_FORWARDED_PROTO", "HTTP_ACCEPT", "HTTP_ACCEPT_LANGUAGE", "HTTP_ORIGIN",
)  # fmt: skip
OF_PERSONS = ("HTTP_AUTHORIZATION", "HTTP_COOKIE")
VARYING = {"accept", "accept-language", "origin", "authorization", "cookie"}
PUBLIC = AnonymousUser()
Key = tuple[Any, ...]
Sent = dict[str, Any]
Start = Callable[[str, list[tuple[str, str]]], Any]
Application = Callable[[Sent, Start], Iterable[bytes]]


class Told(NamedTuple):
    """What the public was told: by which tag, in which words, and how a page is read again."""

    tag: Tag
    status: str
    headers: list[tuple[str, str]]
    again: Again | None


class Asking(NamedTuple):
    """As much of a request as is needed to count it."""

    META: Sent
    user: AnonymousUser = PUBLIC


class Unchanged:
    """Tells the public what it was told before, where that still holds; else Django's WSGI application is asked."""

    def __init__(self, application: Application) -> None:
        self.application = application
        # Of the code that is loaded: by the first request another may lie there, and workers would differ.
        conditional.code()
        self.remembered: dict[Key, Told] = {}

    def __call__(self, sent: Sent, start: Start) -> Iterable[bytes]:
        """The same answer over again; else the application's."""
        key = key_of(sent)
        if key is None:
            return self.application(sent, start)
        told = self.told(key, sent)
        body = again(told, sent) if told else None
        if told and body is not None:
            start(told.status, [*told.headers, ("Content-Length", str(len(body)))] if body else told.headers)
            return [body]
        response = self.application(sent, start)
        self.remember(key, response)
        return response

    def told(self, key: Key, sent: Sent) -> Told | None:
        """What was told to who asked the same: that nothing has changed, to those alone who show the tag."""
        told = self.remembered.get((*key, 304))
        if told and told.tag.is_held(sent):
            return told
        found = self.remembered.get((*key, 200))
        return None if found and found.tag.is_held(sent) else found

    def remember(self, key: Key, response: Any) -> None:
        """Remember what was told, if it is what all the public would be told."""
        tag: Tag | None = getattr(response, "tag", None)
        page: Again | None = getattr(response, "again", None)
        # Before the moment is settled, a header that gives it is yet to come.
        if not tag or not tag.edition or tag.since is None or response.cookies or not varies_as_known(response):
            return
        if response.status_code == 304 or (response.status_code == 200 and page):
            if len(self.remembered) >= MOST:
                self.remembered.clear()
            status = f"{response.status_code} {HTTPStatus(response.status_code).phrase}"
            headers = [(name, text) for name, text in response.items() if name != "Content-Length"]
            self.remembered[(*key, response.status_code)] = Told(tag, status, headers, page)


def key_of(sent: Sent) -> Key | None:
    """What tells a question of the public from others; none where it is no such question."""
    if sent["REQUEST_METHOD"] not in {"GET", "HEAD"} or not sent["PATH_INFO"].startswith(DOOR):
        return None
    return None if any(map(sent.get, OF_PERSONS)) else tuple(map(sent.get, ASKED_BY))


def again(told: Told, sent: Sent) -> bytes | None:
    """The body of an answer over again; none where it is another one by now, or where that cannot be known."""
    # As Django does before and after a request.
    connection.close_if_unusable_or_obsolete()
    try:
        return read(told) if is_still(told.tag) and may_ask(sent) else None
    except Error:  # which the usual way knows how to tell
        return None
    finally:
        connection.close_if_unusable_or_obsolete()


def read(told: Told) -> bytes | None:
    """What the page is now; none where other events stand there."""
    return told.again.read(PUBLIC) if told.again else b""


def is_still(tag: Tag) -> bool:
    """Whether the public's numbers are what they were, and since when; after a restore a number may come again."""
    now = editions.seen_by(PUBLIC)
    return tag.edition is not None and (now.numbers, now.at) == (tag.edition.numbers, tag.edition.at)


def may_ask(sent: Sent) -> bool:
    """Count the question; whether it is not one too many, which is refused in the usual way."""
    try:
        # It reads of a request what both kinds have.
        return Anonymous().allow_request(Asking(sent), None)  # type: ignore[arg-type]
    except TooMany:
        return False


def varies_as_known(response: Any) -> bool:
    """Whether the answer depends on nothing but what is compared."""
    return set(re.split(r"\s*,\s*", response.headers.get("Vary", "").lower())) <= VARYING
