"""What an analyst says of a passage that becomes no incident."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from osint.base.fields import Prose
from osint.base.record import Identified, Record, one_of
from sources.choices import NoteKind
from sources.models.report import Report
from sources.querysets import PassageNoteQuerySet
from sources.quotes import Quoting


class PassageNote(Identified, Quoting, Record):
    """A passage of a report that was read and becomes no incident, with what there is to say of it."""

    report_path = "report"

    report = models.ForeignKey(Report, verbose_name=_("report"), on_delete=models.CASCADE, related_name="notes")
    kind = models.CharField(_("kind"), max_length=10, choices=NoteKind, default=NoteKind.NOTE)
    text = Prose(_("note"), max_length=5_000, blank=True, help_text=_("For those who work here, never for readers."))

    objects = PassageNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("note on a passage")
        verbose_name_plural = _("notes on passages")
        ordering: ClassVar = ["report", "start", "pk"]
        constraints: ClassVar = [
            *Quoting.Meta.constraints,
            one_of("kind", NoteKind, "sources_passagenote_kind"),
            models.CheckConstraint(
                condition=~Q(quote=""),
                name="sources_passagenote_quote",
                violation_error_message=_("Select the passage that the note is about."),
            ),
            models.CheckConstraint(
                condition=~Q(kind=NoteKind.NOTE) | ~Q(text=""),
                name="sources_passagenote_text",
                violation_error_message=_("Write the note, or mark the passage as “nothing to code”."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.quote[:60]}"

    def clean(self) -> None:
        """Check the words, and that the note stays with its report."""
        super().clean()
        if not self.report_id:
            return
        self.check_quote()
        stored: Any = PassageNote.objects.filter(pk=self.pk).first() if self.pk else None
        if stored and stored.report_id != self.report_id:
            raise ValidationError(
                {"report": _("A note stays with its report. Write another one for the other report.")}
            )
