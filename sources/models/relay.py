"""Whom a report passes on."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from osint.base.record import Identified, Record
from sources import marks, origins
from sources.models.report import Report
from sources.models.source import Source
from sources.querysets import RelayQuerySet
from sources.quotes import Quoting


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

    # Whether it may close a circle: not where whoever makes it knows that nothing passes its report on yet.
    may_close: bool = True

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
        is_other = self.relayed_report_id not in {None, self.report.pk}
        if is_other and self.may_close and self.report.pk in self.chain():
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
            raise ValidationError(origins.BEHIND)

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

    def check_gone(self) -> None:
        """What rests on the report's origins stands without it."""
        origins.check(self.report)
