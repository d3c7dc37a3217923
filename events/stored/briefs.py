"""An event as lists show it, put together column by column instead of by serializers: the same bytes, much sooner.

What is shown is read off ``EventBrief`` itself, and a test compares the bytes of both.
"""

from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from typing import Any

from events.models import Count, Event, Involvement, Placement
from events.serializers.incident import CountRow, EventBrief, InvolvementRow, PlacementRow
from osint.base.inputs import ByIdentity, BySlug
from osint.base.wire import dumps

Keys = Iterable[int]
# What depends on who reads comes last, and is added then.
PERSONAL = ("part_of", "merged_into", "assignee", "is_sent_back")
ROWS: dict[str, tuple[Any, Any]] = {
    "placements": (Placement, PlacementRow),
    "involvements": (Involvement, InvolvementRow),
    "counts": (Count, CountRow),
}


@cache
def columns(serializer: Any) -> dict[str, str]:
    """What a serializer shows, field by field as the lookup of its column."""
    shown = {name: field for name, field in serializer().fields.items() if not field.write_only}
    return {
        name: f"{name}__{'slug' if isinstance(field, BySlug) else 'uuid'}"
        if isinstance(field, BySlug | ByIdentity)
        else name
        for name, field in shown.items()
        if name not in ROWS and name not in PERSONAL
    }


def of_events(model: Any, serializer: Any, keys: list[int]) -> dict[int, list[dict[str, Any]]]:
    """The rows of one kind that each event has."""
    names = columns(serializer)
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    rows = model.objects.filter(event__in=keys).order_by("position", "pk").values_list("event", *names.values())
    for event, *values in rows:
        found[event].append(dict(zip(names, values, strict=True)))
    return found


def put_together(keys: Keys) -> dict[int, dict[str, Any]]:
    """What each event shows to every reader, in four queries for any number of them."""
    wanted = list(keys)
    names = columns(EventBrief)
    rows = {name: of_events(*kind, wanted) for name, kind in ROWS.items()}
    found = {}
    for key, *values in Event.objects.filter(pk__in=wanted).order_by().values_list("pk", *names.values()):
        held = dict(zip(names, values, strict=True)) | {name: of[key] for name, of in rows.items()}
        found[key] = {name: held[name] for name in order()}
    return found


@cache
def order() -> tuple[str, ...]:
    """The fields in the order in which the serializer shows them, without those that depend on the reader."""
    fields = EventBrief().fields.items()
    return tuple(name for name, field in fields if not field.write_only and name not in PERSONAL)


def texts(keys: Keys) -> dict[int, str]:
    """The same as JSON, open at the end for what depends on the reader."""
    return {key: text(held) for key, held in put_together(keys).items()}


def text(held: dict[str, Any]) -> str:
    """What an event shows as JSON, open at the end."""
    return dumps(held)[:-1].decode()
