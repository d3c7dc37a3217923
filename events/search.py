"""Events that a text may be about: found by any spelling of a name, and by words of summaries and quotes.

A text that is the name of a place, an actor or a type (by its folded letters, or by its consonants) stands for that
record and for all its spellings: so "قسرك", "Qasrek" and "Kasrak" find the same events, in whichever of them an event
is written.

Each way to be about something is a question of its own, answered by its own index; together they are a set of keys. As
one condition with "or" they would be tried on every event.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import reduce
from itertools import chain
from operator import or_
from typing import TYPE_CHECKING, Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan, IsNull
from django.utils.translation import gettext as _

from events.called import SHORTEST, Called, Found, Records, Statement, found_by, so, with_words
from events.models import Actor, Citation, Claim, Event, EventType, Involvement, Placement, Site
from events.querysets import EventQuerySet
from osint.base import trigrams
from osint.base.highlights import Sought, sought
from osint.base.text import fold, heard, key, tokens
from osint.base.visibility import leads_to_visible
from osint.history.editions import AsNamed

if TYPE_CHECKING:
    from sources.querysets import Reader

MOST_WORDS = 8
MOST_SPELLINGS = 40
MANY = 1_000  # summaries or quotes: what more of them say is common
REFERENCE = re.compile(r"[A-Za-z]{2,8}-[0-9]{4}(-[0-9A-Za-z]*)?")
Keys = QuerySet[Any, Any]  # of events, as a question that is still to be put


@dataclass
class Meant:
    """What a text stands for: records by kind, and every spelling under which they occur in texts."""

    told: list[str]  # the spellings of the records that bear this name
    records: Records = field(default_factory=lambda: defaultdict(set))
    spellings: set[str] = field(default_factory=set)
    is_common: bool = False  # so many summaries or quotes speak of it that it is best looked for event by event

    def hold(self, found: Found) -> None:
        """Stand for these records too."""
        for model, some in found.records.items():
            self.records[model] |= some


class Known(NamedTuple):
    """What is called by a text and by each of its words, and what they mean; who puts several questions looks once."""

    found: list[Called]
    meant: list[Meant]


def matching(events: EventQuerySet, text: str, reader: "Reader", known: Known | None = None) -> EventQuerySet:
    """The events that match the text as a whole, or each of its words."""
    return events.filter(condition(text, reader, known))


def condition(text: str, reader: "Reader", known: Known | None = None) -> Q:
    """The condition that an event matches the text as a whole, or each of its words."""
    words = words_of(text)
    if len(words) > MOST_WORDS:
        raise ValidationError(
            {
                "q": _("%(number)d words are too many to look for: at most %(most)d.")
                % {"number": len(words), "most": MOST_WORDS}
            }
        )
    meant, *each = (known or known_by(text)).meant
    if meant.is_common:
        return on_sight(meant, reader)
    found = about(meant, reader)
    if each:
        events = Event.objects.order_by()
        for one in each:
            events = events.filter(pk__in=any_of(about(one, reader)))
        found.append(events.values("pk"))
    if REFERENCE.fullmatch(text.strip()):
        found.append(keys(Q(reference__startswith=text.strip().upper())))
    return Q(pk__in=any_of(found))


def nearest_first(events: EventQuerySet, text: str, known: Known | None = None) -> EventQuerySet:
    """The events in the order in which they come near to the text; equally near ones as they were.

    The event is called so; it holds a place, an actor or the type of this name; its summary has the words as they
    stand; or within other words; it is found otherwise.
    """
    folded = fold(text)
    bearers = (known or known_by(text)).found[0].whole.records
    near = [
        Q(reference=text.strip().upper()),
        Q(pk__in=any_of([keys(Q(type__in=bearers[EventType])), *holding(bearers)])),
        says(f" {folded} "),
        says(folded),
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
    return leads_to_visible(Citation.objects.all(), "report", reader, "citation__report")


def is_common(spellings: Iterable[str]) -> Statement | None:
    """The condition: so many summaries or quotes speak of this that it is best looked for event by event.

    None where it is known that they are too short for it.
    """
    told = sorted(spellings)
    if min(map(len, told)) < SHORTEST:
        return None
    events, claims = Event._default_manager.all(), Claim._default_manager.all()
    ways = [
        trigrams.sampled(events, "folded", told),
        trigrams.common(events, "folded", told, MANY),
        trigrams.common(claims, "folded", told, MANY),
    ]
    return Statement(
        " OR ".join(sql for sql, _values in ways), tuple(chain.from_iterable(values for _sql, values in ways))
    )


def on_sight(meant: Meant, reader: "Reader") -> Q:
    """The same as ``about``, as a condition on each event by itself."""
    said = reduce(or_, map(says, sorted(meant.spellings)))
    quoted = Claim.objects.order_by().filter(said).filter(seen_by(reader))
    own, merged = (quoted.filter(**{f"citation__{way}": OuterRef("pk")}) for way in ("event", "event__merged_into"))
    found = said | there_is(own) | there_is(merged) | Q(type__in=meant.records[EventType])
    for model, name in ((Placement, "site"), (Involvement, "actor")):
        if records := meant.records[model._meta.get_field(name).related_model]:  # type: ignore[index]
            found |= there_is(model.objects.order_by().filter(**{f"{name}__in": records, "event": OuterRef("pk")}))
    return found


def says(spelling: str) -> Q:
    """The condition: the searchable text holds this, by a function that no index answers, and is faster than LIKE.

    Of few events: where an index may answer, SQLite lists all that it finds first.
    """
    return Q(GreaterThan(StrIndex("folded", Value(spelling)), 0))


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


def words_of(text: str) -> list[str]:
    """The words of a text that has several."""
    words = list(dict.fromkeys(tokens(text)))
    return words if len(words) > 1 else []


def known_by(text: str) -> Known:
    """The text and its words, looked up."""
    found, common = called_by(text)
    return Known(found, meanings(texts_of(text), found, common))


known_in = AsNamed(known_by)


def texts_of(text: str) -> list[str]:
    """The text and, where it has several, each of its words."""
    return [text, *words_of(text)[:MOST_WORDS]]


def called_by(text: str) -> tuple[list[Called], bool]:
    """What is called by the text and by each of its words; and whether it is common."""
    texts = texts_of(text)
    return found_by(list(map(so, texts)), is_common([fold(text)]) if len(texts) == 1 else None)


def meanings(texts: list[str], called: list[Called], common: bool) -> list[Meant]:
    """What each text stands for: the records of this name, and spellings, the text's own and those of the records.

    Whether the text is common is known where it is no name.
    """
    found = list(map(meaning, texts, called))
    if not any(one.told for one in found):
        found[0].is_common = common
        return found
    besides = is_common(found[0].spellings) if len(found) == 1 else None
    others, found[0].is_common = found_by([with_words(one.told) for one in found], besides)
    for one, other in zip(found, others, strict=True):
        one.hold(other.holders)
    return found


def meaning(text: str, called: Called) -> Meant:
    """The same of one text, without the records whose names hold those spellings."""
    whole, holders = called
    meant = Meant(told=sorted(whole.spellings)[:MOST_SPELLINGS])
    meant.hold(whole)
    meant.hold(holders)
    # A name is heard in a text however it is spelled there; a word that is no name would only mislead by its sound.
    sounds = {heard(spelling) for spelling in meant.told if len(key(spelling)) >= SHORTEST}
    meant.spellings |= {fold(text), *meant.told, *sounds}
    return meant


def looked_for(text: str, known: Known | None = None) -> Sought:
    """What a text looks for, as it may stand in summaries and quotes: its words, and the names it stands for."""
    found = known.found if known else called_by(text)[0]
    return sought(text, {name for called in found for name in called.whole.spellings})
