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
from typing import TYPE_CHECKING, Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.lookups import IsNull
from django.utils.translation import gettext as _

from events.models import Actor, Citation, Claim, Event, EventType, Involvement, Placement, Site
from events.querysets import EventQuerySet
from osint.base import trigrams
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
MANY = 1_000  # summaries or quotes: what more of them say is common
REFERENCE = re.compile(r"[A-Za-z]{2,8}-[0-9]{4}(-[0-9A-Za-z]*)?")
Keys = QuerySet[Any, Any]  # of events, as a question that is still to be put
Records = dict[type[Named], set[int]]  # keys by kind


@dataclass
class Meant:
    """What a text stands for: records by kind, and every spelling under which they occur in texts."""

    records: Records = field(default_factory=lambda: defaultdict(set))
    spellings: set[str] = field(default_factory=set)


class Called(NamedTuple):
    """Records that are called by a text; those whose names hold it; those that are called by each of its words.

    Who puts several questions about one text looks them up once.
    """

    whole: Records
    holders: Records
    each: list[Records]


def matching(events: EventQuerySet, text: str, reader: "Reader", called: Called | None = None) -> EventQuerySet:
    """The events that match the text as a whole, or each of its words."""
    return events.filter(condition(text, reader, called))


def condition(text: str, reader: "Reader", called: Called | None = None) -> Q:
    """The condition that an event matches the text as a whole, or each of its words."""
    words = list(dict.fromkeys(tokens(text)))
    if len(words) > MOST_WORDS:
        raise ValidationError(
            {
                "q": _("%(number)d words are too many to look for: at most %(most)d.")
                % {"number": len(words), "most": MOST_WORDS}
            }
        )
    meant = meaning(text, called)
    if len(words) == 1 and is_common(meant):
        return on_sight(meant, reader)
    found = about(meant, reader)
    if len(words) > 1:
        each = Event.objects.order_by()
        for word in words:
            each = each.filter(pk__in=any_of(about(meaning(word), reader)))
        found.append(each.values("pk"))
    if REFERENCE.fullmatch(text.strip()):
        found.append(keys(Q(reference__startswith=text.strip().upper())))
    return Q(pk__in=any_of(found))


def nearest_first(events: EventQuerySet, text: str, called: Called | None = None) -> EventQuerySet:
    """The events in the order in which they come near to the text; equally near ones as they were.

    The event is called so; it holds a place, an actor or the type of this name; its summary has the words as they
    stand; or within other words; it is found otherwise.
    """
    folded = fold(text)
    bearers = found_by(partial(bears, text=text))[0] if called is None else called.whole
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


def about(meant: Meant, reader: "Reader") -> list[Keys]:
    """The events of which a fact, the summary, or a quote that the reader may see speaks of this."""
    said = reduce(or_, map(speaks_of, sorted(meant.spellings)))
    # A question about each claim that says it: else engines begin with all that the reader may see.
    quoted = Claim.objects.order_by().filter(said).filter(seen_by(reader))
    merged = quoted.filter(citation__event__merged_into__isnull=False)
    questions = [keys(said), quoted.values("citation__event"), merged.values("citation__event__merged_into")]
    questions += holding(meant.records)
    if types := meant.records[EventType]:
        questions.append(keys(Q(type__in=types)))
    return questions


def seen_by(reader: "Reader") -> Exists:
    """The condition on a claim: the reader may see its report."""
    return Exists(visible(Citation.objects.all(), "report", reader).filter(pk=OuterRef("citation__report")))


def is_common(meant: Meant) -> bool:
    """Whether so many summaries or quotes speak of this that it is best looked for event by event, from the first."""
    spellings = meant.spellings
    if min(map(len, spellings)) < SHORTEST:
        return False
    models: tuple[Any, ...] = (Event, Claim)
    return any(trigrams.is_common(model.objects.all(), "folded", spellings, MANY) for model in models)


def on_sight(meant: Meant, reader: "Reader") -> Q:
    """The same as ``about``, as a condition on each event by itself."""
    said = reduce(or_, (Q(folded__contains=spelling) for spelling in meant.spellings))
    quoted = Claim.objects.order_by().filter(said).filter(seen_by(reader))
    own, merged = (quoted.filter(**{f"citation__{way}": OuterRef("pk")}) for way in ("event", "event__merged_into"))
    found = said | there_is(own) | there_is(merged) | Q(type__in=meant.records[EventType])
    for model, name in ((Placement, "site"), (Involvement, "actor")):
        if records := meant.records[model._meta.get_field(name).related_model]:  # type: ignore[index]
            found |= there_is(model.objects.order_by().filter(**{f"{name}__in": records, "event": OuterRef("pk")}))
    return found


def there_is(rows: QuerySet[Any]) -> Q:
    """The condition that there is such a row, which is looked for row by row: with EXISTS engines gather all first."""
    return Q(IsNull(Subquery(rows.values("pk")[:1]), False))


def holding(records: Records) -> Iterator[Keys]:
    """The events that hold one of the places or actors."""
    if placed := records[Site]:
        yield Placement.objects.order_by().filter(site__in=placed).values("event")
    if involved := records[Actor]:
        yield Involvement.objects.order_by().filter(actor__in=involved).values("event")


def speaks_of(spelling: str) -> Q:
    """The condition: the searchable text holds this; a very short word only where it stands by itself."""
    return Q(folded__holds=spelling if len(spelling) >= SHORTEST else f" {spelling} ")


def meaning(text: str, called: Called | None = None) -> Meant:
    """The records that bear this name, and the spellings to look for: the text's own, and those of the records."""
    bearers, holders = (called.whole, called.holders) if called else found_by(*ways_to_be_called(text))
    told = sorted(spellings(bearers))[:MOST_SPELLINGS]
    others = found_by(partial(names_hold, words=told)) if told else []
    meant = Meant(spellings={fold(text), *told})
    for found in (bearers, holders, *others):
        for model, some in found.items():
            meant.records[model] |= some
    # A name is heard in a text however it is spelled there; a word that is no name would only mislead by its sound.
    meant.spellings |= {heard(spelling) for spelling in told if len(key(spelling)) >= SHORTEST}
    return meant


def ways_to_be_called(text: str) -> list[Callable[[type[Named]], Q]]:
    """The conditions on a record: it bears this name; one of its names holds it."""
    return [partial(bears, text=text), partial(names_hold, words=[fold(text)])]


def called_so(text: str) -> Called:
    """The records that are called by the text or by one of its words."""
    words = [word for word in tokens(text)[:MOST_WORDS] if word != text]
    whole, holders, *each = found_by(*ways_to_be_called(text), *(partial(bears, text=word) for word in words))
    return Called(whole, holders, each)


def looked_for(text: str, called: Called | None = None) -> Sought:
    """What a text looks for, as it may stand in summaries and quotes: its words, and the names it stands for."""
    found = called or called_so(text)
    return sought(text, {name for records in (found.whole, *found.each) for name in spellings(records)})


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
    for number, pk in questions[0].union(*questions[1:], all=True).order_by():
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
