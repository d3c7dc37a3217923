"""What reports say: citations and their claims, and the corrections of what we held.

Invariant: a claim records what a report says and is never changed to fit what we hold; a correction changes what we
hold and leaves the claims as they were.
"""

from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinLengthValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.choices import VERBAL, ActorRole, CitationRole, Credibility, Facet, Qualifier, SiteRole, Standing
from events.models.actors import Actor
from events.models.facts import OUT_OF_ORDER, UNKNOWN_QUALIFIER, VERBAL_HAS_NO_BEST, Number, in_order
from events.models.incident import Event
from events.models.places import Site
from events.models.sentences import after_publication
from events.models.taxonomy import EventType, Measure
from events.querysets import CitationQuerySet, ClaimQuerySet, CorrectionQuerySet
from osint.base.fields import Line, Prose
from osint.base.record import Dated, Identified, Record, one_of, order_of_dates
from osint.base.text import searchable, shown
from sources.choices import Tlp
from sources.models import Report
from sources.quotes import Quoting


class Citation(Identified, Record):
    """A report's part in an event, with the credibility of what it says there."""

    belongs_to = "event"

    event = models.ForeignKey(Event, verbose_name=_("event"), on_delete=models.CASCADE, related_name="citations")
    report = models.ForeignKey(Report, verbose_name=_("report"), on_delete=models.PROTECT, related_name="citations")
    role = models.CharField(_("part of the report"), max_length=12, choices=CitationRole, default=CitationRole.REPORTS)
    credibility = models.PositiveSmallIntegerField(
        _("credibility"),
        choices=Credibility,
        default=Credibility.CANNOT_BE_JUDGED,
        help_text=_("Digit of the Admiralty code."),
    )
    note = Prose(_("note"), max_length=5_000, blank=True)

    objects = CitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("citation")
        verbose_name_plural = _("citations")
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            one_of("role", CitationRole, "events_citation_role"),
            models.CheckConstraint(
                condition=Q(credibility__range=(1, 6)),
                name="events_citation_credibility",
                violation_error_message=_("The credibility is a digit from 1 (confirmed) to 6 (cannot be judged)."),
            ),
            models.UniqueConstraint(
                fields=["event", "report"],
                name="events_citation_once",
                violation_error_message=_("The event cites this report already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event.reference} · {self.report}"

    def clean(self) -> None:
        """Refuse a report that was published before the event began."""
        super().clean()
        if not (self.event_id and self.report_id):
            return
        if self.event.earliest and self.event.earliest > self.report.published_on:
            raise ValidationError({"report": after_publication(self.event.earliest, self.report.published_on)})
        quoted = self.claims.exclude(quote="") if self.pk else ()
        if any(self.report.text[claim.start : claim.end] != claim.quote for claim in quoted):
            raise ValidationError(
                {"report": _("Claims quote this report, so the citation stays with it. Cite the other report as well.")}
            )

    def check_deletable(self) -> None:
        """What a published event cites stays cited."""
        if self.event.published_at:
            raise ValidationError(
                _("%(event)s was published with this citation, so it stays. Set its claims aside, with a reason.")
                % {"event": self.event.reference}
            )


# Which columns carry the value of which facet: the first is required, and only these may be filled.
VALUE: dict[str, tuple[str, ...]] = {
    Facet.WHAT: ("type",),
    Facet.WHEN: ("when", "when_phrase"),
    Facet.WHERE: ("site", "site_role"),
    Facet.WHO: ("actor", "actor_role"),
    Facet.HOW_MANY: ("measure", "party", "low", "best", "high", "qualifier", "phrase", "label", "label_ar"),
}
BLANK: dict[str, Any] = {"type": None, "when": "", "site": None, "actor": None, "measure": None}


def value_fits_facet() -> Q:
    """The condition: the facet's own value is there, and no other facet's."""
    condition = Q()
    for facet, columns in VALUE.items():
        fits = Q(facet=facet) & ~Q(**{columns[0]: BLANK[columns[0]]})
        for other, blank in BLANK.items():
            if other != columns[0]:
                fits &= Q(**{other: blank})
        condition |= fits
    return condition


class Claim(Identified, Quoting, Dated, Number, Record):
    """What one report says about one facet of an event, and in which words."""

    report_path = "citation__report"

    citation = models.ForeignKey(Citation, verbose_name=_("citation"), on_delete=models.CASCADE, related_name="claims")
    facet = models.CharField(_("facet"), max_length=10, choices=Facet)
    type = models.ForeignKey(
        EventType, verbose_name=_("type"), null=True, blank=True, on_delete=models.PROTECT, related_name="claims"
    )
    site = models.ForeignKey(
        Site, verbose_name=_("site"), null=True, blank=True, on_delete=models.PROTECT, related_name="claims"
    )
    site_role = models.CharField(_("role of the site"), max_length=10, choices=SiteRole, blank=True)
    actor = models.ForeignKey(
        Actor, verbose_name=_("actor"), null=True, blank=True, on_delete=models.PROTECT, related_name="claims"
    )
    actor_role = models.CharField(_("role of the actor"), max_length=10, choices=ActorRole, blank=True)
    measure = models.ForeignKey(
        Measure, verbose_name=_("measure"), null=True, blank=True, on_delete=models.PROTECT, related_name="claims"
    )
    party = models.ForeignKey(
        Actor, verbose_name=_("party"), null=True, blank=True, on_delete=models.PROTECT, related_name="party_claims"
    )
    standing = models.CharField(_("standing"), max_length=12, choices=Standing, default=Standing.ACCEPTED)
    standing_reason = Prose(_("reason for the standing"), max_length=5_000, blank=True)
    proposal = Line(
        _("proposed by"),
        max_length=200,
        blank=True,
        help_text=_("The rule of the reading aid that proposed it to the person who entered it, and the rule's words."),
    )
    folded = models.TextField(editable=False, serialize=False, default="")

    belongs_to = "citation__event"
    derives: ClassVar[tuple[str, ...]] = ("folded",)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        ordering: ClassVar = ["pk"]
        indexes: ClassVar = [
            models.Index(
                fields=["citation"], condition=Q(standing=Standing.IN_CONFLICT), name="events_claim_in_conflict"
            ),
        ]
        constraints: ClassVar = [
            *Quoting.Meta.constraints,
            one_of("facet", Facet, "events_claim_facet"),
            one_of("standing", Standing, "events_claim_standing"),
            order_of_dates("events_claim_dates"),
            models.CheckConstraint(
                condition=value_fits_facet(),
                name="events_claim_value_fits_facet",
                violation_error_message=_(
                    "A claim says one thing: give the value of its facet (type, when, site, actor or measure) and no "
                    "other."
                ),
            ),
            models.CheckConstraint(
                condition=(Q(facet=Facet.WHERE) & Q(site_role__in=SiteRole.values))
                | (~Q(facet=Facet.WHERE) & Q(site_role="")),
                name="events_claim_site_role",
                violation_error_message=_(
                    "A claim about a place, and no other, says how the event lies to it: give the site's role."
                ),
            ),
            models.CheckConstraint(
                condition=(Q(facet=Facet.WHO) & Q(actor_role__in=ActorRole.values))
                | (~Q(facet=Facet.WHO) & Q(actor_role="")),
                name="events_claim_actor_role",
                violation_error_message=_(
                    "A claim about an actor, and no other, says its part: give the actor's role."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(facet=Facet.HOW_MANY)
                & Q(party=None, low=None, best=None, high=None, qualifier="", phrase="", label="")
                | Q(facet=Facet.HOW_MANY) & (~Q(low=None, best=None, high=None) | ~Q(phrase="")),
                name="events_claim_number",
                violation_error_message=_(
                    "A claim about a number gives a number or the report's words; other claims give none."
                ),
            ),
            models.CheckConstraint(
                condition=Q(qualifier="") | Q(qualifier__in=Qualifier.values),
                name="events_claim_qualifier",
                violation_error_message=UNKNOWN_QUALIFIER,
            ),
            models.CheckConstraint(
                condition=~Q(qualifier__in=VERBAL) | Q(best=None),
                name="events_claim_verbal_has_no_best",
                violation_error_message=VERBAL_HAS_NO_BEST,
            ),
            models.CheckConstraint(
                # Reports whose own numbers do not fit together exist: they are kept as they are, marked unclear.
                condition=in_order() | Q(qualifier=Qualifier.UNCLEAR),
                name="events_claim_in_order",
                violation_error_message=OUT_OF_ORDER,
            ),
            models.CheckConstraint(
                condition=Q(standing__in=[Standing.ACCEPTED, Standing.IN_CONFLICT]) | ~Q(standing_reason=""),
                name="events_claim_standing_reason",
                violation_error_message=_("Say why the claim is superseded or set aside."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_facet_display()}: {self.value}"

    def derive(self) -> None:
        """Bounds of the date, and the folded quote for search."""
        super().derive()
        self.folded = searchable(self.quote[:10_000])

    @property
    def value(self) -> str:
        """The value as a person reads it."""
        match self.facet:
            case Facet.WHAT:
                return str(self.type)
            case Facet.WHEN:
                # The mark keeps the digits in order after an Arabic word.
                return f"\u200e{self.when}"
            case Facet.WHERE:
                return f"{self.get_site_role_display()} {self.site}"
            case Facet.WHO:
                return f"{self.actor} ({self.get_actor_role_display()})"
        return self.counted(self.measure, self.party)

    def clean(self) -> None:
        """Check the words, and that the report could know of it."""
        super().clean()
        if not self.citation_id:
            return
        self.check_unchanged()
        self.check_quote()
        report = self.citation.report
        if not self.quote and report.text:
            raise ValidationError({"quote": _("Quote the words of the report on which this rests.")})
        if self.earliest and self.earliest > report.published_on:
            raise ValidationError({"when": after_publication(self.earliest, report.published_on)})

    def check_unchanged(self) -> None:
        """What a report was quoted for stays as published; only its standing moves."""
        event = self.citation.event
        if not (self.pk and event.published_at):
            return
        stored = Claim.objects.get(pk=self.pk)
        columns = {field.name: field.attname for field in Claim._meta.concrete_fields}
        said = ["citation_id", "facet", "quote", *(columns[name] for names in VALUE.values() for name in names)]
        changed = [name.removesuffix("_id") for name in said if getattr(self, name) != getattr(stored, name)]
        if changed:
            raise ValidationError(
                _(
                    "%(event)s was published with this claim, so what it says stays (%(fields)s). "
                    "Set it aside, with a reason, and enter a new one."
                )
                % {"event": event.reference, "fields": ", ".join(changed)}
            )

    def check_deletable(self) -> None:
        """What a published event rests on is set aside, not deleted."""
        if self.citation.event.published_at:
            raise ValidationError(
                _("%(event)s was published with this claim, so it stays. Set it aside, with a reason.")
                % {"event": self.citation.event.reference}
            )


class Correction(Identified, Record):
    """A change to what we held after publication: before, after, why, on whose word; public, never changed itself."""

    belongs_to = "event"

    event = models.ForeignKey(Event, verbose_name=_("event"), on_delete=models.PROTECT, related_name="corrections")
    before = models.JSONField(_("before"), editable=False)
    after = models.JSONField(_("after"), editable=False)
    reason = Prose(_("reason"), max_length=5_000, validators=[MinLengthValidator(3)])
    report = models.ForeignKey(
        Report,
        verbose_name=_("report behind it"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="corrections",
    )
    tlp = models.CharField(
        _("TLP"),
        max_length=12,
        choices=Tlp,
        default=Tlp.CLEAR,
        editable=False,
        help_text=_("The stricter of the event's marks before and after: who may not see both sees neither."),
    )
    made_at = models.DateTimeField(_("corrected"), default=timezone.now, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("corrected by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        serialize=False,
    )

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        ordering: ClassVar = ["-made_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="events_correction_reason",
                violation_error_message=_("A correction needs a reason."),
            ),
            one_of("tlp", Tlp, "events_correction_tlp"),
        ]

    def __str__(self) -> str:
        return f"{self.event.reference} · {self.made_at:%Y-%m-%d}"

    def clean(self) -> None:
        """Refuse a correction that does not say what changed."""
        super().clean()
        if not all(isinstance(said, dict) and said for said in (self.before, self.after)):
            wrong = _(
                "A correction says what changed, but “before” is %(before)s and “after” is %(after)s. Give in both the "
                "values of what was corrected."
            )
            raise ValidationError(wrong % {"before": shown(str(self.before)), "after": shown(str(self.after))})

    def check_deletable(self) -> None:
        """A correction stays."""
        raise ValidationError(_("A correction is part of the record and stays. Correct again."))
