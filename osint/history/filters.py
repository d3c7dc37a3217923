"""Parameters of the history."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from osint.base.errors import unknown
from osint.base.filters import UUID, Day, Exactly, Parameter, StrictFilterSet
from osint.base.text import shown
from osint.history import chain
from osint.history.models import Entry, Value
from osint.history.recording import recorded_models

IDENTITIES = ("uuid", "slug", "reference")


class ModelField(forms.Field):
    """A kind of record, as in "events.event"."""

    def to_python(self, value: Any) -> str:
        known = {model._meta.label_lower for model in recorded_models()}
        if value and value not in known:
            raise ValidationError(
                unknown(_("“%(value)s” is no kind of record.") % {"value": shown(value)}, value, known)
            )
        return str(value or "")


class ChangeField(forms.Field):
    """A change, by its UUID."""

    def to_python(self, value: Any) -> str:
        if value and not UUID.fullmatch(value):
            raise ValidationError(_("“%(value)s” is no UUID of a change.") % {"value": shown(value)})
        return str(value or "")


class OfModel(Exactly):
    """Entries about one kind of record."""

    field_class = ModelField


class OfChange(Exactly):
    """Entries of one change."""

    field_class = ChangeField


class OfRecord(Parameter):
    """Entries about a record, also a deleted one, and everything that belongs to it, by UUID, slug or reference."""

    def condition(self, value: Any) -> Q:
        told = {chain.canonical({"from": None, "to": text}) for text in (value, value.lower(), value.upper())}
        made = Value.objects.filter(field__in=IDENTITIES, text__in=told).values_list("entry__model", "entry__key")
        condition = Q(pk=0)
        for model, key in made:
            condition |= Q(model=model, key=key) | Q(root_model=model, root_key=key)
        return condition


class HistoryFilters(StrictFilterSet):
    """Parameters of the history."""

    record = OfRecord()
    model = OfModel("model")
    by = Exactly("by__username")
    change = OfChange("change")
    door = Exactly("door")
    date_from = Day("at__date", lookup_expr="gte")
    date_to = Day("at__date", lookup_expr="lte")

    ranges = [("date_from", "date_to")]

    class Meta:
        model = Entry
        fields: list[str] = []
