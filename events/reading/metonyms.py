"""A capital that stands for its government: “اتفاق بين قسد ودمشق”, “Damascus said”."""

from dataclasses import replace

from events.choices import CueKind, Facet
from events.reading.cues import Seen, seen
from events.reading.hits import Hit, follows_in_list
from events.reading.lexicon import Lexicon
from events.reading.words import Words


def told_apart(words: Words, lexicon: Lexicon, hits: list[Hit]) -> list[Hit]:
    """The hits, where a capital in a list with an actor, or one that speaks, is the government and no place."""
    if not any(_name(words, hit) in lexicon.metonyms for hit in hits):
        return hits
    spoken = seen(words, lexicon, CueKind.ORIGIN)
    done: list[Hit] = []
    for place, hit in enumerate(hits):
        government = lexicon.metonyms.get(_name(words, hit))
        after = hits[place + 1] if place + 1 < len(hits) else None
        if government and hit.is_site and (_beside_actor(words, done, hit, after) or _speaks(words, spoken, hit)):
            done.append(replace(hit, targets=(government,), rule="name.capital", sort=None))
        else:
            done.append(hit)
    return done


def _name(words: Words, hit: Hit) -> str:
    """The only word of a hit, without what belongs to others."""
    return words.folded(hit.first)[hit.cut :] if hit.first == hit.last and hit.is_site else ""


def _beside_actor(words: Words, done: list[Hit], hit: Hit, after: Hit | None) -> bool:
    before = done[-1] if done else None
    if before and before.target.facet == Facet.WHO and _lists(words, before, hit):
        return True
    return bool(after and after.target.facet == Facet.WHO and _lists(words, hit, after))


def _lists(words: Words, before: Hit, hit: Hit) -> bool:
    """Whether both stand in one list, “the” aside."""
    first = hit.first - 1 if words.folded(hit.first - 1) == "the" else hit.first
    if first - before.last == 2 and words.folded(before.last + 1) == "and":
        return words[before.last].joins
    return words[before.last].joins and hit.cut > 0 and follows_in_list(words, before, first, hit.cut)


def _speaks(words: Words, spoken: list[Seen], hit: Hit) -> bool:
    """Whether a verb of saying stands right before it in Arabic, right behind it in English."""
    if words.folded(hit.first).isascii():
        return words.joined(hit.last) and any(cue.first == hit.last + 1 for cue in spoken)
    return words.joined(hit.first - 1) and any(cue.last == hit.first - 1 for cue in spoken)
