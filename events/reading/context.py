"""What stands around a name and says what sort of place it is: “مدينة”, “countryside”, “eastern”."""

from dataclasses import dataclass, replace
from typing import Final

from events.choices import Facet
from events.reading.choosing import choose
from events.reading.generic import COUNTRYSIDE, DIRECTIONS, LINKING, QUALIFYING, SORTS, Sort
from events.reading.hits import Hit, follows_in_list, start_behind
from events.reading.lexicon import Lexicon
from events.reading.prefixes import stems
from events.reading.words import Words

_MOST_QUALIFYING: Final = 2


@dataclass(frozen=True, slots=True)
class Context:
    """The sort and direction that the words around a name give it, and which words these are."""

    sort: Sort | None
    direction: str
    first: int
    last: int
    cut: int = 0

    def start(self, words: Words) -> int:
        """Where it starts in the original."""
        return start_behind(words.text, words[self.first], self.cut)


def around(words: Words, first: int, last: int, cut: int, *, is_complete: bool = False) -> Context:
    """What stands around the name from this word to that; a complete name says itself what sort of place it is."""
    if words.folded(first)[:1].isascii():
        return Context(None, "", first, last, cut) if is_complete else _latin(words, first, last)
    found = None if cut or is_complete else _before(words, first)
    if found is None and not is_complete:
        return Context(None, "", first, last, cut)
    sort, at, prefix = found or (None, first, cut)
    direction, end = "", last
    while end - last < _MOST_QUALIFYING and words.joined(end) and _tells_more(words.folded(end + 1)):
        end += 1
        direction = direction or DIRECTIONS.get(words.folded(end), "")
    return Context(sort, direction, at, end, prefix)


def own_sort(words: Words, first: int, last: int) -> Sort | None:
    """The word within a name that says what sort of place it is: the first in Arabic, the last in English."""
    if words.folded(first)[:1].isascii():
        return SORTS.get(words.folded(last))
    return next((SORTS[stem] for stem, _cut in stems(words.folded(first)) if stem in SORTS), None)


def _tells_more(word: str) -> bool:
    return word.startswith("ال") and (word in QUALIFYING or word in DIRECTIONS)


def _before(words: Words, first: int) -> tuple[Sort, int, int] | None:
    """The word before a name that says what sort of place it is, with its place and the letters before it."""
    if not words.joined(first - 1):
        return None
    for stem, cut in stems(words.folded(first - 1)):
        if stem in SORTS:
            return SORTS[stem], first - 1, cut
    return None


def _latin(words: Words, first: int, last: int) -> Context:
    begin, direction = _direction_before(words, first)
    sort, end = _sort_after(words, last)
    if sort is None and (found := _sort_before(words, begin)):
        sort, begin = found
        begin, earlier = _direction_before(words, begin)
        direction = earlier or direction
    if end > last:
        between = [DIRECTIONS.get(words.folded(index), "") for index in range(last + 1, end)]
        direction = next(filter(None, between), direction)
    if sort is None and direction:
        # “eastern Deir ez-Zor” is its countryside, “central Homs” the city; “east of …” never comes here.
        return Context(SORTS["city"] if direction == "centre" else COUNTRYSIDE, direction, begin, end)
    return Context(sort, direction, begin if sort else first, end)


def _direction_before(words: Words, first: int) -> tuple[int, str]:
    if words.joined(first - 1) and words.folded(first - 1) in DIRECTIONS:
        return first - 1, DIRECTIONS[words.folded(first - 1)]
    return first, ""


def _sort_before(words: Words, first: int) -> tuple[Sort, int] | None:
    """“city of X”, “base at X”, “camp X”."""
    at = first - 1
    if words.joined(at) and words.folded(at) == "the":
        at -= 1
    if words.joined(at) and words.folded(at) in LINKING and words.joined(at - 1):
        sort = SORTS.get(words.folded(at - 1))
        return (sort, at - 1) if sort else None
    sort = SORTS.get(words.folded(first - 1)) if words.joined(first - 1) else None
    return (
        (sort, first - 1) if sort and words[first - 1].is_capital is False and not _ends_a_name(words, first) else None
    )


def _ends_a_name(words: Words, first: int) -> bool:
    """Whether the word before belongs to a name before it: “Qasrak base Hasakah”."""
    return words.joined(first - 2) and words[first - 2].is_capital


def _sort_after(words: Words, last: int) -> tuple[Sort | None, int]:
    """“X city”, “X military airport”, “X's eastern countryside”."""
    end = last
    while end - last <= _MOST_QUALIFYING and words.joined(end):
        end += 1
        word = words.folded(end)
        if sort := SORTS.get(word):
            return sort, end
        if word not in QUALIFYING and word not in DIRECTIONS:
            break
    return None, last


def is_carried(words: Words, hit: Hit) -> bool:
    """Whether the word before this name is said of the next ones of a list too: “ريف A وB”, “محافظات A وB”."""
    if hit.sort is None or words.folded(hit.first)[:1].isascii():
        return False
    return hit.sort.is_plural or hit.sort.name == COUNTRYSIDE.name


def carried_back(words: Words, lexicon: Lexicon, hits: list[Hit]) -> list[Hit]:
    """The hits, where a word behind a list of names (“A and B provinces”) is said of each of them."""
    done = list(hits)
    for place in range(len(done) - 1, 0, -1):
        hit, before = done[place], done[place - 1]
        if not (hit.sort and hit.sort.is_plural and hit.is_site and before.is_site and before.sort is None):
            continue
        if not words.folded(hit.last)[:1].isascii() or not follows_in_list(words, before, hit.first, hit.cut):
            continue
        found = lexicon.names.get(words.folded(before.first), ())
        tokens = tuple(words.folded(index) for index in range(before.first, before.last + 1))
        same = [spelling for spelling in found if spelling.tokens == tokens and spelling.target.facet == Facet.WHERE]
        around = Context(hit.sort, "", before.first, before.last)
        if targets := choose(lexicon, same, around, is_listed=True):
            done[place - 1] = replace(before, targets=targets, sort=hit.sort, rule="name.sort")
    return done
