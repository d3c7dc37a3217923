"""What is kept of sharing: whose signatures are trusted, and what has left."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.core.validators import MinLengthValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from osint.base.fields import Line, Prose
from osint.base.record import one_of
from osint.bundle.arrivals import Arrival, Arrived
from sources.choices import Tlp

__all__ = ["Arrival", "Arrived", "Departure", "Installation", "Key", "Trust"]


class Extent(models.TextChoices):
    """How far a key is trusted."""

    DRAFTS = "drafts", _("lands as drafts")
    PUBLISH = "publish", _("may publish")
    REVOKED = "revoked", _("revoked")


class KeyQuerySet(models.QuerySet["Key"]):
    """Questions about keys."""

    def valid(self) -> "KeyQuerySet":
        """Those that were not revoked."""
        return self.filter(revoked_at=None)


class Key(models.Model):
    """With what an organisation signs its bundles, and how far it is trusted here."""

    organisation = Line(_("organisation"), max_length=200)
    public = models.CharField(_("public key"), max_length=64, unique=True, editable=False)  # Ed25519, hexadecimal
    fingerprint = models.CharField(_("fingerprint"), max_length=64, unique=True, editable=False)
    may_publish = models.BooleanField(
        _("may publish"),
        default=False,
        help_text=_("What it calls published is published here too; else it lands as a draft."),
    )
    added_at = models.DateTimeField(_("trusted since"), default=timezone.now, editable=False)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("added by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
    )
    revoked_at = models.DateTimeField(_("revoked"), null=True, editable=False)
    revoked_why = Prose(_("why it was revoked"), max_length=2_000, blank=True, validators=[MinLengthValidator(3)])

    objects = KeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("key")
        verbose_name_plural = _("keys")
        ordering: ClassVar = ["organisation", "-pk"]
        default_permissions = ("view", "add", "change")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(organisation=""),
                name="bundle_key_organisation",
                violation_error_message=_("Say whose key it is."),
            ),
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoked_why="") | Q(revoked_at__isnull=False) & ~Q(revoked_why=""),
                name="bundle_key_revoked_why",
                violation_error_message=_("A key that is revoked, and no other, has a reason for it."),
            ),
        ]

    def __str__(self) -> str:
        # The digits first: behind an Arabic name they would be torn apart.
        return f"{self.fingerprint[:16]} · {self.organisation}"

    @property
    def is_valid(self) -> bool:
        """Whether it was not revoked."""
        return self.revoked_at is None

    @property
    def extent(self) -> Extent:
        """How far it is trusted."""
        if not self.is_valid:
            return Extent.REVOKED
        return Extent.PUBLISH if self.may_publish else Extent.DRAFTS


class Trust(models.Model):
    """How far a key is trusted since a moment, and who has said so: rows are added, and none is ever changed."""

    key = models.ForeignKey(Key, verbose_name=_("key"), on_delete=models.PROTECT, related_name="trusted")
    at = models.DateTimeField(_("when"), default=timezone.now)
    extent = models.CharField(_("how far"), max_length=10, choices=Extent)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    # Whoever has the machine needs no account here.
    operator = models.CharField(_("account of the machine"), max_length=100, blank=True)
    door = models.CharField(_("door"), max_length=60)
    why = Prose(_("why"), max_length=2_000, blank=True)

    class Meta:
        verbose_name = _("decision on a key")
        verbose_name_plural = _("decisions on keys")
        ordering: ClassVar = ["-pk"]
        default_permissions = ()
        constraints: ClassVar = [one_of("extent", Extent, "bundle_trust_extent")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d}: {self.get_extent_display()}"


class Installation(models.Model):
    """This database, as others know it; one that is restored from a backup is another one."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    is_here = models.BooleanField(default=True, unique=True)  # there is one
    sequence = models.PositiveBigIntegerField(default=0)  # of the last bundle that was cut

    class Meta:
        default_permissions = ()
        constraints: ClassVar = [models.CheckConstraint(condition=Q(is_here=True), name="bundle_installation_one")]

    def __str__(self) -> str:
        return str(self.uuid)


class Departure(models.Model):
    """A bundle that was cut here, and how: what a later one goes on from."""

    sequence = models.PositiveBigIntegerField(_("number"), unique=True)
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    query = models.TextField(_("query"), blank=True)
    mark = models.CharField(_("mark"), max_length=12, choices=Tlp)
    has_texts = models.BooleanField(_("with texts"))
    has_files = models.BooleanField(_("with files"))
    since = models.PositiveBigIntegerField(_("since"), null=True)
    history = models.PositiveBigIntegerField(_("entries of the history before it"))
    digest = models.CharField(_("SHA-256 of its manifest"), max_length=64)
    fingerprint = models.CharField(_("signed with"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("bundle that has left")
        verbose_name_plural = _("bundles that have left")
        ordering: ClassVar = ["-sequence"]
        default_permissions = ("view",)
        constraints: ClassVar = [one_of("mark", Tlp, "bundle_departure_mark")]

    def __str__(self) -> str:
        return f"{self.sequence} · {self.made_at:%Y-%m-%d}"
