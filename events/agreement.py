"""Agreement between claims and what events hold, asked in SQL as ``events.provenance`` computes it.

Dates that are written differently, which SQL cannot compare as EDTF means them, are confirmed in Python.
"""

from functools import lru_cache
from typing import Any

from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, Q, Value
from django.db.models.functions import Coalesce, NullIf

from events.choices import Basis, CitationRole, Facet, Qualifier, Standing, Status
from events.models import Claim, Count, Event, Involvement, Placement
from osint.base import dates, ready

LIVE = [Standing.ACCEPTED, Standing.IN_CONFLICT]
Keys = list[int] | None


def differing(keys: Keys = None) -> set[int]:
    """Of these events (all where nothing is said) those about which a live claim says something else."""
    among = keys
    if keys is not None:
        duplicates = Event.objects.filter(merged_into__in=keys).order_by().values_list("pk", flat=True)
        among = [*keys, *duplicates]
    found = {key for (key,) in apart(among)}
    found |= {key for key, held, said in dated_otherwise(among) if not within(held, said)}
    return found if keys is None else found & set(keys)


@ready.rows
def apart(keys: Any) -> Any:
    """Events that do not hold what their claims say, dates apart."""
    return live(keys).filter(~agreeing()).values_list("bearer")


@ready.rows
def dated_otherwise(keys: Any) -> Any:
    """Events with what their claims say of the date in other words: as it is held, and as it is said."""
    held = Coalesce("citation__event__merged_into__when", "citation__event__when")
    dated = live(keys).filter(facet=Facet.WHEN).annotate(held=held).exclude(when=F("held"))
    return dated.values_list("bearer", "held", "when").distinct()


def live(keys: Any) -> Any:
    """The live claims about these events, which know their bearer."""
    claims = Claim.objects.filter(standing__in=LIVE)
    return (claims if keys is None else claims.filter(citation__event__in=keys)).with_bearer().order_by()


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


@lru_cache(maxsize=10_000)
def within(held: str, said: str) -> bool:
    """Whether the days said lie within the days held, as ``provenance.same_when`` has it."""
    return bool(held and said and dates.contains(dates.parse(held), dates.parse(said)))


def unsupported(keys: Keys = None) -> set[int]:
    """Of these events those that are published and hold a fact as stated which no claim states."""
    if keys is not None:
        keys = [key for (key,) in out(keys)]  # to plan the questions takes PostgreSQL longer than all else of a change
    held = dict(worded_alone(keys))
    stated = {key for key, said in days_said(list(held)) if within(held[key], said)}
    return {key for (key,) in lacking(keys)} | set(held) - stated


@ready.rows
def out(keys: Any) -> Any:
    """Those that are published."""
    return published(keys).values_list("pk")


@ready.rows
def lacking(keys: Any) -> Any:
    """Published events that hold a fact as stated which no claim states, dates apart."""
    types = speaking().filter(facet=Facet.WHAT, type__path__startswith=OuterRef("type__path"))
    found = Q(type_basis=Basis.STATED) & ~of_event(types, "pk")
    sites = speaking().filter(site_role=OuterRef("role"), site__path__startswith=OuterRef("site__path"))
    actors = speaking().filter(actor=OuterRef("actor"), actor_role=OuterRef("role"))
    numbers = same_number(speaking())
    for holder, claims in ((Placement, sites), (Involvement, actors), (Count, numbers)):
        stated: Any = holder._default_manager.filter(event=OuterRef("pk"), basis=Basis.STATED).order_by()
        found |= Q(Exists(stated.exclude(of_event(claims, "event"))))
    return published(keys).filter(found).values_list("pk")


@ready.rows
def worded_alone(keys: Any) -> Any:
    """Published events with their date, which is held as stated, and which no claim states in these words."""
    dated = published(keys).filter(when_basis=Basis.STATED).exclude(when="")
    same = speaking().filter(facet=Facet.WHEN, when=OuterRef("when"))
    return dated.exclude(of_event(same, "pk")).values_list("pk", "when")


@ready.rows
def days_said(keys: Any) -> Any:
    """Events with the days that their claims state."""
    claims = speaking().filter(facet=Facet.WHEN).with_bearer().filter(bearer__in=keys)
    return claims.order_by().values_list("bearer", "when")


def published(keys: Any) -> Any:
    """These events, as far as they are published."""
    return Event.objects.filter(status=Status.PUBLISHED, **({} if keys is None else {"pk__in": keys})).order_by()


def speaking() -> Any:
    """The claims that state what they say."""
    return Claim.objects.filter(standing=Standing.ACCEPTED).exclude(citation__role=CitationRole.DENIES)


def of_event(claims: Any, key: str) -> Q:
    """The condition: one of these claims is about the event, or about one that was merged into it."""
    own, merged = Q(citation__event=OuterRef(key)), Q(citation__event__merged_into=OuterRef(key))
    return Q(Exists(claims.filter(own))) | Q(Exists(claims.filter(merged)))
