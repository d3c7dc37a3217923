"""Browsers in which somebody has signed in before, so that guesses elsewhere at her password do not keep her out.

Such a browser keeps a sealed cookie, which says of which names it is; it opens nothing, and says nothing to others.
"""

import unicodedata
from hashlib import sha256
from secrets import token_hex

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase
from rest_framework.request import Request

COOKIE = "isnad-known"
SALT = "osint.access.browsers"
SECONDS = 365 * 24 * 60 * 60
MOST = 5  # names that one browser knows


def digest(name: str) -> str:
    """The name that is tried, whether or not somebody is called so; however its letters are written."""
    return sha256(unicodedata.normalize("NFKC", name).casefold().encode("utf-8", "replace")).hexdigest()


def known(request: HttpRequest | Request, name: str) -> str:
    """The number of the browser, where somebody has signed in there under this name; else nothing."""
    return names_in(request).get(digest(name), "")


def names_in(request: HttpRequest | Request) -> dict[str, str]:
    """Names that have signed in with this browser, each with the number that it was given for it."""
    try:
        found = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=SECONDS)
    except signing.BadSignature:
        return {}
    return dict(found)


def remember(request: HttpRequest, response: HttpResponseBase, name: str) -> None:
    """Let the browser know that somebody has signed in under this name."""
    names = names_in(request)
    number = names.pop(digest(name), "") or token_hex(8)
    kept = [*names.items(), (digest(name), number)][-MOST:]
    response.set_cookie(
        COOKIE,
        signing.dumps(dict(kept), salt=SALT),
        max_age=SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
