"""The pedigree of values: which edit made each what it is, and which edits whoever made it had seen.

It is worked out from the history, some records at a time, in the same few statements for any number of them. Stored is
only what the history of this database cannot know: what the writers of arrived records had seen (``Arrived``).
"""

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping
from typing import Any

from django.db.models import Q, QuerySet

from osint.base.chunks import chunks
from osint.base.record import Record
from osint.bundle import contents, units
from osint.bundle.arrivals import UNDO_DOOR, Arrival, Arrived
from osint.bundle.arriving import Identity, Pedigree, label_of
from osint.bundle.values import names_of, natural
from osint.history.models import Action, Entry, Value
from osint.history.past import read

Found = dict[str, Pedigree]
GONE, HEARD = "gone", "retracted"  # how a record arrived that is not here; an event retracted before it ever came
# What was told of one record's column by one change, in order: change, field, from what, to what.
Told = tuple[str, str, Any, Any]


def of(model: type[Record], keys: Mapping[int, str]) -> dict[Identity, Found]:
    """The pedigrees of these records (key to identity) that are more than first values."""
    label, found = label_of(model), worked_out(model, keys)
    for key, state in states(model, [key for key, own in found.items() if units.STATE in own]).items():
        if found[key][units.STATE] == came_by((label, keys[key]), state):
            del found[key][units.STATE]  # whoever reads the state reads as much
    return {(label, keys[key]): own for key, own in found.items() if own}


def states(model: type[Record], keys: list[int]) -> dict[int, list[str]]:
    """What became of these events."""
    found = natural(model, keys) if keys else {}
    return {key: units.state_of(*(told[name] for name in units.STATE_COLUMNS)) for key, told in found.items()}


def came_by(name: Identity, state: list[str]) -> Pedigree:
    """The pedigree of a state of which the file says no more: whoever brought it about had seen a draft."""
    draft = units.first_edit(name, units.STATE, units.DRAFT)
    edit = units.first_edit(name, units.STATE, state)
    return Pedigree(edit, frozenset([draft, edit]))


def worked_out(model: type[Record], keys: Mapping[int, str]) -> dict[int, Found]:
    """For each of these records (key to identity) what is more than a first value, unit by unit."""
    found: dict[int, Found] = {}
    for some in chunks(keys):
        stored = base(model, [keys[key] for key in some])
        told = history(model, some, {key: stored[keys[key]][0] for key in some if keys[key] in stored})
        named = Names(model, told)
        first = natural(model, set(told))
        back, undone = returned(model, some), moves_undone(model, [keys[key] for key in some])
        for key in some:
            own = dict(stored[keys[key]][1]) if keys[key] in stored else {}
            if key in told:
                own |= continued(model, (label_of(model), keys[key]), own, told[key], first.get(key, {}), named)
            if key in back:
                own[units.THERE] = restored((label_of(model), keys[key]), own.get(units.THERE), back[key])
            if units.STATE in own and keys[key] in undone:
                own[units.STATE] = Pedigree(own[units.STATE].edit, own[units.STATE].seen | undone[keys[key]])
            if own:
                found[key] = own
    return found


def returned(model: type[Record], keys: Iterable[int]) -> dict[int, list[tuple[str, str]]]:
    """What was deleted and is there again under its key: each coming and going, by action and change."""
    entries = Entry.objects.filter(model=label_of(model), key__in=list(keys)).exclude(door=UNDO_DOOR)
    entries = entries.exclude(change__in=Arrival.objects.undone().values("change"))
    gone = set(entries.filter(action=Action.DELETE).values_list("key", flat=True))
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    ways = entries.filter(key__in=gone, action__in=[Action.CREATE, Action.DELETE]).order_by("seq")
    for key, action, change in ways.values_list("key", "action", "change"):
        found[key].append((action, str(change)))
    return found


def restored(identity: Identity, begun: Pedigree | None, ways: list[tuple[str, str]]) -> Pedigree:
    """The pedigree of a record's being there, once it came back."""
    first = units.there(identity)
    seen = (begun.seen if begun else frozenset([first])) | {change for _action, change in ways[1:]}
    return Pedigree(ways[-1][1], seen)


def base(model: type[Record], identities: list[str]) -> dict[str, tuple[int, Found]]:
    """What was stored when the records last arrived, and up to which entry of the history that is told."""
    rows = standing(model).filter(identity__in=identities)
    found = rows.order_by("pk").values_list("identity", "arrival__upto", "pedigree")
    return {identity: (upto, unpacked(pedigree or {})) for identity, upto, pedigree in found}


def moves_undone(model: type[Record], identities: list[str]) -> dict[str, frozenset[str]]:
    """What had moved these events in imports that were undone: whoever undid them knew of it."""
    found: dict[str, frozenset[str]] = {}
    if units.STATE_COLUMNS[0] in columns(model):
        rows = Arrived.objects.filter(model=label_of(model), identity__in=identities, pedigree__isnull=False)
        for name, held in rows.filter(arrival__undone_at__isnull=False).values_list("identity", "pedigree"):
            if moved := unpacked(held or {}).get(units.STATE):
                found[name] = found.get(name, frozenset()) | moved.seen | {moved.edit}
    return found


def standing(model: type[Record]) -> QuerySet[Arrived]:
    """What was stored of records of this model, but for imports that were undone."""
    return Arrived.objects.filter(model=label_of(model), pedigree__isnull=False, arrival__undone_at=None)


def not_undone() -> Q:
    """The condition on what the history tells: no import that was undone, and not its undoing."""
    undone = Q(entry__door=UNDO_DOOR) | Q(entry__change__in=Arrival.objects.undone().values("change"))
    # What it had published was read: that it was taken back is a move like any other.
    return ~undone | Q(field__in=units.STATE_COLUMNS)


def history(model: type[Record], keys: Iterable[int], since: Mapping[int, int]) -> dict[int, list[Told]]:
    """What was told of these records' columns that travel, after they began or last arrived."""
    wanted = set(units.by_field(model))
    rows = Value.objects.filter(entry__model=label_of(model), entry__key__in=list(keys), entry__action=Action.CHANGE)
    found: dict[int, list[Told]] = defaultdict(list)
    told = rows.filter(not_undone(), field__in=wanted).order_by("entry_id", "pk")
    names = ("entry_id", "entry__key", "entry__change", "entry__door", "field", "text")
    for seq, key, change, door, field, text in told.values_list(*names):
        if seq > since.get(key, 0):
            edit = units.undoing(change) if door == UNDO_DOOR else str(change)
            found[key].append((edit, field, *read(text)))
    return found


def continued(
    model: type[Record], identity: Identity, own: Found, told: list[Told], now: dict[str, Any], named: "Names"
) -> Found:
    """The units that were edited, each with its edits after what was stored of it."""
    first: dict[str, Any] = {}
    edits: dict[str, list[str]] = {}
    for change, field, old, new in told:
        unit = units.by_field(model)[field]
        if unit == units.STATE and units.state_of(old, "", "") == units.state_of(new, "", "") and field == "status":
            continue  # how far a draft has come does not travel
        first.setdefault(field, named.value(field, old))
        edits.setdefault(unit, []).append(change)
    found = {}
    for unit, changes in edits.items():
        begun = own.get(unit)
        if begun is None:
            begun = begun_as(identity, unit, beginning(model, unit, now, first))
        found[unit] = Pedigree(changes[-1], begun.seen | set(changes))
    return found


def begun_as(identity: Identity, unit: str, values: list[Any]) -> Pedigree:
    """The pedigree of a first value; whoever loaded an event as it was published had seen a draft of it."""
    if unit == units.STATE:
        return came_by(identity, values)
    edit = units.first_edit(identity, unit, values)
    return Pedigree(edit, frozenset([edit]))


def beginning(model: type[Record], unit: str, now: dict[str, Any], first: dict[str, Any]) -> list[Any]:
    """The values that a unit had before it was edited."""
    if unit == units.STATE:
        return units.state_of(*({**now, **first}.get(name) for name in units.STATE_COLUMNS))
    return [first.get(name, now.get(name)) for name in units.of(model)[unit]]


class Names:
    """The natural keys of the records that the history calls by their keys."""

    def __init__(self, model: type[Record], told: Mapping[int, list[Told]]) -> None:
        into = {"merged_into": model} if "merged_into" in columns(model) else {}
        self.models = dict(contents.references(model)) | into
        wanted: dict[type[Record], set[int]] = defaultdict(set)
        for rows in told.values():
            for _change, field, old, _new in rows:
                if field in self.models and isinstance(old, int):
                    wanted[self.models[field]].add(old)
        self.known = {other: named(other, keys) for other, keys in wanted.items()}

    def value(self, field: str, value: Any) -> Any:
        """The value as it travels."""
        if field not in self.models or not isinstance(value, int):
            return value if isinstance(value, str | int | float | bool | list | dict | None) else None
        name = self.known[self.models[field]].get(value, str(value))
        return name if field == "merged_into" else [name]


def columns(model: type[Record]) -> set[str]:
    """Names of the columns of which the pedigree tells."""
    return set(units.by_field(model))


def named(model: type[Record], keys: Iterable[int]) -> dict[int, str]:
    """The natural keys of these records, those of deleted ones out of the history."""
    found = names_of(model, keys)
    if gone := set(keys) - set(found):
        found |= {key: name for key, name, _seq in deleted(model) if key in gone}
    return found


# What is gone


def deleted(model: type[Record]) -> Iterator[tuple[int, str, int]]:
    """Each record that was deleted, however it came back: key, identity, and the entry that says so."""
    rows = Value.objects.filter(
        entry__model=label_of(model), entry__action=Action.DELETE, field=contents.key_field(model)
    )
    rows = rows.exclude(entry__door=UNDO_DOOR).order_by("entry_id")
    for key, text, seq in rows.values_list("entry__key", "text", "entry_id"):
        name = read(text)[0]
        if isinstance(name, str):
            yield key, name, seq


def gone(model: type[Record], names: Container[str]) -> dict[Identity, Pedigree]:
    """Those of these that were deleted and are not there again, each with all edits that its deletion had seen."""
    found = {name: (key, seq) for key, name, seq in deleted(model) if name in names}
    label = label_of(model)
    told = {name: pedigree for name, pedigree in heard_of(model) if name in names}
    there = set(contents_there(model, {*found, *told}))
    farewells = {name: farewell(model, (label, name), *way) for name, way in found.items() if name not in there}
    return {(label, name): farewells.get(name) or told[name] for name in sorted({*found, *told} - there)}


def heard_of(model: type[Record]) -> Iterator[tuple[str, Pedigree]]:
    """Records that were deleted elsewhere before they ever came here."""
    rows = standing(model).filter(outcome=GONE).order_by("pk")
    for name, held in rows.values_list("identity", "pedigree"):
        if units.THERE in (held or {}):
            yield name, unpacked(held or {})[units.THERE]


def retracted_before(model: type[Record], names: Iterable[str]) -> set[str]:
    """Those of these events that were retracted elsewhere before they ever came here."""
    rows = Arrived.objects.filter(model=label_of(model), outcome=HEARD, arrival__undone_at=None).order_by()
    return set(rows.filter(identity__in=list(names)).values_list("identity", flat=True))


def contents_there(model: type[Record], identities: Iterable[str], among: QuerySet[Any] | None = None) -> Iterator[str]:
    """Those of these identities that are there, or among these records."""
    field = contents.key_field(model)
    for some in chunks(identities):
        rows = (model._default_manager if among is None else among).filter(**{f"{field}__in": some}).order_by()
        yield from (str(name) for name in rows.values_list(field, flat=True))


def farewell(model: type[Record], identity: Identity, key: int, seq: int) -> Pedigree:
    """The pedigree of a deletion: the change that made it, or what was decided since, and every edit before."""
    change = str(Entry.objects.values_list("change", flat=True).get(seq=seq))
    last = {
        field: read(text)[0]
        for field, text in Value.objects.filter(entry_id=seq).values_list("field", "text")
        if field in columns(model)
    }
    stored = base(model, [identity[1]]).get(identity[1], (0, {}))
    if stored[0] >= seq and units.THERE in stored[1]:
        change = stored[1][units.THERE].edit
    told = history(model, [key], {key: stored[0]})
    last_told = [(change, field, value, None) for field, value in last.items()]
    names = Names(model, {key: [*told.get(key, []), *last_told]})
    own = dict(stored[1])
    now = {field: names.value(field, value) for field, value in last.items()}
    own |= continued(model, identity, own, told.get(key, []), now, names)
    seen = {units.there(identity), change, *(edit for found in own.values() for edit in found.seen)}
    seen |= {
        units.first_edit(identity, unit, beginning(model, unit, now, {})) for unit in units.of(model) if unit not in own
    }
    return Pedigree(change, frozenset(seen))


# As text


def packed(found: Mapping[str, Pedigree]) -> dict[str, list[Any]]:
    """Pedigrees as JSON holds them."""
    return {unit: [one.edit, sorted(one.seen)] for unit, one in sorted(found.items())}


def unpacked(held: Mapping[str, Any]) -> Found:
    """Pedigrees from what JSON holds."""
    return {unit: Pedigree(edit, frozenset(seen)) for unit, (edit, seen) in held.items()}
