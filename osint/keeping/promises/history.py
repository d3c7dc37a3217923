"""Promises on the past: the chain holds, the records are as it says, and nothing that was published has gone."""

import json

from django.apps import apps
from django.utils.translation import gettext as _

from events.models import Correction, Event
from osint.history import verify
from osint.history.models import Action, Entry, Value
from osint.keeping.promises.registry import Found, address_of, promise

CHUNK = 5_000
NOTHING = '{"from":null,'


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
