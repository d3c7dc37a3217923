"""Whether an event of the past answers a question: the conditions of parameters, held against records in memory."""

from collections.abc import Callable, Iterable, Mapping
from operator import eq, ge, gt, le, lt
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model, Q
from django.utils.translation import gettext as _

from events.past import PARAMETER
from events.querysets import EventQuerySet
from osint.base.filters import Empty, Not, Parameter, Rows
from osint.history.past import moment_of

# What is asked of the event itself and of its own rows. What is said of it, and words, are asked of what is held now.
ASKED = frozenset({
    "date_from", "date_to", "date_match", "date", "published_from", "published_to", "published", "updated_since",
    "type", "site", "site_role", "precision_min_m", "precision_max_m", "precision", "actor", "actor_role",
    "actor_tree", "measure", "count_min", "count_max", "count", "count_on", "party", "status", "tlp", "part_of",
    "is_aggregate", "ordering",
})  # fmt: skip
RowsOf = Callable[[Any, Rows], Iterable[Any]]


def check(sent: Mapping[str, Any]) -> None:
    """Raise ``ValidationError`` where a parameter cannot be asked of the past."""
    for name in sent:
        if name.removesuffix("!").removesuffix("_empty") not in ASKED:
            sentence = _(
                "“%(name)s” is asked of what is held now, so it does not go with as_of. Leave one of them out, or read "
                "each event of the list at its own address with as_of. These go with it: %(known)s."
            )
            raise ValidationError({name: sentence % {"name": name, "known": ", ".join(sorted(ASKED - BARE))}})


BARE = {"date", "published", "precision", "count"}  # of which there is only whether they are empty


def moment(text: str) -> Any:
    """The moment that is asked for; what is none is refused by the name of the parameter."""
    try:
        return moment_of(text)
    except ValidationError as error:
        raise ValidationError({PARAMETER: error}) from error


def answers(filterset: Any, event: Any, rows_of: RowsOf) -> bool:
    """Whether the event answers; parameters that speak of the same rows speak of one of them."""
    together: dict[Rows, list[Q]] = {}
    for name, parameter in filterset.sent.items():
        through, value = parameter.through, filterset.cleaned[name]
        if isinstance(parameter, Not) and through:
            condition = filterset.bound(parameter.base).condition(value)
            if any(holds(row, condition) for row in rows_of(event, through)):
                return False
        elif isinstance(parameter, Empty) and parameter.is_of_rows:
            if any(True for _row in rows_of(event, through)) is value:
                return False
        elif parameter.speaks_of_row:
            together.setdefault(through, []).append(filterset.condition(name))
        elif not holds(event, whole_condition(parameter, filterset.condition(name), value)):
            return False
    return all(
        any(all(holds(row, one) for one in conditions) for row in rows_of(event, through))
        for through, conditions in together.items()
    )


def whole_condition(parameter: Parameter, condition: Q, value: Any) -> Q:
    """What the event must fulfil, also where the parameter says it as a question of the rows."""
    applied = parameter.applied(Noted(), value)
    return condition & applied.condition if isinstance(applied, Noted) else condition


class Noted:
    """Stands in for a queryset: asked a question of events, it notes the condition by which it is answered."""

    def __init__(self, condition: Q = Q()) -> None:  # noqa: B008 - never changed
        self.condition = condition

    def __getattr__(self, name: str) -> Callable[..., "Noted"]:
        return lambda *values: getattr(EventQuerySet, name)(self, *values)

    def filter(self, *conditions: Q, **lookups: Any) -> "Noted":
        """The same with these conditions."""
        found = self.condition & Q(**lookups)
        for one in conditions:
            found &= one
        return Noted(found)

    def order_by(self, *_columns: Any) -> "Noted":
        """The same: an order leaves nothing out."""
        return self


def holds(record: Any, condition: Q) -> bool:
    """Whether a record fulfils a condition, as the database would say of it."""
    children: list[Any] = condition.children
    found = (holds(record, one) if isinstance(one, Q) else fits(record, *one) for one in children)
    if not children:
        return True
    return (all(found) if condition.connector == Q.AND else any(found)) is not condition.negated


COMPARED: dict[str, Callable[[Any, Any], bool]] = {"gte": ge, "lte": le, "gt": gt, "lt": lt, "exact": eq}


def fits(record: Any, lookup: str, value: Any) -> bool:
    """Whether what stands at the end of the lookup is so."""
    steps = lookup.split("__")
    compared = steps.pop() if steps[-1] in {*COMPARED, "in", "isnull"} else "exact"
    found = record
    for step in steps:
        found = getattr(found, step, None)
    if isinstance(found, Model):
        found = found.pk
    if compared == "isnull":
        return (found is None) is value
    if found is None or value is None:
        return compared == "exact" and found is value
    return found in value if compared == "in" else COMPARED[compared](found, value)
