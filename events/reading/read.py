"""All that the reading aid proposes for a text."""

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.choices import CueKind, Facet, SiteKind
from events.reading import how_many, names, when
from events.reading import lexicon as known
from events.reading.cues import Seen, seen
from events.reading.hits import Hit, start_behind
from events.reading.lexicon import Lexicon
from events.reading.origins import origins
from events.reading.proposal import Choice, Proposal
from events.reading.roles import roles
from events.reading.spellings import ORIGIN, Target
from events.reading.words import Words

_SEVERAL: Final = gettext_lazy("“%(word)s” may stand for several places; %(name)s is the likeliest.")
_WHY: Final = {
    "name.spelling": gettext_lazy("“%(word)s” is a stored spelling of %(name)s."),
    "name.sort": gettext_lazy("“%(word)s” says what sort of place it is: of those that bear the name, %(name)s."),
    "name.sound": gettext_lazy("“%(word)s” sounds like %(name)s, and looks much like a stored spelling."),
    "name.adjective": gettext_lazy("“%(word)s”: the adjective tells whose forces they are, %(name)s."),
    "name.capital": gettext_lazy("“%(word)s” stands for who governs from there: %(name)s."),
    "name.again": gettext_lazy("“%(word)s” takes up somebody named before: %(name)s."),
}
_ORDER: Final = (Facet.WHAT, Facet.WHEN, Facet.WHERE, Facet.WHO, Facet.HOW_MANY, ORIGIN)


# Characters of a text that are read: the longest situation reports have some 300,000, and each costs time.
MOST_READ: Final = 400_000


def read(text: str, published: date | None = None) -> list[Proposal]:
    """What the text seems to say, in the order of the text. It stores nothing and asks nobody."""
    text = text[:MOST_READ]
    words, lexicon = Words(text), known.current()
    hits = _without_frame(lexicon, names.find(words, lexicon))
    dated = list(when.proposals(text, published))
    found = [
        *dated,
        *_named(words, lexicon, hits),
        *_happened(words, lexicon),
        *how_many.proposals(text, lexicon, dated),
        *origins(words, lexicon, hits),
    ]
    return sorted(found, key=lambda one: (one.start, _ORDER.index(one.facet), -one.end))


def choices_of(targets: tuple[Target, ...]) -> tuple[Choice, ...]:
    """The records as choices, in the reader's language."""
    return tuple(Choice(target.slug, target.label) for target in targets)


def _without_frame(lexicon: Lexicon, hits: list[Hit]) -> list[Hit]:
    """The hits without a country in which a narrower place is named: it only says where that one lies."""
    countries = {hit.target.slug for hit in hits if hit.target.kind == SiteKind.COUNTRY}
    narrowed = {
        above for hit in hits if hit.is_site and hit.target.kind != SiteKind.COUNTRY for above in _above(lexicon, hit)
    }
    return [hit for hit in hits if hit.target.slug not in countries & narrowed or not hit.is_site]


def _above(lexicon: Lexicon, hit: Hit) -> Iterator[str]:
    slug = lexicon.parents.get(hit.target.slug, "")
    while slug:
        yield slug
        slug = lexicon.parents.get(slug, "")


def _named(words: Words, lexicon: Lexicon, hits: list[Hit]) -> Iterator[Proposal]:
    """Places and actors, with the part that they have where the text tells."""
    told = roles(words, lexicon, hits)
    for hit in hits:
        if hit.target.facet == ORIGIN:
            continue
        word = words.text[hit.start : hit.end]
        value: tuple[tuple[str, Any], ...] = (("role", told[hit]),) if hit in told else ()
        yield Proposal(
            hit.target.facet, hit.start, hit.end, hit.rule, word, _why(hit, word), choices_of(hit.targets), value
        )


def _why(hit: Hit, word: str) -> str:
    is_open = len(hit.targets) > 1 and hit.is_site
    return str(_SEVERAL if is_open else _WHY[hit.rule]) % {"word": word, "name": hit.target.label}


def _happened(words: Words, lexicon: Lexicon) -> Iterator[Proposal]:
    """Types of event by their cue words."""
    for cue in seen(words, lexicon, CueKind.TYPE):
        start, end = _span(words, cue)
        word = words.text[start:end]
        targets = tuple(dict.fromkeys(sign.target for sign in cue.signs if sign.target))
        why = _("“%(word)s” is a cue for this type of event: %(name)s.") % {"word": word, "name": targets[0].label}
        yield Proposal(Facet.WHAT, start, end, "type.cue", word, why, choices_of(targets))


def _span(words: Words, cue: Seen) -> tuple[int, int]:
    return start_behind(words.text, words[cue.first], cue.cut), words[cue.last].end
