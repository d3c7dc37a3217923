"""Words by which the reading aid recognises things in a text: data that editors extend.

Names of places and actors are no cues: they stand with their records, as spellings.
"""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from events.choices import ActorRole, CueKind, Qualifier, SiteRole
from events.models.taxonomy import EventType, Measure
from events.querysets import CueQuerySet
from osint.base.fields import Line
from osint.base.record import Identified, Record, one_of
from osint.base.text import fold, shown

# Which column says what a cue of this kind stands for, and out of which list where it is a word.
SAYS: dict[str, str] = {
    CueKind.TYPE: "type",
    CueKind.MEASURE: "measure",
    CueKind.QUALIFIER: "value",
    CueKind.SITE_ROLE: "value",
    CueKind.ACTOR_ROLE: "value",
    CueKind.ORIGIN: "",
    CueKind.IGNORE: "",
}
AMONG: dict[str, type[models.TextChoices]] = {
    CueKind.QUALIFIER: Qualifier,
    CueKind.SITE_ROLE: SiteRole,
    CueKind.ACTOR_ROLE: ActorRole,
}


def fits_its_kind() -> Q:
    """The condition: the cue stands for what its kind asks for, and for nothing else."""
    condition = Q()
    for kind, column in SAYS.items():
        told = Q(type__isnull=column != "type", measure__isnull=column != "measure")
        told &= Q(value__in=AMONG[kind].values) if column == "value" else Q(value="")
        condition |= Q(kind=kind) & told
    return condition


class Cue(Identified, Record):
    """Words in a report, and what they are a sign of."""

    kind = models.CharField(_("kind"), max_length=12, choices=CueKind)
    text = Line(
        _("words"), max_length=100, help_text=_("As they stand in a text, without prefixes and without “and” or “the”.")
    )
    language = models.CharField(_("language"), max_length=8, default="ar", help_text=_("ISO 639 code: ar, en, ku, …"))
    type = models.ForeignKey(
        EventType, verbose_name=_("type"), null=True, blank=True, on_delete=models.CASCADE, related_name="cues"
    )
    measure = models.ForeignKey(
        Measure, verbose_name=_("measure"), null=True, blank=True, on_delete=models.CASCADE, related_name="cues"
    )
    value = models.CharField(
        _("value"),
        max_length=12,
        blank=True,
        help_text=_("For a qualifier or a role: its code, such as about, at_least, to, target."),
    )
    folded = models.CharField(max_length=120, editable=False, serialize=False, default="", db_index=True)

    derives: ClassVar[tuple[str, ...]] = ("folded",)

    objects = CueQuerySet.as_manager()

    class Meta:
        verbose_name = _("cue")
        verbose_name_plural = _("cues")
        ordering: ClassVar = ["kind", "folded", "pk"]
        constraints: ClassVar = [
            one_of("kind", CueKind, "events_cue_kind"),
            models.CheckConstraint(
                condition=~Q(text=""),
                name="events_cue_text",
                violation_error_message=_("Write the words."),
            ),
            models.CheckConstraint(
                condition=fits_its_kind(),
                name="events_cue_fits_its_kind",
                violation_error_message=_(
                    "A cue says one thing: choose a type, a measure or a value, as its kind asks for, and no other."
                ),
            ),
            models.UniqueConstraint(
                fields=["kind", "folded", "type"],
                condition=Q(type__isnull=False),
                name="events_cue_of_type_once",
                violation_error_message=_("These words are a cue for this type already."),
            ),
            models.UniqueConstraint(
                fields=["kind", "folded", "measure"],
                condition=Q(measure__isnull=False),
                name="events_cue_of_measure_once",
                violation_error_message=_("These words are a cue for this measure already."),
            ),
            models.UniqueConstraint(
                fields=["kind", "folded", "value"],
                condition=Q(type=None, measure=None),
                name="events_cue_of_value_once",
                violation_error_message=_("These words are such a cue already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.text}"

    def derive(self) -> None:
        """The words as they are looked for."""
        super().derive()
        self.folded = fold(self.text[:100])[:120]

    def clean(self) -> None:
        """Refuse a value that its kind does not know, and words of which nothing is left to look for."""
        super().clean()
        among: Any = AMONG.get(self.kind)
        if among and self.value not in among.values:
            sentence = _("“%(value)s” is none of the values of this kind: %(known)s.")
            told = {"value": shown(self.value), "known": ", ".join(among.values)}
            raise ValidationError({"value": sentence % told})
        if self.text and not self.folded:
            sentence = _("“%(value)s” holds no letters to look for.")
            raise ValidationError({"text": sentence % {"value": shown(self.text)}})
