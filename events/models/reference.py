"""Short references that people can quote (``SY-2025-00012``), local to one database, never given twice."""

from datetime import date

from django.conf import settings
from django.db import models, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ReferenceSeries(models.Model):
    """The last number given in one year: it only rises, also when the event that had it is deleted."""

    year = models.PositiveSmallIntegerField(_("year"), primary_key=True)
    last = models.PositiveIntegerField(_("last number given"), default=0)

    class Meta:
        verbose_name = _("series of references")
        verbose_name_plural = _("series of references")

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"

    @classmethod
    def next_for(cls, day: date | None) -> str:
        """The next reference for an event of that day's year; without a day, of this year."""
        year = (day or timezone.now()).year
        with transaction.atomic():
            cls.objects.get_or_create(year=year)
            # The update locks the row until the transaction ends, so nobody else reads the same number.
            cls.objects.filter(year=year).update(last=F("last") + 1)
            last = cls.objects.values_list("last", flat=True).get(year=year)
        return f"{settings.REFERENCE_PREFIX}-{year:04d}-{last:05d}"
