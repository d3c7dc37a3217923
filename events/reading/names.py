"""Names of sites, actors and sources in a text: in any stored spelling, the longest first, and by their sound."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from events.choices import Facet
from events.reading import context, metonyms, sounds
from events.reading.choosing import choose
from events.reading.context import Context
from events.reading.hits import Hit, closed, follows_in_list, start_behind
from events.reading.lexicon import Lexicon
from events.reading.prefixes import bare, stems, word_set
from events.reading.spellings import HEADS, IGNORED, Case, Spelling, Target, says_sort
from events.reading.words import Words

# What a force has, does or sends: beside it “Turkish” means Turkey's forces, elsewhere it is about a country.
_OF_FORCES: Final = word_set(
    """
    قوات قوه جيش جنود جندي ضباط ضابط عسكريين عسكريون طايره طايرات طيران مسيره مسيرات مروحيه مروحيات حوامه حوامات
    مقاتله مقاتلات حربيه غاره غارات غارتين غارتان قصف ضربه ضربات صواريخ صاروخ قذايف قذيفه مدفعيه دوريه دوريات
    دوريتين رتل ارتال رتلين قافله قوافل شاحنه شاحنات شاحنتين اليه اليات عربه عربات مدرعه مدرعات دبابه دبابات
    قاعده قواعد نقطه نقاط تعزيزات توغل بحريه انزال مدربين مستشارين تحليق راجمات طايرتين طايرتان جنديين forces
    force troops soldiers soldier army military jet jets aircraft warplane warplanes drone drones helicopter
    helicopters plane planes bomber bombers fighter fighters strike strikes airstrike airstrikes raid raids
    shelling artillery patrol patrols convoy convoys vehicle vehicles truck trucks base bases missile missiles
    rocket rockets bombardment commandos navy tank tanks gunship gunships servicemen personnel incursion
    warships commando uavs uav
    """
)
_BETWEEN: Final = word_set(
    """
    fighter cargo air unmanned military armed army ground combat special attack reconnaissance surveillance
    transport joint اول حربي حربيه عسكري عسكريه شحن مقاتله مسيره مسيرات استطلاع مشتركه مدرعه بريه جويه خاصه
    مروحيه نقل قتاليه استطلاعيه لوجستيه
    """
)


@dataclass(slots=True)
class _Finder:
    """One reading of one text for names."""

    words: Words
    lexicon: Lexicon
    hits: list[Hit] = field(default_factory=list)

    def run(self) -> list[Hit]:
        """All hits, in the order of the text, none over another."""
        at = 0
        while at < len(self.words):
            hit = self._adjective(at) or self._named(at) or self._again(at) or self._heard(at)
            if hit is not None and hit.target.facet != IGNORED:
                self.hits.append(hit)
            at = at + 1 if hit is None else hit.last + 1
        hits = context.carried_back(self.words, self.lexicon, self.hits)
        return metonyms.told_apart(self.words, self.lexicon, hits)

    def _named(self, at: int) -> Hit | None:
        """The longest stored spelling that begins here."""
        for last, cut, found in _candidates(self.words, self.lexicon, at):
            around = self._context(at, last, cut, is_complete=all(map(says_sort, found)))
            targets = choose(self.lexicon, found, around, is_listed=self._is_listed(at, last, cut))
            if targets:
                is_told = around.sort is not None and targets[0].kind in around.sort.kinds
                if around.sort is not None and not is_told:
                    around = Context(None, "", at, last, cut)
                return self._hit(at, last, cut, targets, "name.sort" if is_told else "name.spelling", around)
        return None

    def _context(self, first: int, last: int, cut: int, *, is_complete: bool = False) -> Context:
        around = context.around(self.words, first, last, cut, is_complete=is_complete)
        before = self.hits[-1] if self.hits else None
        is_open = around.sort is None and not is_complete
        if is_open and before and context.is_carried(self.words, before) and self._follows(before, first, cut):
            return Context(before.sort, around.direction, first, last, cut)
        return around

    def _follows(self, before: Hit | None, first: int, cut: int) -> bool:
        return follows_in_list(self.words, before, first, cut)

    def _is_listed(self, first: int, last: int, cut: int) -> bool:
        """Whether it stands in a list with another place, which tells a name from the word it is written like."""
        before = self.hits[-1] if self.hits else None
        if before and before.is_site and follows_in_list(self.words, before, first, cut):
            return True
        here = Hit(first, last, 0, 0, (Target(Facet.WHERE, ""),), "")
        for first_next in (last + 1, last + 2):
            if first_next >= len(self.words):
                break
            for stem, next_cut in stems(self.words.folded(first_next)):
                if follows_in_list(self.words, here, first_next, next_cut) and _is_place(
                    self.lexicon.names.get(stem, ())
                ):
                    return True
        return False

    def _hit(
        self, first: int, last: int, cut: int, targets: tuple[Target, ...], rule: str, around: Context | None = None
    ) -> Hit:
        start = start_behind(self.words.text, self.words[first], cut)
        end = self.words[last].end
        if around is not None and targets[0].facet == Facet.WHERE:
            start = min(start, around.start(self.words))
            first, last, end = min(first, around.first), max(last, around.last), self.words[max(last, around.last)].end
        end = closed(self.words.text, start, end)
        sort = (around.sort if around else None) or context.own_sort(self.words, first, last)
        return Hit(first, last, start, end, targets, rule, sort, cut)

    def _again(self, at: int) -> Hit | None:
        """Somebody who is spoken of by the first word of a name alone: “التنظيم”, “the Coalition”."""
        for stem, cut in stems(self.words.folded(at)):
            head = stem.removeprefix("ال")
            is_definite = head != stem or self.words.folded(at - 1) == "the"
            if head in HEADS and is_definite and (known := self.lexicon.heads.get(head)):
                named = next((hit.target for hit in reversed(self.hits) if hit.target in known), None)
                if named or len(known) == 1:
                    return self._hit(at, at, cut, (named or next(iter(known)),), "name.again")
        return None

    def _adjective(self, at: int) -> Hit | None:
        """“طائرات أمريكية”, “Turkish drones”: whose forces they are."""
        word = self.words[at]
        target = self.lexicon.adjectives.get(word.folded)
        if target is None or self._is_part_of_name(at):
            return None
        if word.folded[:1].isascii():
            last = self._noun(at, +1) if word.is_capital else None
            return None if last is None else self._hit(at, last, 0, (target,), "name.adjective")
        first = self._noun(at, -1)
        if first is None or (self.hits and self.hits[-1].last >= first):
            return None
        cut = next((cut for stem, cut in stems(self.words.folded(first)) if bare(stem) in _OF_FORCES), 0)
        return self._hit(first, at, cut, (target,), "name.adjective")

    def _is_part_of_name(self, at: int) -> bool:
        return any(last > at for last, _cut, _found in _candidates(self.words, self.lexicon, at))

    def _noun(self, at: int, step: int) -> int | None:
        """Where the thing stands that the adjective is said of."""
        for distance in range(1, 4):
            here = at + step * distance
            if not self.words.joined(min(here, here - step)):
                return None
            folded = self.words.folded(here)
            if any(bare(stem) in _OF_FORCES for stem, _cut in stems(folded)):
                return here
            if bare(folded) not in _BETWEEN:
                return None
        return None

    def _heard(self, at: int) -> Hit | None:
        """A name that is written as nobody has stored it, but sounds and looks like one."""
        for last, found in sounds.candidates(self.words, self.lexicon, at):
            around = self._context(at, last, 0)
            targets = choose(self.lexicon, found, around, is_listed=False)
            if targets and sounds.is_told(self.words, at, last, around, found):
                return self._hit(at, last, 0, targets, "name.sound", around)
        return None


def find(words: Words, lexicon: Lexicon) -> list[Hit]:
    """The names in a text."""
    return _Finder(words, lexicon).run()


def _candidates(words: Words, lexicon: Lexicon, at: int) -> list[tuple[int, int, list[Spelling]]]:
    """The stored spellings that begin here, by the word that they end with, the longest first."""
    found: dict[tuple[int, int], list[Spelling]] = {}
    for stem, cut in stems(words.folded(at)):
        for spelling in lexicon.names.get(stem, ()):
            last = at + len(spelling.tokens) - 1
            if _stands(words, spelling, at, last):
                found.setdefault((last, cut), []).append(spelling)
    return [
        (last, cut, spellings)
        for (last, cut), spellings in sorted(found.items(), key=lambda row: (-row[0][0], row[0][1]))
    ]


def _stands(words: Words, spelling: Spelling, first: int, last: int) -> bool:
    if words.folds[first + 1 : last + 1] != spelling.tokens[1:] or not all(words.joints[first:last]):
        return False
    if spelling.case == Case.CAPS:
        return all(words[index].is_caps for index in range(first, last + 1))
    capitals = sum(words[index].is_capital for index in range(first, last + 1))
    return capitals >= {Case.ANY: 0, Case.CAPITAL: 1}.get(spelling.case, 2)


def _is_place(found: Iterable[Spelling]) -> bool:
    return any(spelling.target.facet == Facet.WHERE and not spelling.is_core for spelling in found)
