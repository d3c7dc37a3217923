"""Sets of parameters: what follows from each by rule, and questions that cost what was sent and nothing more."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from copy import copy
from types import MappingProxyType
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext as _
from django_filters import rest_framework as filters
from django_filters.filterset import FilterSetMetaclass
from rest_framework.exceptions import ValidationError as Refused

from osint.base.errors import meant
from osint.base.filters.parameters import Empty, Not, Order, Ordering, Parameter, Span
from osint.base.filters.rows import Rows
from osint.base.filters.values import SlugsField, by_slug, no_such_slug, parts
from osint.base.text import check_text, shown

NOT, EMPTY = "!", "_empty"
LONGEST_VALUE = 4_000  # characters: fifty UUIDs, or fifty slugs, have fewer
MOST_FAULTS = 10  # parameters of which it is said what is wrong with them


def by_rule(name: str, declared: Parameter, model: Any, against: tuple[str, ...] = ()) -> dict[str, Parameter]:
    """The parameters that follow from a declared one: none of these, and whether there is anything."""
    found: dict[str, Parameter] = {}
    if declared.is_negatable:
        found[name + NOT] = Not(name, declared)
    of_row = declared.through.field(model).related_model if declared.through else model
    gap = declared.missing(of_row) if of_row else None
    if gap is not None or (declared.through and declared.is_thing):
        found[name + EMPTY] = Empty(name, declared, gap, against)
    return found


class ByRule(FilterSetMetaclass):
    """Adds to declared parameters what follows from them."""

    def __new__(cls, name: str, bases: tuple[type, ...], attrs: dict[str, Any]) -> Any:
        """The class, with all parameters, and the pairs of them that are a beginning and an end."""
        model = getattr(attrs.get("Meta"), "model", None)
        ranges = list(attrs.get("ranges", ()))
        for own, declared in list(attrs.items()):
            if isinstance(declared, Span):
                del attrs[own]
                attrs |= declared.ends() | by_rule(own, declared.whole, model, declared.names)
                ranges.append(declared.names)
            elif isinstance(declared, Parameter):
                attrs |= by_rule(own, declared, model)
        return super().__new__(cls, name, bases, attrs | {"ranges": ranges})


class StrictFilterSet(filters.FilterSet, metaclass=ByRule):
    """The parameters of one resource; ``ranges`` names those that are a beginning and an end.

    What was sent is read once (``cleaned``); what was not sent costs nothing.
    """

    ranges: ClassVar[list[tuple[str, str]]] = []
    base_filters: dict[str, Any]
    _meta: Any

    def __init__(self, data: Any = None, queryset: Any = None, *, request: Any = None, **_kwargs: Any) -> None:
        # Not Django-filter's own, which copies every filter and makes a form of them all.
        self.queryset = self._meta.model._default_manager.all() if queryset is None else queryset
        self.data, self.request, self.is_bound = data or {}, request, True
        self.sent: dict[str, Parameter] = {
            name: self.bound(self.base_filters[name])
            for name in self.data
            if name in self.base_filters and str(self.data[name]).strip()
        }
        self.cleaned: dict[str, Any] = {}
        self.worked_out: dict[str, Q] = {}
        self._errors: dict[str, list[str]] | None = None

    def bound(self, declared: Parameter) -> Any:
        """A parameter that knows this question."""
        found = copy(declared)
        found.parent, found.model = self, self.queryset.model  # type: ignore[attr-defined]
        return found

    # Reading

    @property
    def errors(self) -> dict[str, list[str]]:
        """What is wrong, by parameter, in sentences."""
        if self._errors is None:
            self._errors = {}
            self.read()
            if not self._errors:
                self.look_up()
            if not self._errors:
                self.check()
        return self._errors

    def is_valid(self) -> bool:
        """Whether all values can be read, and go together."""
        return not self.errors

    def refuse(self, name: str, sentence: Any) -> None:
        """Say what is wrong with a parameter."""
        assert self._errors is not None  # noqa: S101 - for the type checker
        self._errors.setdefault(name, []).append(str(sentence))

    def read(self) -> None:
        """Read every value; slugs are looked up afterwards, all at once."""
        for name in self.sent:
            field = self.base_filters[name].field
            read = parts if isinstance(field, SlugsField) else field.clean
            try:
                self.cleaned[name] = read(str(self.data[name]).strip())
            except ValidationError as error:
                for message in error.messages:
                    self.refuse(name, message)

    def look_up(self) -> None:
        """Find the records of all slugs, in one query for each kind."""
        wanted: dict[Any, list[str]] = {}
        for name in self.sent:
            field = self.base_filters[name].field
            if isinstance(field, SlugsField):
                wanted.setdefault(field.of, []).append(name)
        for model, names in wanted.items():
            found = by_slug(model, {slug for name in names for slug in self.cleaned[name]})
            for name in names:
                slugs = self.cleaned[name]
                if lost := next((slug for slug in slugs if slug not in found), None):
                    self.refuse(name, no_such_slug(model, lost))
                self.cleaned[name] = [found[slug] for slug in slugs if slug in found]

    # Whether what was sent goes together

    def check(self) -> None:
        """Refuse what cannot go together, or cannot stand alone; subclasses add theirs."""
        for name, parameter in self.sent.items():
            if parameter.needs and not any(self.has(needed) for needed in parameter.needs):
                self.refuse(name, alone(name, parameter.needs))
        for first, last in self.ranges:
            self.check_range(first, last)
        if self.cleaned.get("ordering") == Order.RELEVANCE and "q" not in self.cleaned:
            self.refuse("ordering", _("There is nothing to come near to without q. Add q, or leave it out."))
        for name, parameter in self.sent.items():
            if isinstance(parameter, Empty) and self.cleaned[name]:
                self.check_empty(name, parameter)

    def has(self, name: str) -> bool:
        """Whether the parameter was sent, or that none of its values may be."""
        return name in self.cleaned or name + NOT in self.cleaned

    def check_range(self, first: str, last: str) -> None:
        """Refuse a range that ends before it starts."""
        if first in self.cleaned and last in self.cleaned and self.cleaned[first] > self.cleaned[last]:
            names = {"first": first, "from": self.data[first], "last": last, "to": self.data[last]}
            self.refuse(first, _("%(first)s=%(from)s is after %(last)s=%(to)s. Exchange them.") % names)

    def check_empty(self, name: str, empty: Empty) -> None:
        """Refuse to look for something where it is missing."""
        for other, parameter in self.sent.items():
            same_rows = empty.is_of_rows and parameter.speaks_of_row and parameter.through is empty.through
            if other in empty.against or same_rows:
                names = {"name": name, "other": other}
                self.refuse(name, _("Where %(name)s is true, nothing answers “%(other)s”. Leave one out.") % names)

    # Answering

    def __contains__(self, name: str) -> bool:
        return name in self.sent

    @property
    def qs(self) -> Any:
        """The rows that answer; none where the question cannot be understood."""
        if not hasattr(self, "_qs"):
            self._qs = self.narrowed() if self.is_valid() else self.queryset.none()
        return self._qs

    def narrowed(self, without: Collection[str] = ()) -> Any:
        """The rows that answer the question without some of its parameters."""
        rows, conditions = self.queryset, list(self.conditions(without))
        if conditions:
            rows = rows.filter(*conditions)
        asked = [(parameter, self.cleaned[name]) for name, parameter in self.sent.items() if name not in without]
        # An order comes last, after all that narrows.
        for parameter, value in sorted(asked, key=lambda one: isinstance(one[0], Ordering)):
            rows = parameter.applied(rows, value)
        return rows.all() if rows is self.queryset else rows

    def conditions(self, without: Collection[str] = ()) -> Iterator[Q]:
        """What a row must fulfil; those that speak of the same related rows speak of one of them."""
        together: dict[Rows, list[Q]] = {}
        for name, parameter in self.sent.items():
            if name in without:
                continue
            condition = self.condition(name)
            if parameter.speaks_of_row and parameter.through is not None:
                together.setdefault(parameter.through, []).append(condition)
            elif condition:
                yield condition
        for through, several in together.items():
            yield through.holding(self.queryset.model, self.reader, *several)

    def condition(self, name: str) -> Q:
        """What a parameter asks for, worked out once, however often the question is put."""
        if name not in self.worked_out:
            self.worked_out[name] = self.sent[name].condition(self.cleaned[name])
        return self.worked_out[name]

    @property
    def reader(self) -> Any:
        """Who asks."""
        return self.request.user


def alone(name: str, needs: tuple[str, ...]) -> str:
    """What is said of a parameter that says nothing without another."""
    return _("“%(name)s” says nothing by itself. Send it with %(needs)s, or leave it out.") % {
        "name": name,
        "needs": _(" or ").join(needs),
    }


class StrictBackend(filters.DjangoFilterBackend):
    """Applies the parameters of a view's ``filterset_class``."""

    def filter_queryset(self, request: Any, queryset: Any, view: Any) -> Any:
        """The rows that answer, or a refusal by parameter."""
        filterset = self.get_filterset(request, queryset, view)
        if filterset is None:
            return queryset
        if not filterset.is_valid():
            raise Refused(filterset.errors)
        return filterset.qs


def check_parameters(
    sent: QueryDict, known: Iterable[str], elsewhere: Mapping[str, Any] = MappingProxyType({})
) -> None:
    """Refuse every parameter that is unknown, sent twice, empty, or written with characters that nothing can hold.

    ``elsewhere`` has the sentences about parameters that are known, but not of this question.
    """
    words = set(known)
    errors: dict[str, list[str]] = {}
    for name, values in sent.lists():
        known_elsewhere = elsewhere[name] % {"name": name} if name in elsewhere and name not in words else ""
        if sentence := known_elsewhere or fault(name, values, words):
            errors[shown(name)] = [sentence]
        if len(errors) == MOST_FAULTS:
            break
    if errors:
        raise Refused(errors)


def fault(name: str, values: list[Any], known: Collection[str]) -> str:
    """What is wrong with one parameter as sent, or nothing."""
    if name not in known:
        return no_such_parameter(name, known)
    if len(values) > 1:
        return _("“%(name)s” is sent %(times)d times. Send it once; separate several values by commas.") % {
            "name": name,
            "times": len(values),
        }
    if len(values[0]) > LONGEST_VALUE:
        return _("“%(name)s” has %(length)d characters: at most %(most)d can be read. Ask in several requests.") % {
            "name": name,
            "length": len(values[0]),
            "most": LONGEST_VALUE,
        }
    try:
        check_text(values[0])
    except ValidationError as error:
        return str(error.messages[0])
    return "" if values[0].strip() else _("“%(name)s” is empty. Give it a value, or leave it out.") % {"name": name}


def no_such_parameter(name: str, known: Collection[str]) -> str:
    """The sentence about a parameter that is not there: the nearest one, and all that there are."""
    sentence = _("There is no parameter “%(name)s” here.") % {"name": shown(name)} + meant(name, known)
    declared = sorted(one for one in known if not one.endswith((NOT, EMPTY)))
    told = f"{sentence} " + _("Known: %(known)s.") % {"known": ", ".join(declared) or "–"}
    if len(declared) == len(known):
        return told
    negated, empty = (sorted(one for one in known if one.endswith(end)) for end in (NOT, EMPTY))
    return f"{told} " + _("None of: %(negated)s. Missing or not: %(empty)s.") % {
        "negated": ", ".join(negated) or "–",
        "empty": ", ".join(empty) or "–",
    }
