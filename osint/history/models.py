"""The tables of the history, which only ever grow, and who has which record open.

Invariant: an entry's ``hash`` is the SHA-256 of its ``body``, which holds the hash before it and, for each value, a
salted commitment (``osint.history.chain``). The other columns repeat what is in the body, to be asked for by.
"""

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser
    from django.contrib.auth.models import AnonymousUser


class Action(models.TextChoices):
    """What happened to a record."""

    CREATE = "create", _("created")
    CHANGE = "change", _("changed")
    DELETE = "delete", _("deleted")
    REDACT = "redact", _("redacted")


class EntryQuerySet(models.QuerySet["Entry"]):
    """Questions about the history."""

    def visible_to(self, reader: "AbstractBaseUser | AnonymousUser") -> "EntryQuerySet":
        """All for those who may read the history; which records they may see is asked of the records."""
        return self if reader.is_authenticated and reader.has_perm("history.view_entry") else self.none()  # type: ignore[attr-defined]

    def about(self, label: str, key: int) -> "EntryQuerySet":
        """Entries about a record and everything that belongs to it, in the order in which it happened."""
        return self.filter(root_model=label, root_key=key).order_by("seq")


class Entry(models.Model):
    """One change of one record."""

    seq = models.PositiveBigIntegerField(_("number"), primary_key=True)
    prev = models.CharField(_("hash before"), max_length=64, unique=True)
    hash = models.CharField(_("hash"), max_length=64, unique=True)
    seal = models.CharField(_("seal"), max_length=64)
    body = models.TextField(_("body"))
    at = models.DateTimeField(_("when"), db_index=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    change = models.UUIDField(_("change"), db_index=True)
    door = models.CharField(_("door"), max_length=60)
    model = models.CharField(_("kind of record"), max_length=60)
    key = models.BigIntegerField(_("key"))
    root_model = models.CharField(max_length=60)
    root_key = models.BigIntegerField()
    action = models.CharField(_("action"), max_length=10, choices=Action)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("history entry")
        verbose_name_plural = _("history")
        ordering: ClassVar = ["-seq"]
        default_permissions = ("view",)
        permissions: ClassVar = [("redact_entry", _("Can redact a value in the history"))]
        indexes: ClassVar = [
            models.Index(fields=["root_model", "root_key", "seq"], name="history_of_root"),
            models.Index(fields=["model", "key", "seq"], name="history_of_record"),
            models.Index(fields=["model"], condition=models.Q(action="delete"), name="history_of_deletions"),
        ]

    def __str__(self) -> str:
        return f"{self.seq}: {self.model} {self.key} {self.get_action_display()}"


class Value(models.Model):
    """One value that an entry is about; its salt keeps it from being guessed once it is redacted."""

    # Found by the constraint's index.
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="values", db_index=False)
    field = models.CharField(max_length=60)
    salt = models.CharField(max_length=32)
    text = models.TextField()  # canonical JSON of {"from": …, "to": …}; blank once redacted

    class Meta:
        default_permissions = ()
        constraints: ClassVar = [models.UniqueConstraint(fields=["entry", "field"], name="history_value_once")]

    def __str__(self) -> str:
        return f"{self.entry_id}.{self.field}"


class What(models.TextChoices):
    """What became of a record, as followers are told it."""

    CREATED = "created", _("created")
    CHANGED = "changed", _("changed")
    PUBLISHED = "published", _("published")
    CORRECTED = "corrected", _("corrected")
    RETRACTED = "retracted", _("retracted")
    MERGED = "merged", _("merged")
    UNMERGED = "unmerged", _("unmerged")
    DELETED = "deleted", _("deleted")


class Notice(models.Model):
    """A record looks otherwise since a change: to whom it looked like something before, and to whom it does after.

    Each side is a level, of which the storeys above know who sees it, and the persons who see it besides; none where
    there was nothing to see (``osint.history.notices``).
    """

    number = models.BigAutoField(primary_key=True)
    change = models.UUIDField()
    at = models.DateTimeField()
    model = models.CharField(max_length=60)
    identity = models.CharField(max_length=80)
    what = models.CharField(max_length=10, choices=What)
    before = models.SmallIntegerField(null=True)
    before_one = models.BigIntegerField(null=True)
    before_other = models.BigIntegerField(null=True)
    after = models.SmallIntegerField(null=True)
    after_one = models.BigIntegerField(null=True)
    after_other = models.BigIntegerField(null=True)

    class Meta:
        default_permissions = ()
        ordering: ClassVar = ["number"]

    def __str__(self) -> str:
        return f"{self.number}: {self.model} {self.identity} {self.what}"


class Edition(models.Model):
    """How often something has changed that is seen on a level, or by a person, and when last (``history.editions``)."""

    scope = models.CharField(max_length=40, primary_key=True)
    number = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.scope}: {self.number}"


class Presence(models.Model):
    """Somebody has a record's form open."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    model = models.CharField(max_length=60)
    key = models.BigIntegerField()
    seen_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["model", "key", "user"], name="history_presence_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.model} {self.key}"
