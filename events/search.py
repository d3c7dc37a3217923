"""Events that a text may be about: found by any spelling of a name, and by words of summaries and quotes.

A text that is the name of a place, an actor or a type (by its folded letters, or by its consonants) stands for that
record and for all its spellings: so "قسرك", "Qasrek" and "Kasrak" find the same events, in whichever of them an event
is written.

Each way to be about something is a question of its own, answered by its own index; together they are a set of keys. As
one condition with "or" they would be tried on every event.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial, reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from events.models import Actor, Citation, Claim, Event, EventType, Involvement, Placement, Site
from events.querysets import EventQuerySet
from osint.base.highlights import Sought, sought
from osint.base.names import Named, Spelling, has_words, is_exactly
from osint.base.text import fold, heard, key, telling, tokens
from sources.querysets import visible

if TYPE_CHECKING:
    from sources.querysets import Reader

NAMED: tuple[type[Named], ...] = (Site, Actor, EventType)
MOST_WORDS = 8
SHORTEST = 3  # letters of a word or a key that may be part of another: shorter ones are so in every second text
MOST_SPELLINGS = 40
REFERENCE = re.compile(r"[A-Za-z]{2,8}-[0-9]{4}(-[0-9A-Za-z]*)?")
Keys = QuerySet[Any, Any]  # of events, as a question that is still to be put
Records = dict[type[Named], set[int]]  # keys by kind


@dataclass
class Meant:
    """What a text stands for: records by kind, and every spelling under which they occur in texts."""

    records: Records = field(default_factory=lambda: defaultdict(set))
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
    found = about(text, reader)
    if len(words) > 1:
        each = Event.objects.order_by()
        for word in words:
            each = each.filter(pk__in=any_of(about(word, reader)))
        found.append(each.values("pk"))
    if REFERENCE.fullmatch(text.strip()):
        found.append(keys(Q(reference__startswith=text.strip().upper())))
    return events.filter(pk__in=any_of(found))


def nearest_first(events: EventQuerySet, text: str) -> EventQuerySet:
    """The events in the order in which they come near to the text; equally near ones as they were.

    The event is called so; it holds a place, an actor or the type of this name; its summary has the words as they
    stand; or within other words; it is found otherwise.
    """
    folded = fold(text)
    [bearers] = found_by(partial(bears, text=text))
    near = [
        Q(reference=text.strip().upper()),
        Q(pk__in=any_of([keys(Q(type__in=bearers[EventType])), *holding(bearers)])),
        Q(folded__holds=f" {folded} "),
        Q(folded__holds=folded),
    ]
    nearness = Case(
        *(When(one, then=Value(rank)) for rank, one in enumerate(near)),
        default=Value(len(near)),
        output_field=IntegerField(),
    )
    return events.order_by(nearness, *(events.query.order_by or Event._meta.ordering or ()), "pk")


def any_of(questions: list[Keys]) -> Keys:
    """The keys that one of the questions finds."""
    return questions[0].union(*questions[1:]) if len(questions) > 1 else questions[0]


def keys(condition: Q) -> Keys:
    """Keys of the events that fulfil a condition."""
    return Event.objects.order_by().filter(condition).values("pk")


def about(text: str, reader: "Reader") -> list[Keys]:
    """The events of which a fact, the summary, or a quote that the reader may see speaks of this."""
    meant = meaning(text)
    said = reduce(or_, map(speaks_of, sorted(meant.spellings)))
    # A question about each claim that says it: else engines begin with all that the reader may see.
    seen = visible(Citation.objects.all(), "report", reader).filter(pk=OuterRef("citation__report"))
    quoted = Claim.objects.order_by().filter(said).filter(Exists(seen))
    merged = quoted.filter(citation__event__merged_into__isnull=False)
    questions = [keys(said), quoted.values("citation__event"), merged.values("citation__event__merged_into")]
    questions += holding(meant.records)
    if types := meant.records[EventType]:
        questions.append(keys(Q(type__in=types)))
    return questions


def holding(records: Records) -> Iterator[Keys]:
    """The events that hold one of the places or actors."""
    if placed := records[Site]:
        yield Placement.objects.order_by().filter(site__in=placed).values("event")
    if involved := records[Actor]:
        yield Involvement.objects.order_by().filter(actor__in=involved).values("event")


def speaks_of(spelling: str) -> Q:
    """The condition: the searchable text holds this; a very short word only where it stands by itself."""
    return Q(folded__holds=spelling if len(spelling) >= SHORTEST else f" {spelling} ")


def meaning(text: str) -> Meant:
    """The records that bear this name, and the spellings to look for: the text's own, and those of the records."""
    bearers, holders = found_by(partial(bears, text=text), partial(names_hold, words=[fold(text)]))
    told = sorted(spellings(bearers))[:MOST_SPELLINGS]
    others = found_by(partial(names_hold, words=told)) if told else []
    meant = Meant(spellings={fold(text), *told})
    for found in (bearers, holders, *others):
        for model, some in found.items():
            meant.records[model] |= some
    # A name is heard in a text however it is spelled there; a word that is no name would only mislead by its sound.
    meant.spellings |= {heard(spelling) for spelling in told if len(key(spelling)) >= SHORTEST}
    return meant


def looked_for(text: str) -> Sought:
    """What a text looks for, as it may stand in summaries and quotes: its words, and the names it stands for."""
    parts = dict.fromkeys([text, *tokens(text)[:MOST_WORDS]])
    names = {
        name for bearers in found_by(*(partial(bears, text=part) for part in parts)) for name in spellings(bearers)
    }
    return sought(text, names)


def bears(model: Any, text: str) -> Q:
    """The condition on a record: one of its names is the text, by letters or consonants."""
    sound = key(text)
    called: Q = model.objects.called(is_exactly, fold(text), sound if len(sound) >= SHORTEST else "")
    return called | Q(slug=text.strip())


def names_hold(model: Any, words: Iterable[str]) -> Q:
    """The condition: one of its names holds one of these words, uncut."""
    conditions: Iterator[Q] = (model.objects.called(has_words, word) for word in words if len(word) >= SHORTEST)
    return reduce(or_, conditions, Q(pk__in=[]))


def found_by(*conditions: Callable[[type[Named]], Q]) -> list[Records]:
    """For each condition the keys of the records that fulfil it, by their kind; all in one query."""
    asked = [(condition, model) for condition in conditions for model in NAMED]
    questions = [
        model._default_manager.order_by()
        .filter(condition(model))
        .annotate(asked=Value(number, IntegerField()))
        .values_list("asked", "pk")
        for number, (condition, model) in enumerate(asked)
    ]
    found: list[Records] = [defaultdict(set) for _condition in conditions]
    for number, pk in questions[0].union(*questions[1:], all=True):
        found[number // len(NAMED)][NAMED[number % len(NAMED)]].add(pk)
    return found


def spellings(records: Records) -> set[str]:
    """What tells in each name of the records, folded."""
    names = [name for model, found in records.items() if found for name in names_of(model, found)]
    return {spelling for spelling in map(telling, names) if len(spelling) > 1}


def names_of(model: type[Named], found: set[int]) -> Iterator[str]:
    """Every name of some records of one kind."""
    for both in model._default_manager.filter(pk__in=found).values_list("name_en", "name_ar"):
        yield from both
    spelling: type[Spelling] | None = getattr(model, "spelling", None)
    if spelling is not None:
        yield from spelling._default_manager.filter(**{f"{spelling.owner}__in": found}).values_list("text", flat=True)
