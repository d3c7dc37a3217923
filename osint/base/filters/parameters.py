"""What a list can be asked for: kinds of parameters, each applied in one way, whichever resource it stands on."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters

from osint.base.filters.rows import Rows
from osint.base.filters.values import (
    ChoiceField,
    ChoicesField,
    DayField,
    IdentityField,
    ListField,
    MomentField,
    SlugsField,
    TruthField,
    WholeField,
    WordsField,
)
from osint.base.tree import below

TEXT: dict[str, Any] = {"type": "string"}
CHANGED = _("It was changed at this moment or later; a day stands for its beginning in UTC.")


class Parameter(filters.CharFilter):
    """A parameter; ``ask`` names the queryset's question that answers it, ``through`` the related rows it speaks of.

    ``needs`` names the parameters one of which must be sent too; ``misses`` is the condition that there is nothing to
    speak of (without it, the columns say so).
    """

    field_class: Any = ListField
    told: ClassVar[dict[str, Any]] = TEXT  # how OpenAPI describes a value
    is_negatable = False
    model: Any  # of what is listed
    is_thing = False  # whether its values are records: related rows without one are none at all

    def __init__(
        self,
        field_name: str = "",
        *,
        ask: str = "",
        through: Rows | None = None,
        needs: tuple[str, ...] = (),
        misses: Q | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(field_name, **kwargs)
        self.ask, self.through, self.needs, self.misses = ask, through, needs, misses

    @property
    def field(self) -> Any:
        """How values are read; one field serves all requests."""
        if "_field" not in vars(self):
            self._field = self.field_class(**self.extra)
        return self._field

    @property
    def _spectacular_annotation(self) -> dict[str, Any]:
        """How the API's description tells of it."""
        return {"field": self.described() | {"description": str(self.extra.get("help_text", ""))}}

    def described(self) -> dict[str, Any]:
        """A value as OpenAPI describes it."""
        return dict(self.told)

    @property
    def reader(self) -> Any:
        """Who asks."""
        return self.parent.request.user  # type: ignore[attr-defined]

    def beside(self, name: str, default: Any = None) -> Any:
        """What another parameter says, which was sent along."""
        return self.parent.cleaned.get(name, default)  # type: ignore[attr-defined]

    @property
    def speaks_of_row(self) -> bool:
        """Whether it speaks of one related row, together with others that speak of such."""
        return self.through is not None

    def condition(self, value: Any) -> Q:
        """What a row must be: the listed one, or the related one through which it speaks."""
        return Q(**{str(self.field_name): value})

    def applied(self, rows: Any, value: Any) -> Any:
        """The listed rows that answer, where no condition alone says so."""
        return getattr(rows, self.ask)(value) if self.ask else rows

    def missing(self, model: Any) -> Q | None:
        """The condition that the column is empty; none where it cannot be."""
        return self.misses or (emptiness(model, str(self.field_name)) if self.field_name else None)


def emptiness(model: Any, name: str) -> Q | None:
    """The condition that the column at the end of a path is empty; none where it cannot be."""
    path = ""
    for step in name.split("__"):
        if model is None:
            return None  # a lookup such as gte: the column itself has been looked at
        column: Any = model._meta.get_field(step)
        path = f"{path}__{step}" if path else step
        if column.null:
            return Q(**{f"{path}__isnull": True})
        if isinstance(column, models.CharField | models.TextField) and column.blank:
            return Q(**{path: ""})
        model = column.related_model
    return None


class Modifier(Parameter):
    """A parameter that says how another one is meant."""

    speaks_of_row = False

    def condition(self, value: Any) -> Q:  # noqa: ARG002 - others apply it
        return Q()


class Exactly(Parameter):
    """One or more values of a column as they stand."""

    is_negatable = True

    def condition(self, value: Any) -> Q:
        return Q(**{f"{self.field_name}__in": value})


class Words(Parameter):
    """Words to look for."""

    field_class = WordsField

    def condition(self, value: Any) -> Q:  # noqa: ARG002 - a question of the rows
        return Q()


class Bound(Parameter):
    """A beginning or an end: whether there is anything between is asked of both together."""

    def missing(self, model: Any) -> Q | None:  # noqa: ARG002
        return None


class Day(Bound):
    """A day."""

    field_class = DayField
    told = {"type": "string", "format": "date"}


class Moment(Bound):
    """A moment, or the day that stands for it."""

    field_class = MomentField


class Whole(Bound):
    """A whole number."""

    field_class = WholeField

    def described(self) -> dict[str, Any]:
        return {"type": "integer", "minimum": self.field.least, "maximum": self.field.most}


class Truth(Parameter):
    """Whether something is so."""

    field_class = TruthField
    told = {"type": "boolean"}


class TrueModifier(Modifier, Truth):
    """Whether another parameter is meant so."""


class Choices(Parameter):
    """One or more values of a closed list."""

    field_class = ChoicesField
    is_negatable = True

    def condition(self, value: Any) -> Q:
        return Q(**{f"{self.field_name}__in": value})


class ChoiceModifier(Modifier):
    """One value of a closed list, which says how another parameter is meant."""

    field_class = ChoiceField

    def described(self) -> dict[str, Any]:
        return {"type": "string", "enum": list(self.field.among)}


class Slugs(Parameter):
    """One or more records by slug."""

    field_class = SlugsField
    is_negatable = is_thing = True

    def condition(self, value: Any) -> Q:
        return Q(**{f"{self.field_name}__in": [record.pk for record in value]})


class Branches(Slugs):
    """One or more nodes of a tree by slug, each with all that lies below it; the field is the tree's path."""

    def condition(self, value: Any) -> Q:
        prefix = str(self.field_name).removesuffix("path")
        condition = Q()
        for node in value:
            condition |= below(node.path, prefix)
        return condition

    def missing(self, model: Any) -> Q | None:
        found = str(self.field_name).removesuffix("path").removesuffix("__")
        return self.misses or (emptiness(model, found) if found else None)


class Identity(Parameter):
    """One or more records by their identity."""

    field_class = IdentityField
    is_negatable = is_thing = True

    def condition(self, value: Any) -> Q:
        prefix, condition = f"{self.field_name}__" if self.field_name else "", Q()
        for column, wanted in value.items():
            condition |= Q(**{f"{prefix}{column}__in": wanted})
        return condition


class Order(models.TextChoices):
    """How what was found can be ordered."""

    RELEVANCE = "relevance", _("relevance")


class Ordering(Parameter):
    """The order of a list; ``orders`` has the columns of each, and relevance is a question of the rows."""

    field_class = ChoiceField
    orders: ClassVar[dict[str, tuple[str, ...]]] = {}

    def described(self) -> dict[str, Any]:
        return {"type": "string", "enum": list(self.field.among)}

    def condition(self, value: Any) -> Q:  # noqa: ARG002 - an order leaves nothing out
        return Q()

    def applied(self, rows: Any, value: Any) -> Any:
        """The rows in their order."""
        if value == Order.RELEVANCE:
            return self.ordered(rows, self.beside("q"))
        return rows.order_by(*self.orders[value])

    def ordered(self, rows: Any, words: str) -> Any:
        """The rows, the nearest first."""
        return rows.nearest_first(words)


class Nearest(Ordering):
    """The order of what `q` finds: what comes nearest to it first; ``nearest_first`` is a question of the rows."""

    def __init__(self, **kwargs: Any) -> None:
        told = _("relevance: what comes nearest to q first. Without it, the order is that of the list.")
        super().__init__("", among=Order, help_text=told, **kwargs)


# What follows from a declared parameter by rule


class Not(Parameter):
    """None of the values of another parameter: of related rows, no one has any of them."""

    speaks_of_row = False

    def __init__(self, name: str, base: Parameter) -> None:
        told = format_lazy(_("As “{name}”, but none of these."), name=name)
        super().__init__(str(base.field_name or ""), through=base.through, help_text=told)
        self.base = base

    @property
    def field(self) -> Any:
        """How values are read: as those of the other parameter."""
        return self.base.field

    def condition(self, value: Any) -> Q:
        base = self.parent.bound(self.base)  # type: ignore[attr-defined]
        condition: Q = base.condition(value)
        return ~(self.through.holding(self.model, self.reader, condition) if self.through else condition)


class Empty(Truth):
    """Whether what another parameter speaks of is missing; ``gap`` is none where that is all the related rows.

    ``against`` names the parameters that nothing can answer where it is.
    """

    def __init__(self, name: str, base: Parameter, gap: Q | None, against: tuple[str, ...] = ()) -> None:
        told = format_lazy(_("true: what “{name}” speaks of is missing; false: it is there."), name=name)
        super().__init__(str(base.field_name or ""), through=base.through, help_text=told)
        self.gap, self.against = gap, against or (name,)

    @property
    def is_of_rows(self) -> bool:
        """Whether it asks for all the related rows, and not for a column of one."""
        return self.through is not None and self.gap is None

    @property
    def speaks_of_row(self) -> bool:
        return self.through is not None and self.gap is not None

    def condition(self, value: Any) -> Q:
        gap = self.gap if self.gap is not None else ~self.through.holding(self.model, self.reader)  # type: ignore[union-attr]
        return gap if value else ~gap


class Span:
    """A beginning and an end, declared once: two parameters of one kind, and whether there is anything between."""

    def __init__(
        self,
        kind: type[Parameter],
        column: str,
        *,
        names: tuple[str, str],
        help_texts: tuple[Any, Any],
        through: Rows | None = None,
        misses: Q | None = None,
        **kwargs: Any,
    ) -> None:
        self.kind, self.column, self.names, self.help_texts = kind, column, names, help_texts
        self.through, self.misses, self.kwargs = through, misses, kwargs

    @property
    def whole(self) -> Parameter:
        """The column as a parameter."""
        return Parameter(self.column, through=self.through, misses=self.misses)

    def ends(self) -> dict[str, Parameter]:
        """The two parameters by name."""
        lookups = ("gte", "lte")
        extra: list[dict[str, Any]] = [{}, {"end": True} if self.kind is Moment else {}]
        return {
            name: self.kind(f"{self.column}__{lookup}", help_text=told, through=self.through, **more, **self.kwargs)
            for name, lookup, told, more in zip(self.names, lookups, self.help_texts, extra, strict=True)
        }
