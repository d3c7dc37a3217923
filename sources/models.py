"""Who said what, where and when: sources, their reports, and whom a report relays."""

from hashlib import sha256
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from osint.base.fields import Line, Prose
from osint.base.judgements import Judgement, JudgementQuerySet
from osint.base.names import Named
from osint.base.record import Identified, Record, one_of
from osint.base.text import fold
from sources import files, marks, origins
from sources.choices import CodingStatus, Reliability, SourceKind, Tlp
from sources.querysets import AttachmentQuerySet, RelayQuerySet, ReportQuerySet, SourceQuerySet
from sources.quotes import Quoting

check_url = URLValidator(schemes=["http", "https"])
TEXT_LIMIT = 2_000_000  # characters; the longest situation reports have some 300,000


class Source(Named):
    """Who publishes or speaks: a monitor, an agency, an outlet, an official, a channel."""

    kind = models.CharField(_("kind"), max_length=20, choices=SourceKind)
    reliability = models.CharField(
        _("reliability"),
        max_length=1,
        choices=Reliability,
        default=Reliability.F,
        help_text=_("Letter of the Admiralty code."),
    )
    reliability_reason = Prose(_("why this letter"), max_length=5_000)
    homepage = models.CharField(_("homepage"), max_length=2000, blank=True, validators=[check_url])
    note = Prose(_("note"), max_length=20_000, blank=True)

    objects = SourceQuerySet.as_manager()

    class Meta(Named.Meta):
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering: ClassVar = ["slug"]
        constraints: ClassVar = [
            *Named.Meta.constraints,
            one_of("kind", SourceKind, "sources_source_kind"),
            one_of("reliability", Reliability, "sources_source_reliability"),
            models.CheckConstraint(
                condition=~Q(reliability_reason=""),
                name="sources_source_reliability_reason",
                violation_error_message=_("Say why the source has this reliability letter."),
            ),
        ]


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
        return any(cls.quoting(self) for cls in Quoting.__subclasses__())

    def clean(self) -> None:
        """Refuse another text once the report is quoted, and another source once something published rests on it."""
        super().clean()
        stored = type(self).objects.filter(pk=self.pk).first() if self.pk else None
        if stored and stored.source_id != self.source_id and origins.in_use(self):
            raise ValidationError({"source": BEHIND})
        if stored and stored.text != self.text and self.is_quoted():
            raise ValidationError(
                {
                    "text": _(
                        "This report is quoted, so its text stays. Enter the new wording as a new report that "
                        "updates this one."
                    )
                }
            )


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
        if self.file and not self.file._committed and self.file.storage.exists(kept):  # type: ignore[attr-defined]
            self.file = kept
        super().save(*args, **kwargs)


class ReportJudgement(Judgement):
    """Whether two reports are one publication; a copy under another source is a relay."""

    first = models.ForeignKey(Report, verbose_name=_("report"), on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Report, verbose_name=_("other report"), on_delete=models.CASCADE, related_name="+")

    objects = JudgementQuerySet.as_manager()

    class Meta(Judgement.Meta):
        verbose_name = _("judgement on two reports")
        verbose_name_plural = _("judgements on reports")


BEHIND = _(
    "Published events rest on this report and on those behind it, so they stay. Enter the report anew, and cite it."
)


class Relay(Identified, Quoting, Record):
    """ "According to …": a report passes on another report or source, in these words."""

    report_path = "report"
    belongs_to = "report"

    report = models.ForeignKey(Report, verbose_name=_("report"), on_delete=models.CASCADE, related_name="relays")
    relayed_source = models.ForeignKey(
        Source,
        verbose_name=_("relays the source"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="relayed_by",
    )
    relayed_report = models.ForeignKey(
        Report,
        verbose_name=_("relays the report"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="relayed_by",
    )

    objects = RelayQuerySet.as_manager()

    class Meta:
        verbose_name = _("relay")
        verbose_name_plural = _("relays")
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            *Quoting.Meta.constraints,
            models.CheckConstraint(
                condition=Q(relayed_source=None, relayed_report__isnull=False)
                | Q(relayed_source__isnull=False, relayed_report=None),
                name="sources_relay_one_target",
                violation_error_message=_("Name either the source or the report that is relayed, not both."),
            ),
            models.CheckConstraint(
                condition=Q(relayed_report=None) | ~Q(relayed_report=F("report")),
                name="sources_relay_not_itself",
                violation_error_message=_("A report cannot relay itself. Choose the report it takes this from."),
            ),
            models.UniqueConstraint(
                fields=["report", "relayed_source"],
                name="sources_relay_source_once",
                violation_error_message=_("This report relays that source already."),
            ),
            models.UniqueConstraint(
                fields=["report", "relayed_report"],
                name="sources_relay_report_once",
                violation_error_message=_("This report relays that report already."),
            ),
        ]

    def __str__(self) -> str:
        # Who sees the report may not see a stricter one: so that is not named.
        relayed = self.relayed_report
        hidden = relayed is not None and marks.stricter(relayed.tlp, self.report.tlp)
        return f"{self.report} ← {'…' if hidden else self.relayed_source or relayed}"

    def clean(self) -> None:
        """Check the attributing words, and refuse a circle of relays."""
        super().clean()
        if not hasattr(self, "report"):
            return
        self.check_quote()
        self.check_target()
        if self.relayed_report_id not in {None, self.report.pk} and self.report.pk in self.chain():
            raise ValidationError(
                {
                    "relayed_report": _("“%(report)s” passes on this very report, so this one cannot pass it on.")
                    % {"report": self.relayed_report}
                }
            )

    def check_target(self) -> None:
        """Refuse another source or report in place of the one that something published goes back to."""
        stored = Relay.objects.filter(pk=self.pk).first() if self.pk else None
        targets = ("report_id", "relayed_source_id", "relayed_report_id")
        if stored and any(getattr(stored, name) != getattr(self, name) for name in targets):
            stored.check_deletable()

    def check_deletable(self) -> None:
        """What something published goes back to stays."""
        if origins.in_use(self.report):
            raise ValidationError(BEHIND)

    def chain(self) -> set[int]:
        """Ids of all reports behind the relayed one."""
        seen: set[int] = set()
        fresh = {self.relayed_report_id} if self.relayed_report_id else set()
        while fresh:
            seen |= fresh
            behind = Relay.objects.filter(report__in=fresh).values_list("relayed_report", flat=True)
            fresh = {pk for pk in behind if pk} - seen
        return seen

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, unless what rests on the report's origins forbids it."""
        with transaction.atomic():
            super().save(*args, **kwargs)
            origins.check(self.report)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete, unless what rests on the report's origins forbids it."""
        with transaction.atomic():
            gone = super().delete(*args, **kwargs)
            origins.check(self.report)
        return gone
