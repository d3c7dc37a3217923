"""The history as people read it: change by change, who did what, when, why and by which door, from what to what.

Nothing here asks for one entry at a time: the number of queries does not depend on how many are read.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from osint.history import chain, past
from osint.history.models import Action, Entry, EntryQuerySet
from osint.history.naming import Names, Wanted, bygone, last_states, named, related
from osint.history.recording import VERSION, recorded_models, rows_of
from osint.history.veils import veiled
from osint.history.wording import Piece, difference, in_words, moment

# Who, when and which version is said of the change as a whole.
SAID_ELSEWHERE = {VERSION, "created_at", "changed_at", "created_by"}


@dataclass(frozen=True)
class Changed:
    """One field: what it held before and after, in values and in words, and the difference of long texts."""

    name: str
    label: str
    old: Any
    new: Any
    before: str
    after: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Touched:
    """One record of a change: what was done to it, field by field, where the reader may see it."""

    entry: Entry
    kind: str
    name: str
    fields: tuple[Changed, ...]
    identity: str | None = None
    is_withheld: bool = False

    @property
    def action(self) -> str:
        """What was done, in the reader's language."""
        return str(self.entry.get_action_display())


@dataclass
class Read:
    """One change: everything that was done at once."""

    uuid: UUID
    seq: int
    at: datetime
    by: str
    why: str
    door: str
    request: str
    records: list[Touched] = field(default_factory=list)
    version: int | None = None

    @property
    def when(self) -> str:
        """The moment in UTC."""
        return moment(self.at)


# Which of them


def readable(reader: Any) -> EntryQuerySet:
    """Entries for those who may read the history, without those about what they may not see, now or then."""
    entries = Entry.objects.visible_to(reader).exclude(veiled(reader))
    for model in recorded_models():
        seen = model._default_manager.visible_to(reader)
        if not seen.query.where:
            continue  # open to every reader
        for kind, key in (("model", "key"), ("root_model", "root_key")):
            there = Exists(rows_of(model).filter(pk=OuterRef(key)))
            unseen = there & ~Exists(seen.order_by().filter(pk=OuterRef(key)))
            # The kind first: it is cheaper to compare than to look.
            entries = entries.exclude(Q(**{kind: model._meta.label_lower}) & Q(unseen))
    for model, pk in bygone(reader):
        entries = entries.exclude(root_model=model._meta.label_lower, root_key=pk)
    return entries


def about(record: Any, reader: Any) -> EntryQuerySet:
    """Entries that the reader may read about a record and everything that belongs to it, the newest first."""
    model = type(record)
    entries = readable(reader)
    if not model.belongs_to:
        return entries.about(model._meta.label_lower, record.pk).order_by("-seq")
    condition = Q(model=model._meta.label_lower, key=record.pk)
    for part, relation in parts_of(model):
        keys = past.that_ever_named(part, relation, record.pk)
        condition |= Q(model=part._meta.label_lower, key__in=keys)
    return entries.filter(condition).order_by("-seq")


def parts_of(model: Any) -> Iterator[tuple[Any, str]]:
    """The models whose records belong to one of these, with the relation by which they do."""
    for part in recorded_models():
        relation = part.belongs_to.split("__")[0]
        if relation and part._meta.get_field(relation).related_model is model:
            yield part, relation


# Reading them


def read(entries: Iterable[Entry], reader: Any) -> list[Read]:
    """These entries in words, change by change, in the order in which they come."""
    found, names = with_names(entries, reader)
    changes: dict[UUID, Read] = {}
    for entry in found:
        change = changes.setdefault(entry.change, begun(entry))
        add(change, entry, names)
    return list(changes.values())


def one_by_one(entries: Iterable[Entry], reader: Any) -> list[tuple[Read, Touched]]:
    """These entries in words, each with the circumstances of its change."""
    found, names = with_names(entries, reader)
    return [(begun(entry), touched(entry, names)) for entry in found]


def with_names(entries: Iterable[Entry], reader: Any) -> tuple[list[Entry], Names]:
    """The entries with their values, and what everything is called that they speak of."""
    found = list(entries)
    models.prefetch_related_objects(found, "values")
    names = Names(reader)
    names.look_up(wanted(found))
    return found, names


def wanted(entries: list[Entry]) -> Wanted:
    """Every record that the entries are about or name."""
    found: Wanted = {}
    about: Wanted = {}
    for entry in entries:
        model = apps.get_model(entry.model)
        about.setdefault(model, set()).add(entry.key)
        for value in values_of(entry):
            for side in past.read(value.text):
                for other, key in named(model, {value.field: side}):
                    found.setdefault(other, set()).add(key)
    for model, keys in about.items():
        found.setdefault(model, set()).update(keys)
        for other, more in related(model, last_states(model, keys).values()).items():
            found.setdefault(other, set()).update(more)
    return found


def values_of(entry: Entry) -> Iterator[Any]:
    """The entry's values, without what is said of the whole change."""
    return (value for value in entry.values.all() if not value.field.startswith("@"))


def begun(entry: Entry) -> Read:
    """The change that the entry belongs to, no record told yet."""
    body = json.loads(entry.body)
    by = (body.get("by") or {}).get("username") or ""
    return Read(entry.change, entry.seq, entry.at, by, why_of(entry), entry.door, body.get("request", ""))


def why_of(entry: Entry) -> str:
    """The reason given for the change."""
    text = next((value.text for value in entry.values.all() if value.field == chain.WHY), None)
    if text is None:
        return ""
    return str(json.loads(text)) if text else _("[redacted]")


def add(change: Read, entry: Entry, names: Names) -> None:
    """Tell what the entry says within its change; that the whole has its next version is said once."""
    change.seq = max(change.seq, entry.seq)
    if (entry.model, entry.key) == (entry.root_model, entry.root_key):
        change.version = version_of(entry)
    said = touched(entry, names)
    if said.fields or said.is_withheld or entry.action != Action.CHANGE:
        change.records.append(said)


def touched(entry: Entry, names: Names) -> Touched:
    """What one entry says."""
    model = apps.get_model(entry.model)
    kind = str(model._meta.verbose_name)
    if names.withheld(model, entry.key):
        return Touched(entry, kind, _("(not for you)"), (), is_withheld=True)
    name = names.texts.get(model, {}).get(entry.key, f"#{entry.key}")
    return Touched(entry, kind, name, tuple(told(model, entry, names)), names.identity_of(model, entry.key))


def version_of(entry: Entry) -> int | None:
    """The version that the entry made of its record."""
    text = next((value.text for value in entry.values.all() if value.field == VERSION), "")
    version = past.read(text)[1] if text else None
    return version if isinstance(version, int) else None


def told(model: Any, entry: Entry, names: Names) -> Iterator[Changed]:
    """Field by field what the entry says, in the order of the record; of a new one only what was filled in."""
    texts = {value.field: value.text for value in values_of(entry)}
    whole = str(getattr(model, "belongs_to", "")).split("__")[0]
    for column in model._meta.concrete_fields:
        if column.name not in texts or column.name in SAID_ELSEWHERE:
            continue
        old, new = past.read(texts[column.name])
        if entry.action != Action.CHANGE and is_nothing_new(column, whole, old if new is None else new):
            continue
        before, after = (in_words(column, side, names.of(column)) for side in (old, new))
        label = str(column.verbose_name)
        one, other = (names.identity(column, side) for side in (old, new))
        label = label[:1].upper() + label[1:]
        yield Changed(column.name, label, one, other, before, after, difference(old, new))


def is_nothing_new(column: Any, whole: str, value: Any) -> bool:
    """Whether a new or deleted record says nothing by this value: its identity, its whole, a default."""
    return column.name in {"uuid", whole} or value in (None, "") or value == chain.encoded(column.get_default())
