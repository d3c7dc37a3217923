"""Who publishes or speaks."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from osint.base.fields import Prose
from osint.base.names import Named
from osint.base.record import one_of
from sources.addresses import check_url
from sources.choices import Reliability, SourceKind
from sources.querysets import SourceQuerySet


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
