"""Parameters of a list: each kind of value is read, refused and applied in one way, whichever resource it stands on.

A parameter that is unknown, empty, sent twice or unreadable is refused by its name: a list that silently ignores one
answers a question that nobody asked.
"""

import re
import uuid
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django_filters import rest_framework as filters
from rest_framework.exceptions import ValidationError as Refused

from osint.base.errors import meant, unknown
from osint.base.text import check_text, fold, shown
from osint.base.tree import below

LONGEST = 200  # characters of a search
MOST = 50  # values in one list


# Reading values


def parts(value: Any) -> list[str]:
    """The values of a list separated by commas."""
    found = [part.strip() for part in str(value or "").split(",")] if value else []
    if len(found) > MOST:
        raise ValidationError(
            _("%(number)d values are too many: at most %(most)d.") % {"number": len(found), "most": MOST}
        )
    if not all(found):
        raise ValidationError(
            _("“%(value)s” has an empty place between commas. Take it out.") % {"value": shown(str(value))}
        )
    return found


def iso_day(text: str) -> date | None:
    """The day that ISO writes so, year, month and day in full; none where it writes no day so."""
    try:
        return date.fromisoformat(text) if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) else None
    except ValueError:
        return None


class DayField(forms.Field):
    """One day, as ISO writes it."""

    def to_python(self, value: Any) -> date | None:
        day = iso_day(value) if value else None
        if value and day is None:
            raise ValidationError(_("“%(value)s” is not a day. Write it as 2025-11-01.") % {"value": shown(value)})
        return day


class WordsField(forms.Field):
    """Words to look for."""

    def to_python(self, value: Any) -> str:
        text = str(value or "").strip()
        if len(text) > LONGEST:
            raise ValidationError(
                _("%(length)d characters are too many to look for: at most %(most)d.")
                % {"length": len(text), "most": LONGEST}
            )
        if text and not fold(text):
            raise ValidationError(_("“%(value)s” has no letter or digit to look for.") % {"value": shown(text)})
        return text


class ChoicesField(forms.Field):
    """Values of a closed list."""

    def __init__(self, *, among: type[models.Choices], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.among = {str(value): value for value in among.values}

    def to_python(self, value: Any) -> list[Any]:
        found = parts(value)
        for part in found:
            if part not in self.among:
                raise ValidationError(
                    unknown(_("“%(value)s” is none of them.") % {"value": shown(part)}, part, self.among)
                )
        return [self.among[part] for part in found]


class SlugsField(forms.Field):
    """Records by slug."""

    def __init__(self, *, of: type[models.Model], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.of = of

    def to_python(self, value: Any) -> list[Any]:
        slugs = parts(value)
        rows: Any = self.of._default_manager
        found = {record.slug: record for record in rows.filter(slug__in=slugs)} if slugs else {}
        for slug in slugs:
            if slug not in found:
                raise ValidationError(no_such_slug(self.of, slug))
        return list(found.values())


def no_such_slug(model: type[models.Model], slug: str) -> str:
    """The sentence about a slug that is not there, with the one perhaps meant: by its name, else by its letters."""
    sentence = _("There is no %(kind)s “%(slug)s”.") % {"kind": model._meta.verbose_name, "slug": shown(slug)}
    text = slug[:LONGEST].replace("-", " ")
    named: Any = model._default_manager
    if guess := named.all().named(text).values_list("slug", flat=True).first():
        return f"{sentence} " + _("Did you mean “%(guess)s”?") % {"guess": guess}
    known = named.values_list("slug", flat=True)[:5_000]
    return sentence + (meant(slug, known) or " " + _("Look it up in the list, with q=."))


class IdentityField(forms.Field):
    """A record by its UUID, or by another identity that people use."""

    def __init__(self, *, also: str = "", example: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.also, self.example = also, example

    def to_python(self, value: Any) -> Q | None:
        if not value:
            return None
        if condition := identity(str(value), self.also):
            return condition
        example = _(" or %(example)s") % {"example": self.example} if self.example else ""
        raise ValidationError(
            _("“%(value)s” is no identity. Write a UUID such as 6fa459ea-ee8a-4ca4-894e-db77e160355e%(example)s.")
            % {"value": shown(str(value)), "example": example}
        )


UUID = re.compile(r"[0-9a-fA-F]{8}(-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12}")
REFERENCE = re.compile(r"[A-Za-z]{2,8}-[0-9]{4}-[0-9A-Za-z]{5,24}")


def identity(text: str, also: str = "", prefix: str = "") -> Q | None:
    """The condition that finds a record by UUID, or by the reference in the column ``also``; else none."""
    if UUID.fullmatch(text):
        return Q(**{f"{prefix}uuid": uuid.UUID(text)})
    if also and REFERENCE.fullmatch(text):
        return Q(**{f"{prefix}{also}": text.upper()})
    return None


# Applying them


class Parameter(filters.CharFilter):
    """A parameter; ``ask`` names the queryset's question that answers it, ``through`` the related rows it speaks of.

    Related rows are asked for with EXISTS, among those that the reader may see: no row comes twice and none leaks.
    """

    def __init__(self, field_name: str = "", *, ask: str = "", through: str = "", **kwargs: Any) -> None:
        super().__init__(field_name or None, **kwargs)
        self.ask, self.through = ask, through

    @property
    def reader(self) -> Any:
        """Who asks."""
        return self.parent.request.user  # type: ignore[attr-defined]

    def filter(self, qs: Any, value: Any) -> Any:
        """The rows that answer."""
        if value in (None, "", []):
            return qs
        return getattr(qs, self.ask)(value) if self.ask else self.narrowed(qs, self.condition(value))

    def condition(self, value: Any) -> Q:
        """What a row must be."""
        return Q(**{str(self.field_name): value})

    def narrowed(self, queryset: Any, condition: Q) -> Any:
        """Rows that fulfil the condition, themselves or by a related row."""
        if not self.through:
            return queryset.filter(condition)
        relation = queryset.model._meta.get_field(self.through)
        rows = relation.related_model._default_manager.visible_to(self.reader)
        return queryset.filter(Exists(rows.filter(condition, **{relation.field.name: OuterRef("pk")})))


class Exactly(Parameter):
    """The value of a column as it stands."""


class Words(Parameter):
    """Words to look for."""

    field_class = WordsField


class Day(Parameter, filters.DateFilter):
    """A day."""

    field_class = DayField


class Choices(Parameter):
    """One or more values of a closed list."""

    field_class = ChoicesField

    def condition(self, value: Any) -> Q:
        return Q(**{f"{self.field_name}__in": value})


class Slugs(Parameter):
    """One or more records by slug."""

    field_class = SlugsField

    def condition(self, value: Any) -> Q:
        return Q(**{f"{self.field_name}__in": value})


class Order(models.TextChoices):
    """How what was found can be ordered."""

    RELEVANCE = "relevance", _lazy("relevance")


class Nearest(Choices):
    """The order of what `q` finds: what comes nearest to it first; ``nearest_first`` is a question of the rows."""

    def __init__(self, **kwargs: Any) -> None:
        told = _lazy("relevance: what comes nearest to q first. Without it, the order is that of the list.")
        super().__init__("ordering", among=Order, help_text=told, **kwargs)

    def filter(self, qs: Any, value: Any) -> Any:
        """The rows in their order."""
        words = self.parent.form.cleaned_data.get("q") if value else ""  # type: ignore[attr-defined]
        return self.ordered(qs, words) if words else qs

    def ordered(self, rows: Any, words: str) -> Any:
        """The rows, the nearest first."""
        return rows.nearest_first(words)


class Branches(Parameter):
    """One or more nodes of a tree by slug, each with all that lies below it; the field is the tree's path."""

    field_class = SlugsField

    def condition(self, value: Any) -> Q:
        prefix = str(self.field_name).removesuffix("path")
        condition = Q()
        for node in value:
            condition |= below(node.path, prefix)
        return condition


class Identity(Parameter):
    """A record by its identity."""

    field_class = IdentityField

    def condition(self, value: Any) -> Q:
        return Q(**{f"{self.field_name}__{name}": wanted for name, wanted in value.children})


# Sets of parameters


class StrictFilterSet(filters.FilterSet):
    """The parameters of one resource; ``ranges`` names those that are a beginning and an end."""

    ranges: ClassVar[list[tuple[str, str]]] = []

    def is_valid(self) -> bool:
        """Whether all values can be read and no range ends before it starts."""
        return bool(
            super().is_valid()  # type: ignore[no-untyped-call]
            and not list(self.turned())
            and self.can_be_ordered()
        )

    def can_be_ordered(self) -> bool:
        """Whether there is something to come near to, where that is to decide the order."""
        values = self.form.cleaned_data
        if not values.get("ordering") or values.get("q"):
            return True
        self.form.add_error("ordering", _("There is nothing to come near to without q. Add q, or leave it out."))
        return False

    def turned(self) -> Iterator[str]:
        """Ranges that end before they start; each becomes an error."""
        values = self.form.cleaned_data
        for first, last in self.ranges:
            if values.get(first) and values.get(last) and values[first] > values[last]:
                self.form.add_error(
                    first,
                    _("%(first)s=%(from)s is after %(last)s=%(to)s. Exchange them.")
                    % {"first": first, "from": values[first], "last": last, "to": values[last]},
                )
                yield first


class StrictBackend(filters.DjangoFilterBackend):
    """Applies the parameters of a view's ``filterset_class``."""

    def filter_queryset(self, request: Any, queryset: Any, view: Any) -> Any:
        """The rows that answer, or a refusal by parameter."""
        filterset = self.get_filterset(request, queryset, view)
        if filterset is None:
            return queryset
        if not filterset.is_valid():
            raise Refused({name: list(map(str, messages)) for name, messages in filterset.errors.items()})
        return filterset.qs


def check_parameters(sent: QueryDict, known: Iterable[str]) -> None:
    """Refuse every parameter that is unknown, sent twice, empty, or written with characters that nothing can hold."""
    words = sorted(known)
    errors: dict[str, list[str]] = {}
    for name, values in sent.lists():
        if sentence := fault(name, values, words):
            errors[shown(name)] = [sentence]
    if errors:
        raise Refused(errors)


def fault(name: str, values: list[Any], known: list[str]) -> str:
    """What is wrong with one parameter as sent, or nothing."""
    if name not in known:
        return unknown(_("There is no parameter “%(name)s” here.") % {"name": shown(name)}, name, known)
    if len(values) > 1:
        return _("“%(name)s” is sent %(times)d times. Send it once; separate several values by commas.") % {
            "name": name,
            "times": len(values),
        }
    try:
        check_text(values[0])
    except ValidationError as error:
        return str(error.messages[0])
    return "" if values[0].strip() else _("“%(name)s” is empty. Give it a value, or leave it out.") % {"name": name}
