"""What we held on day D: an event as of a moment, put together from the history as if it had been read then.

The event, its facts, citations, claims and marks are as they were; so are the duplicates merged into it by then, and
its parts. What it names (types, places, actors, measures, sources, reports and whom they relay) is shown as it is now,
where it is gone, as it was last; but what agreed then by where its place or type lay agrees still.

Invariant: nobody sees more of the past than both then and now: status and mark then, and the event and its reports now.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db.models import Model, Prefetch

from events import querysets
from events.choices import Status
from events.models import Citation, Claim, Correction, Count, Event, Involvement, Placement
from events.models.evidence import VALUE
from osint.base.tree import Tree
from osint.history import past
from osint.history.models import Action, Value
from osint.history.naming import last_states
from osint.history.recording import State, rows_of
from sources import marks
from sources.choices import Tlp
from sources.models import Relay, Report
from sources.pages import relayed

if TYPE_CHECKING:
    from sources.querysets import Reader

PARAMETER = "as_of"
States = dict[Any, dict[int, State]]
OUT = {Status.PUBLISHED, Status.RETRACTED}
FACTS = {Placement: "placements", Involvement: "involvements", Count: "counts"}
# What a record says: where one of these was redacted, nothing is said, rather than something else.
SAID: dict[Any, set[str]] = {
    Event: {"type", "status", "tlp"},
    Placement: {"site", "role"},
    Involvement: {"actor", "role"},
    Count: {"measure"},
    Citation: {"report"},
    Claim: {"facet"},
}


@dataclass(frozen=True)
class Past:
    """What makes an event a past one: the moment, and what else belongs to it then."""

    moment: datetime
    part_of: Event | None
    corrections: frozenset[int]
    everything: Event  # with the evidence that this reader may not see, for what is computed


def answers(event: Event, reader: "Reader") -> bool:
    """Whether a visible event answers at its address at all: a merged one does where the reader may see the other."""
    into = event.merged_into_id
    return into is None or Event.objects.visible_to(reader).filter(pk=into).exists()


def as_of(event: Event, moment: datetime, reader: "Reader") -> Event | None:
    """The event as it was, if it was there and this reader might have seen it then; ``past`` tells that it is not now.

    The caller has made sure that the reader may see the event as it is now, and that it ``answers()``.
    """
    seq = past.last_by(moment)
    others = {name: past.that_ever_named(Event, name, event.pk, seq) for name in ("merged_into", "part_of")}
    states = past.wholes_at(Event, {event.pk, *others["merged_into"], *others["part_of"]}, seq)
    state = states.get(Event, {}).get(event.pk)
    if state is None or not is_told(Event, state) or not might_see(state, reader):
        return None
    return Telling(states, seq, reader).event(event.pk, moment)


def is_told(model: Any, state: State) -> bool:
    """Whether what the record says is still there, and was not redacted."""
    said = SAID.get(model, set()) | set(VALUE.get(state["facet"], ())[:1] if model is Claim else ())
    return not any(state.get(name) is past.REDACTED for name in said)


def might_see(state: State, reader: "Reader") -> bool:
    """Whether the reader may see what bore this mark and status."""
    return marked(state, reader) and (state["status"] in OUT or querysets.sees_drafts(reader))


def marked(state: State, reader: "Reader") -> bool:
    """Whether a record with this mark may be seen by the reader, as ``sources.marks`` says of stored ones."""
    if state["tlp"] in marks.seen_by(reader):
        return True
    theirs = {state.get("created_by"), state.get("assignee")}
    return bool(reader.is_authenticated and state["tlp"] == Tlp.RED and reader.pk in theirs)


def everything(event: Event) -> Event | None:
    """A past event with all its evidence, also what its reader may not see; none for an event of now."""
    then: Past | None = getattr(event, "past", None)
    return then.everything if then else None


def was_made(correction: Correction, event: Event) -> bool:
    """Whether the correction had been made at the moment that the event is told of; always, of an event of now."""
    then: Past | None = getattr(event, "past", None)
    return then is None or correction.pk in then.corrections


class Telling:
    """The states of one moment, as records that know each other."""

    def __init__(self, states: States, seq: int, reader: "Reader") -> None:
        self.states, self.seq, self.reader = states, seq, reader
        self.named: dict[Any, dict[int, Any]] = {}
        for model, keys in named_in(states).items():
            self.named[model] = stored(model, keys)
            if issubclass(model, Tree):
                for key, path in paths_then(model, keys, seq).items():
                    self.named[model][key].path = path
        self.reports = self.seen_reports(named_in(states).get(Report, set()))

    def seen_reports(self, keys: set[int]) -> dict[int, Report]:
        """The reports that the reader may see now and might have seen then, with whom they relay."""
        told = Prefetch("relays", queryset=Relay.objects.told_to(self.reader))
        live = Report.objects.visible_to(self.reader).filter(pk__in=keys).select_related("source")
        then = past.states_at(Report, keys, self.seq)
        reports = live.prefetch_related(told, relayed(self.reader, "relays__"))
        return {one.pk: one for one in reports if one.pk not in then or marked(then[one.pk], self.reader)}

    def event(self, key: int, moment: datetime) -> Event:
        """The event with its relations at hand."""
        found = self.whole(key, seen=True)
        everything = self.whole(key, seen=False)
        belongs = {pk for pk, _state in self.of(Correction, "event", key)}
        others = self.lead([found])
        part_of = others.get(found.part_of_id or 0)
        found.past = Past(moment, part_of, frozenset(belongs), everything)  # type: ignore[attr-defined]
        return found

    def briefs(self, keys: Iterable[int]) -> list[Event]:
        """The events with their own facts, as lists show them."""
        found = [self.alone(key, seen=True) for key in keys]
        self.lead(found)
        return found

    def lead(self, events: list[Event]) -> dict[int, Event]:
        """Let events know where they led, as far as the reader may see that now."""
        named = {pk for event in events for pk in (event.part_of_id, event.merged_into_id) if pk}
        others = Event.objects.visible_to(self.reader).select_related("type").in_bulk(named)
        for event in events:
            part_of, merged_into = (others.get(pk or 0) for pk in (event.part_of_id, event.merged_into_id))
            event.part_of_seen = part_of and part_of.uuid  # type: ignore[attr-defined]
            event.merged_into_seen = merged_into and merged_into.uuid  # type: ignore[attr-defined]
        return others

    def whole(self, key: int, *, seen: bool) -> Event:
        """The event with its facts, evidence, duplicates and parts."""
        found = self.alone(key, seen=seen)
        duplicates = [self.alone(pk, seen=seen) for pk, _state in self.of(Event, "merged_into", key)]
        hold(found, "duplicates", duplicates)
        found.duplicates_with_hidden_citations = duplicates  # type: ignore[attr-defined]
        hold(found, "parts", self.parts(key))
        return found

    def parts(self, key: int) -> list[Event]:
        """The parts that the event had, as far as the reader may see them, then and now."""
        states = [(pk, state) for pk, state in self.of(Event, "part_of", key) if might_see(state, self.reader)]
        now = set(
            Event.objects.visible_to(self.reader)
            .filter(pk__in=[pk for pk, _state in states])
            .values_list("pk", flat=True)
        )
        return [self.alone(pk, seen=True) for pk, _state in states if pk in now]

    def alone(self, key: int, *, seen: bool) -> Event:
        """The event with its own facts and evidence; the citations that the reader may not see are kept apart."""
        found: Event = self.record(Event, key)
        self.identify(found)
        for model, name in FACTS.items():
            rows = [self.record(model, pk, event=found) for pk, _state in self.of(model, "event", key)]
            hold(found, name, sorted(rows, key=lambda row: (row.position, row.pk)))
        citations = [self.citation(pk, found) for pk, _state in self.of(Citation, "event", key)]
        hidden = [one for one in citations if seen and one.report_id not in self.reports]
        hold(found, "citations", [one for one in citations if one not in hidden])
        found.hidden_citations = hidden  # type: ignore[attr-defined]
        return found

    def citation(self, key: int, event: Event) -> Citation:
        """The citation with its claims."""
        found: Citation = self.record(Citation, key, event=event)
        if found.report_id in self.reports:
            found.report = self.reports[found.report_id]
        claims = [self.record(Claim, pk, citation=found) for pk, _state in self.of(Claim, "citation", key)]
        hold(found, "claims", claims)
        return found

    def of(self, model: Any, relation: str, key: int) -> Iterator[tuple[int, State]]:
        """The records that were related so and that can be told of, in the order in which they were made."""
        rows = sorted(self.states.get(model, {}).items())
        return ((pk, state) for pk, state in rows if state.get(relation) == key and is_told(model, state))

    def identify(self, event: Event) -> None:
        """Let an event whose identity was redacted bear the one it has now, under which it was asked for."""
        given = self.states[Event][event.pk]
        if past.REDACTED in (given["uuid"], given["reference"]):
            event.uuid, event.reference = rows_of(Event).values_list("uuid", "reference").get(pk=event.pk)

    def record(self, model: Any, key: int, **known: Any) -> Any:
        """One record, with those that it names."""
        found = past.rebuilt(model, key, self.states[model][key])
        for column in model._meta.concrete_fields:
            # Of no other column: what the database works out would be looked up.
            if not column.is_relation or column.name in known:
                continue
            other = self.named.get(column.related_model, {}).get(getattr(found, column.attname))
            if other is not None:
                setattr(found, column.name, other)
        for name, record in known.items():
            setattr(found, name, record)
        with suppress(ValidationError):  # a date that was redacted has no bounds
            found.derive()
        return found


def named_in(states: States) -> dict[Any, set[int]]:
    """The records that these states name, which do not belong to an event themselves."""
    found: dict[Any, set[int]] = {}
    for model, records in states.items():
        for column in model._meta.concrete_fields:
            if column.is_relation and column.related_model not in {Event, Citation}:
                keys = {state[column.name] for state in records.values() if isinstance(state.get(column.name), int)}
                found.setdefault(column.related_model, set()).update(keys)
    return found


def stored(model: Any, keys: Iterable[int]) -> dict[int, Model]:
    """These records as they are, the deleted ones as they were last."""
    wanted = set(keys)
    is_recorded = hasattr(model, "worked_out")
    rows = rows_of(model) if is_recorded else model._default_manager.all()
    if model is Report:
        rows = rows.defer("text", "translation", "folded").select_related("source")
    found: dict[int, Model] = rows.in_bulk(wanted)
    gone = last_states(model, wanted - set(found)) if is_recorded and wanted - set(found) else {}
    return found | {key: past.rebuilt(model, key, state) for key, state in gone.items()}


def paths_then(model: type[Tree], keys: Iterable[int], seq: int) -> dict[int, str]:
    """Where these nodes lay, if any of the tree has moved since: a claim agrees by where its place or type lies."""
    told = Value.objects.filter(entry__model=model._meta.label_lower, field="parent", entry__gt=seq)
    moves = told.filter(entry__action=Action.CHANGE).order_by("-entry_id").values_list("entry__key", "text")
    if not moves:
        return {}
    nodes = {pk: (parent, slug) for pk, parent, slug in rows_of(model).values_list("pk", "parent_id", "slug")}
    for key, text in moves:  # the newest first, so that the oldest since then is the last word
        if key in nodes:
            nodes[key] = (past.read(text)[0], nodes[key][1])
    return {key: path_of(nodes, key) for key in set(keys) & set(nodes)}


def path_of(nodes: dict[int, tuple[Any, str]], key: int) -> str:
    """The path of a node, from the root down."""
    slugs: list[str] = []
    above: Any = key
    while above in nodes and len(slugs) <= len(nodes):
        above, slug = nodes[above]
        slugs.insert(0, slug)
    return "".join(f"{slug}/" for slug in slugs)


def hold(record: Any, relation: str, rows: list[Any]) -> None:
    """Let the record know its rows, as if they had been prefetched."""
    related: Any = record._meta.get_field(relation).related_model
    held = related._default_manager.all()
    held._result_cache, held._prefetch_done = rows, True
    record._prefetched_objects_cache = {**getattr(record, "_prefetched_objects_cache", {}), relation: held}
