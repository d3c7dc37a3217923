"""The table of tokens.

Invariant: what a token is used with is in nobody's hands but its owner's. Of it a hash is kept, and the beginning,
by which people tell one from another.
"""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_variables
from knox.models import get_digest_token

from osint.access import networks
from osint.base.fields import Line
from osint.base.permissions import Scope, works_here
from osint.base.record import Identified, one_of

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User

KEEPS = "access.keep_tokens"
BEGINNING = 12  # of 70 characters: enough to tell one's tokens apart, nothing to guess the rest from


class TokenQuerySet(models.QuerySet["Token"]):
    """Questions about tokens."""

    def visible_to(self, reader: "User | AnonymousUser") -> "TokenQuerySet":
        """One's own; everybody's for whoever keeps them."""
        return self if reader.has_perm(KEEPS) else self.filter(user=reader.pk)

    def valid(self) -> "TokenQuerySet":
        """Those whose time is not over."""
        return self.filter(expiry__gt=timezone.now())


class Token(Identified):
    """What a program identifies itself with as somebody, for some time and for no more than its scope."""

    digest = models.CharField(max_length=128, unique=True, editable=False)
    beginning = models.CharField(gettext_lazy("begins with"), max_length=BEGINNING, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=gettext_lazy("user"),
        on_delete=models.CASCADE,
        related_name="tokens",
        editable=False,
    )
    name = Line(
        gettext_lazy("name"),
        max_length=100,
        help_text=gettext_lazy("What it is for, such as “mirror in Beirut”."),
    )
    scope = models.CharField(
        gettext_lazy("scope"),
        max_length=10,
        choices=Scope,
        default=Scope.READ,
        help_text=gettext_lazy("What it may be used for. It never allows more than you may do yourself."),
    )
    networks = models.TextField(
        gettext_lazy("networks"),
        blank=True,
        max_length=2_000,
        help_text=gettext_lazy(
            "The only addresses it may be used from, one a line: 203.0.113.7, 203.0.113.0/24, 2001:db8::/32. "
            "Blank: from anywhere."
        ),
    )
    created_at = models.DateTimeField(gettext_lazy("created"), default=timezone.now, editable=False)
    expiry = models.DateTimeField(gettext_lazy("valid until"))
    last_used_at = models.DateTimeField(gettext_lazy("last used"), null=True, editable=False)

    objects = TokenQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("token")
        verbose_name_plural = gettext_lazy("tokens")
        ordering: ClassVar = ["-pk"]
        default_permissions = ("view", "add", "delete")
        permissions: ClassVar = [("keep_tokens", gettext_lazy("Can see and revoke the tokens of everybody"))]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "name"],
                condition=~Q(name=""),
                name="access_token_named_once",
                violation_error_message=gettext_lazy("You have a token of this name. Choose another name."),
            ),
            one_of("scope", Scope, "access_token_scope"),
        ]

    def __str__(self) -> str:
        return self.name or f"{self.beginning}…"

    def clean(self) -> None:
        """Refuse more than its user may, a time that is too long, and networks that are none."""
        super().clean()
        errors = {"scope": self.too_much(), "expiry": self.too_long()}
        try:
            self.networks = networks.one_a_line(self.networks)
        except ValidationError as error:
            errors["networks"] = error.messages[0]
        if found := {name: sentence for name, sentence in errors.items() if sentence}:
            raise ValidationError(found)

    def validate_constraints(self, exclude: Any = None) -> None:
        """With the user, whom no form asks for and Django would therefore leave out."""
        super().validate_constraints(exclude=set(exclude or ()) - {"user"})

    def too_much(self) -> str:
        """What is wrong with the scope, or nothing."""
        if self.scope not in Scope.values or self.scope in scopes_of(self.user):
            return ""
        widest = scopes_of(self.user)[-1]
        return _("You may not do that yourself, so that a token of yours cannot. Choose “%(scope)s”.") % {
            "scope": f"{widest.label} ({widest.value})"
        }

    def too_long(self) -> str:
        """What is wrong with the time, or nothing."""
        until: Any = self.expiry  # none where a form has none yet
        if until is None:
            return ""
        if until <= timezone.now():
            return _("This is over already. Choose a later day.")
        if until.date() > last_day():
            return _("A token is valid for at most %(days)d days here. Choose %(day)s or earlier.") % {
                "days": settings.TOKEN_DAYS,
                "day": last_day().isoformat(),
            }
        return ""

    @property
    def is_named(self) -> bool:
        """Whether somebody made it for a purpose; else it came with signing in."""
        return bool(self.name)

    @property
    def is_valid(self) -> bool:
        """Whether its time is not over."""
        return self.expiry > timezone.now()


def last_day() -> date:
    """Until which day (in UTC) a token can be valid that is made now."""
    return (timezone.now() + timedelta(days=settings.TOKEN_DAYS)).date()


def scopes_of(user: Any) -> list[Scope]:
    """The scopes that say something of this user: who only reads has no use for a token that writes."""
    writes, publishes = works_here(user), user.has_perm("events.publish_event")
    return [Scope.READ, *([Scope.WRITE] if writes else []), *([Scope.PUBLISH] if publishes else [])]


@sensitive_variables("secret")
def make(token: Token) -> str:
    """Store a token that was checked, and give what it is used with: it is told this once."""
    digest, secret = get_digest_token()
    token.digest, token.beginning = digest, secret[:BEGINNING]
    token.save(force_insert=True)
    return str(secret)


@sensitive_variables("secret")
def sign_in(user: Any, time: timedelta) -> tuple[Token, str]:
    """A token for who has just signed in; those of earlier times that are over go."""
    Token.objects.filter(user=user, name="", expiry__lte=timezone.now()).delete()
    # Whatever she may do, so may she with it.
    token = Token(
        user=user, scope=Scope.PUBLISH, expiry=timezone.now() + min(time, timedelta(days=settings.TOKEN_DAYS))
    )
    secret = make(token)
    return token, secret
