"""How well the reading aid reads a text: its proposals against what people have found in it.

What is said twice counts once. A place or actor with several choices counts by the likeliest; an area that is called
after a place counts for that place too. Countries, areas that lie directly in one, states, and who is nobody in
particular are the frame of nearly every report: they count where the answers list them, and are left out elsewhere.
So are numbers without a figure (“dozens”), which an answer can only write as two nulls.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from events.choices import ActorKind, Facet, SiteKind
from events.reading.lexicon import Lexicon
from events.reading.proposal import Proposal
from events.reading.spellings import UNNAMED

PARTS: Final = ("sites", "actors", "dates", "counts")
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
_WIDE: Final = frozenset({SiteKind.AREA, SiteKind.BORDER})

Span = tuple[date | None, date | None]
Amount = tuple[str, int | None, int | None]


@dataclass(slots=True)
class Score:
    """What was found, missed and found beside it, of one part."""

    found: list[Any] = field(default_factory=list)
    missed: list[Any] = field(default_factory=list)
    extra: list[Any] = field(default_factory=list)
    frame: list[Any] = field(default_factory=list)
    right: int = 0  # proposals that are right: several may speak of one answer

    @property
    def precision(self) -> float:
        """The share of the proposals that are right; 1 where there is none."""
        return _share(self.right, self.right + len(self.extra))

    @property
    def recall(self) -> float:
        """The share of the answers that were proposed; 1 where there is none."""
        return _share(len(self.found), len(self.found) + len(self.missed))

    def as_json(self) -> dict[str, Any]:
        """As it is printed."""
        lists = {name: getattr(self, name) for name in ("found", "missed", "extra", "frame")}
        return {"precision": self.precision, "recall": self.recall, **lists}


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 1.0


def score(proposals: Sequence[Proposal], answers: Mapping[str, list[Any]], lexicon: Lexicon) -> dict[str, Score]:
    """The score of each part that the answers speak of."""
    told = {
        "sites": lambda rows: _records(proposals, Facet.WHERE, rows, lexicon),
        "actors": lambda rows: _records(proposals, Facet.WHO, rows, lexicon),
        "dates": lambda rows: _dates(proposals, rows),
        "counts": lambda rows: _counts(proposals, rows),
    }
    return {part: told[part](answers[part]) for part in PARTS if part in answers}


def _records(proposals: Iterable[Proposal], facet: Facet, wanted: Sequence[str], lexicon: Lexicon) -> Score:
    done, seen = Score(), set()
    for one in proposals:
        if one.facet != facet or not one.choices or one.choices[0].slug in seen:
            continue
        slug = one.choices[0].slug
        seen.add(slug)
        names = [choice.slug for choice in one.choices] if lexicon.kinds.get(slug) == SiteKind.AREA else [slug]
        if right := next((name for name in names if name in wanted), None):
            done.right += 1
            done.found += [right] if right not in done.found else []
        else:
            (done.frame if _is_frame(slug, facet, lexicon) else done.extra).append(slug)
    done.missed = [slug for slug in dict.fromkeys(wanted) if slug not in done.found]
    return done


def _is_frame(slug: str, facet: Facet, lexicon: Lexicon) -> bool:
    """Whether it is a whole country or an area directly in one, a state, or nobody in particular."""
    kind = lexicon.kinds.get(slug, "")
    if facet == Facet.WHO:
        return kind == ActorKind.STATE or kind in UNNAMED
    parent = lexicon.kinds.get(lexicon.parents.get(slug, ""), "")
    return kind == SiteKind.COUNTRY or (kind in _WIDE and parent == SiteKind.COUNTRY)


def _dates(proposals: Iterable[Proposal], wanted: Sequence[Span]) -> Score:
    spans = dict.fromkeys(span for one in proposals if one.facet == Facet.WHEN for span in _spans(one, wanted))
    right = [span for span in spans if span in wanted]
    missed = [span for span in dict.fromkeys(wanted) if span not in spans]
    extra = [span for span in spans if span not in wanted]
    found, gone, beside = ([_written(span) for span in row] for row in (right, missed, extra))
    return Score(found, gone, beside, right=len(right))


def _spans(one: Proposal, wanted: Sequence[Span]) -> list[Span]:
    """Its bounds; for one of several days, or each of them, these days where the answers have them one by one."""
    days = [date.fromisoformat(day) for day in _DAY.findall(str(one.said.get("when", "")))]
    apart: list[Span] = [(day, day) for day in days]
    whole = (one.earliest, one.latest)
    return apart if whole not in wanted and len(days) > 2 and set(apart) & set(wanted) else [whole]


def _written(span: Span) -> list[str | None]:
    return [day.isoformat() if day else None for day in span]


def _counts(proposals: Iterable[Proposal], wanted: Sequence[Amount]) -> Score:
    counted = {_amount(one): one for one in proposals if one.facet == Facet.HOW_MANY and one.choices}
    answers = list(dict.fromkeys(wanted))
    done = Score()
    for amount, one in counted.items():
        right = [answer for answer in answers if _agrees(one, answer)]
        done.right += bool(right)
        done.found += [list(answer) for answer in right if list(answer) not in done.found]
        if not right:
            (done.extra if any(part is not None for part in amount[1:]) else done.frame).append(list(amount))
    done.missed = [list(answer) for answer in answers if list(answer) not in done.found]
    return done


def _amount(one: Proposal) -> tuple[Any, ...]:
    said = one.said
    return (one.choices[0].slug, *(said.get(name) for name in ("low", "best", "high")))


def _agrees(one: Proposal, answer: Amount) -> bool:
    """Whether it counts the same: a measure that the words may mean, and the bounds, or the number itself."""
    measure, low, high = answer
    if measure not in {choice.slug for choice in one.choices}:
        return False
    said = {name: one.said.get(name) for name in ("low", "best", "high")}
    if (said["low"], said["high"]) == (low, high) or (said["best"] is None and low is None and high is None):
        return True
    if low is not None and low == high:
        # “about 25”, “at least 25”: whoever answers with one number means the one that is named.
        return low in said.values()
    return (low, high) in {(said["best"], None), (None, said["best"])} and said["best"] is not None
