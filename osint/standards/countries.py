"""How others number the countries with which we have to do, by the code that stands before all their P-codes."""

from typing import NamedTuple


class Country(NamedTuple):
    """A country as the numbering schemes of the field know it."""

    iso: int  # ISO 3166-1, numeric
    gw: int  # Gleditsch and Ward, as UCDP counts states
    region: str  # the same word in ACLED and in UCDP GED


MIDDLE_EAST = "Middle East"
BY_CODE = {
    "IL": Country(376, 666, MIDDLE_EAST),
    "IQ": Country(368, 645, MIDDLE_EAST),
    "IR": Country(364, 630, MIDDLE_EAST),
    "JO": Country(400, 663, MIDDLE_EAST),
    "KW": Country(414, 690, MIDDLE_EAST),
    "LB": Country(422, 660, MIDDLE_EAST),
    "SA": Country(682, 670, MIDDLE_EAST),
    "SY": Country(760, 652, MIDDLE_EAST),
    "TR": Country(792, 640, MIDDLE_EAST),
    "YE": Country(887, 678, MIDDLE_EAST),
}
BY_GW = {country.gw: code for code, country in BY_CODE.items()}
