"""Places that can be named, in a tree, and their other spellings."""

from math import isfinite
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from events.choices import SiteKind
from events.querysets import SiteNameQuerySet, SiteQuerySet
from osint.base.fields import Line, Prose
from osint.base.names import Spelling
from osint.base.record import one_of
from osint.base.tree import Tree

LATITUDE = _("The latitude must be a number from -90 to 90 degrees.")
LONGITUDE = _("The longitude must be a number from -180 to 180 degrees.")


def degrees(limit: int) -> list[MinValueValidator | MaxValueValidator]:
    """Validators for an angle between -limit and limit; NaN passes both, and is refused by the site."""
    return [MinValueValidator(-limit), MaxValueValidator(limit)]


class SiteName(Spelling):
    """One more spelling of a site's name."""

    owner = "site"

    belongs_to = "site"

    site = models.ForeignKey("events.Site", verbose_name=_("site"), on_delete=models.CASCADE, related_name="names")

    objects = SiteNameQuerySet.as_manager()

    class Meta(Spelling.Meta):
        verbose_name = _("spelling of a site")
        verbose_name_plural = _("spellings of sites")
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            *Spelling.Meta.constraints,
            models.UniqueConstraint(
                fields=["site", "language", "text"],
                name="events_sitename_once",
                violation_error_message=_("The site has this spelling already."),
            ),
        ]


class Site(Tree):
    """A place: base, crossing, camp, city, governorate, area, road, …"""

    spelling = SiteName

    kind = models.CharField(_("kind"), max_length=20, choices=SiteKind)
    pcode = Line(_("P-code"), max_length=20, blank=True, help_text=_("OCHA place code, as in SY08."))
    latitude = models.FloatField(
        _("latitude"), null=True, blank=True, validators=degrees(90), help_text=_("Degrees north, WGS 84, -90 to 90.")
    )
    longitude = models.FloatField(
        _("longitude"),
        null=True,
        blank=True,
        validators=degrees(180),
        help_text=_("Degrees east, WGS 84, -180 to 180."),
    )
    precision_m = models.PositiveIntegerField(
        _("precision radius"),
        null=True,
        blank=True,
        help_text=_("Metres around the point within which the place lies. No point, no radius."),
    )
    note = Prose(_("note"), max_length=20_000, blank=True)
    namesake_note = Prose(
        _("not to be confused with"),
        max_length=2_000,
        blank=True,
        help_text=_("Where another place bears the same name: how the two differ."),
    )

    objects = SiteQuerySet.as_manager()

    class Meta(Tree.Meta):
        verbose_name = _("site")
        verbose_name_plural = _("sites")
        ordering: ClassVar = ["path"]
        constraints: ClassVar = [
            *Tree.Meta.constraints,
            one_of("kind", SiteKind, "events_site_kind"),
            models.CheckConstraint(
                condition=Q(latitude=None) | Q(latitude__range=(-90, 90)),
                name="events_site_latitude",
                violation_error_message=LATITUDE,
            ),
            models.CheckConstraint(
                condition=Q(longitude=None) | Q(longitude__range=(-180, 180)),
                name="events_site_longitude",
                violation_error_message=LONGITUDE,
            ),
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None, precision_m=None)
                | Q(latitude__isnull=False, longitude__isnull=False, precision_m__isnull=False, precision_m__gt=0),
                name="events_site_whole_point",
                violation_error_message=_(
                    "A point has latitude, longitude and a precision radius of at least one metre. Give all three, "
                    "or none."
                ),
            ),
            models.UniqueConstraint(
                fields=["pcode"],
                condition=~Q(pcode=""),
                name="events_site_pcode_once",
                violation_error_message=_("Another site has this P-code."),
            ),
            models.UniqueConstraint(
                fields=["kind", "parent", "folded_ar"],
                condition=~Q(folded_ar="") & Q(namesake_note=""),
                name="events_site_arabic_name_once",
                violation_error_message=_(
                    "A site of this kind, parent and Arabic name exists. Use it, or say how the two differ."
                ),
            ),
            models.UniqueConstraint(
                # To the database no parent is never the same as no parent.
                fields=["kind", "folded_ar"],
                condition=~Q(folded_ar="") & Q(namesake_note="", parent=None),
                name="events_site_arabic_name_once_at_root",
                violation_error_message=_(
                    "A site of this kind and Arabic name exists. Use it, or say how the two differ."
                ),
            ),
        ]

    @property
    def described(self) -> str:
        """The name with what tells it from its namesakes: kind, and what it lies in."""
        return f"{self} · {self.get_kind_display()}" + (f" · {self.parent}" if self.parent else "")

    def clean(self) -> None:
        """Refuse a second record of a place; one within the other (city, district, governorate) may share a name."""
        super().clean()
        self.check_point()
        self.check_namesake()

    def check_namesake(self) -> None:
        """Refuse a name that another site bears already, unless it is said how the two differ."""
        if self.namesake_note or not (self.name_en or self.name_ar):
            return
        if twin := self.namesake():
            raise ValidationError(
                {
                    "name_ar" if self.name_ar else "name_en": _(
                        "“%(name)s” sounds like %(twin)s (%(slug)s, %(kind)s). Use that one, or add this spelling to "
                        "it; "
                        "if this is another place, say how the two differ under “not to be confused with”."
                    )
                    % {
                        "name": self.name_ar or self.name_en,
                        "twin": twin,
                        "slug": twin.slug,
                        "kind": twin.get_kind_display(),
                    }
                }
            )

    def check_point(self) -> None:
        """Refuse NaN and infinity, which slip through comparisons."""
        for name, sentence in (("latitude", LATITUDE), ("longitude", LONGITUDE)):
            value = getattr(self, name)
            if isinstance(value, float) and not isfinite(value):
                raise ValidationError({name: sentence})

    def namesake(self) -> "Site | None":
        """Another site that bears the same name and neither holds this one nor lies within it."""
        keys = {self.key_en, self.key_ar} - {""}
        others = (
            Site.objects.bearing(keys, {self.folded_en, self.folded_ar} - {""})
            .exclude(pk=self.pk)
            .exclude(slug__in=self.ancestor_slugs())
        )
        stored = self.stored_path()
        return next((site for site in others if not (stored and site.path.startswith(stored))), None)
