"""Events that a text may be about: found by any spelling of a name, and by words of summaries and quotes.

A text that is the name of a place, an actor or a type (by its folded letters, or by its consonants) stands for that
record and for all its spellings: so "قسرك", "Qasrek" and "Kasrak" find the same events, in whichever of them an event
is written.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from events.models import Actor, Claim, EventType, Involvement, Placement, Site
from events.querysets import EventQuerySet
from osint.base.names import Named, Spelling
from osint.base.text import fold, heard, key, telling, tokens

if TYPE_CHECKING:
    from sources.querysets import Reader

NAMED: tuple[type[Named], ...] = (Site, Actor, EventType)
MOST_WORDS = 8
SHORTEST = 3  # letters of a word or a key that may be part of another: shorter ones are so in every second text
MOST_SPELLINGS = 40
REFERENCE = re.compile(r"[A-Za-z]{2,8}-[0-9]{4}(-[0-9A-Za-z]*)?")


@dataclass
class Meant:
    """What a text stands for: records by kind, and every spelling under which they occur in texts."""

    records: dict[type[Named], set[int]] = field(default_factory=dict)
    spellings: set[str] = field(default_factory=set)


def matching(events: EventQuerySet, text: str, reader: "Reader") -> EventQuerySet:
    """The events that match the text as a whole, or each of its words."""
    words = list(dict.fromkeys(tokens(text)))
    if len(words) > MOST_WORDS:
        raise ValidationError(
            {
                "q": _("%(number)d words are too many to look for: at most %(most)d.")
                % {"number": len(words), "most": MOST_WORDS}
            }
        )
    each = Q()
    for word in words:
        each &= about(word, reader)
    whole = about(text, reader) if len(words) > 1 else each
    return events.filter(whole | each | referenced(text))


def referenced(text: str) -> Q:
    """Events whose reference begins with the text, where it looks like one."""
    return Q(reference__startswith=text.strip().upper()) if REFERENCE.fullmatch(text.strip()) else Q(pk__in=[])


def about(text: str, reader: "Reader") -> Q:
    """The condition: a fact of the event, its summary, or a quote that the reader may see speaks of this."""
    meant = meaning(text)
    said = Q()
    for spelling in sorted(meant.spellings):
        said |= speaks_of(spelling)
    quoted = Claim.objects.from_reports_seen_by(reader).filter(said)
    own = quoted.filter(citation__event=OuterRef("pk"))
    merged = quoted.filter(citation__event__merged_into=OuterRef("pk"))
    placed = Placement.objects.filter(event=OuterRef("pk"), site__in=meant.records[Site])
    involved = Involvement.objects.filter(event=OuterRef("pk"), actor__in=meant.records[Actor])
    held = Exists(placed) | Exists(involved) | Q(type__in=meant.records[EventType])
    return said | Exists(own) | Exists(merged) | held


def speaks_of(spelling: str) -> Q:
    """The condition: the searchable text holds this; a very short word only where it stands by itself."""
    if len(spelling) >= SHORTEST:
        return Q(folded__contains=spelling)
    # The folded words end with a line; how they sound comes after it.
    return (
        Q(folded__contains=f" {spelling} ")
        | Q(folded__startswith=f"{spelling} ")
        | Q(folded__contains=f" {spelling}\n")
        | Q(folded__startswith=f"{spelling}\n")
    )


def meaning(text: str) -> Meant:
    """The records that bear this name, and the spellings to look for: the text's own, and those of the records."""
    bearers = [record for model in NAMED for record in found_by(model, *by_name(text))]
    told = sorted({spelling for record in bearers for spelling in spellings(record)})[:MOST_SPELLINGS]
    meant = Meant({model: set() for model in NAMED}, {fold(text), *told})
    for model in NAMED:
        meant.records[model] = {record.pk for record in found_by(model, *by_words(meant.spellings))}
    for record in bearers:
        meant.records[type(record)].add(record.pk)
    # A name is heard in a text however it is spelled there; a word that is no name would only mislead by its sound.
    meant.spellings |= {heard(spelling) for spelling in told if len(key(spelling)) >= SHORTEST}
    return meant


def by_name(text: str) -> tuple[Q, Q]:
    """Conditions on a record, and on a row of its spellings: one of its names is the text, by letters or consonants."""
    folded, sound = fold(text), key(text)
    own = Q(slug=text.strip()) | Q(folded_en=folded) | Q(folded_ar=folded)
    if len(sound) < SHORTEST:
        return own, Q(folded=folded)
    return own | Q(key_en=sound) | Q(key_ar=sound), Q(folded=folded) | Q(key=sound)


def by_words(words: Iterable[str]) -> tuple[Q, Q]:
    """The same: one of its names holds one of these, uncut."""
    own = other = Q(pk__in=[])
    for folded in sorted(word for word in words if len(word) >= SHORTEST):
        own |= has_words("folded_en", folded) | has_words("folded_ar", folded)
        other |= has_words("folded", folded)
    return own, other


def found_by(model: type[Named], own: Q, other: Q) -> Any:
    """Records for which the one condition holds, or the other for one of their spellings."""
    spelling: type[Spelling] | None = getattr(model, "spelling", None)
    records: Any = model._default_manager
    if spelling is None:
        return records.filter(own)
    rows = spelling._default_manager.filter(other).values(spelling.owner)
    return records.filter(own | Q(pk__in=rows)).prefetch_related("names")


def has_words(column: str, folded: str) -> Q:
    """The condition: the column holds these words, none of them cut."""
    return (
        Q(**{column: folded})
        | Q(**{f"{column}__startswith": f"{folded} "})
        | Q(**{f"{column}__endswith": f" {folded}"})
        | Q(**{f"{column}__contains": f" {folded} "})
    )


def spellings(record: Any) -> Iterator[str]:
    """What tells in each name of a record, folded."""
    names = [record.name_en, record.name_ar]
    if hasattr(record, "names"):
        names += [name.text for name in record.names.all()]
    return (spelling for spelling in map(telling, names) if len(spelling) > 1)
