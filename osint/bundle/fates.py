"""What became of records: events that were published, retracted or merged, and whatever was deleted."""

import json
from collections.abc import Container, Iterator, Mapping
from typing import Any

from django.db.models import Q

from events.choices import Status
from events.models import Event
from osint.base.record import Record
from osint.bundle import edits, writing
from osint.bundle.arrivals import UNDO_DOOR
from osint.bundle.contents import BY_LABEL, MODELS, key_field
from osint.bundle.entries import Fate
from osint.bundle.leaving import Leaving
from osint.bundle.plans import Outcome
from osint.history.models import Action, Entry, Value
from sources import marks
from sources.models import Report

DELETED = "deleted"
STATES = (Status.PUBLISHED, Status.RETRACTED, Status.MERGED)
PIECE = 500
Gone = dict[tuple[type[Record], int], dict[str, Any]]


def written(fate: Fate) -> bytes:
    """A fate as ``states.json`` has it, on a line of its own."""
    told: dict[str, Any] = {"model": fate.model._meta.label_lower, "key": list(fate.key), "state": fate.state}
    if fate.state == Status.MERGED:
        told |= {"into": list(fate.into or ()), "was_published": fate.was_published}
    if fate.reason:
        told["reason"] = fate.reason
    return writing.value(told)


def leaving_fates(leaving: Leaving, since: int = 0) -> Iterator[Fate]:
    """What became of the events that leave, and what was deleted after this entry of the history."""
    yield from of_events(leaving)
    gone = {(MODELS.index(fate.model), fate.key): fate for fate in of_deleted(leaving, since)}
    gone |= {(MODELS.index(fate.model), fate.key): fate for fate in of_heard(leaving, since, set(gone))}
    yield from (gone[place] for place in sorted(gone))


def of_events(leaving: Leaving) -> Iterator[Fate]:
    """Events that leave; and, as a query for what is published finds it no more, all that was retracted."""
    picked = leaving.picked.keys(Event)
    events = leaving.visible_events().filter(Q(pk__in=picked) | Q(status=Status.RETRACTED), status__in=STATES)
    names = ("uuid", "status", "retraction_reason", "merged_into__uuid", "published_at")
    for uuid, status, reason, into, published in events.order_by("uuid").values_list(*names).iterator():
        yield Fate(Event, (str(uuid),), status, published is not None, reason, (str(into),) if into else None, "")


def of_deleted(leaving: Leaving, since: int) -> Iterator[Fate]:
    """What was deleted and is not there again, as far as the recipient could have seen it."""
    gone = deleted(since)
    for (model, _key), state in gone.items():
        key = state.get(key_field(model))
        if not isinstance(key, str) or not could_see(leaving, model, state, gone):
            continue
        if not model._default_manager.filter(**{key_field(model): key}).exists():
            yield Fate(model, (key,), DELETED, False, "", None, "")


def of_heard(leaving: Leaving, since: int, told: Container[tuple[int, tuple[str, ...]]]) -> Iterator[Fate]:
    """What was said to be gone before it ever came here; and what goes by another name, where that is told of."""
    for place, model in enumerate(MODELS):
        rows = edits.standing(model).filter(outcome=edits.GONE, arrival__upto__gte=since).order_by()
        heard = dict(rows.values_list("identity", "same_as"))
        there = set(edits.contents_there(model, heard))
        leaves = set(edits.contents_there(model, filter(None, heard.values()), leaving.rows(model)))
        for name, same_as in heard.items():
            # How what never came here was marked, nobody knows.
            is_told = leaving.cut.mark == marks.ORDER[-1] or same_as in leaves or (place, (same_as,)) in told
            if name not in there and is_told:
                yield Fate(model, (name,), DELETED, False, "", None, "")


def deleted(since: int) -> Gone:
    """Every record that travels and was deleted, or was decided to stay so, after this entry, as it was."""
    after = Q(seq__gt=since) | Q(seq__in=list(decided_since(since)))
    entries = Entry.objects.filter(after, action=Action.DELETE, model__in=BY_LABEL).order_by()
    entries = entries.exclude(door=UNDO_DOOR)  # as if it had never come
    found: Gone = {(BY_LABEL[model], key): {} for model, key in entries.values_list("model", "key")}
    values = Value.objects.filter(entry__in=entries.values("pk"))
    for model, key, field, text in values.values_list("entry__model", "entry__key", "field", "text").iterator():
        if text and not field.startswith("@"):  # that is said of the whole change
            found[BY_LABEL[model], key][field] = json.loads(text)["from"]
    return found


def decided_since(since: int) -> Iterator[int]:
    """The entries of deletions, made up to this one, that somebody has decided to leave as they are after it."""
    for model in MODELS if since else ():
        # Such an import may have no entry of its own: it stands at the one after which the earlier bundle was cut.
        kept = edits.standing(model).filter(outcome=Outcome.MINE, arrival__upto__gte=since).order_by()
        if names := set(kept.values_list("identity", flat=True)):
            yield from (seq for _key, name, seq in edits.deleted(model) if name in names and seq <= since)


def could_see(leaving: Leaving, model: Any, state: Mapping[str, Any], gone: Gone) -> bool:
    """Whether the recipient may be told of a record that was so: by its own mark, and by those of what it was of."""
    if not state:
        return False
    if "tlp" in state and state["tlp"] not in marks.seen_by(leaving.cut.recipient):
        return False
    for name in ("event", "report", "relayed_report", "citation"):
        if name in state and state[name] is not None:
            owner = model._meta.get_field(name).related_model
            if not is_told(leaving, owner, int(state[name]), gone):
                return False
    return True


def is_told(leaving: Leaving, owner: Any, key: int, gone: Gone) -> bool:
    """Whether the recipient may be told of the record with this key, which is there or was."""
    if (owner, key) in gone:
        return could_see(leaving, owner, gone[owner, key], gone)
    seen = {Event: leaving.visible_events, Report: leaving.visible_reports}
    rows = seen[owner]() if owner in seen else leaving.rows(owner)
    return bool(rows.filter(pk=key).exists())
