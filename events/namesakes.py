"""Sites, and actors, that bear one name: written alike, or with the same consonants in either script.

A site is also compared with those around it: of two records of one place, one may have a letter more than the other.
"""

from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db.models import Q, prefetch_related_objects
from django.utils.translation import gettext as _

from events.candidates import NEARBY
from events.distance import metres_between, point_of
from events.models import Actor, Site
from events.places.nearby import near
from osint.base.names import Named
from osint.base.twins import Twin, Twins, judged, names_of, sorted_out

if TYPE_CHECKING:
    from sources.querysets import Reader

LOOKED_AT = 100
AROUND = 40  # sites near a point whose names are compared letter by letter
ALIKE = 0.75  # the share of letters that two similar names have in common
FEWEST_LETTERS = 3  # of a key: shorter ones are alike by chance
Names = list[tuple[str, str, str]]  # as written, folded, and the key


def of_site(site: Site, reader: "Reader") -> Twins:
    """The likely twins of a site; a place within another (city, district, governorate) may bear its name."""
    told = judged(site, reader, "parent") if site.pk else {}
    names = names_of(site)
    bearers = bearing(names, site).select_related("parent").exclude(slug__in=site.ancestor_slugs())
    found = [compared(names, site, other) for other in bearers[:LOOKED_AT] if not other.path.startswith(site.path)]
    found += similar(site, names, {twin.record.pk for twin in found})
    for twin in found:
        lie(site, twin)
    return sorted_out(found, told, lambda other: other.described)


def of_actor(actor: Actor, reader: "Reader") -> Twins:
    """The likely twins of an actor."""
    told = judged(actor, reader) if actor.pk else {}
    names = names_of(actor)
    found = [compared(names, actor, other) for other in bearing(names, actor)[:LOOKED_AT]]
    return sorted_out(found, told, lambda other: other.get_kind_display())


def refusal(record: Any) -> str:
    """The sentence with which a site of this name would be refused, or nothing; an actor is never refused for it."""
    if not isinstance(record, Site):
        return ""
    try:
        record.check_namesake()
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


def similar(site: Site, names: Names, known: set[int]) -> list[Twin]:
    """Sites near this one whose names differ from its own in a letter or two."""
    point = point_of(site)
    if point is None:
        return []
    others = Site.objects.exclude(pk__in=known | {site.pk or 0}).exclude(slug__in=site.ancestor_slugs())
    around = [found.site for found in near(others, point, NEARBY)[:AROUND]]
    prefetch_related_objects(around, "names")
    twins = []
    for other in around:
        pair = closest(names, names_of(other))
        if pair and not other.path.startswith(site.path):
            twin = Twin(other)
            twin.speaks(1, _("Similar names: %(one)s, %(other)s.") % {"one": pair[0], "other": pair[1]})
            twins.append(twin)
    return twins


def closest(own: Names, others: Names) -> tuple[str, str] | None:
    """The two names that have most letters in common, where that is most of them."""
    pairs = [(alike(one, other), one[0], other[0]) for one in own for other in others]
    share, one, other = max(pairs, default=(0.0, "", ""))
    return (one, other) if share >= ALIKE else None


def alike(one: tuple[str, str, str], other: tuple[str, str, str]) -> float:
    """The share of consonants that two names have in common, in order, in whichever script they are written."""
    keys = one[2], other[2]
    return SequenceMatcher(None, *keys).ratio() if min(map(len, keys)) >= FEWEST_LETTERS else 0.0


def bearing(names: Names, record: Any) -> Any:
    """Other records of the kind that bear one of the record's names, in letters or in consonants."""
    folded, keys = {name for _text, name, _key in names} - {""}, {key for _text, _name, key in names} - {""}
    own = Q(folded_en__in=folded) | Q(folded_ar__in=folded) | Q(key_en__in=keys) | Q(key_ar__in=keys)
    rows = record.spelling.objects.filter(Q(folded__in=folded) | Q(key__in=keys)).values(record.spelling.owner)
    bearers = type(record).objects.filter(own | Q(pk__in=rows)).exclude(pk=record.pk)
    return bearers.prefetch_related("names").order_by("pk")


def compared(own: Names, record: Named, other: Named) -> Twin:
    """The other record, with the names that meet."""
    twin, others = Twin(other), names_of(other)
    if same := first_pair(own, others, 1):
        twin.speaks(3, _("Same name: %(one)s.") % {"one": same[0]})
    elif alike := first_pair(own, others, 2):
        twin.speaks(2, _("The names sound alike: %(one)s, %(other)s.") % {"one": alike[0], "other": alike[1]})
    if record.kind == other.kind:  # type: ignore[attr-defined]
        twin.speaks(1)
    return twin


def first_pair(own: Names, others: Names, column: int) -> Any:
    """The first name of each record that agree in a column: folded letters, or consonants."""
    pairs = ((one[0], other[0]) for one in own for other in others if one[column] and one[column] == other[column])
    return next(pairs, None)


def lie(site: Site, twin: Twin) -> None:
    """How far apart the two lie; and whether somebody has told them apart already."""
    metres = metres_between(site, twin.record)
    if metres is not None and metres <= max(NEARBY, (site.precision_m or 0) + (twin.record.precision_m or 0)):
        twin.speaks(2, _("They lie about %(kilometres)d km apart.") % {"kilometres": max(1, round(metres / 1_000))})
    for note in filter(None, dict.fromkeys((site.namesake_note, twin.record.namesake_note))):
        twin.speaks(-1, _("“Not to be confused with” says: %(note)s") % {"note": note})
