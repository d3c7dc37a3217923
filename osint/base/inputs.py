"""Serializer fields that take a value for what it is: a string is no number, a number no truth value."""

import math
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from osint.base.errors import unknown
from osint.base.filters import identity, iso_day, no_such_slug
from osint.base.text import shown
from osint.base.visibility import SEEN
from osint.history.past import end_of_day, exact, no_moment


def seen(value: Any) -> str:
    """The start of a value, for an error sentence."""
    return shown(value if isinstance(value, str) else str(value))


class Text(serializers.CharField):
    """One line of text; surrounding blanks go."""

    default_error_messages = {
        "invalid": gettext_lazy("This is no text. Send a string in quotation marks."),
        "max_length": gettext_lazy("It has too many characters: at most {max_length} are kept. Shorten it."),
    }

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return str(super().to_internal_value(data))


class Verbatim(Text):
    """A text of which every character is kept."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**({"trim_whitespace": False} | kwargs))


class Whole(serializers.IntegerField):
    """A whole number."""

    default_error_messages = {
        "invalid": gettext_lazy("This is no whole number. Send one such as 3, without quotation marks.")
    }

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        return data


class Real(serializers.FloatField):
    """A number with a finite value."""

    default_error_messages = {
        "invalid": gettext_lazy("This is no number. Send one such as 36.5, without quotation marks.")
    }

    def to_internal_value(self, data: Any) -> float:
        if isinstance(data, bool) or not isinstance(data, int | float) or not math.isfinite(data):
            self.fail("invalid")
        return float(data)


class Truth(serializers.BooleanField):
    """True or false."""

    default_error_messages = {"invalid": gettext_lazy("Send true or false, without quotation marks.")}

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid")
        return data


class Day(serializers.DateField):
    """One day of the calendar."""

    default_error_messages = {
        "invalid": gettext_lazy("“{value}” is not a day of the calendar. Write it as 2025-11-30.")
    }

    def to_internal_value(self, value: Any) -> date:
        day = iso_day(value) if isinstance(value, str) else None
        if day is None:
            self.fail("invalid", value=seen(value))
        return day


class Moment(serializers.DateTimeField):
    """A moment, or a day, which stands for its end in UTC."""

    def to_internal_value(self, value: Any) -> datetime:
        text = value if isinstance(value, str) else ""
        found = end_of_day(text) if iso_day(text) else exact(text)
        if found is None:
            raise serializers.ValidationError(no_moment(seen(value)))
        return found


class OneOf(serializers.ChoiceField):
    """A value of a closed list."""

    def to_internal_value(self, data: Any) -> Any:
        if data == "" and self.allow_blank:
            return ""
        # Compared with their types: True is not 1, and "1" neither.
        if (
            (type(data), data) not in {(type(value), value) for value in self.choices}
            if isinstance(data, str | int)
            else True
        ):
            raise serializers.ValidationError(self.refusal(data))
        return data

    def refusal(self, data: Any) -> str:
        """What is said of a value that is none of the list; of one that is, but for its quotation marks, that."""
        sentence, known = _("“%(value)s” is none of them.") % {"value": seen(data)}, list(map(str, self.choices))
        if str(data) not in known:
            return unknown(sentence, seen(data), known)
        way = _("Send it without quotation marks.") if isinstance(data, str) else _("Send it in quotation marks.")
        return f"{sentence} {way}"


class BySlug(serializers.SlugRelatedField[Any]):
    """A record by its slug."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**({"slug_field": "slug"} | kwargs))

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            raise serializers.ValidationError(_('Send the slug as a string, such as "al-hasakah".'))
        queryset = self.get_queryset()
        if queryset is None:
            raise TypeError("a relation that is written needs a queryset")
        found = queryset.filter(slug=data).first()
        if found is None:
            raise serializers.ValidationError(no_such_slug(queryset.model, data))
        return found


class ByIdentity(serializers.SlugRelatedField[Any]):
    """A record by its UUID, among those that the writer may see; hidden and missing are answered alike."""

    def __init__(self, *, also: str = "", **kwargs: Any) -> None:
        super().__init__(**({"slug_field": "uuid"} | kwargs))
        self.also = also  # another identity that people use

    def get_attribute(self, instance: Any) -> Any:
        """The related record; where the queryset says which of them the reader may see (see ``seen_by``), that."""
        attribute = f"{self.source}{SEEN}"
        if not hasattr(instance, attribute):
            return super().get_attribute(instance)
        found = getattr(instance, attribute)
        return SimpleNamespace(uuid=found) if found else None

    def to_internal_value(self, data: Any) -> Any:
        queryset: Any = self.get_queryset()
        condition: Q | None = identity(data, self.also) if isinstance(data, str) else None
        if condition is None:
            raise serializers.ValidationError(
                _("“%(value)s” is no UUID. Send one as the list of them shows it.") % {"value": seen(data)}
            )
        found = queryset.visible_to(self.context["request"].user).filter(condition).first()
        if found is None:
            kind = queryset.model._meta.verbose_name
            raise serializers.ValidationError(
                _("There is no %(kind)s %(value)s. Look it up in the list.") % {"kind": kind, "value": seen(data)}
            )
        return found


STRICT: dict[type[serializers.Field[Any, Any, Any, Any]], type[serializers.Field[Any, Any, Any, Any]]] = {
    serializers.CharField: Text,
    serializers.FloatField: Real,
    serializers.BooleanField: Truth,
    serializers.DateField: Day,
    serializers.DateTimeField: Moment,
}
