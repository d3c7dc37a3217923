"""Who acts: states, forces, groups; their spellings and how they are linked."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from events.choices import ActorKind, LinkKind
from events.querysets import ActorLinkQuerySet, ActorNameQuerySet, ActorQuerySet
from osint.base.fields import Prose
from osint.base.names import Named, Spelling
from osint.base.record import Dated, Identified, Record, one_of, order_of_dates


class ActorName(Spelling):
    """One more spelling of an actor's name."""

    owner = "actor"

    belongs_to = "actor"

    actor = models.ForeignKey("events.Actor", verbose_name=_("actor"), on_delete=models.CASCADE, related_name="names")

    objects = ActorNameQuerySet.as_manager()

    class Meta(Spelling.Meta):
        verbose_name = _("spelling of an actor")
        verbose_name_plural = _("spellings of actors")
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            *Spelling.Meta.constraints,
            models.UniqueConstraint(
                fields=["actor", "language", "text"],
                name="events_actorname_once",
                violation_error_message=_("The actor has this spelling already."),
            ),
        ]


class Actor(Named):
    """A state, force, coalition, armed group, agency, civilians, …"""

    spelling = ActorName

    kind = models.CharField(_("kind"), max_length=20, choices=ActorKind)
    note = Prose(_("note"), max_length=20_000, blank=True)

    objects = ActorQuerySet.as_manager()

    class Meta(Named.Meta):
        verbose_name = _("actor")
        verbose_name_plural = _("actors")
        ordering: ClassVar = ["slug"]
        constraints: ClassVar = [*Named.Meta.constraints, one_of("kind", ActorKind, "events_actor_kind")]


class ActorLink(Identified, Dated, Record):
    """A dated link between two actors: "A is part of B, from 2015-10-11 on"."""

    belongs_to = "actor"

    actor = models.ForeignKey(Actor, verbose_name=_("actor"), on_delete=models.CASCADE, related_name="links")
    kind = models.CharField(_("link"), max_length=20, choices=LinkKind)
    other = models.ForeignKey(Actor, verbose_name=_("other actor"), on_delete=models.PROTECT, related_name="links_here")
    note = Prose(_("note"), max_length=5_000, blank=True, help_text=_("What the link rests on."))

    objects = ActorLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("link between actors")
        verbose_name_plural = _("links between actors")
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            one_of("kind", LinkKind, "events_actorlink_kind"),
            order_of_dates("events_actorlink_dates"),
            models.CheckConstraint(
                condition=~Q(actor=F("other")),
                name="events_actorlink_not_itself",
                violation_error_message=_("An actor cannot be linked with itself. Choose another actor."),
            ),
            models.UniqueConstraint(
                fields=["actor", "kind", "other", "when"],
                name="events_actorlink_once",
                violation_error_message=_("This link exists already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.actor} · {self.get_kind_display()} · {self.other}"
