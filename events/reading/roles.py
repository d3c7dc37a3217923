"""The part that a place or an actor has, by the words before it: “to”, “فوق”, “against”, “برفقة”."""

from events.choices import ActorRole, CueKind, Facet, SiteRole
from events.reading.cues import Seen, seen
from events.reading.generic import BEARINGS, DIRECTIONS, SORTS
from events.reading.hits import Hit, follows_in_list
from events.reading.lexicon import Lexicon
from events.reading.prefixes import bare, stems
from events.reading.words import Words

_FAR = 6
_FILLING = frozenset({"the", "al", "كل", "كلا", "كلتا", "من", "كل من"})


def roles(words: Words, lexicon: Lexicon, hits: list[Hit]) -> dict[Hit, str]:
    """The role of each hit whose role is told."""
    told: dict[Hit, str] = {}
    site_cues = {cue.last: cue for cue in seen(words, lexicon, CueKind.SITE_ROLE)}
    actor_cues = {cue.last: cue for cue in seen(words, lexicon, CueKind.ACTOR_ROLE)}
    deeds = {cue.last for cue in seen(words, lexicon, CueKind.TYPE)}
    before: Hit | None = None
    for hit in hits:
        role = ""
        if hit.target.facet == Facet.WHERE:
            role = _before_place(words, site_cues, hit)
        elif hit.rule == "name.adjective" and hit.first in deeds:
            role = ActorRole.ACTS.value  # “قصف تركي”, whoever else was hurt in the same clause
        elif hit.target.facet == Facet.WHO:
            role = _before_actor(words, actor_cues, before, hit)
        if not role and before in told and before and before.target.facet == hit.target.facet:
            role = (
                told[before] if follows_in_list(words, before, hit.first, hit.cut or _letters(words, hit.first)) else ""
            )
        if role:
            told[hit] = role
        before = hit
    return told


def _letters(words: Words, at: int) -> int:
    return 1 if words.folded(at).startswith("و") else 0


def _before_place(words: Words, cues: dict[int, Seen], hit: Hit) -> str:
    """The role by the cue right before the place, or before what only says where in it."""
    if words.text[hit.start - 1 : hit.start] == "ب" and hit.start > 0:
        return SiteRole.AT.value
    at = hit.first - 1
    while at >= 0 and words[at].joins:
        if at in cues:
            return cues[at].signs[0].value
        if not _is_filling(words.folded(at)):
            return ""
        at -= 1
    return ""


def _is_filling(word: str) -> bool:
    return (
        word in _FILLING
        or word in DIRECTIONS
        or any(stem in BEARINGS or bare(stem) in SORTS for stem, _cut in stems(word))
    )


def _before_actor(words: Words, cues: dict[int, Seen], before: Hit | None, hit: Hit) -> str:
    """The role by a cue in the same clause, with no other actor between."""
    first = words.clause_start(hit.first, _FAR)
    if before is not None and before.target.facet == Facet.WHO:
        first = max(first, before.last + 1)
    for at in range(hit.first - 1, first - 1, -1):
        if at in cues:
            return cues[at].signs[0].value
    return ""
