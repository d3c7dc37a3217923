"""The front page's list: the parameters of the REST door, asked by people."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, QueryDict
from rest_framework.exceptions import ValidationError as Refused

from events import search
from events.choices import SiteKind
from events.filters import EventFilters
from events.finding import found, parts_of
from events.models import Event, EventType, Site
from events.querysets import EventQuerySet
from osint.base.filters import check_parameters
from osint.base.highlights import Sought, excerpt, hits

# Not asked of the database: where in the list one is.
PAGE = "page"


@dataclass(frozen=True)
class Chosen:
    """A parameter in force, in words, and the query without it."""

    name: str
    value: str
    without: str


@dataclass(frozen=True)
class Asked:
    """A question to the list: the events that answer it, or why it could not be understood."""

    sets: list[Any]  # in which they are found
    among: EventQuerySet  # which was looked
    values: QueryDict
    chosen: list[Chosen]
    errors: list[str]
    sought: Sought | None = None

    @property
    def status(self) -> int:
        """The answer's status code."""
        return 400 if self.errors else 200


def asked(request: HttpRequest) -> Asked:
    """The question that this address puts."""
    values = sent(request)
    visible = Event.objects.visible_to(request.user)
    filters: Any = EventFilters(values, queryset=visible, request=request)
    errors = list(faults(values, filters))
    if errors:
        return Asked([], visible, values, [], errors)
    sets, told = parts_of(found(filters, request.user)), list(chosen(values, filters.cleaned))
    sought = search.looked_for(str(values["q"])) if "q" in values else None
    return Asked(sets, visible.with_evidence(request.user), values, told, [], sought)


def quoted(event: Event, what: Sought | None) -> str:
    """The words of a quote around what was looked for, where the summary has none of it."""
    if what is None or hits(event.summary, what):
        return ""
    claims = (claim for citation in event.citations.all() for claim in citation.claims.all())
    return next(filter(None, (excerpt(claim.quote, what) for claim in claims)), "")


def sent(request: HttpRequest) -> QueryDict:
    """The parameters with a value: a form sends its empty fields along."""
    values = QueryDict(mutable=True)
    for name, several in request.GET.lists():
        if name != PAGE and (filled := [value for value in several if value.strip()]):
            values.setlist(name, filled)
    return values


def faults(values: QueryDict, filters: Any) -> Iterator[str]:
    """Sentences on what cannot be understood."""
    try:
        check_parameters(values, list(filters.base_filters))
    except Refused as refused:
        yield from (str(sentence) for sentences in refused.detail.values() for sentence in sentences)  # type: ignore[union-attr]
        return
    if not filters.is_valid():
        yield from (str(sentence) for sentences in filters.errors.values() for sentence in sentences)


def chosen(values: QueryDict, cleaned: dict[str, Any]) -> Iterator[Chosen]:
    """The parameters in force, records by their names."""
    for name in values:
        without = values.copy()
        del without[name]
        records = cleaned[name] if isinstance(cleaned[name], list) else []
        yield Chosen(name, ", ".join(map(str, records)) or str(values[name]), without.urlencode())


def choices() -> dict[str, Any]:
    """What the form offers to choose from: all types, and the governorates."""
    return {"types": EventType.objects.all(), "governorates": Site.objects.filter(kind=SiteKind.GOVERNORATE)}
