"""On whose word a text tells what it tells: “according to …”, “بحسب …”, and every source that it names."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from django.utils.translation import gettext as _

from events.choices import CueKind, Facet
from events.reading.cues import Seen, seen
from events.reading.hits import Hit, start_behind
from events.reading.lexicon import Lexicon
from events.reading.prefixes import bare, stems, word_set
from events.reading.proposal import Choice, Proposal
from events.reading.spellings import ORIGIN
from events.reading.words import Words

_NEAR = 4
_LONGEST_VOICE = 3
_VOICES: Final = word_set(
    """
    مصادر مصدر نشطا ناشطون ناشطين شهود شاهد اهالي سكان مسوولون مسوولين مسوول ناطق متحدث وساءل وسايل مراسل
    مراسلون sources source activists activist witnesses witness residents locals official officials spokesman
    spokesperson local medical security eyewitnesses correspondent media
    """
)
_THAT: Final = frozenset(["ان", "بان", "انه", "that", "a", "the"])


def origins(words: Words, lexicon: Lexicon, hits: list[Hit]) -> Iterator[Proposal]:
    """The sources that the text names, and the voices that it quotes without naming a source that is known."""
    cues = list(seen(words, lexicon, CueKind.ORIGIN))
    placed = _placed(cues)
    actors = {hit.first: hit for hit in hits if hit.target.facet == Facet.WHO}
    taken: set[int] = set()
    for hit in hits:
        if hit.target.facet == ORIGIN:
            near = {cue for at in range(hit.first - _NEAR, hit.last + 2) for cue in placed.get(at, ())}
            beside = sorted((cue for cue in near if _beside(words, cue, hit)), key=lambda cue: (cue.first, cue.last))
            taken |= {cue.first for cue in beside}
            yield _source(words, hit, beside[0] if beside else None)
    for cue in cues:
        if cue.first not in taken and (spoken := _voice(words, cue, actors)):
            yield spoken


def _placed(cues: list[Seen]) -> dict[int, list[Seen]]:
    """The cues by their first and last word: a text may have many of them, and only what is near counts."""
    placed: dict[int, list[Seen]] = defaultdict(list)
    for cue in cues:
        for at in {cue.first, cue.last}:
            placed[at].append(cue)
    return placed


def _beside(words: Words, cue: Seen, hit: Hit) -> bool:
    """Whether the cue introduces the source, or is the verb right behind it."""
    if 0 < hit.first - cue.last <= _NEAR:
        return words.clause_start(hit.first) <= cue.first
    return 0 < cue.first - hit.last <= 1 and words[hit.last].joins


def _source(words: Words, hit: Hit, cue: Seen | None) -> Proposal:
    start, end = hit.start, hit.end
    if cue is not None and cue.first < hit.first:
        start = start_behind(words.text, words[cue.first], cue.cut)
    word = words.text[start:end]
    why = _("“%(word)s” names a source: %(name)s.") % {"word": word, "name": hit.target.label}
    choices = tuple(Choice(target.slug, target.label) for target in hit.targets)
    return Proposal(ORIGIN, start, end, "origin.cue" if cue else "origin.name", word, why, choices)


def _voice(words: Words, cue: Seen, actors: dict[int, Hit]) -> Proposal | None:
    """Somebody who is quoted, but is no source that is known: an actor, or “local sources”."""
    first = cue.last + 1
    if first >= len(words) or words[cue.last].ends_clause:
        return None
    actor = actors.get(first) or actors.get(first + 1)
    if actor is None and not _is_voice(words.folded(first)):
        return None
    start = start_behind(words.text, words[cue.first], cue.cut)
    word = words.text[start : words[cue.last].end]
    why = _("“%(word)s” introduces somebody's word; no source of this name is known.") % {"word": word}
    return Proposal(ORIGIN, start, actor.end if actor else _end(words, first), "origin.voice", word, why)


def _is_voice(word: str) -> bool:
    return word in _VOICES or any(bare(stem) in _VOICES for stem, _cut in stems(word))


def _end(words: Words, first: int) -> int:
    """The end of “local sources in the town”: at most so many words, and no further than the clause."""
    last = first
    while last - first < _LONGEST_VOICE - 1 and words.joined(last) and not words[last].ends_clause:
        last += 1
        if words.folded(last) in _THAT:
            return words[last - 1].end
    return words[last].end
