"""Records that are perhaps of one thing: what speaks for it in words, and what people have said of the pair."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from osint.base.judgements import Verdict, judgements_on
from osint.base.names import Named

SHOWN = 10  # more likely twins than these help nobody


@dataclass
class Twin:
    """A record that is perhaps the same as the one asked about."""

    record: Any
    score: int = 0
    reasons: list[Any] = field(default_factory=list)
    judgement: Any = None
    way: str = ""  # what the pair could become instead of one: "relay" or "updates"
    detail: str = ""  # what tells the record from others of its kind

    def speaks(self, points: int, reason: Any = "") -> None:
        """Count what speaks for it, or against it; a reason may be a function, which says it once it is asked for."""
        self.score += points
        if reason:
            self.reasons.append(reason)

    def say(self) -> None:
        """Put every reason into words."""
        self.reasons = [str(reason() if callable(reason) else reason) for reason in self.reasons]


@dataclass
class Twins:
    """The likely twins of a record, best first, and the other pairs that somebody has judged."""

    likely: list[Twin]
    judged: list[Twin]


def judged(record: Any, reader: Any, *alongside: str) -> dict[int, Twin]:
    """What has been said of the record, as far as the reader sees it, by the other record's key.

    ``alongside`` names what the description of a record needs.
    """
    model: Any = judgements_on(type(record))
    names = [f"{side}{name}" for side in ("first", "second") for name in ("", *(f"__{part}" for part in alongside))]
    found = model._default_manager.visible_to(reader).on(record).select_related("created_by", *names)
    return {
        (other := judgement.other_than(record)).pk: Twin(other, judgement=judgement)
        for judgement in found.defer(*(f"{side}__{name}" for side in ("first", "second") for name in heavy(record)))
    }


def heavy(record: Any) -> list[str]:
    """Columns of the record's kind that hold long texts, which no list shows."""
    names = {column.name for column in record._meta.concrete_fields}
    return [name for name in ("text", "translation", "folded") if name in names]


def apart(told: dict[int, Twin]) -> list[int]:
    """Keys of the records that were judged not to be the same."""
    return [key for key, twin in told.items() if twin.judgement and twin.judgement.verdict == Verdict.NOT_SAME]


def sorted_out(found: Iterable[Twin], told: dict[int, Twin], detail: Callable[[Any], str], enough: int = 1) -> Twins:
    """The best of those found for which enough speaks, each with its judgement; and the judged that are not among them.

    What was judged not to be the same is likely no more, whatever speaks for it.
    """
    gone = set(apart(told))
    likely = [twin for twin in found if twin.score >= enough and twin.record.pk not in gone]
    likely.sort(key=lambda twin: (-twin.score, -twin.record.pk))
    likely = likely[:SHOWN]
    for twin in likely:
        twin.say()
        if twin.record.pk in told:
            twin.judgement = told[twin.record.pk].judgement
    shown = {twin.record.pk for twin in likely}
    twins = Twins(likely, [twin for key, twin in told.items() if key not in shown])
    for twin in [*twins.likely, *twins.judged]:
        twin.detail = detail(twin.record)
    return twins


def names_of(record: Named) -> list[tuple[str, str, str]]:
    """Every name of a record: as written, folded, and its key."""
    own = [(record.name_en, record.folded_en, record.key_en), (record.name_ar, record.folded_ar, record.key_ar)]
    rows: Any = record.names.all() if record.pk and hasattr(type(record), "names") else ()  # type: ignore[attr-defined]
    return [name for name in [*own, *((row.text, row.folded, row.key) for row in rows)] if name[0]]
