"""Parameters of the history."""

from typing import Any, ClassVar

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from osint.base.errors import meant, unknown
from osint.base.filters import UUID, Exactly, Moment, Parameter, Span, StrictFilterSet, Value, parts
from osint.base.text import shown
from osint.history import chain
from osint.history.models import Entry
from osint.history.models import Value as Kept
from osint.history.recording import recorded_models

IDENTITIES = ("uuid", "slug", "reference")


class ModelField(Value):
    """Kinds of record, as in "events.event"."""

    def to_python(self, value: Any) -> list[str]:
        known = {model._meta.label_lower for model in recorded_models()}
        for part in parts(value):
            if part not in known:
                raise ValidationError(
                    unknown(_("“%(value)s” is no kind of record.") % {"value": shown(part)}, part, known)
                )
        return parts(value)


class ChangeField(Value):
    """Changes, by their UUID."""

    def to_python(self, value: Any) -> list[str]:
        for part in parts(value):
            if not UUID.fullmatch(part):
                raise ValidationError(_("“%(value)s” is no UUID of a change.") % {"value": shown(part)})
        return parts(value)


class PersonField(Value):
    """People, by their usernames."""

    def to_python(self, value: Any) -> list[str]:
        names = parts(value)
        known = set(get_user_model()._default_manager.values_list("username", flat=True))
        for name in names:
            if name not in known:
                raise ValidationError(
                    _("Nobody is called “%(value)s” here.") % {"value": shown(name)} + meant(name, sorted(known))
                )
        return names


class OfPerson(Exactly):
    """Entries of what some people have done."""

    field_class = PersonField


class OfModel(Exactly):
    """Entries about some kinds of record."""

    field_class = ModelField


class OfChange(Exactly):
    """Entries of some changes."""

    field_class = ChangeField


class OfRecord(Parameter):
    """Entries about records, also deleted ones, and everything that belongs to them, by UUID, slug or reference."""

    is_negatable = True

    def condition(self, value: Any) -> Q:
        spelled = {text for one in value for text in (one, one.lower(), one.upper())}
        told = {chain.canonical({"from": None, "to": text}) for text in spelled}
        made = Kept.objects.filter(field__in=IDENTITIES, text__in=told).values_list("entry__model", "entry__key")
        condition = Q(pk=0)
        for model, key in made:
            condition |= Q(model=model, key=key) | Q(root_model=model, root_key=key)
        return condition


class HistoryFilters(StrictFilterSet):
    """Parameters of the history."""

    record = OfRecord()
    model = OfModel("model")
    by = OfPerson("by__username")
    change = OfChange("change")
    door = Exactly("door")
    date = Span(
        Moment,
        "at",
        names=("date_from", "date_to"),
        help_texts=(
            gettext_lazy("At this moment or later; a day stands for its beginning in UTC."),
            gettext_lazy("At this moment or earlier; a day stands for its end in UTC."),
        ),
    )

    class Meta:
        model = Entry
        fields: ClassVar[list[str]] = []
