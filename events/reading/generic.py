"""Words that say what sort of place a name stands for, in English and Arabic: “base”, “مدينة”, “ريف”.

These are words of the language, few and closed; what a place is called is data.
"""

from dataclasses import dataclass
from typing import Final

from events.choices import SiteKind as Kind
from events.reading.prefixes import word_set

# What sort of word it is: the words themselves (Arabic with their duals and plurals, folded), and the kinds of site
# that they may mean, the likeliest first.
_TABLE: Final = {
    "city": (
        "مدينه city وسط downtown شوارع احيا",
        "مدينتي مدينتا مدن cities",
        (Kind.CITY, Kind.TOWN, Kind.VILLAGE, Kind.GOVERNORATE),
    ),
    "town": (
        "بلده town",
        "بلدتي بلدتا بلدات towns",
        (Kind.TOWN, Kind.VILLAGE, Kind.CITY, Kind.SUBDISTRICT),
    ),
    "village": (
        "قريه village hamlet مزرعه",
        "قريتي قريتا قري villages",
        (Kind.VILLAGE, Kind.TOWN, Kind.CITY),
    ),
    "quarter": (
        "حي neighbourhood neighborhood quarter",
        "حيي احيا neighbourhoods neighborhoods",
        (Kind.NEIGHBOURHOOD, Kind.VILLAGE, Kind.TOWN),
    ),
    "governorate": (
        "محافظه governorate province",
        "محافظتي محافظات governorates provinces",
        (Kind.GOVERNORATE,),
    ),
    "countryside": (
        "ريف countryside rural suburbs",
        "ريفي ريفا ارياف countrysides",
        (Kind.AREA, Kind.GOVERNORATE, Kind.TOWN, Kind.CITY, Kind.VILLAGE, Kind.DISTRICT),
    ),
    "area": (
        "منطقه محيط اطراف area region vicinity outskirts",
        "منطقتي مناطق areas",
        (Kind.AREA, Kind.TOWN, Kind.CITY, Kind.VILLAGE, Kind.GOVERNORATE, Kind.BASE, Kind.DISTRICT),
    ),
    "district": ("district", "districts", (Kind.DISTRICT, Kind.SUBDISTRICT, Kind.TOWN, Kind.CITY)),
    "subdistrict": ("ناحيه subdistrict", "ناحيتي نواحي", (Kind.SUBDISTRICT, Kind.TOWN, Kind.CITY)),
    "base": (
        "قاعده base garrison حاميه airbase",
        "قاعدتي قاعدتا قواعد bases",
        (Kind.BASE, Kind.AIRFIELD, Kind.TOWN, Kind.VILLAGE, Kind.AREA),
    ),
    "barracks": ("معسكر barracks", "معسكرات معسكري", (Kind.BASE, Kind.CAMP, Kind.TOWN)),
    "airfield": (
        "مطار airport airfield airbase airstrip",
        "مطاري مطارا مطارات airports airfields airbases",
        (Kind.AIRFIELD, Kind.BASE, Kind.CITY, Kind.TOWN, Kind.GOVERNORATE),
    ),
    "crossing": ("معبر crossing", "معبري معابر crossings", (Kind.CROSSING, Kind.TOWN)),
    "camp": ("مخيم camp", "مخيمي مخيما مخيمات camps", (Kind.CAMP, Kind.BASE, Kind.TOWN)),
    "prison": ("سجن prison jail", "سجني سجون prisons", (Kind.PRISON, Kind.TOWN, Kind.CITY)),
    "field": ("حقل field معمل", "حقلي حقول fields", (Kind.BASE, Kind.FACILITY)),
    "badia": ("باديه desert badia badiya صحرا", "بادتي بوادي", (Kind.AREA, Kind.TOWN, Kind.GOVERNORATE)),
    "road": ("طريق اوتوستراد اتوستراد highway road motorway", "", (Kind.ROAD,)),
}
# What else a word of one sort may be said of: “مطار” of a base with a runway, “camp” of barracks.
_ALSO: Final = {
    "base": {"base", "barracks", "airfield", "field"},
    "airfield": {"airfield", "base"},
    "camp": {"camp", "barracks"},
    "barracks": {"barracks", "camp"},
    "field": {"field", "base"},
    "city": {"city", "town"},
    "town": {"town", "city"},
    "area": {"area"},
}
# Words that may stand between a name and what sort of place it is, or behind both.
QUALIFYING: Final = word_set(
    """
    military air oil gas border district international civil عسكري عسكريه جوي جويه دولي دوليه مدني حدودي حدوديه
    العسكري العسكريه الجوي الجويه الدولي الدوليه المدني الحدودي الحدوديه النفطي النفطيه
    """
)
DIRECTIONS: Final = {
    word: direction
    for direction, words in {
        "north": "northern north الشمالي الشماليه",
        "south": "southern south الجنوبي الجنوبيه",
        "east": "eastern east الشرقي الشرقيه",
        "west": "western west الغربي الغربيه",
        "centre": "central الاوسط",
        "north-east": "northeastern northeast",
        "north-west": "northwestern northwest",
        "south-east": "southeastern southeast",
        "south-west": "southwestern southwest",
    }.items()
    for word in words.split()
}
# “north of al-Hasakah”, “شمال الحسكة”: the name still stands for the whole.
BEARINGS: Final = word_set(
    """
    شمال جنوب شرق غرب شمالي جنوبي شرقي غربي داخل ضمن عمق north south east west inside within of the in
    """
)
LINKING: Final = frozenset({"of", "at"})


@dataclass(frozen=True, slots=True)
class Sort:
    """What sort of place a word means: its name, whether it goes on to the next names of a list, and site kinds."""

    name: str
    is_plural: bool
    kinds: tuple[str, ...]

    def may_be(self, other: str) -> bool:
        """Whether it can be said of what bears another such word in its name."""
        return other == self.name or other in _ALSO.get(self.name, ())


def _sorts() -> dict[str, Sort]:
    found: dict[str, Sort] = {}
    for name, (single, plural, kinds) in _TABLE.items():
        for words, is_plural in ((single, False), (plural, True)):
            found |= {word: Sort(name, is_plural, tuple(kinds)) for word in words.split() if word not in found}
    return found


SORTS: Final = _sorts()
# “northern Aleppo” alone means its countryside.
COUNTRYSIDE: Final = SORTS["countryside"]
