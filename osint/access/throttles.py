"""How often somebody may ask: requests in a span of time, by address or by account, counted in the cache.

Each process that serves counts for itself: with three of them, up to three times as much is answered.
"""

import math
import time
from functools import lru_cache
from hashlib import sha256
from ipaddress import ip_address, ip_network
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext_lazy
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from osint.access import browsers
from osint.access.networks import address_of

TOO_OFTEN = gettext_lazy(
    "At most %(most)d attempts to sign in are read from one address in %(seconds)d seconds. Wait %(wait)d seconds."
)
TOO_OFTEN_AS = gettext_lazy(
    "At most %(most)d attempts to sign in are read for one username in %(seconds)d seconds. Wait %(wait)d seconds."
)
WHEREVER = 5  # times as many attempts are read for one name from all addresses together as from one
HOUSEHOLD = 64  # bits of an IPv6 address that one customer is given: all of hers count as one


class TooMany(exceptions.Throttled):
    """More requests than are answered for now."""

    def __init__(self, sentence: str, wait: int) -> None:
        exceptions.APIException.__init__(self, sentence)
        self.wait = wait


class Limit(BaseThrottle):
    """So many requests of the same in a span of time; the setting names both, or there is no limit."""

    setting = ""
    sentence: Any = ""

    def whom(self, request: Request) -> str | None:
        """Whose requests are counted together; none where they are not counted."""
        raise NotImplementedError

    def allow_request(self, request: Request, _view: Any) -> bool:
        """Count the request, unless it is one too many."""
        rate = getattr(settings, self.setting)
        whose = self.whom(request) if rate else None
        if whose is not None:
            most, seconds = rate
            count(f"{type(self).__name__}:{whose}", most, seconds, self.sentence)
        return True


def count(whose: str, most: int, seconds: int, sentence: Any) -> None:
    """One more in this span of time; what is over it is refused until the next one begins."""
    now = time.time()
    # A number that is read and written at once: no list of moments that grows with what is allowed.
    key = f"limit:{whose}:{now // seconds:.0f}"
    try:
        asked = cache.incr(key)
    except ValueError:  # the first in this span
        asked = 1
        cache.add(key, asked, seconds)
    if asked > most:
        wait = max(1, math.ceil(seconds - now % seconds))
        raise TooMany(sentence % {"most": most, "seconds": seconds, "wait": wait}, wait)


def household(request: HttpRequest | Request) -> str:
    """The address that the request comes from, as far as it tells one customer from another."""
    return widened(address_of(request))


@lru_cache(maxsize=1_000)
def widened(seen: str) -> str:
    """The address, or the network of one customer that it lies in."""
    try:
        found = ip_address(seen)
    except ValueError:
        return sha256(seen.encode()).hexdigest()
    if found.version == 6 and not getattr(found, "ipv4_mapped", None):
        return str(ip_network(f"{found}/{HOUSEHOLD}", strict=False).network_address)
    return str(getattr(found, "ipv4_mapped", None) or found)


class Anonymous(Limit):
    """Who does not sign in, by address."""

    setting = "THROTTLE_ANONYMOUS"
    sentence = gettext_lazy(
        "At most %(most)d requests in %(seconds)d seconds are answered to one address that does not sign in. "
        "Wait %(wait)d seconds, or sign in."
    )

    def whom(self, request: Request) -> str | None:
        """The address."""
        return None if request.user and request.user.is_authenticated else household(request)


class Account(Limit):
    """Who has signed in, by whichever token or browser."""

    setting = "THROTTLE_USER"
    sentence = gettext_lazy(
        "At most %(most)d requests in %(seconds)d seconds are answered to one account. Wait %(wait)d seconds."
    )

    def whom(self, request: Request) -> str | None:
        """The account."""
        return str(request.user.pk) if request.user and request.user.is_authenticated else None


class SigningIn(BaseThrottle):
    """Attempts to sign in by REST."""

    def allow_request(self, request: Request, _view: Any) -> bool:
        """Count the attempt, unless it is one too many."""
        sent = request.data
        name = sent.get("username") if isinstance(sent, dict) else None
        attempt(request, name if isinstance(name, str) else "")
        return True


def attempt(request: HttpRequest | Request, name: str) -> None:
    """Count an attempt to sign in under a name, through whichever door; one too many raises ``TooMany``.

    From one address so many are read. For one name several times as many, wherever they come from: so no one address
    can use them up, and keep out whom the name belongs to. Nor can many addresses, where that person has signed in
    before: such a browser is counted for itself.
    """
    if not (rate := settings.THROTTLE_LOGIN):
        return
    most, seconds = rate
    count(f"signing-in:{household(request)}", most, seconds, TOO_OFTEN)
    if name:
        browser = browsers.known(request, name)
        more = most if browser else most * WHEREVER
        count(f"signing-in-as:{browsers.digest(name)}:{browser}", more, seconds, TOO_OFTEN_AS)
