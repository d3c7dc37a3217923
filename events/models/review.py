"""What people say to each other about an event, and of pairs that may be one: none of it is part of the event."""

from typing import ClassVar

from django.core.validators import MinLengthValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from events.models.actors import Actor
from events.models.incident import Event
from events.models.places import Site
from events.querysets import CommentQuerySet
from osint.base.fields import Prose
from osint.base.judgements import Judgement, JudgementQuerySet
from osint.base.record import Identified, Record


class Comment(Identified, Record):
    """A remark on an event, between those who work on it; a note that came with a move says so."""

    event = models.ForeignKey(Event, verbose_name=_("event"), on_delete=models.CASCADE, related_name="comments")
    text = Prose(_("comment"), max_length=5_000, validators=[MinLengthValidator(1)])
    move = models.CharField(_("came with"), max_length=20, blank=True, editable=False)

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(text=""),
                name="events_comment_text",
                violation_error_message=_("Write the comment."),
            )
        ]

    def __str__(self) -> str:
        return str(self.text)[:80]


class EventJudgement(Judgement):
    """Whether two events are one."""

    first = models.ForeignKey(Event, verbose_name=_("event"), on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Event, verbose_name=_("other event"), on_delete=models.CASCADE, related_name="+")

    objects = JudgementQuerySet.as_manager()

    class Meta(Judgement.Meta):
        verbose_name = _("judgement on two events")
        verbose_name_plural = _("judgements on events")


class SiteJudgement(Judgement):
    """Whether two sites are one."""

    first = models.ForeignKey(Site, verbose_name=_("site"), on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Site, verbose_name=_("other site"), on_delete=models.CASCADE, related_name="+")

    objects = JudgementQuerySet.as_manager()

    class Meta(Judgement.Meta):
        verbose_name = _("judgement on two sites")
        verbose_name_plural = _("judgements on sites")


class ActorJudgement(Judgement):
    """Whether two actors are one."""

    first = models.ForeignKey(Actor, verbose_name=_("actor"), on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Actor, verbose_name=_("other actor"), on_delete=models.CASCADE, related_name="+")

    objects = JudgementQuerySet.as_manager()

    class Meta(Judgement.Meta):
        verbose_name = _("judgement on two actors")
        verbose_name_plural = _("judgements on actors")
