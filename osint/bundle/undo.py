"""Undoing an import as a whole: what it made goes, what it changed is as before; what people touched since stays.

It is a change like any other, with its own entries in the history. What it published is retracted, as it was read.
To others it is as if nothing had come (``edits``): it can be imported again, and nobody is told to delete anything.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from events import workflow
from events.choices import UNPUBLISHED, Standing, Status
from events.models import Citation, Claim, Correction, Event
from osint.base import removal
from osint.base.among import Among
from osint.base.chunks import chunks
from osint.base.errors import sentence_of
from osint.base.record import Record
from osint.bundle.arrivals import UNDO_DOOR, Arrival
from osint.bundle.contents import MODELS, key_field
from osint.bundle.landing import left_out
from osint.bundle.ordering import PLACE
from osint.bundle.units import STATE_COLUMNS
from osint.history import recording, remaking
from osint.history.models import Action, Entry
from osint.history.past import REDACTED
from osint.history.recording import rows_of
from osint.history.steps import Key, Step, done

UNDOES = "bundle.undo_arrival"
TOGETHER = 200
LEFT_ALONE = {"version", "changed_at", "created_at", "created_by", "published_at", "is_sent_back", *STATE_COLUMNS}


@dataclass
class Undone:
    """What was taken back, and what stays, in sentences."""

    taken_back: int = 0
    kept: list[str] = field(default_factory=list)


def undo(arrival: Arrival, by: Any, why: str) -> Undone:
    """Take back what came with a file; raises where it was done already, or without a reason."""
    if by is not None and not by.has_perm(UNDOES):
        raise PermissionDenied(_("You may not undo an import."))
    if not why.strip():
        raise ValidationError({"why": _("Say why the import is undone.")})
    reason = _("Undoes the import of %(file)s: %(why)s") % {"file": arrival, "why": why.strip()}
    with transaction.atomic():
        # Two at once: the second finds it undone.
        locked = Arrival.objects.select_for_update(of=("self",)).get(pk=arrival.pk)
        if locked.undone_at is not None:
            raise ValidationError(_("This import was undone already."))
        with recording.through(UNDO_DOOR), recording.change(by, reason):
            undone = Undoing(locked, by, reason).run()
        locked.undone_at, locked.undone_by, locked.undone_why = timezone.now(), by, why.strip()
        locked.save(update_fields=["undone_at", "undone_by", "undone_why"])
    return undone


class Undoing:
    """An import that is being undone."""

    def __init__(self, arrival: Arrival, by: Any, reason: str) -> None:
        self.arrival, self.by, self.reason = arrival, by, reason
        self.undone = Undone()
        # What was made needs no more than its key.
        self.did = done(arrival.change, by, but_values_of=Action.CREATE)

    def run(self) -> Undone:
        """Take back moves, then changes, then what is new; bring back what went."""
        self.take_back_moves()
        for key, did in self.did.items():
            if did.action == Action.CHANGE:
                self.attempt(key, self.set_back, did)
        recording.keep_so_far()
        for batch in self.batches():
            self.take_away(batch)
            recording.keep_so_far()
        gone = [(key, did) for key, did in self.did.items() if did.action == Action.DELETE]
        for key, did in sorted(gone, key=lambda one: PLACE.get(one[0][0], 0)):
            self.attempt(key, self.bring_back, did)
        return self.undone

    def attempt(self, key: Key, action: Any, did: Any) -> None:
        """Undo what was done to one record, or leave it and say why."""
        try:
            with transaction.atomic():
                self.undone.taken_back += action(key, did)
        except ValidationError as error:
            self.keep(key, sentence_of(error))

    def keep(self, key: Key, sentence: str) -> None:
        """Say that a record stays."""
        model, pk = key
        row = rows_of(model).filter(pk=pk).values_list(key_field(model), flat=True).first()
        self.undone.kept.append(f"{model._meta.verbose_name} {row or pk}: {sentence}")

    # Moves

    def take_back_moves(self) -> None:
        """What the import published is retracted; what it retracted, merged or took apart is as it was before."""
        states = {}
        for (model, pk), did in self.did.items():
            if model is Event and "status" in did.sides:
                event = Event.objects.filter(pk=pk).first()
                if event is None or event.status != did.sides["status"][1]:
                    continue
                if became := self.before(event, did):
                    states[pk] = became
        for pk, error in workflow.become(states).items():
            self.keep((Event, pk), sentence_of(error))

    def before(self, event: Event, did: Step) -> workflow.Became | None:
        """What becomes of an event that the import moved; nothing where it was a draft throughout."""
        old = did.sides["status"][0] if did.action == Action.CHANGE else None
        if old is None or old in UNPUBLISHED:
            if event.published_at and event.status != Status.RETRACTED:
                return workflow.Became(Status.RETRACTED, self.reason)
            return workflow.Became(Status.DRAFT) if event.status == Status.MERGED else None
        told = {name: did.sides.get(name, ("", ""))[0] for name in STATE_COLUMNS}
        return workflow.Became(str(old), told["retraction_reason"] or "", told["merged_into"] or None, True)

    # Changes

    def set_back(self, key: Key, did: Step) -> int:
        """Give each field what it held before, where it still holds what the import gave it."""
        model, pk = key
        record = model._default_manager.filter(pk=pk).first()
        sides = {name: side for name, side in did.sides.items() if name not in LEFT_ALONE}
        if not sides or record is None or model is Correction:
            return 0
        now = recording.state_of(record)
        same = {name: old for name, (old, new) in sides.items() if now[name] == new and old is not REDACTED}
        if lost := sorted(set(sides) - set(same)):
            self.keep(key, _("changed since, and stays: %(fields)s.") % {"fields": ", ".join(lost)})
        if not same:
            return 0
        with self.settled(did.whole):
            remaking.set_back(record, same)
        return 1

    @contextmanager
    def settled(self, root: Key) -> Iterator[None]:
        """What is done to an event within this block is checked afterwards; one that was published has a correction."""
        keys = [root[1]] if root[0] is Event and Event.objects.filter(pk=root[1]).exists() else []
        before = workflow.remember_published(keys)
        yield
        for error in workflow.settle_arrived(keys, before, self.by, self.reason, ()).values():
            raise error

    def bring_back(self, key: Key, did: Step) -> int:
        """Make again what the import deleted, under its own key."""
        model, pk = key
        if rows_of(model).filter(pk=pk).exists():
            return 0
        state = {name: old for name, (old, _new) in did.sides.items()}
        remaking.make_again(model, pk, state, left_out(model))
        return 1

    # What is new

    def batches(self) -> Iterator[dict[Key, list[Key]]]:
        """What the import made, some wholes at a time with their parts: what rests on others comes before these."""
        wholes: dict[Key, list[Key]] = defaultdict(list)
        for key, did in self.did.items():
            if did.action == Action.CREATE:
                wholes[did.whole if did.whole[0] in PLACE else key].append(key)
        order = sorted(wholes, key=lambda root: (PLACE.get(root[0], 0), root[1]), reverse=True)
        for model in reversed(MODELS):
            own = [root for root in order if root[0] is model]
            for some in chunks(own, TOGETHER):
                yield {root: wholes[root] for root in some}

    def take_away(self, wholes: dict[Key, list[Key]]) -> None:
        """Delete these records in sets, but for wholes that somebody has touched, or that something else rests on."""
        for root, sentence in self.staying(wholes).items():
            self.keep(root, sentence)
            del wholes[root]
        others = [root for root in wholes if root[0] is Event and not self.is_own(root)]
        out = set(self.published([root[1] for root in others]))
        for root in others:
            if root[1] in out:
                self.attempt(root, self.take_from_published, wholes.pop(root))
            elif is_corrected(wholes[root]):
                self.attempt(root, self.take_from_draft, wholes.pop(root))
        self.undone.taken_back += delete(by_kind(part for parts in wholes.values() for part in parts))

    def is_own(self, root: Key) -> bool:
        """Whether the import has made the event, or has published it."""
        did = self.did.get(root)
        return did is not None and (did.action == Action.CREATE or did.sides.get("status", ("",))[0] in UNPUBLISHED)

    def take_from_draft(self, key: Key, parts: list[Key]) -> int:
        """Delete what the import added to what was there before, if that stands without it; corrections stay."""
        with self.settled(key):
            return delete(but_corrections(parts))

    def take_from_published(self, key: Key, parts: list[Key]) -> int:
        """The same of what was published before: its evidence stays, too, and its claims are set aside."""
        added = but_corrections(parts)
        with self.settled(key):
            cited, claims = added.pop(Citation, []), added.pop(Claim, [])
            for claim in Claim.objects.filter(Among("pk", claims)).exclude(standing=Standing.SET_ASIDE):
                remaking.set_back(claim, {"standing": Standing.SET_ASIDE, "standing_reason": self.reason})
            taken = delete(added) + len(claims)
        if cited or claims:
            self.keep(key, _("it was published, so what the import cites stays; its claims are set aside."))
        return taken

    def staying(self, wholes: dict[Key, list[Key]]) -> dict[Key, str]:
        """The wholes that stay, each with the reason."""
        found = {root: _("somebody has changed it since.") for root in self.touched(wholes)}
        found |= {
            (Event, pk): _("it was published, so it stays and is retracted.")
            for pk in self.published([root[1] for root in wholes if root[0] is Event and self.is_own(root)])
        }
        found |= {
            root: _("it has corrections, which are part of the record.")
            for root, parts in wholes.items()
            if root not in found and self.is_own(root) and is_corrected(parts)
        }
        while True:
            going = {key: root for root, parts in wholes.items() if root not in found for key in parts}
            held = {going[key] for key in removal.resting_on(by_kind(going))} - set(found)
            if not held:
                return found
            found |= {root: _("something else rests on it by now.") for root in held}

    def touched(self, wholes: Iterable[Key]) -> set[Key]:
        """Wholes of which the history tells something after the import that is not its undoing."""
        current = recording.CURRENT.get()
        assert current is not None  # noqa: S101 - called within a change
        found = set()
        for model, keys in by_kind(wholes).items():
            since = Entry.objects.filter(root_model=model._meta.label_lower, root_key__in=keys)
            since = since.filter(seq__gt=self.arrival.upto).exclude(change=current.uuid)
            found |= {(model, pk) for pk in since.order_by().values_list("root_key", flat=True)}
        return found

    def published(self, keys: list[int]) -> list[int]:
        """Those of these events that were published."""
        rows = Event.objects.filter(pk__in=keys, published_at__isnull=False).order_by()
        return list(rows.values_list("pk", flat=True))


def is_corrected(parts: Iterable[Key]) -> bool:
    """Whether there is a correction among these records."""
    return any(model is Correction for model, _pk in parts)


def but_corrections(parts: Iterable[Key]) -> dict[type[Record], list[int]]:
    """These records of each kind, but for corrections, which are part of the record."""
    return by_kind(part for part in parts if part[0] is not Correction)


def by_kind(records: Iterable[Key]) -> dict[type[Record], list[int]]:
    """The keys of these records of each kind."""
    found: dict[type[Record], list[int]] = defaultdict(list)
    for model, pk in records:
        found[model].append(pk)
    return found


def delete(doomed: removal.Keys) -> int:
    """Delete these records and say how many there were."""
    removal.delete(doomed)
    return sum(map(len, doomed.values()))
