"""What we hold: the event; its facts are in ``events.models.facts``.

Invariant: a fact is *stated* (a claim says it), or *derived* or *inferred* with a written reason. Whether a claim
really says it is computed (``events.provenance``), never stored.
"""

from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from events.choices import Basis, Status
from events.models.reference import references
from events.models.sentences import after_publication
from events.models.taxonomy import EventType
from events.querysets import EventQuerySet
from events.shelves import LONG, DaysBetween, PlaceInTime, shelf_of
from osint.base.fields import Prose
from osint.base.names import in_language
from osint.base.record import Dated, Identified, Record, one_of, order_of_dates
from osint.base.text import searchable
from sources.choices import Tlp

REASON_HELP = _("Why we hold it, where no claim states it.")


def reasoned(basis: str, reason: str, name: str) -> models.CheckConstraint:
    """A constraint: a basis other than *stated* has a written reason."""
    return models.CheckConstraint(
        condition=Q(**{basis: Basis.STATED})
        | (Q(**{f"{basis}__in": [Basis.DERIVED, Basis.INFERRED]}) & ~Q(**{reason: ""})),
        name=name,
        violation_error_message=_("What is derived or inferred needs a written reason."),
    )


class Event(Identified, Dated, Record):
    """One incident."""

    reference = models.CharField(  # noqa: DJ001 - several new events may wait for theirs
        _("reference"), max_length=30, unique=True, null=True, editable=False, serialize=False
    )
    type = models.ForeignKey(EventType, verbose_name=_("type"), on_delete=models.PROTECT, related_name="events")
    type_basis = models.CharField(_("basis of the type"), max_length=10, choices=Basis, default=Basis.STATED)
    type_reason = Prose(_("reason for the type"), max_length=2_000, blank=True, help_text=REASON_HELP)
    when_basis = models.CharField(_("basis of the date"), max_length=10, choices=Basis, default=Basis.STATED)
    when_reason = Prose(_("reason for the date"), max_length=2_000, blank=True, help_text=REASON_HELP)
    summary_en = Prose(_("summary in English"), max_length=5_000, blank=True)
    summary_ar = Prose(_("summary in Arabic"), max_length=5_000, blank=True)
    folded = models.TextField(editable=False, serialize=False, default="")
    status = models.CharField(
        _("status"), max_length=10, choices=Status, default=Status.DRAFT, editable=False, db_index=True
    )
    tlp = models.CharField(_("TLP"), max_length=12, choices=Tlp, default=Tlp.CLEAR)
    is_aggregate = models.BooleanField(
        _("sums up several incidents"),
        default=False,
        help_text=_("A total over several places or days; it may have parts, and is never split."),
    )
    part_of = models.ForeignKey(
        "self", verbose_name=_("part of"), null=True, blank=True, on_delete=models.PROTECT, related_name="parts"
    )
    published_at = models.DateTimeField(_("first published"), null=True, editable=False)
    retraction_reason = Prose(_("reason for retraction"), max_length=5_000, blank=True, editable=False)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("assigned to"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        serialize=False,
    )
    is_sent_back = models.BooleanField(_("sent back"), default=False, editable=False, serialize=False)
    merged_into = models.ForeignKey(
        "self",
        verbose_name=_("merged into"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="duplicates",
        editable=False,
    )

    # The order of lists as one number, the newest highest: what is found is read on from wherever one is.
    newest = models.GeneratedField(
        expression=PlaceInTime("latest", "id"),
        output_field=models.BigIntegerField(),
        db_persist=True,
        serialize=False,
        unique=True,
    )
    span = models.GeneratedField(
        expression=DaysBetween("earliest", "latest"),
        output_field=models.IntegerField(),
        db_persist=True,
        serialize=False,
    )
    # Status and mark as one number: which readers find it in lists.
    shelf = models.GeneratedField(
        expression=shelf_of("status", "tlp"), output_field=models.SmallIntegerField(), db_persist=True, serialize=False
    )

    derives: ClassVar[tuple[str, ...]] = ("folded", "newest", "span", "shelf")

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering: ClassVar = ["-newest"]
        indexes: ClassVar = [
            models.Index(fields=["shelf", "-newest"], name="events_event_shelf_newest"),
            # With the shelf, so that SQLite prefers it to the one above also where it knows of no such event.
            models.Index(fields=["shelf", "-newest"], condition=Q(span__gt=LONG), name="events_event_long"),
            # With the columns that lists narrow and order by: what has changed since a moment is found by it alone.
            models.Index(fields=["-changed_at", "-id", "shelf", "newest"], name="events_event_changed"),
            models.Index(fields=["-newest"], condition=Q(is_aggregate=True), name="events_event_wholes"),
            # For most events there is none to look for.
            models.Index(
                fields=["merged_into"], condition=Q(merged_into__isnull=False), name="events_event_duplicates"
            ),
        ]
        permissions: ClassVar = [
            ("submit_event", _("Can submit an event for review")),
            ("publish_event", _("Can publish an event or send it back")),
            ("retract_event", _("Can retract a published event")),
            ("merge_event", _("Can merge an event into another and undo it")),
            ("assign_event", _("Can assign an event to somebody else")),
            ("see_red_event", _("Can see events and reports marked TLP:RED that others entered")),
        ]
        constraints: ClassVar = [
            one_of("status", Status, "events_event_status"),
            one_of("tlp", Tlp, "events_event_tlp"),
            order_of_dates("events_event_dates"),
            reasoned("type_basis", "type_reason", "events_event_type_reason"),
            reasoned("when_basis", "when_reason", "events_event_when_reason"),
            models.CheckConstraint(
                condition=~Q(summary_en="") | ~Q(summary_ar=""),
                name="events_event_summary",
                violation_error_message=_("Sum the event up in English or Arabic, in one sentence."),
            ),
            models.CheckConstraint(
                condition=Q(part_of=None) | (~Q(part_of=F("id")) & Q(is_aggregate=False)),
                name="events_event_part_is_no_whole",
                violation_error_message=_("A part cannot itself sum up other events, nor be part of itself."),
            ),
            models.CheckConstraint(
                condition=Q(status=Status.MERGED)
                | Q(status__in=[Status.DRAFT, Status.SUBMITTED], published_at=None)
                | Q(status__in=[Status.PUBLISHED, Status.RETRACTED], published_at__isnull=False),
                name="events_event_published_at",
                violation_error_message=_("A published or retracted event has the moment of its first publication."),
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.PUBLISHED) | Q(latest__isnull=False),
                name="events_event_published_dated",
                violation_error_message=_("A published event is dated, if only by the publication of its report."),
            ),
            models.CheckConstraint(
                condition=Q(status=Status.MERGED)
                | Q(status=Status.RETRACTED) & ~Q(retraction_reason="")
                | ~Q(status__in=[Status.RETRACTED, Status.MERGED]) & Q(retraction_reason=""),
                name="events_event_retraction_reason",
                violation_error_message=_("A retraction, and nothing else, has a reason for it."),
            ),
            models.CheckConstraint(
                condition=Q(status=Status.MERGED, merged_into__isnull=False) & ~Q(merged_into=F("id"))
                | ~Q(status=Status.MERGED) & Q(merged_into=None),
                name="events_event_merged_into",
                violation_error_message=_("A merged event, and no other, says into which other one it was merged."),
            ),
        ]

    def __str__(self) -> str:
        return (
            f"{self.reference or _('new event')} · {self.type}"
            if self.type_id
            else str(self.reference or _("new event"))
        )

    @property
    def summary(self) -> str:
        """The summary in the reader's language, else in the other one."""
        return in_language(self.summary_en, self.summary_ar)

    def derive(self) -> None:
        """Bounds of the date, and the folded summaries for search."""
        super().derive()
        # What is longer is refused by its own field, and costs no time here.
        self.folded = searchable(f"{self.summary_en[:5_000]}\n{self.summary_ar[:5_000]}")

    def validate_unique(self, exclude: Any = None) -> None:
        """As Django's; the place in lists is the database's own matter, and a reference is given once."""
        given = ("newest",) if self._state.adding else ("newest", "reference")
        super().validate_unique(exclude={*(exclude or ()), *given})

    def clean(self) -> None:
        """Refuse a whole that is itself a part, and a date after the publication of a report that is cited."""
        super().clean()
        self.check_whole(self.part_of)
        if self.pk and not self.is_aggregate and self.parts.exists():
            raise ValidationError(
                {"is_aggregate": _("Other events are part of this one, so it sums them up. Detach them first.")}
            )
        if (
            self.pk
            and self.earliest
            and (late := self.citations.filter(report__published_on__lt=self.earliest).first())
        ):
            raise ValidationError({"when": after_publication(self.earliest, late.report.published_on)})

    def check_deletable(self) -> None:
        """Nothing that was published or merged goes away: retract it, or undo the merging."""
        kept = {"event": self.reference}
        if self.published_at:
            raise ValidationError(_("%(event)s was published, so it stays. Retract it with a reason.") % kept)
        if self.merged_into_id:
            raise ValidationError(_("%(event)s was merged into another event, so it stays. Undo that first.") % kept)

    def check_whole(self, whole: "Event | None") -> None:
        """Raise ``ValidationError`` where the event is, or becomes, part of one that can have no parts."""
        if whole is None:
            return
        if not whole.is_aggregate:
            wrong = _("%(event)s does not sum up several incidents. Mark it so first, or choose another event.")
            raise ValidationError({"part_of": wrong % {"event": whole}})
        if whole.status in {Status.RETRACTED, Status.MERGED} and not whole.parts.filter(pk=self.pk).exists():
            wrong = _("%(event)s is %(status)s, so nothing becomes part of it. Choose another event.")
            raise ValidationError({"part_of": wrong % {"event": whole, "status": whole.get_status_display()}})

    def give_reference(self) -> None:
        """Take the shortest reference that no other event has."""
        wanted = references(self.uuid, self.latest or self.earliest)
        self.reference = next(given for given in wanted if not Event.objects.filter(reference=given).exists())

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save under a reference, which is given once and never again."""
        with transaction.atomic():
            if self.part_of_id:
                # Under a lock: it may have ceased to sum up since it was found.
                wholes = Event.objects.select_for_update(of=("self",), no_key=True)
                self.check_whole(wholes.get(pk=self.part_of_id))
            if self.reference is None:
                self.derive()
                self.give_reference()
            super().save(*args, **kwargs)
