"""A person's word on whether two records are of the same thing: remembered with who said it and when, reversible."""

from typing import Any, ClassVar

from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from osint.base.fields import Prose
from osint.base.record import Identified, IdentifiedQuerySet, Record, one_of
from osint.base.visibility import leads_to_visible
from osint.history import recording


class Verdict(models.TextChoices):
    """Whether two records are of the same thing."""

    SAME = "same", _("same")
    NOT_SAME = "not_same", _("not the same")
    UNSURE = "unsure", _("unsure")


class Judgement(Identified, Record):
    """What somebody thinks of a pair; subclasses say of what, as ``first`` and ``second``."""

    verdict = models.CharField(_("verdict"), max_length=10, choices=Verdict)
    reason = Prose(_("reason"), max_length=2_000, blank=True)

    first_id: int
    second_id: int

    class Meta:
        abstract = True
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            one_of("verdict", Verdict, "%(app_label)s_%(class)s_verdict"),
            models.CheckConstraint(
                # One row for a pair, whichever of the two was looked at.
                condition=Q(first__lt=F("second")),
                name="%(app_label)s_%(class)s_in_order",
                violation_error_message=_("Choose two different records."),
            ),
            models.UniqueConstraint(
                fields=["first", "second"],
                name="%(app_label)s_%(class)s_once",
                violation_error_message=_("There is a judgement on these two already. Change it."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_verdict_display()}: {self.first} · {self.second}"

    def derive(self) -> None:
        """The pair in its order."""
        super().derive()
        if self.first_id and self.second_id and self.first_id > self.second_id:
            self.first, self.second = self.second, self.first  # type: ignore[has-type]

    def clean(self) -> None:
        """Refuse a record beside itself."""
        super().clean()
        if self.first_id and self.first_id == self.second_id:
            raise ValidationError({"second": _("Choose another record than the first.")})

    def say(self, by: Any, verdict: str, reason: str = "") -> None:
        """Make this the person's word; raises where the person may not say it, or does not see both records."""
        check_permission(type(self), "add" if self.pk is None else "change", by)
        one = kind_of(type(self))
        if one._default_manager.visible_to(by).filter(pk__in=[self.first_id, self.second_id]).count() < 2:
            raise ValidationError({"second": _("Choose two different records that are there.")})
        # Whose word it is and since when stand on the row; whose it was before, in the history.
        self.verdict, self.reason, self.created_by = verdict, reason, by
        with recording.change(by):
            self.full_clean()
            self.save()

    def other_than(self, record: models.Model) -> Any:
        """The one of the two that is not this record."""
        return self.second if self.first_id == record.pk else self.first


class JudgementQuerySet(IdentifiedQuerySet[Any]):
    """Questions about judgements."""

    def visible_to(self, reader: Any) -> "JudgementQuerySet":
        """Those on two visible records, for those who may read judgements at all."""
        permission = f"{self.model._meta.app_label}.view_{self.model._meta.model_name}"
        if not reader.is_authenticated or not reader.has_perm(permission):
            return self.none()
        return self.filter(leads_to_visible(self, "first", reader), leads_to_visible(self, "second", reader))

    def on(self, record: Any) -> "JudgementQuerySet":
        """Those that speak of the record."""
        return self.filter(Q(first=record) | Q(second=record))

    def between(self, one: Any, other: Any) -> "JudgementQuerySet":
        """The judgement on these two, in whichever order."""
        return self.on(one).on(other)


def check_permission(model: type[models.Model], action: str, by: Any) -> None:
    """Raise ``PermissionDenied`` where the person may not do this with such records."""
    permission = f"{model._meta.app_label}.{action}_{model._meta.model_name}"
    if not by.has_perm(permission):
        raise PermissionDenied(
            _("You may not do this: it needs the permission “%(permission)s”.") % {"permission": permission}
        )


def kind_of(model: Any) -> Any:
    """The kind of records on which these judgements are."""
    return model._meta.get_field("first").related_model


def judgements_on(kind: type[models.Model]) -> type[Judgement]:
    """The model of judgements on two records of this kind."""
    return next(model for model in apps.get_models() if issubclass(model, Judgement) and kind_of(model) is kind)


def judge(first: Record, second: Record, by: Any, verdict: str, reason: str = "") -> Any:
    """Remember what the person thinks of the two, in place of what was said of them before; the same word stays."""
    model: Any = judgements_on(type(first))
    with recording.change(by):
        stored = model._default_manager.between(first, second).first()
        if stored is not None and (stored.verdict, stored.reason) == (verdict, reason):
            return stored
        judgement = stored or model(first=first, second=second)
        judgement.say(by, verdict, reason)
    return judgement


def withdraw(judgement: Judgement, by: Any) -> None:
    """Forget what was said of the two; the history remembers it."""
    check_permission(type(judgement), "delete", by)
    with recording.change(by):
        judgement.delete()
