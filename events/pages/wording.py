"""What an event holds, in the words of a page: numbers as people say them, and the places of a title."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from events.choices import VERBAL, Facet, Qualifier, SiteRole
from events.models import Claim, Count, Event, Placement
from events.models.facts import Number
from events.pages.route import phrases
from osint.base import dates
from osint.base.names import in_language

# Qualifiers that the figures alone do not show; those of one side only beside one figure, as bounds say them too.
QUALIFIED = {Qualifier.ABOUT, Qualifier.UNCLEAR, *VERBAL}
ONE_SIDED = {Qualifier.AT_LEAST, Qualifier.MORE_THAN, Qualifier.UP_TO, Qualifier.FEWER_THAN}


def figure(number: Number) -> str:
    """A number in words: “about 25”, “at least 10”, “20–30”, “dozens”; nothing where no more is known than a phrase."""
    low, high, qualifier = number.low, number.high, number.qualifier
    exact = low if low == high else None
    if qualifier in VERBAL and exact is not None:
        return str(Qualifier(qualifier).label)
    best = exact if number.best is None else number.best
    words = digits(low, best, high)
    if best is not None and qualifier == Qualifier.AT_LEAST:
        # A sentence of its own: in Arabic these words follow the number.
        return words.replace(str(best), _("at least %(number)d") % {"number": best}, 1)
    shown = qualifier in QUALIFIED or (best is not None and qualifier in ONE_SIDED)
    return " ".join(filter(None, [str(Qualifier(qualifier).label) if shown else "", words]))


def digits(low: int | None, best: int | None, high: int | None) -> str:
    """What is known of a number and its bounds."""
    if best is None:
        return bounds(low, high)
    around = {low, high} - {None, best}
    return f"{best} ({bounds(low, high)})" if around else str(best)


def bounds(low: int | None, high: int | None) -> str:
    """A range, or the one end of it that is known."""
    if low is not None and high is not None:
        return f"{low}–{high}" if low != high else str(low)
    if low is not None:
        return _("at least %(number)d") % {"number": low}
    return _("at most %(number)d") % {"number": high} if high is not None else ""


def worded(count: Count | Claim, measure: str = "") -> str:
    """A count in words: how many, of what (``measure``, where it is no record at hand), which of them."""
    label = in_language(count.label, count.label_ar)
    number, thing = figure(count), uncapped(measure or str(count.measure))
    # A sentence of its own: in Arabic the noun's form hangs on the number before it, so there the noun comes first.
    words = _("%(number)s %(thing)s") % {"number": number, "thing": thing} if number else thing
    return f"{words} ({label})" if label else words


def said(claim: Claim) -> str:
    """What a claim says: a date in words, a number with its party, the report's own words where there is no figure."""
    if claim.facet == Facet.WHEN and claim.reading:
        return dates.describe(claim.reading, get_language() or "en")
    if claim.facet != Facet.HOW_MANY:
        return claim.value
    # Without figure and phrase (it may be withheld) the bare name of what is counted.
    words = worded(claim) if figure(claim) or not claim.phrase else f"{claim.span} {worded(claim)}"
    return f"{words} · {claim.party}" if claim.party else words


def uncapped(name: str) -> str:
    """A name within a sentence: “Trucks” small, “US dollars” as it is."""
    return name[:1].lower() + name[1:] if name[1:2].islower() else name


def places(event: Event) -> list[str]:
    """The places of a title: those where it was; else how it lies to all, each role said once."""
    placements: list[Placement] = list(event.placements.all())
    here = [placement.site.name for placement in placements if placement.role == SiteRole.AT]
    return here or list(phrases(event))
