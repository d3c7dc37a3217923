"""A publication, and judgements on pairs of them."""

from hashlib import sha256
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from osint.base.fields import Line, Prose
from osint.base.judgements import Judgement, JudgementQuerySet
from osint.base.record import Identified, Record, one_of
from osint.base.text import fold
from sources import origins
from sources.addresses import check_url
from sources.choices import CodingStatus, Tlp
from sources.models.source import Source
from sources.querysets import ReportQuerySet
from sources.quotes import Quoting

TEXT_LIMIT = 2_000_000  # characters; the longest situation reports have some 300,000


class Report(Identified, Record):
    """One publication by one source, with its text as published."""

    source = models.ForeignKey(Source, verbose_name=_("source"), on_delete=models.PROTECT, related_name="reports")
    title = Line(_("title"), max_length=500)
    text = Prose(
        _("text"),
        max_length=TEXT_LIMIT,
        blank=True,
        help_text=_("The text as published, in full. Quotes are taken from it, so it stays once quoted."),
    )
    language = models.CharField(_("language"), max_length=8, default="ar", help_text=_("ISO 639 code: ar, en, ku, …"))
    translation = Prose(
        _("translation"),
        max_length=TEXT_LIMIT,
        blank=True,
        help_text=_("A reading aid; quotes come from the original."),
    )
    url = models.CharField(_("address"), max_length=2000, blank=True, validators=[check_url])
    archived_url = models.CharField(_("archived address"), max_length=2000, blank=True, validators=[check_url])
    published_on = models.DateField(
        _("published on"), help_text=_("The day of publication; no event in it can be later.")
    )
    published_note = Prose(
        _("how the date is known"),
        max_length=2_000,
        blank=True,
        help_text=_("Where the report does not state it, say how it was worked out."),
    )
    accessed_on = models.DateField(_("accessed on"), null=True, blank=True)
    tlp = models.CharField(_("TLP"), max_length=12, choices=Tlp, default=Tlp.CLEAR)
    status = models.CharField(_("coding status"), max_length=10, choices=CodingStatus, default=CodingStatus.NEW)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("assigned to"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        serialize=False,
    )
    updates = models.ForeignKey(
        "self",
        verbose_name=_("updates"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="updated_by",
        help_text=_("The earlier report of which this is a new wording."),
    )
    note = Prose(
        _("note"),
        max_length=20_000,
        blank=True,
        help_text=_("Passages that are no incident; for analysts, never shown to the public."),
    )
    sha256 = models.CharField(
        _("SHA-256 of the text"), max_length=64, editable=False, serialize=False, default="", db_index=True
    )
    folded = models.TextField(editable=False, serialize=False, default="")

    derives: ClassVar[tuple[str, ...]] = ("sha256", "folded")

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering: ClassVar = ["-published_on", "-pk"]
        indexes: ClassVar = [models.Index(fields=["-published_on", "-id"], name="sources_report_published")]
        constraints: ClassVar = [
            one_of("tlp", Tlp, "sources_report_tlp"),
            one_of("status", CodingStatus, "sources_report_status"),
            models.CheckConstraint(
                condition=~Q(title=""),
                name="sources_report_title",
                violation_error_message=_("Give the report a title."),
            ),
            models.CheckConstraint(
                condition=~Q(text="") | ~Q(url=""),
                name="sources_report_text_or_url",
                violation_error_message=_("Paste the report's text, or give its address."),
            ),
            models.CheckConstraint(
                condition=Q(accessed_on=None) | Q(accessed_on__gte=F("published_on")),
                name="sources_report_read_after_published",
                violation_error_message=_("The report was accessed before it was published. Check both dates."),
            ),
            models.CheckConstraint(
                condition=Q(updates=None) | ~Q(updates=F("id")),
                name="sources_report_not_its_own_update",
                violation_error_message=_("A report cannot update itself. Choose the earlier report."),
            ),
        ]

    def __str__(self) -> str:
        # The mark keeps the day in order after an Arabic title.
        return f"{self.title} (\u200e{self.published_on})"

    def derive(self) -> None:
        """The hash of the text in UTF-8, and the folded text for search."""
        super().derive()
        # Half a character is refused by the field, and must not stop us before that.
        self.sha256 = sha256(self.text.encode(errors="surrogatepass")).hexdigest() if self.text else ""
        # What is longer is refused by its own field, and costs no time here.
        title, text, translation = self.title[:500], self.text[:TEXT_LIMIT], self.translation[:TEXT_LIMIT]
        self.folded = fold(f"{title}\n{text}\n{translation}")

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, unless what rests on its origins forbids it."""
        with transaction.atomic():
            super().save(*args, **kwargs)
            origins.check(self)

    def is_quoted(self) -> bool:
        """Whether anything rests on this report's words."""
        return any(cls.quoting(self) for cls in Quoting.kinds())

    def clean(self) -> None:
        """Refuse another text once the report is quoted, and another source once something published rests on it."""
        super().clean()
        stored = type(self).objects.filter(pk=self.pk).first() if self.pk else None
        if stored and stored.source_id != self.source_id and origins.in_use(self):
            raise ValidationError({"source": origins.BEHIND})
        if stored and stored.text != self.text and self.is_quoted():
            raise ValidationError(
                {
                    "text": _(
                        "This report is quoted, so its text stays. Enter the new wording as a new report that "
                        "updates this one."
                    )
                }
            )


class ReportJudgement(Judgement):
    """Whether two reports are one publication; a copy under another source is a relay."""

    first = models.ForeignKey(Report, verbose_name=_("report"), on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Report, verbose_name=_("other report"), on_delete=models.CASCADE, related_name="+")

    objects = JudgementQuerySet.as_manager()

    class Meta(Judgement.Meta):
        verbose_name = _("judgement on two reports")
        verbose_name_plural = _("judgements on reports")
