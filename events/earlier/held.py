"""What was held of events at a moment, from the history: as much of it as a question takes."""

from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError

from events.filters.kinds import COUNTS, PARTIES, PLACES, WHOLE
from events.models import Count, Event, Involvement, Placement
from events.past import is_told, might_see
from osint.base.chunks import chunks
from osint.base.filters import Rows
from osint.history import past
from osint.history.models import Value
from osint.history.recording import State

if TYPE_CHECKING:
    from sources.querysets import Reader

SOME = 1_000  # events that are looked up at once
# Of an event, what decides who sees it, where it stands, and what is asked of it.
COLUMNS = (
    "type", "status", "tlp", "created_by", "assignee", "when", "part_of", "is_aggregate", "published_at", "changed_at",
)  # fmt: skip
KINDS: dict[Rows, Any] = {PLACES: Placement, PARTIES: Involvement, COUNTS: Count}
NAMED = {Placement: ("site",), Involvement: ("actor",), Count: ("measure", "party")}


class Held:
    """Events as they were after an entry of the history, those that the reader might have seen; each with its rows."""

    def __init__(self, keys: Iterable[int], seq: int, reader: "Reader", kinds: Iterable[Rows]) -> None:
        self.reader = reader
        self.events: dict[int, Event] = {}
        self.rows: dict[Any, dict[int, list[Any]]] = {through: defaultdict(list) for through in kinds}
        for some in chunks(keys, SOME):
            self.take(some, seq)
        self.name()

    def take(self, keys: list[int], seq: int) -> None:
        """Read some of them."""
        for key, state in states(Event, keys, seq, COLUMNS).items():
            if is_told(Event, state) and might_see(state, self.reader):
                event = past.rebuilt(Event, key, state)
                with suppress(ValidationError):  # a date that was redacted has no bounds
                    event.derive()
                self.events[key] = event
        for through in self.rows.keys() & KINDS.keys():
            self.take_rows(through, [key for key in keys if key in self.events], seq)

    def take_rows(self, through: Rows, keys: list[int], seq: int) -> None:
        """Read the rows of one kind that belong to some events."""
        model = KINDS[through]
        about = Value.objects.filter(entry__root_model=Event._meta.label_lower, entry__root_key__in=keys)
        found = past.replayed(past.told(about.filter(entry__model=model._meta.label_lower, entry__lte=seq)))
        for key, state in sorted(found.get(model, {}).items()):
            if is_told(model, state):
                row = past.rebuilt(model, key, state)
                row.event = self.events[row.event_id]
                self.rows[through][row.event_id].append(row)

    def name(self) -> None:
        """Let events and rows know what they name, as it is now."""
        know(self.events.values(), "type")
        if WHOLE in self.rows:
            seen = Event.objects.visible_to(self.reader).in_bulk({event.part_of_id for event in self.events.values()})
            for key, event in self.events.items():
                self.rows[WHOLE][key] = [seen[event.part_of_id]] if event.part_of_id in seen else []
        for through in self.rows.keys() & KINDS.keys():
            every = [row for rows in self.rows[through].values() for row in rows]
            for relation in NAMED[KINDS[through]]:
                know(every, relation)

    def of(self, event: Event, through: Rows) -> list[Any]:
        """The rows of one kind that an event had."""
        return self.rows[through].get(event.pk, [])


def states(model: Any, keys: list[int], seq: int, names: Iterable[str]) -> dict[int, State]:
    """Some columns of those of these records that were there after an entry."""
    about = Value.objects.filter(entry__model=model._meta.label_lower, entry__key__in=keys, entry__lte=seq)
    return past.replayed(past.told(about.filter(field__in=list(names)))).get(model, {})


def know(records: Iterable[Any], relation: str) -> None:
    """Give records what they name in a relation, all of it in one query; what is gone is none."""
    named = list(records)
    if not named:
        return
    column = type(named[0])._meta.get_field(relation)
    keys = {getattr(one, column.attname) for one in named} - {None}
    found = column.related_model._default_manager.in_bulk(keys)
    for one in named:
        if (key := getattr(one, column.attname)) in found:
            setattr(one, relation, found[key])
        elif key is not None:
            setattr(one, relation, column.related_model(pk=key))
