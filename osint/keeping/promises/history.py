"""Promises on the past: the chain holds, the records are as it says, and nothing that was published has gone."""

import json
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.apps import apps
from django.db.models import Exists, OuterRef, Subquery
from django.utils.translation import gettext as _

from events.choices import Status
from events.models import Correction, Count, Event, Involvement, Placement
from osint.bundle.contents import FIELDS
from osint.history import verify
from osint.history.chain import WHY, canonical
from osint.history.models import Action, Entry, Value
from osint.history.past import read
from osint.keeping.promises.registry import Found, address_of, promise

CHUNK = 5_000
NOTHING = '{"from":null,'
EVENT = Event._meta.label_lower
HOLDERS = (Event, Placement, Involvement, Count)
HOLDING = [model._meta.label_lower for model in HOLDERS]
# What is held: the columns of which a correction tells (``workflow.snapshot``).
HELD = sorted({name for model in HOLDERS for name in FIELDS[model]} - {"event", "position"})


@promise(7)
def history_is_as_it_was_written() -> Found:
    """Every entry follows from the one before, and the records are as the entries say."""
    for fault in verify.faults():
        yield entry_address(fault.seq), str(fault)


def entry_address(seq: int | None) -> str:
    """Where the record is put right of which an entry tells."""
    entry = Entry.objects.filter(pk=seq).only("model", "key").first() if seq else None
    if entry is None:
        return ""
    try:
        return address_of(apps.get_model(entry.model), entry.key)
    except (LookupError, ValueError):
        return f"{entry.model} {entry.key}"


@promise(6)
def nothing_published_was_deleted() -> Found:
    """No event that was published has gone, and no correction."""
    gone = Entry.objects.filter(action=Action.DELETE)
    published = Value.objects.filter(entry__in=gone.filter(model=Event._meta.label_lower), field="published_at")
    for value in published.exclude(text__startswith=NOTHING).exclude(text="").select_related("entry").order_by("entry"):
        yield (
            f"{value.entry.model} {value.entry.key}",
            _("Entry %(seq)d deleted an event that was published.") % {"seq": value.entry_id},
        )
    for entry in gone.filter(model=Correction._meta.label_lower).order_by("seq"):
        yield f"{entry.model} {entry.key}", _("Entry %(seq)d deleted a correction.") % {"seq": entry.seq}


@promise(8)
def versions_are_counted_one_by_one() -> Found:
    """Each change of a record made the next version of it: nobody's was written over another's."""
    told = Value.objects.filter(field="version", entry__action=Action.CHANGE).exclude(text="").order_by("entry")
    for seq, text in told.values_list("entry", "text").iterator(chunk_size=CHUNK):
        version = json.loads(text)
        if version["to"] != version["from"] + 1:
            said = {"seq": seq, "from": version["from"], "to": version["to"]}
            yield entry_address(seq), _("Entry %(seq)d counts from version %(from)s to %(to)s.") % said


@promise(7)
def corrections_say_why() -> Found:
    """Every correction of what was published has its reason."""
    for key, event in Correction.objects.filter(reason__regex=r"^\s*$").values_list("pk", "event"):
        yield address_of(Event, event), _("Correction %(key)d gives no reason.") % {"key": key}


@promise(7)
def changes_after_publication_say_why() -> Found:
    """What a published event held was changed with a reason."""
    told = Value.objects.filter(entry=OuterRef("pk"))
    moves = Value.objects.filter(field="status", entry__model=EVENT, entry__key=OuterRef("root_key"))
    earlier = moves.filter(entry_id__lt=OuterRef("seq")).exclude(entry__change=OuterRef("change")).order_by("-entry_id")
    bare: Any = Entry.objects.filter(Exists(told.filter(field__in=HELD)), ~Exists(told.filter(field=WHY)))
    bare = bare.filter(root_model=EVENT, model__in=HOLDING).alias(status=Subquery(earlier.values("text")[:1]))
    published = bare.filter(status__endswith=canonical({"to": Status.PUBLISHED})[1:]).order_by("seq")
    found = published.values_list("change", "root_key", "seq").iterator(chunk_size=CHUNK)
    for (_change, key), entries in groupby(found, key=itemgetter(0, 1)):
        numbers = [seq for _change, _key, seq in entries]
        if has_changed(numbers):
            said = _("Entry %(seq)d changes what was published, and gives no reason.") % {"seq": numbers[0]}
            yield address_of(Event, key), said


def has_changed(entries: list[int]) -> bool:
    """Whether an event holds something else after these entries: a row that went and came again is the same."""
    went: dict[int, list[Any]] = {}
    came: dict[int, list[Any]] = {}
    rows = Value.objects.filter(entry__in=entries, field__in=HELD).order_by("entry", "field")
    for seq, model, field, text in rows.values_list("entry_id", "entry__model", "field", "text"):
        old, new = read(text)
        for side, value in ((went, old), (came, new)):
            if value not in {None, ""}:
                side.setdefault(seq, []).append((model, field, value))
    return sorted(map(str, went.values())) != sorted(map(str, came.values()))
