"""The chain of the history checked a stretch at a time, for whoever cannot wait for all of it at once.

Whether each entry follows from the one before, has its hash and seal, and the values that it was written with; that the
records are as the history says takes all of it, and is the matter of ``osint.history.verify``.
"""

from dataclasses import dataclass

from osint.history import chain, verify
from osint.history.models import Entry, Value
from osint.history.verify import FIELDS, Fault, Texts, check_entry, legible


@dataclass(frozen=True)
class Reached:
    """How far the chain was followed: the number and hash of the last entry that was looked at."""

    seq: int = 0
    hash: str = chain.BEGINNING


def follow(reached: Reached, most: int = verify.CHUNK) -> tuple[Reached, list[Fault]]:
    """Look at the next entries, at most so many; where one is broken, nothing after it is looked at."""
    rows = list(Entry.objects.filter(seq__gt=reached.seq).order_by("seq").values_list(*FIELDS)[:most])
    texts = texts_of([row[0] for row in rows])
    for row in rows:
        entry = dict(zip(FIELDS, row, strict=True))
        broken = list(legible(check_entry(entry, texts.get(entry["seq"], {}), reached.seq, reached.hash)))
        if broken:
            return reached, [Fault(entry["seq"], sentence) for sentence in broken]
        reached = Reached(entry["seq"], entry["hash"])
    return reached, []


def texts_of(seqs: list[int]) -> dict[int, Texts]:
    """The values of these entries, which follow each other."""
    found: dict[int, Texts] = {}
    if seqs:
        stored = Value.objects.filter(entry__gte=seqs[0], entry__lte=seqs[-1]).order_by()
        for seq, field, salt, text in stored.values_list("entry_id", "field", "salt", "text"):
            found.setdefault(seq, {})[field] = (salt, text)
    return found
