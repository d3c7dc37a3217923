"""Whether the history is as it was written, and the records are as the history says.

Four questions: does each entry follow from the one before; do its values match their commitments; is a saved head
one of the entries; does replaying everything give the rows that there are. The answers name the first bad entry.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, MutableMapping
from contextlib import closing, suppress
from dataclasses import dataclass
from dataclasses import field as default
from enum import Enum
from hashlib import sha256
from hmac import compare_digest
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from osint.history import chain, recording
from osint.history.models import Action, Entry, Value
from osint.history.ondisk import OnDisk, Record
from osint.history.recording import State

FIELDS = (
    "seq", "prev", "hash", "seal", "body", "at", "by_id", "change", "door", "model", "key", "root_model", "root_key",
    "action",
)  # fmt: skip
CHUNK = 5_000
ROWS = 500  # records that are in memory together, some of which have long texts
Texts = dict[str, tuple[str, str]]  # field → salt, text


class Unknown(Enum):
    """Stands for a value that was redacted."""

    VALUE = "redacted"


UNKNOWN = Unknown.VALUE


@dataclass(frozen=True)
class Fault:
    """Something that is not as it was written; ``seq`` is the entry, where it is one."""

    seq: int | None
    sentence: str

    def __str__(self) -> str:
        return (
            _("Entry %(seq)d: %(sentence)s") % {"seq": self.seq, "sentence": self.sentence}
            if self.seq
            else self.sentence
        )


@dataclass
class Replay:
    """What the entries say that is stored: each record's values, and which entry set them last."""

    states: MutableMapping[Record, State] = default(default_factory=dict)
    last: MutableMapping[Record, int] = default(default_factory=dict)
    blanked: set[tuple[int, str]] = default(default_factory=set)  # values that are blank: entry and field
    redacted: set[tuple[int, str]] = default(default_factory=set)  # values that an entry says were redacted


def entries() -> Iterator[tuple[dict[str, Any], Texts]]:
    """Every entry in its order, with its values."""
    rows = Entry.objects.order_by("seq").values_list(*FIELDS).iterator(chunk_size=CHUNK)
    stored = (
        Value.objects.order_by("entry_id").values_list("entry_id", "field", "salt", "text").iterator(chunk_size=CHUNK)
    )
    yield from with_values((dict(zip(FIELDS, row, strict=True)) for row in rows), stored)


def with_values(
    rows: Iterable[dict[str, Any]], stored: Iterable[tuple[int, str, str, str]]
) -> Iterator[tuple[dict[str, Any], Texts]]:
    """Each of these entries with its values, both in the order of the entries."""
    groups = groupby(stored, key=itemgetter(0))
    key, group = next(groups, (None, iter(())))
    for row in rows:
        texts: Texts = {}
        while key is not None and key <= row["seq"]:
            if key == row["seq"]:
                texts = {field: (salt, text) for _seq, field, salt, text in group}
            key, group = next(groups, (None, iter(())))
        yield row, texts


def faults(saved: "Iterable[tuple[int, str]]" = ()) -> Iterator[Fault]:
    """Everything that is wrong, in the order of the entries, then record by record.

    ``saved`` are heads (number and hash) that were written down elsewhere.
    """
    heads: dict[int, set[str]] = defaultdict(set)
    for number, digest in saved:
        heads[number].add(digest)
    if heads[0] <= {chain.BEGINNING}:
        heads.pop(0)  # of the history when it was empty
    with closing(OnDisk()) as states, closing(OnDisk()) as last:
        yield from faults_of(Replay(states, last), heads)


def faults_of(replay: Replay, heads: dict[int, set[str]]) -> Iterator[Fault]:
    """Everything that is wrong, as it shows when all entries are carried out anew."""
    seq, prev = 0, chain.BEGINNING
    for entry, texts in entries():
        broken = list(legible(check_entry(entry, texts, seq, prev)))
        if heads.pop(entry["seq"], {entry["hash"]}) != {entry["hash"]}:
            broken.append(_("its hash is not the one in the saved head: the history before it was rewritten."))
        if broken:
            # What follows hangs on an entry that cannot be trusted.
            yield from (Fault(entry["seq"], sentence) for sentence in broken)
            return
        yield from (Fault(entry["seq"], sentence) for sentence in legible(play(replay, entry, texts)))
        seq, prev = entry["seq"], entry["hash"]
    for number in heads:
        yield Fault(number, _("it is in a saved head, but the history ends before it, at %(seq)d.") % {"seq": seq})
    yield from redactions(replay)
    yield from rows(replay)


def legible(said: Iterator[str]) -> Iterator[str]:
    """What is said of an entry; where a forger wrote something that nobody can read, this too."""
    try:
        yield from said
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError):
        yield _("it cannot be read.")


def check_entry(entry: dict[str, Any], texts: Texts, seq: int, prev: str) -> Iterator[str]:
    """What is wrong with one entry, given number and hash of the one before."""
    if entry["seq"] != seq + 1:
        yield _("it follows on %(seq)d: what lay between is gone.") % {"seq": seq}
    if entry["prev"] != prev:
        yield _("it does not follow from the entry before it.")
    if sha256(entry["body"].encode(errors="surrogatepass")).hexdigest() != entry["hash"]:
        yield _("its body does not have its hash.")
        return
    if not compare_digest(chain.seal_of(entry["hash"]).encode(), entry["seal"].encode()):
        yield _("its seal is not ours: it was not written by this installation, or the history key is another one.")
    body = json.loads(entry["body"])
    by = (body.get("by") or {}).get("id")
    if repeated(entry) != {name: body.get(name) for name in repeated(entry)} or by != entry["by_id"]:
        yield _("its columns do not say what its body says.")
    yield from check_values(body.get("values") or {}, texts)


def repeated(entry: dict[str, Any]) -> dict[str, Any]:
    """What the columns of an entry repeat of its body, as the body has it."""
    return {name: entry[name] for name in ("seq", "prev", "door", "model", "key", "action")} | {
        "at": chain.stamp(entry["at"]),
        "change": str(entry["change"]),
        "root": [entry["root_model"], entry["root_key"]],
    }


def check_values(commitments: dict[str, str], texts: Texts) -> Iterator[str]:
    """What is wrong with the values of an entry."""
    for field in sorted(commitments.keys() ^ texts.keys()):
        yield _("its value of “%(field)s” is gone, or was added.") % {"field": field}
    for field, (salt, text) in texts.items():
        blank = not (salt or text)
        if field in commitments and not blank and chain.commitment(salt, field, text) != commitments[field]:
            yield _("its value of “%(field)s” is not the one that was written.") % {"field": field}


def play(replay: Replay, entry: dict[str, Any], texts: Texts) -> Iterator[str]:
    """Carry the entry out, and say where it does not fit what was there before it."""
    record = (entry["model"], entry["key"])
    replay.blanked |= {(entry["seq"], field) for field, (_salt, text) in texts.items() if not text}
    if entry["action"] == Action.REDACT:
        if text := texts[chain.REDACTED][1]:
            told = json.loads(text)["to"]
            replay.redacted.add((told["seq"], told["field"]))
        return
    before = replay.states.get(record)
    if (before is None) != (entry["action"] == Action.CREATE):
        was = _("was there already") if before is not None else _("was not there")
        yield _("it speaks of %(record)s, which %(was)s then.") % {"record": named(record), "was": was}
    state = dict(before or {})
    for field, (_salt, text) in texts.items():
        if not field.startswith("@"):
            yield from set_value(state, record, field, text)
    replay.last[record] = entry["seq"]
    if entry["action"] == Action.DELETE:
        replay.states.pop(record, None)
    else:
        replay.states[record] = state


def set_value(state: State, record: Record, field: str, text: str) -> Iterator[str]:
    """Give the field its next value, and say where the one before is not what the entry says."""
    if not text:
        state[field] = UNKNOWN
        return
    value = json.loads(text)
    # What a new record holds no text in is not told of it.
    if state.get(field) not in (value["from"], UNKNOWN) and (field in state or value["from"] != ""):
        said = {"field": field, "record": named(record)}
        yield _("it says what “%(field)s” of %(record)s was, but that was something else.") % said
    state[field] = value["to"]


def redactions(replay: Replay) -> Iterator[Fault]:
    """Values that are blank though no entry says that they were redacted."""
    for seq, field in sorted(replay.blanked - replay.redacted):
        yield Fault(seq, _("its value of “%(field)s” was blanked without an entry that says so.") % {"field": field})


def rows(replay: Replay) -> Iterator[Fault]:
    """Where the rows that there are differ from what the history says, and from what follows from them."""
    for model in recording.recorded_models():
        names = recording.columns(model)
        for row in with_parents(model).order_by("pk").iterator(chunk_size=ROWS):
            record = (model._meta.label_lower, row.pk)
            state = {name: chain.encoded(getattr(row, column)) for name, column in names.items()}
            yield from compare(replay, model, record, state)
            yield from follows(row, record)
    for record in sorted(replay.states):
        yield Fault(replay.last[record], _("%(record)s should be there, but is gone.") % {"record": named(record)})


def compare(replay: Replay, model: Any, record: Record, state: State) -> Iterator[Fault]:
    """Where one row differs from its history."""
    said = replay.states.pop(record, None)
    if said is None:
        yield Fault(None, _("%(record)s has no history.") % {"record": named(record)})
        return
    for name, value in state.items():
        if name not in said and recording.is_untold(model._meta.get_field(name), value):
            continue
        if said.get(name) not in (value, UNKNOWN):
            sentence = _("“%(field)s” of %(record)s is not what the history says: it was changed without history.")
            yield Fault(replay.last[record], sentence % {"field": name, "record": named(record)})


def follows(row: Any, record: Record) -> Iterator[Fault]:
    """Where a column that is worked out is not what the others give."""
    names = row.worked_out()
    stored = {name: getattr(row, name) for name in names}
    with suppress(ValidationError):
        row.derive()
    for name in sorted(names):
        if getattr(row, name) != stored[name]:
            sentence = _("“%(field)s” of %(record)s does not follow from what was entered.")
            yield Fault(None, sentence % {"field": name, "record": named(record)})


def with_parents(model: Any) -> Any:
    """The model's rows; those of a tree with the records from which their paths are worked out."""
    rows = recording.rows_of(model)
    return rows.select_related("parent") if "path" in model.worked_out() else rows


def named(record: Record) -> str:
    """A record as the faults call it."""
    return f"{record[0]} {record[1]}"
