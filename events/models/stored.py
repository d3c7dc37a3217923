"""What is kept beside the events so that they are found and shown without being put together anew.

All of it follows from the events (``events.stored``), which also see to it that it goes with them; it is in no fixture
and no history.
"""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from events.models.incident import Event


class Term(models.Model):
    """One thing by which an event is found: a site or one above it, an actor, an actor's part, a type or one above it.

    The key begins with what is asked for, goes on in the order of lists, and holds all that statistics count by, so
    that such a question is answered from one range of one index.
    """

    pk = models.CompositePrimaryKey("term", "event_id", "shelf", "type", "month", "is_plain")
    term = models.BigIntegerField()  # events.stored.terms.term()
    # By its place in the order of lists rather than by its key.
    event = models.ForeignKey(
        Event, to_field="newest", db_column="newest", db_constraint=False, on_delete=models.DO_NOTHING,
        related_name="terms",
    )  # fmt: skip
    shelf = models.SmallIntegerField()
    type = models.BigIntegerField()
    month = models.IntegerField()  # year * 12 + month - 1; 0 where the date is not within one month
    is_plain = models.BooleanField()  # no whole: it is counted by itself, wherever it is a part

    class Meta:
        verbose_name = _("term")
        verbose_name_plural = _("terms")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.term} · {self.event_id}"


class Document(models.Model):
    """An event as the doors show it, as text; blank from a change on until it is written again."""

    event = models.OneToOneField(
        Event, primary_key=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="document"
    )
    # Counts the changes, so that what was put together before a change is not kept after it.
    stamp = models.PositiveIntegerField(default=0)
    newest = models.BigIntegerField(default=0)  # under which the event's terms are filed
    # Where it leads, as JSON: UUID and shelf of what it is part of and of what it was merged into; blank where nowhere.
    links = models.TextField(blank=True, default="")
    brief = models.TextField(blank=True, default="")  # JSON as in lists, without what depends on the reader
    row = models.TextField(blank=True, default="")  # a line of CSV
    full = models.TextField(blank=True, default="")  # JSON as the public sees it at its own address, where it may

    class Meta:
        verbose_name = _("stored document")
        verbose_name_plural = _("stored documents")
        default_permissions = ()
        indexes: ClassVar = [
            models.Index(fields=["event"], condition=models.Q(brief=""), name="events_document_stale"),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} · {self.stamp}"


class Backing(models.Model):
    """What an event's evidence comes to: how many independent sources, for readers up to each mark, and doubts."""

    event = models.OneToOneField(
        Event, primary_key=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="backing"
    )
    clear = models.PositiveIntegerField()
    green = models.PositiveIntegerField()
    amber = models.PositiveIntegerField()
    strict = models.PositiveIntegerField()
    red = models.PositiveIntegerField()
    is_disputed = models.BooleanField(default=False)  # a claim says something else, and nobody has settled it
    is_unsupported = models.BooleanField(default=False)  # it is published, and holds as stated what no claim states

    class Meta:
        verbose_name = _("stored backing")
        verbose_name_plural = _("stored backings")
        default_permissions = ()
        indexes: ClassVar = [
            models.Index(fields=["event"], condition=models.Q(is_disputed=True), name="events_backing_disputed"),
            models.Index(fields=["event"], condition=models.Q(is_unsupported=True), name="events_backing_lacking"),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} · {self.red}"
