"""What can happen and what can be counted: the code lists."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from events.querysets import EventTypeQuerySet, MeasureQuerySet
from osint.base.fields import Line, Prose
from osint.base.names import Named
from osint.base.tree import Tree


class EventType(Tree):
    """A kind of event, in a tree, with a definition and its ACLED equivalent."""

    definition = Prose(_("definition"), max_length=5_000, help_text=_("What counts as one, and what does not."))
    definition_ar = Prose(_("definition in Arabic"), max_length=5_000, blank=True)
    acled_event_type = Line(_("ACLED event type"), max_length=100, blank=True)
    acled_sub_event_type = Line(_("ACLED sub-event type"), max_length=100, blank=True)

    objects = EventTypeQuerySet.as_manager()

    class Meta(Tree.Meta):
        verbose_name = _("event type")
        verbose_name_plural = _("event types")
        ordering: ClassVar = ["path"]


class Measure(Named):
    """Something that can be counted, with its unit."""

    unit = Line(_("unit"), max_length=60, help_text=_("What one of it is, as in person, vehicle, operation."))
    definition = Prose(_("definition"), max_length=5_000, blank=True)

    objects = MeasureQuerySet.as_manager()

    class Meta(Named.Meta):
        verbose_name = _("measure")
        verbose_name_plural = _("measures")
        ordering: ClassVar = ["slug"]
        constraints: ClassVar = [
            *Named.Meta.constraints,
            models.CheckConstraint(
                condition=~models.Q(unit=""),
                name="events_measure_unit",
                violation_error_message=_("Say what one of it is: give a unit."),
            ),
        ]
