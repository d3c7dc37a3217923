"""The records of a bundle, each checked by itself: its model and fields, its types, and that it comes once."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from django.utils.translation import gettext as _

from events.models import Event
from osint.base.record import Record
from osint.base.text import shown
from osint.bundle import contents, kinds, manifest, units
from osint.bundle.arriving import Identity, Pedigree, identity
from osint.bundle.entries import Entry, Fate, Refusal
from osint.bundle.fates import DELETED, STATES
from osint.bundle.manifest import FIXTURE

MOST_EDITS = 10_000  # of one value
LONGEST_REASON = 5_000
RECORD = frozenset({"model", "fields"})


def checked(told: Iterable[tuple[Any, str]], counts: Mapping[str, int]) -> Iterator[Entry]:
    """The records, each as it has to be, none twice, and as many as the manifest says."""
    found: Counter[str] = Counter()
    seen: set[int] = set()
    place = 0
    for record, where in told:
        entry = entry_of(record, where)
        label = entry.model._meta.label_lower
        found[label] += 1
        if found[label] > counts.get(label, 0):
            raise Refusal(miscounted(label, counts, where))
        if contents.PLACES[entry.model] < place:
            raise Refusal(_("%(where)s: %(model)s comes too late in the list.") % {"where": where, "model": label})
        place = contents.PLACES[entry.model]
        check_first(seen, entry.model, entry.key, where)
        yield entry
    for label, number in counts.items():
        if found[label] != number:
            raise Refusal(miscounted(label, counts, FIXTURE))


def miscounted(label: str, counts: Mapping[str, int], where: str) -> str:
    """What is said where there are more or fewer than the manifest says."""
    return _("%(where)s: the manifest says that there are %(number)d of %(model)s, and there are not.") % {
        "where": where,
        "number": counts.get(label, 0),
        "model": label,
    }


def check_first(seen: set[int], model: type[Record], key: tuple[str, ...], where: str) -> None:
    """Refuse a record that came already; of each only a number is kept."""
    number = hash((model, key))
    if number in seen:
        raise Refusal(_("%(where)s: “%(key)s” stands there twice.") % {"where": where, "key": " ".join(key)})
    seen.add(number)


def model_of(label: Any, where: str) -> type[Record]:
    """The model of this name, if it is one that travels."""
    model = contents.BY_LABEL.get(label) if isinstance(label, str) else None
    if model is None:
        raise Refusal(
            _("%(where)s: “%(model)s” is nothing that a bundle brings. It brings: %(known)s.")
            % {"where": where, "model": shown(str(label)), "known": ", ".join(contents.BY_LABEL)}
        )
    return model


def entry_of(told: Mapping[str, Any], where: str) -> Entry:
    """The record, each of whose values is of its column's type."""
    model = model_of(told.get("model"), where)
    manifest.check_names(told, RECORD, where)
    fields = told["fields"]
    if not isinstance(fields, dict):
        raise Refusal(_("%(where)s: the fields are no fields.") % {"where": where})
    name = contents.key_field(model)
    manifest.check_names(fields, named(model), where, contents.may_lack(model))
    key = key_of_record(model, [fields.pop(name)], where)
    for field, check in kinds.checks(model).items():
        if field in fields and (sentence := check(fields[field])):
            raise Refusal(
                _("%(where)s, %(model)s “%(key)s”, %(field)s: %(seen)s is not what stands there; %(wanted)s.")
                % {
                    "where": where,
                    "model": model._meta.label_lower,
                    "key": key[0],
                    "field": field,
                    "seen": kinds.told(fields[field]),
                    "wanted": sentence,
                }
            )
    return Entry(model, key, fields, where)


@cache
def named(model: type[Record]) -> frozenset[str]:
    """The names of all that a record of the model has, its key among them."""
    return frozenset({contents.key_field(model), *contents.FIELDS[model]})


def key_of_record(model: type[Record], told: Any, where: str) -> tuple[str]:
    """The natural key, as a list has it."""
    if not (isinstance(told, list) and len(told) == 1 and kinds.is_key(model, told[0])):
        raise Refusal(
            _("%(where)s: %(seen)s is no key; write as in %(example)s.")
            % {"where": where, "seen": kinds.told(told), "example": kinds.example(model)}
        )
    return (told[0],)


def fate_of(told: Mapping[str, Any], where: str) -> Fate:
    """What became of a record."""
    model = model_of(told.get("model"), where)
    state = told.get("state")
    known = {DELETED, *STATES} if model is Event else {DELETED}
    if not isinstance(state, str) or state not in known:
        raise Refusal(
            _("%(where)s: “%(state)s” is no state of it. Known: %(known)s.")
            % {"where": where, "state": kinds.told(state), "known": ", ".join(sorted(known))}
        )
    merged = {"into", "was_published"} if state == "merged" else set()
    reason = {"reason"} if state in {"merged", "retracted"} else set()
    lacks = frozenset({"reason"}) if state == "merged" else frozenset()
    manifest.check_names(told, {"model", "key", "state"} | merged | reason, where, lacks)
    why, out = told.get("reason", ""), told.get("was_published", state != DELETED)
    if not (isinstance(why, str) and len(why) <= LONGEST_REASON and isinstance(out, bool)):
        raise Refusal(_("%(where)s: the reason is no text, or too long.") % {"where": where})
    into = key_of_record(model, told["into"], where) if merged else None
    return Fate(model, key_of_record(model, told["key"], where), state, out, why, into, where)


def pedigrees_of(told: Mapping[str, Any], where: str) -> tuple[Identity, dict[str, Pedigree]]:
    """The edits of a record's values."""
    model = model_of(told.get("model"), where)
    manifest.check_names(told, {"model", "key", "edits"}, where)
    key, edits = key_of_record(model, told["key"], where), told["edits"]
    known = {*units.of(model), units.THERE, units.STATE}
    if not (isinstance(edits, dict) and set(edits) <= known and all(map(is_pedigree, edits.values()))):
        raise Refusal(_("%(where)s: these are no edits of such a record.") % {"where": where})
    return identity(model, key), {unit: Pedigree(edit, frozenset(seen)) for unit, (edit, seen) in edits.items()}


def is_pedigree(told: Any) -> bool:
    """Whether this is an edit with those that it had seen."""
    if not (isinstance(told, list) and len(told) == 2 and isinstance(told[1], list) and len(told[1]) <= MOST_EDITS):
        return False
    return all(isinstance(edit, str) and 0 < len(edit) <= 40 for edit in (told[0], *told[1]))
