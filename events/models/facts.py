"""The facts of an event: where, who, how many.

Rows of ``Count`` in one event are disjoint: they add up, so a total stands beside no part of itself.
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from events.choices import VERBAL, ActorRole, Basis, Qualifier, SiteRole
from events.models.actors import Actor
from events.models.incident import REASON_HELP, Event, reasoned
from events.models.places import Site
from events.models.taxonomy import Measure
from events.querysets import FactQuerySet
from osint.base.fields import Line, Prose
from osint.base.names import in_language
from osint.base.record import Identified, Record, one_of


class Fact(Identified, Record):
    """A held fact of an event, with what it rests on."""

    belongs_to = "event"

    event = models.ForeignKey(Event, verbose_name=_("event"), on_delete=models.CASCADE, related_name="%(class)ss")
    basis = models.CharField(_("basis"), max_length=10, choices=Basis, default=Basis.STATED)
    reason = Prose(_("reason"), max_length=2_000, blank=True, help_text=REASON_HELP)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        abstract = True
        ordering: ClassVar = ["position", "pk"]
        constraints: ClassVar = [reasoned("basis", "reason", "%(app_label)s_%(class)s_reason")]


class Placement(Fact):
    """Where: a site, with its role."""

    site = models.ForeignKey(Site, verbose_name=_("site"), on_delete=models.PROTECT, related_name="placements")
    role = models.CharField(_("role"), max_length=10, choices=SiteRole, default=SiteRole.AT)

    objects = FactQuerySet["Placement"].as_manager()

    class Meta(Fact.Meta):
        verbose_name = _("place of an event")
        verbose_name_plural = _("places of events")
        constraints: ClassVar = [
            *Fact.Meta.constraints,
            one_of("role", SiteRole, "events_placement_role"),
            models.UniqueConstraint(
                fields=["event", "site", "role"],
                name="events_placement_once",
                violation_error_message=_("The event has this place already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} {self.site}"


class Involvement(Fact):
    """Who: an actor, with its part."""

    actor = models.ForeignKey(Actor, verbose_name=_("actor"), on_delete=models.PROTECT, related_name="involvements")
    role = models.CharField(_("role"), max_length=10, choices=ActorRole, default=ActorRole.ACTS)

    objects = FactQuerySet["Involvement"].as_manager()

    class Meta(Fact.Meta):
        verbose_name = _("actor in an event")
        verbose_name_plural = _("actors in events")
        constraints: ClassVar = [
            *Fact.Meta.constraints,
            one_of("role", ActorRole, "events_involvement_role"),
            models.UniqueConstraint(
                fields=["event", "actor", "role"],
                name="events_involvement_once",
                violation_error_message=_("The event has this actor already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.actor} ({self.get_role_display()})"


class Number(models.Model):
    """How many: low, best and high, each a whole number of the measure's unit or unknown, and the words of the report.

    "At least 10" has a low and no more; "dozens" has a phrase and no number made up for it.
    """

    low = models.PositiveBigIntegerField(_("at least"), null=True, blank=True)
    best = models.PositiveBigIntegerField(_("best"), null=True, blank=True)
    high = models.PositiveBigIntegerField(_("at most"), null=True, blank=True)
    qualifier = models.CharField(_("qualifier"), max_length=12, choices=Qualifier, blank=True)
    phrase = Line(_("as worded"), max_length=200, blank=True)
    label = Line(
        _("of whom"),
        max_length=100,
        blank=True,
        help_text=_("Which of them, where rows of one measure differ: “a leader”, “others”."),
    )
    label_ar = Line(_("of whom, in Arabic"), max_length=100, blank=True)

    class Meta:
        abstract = True

    @property
    def span(self) -> str:
        """The numbers as people write them: 25, 20–30, ≥ 10, ≤ 5, or the words alone."""
        if self.best is not None:
            low, high = ("…" if bound is None else bound for bound in (self.low, self.high))
            exact = (self.low, self.high) in {(None, None), (self.best, self.best)}
            return str(self.best) if exact else f"{self.best} ({low}–{high})"
        if self.low is not None and self.high is not None:
            return f"{self.low}–{self.high}"
        return (
            f"≥ {self.low}"
            if self.low is not None
            else f"≤ {self.high}"
            if self.high is not None
            else f"“{self.phrase}”"
        )

    def counted(self, measure: Measure | None, party: Actor | None) -> str:
        """The number with what is counted, which of them, and whose."""
        said = _("%(number)s %(thing)s") % {"number": self.span, "thing": measure} if measure else self.span
        for more in filter(None, (in_language(self.label, self.label_ar), party)):
            said = _("%(counted)s %(more)s") % {"counted": said, "more": more}
        return said


def in_order() -> Q:
    """The condition low ≤ best ≤ high, as far as they are known."""
    pairs = [("low", "best"), ("best", "high"), ("low", "high")]
    condition = Q()
    for lower, upper in pairs:
        condition &= Q(**{lower: None}) | Q(**{upper: None}) | Q(**{f"{lower}__lte": F(upper)})
    return condition


OUT_OF_ORDER = _("The numbers must rise: at least ≤ best ≤ at most. Correct them, or leave out what is not known.")
UNKNOWN_QUALIFIER = _("Choose a qualifier from the list.")
VERBAL_HAS_NO_BEST = _(
    "A verbal number (“several”, “dozens”) has no best figure. Keep the words, and leave the figure empty."
)


class Count(Number, Fact):
    """How many: a measure, of which party, in numbers and as worded."""

    measure = models.ForeignKey(Measure, verbose_name=_("measure"), on_delete=models.PROTECT, related_name="counts")
    party = models.ForeignKey(
        Actor, verbose_name=_("party"), null=True, blank=True, on_delete=models.PROTECT, related_name="counts"
    )

    objects = FactQuerySet["Count"].as_manager()

    class Meta(Fact.Meta):
        verbose_name = _("count")
        verbose_name_plural = _("counts")
        constraints: ClassVar = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                condition=in_order(), name="events_count_in_order", violation_error_message=OUT_OF_ORDER
            ),
            models.CheckConstraint(
                condition=~Q(low=None, best=None, high=None) | ~Q(phrase=""),
                name="events_count_says_something",
                violation_error_message=_("Give a number, or the words of the report."),
            ),
            models.CheckConstraint(
                condition=~Q(qualifier__in=VERBAL) | Q(best=None),
                name="events_count_verbal_has_no_best",
                violation_error_message=VERBAL_HAS_NO_BEST,
            ),
            models.CheckConstraint(
                condition=Q(qualifier="") | Q(qualifier__in=Qualifier.values),
                name="events_count_qualifier",
                violation_error_message=UNKNOWN_QUALIFIER,
            ),
            models.UniqueConstraint(
                fields=["event", "measure", "party", "label"],
                name="events_count_once",
                violation_error_message=_("The event counts this already. Tell the rows apart under “of whom”."),
            ),
            models.UniqueConstraint(
                fields=["event", "measure", "label"],
                condition=Q(party=None),
                name="events_count_once_without_party",
                violation_error_message=_("The event counts this already. Tell the rows apart under “of whom”."),
            ),
        ]

    def __str__(self) -> str:
        return self.counted(self.measure, self.party)
