"""The tables of what has arrived: which file, applied by whom and when, and which records came with it.

Invariant: an arrival is written in the transaction that wrote its records, after them, so that every entry of the
history up to ``upto`` is told of in the pedigrees that it keeps, and every later one is not.
"""

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from osint.history import recording

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User

IMPORTS = "bundle.add_arrival"
IMPORT_DOOR, UNDO_DOOR = recording.IMPORT, "undo import"  # as the history names them


class ArrivalQuerySet(models.QuerySet["Arrival"]):
    """Questions about arrivals."""

    def visible_to(self, reader: "User | AnonymousUser") -> "ArrivalQuerySet":
        """All for those who import."""
        return self if reader.is_authenticated and reader.has_perm(IMPORTS) else self.none()

    def standing(self) -> "ArrivalQuerySet":
        """Those that were not undone."""
        return self.filter(undone_at=None)

    def undone(self) -> "ArrivalQuerySet":
        """Those that were."""
        return self.filter(undone_at__isnull=False)


class Arrival(models.Model):
    """A file that was applied."""

    format = models.CharField(_("format"), max_length=20)
    organisation = models.CharField(_("organisation"), max_length=200, blank=True)
    sha256 = models.CharField(_("SHA-256 of the file"), max_length=64, blank=True, db_index=True)
    key = models.CharField(_("key"), max_length=100, blank=True)
    database = models.CharField(_("database"), max_length=40, blank=True)
    sequence = models.PositiveBigIntegerField(_("sequence"), null=True, blank=True)
    entries = models.PositiveIntegerField(_("records"), default=0)
    at = models.DateTimeField(_("when"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    change = models.UUIDField(_("change"), db_index=True)
    upto = models.PositiveBigIntegerField(_("history up to"))
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("undone by"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    undone_why = models.TextField(_("why it was undone"), blank=True, max_length=5_000)

    objects = ArrivalQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering: ClassVar = ["-pk"]
        default_permissions = ("view", "add")
        permissions: ClassVar = [("undo_arrival", _("Can undo an import"))]

    def __str__(self) -> str:
        number = "" if self.sequence is None else f" {self.sequence}"
        return f"{self.organisation or '?'} · {self.format}{number}"


class Arrived(models.Model):
    """A record that came with an arrival: which entry of the file it was, and what its writer had seen."""

    arrival = models.ForeignKey(Arrival, on_delete=models.PROTECT, related_name="arrived")
    model = models.CharField(max_length=60)
    identity = models.CharField(max_length=80)
    # What the record goes by, where it was entered on both sides, and was called so on one of them.
    same_as = models.CharField(max_length=80, blank=True, default="")
    entry = models.PositiveIntegerField()
    where = models.CharField(max_length=200, blank=True)
    outcome = models.CharField(max_length=10)
    # Unit by unit its edit and those seen with it, after this arrival; none where it is as any first value.
    pedigree = models.JSONField(null=True)

    class Meta:
        default_permissions = ()
        indexes: ClassVar = [
            models.Index(fields=["identity", "model"], name="bundle_arrived_record"),
            models.Index(fields=["model"], condition=models.Q(outcome="gone"), name="bundle_arrived_gone"),
        ]

    def __str__(self) -> str:
        return f"{self.model} {self.identity}: {self.arrival}, {self.where or self.entry}"
