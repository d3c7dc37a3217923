"""Sites, and actors, that bear one name: written alike, or with the same consonants in either script."""

from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext as _

from events.candidates import NEARBY
from events.distance import metres_between
from events.models import Actor, Site
from osint.base.names import Named
from osint.base.twins import Twin, Twins, judged, names_of, sorted_out

if TYPE_CHECKING:
    from sources.querysets import Reader

LOOKED_AT = 100
Names = list[tuple[str, str, str]]  # as written, folded, and the key


def of_site(site: Site, reader: "Reader") -> Twins:
    """The likely twins of a site; a place within another (city, district, governorate) may bear its name."""
    told = judged(site, reader, "parent")
    names = names_of(site)
    bearers = bearing(names, site).select_related("parent").exclude(slug__in=site.ancestor_slugs())
    found = [compared(names, site, other) for other in bearers[:LOOKED_AT] if not other.path.startswith(site.path)]
    for twin in found:
        lie(site, twin)
    return sorted_out(found, told, lambda other: other.described)


def of_actor(actor: Actor, reader: "Reader") -> Twins:
    """The likely twins of an actor."""
    told = judged(actor, reader)
    names = names_of(actor)
    found = [compared(names, actor, other) for other in bearing(names, actor)[:LOOKED_AT]]
    return sorted_out(found, told, lambda other: other.get_kind_display())


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
