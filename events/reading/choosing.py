"""Which of the records that bear a name it stands for: by the words around it, else by what is usual.

* With a word that says what sort of place it is (“مدينة الرقة”, “Qasrak base”), the places of that sort come first.
* Without one, a name that a governorate shares with its city stands for the governorate, with the city as the other
  choice; a name that a town shares with its district, for the town.
* An area that is called after a place has that place as the other choice.
* A name that is also a common word (a cue of the kind “ignore”) needs such a word, or another place beside it.
"""

from collections.abc import Iterable, Sequence
from typing import Final, Protocol

from events.choices import Facet
from events.choices import SiteKind as Kind
from events.reading.generic import BEARINGS, DIRECTIONS, Sort
from events.reading.lexicon import Lexicon
from events.reading.spellings import IGNORED, ORIGIN, Spelling, Target, says_sort, sort_of

# What a bare name stands for, the likeliest first.
_BARE: Final = (
    Kind.COUNTRY, Kind.GOVERNORATE, Kind.CITY, Kind.TOWN, Kind.VILLAGE, Kind.BASE, Kind.AIRFIELD, Kind.CROSSING,
    Kind.CAMP, Kind.PRISON, Kind.FACILITY, Kind.NEIGHBOURHOOD, Kind.ROAD, Kind.BORDER, Kind.AREA,
    Kind.SUBDISTRICT, Kind.DISTRICT,
)  # fmt: skip
_ADMINISTRATIVE: Final = frozenset({Kind.DISTRICT, Kind.SUBDISTRICT})
_LAST: Final = 99


class Around(Protocol):
    """The sort and direction that the words around a name give it."""

    @property
    def sort(self) -> Sort | None: ...
    @property
    def direction(self) -> str: ...


def choose(lexicon: Lexicon, found: Sequence[Spelling], around: Around, *, is_listed: bool) -> tuple[Target, ...]:
    """The records that these words may stand for, the likeliest first; none where they are no name here."""
    sites = [spelling for spelling in found if spelling.target.facet == Facet.WHERE]
    if around.sort is not None and (chosen := _sorted_out(sites, around.sort, around.direction)):
        return _with_namesake(lexicon, chosen, sites)
    others = [spelling.target for spelling in found if spelling.target.facet in {Facet.WHO, ORIGIN}]
    ignored = [spelling.target for spelling in found if spelling.target.facet == IGNORED]
    if ignored and not (sites and (is_listed or around.sort)):
        return tuple(ignored[:1])
    if others:
        return tuple(dict.fromkeys(others))
    return _with_namesake(lexicon, _bare(sites), sites)


def _sorted_out(sites: Sequence[Spelling], sort: Sort, direction: str) -> list[Target]:
    """The best of the places that may be of this sort; several only where nothing tells them apart."""
    ranked: dict[Target, float] = {}
    for spelling in sites:
        rank = _rank(spelling, sort, direction)
        if rank < ranked.get(spelling.target, _LAST):
            ranked[spelling.target] = rank
    best = min(ranked.values(), default=_LAST)
    return [target for target, rank in ranked.items() if rank == best]


def _rank(spelling: Spelling, sort: Sort, direction: str) -> float:
    if spelling.is_core:
        if spelling.direction not in {"", direction} or not any(sort.may_be(other) for other in spelling.sorts):
            return _LAST
        return (0 if spelling.direction == direction else 1) + (0 if sort.name in spelling.sorts else 0.5)
    kind = spelling.target.kind
    if says_sort(spelling):
        return 0
    if sort.name == "countryside" and kind == Kind.AREA:
        return _LAST
    return 2 + sort.kinds.index(kind) if kind in sort.kinds else 50 + _BARE.index(Kind(kind))


def _bare(sites: Sequence[Spelling]) -> list[Target]:
    """What the name stands for where no word around it tells."""
    named = dict.fromkeys(spelling.target for spelling in sites if not spelling.is_core)
    if any(target.kind not in _ADMINISTRATIVE for target in named):
        named = dict.fromkeys(target for target in named if target.kind not in _ADMINISTRATIVE)
    chosen = sorted(named, key=lambda target: _BARE.index(Kind(target.kind)))
    if chosen and chosen[0].kind == Kind.GOVERNORATE:
        chosen += [spelling.target for spelling in sites if spelling.sorts & {"city"}]
    if chosen and chosen[0].kind == Kind.AREA:
        chosen += [spelling.target for spelling in sites if spelling.sorts & {"base", "airfield"}]
    return chosen


def _with_namesake(lexicon: Lexicon, chosen: Iterable[Target], sites: Sequence[Spelling]) -> tuple[Target, ...]:
    """An area with the place that it is called after."""
    targets = list(dict.fromkeys(chosen))
    if len(targets) == 1 and targets[0].kind == Kind.AREA:
        for spelling in sites:
            if spelling.target == targets[0]:
                targets += _bare(_of_place(lexicon, spelling))
                break
    return tuple(dict.fromkeys(targets))


def _of_place(lexicon: Lexicon, area: Spelling) -> list[Spelling]:
    told = {*DIRECTIONS, *BEARINGS}
    tokens = tuple(token for token in area.tokens if not sort_of(token) and token not in told)
    found = lexicon.names.get(tokens[0], ()) if tokens else ()
    same = [spelling for spelling in found if spelling.tokens == tokens and spelling.target.facet == Facet.WHERE]
    return [spelling for spelling in same if spelling.target != area.target]
