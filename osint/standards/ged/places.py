"""What UCDP GED's precision of places means in metres, and what ours means in its codes.

The codebook gives a distance for code 2 alone (25 km); the others are so wide that the place lies within them.
"""

from events.choices import SiteKind
from osint.standards.flat import AROUND, EXACT, Flat

RADII = {
    "1": EXACT,  # the place itself
    "2": AROUND,  # within some 25 km of it
    "3": 150_000,  # a district that stands for it
    "4": 250_000,  # a province
    "5": 250_000,  # a part of a province, a road, a river, a border
    "6": 1_000_000,  # the country
    "7": 1_000_000,  # its sea or its air
}
KINDS = {
    "2": SiteKind.AREA,
    "3": SiteKind.DISTRICT,
    "4": SiteKind.GOVERNORATE,
    "5": SiteKind.AREA,
    "6": SiteKind.COUNTRY,
    "7": SiteKind.AREA,
}
# Words at the end of a place's name that say what it is.
SUFFIXES = {
    "city": SiteKind.CITY,
    "town": SiteKind.TOWN,
    "village": SiteKind.VILLAGE,
    "neighborhood": SiteKind.NEIGHBOURHOOD,
    "neighbourhood": SiteKind.NEIGHBOURHOOD,
    "airport": SiteKind.AIRFIELD,
    "airbase": SiteKind.AIRFIELD,
    "camp": SiteKind.CAMP,
    "district": SiteKind.DISTRICT,
    "governorate": SiteKind.GOVERNORATE,
    "province": SiteKind.GOVERNORATE,
}
OF_KIND = {
    SiteKind.COUNTRY: 6,
    SiteKind.GOVERNORATE: 4,
    SiteKind.DISTRICT: 3,
    SiteKind.SUBDISTRICT: 3,
    SiteKind.ROAD: 5,
    SiteKind.BORDER: 5,
}


def kind_of(name: str, precision: str) -> str:
    """What sort of place it is, as far as name and code tell."""
    return KINDS.get(precision) or SUFFIXES.get(name.rsplit(" ", 1)[-1].lower(), SiteKind.AREA)


def precision_of(one: Flat) -> int:
    """The code for the place that stands for an event."""
    site = one.site
    if site is None:
        return 6
    if site.kind in OF_KIND:
        return OF_KIND[SiteKind(site.kind)]
    radius = site.precision_m
    if radius is None or radius > AROUND:
        return 5 if site.kind == SiteKind.AREA or radius is None else 3
    return 2 if one.is_beside or radius > EXACT else 1


def grid(latitude: float, longitude: float) -> int:
    """The cell of PRIO-GRID (half a degree wide) in which a point lies."""
    return int((latitude + 90) // 0.5) * 720 + int((longitude + 180) // 0.5) + 1
