"""Who sends a token: one question to the database, and the token's limits."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import OperationalError, connection
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from knox import auth
from knox.crypto import hash_token
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from osint.access.models import Token
from osint.access.networks import address_of, lies_within
from osint.base.permissions import check_scope

STAMPED_EVERY = timedelta(minutes=1)  # a moment of last use, so that reading stays reading


class TokenAuthentication(auth.TokenAuthentication):  # type: ignore[misc]
    """`Authorization: Token …`, as knox reads it; what was sent is found by its hash, in a table of ours."""

    def authenticate(self, request: Request) -> tuple[Any, Token] | None:
        """The user and the token, once it may be used for this request."""
        found = super().authenticate(request)
        if found is None:
            return None
        user, token = found
        check_address(token, address_of(request))
        check_scope(token.scope, request)
        stamp(token, timezone.now())
        return user, token

    def authenticate_credentials(self, token: bytes) -> tuple[Any, Token]:
        """The user and the token, unless it is unknown, over, or its user gone."""
        # What is not ASCII is no token of ours, and no reason to fail.
        digest = hash_token(token.decode("ascii", "replace"))
        found = Token.objects.select_related("user").filter(digest=digest).first()
        if found is None:
            raise AuthenticationFailed(_("There is no such token, or it was revoked. Make one, or log in."))
        if not found.is_valid:
            sentence = _("This token was valid until %(moment)s. Make another, or log in.")
            raise AuthenticationFailed(sentence % {"moment": found.expiry.isoformat(timespec="minutes")})
        if not found.user.is_active:
            raise AuthenticationFailed(_("The account of this token is closed. Ask an administrator."))
        return found.user, found


def check_address(token: Token, address: str) -> None:
    """Refuse a token that is used from elsewhere than its owner said."""
    if token.networks and not lies_within(address, token.networks):
        raise PermissionDenied(
            _("This token is not for use from %(address)s. Use it from one of the networks that it was made for.")
            % {"address": address or _("an unknown address")}
        )


def stamp(token: Token, now: datetime) -> None:
    """Note that the token is in use, at most once a minute; somebody who writes just now is not waited for."""
    if token.last_used_at is not None and now - token.last_used_at < STAMPED_EVERY:
        return
    old = Q(last_used_at=None) | Q(last_used_at__lte=now - STAMPED_EVERY)
    with suppress(OperationalError), without_waiting():
        Token.objects.filter(old, pk=token.pk).update(last_used_at=now)


@contextmanager
def without_waiting() -> Iterator[None]:
    """On SQLite, where one writer locks all: do this now or fail; on other engines only a token's own row is locked."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        usual = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
        cursor.execute("PRAGMA busy_timeout = 0")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {int(usual)}")
