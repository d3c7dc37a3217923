"""What is there to do: the questions behind the work queues, each with the records that answer it for one person.

Agreement is asked in SQL as ``events.provenance`` computes it; dates that are written differently, which SQL cannot
compare as EDTF means them, are confirmed in Python. What a claim says counts also where its words are withheld from the
person.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, Q, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext_lazy as _

from events import behind
from events.choices import Basis, CitationRole, Facet, Qualifier, Standing, Status
from events.models import Claim, Count, Event, Involvement, Placement
from events.querysets import EventQuerySet
from osint.base import dates
from sources.choices import CodingStatus
from sources.models import Report

if TYPE_CHECKING:
    from sources.querysets import Reader

LIVE = [Standing.ACCEPTED, Standing.IN_CONFLICT]


@dataclass(frozen=True)
class Queue:
    """A list of work: its name, its title, what it holds, and how to find that for a person."""

    name: str
    title: Any
    about: Any
    find: Callable[["Reader"], Any]


# Whose turn it is


def to_code(reader: "Reader") -> Any:
    """Reports that nobody has turned into events yet."""
    return Report.objects.visible_to(reader).filter(status=CodingStatus.NEW)


def theirs(reader: "Reader") -> Q:
    """The condition: assigned to the person, or entered by them and assigned to nobody."""
    return Q(assignee=reader.pk) | Q(assignee=None, created_by=reader.pk)


def mine(reader: "Reader") -> EventQuerySet:
    """What is assigned to the person, and their own drafts."""
    drafts = theirs(reader) & Q(status=Status.DRAFT)
    return Event.objects.visible_to(reader).standing().filter(Q(assignee=reader.pk) | drafts)


def waiting(reader: "Reader") -> EventQuerySet:
    """What was handed in for review."""
    return Event.objects.visible_to(reader).filter(status=Status.SUBMITTED)


def sent_back(reader: "Reader") -> EventQuerySet:
    """What was sent back and not handed in again."""
    return Event.objects.visible_to(reader).filter(status=Status.DRAFT, is_sent_back=True)


def sent_back_to_me(reader: "Reader") -> EventQuerySet:
    """Of that, what is the person's."""
    return sent_back(reader).filter(theirs(reader))


# Where claims and what we hold go apart


def disputed(reader: "Reader") -> EventQuerySet:
    """Events about which some report says something else, and nobody has settled it by superseding the claim."""
    live = Claim.objects.filter(standing__in=LIVE).with_bearer()
    other = live.filter(~agreeing()).order_by().values("bearer")
    return Event.objects.visible_to(reader).standing().filter(Q(pk__in=other) | Q(pk__in=other_dates(live)))


def agreeing() -> Q:
    """The condition on claims that know their bearer: it holds what they say, or they speak of a date."""
    event = OuterRef("bearer")
    types = Event.objects.filter(pk=event).annotate(said=outer("type__path"))
    places = Placement.objects.filter(event=event, role=OuterRef("site_role")).annotate(said=outer("site__path"))
    actors = Involvement.objects.filter(event=event, role=OuterRef("actor_role"), actor=OuterRef("actor"))
    return (
        Q(facet=Facet.WHEN)
        | Q(Exists(types.filter(said__startswith=F("type__path"))), facet=Facet.WHAT)
        | Q(Exists(places.filter(said__startswith=F("site__path"))), facet=Facet.WHERE)
        | Q(Exists(actors), facet=Facet.WHO)
        | Q(Exists(same_number(Count.objects.filter(event=event))), facet=Facet.HOW_MANY)
    )


def outer(path: str) -> Any:
    """A text of the row outside."""
    return ExpressionWrapper(OuterRef(path), output_field=CharField())


def same_number(rows: Any) -> Any:
    """Rows with the same numbers of the same thing as the row outside; without numbers, in the same words."""
    in_words = Q(low=None, best=None, high=None)
    worded = in_words & Q(phrase=OuterRef("phrase")) | ~in_words & Q(exactness=exactness_of(OuterRef))
    return rows.annotate(exactness=exactness_of(F), **told(F)).filter(
        worded, measure=OuterRef("measure"), label=OuterRef("label"), **told(OuterRef)
    )


def told(ref: Any) -> dict[str, Any]:
    """The party and the numbers, so that nothing equals nothing; no key and no number is negative."""
    return {f"told_{name}": Coalesce(ref(name), Value(-1)) for name in ("party", "low", "best", "high")}


def exactness_of(ref: Any) -> Any:
    """The qualifier; a bare number is an exact one."""
    return Coalesce(NullIf(ref("qualifier"), Value(Qualifier.EXACTLY.value)), Value(""))


def other_dates(claims: Any) -> list[int]:
    """Keys of the events about which one of these claims gives a day outside of those held."""
    held = Coalesce("citation__event__merged_into__when", "citation__event__when")
    dated = claims.filter(facet=Facet.WHEN).annotate(held=held).exclude(when=F("held"))
    pairs = dated.order_by().values_list("bearer", "held", "when").distinct()
    return sorted({key for key, when, said in pairs if not within(when, said)})


@lru_cache(maxsize=10_000)
def within(held: str, said: str) -> bool:
    """Whether the days said lie within the days held, as ``provenance.same_when`` has it."""
    return bool(held and said and dates.contains(dates.parse(held), dates.parse(said)))


def unsupported(reader: "Reader") -> EventQuerySet:
    """Published events that hold a fact as stated which no claim states."""
    published = Event.objects.visible_to(reader).filter(status=Status.PUBLISHED)
    speaking = Claim.objects.filter(standing=Standing.ACCEPTED).exclude(citation__role=CitationRole.DENIES)
    types = speaking.filter(facet=Facet.WHAT, type__path__startswith=OuterRef("type__path"))
    lacking = Q(type_basis=Basis.STATED) & ~of_event(types, "pk") | Q(pk__in=undated(published, speaking))
    sites = speaking.filter(site_role=OuterRef("role"), site__path__startswith=OuterRef("site__path"))
    actors = speaking.filter(actor=OuterRef("actor"), actor_role=OuterRef("role"))
    numbers = same_number(speaking)
    for holder, claims in ((Placement, sites), (Involvement, actors), (Count, numbers)):
        stated: Any = holder._default_manager.filter(basis=Basis.STATED).exclude(of_event(claims, "event"))
        lacking |= Q(pk__in=stated.order_by().values("event"))
    return published.filter(lacking)


def of_event(claims: Any, key: str) -> Q:
    """The condition: one of these claims is about the event, or about one that was merged into it."""
    own, merged = Q(citation__event=OuterRef(key)), Q(citation__event__merged_into=OuterRef(key))
    return Q(Exists(claims.filter(own))) | Q(Exists(claims.filter(merged)))


def undated(published: EventQuerySet, speaking: Any) -> list[int]:
    """Keys of those whose date is held as stated and no claim states it."""
    dated = published.filter(when_basis=Basis.STATED).exclude(when="")
    same = speaking.filter(facet=Facet.WHEN, when=OuterRef("when"))
    held = dict(dated.exclude(of_event(same, "pk")).order_by().values_list("pk", "when"))
    claims = speaking.filter(facet=Facet.WHEN).with_bearer().filter(bearer__in=list(held))
    stated = {key for key, said in claims.order_by().values_list("bearer", "when") if within(held[key], said)}
    return sorted(set(held) - stated)


# On whose word


def one_origin(reader: "Reader") -> EventQuerySet:
    """Events handed in or published that go back to one origin, as far as the person may know."""
    events = Event.objects.visible_to(reader).filter(status__in=[Status.SUBMITTED, Status.PUBLISHED])
    return events.filter(pk__in=behind.with_origins(1, reader, "="))


REPORTS = Queue("to-code", _("Reports to code"), _("Nobody has turned them into events yet."), to_code)
EVENTS: tuple[Queue, ...] = (
    Queue("mine", _("Mine"), _("Assigned to you, and your own drafts."), mine),
    Queue("sent-back-to-me", _("Sent back to you"), _("With a note of what is to be done."), sent_back_to_me),
    Queue("waiting", _("Waiting for review"), _("Handed in: publish them, or send them back."), waiting),
    Queue("sent-back", _("Sent back"), _("To whomever, and not handed in again."), sent_back),
    Queue("disputed", _("Disputed"), _("A report says something else than what we hold."), disputed),
    Queue("one-origin", _("One origin only"), _("However many reports: all pass on the same source."), one_origin),
    Queue("unsupported", _("Published, unsupported"), _("A fact held as stated that no claim states."), unsupported),
)
BY_NAME = {queue.name: queue for queue in EVENTS}
