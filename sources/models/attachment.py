"""The files of reports."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from osint.base import rehearsal
from osint.base.fields import Line
from osint.base.record import Identified, Record
from sources import files
from sources.models.report import Report
from sources.querysets import AttachmentQuerySet


def file_path(attachment: "Attachment", _name: str) -> str:
    """Where the bytes lie: under their own hash, so that the same file is kept once and a name cannot lead astray."""
    return f"attachments/{attachment.sha256[:2]}/{attachment.sha256}"


class Attachment(Identified, Record):
    """A file that belongs to a report: the page as saved, a screenshot, a scan; its bytes never change."""

    belongs_to = "report"

    report = models.ForeignKey(Report, verbose_name=_("report"), on_delete=models.PROTECT, related_name="attachments")
    name = Line(_("file name"), max_length=200)
    media_type = Line(_("media type"), max_length=100, default="application/octet-stream")
    file = models.FileField(_("file"), upload_to=file_path, max_length=200)
    size = models.PositiveBigIntegerField(_("size in bytes"), editable=False, default=0)
    sha256 = models.CharField(_("SHA-256 of the file"), max_length=64, editable=False, db_index=True)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["report", "sha256"],
                name="sources_attachment_once",
                violation_error_message=_("The report has this file already."),
            ),
            models.CheckConstraint(
                condition=~Q(name=""),
                name="sources_attachment_name",
                violation_error_message=_("Give the file a name."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.name)

    def derive(self) -> None:
        """What the bytes of a new file say of themselves, and its own name where it was given none."""
        super().derive()
        if self.file and not self.file._committed:  # type: ignore[attr-defined]
            self.name = self.name or files.plain_name(str(self.file.name))[:200]
            self.sha256, self.size, self.media_type = files.measured(self.file)

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        """As Django's, once what is worked out is there to be checked."""
        self.derive()
        super().full_clean(*args, **kwargs)

    def clean(self) -> None:
        """Refuse other bytes under the same attachment."""
        super().clean()
        stored = Attachment.objects.filter(pk=self.pk).first() if self.pk else None
        if stored and (stored.report_id, stored.sha256) != (self.report_id, self.sha256):
            raise ValidationError({"file": _("An attachment stays as it is. Add the other file beside it.")})
        if self.file and self.file._committed:  # type: ignore[attr-defined]
            files.check_place(self.sha256, str(self.file.name), file_path(self, ""))

    def check_deletable(self) -> None:
        """What belongs to a report that something rests on stays with it."""
        # By the name of the relation: this storey does not know the one above.
        if self.report.citations.exists():
            raise ValidationError(_("Events cite the report of this attachment, so it stays."))

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; bytes that are kept already are not kept twice."""
        self.derive()
        kept = file_path(self, "")
        if self.file and not self.file._committed:  # type: ignore[attr-defined]
            # What is only rehearsed is undone in the database, and would stay on the disk.
            if not rehearsal.is_on() and not self.file.storage.exists(kept):
                with files.whole_or_gone(self.file.storage, kept):
                    super().save(*args, **kwargs)
                return
            self.file = kept
        super().save(*args, **kwargs)
