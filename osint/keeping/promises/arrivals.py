"""Promises on what came in from outside: it landed as a draft, and went over no correction of a person unseen."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from events.choices import UNPUBLISHED, Status
from events.models import Event
from osint.base.chunks import chunks
from osint.base.record import Record
from osint.bundle import units
from osint.bundle.arrivals import IMPORT_DOOR, UNDO_DOOR, Arrival, Arrived
from osint.bundle.contents import BY_LABEL, key_field
from osint.bundle.models import Extent, Trust
from osint.bundle.values import names_of
from osint.history import chain
from osint.history.models import Action, Value
from osint.history.past import read
from osint.keeping.promises.registry import Found, address_of, promise

CHUNK = 500
PUBLISHED = [chain.canonical({"from": before, "to": Status.PUBLISHED}) for before in (None, *UNPUBLISHED)]


class Edit(NamedTuple):
    """One value that a change gave to a record, in the order in which others read it."""

    seq: int
    key: int
    unit: str
    change: str
    door: str


@promise(10)
def what_comes_in_lands_as_a_draft() -> Found:
    """No import has published an event, but those signed with a key that was trusted to publish when it came."""
    decided = Trust.objects.filter(key__fingerprint=OuterRef("key"), at__lte=OuterRef("at")).order_by("-pk")
    signed = Arrival.objects.alias(extent=Subquery(decided.values("extent")[:1])).filter(extent=Extent.PUBLISH)
    told = Value.objects.filter(entry__door=IMPORT_DOOR, entry__model=Event._meta.label_lower, field="status")
    found = told.filter(text__in=PUBLISHED).exclude(entry__change__in=signed.values("change")).order_by("entry_id")
    for seq, key in found.values_list("entry_id", "entry__key").iterator(chunk_size=CHUNK):
        sentence = _("Entry %(seq)d published what came in, and no key that may publish had signed it.")
        yield address_of(Event, key), sentence % {"seq": seq}


@promise(10)
def no_import_goes_over_a_correction() -> Found:
    """What a person had changed was changed by an import only where its file knew of that, or where a person chose."""
    for label, model in BY_LABEL.items():
        written = edits(model).filter(entry__door=IMPORT_DOOR)
        for some in chunks(told(model, written), CHUNK):
            for edit, before in over_people(model, some):
                said = {"seq": edit.seq, "field": edit.unit, "model": label, "key": edit.key, "before": before.seq}
                sentence = _("Entry %(seq)d: an import wrote “%(field)s” over entry %(before)d, and had not seen it.")
                yield address_of(model, edit.key), sentence % said


def edits(model: type[Record]) -> Any:
    """The values that changes have given to records of this model, as far as they travel; how far an event is apart."""
    fields = [field for field, unit in units.by_field(model).items() if unit != units.STATE]
    changes = Value.objects.filter(entry__model=units.label_of(model), entry__action=Action.CHANGE, field__in=fields)
    return changes.exclude(entry__door=UNDO_DOOR).order_by("entry_id", "pk")


def told(model: type[Record], rows: Any) -> Iterator[Edit]:
    """These values as edits of units."""
    names = ("entry_id", "entry__key", "field", "entry__change", "entry__door")
    by_field = units.by_field(model)
    for seq, key, field, change, door in rows.values_list(*names).iterator(chunk_size=CHUNK):
        yield Edit(seq, key, by_field[field], str(change), door)


def over_people(model: type[Record], written: list[Edit]) -> Iterator[tuple[Edit, Edit]]:
    """What imports have written over an edit of a person that its file had not seen: both edits."""
    wanted = {(edit.key, edit.unit) for edit in written}
    before: dict[tuple[int, str], list[Edit]] = {}
    earlier = edits(model).filter(entry__key__in={key for key, _unit in wanted}, entry_id__lt=written[-1].seq)
    for edit in told(model, earlier):
        if (edit.key, edit.unit) in wanted:
            before.setdefault((edit.key, edit.unit), []).append(edit)
    pairs = [(edit, last_before(edit, before.get((edit.key, edit.unit), ()))) for edit in written]
    theirs = [(edit, last) for edit, last in pairs if last is not None and last.door != IMPORT_DOOR]
    seen = seen_by_files(model, [edit for edit, _last in theirs])
    yield from ((edit, last) for edit, last in theirs if last.change not in seen.get((edit.change, edit.key), ()))


def last_before(edit: Edit, told: Iterable[Edit]) -> Edit | None:
    """What gave the unit the value that this edit has found."""
    earlier = [one for one in told if one.seq < edit.seq and one.change != edit.change]
    return earlier[-1] if earlier else None


def seen_by_files(model: type[Record], written: list[Edit]) -> dict[tuple[str, int], set[str]]:
    """For each import and record the edits that its file had seen, or that a person had before her when she chose."""
    names = identities(model, {edit.key for edit in written})
    rows = Arrived.objects.filter(
        model=units.label_of(model), identity__in=names, arrival__change__in={edit.change for edit in written}
    )
    found: dict[tuple[str, int], set[str]] = {}
    for identity, change, pedigree in rows.values_list("identity", "arrival__change", "pedigree"):
        seen = {one for _edit, many in (pedigree or {}).values() for one in many}
        found.setdefault((str(change), names[identity]), set()).update(seen)
    return found


def identities(model: type[Record], keys: set[int]) -> dict[str, int]:
    """By what these records are or were known to others."""
    found = {name: key for key, name in names_of(model, keys).items()}
    former = Value.objects.filter(entry__model=units.label_of(model), entry__key__in=keys, field=key_field(model))
    for key, text in former.exclude(text="").values_list("entry__key", "text"):
        found |= {name: key for name in read(text) if isinstance(name, str)}
    return found
