"""Events for whoever takes them whole: what a question asks for, some at a time, as one reader may see them."""

from collections.abc import Iterable, Iterator
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.http import QueryDict
from rest_framework.exceptions import ValidationError as Refused

from events import finding, shapes
from events.filters import EventFilters
from events.models import Event
from osint.base.chunks import chunks
from osint.base.filters.sets import check_parameters
from osint.base.keyset import order_of

if TYPE_CHECKING:
    from sources.querysets import Reader

AT_ONCE = 100  # events that are in memory together, each with its evidence
MOST = 999_999_999


def keys(query: str, reader: "Reader") -> Iterator[list[int]]:
    """The keys of the events that answer, in the order of lists; ``ValidationError`` where that cannot be asked."""
    sent = QueryDict(query.removeprefix("?"))
    request: Any = SimpleNamespace(user=reader, query_params=sent)
    asked = EventFilters(sent, request=request)
    try:
        check_parameters(sent, EventFilters.base_filters)
        if not asked.is_valid():
            raise Refused(asked.errors)
    except Refused as error:
        told: Any = error.detail
        raise ValidationError([f"{name}: {one}" for name, many in told.items() for one in many]) from error
    rows = finding.found(asked, reader)
    order = order_of(rows)
    if order is None:
        raise ValidationError("What is sent whole comes in its own order: leave “ordering” out of the question.")
    return shapes.keys_of(finding.parts_of(rows), order, None, MOST)


def with_evidence(keys: Iterable[list[int]], reader: "Reader") -> Iterator[list[Event]]:
    """The events of these keys in their order, some at a time, each with all that the reader may see of it."""
    for some_keys in keys:
        for some in chunks(some_keys, AT_ONCE):
            found = {one.pk: one for one in Event.objects.visible_to(reader).filter(pk__in=some).with_evidence(reader)}
            yield [found[key] for key in some if key in found]
