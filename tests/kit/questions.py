"""Questions to the list of events, drawn by lot, and the database that they are put to."""

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from django.contrib.auth.models import User

from events.choices import ActorRole, Basis, SiteRole, Standing
from events.models import Actor, Citation, Claim, Count, Event, EventType, Involvement, Placement, Site
from osint.base.text import searchable
from osint.history import recording
from sources.models import Source
from tests import factories as make
from tests.kit.incidents import Incidents
from tests.kit.reference import EMPTIES, ROWS, Question, moment

START = datetime(2026, 3, 1, tzinfo=UTC)
# North, east and radius: a country, a town, both sides of the 180th meridian, a pole, a spot; and some without a point.
POINTS: list[tuple[float, float, int] | None] = [
    (35.0, 38.5, 300_000), (36.5, 40.75, 60_000), None, (36.51, 40.74, 5_000), (0.0, 179.99, 4_000),
    (0.0, -179.99, 1), (89.9, 10.0, 20_000),
]  # fmt: skip


NAMES_GIVEN: dict[Any, list[tuple[str, str]]] = {
    Site: [
        ("Syria", "سوريا"), ("Al-Hasakah", "الحسكة"), ("Raqqa", "الرقة"), ("Qasrak base", "قاعدة قسرك"),
        ("Tal Tamr", "تل تمر"), ("Markada", "مركدة"), ("M4 road", "طريق ام فور"),
    ],
    Actor: [
        ("Islamic State", "تنظيم الدولة"), ("Syrian Democratic Forces", "قوات سوريا الديمقراطية"), ("US", "واشنطن"),
    ],
    EventType: [("Convoy arrival", "وصول قافلة"), ("Patrol", "دورية"), ("Strike", "غارة")],
}  # fmt: skip
SUMMARIES = [
    ("A convoy reached Qasrek at night.", ""), ("Two convoys left Hasaka for Raqqa.", "خرجت قافلتان من الحسكة"),
    ("", "وصلت قافلة إلى قاعدة قسرك"), ("US forces and the SDF on patrol in Tell Tamer.", ""), ("It happened.", ""),
    ("", "مـ ـقـ ـتل عنصر من داعش في الرقّة"), ("100% of _nothing_.", ""),
]  # fmt: skip
TEXTS = [
    "According to SOHR a convoy of 25 trucks reached the base of Kasrak on Monday evening.",
    "المرصد السوري: دخلت قافلة تضم ٢٥ شاحنة إلى قاعدة قسرك مساء الاثنين الماضي قادمة من العراق.",
    "Washington denies that its forces left Markada; the SDF says nothing at all of this matter.",
]


class World(Incidents):
    """Incidents with all that can be asked for: points, parts, bases, digits, moments, and actors that belong."""

    def __init__(self, lot: Random, size: int, people: list[User]) -> None:
        with recording.change():
            super().__init__(lot, size, people)
            self.say()
            self.place()
            self.tell()
            self.link()
        with recording.change():
            self.date()

    def say(self) -> None:
        """Let names, summaries and quotes have words in common, in both scripts."""
        for model, names in NAMES_GIVEN.items():
            for record, (english, arabic) in zip(model.objects.order_by("pk"), names, strict=False):
                record.name_en, record.name_ar = english, arabic
                record.save()
        make.make_site_name(site=self.sites[3], text="Kasrak")
        make.make_actor_name(actor=self.actors[1], text="قسد")
        for report in self.reports:
            report.text = self.lot.choice(TEXTS)
            report.save()
        for claim in Claim.objects.select_related("citation__report").order_by("pk"):
            start = self.lot.choice([0, 9])
            claim.quote, claim.start, claim.end = claim.citation.report.text[start:30], start, 30
            claim.save()
        for event in Event.objects.order_by("pk"):
            event.summary_en, event.summary_ar = self.lot.choice(SUMMARIES)
            folded = searchable(f"{event.summary_en}\n{event.summary_ar}")
            texts = {"summary_en": event.summary_en, "summary_ar": event.summary_ar}
            Event.objects.filter(pk=event.pk).update(folded=folded, **texts)

    def place(self) -> None:
        """Give sites their points."""
        for site, point in zip(self.sites, POINTS, strict=True):
            if point:
                north, east, radius = point
                Site.objects.filter(pk=site.pk).update(latitude=north, longitude=east, precision_m=radius)

    def tell(self) -> None:
        """Give facts a part and a basis, citations a digit, claims a standing, sources a letter."""
        lot = self.lot
        columns: dict[Any, dict[str, list[Any]]] = {
            Placement: {"role": SiteRole.values, "basis": Basis.values},
            Involvement: {"role": ActorRole.values[:3], "basis": ["stated", "stated", "derived"]},
            Count: {"basis": ["stated", "stated", "inferred"]},
            Citation: {"credibility": [1, 2, 3, 6]},
            Claim: {"standing": [*Standing.values, "accepted", "accepted"]},
            Source: {"reliability": ["A", "B", "F"]},
            Event: {"type_basis": ["stated", "stated", "derived"]},
        }
        for model, chosen in columns.items():
            for key in model.objects.order_by("pk").values_list("pk", flat=True):
                drawn = {name: lot.choice(values) for name, values in chosen.items()}
                why = {"basis": "reason", "type_basis": "type_reason"}
                drawn |= {why[name]: "So it is." for name in chosen if name in why}
                model.objects.filter(pk=key).update(**drawn)

    def link(self) -> None:
        """A belongs to B until November 2025, B to C since then and once before, C to A for a day."""
        first, second, third = self.actors
        make.make_actor_link(actor=first, other=second, kind="member_of", when="../2025-11-12")
        make.make_actor_link(actor=second, other=third, kind="part_of", when="2025-11-05/..")
        make.make_actor_link(actor=second, other=third, kind="member_of", when="2024")
        make.make_actor_link(actor=third, other=first, kind="part_of", when="2025-11-16")
        make.make_actor_link(actor=first, other=third, kind="allied_with", when="")

    def date(self) -> None:
        """Give events a reference, and the moments of their publication and newest change, two and two at once."""
        for number, (key, published) in enumerate(Event.objects.order_by("pk").values_list("pk", "published_at")):
            at = START + timedelta(hours=number // 2 * 7)
            moments = {"changed_at": at} | ({"published_at": at} if published else {})
            Event.objects.filter(pk=key).update(reference=f"SY-2025-{number:05d}", **moments)


TRUTHS = (["true", "false"], ["True", "1", "yes", "NaN"])
DAYS = [
    "2025-11-12", "2025-11-01", "2025-11-15", "2025-11-30", "2025-12-31", "2026-01-01", "2024-06-01", "0001-01-01",
    "9999-12-31",
]  # fmt: skip
NO_DAYS = ["2025-02-30", "0000-01-01", "10000-01-01", "20251112", "2025-11", "tomorrow", "٢٠٢٥-١١-٠١", "1e9", "-1"]
MOMENTS = [
    "2026-03-01", "2026-03-03", "2026-03-02T12:00:00Z", "2026-03-02T12:00:00.000001+02:00", "0001-01-01",
    "0001-01-01T00:00:00Z", "9999-12-31", "9999-12-31T23:59:59.999999Z",
]  # fmt: skip
NO_MOMENTS = [
    "2026-13-01", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-03-01T00:00:00", "now", "1772323200",
    "2026-03-01T24:00:01Z", "٢٠٢٦-٠٣-٠١",
]  # fmt: skip
WHOLES = ["0", "1", "3", "6", "25", "40", "00025", str(2**63 - 1)]
NO_WHOLES = ["-1", "1.0", "1e3", "NaN", "inf", "٣", "0x10", str(2**63), "9" * 5_000, "1,2", "one"]
UNKNOWN = ["nowhere", "place-99", "%", "_", "'; DROP TABLE", "a" * 3_000, "place-1,,place-2", ",", "قسرك", "\ufffd"]
NO_TEXT = ["\x00", "a\x00b", "\x1b", "x" * 5_000]


def slugs(name: str, size: int) -> tuple[list[str], list[str]]:
    """Slugs that there are, and texts that are none."""
    known = [f"{name}-{n}" for n in range(size)]
    return [*known, ",".join(known[:2]), ",".join(known)], UNKNOWN


WORDS = [
    "convoy", "convoys left", "CONVOY", "قافلة", "القافلة", "Qasrak", "kasrek", "قسرك", "qasrak base", "Hasakah",
    "الحسكه", "place-3", "sdf", "قسد", "us", "US", "SY-2025-00007", "sy-2025", "trucks 25", "٢٥", "مقتل", "داعش الرقة",
    "patrol", "100%", "_nothing_", "of", "nothing convoy", "nobody says so", "Tal Tamr", "M4", "syria",
]  # fmt: skip
# For each parameter values that it takes, and values that it refuses.
VALUES: dict[str, tuple[list[str], list[str]]] = {
    **dict.fromkeys(["date_from", "date_to"], (DAYS, NO_DAYS)),
    "date_match": (["possible", "certain"], ["maybe", "possible,certain"]),
    **dict.fromkeys(["published_from", "published_to", "updated_since"], (MOMENTS, NO_MOMENTS)),
    "type": slugs("kind", 7),
    "site": slugs("place", 7),
    "site_role": (["at", "from,to", "over", ",".join(SiteRole.values)], ["At", "in", "at,,to", "٣"]),
    "actor": slugs("side", 3),
    "actor_role": (["acts", "target", "acts,partner", "mentioned"], ["acting", "ACTS"]),
    "actor_tree": (["true", "true", "false"], TRUTHS[1]),
    "measure": (["trucks", "detained", "trucks,detained"], UNKNOWN),
    "party": slugs("side", 3),
    **dict.fromkeys(["count_min", "count_max"], (WHOLES, NO_WHOLES)),
    "count_on": (["low", "best", "high"], ["mean", "low,high"]),
    "bbox": (
        ["40,36,42,37.5", "-180,-90,180,90", "179,-1,-179,1", "179.995,0,180,0", "40.74,36.51,40.74,36.51",
         "-180,89,180,90", "38,34,38.1,34.1", "-60,-10,-50,0", "41.2,36.0,41.3,36.1", "0,-90,0,90",
         "-180,-1,-179.99,1"],
        ["1,2,3", "1,2,3,4,5", "40,38,42,37", "-181,0,1,1", "0,0,0,91", "a,b,c,d", "NaN,0,1,1", "inf,0,1,1",
         "1e1,0,2,2", "40;36;42;37", ",,,", "0,0,1,1\x00"],
    ),
    "near": (["40.74,36.51", "180,0", "-180,0", "0,90", "38.5,35", "120,-90", "-180,-0.0"],
             ["36.51", "40.74,96.51", "181,0", "NaN,NaN", "40.74,36.51,1", "a,b", "1e1,2"]),
    "radius_km": (["0", "1", "25.5", "300", "5000", "20038"],
                  ["-1", "20039", "inf", "NaN", "1e3", "far", "1,5", "9" * 400]),
    **dict.fromkeys(["precision_min_m", "precision_max_m"],
                    (["1", "5000", "60000", "2147483647"], ["0", "-5", "2147483648", "NaN", "1.5", "9" * 30])),
    "source": slugs("outlet", 3),
    "origin": slugs("outlet", 3),
    "min_origins": (["1", "2", "3", "1000"], ["0", "1001", "-1", "NaN", "two"]),
    **dict.fromkeys(["credibility_min", "credibility_max"], (["1", "2", "3", "6"], ["0", "7", "A", "1.5"])),
    "reliability": (["A", "B,F", "E"], ["a", "G", "A,"]),
    "basis": (["stated", "derived", "inferred", "derived,inferred"], ["guessed", "Stated"]),
    "status": (["published", "draft,submitted", "retracted", "merged", "published,merged,draft"],
               ["publised", "DRAFT"]),
    "tlp": (["CLEAR", "GREEN,AMBER", "RED", "AMBER+STRICT"], ["clear", "WHITE", "AMBER STRICT"]),
    **dict.fromkeys(
        ["disputed", "is_aggregate", "date_empty", "published_empty", "precision_empty", "count_empty", "party_empty",
         *EMPTIES], TRUTHS),
    "q": (WORDS, ["a b c d e f g h i", "?!", "ـ"]),
    "ordering": (["newest", "oldest", "updated", "relevance"], ["-newest", "latest", "newest,oldest"]),
}  # fmt: skip
NEGATED = [
    "type", "site", "site_role", "actor", "actor_role", "measure", "party", "source", "origin", "reliability", "basis",
    "status", "tlp", "report", "part_of",
]  # fmt: skip
NEEDS = {
    "date_match": {"date_from", "date_to"},
    "near": {"radius_km"},
    "radius_km": {"near"},
    "actor_tree": {"actor", "actor!"},
    "count_min": {"measure", "measure!"},
    "count_max": {"measure", "measure!"},
    "count_on": {"count_min", "count_max"},
}
RANGES: dict[tuple[str, str], Any] = {
    ("date_from", "date_to"): lambda first, last: first > last,
    ("published_from", "published_to"): lambda first, last: moment(first) > moment(last, end=True),
    **dict.fromkeys(
        [("precision_min_m", "precision_max_m"), ("count_min", "count_max"), ("credibility_min", "credibility_max")],
        lambda first, last: int(first) > int(last),
    ),
}
AGAINST = {
    "date_empty": {"date_from", "date_to"},
    "published_empty": {"published_from", "published_to"},
    "precision_empty": {"precision_min_m", "precision_max_m"},
    "count_empty": {"count_min", "count_max"},
    "party_empty": {"party"},
    **{name: set(ROWS[rows]) for name, rows in EMPTIES.items()},
}


def values(name: str) -> tuple[list[str], list[str]]:
    """Values that a parameter takes, and values that it refuses; what identifies records is there when they are."""
    if name.rstrip("!") not in VALUES:
        identities = [str(one) for one in identities_of(name.rstrip("!"))]
        return [*identities[:6], ",".join(identities[:3])], [
            "7",
            "SY-25",
            "x" * 40,
            "00000000-0000-0000-0000-00000000000g",
        ]
    return VALUES[name.rstrip("!")]


def identities_of(name: str) -> list[Any]:
    """Identities of reports, or of wholes by UUID and by reference."""
    if name == "report":
        return list(Citation.objects.order_by("report_id").values_list("report__uuid", flat=True).distinct())
    wholes = Event.objects.filter(parts__isnull=False).order_by("pk").values_list("uuid", "reference").distinct()
    return [reference if number % 2 else uuid for number, (uuid, reference) in enumerate(wholes)]


NAMES = sorted([*VALUES, "report", "part_of", *(f"{name}!" for name in NEGATED)])


def together(question: Question, draw: int = 0) -> Question:
    """The question with what its parameters cannot do without, most of the time: else most were refused."""
    if question.get("ordering") == "relevance" and draw != 1:
        question.setdefault("q", Random(repr((draw, sorted(question)))).choice(WORDS))
    # Identities are others each time, and the same questions are put to both databases.
    told = sorted(one for one in question.items() if one[0].rstrip("!") in VALUES)
    lot, waiting = Random(repr((draw, told))), list(question)
    for name in waiting:  # which grows
        needed = sorted(NEEDS.get(name, ()))
        if needed and lot.random() < 0.9 and not set(needed) & set(question):
            other = lot.choice(needed)
            question[other] = lot.choice(values(other)[0])
            waiting.append(other)
    return question


def is_refused(question: Question) -> bool:
    """Whether the list can answer it."""
    if any(text not in values(name)[0] for name, text in question.items()):
        return True
    if any(not needed & set(question) for name, needed in NEEDS.items() if name in question):
        return True
    if question.get("ordering") == "relevance" and "q" not in question:
        return True
    if any(
        turned(question[first], question[last])
        for (first, last), turned in RANGES.items()
        if {first, last} <= set(question)
    ):
        return True
    return any(question.get(name) == "true" and against & set(question) for name, against in AGAINST.items())


def drawn(lot: Random) -> Question:
    """A question of one to four parameters; one value in ten is wrong."""
    found = {}
    for name in lot.sample(NAMES, lot.choice([1, 1, 2, 2, 3, 4])):
        right, wrong = values(name)
        found[name] = lot.choice(wrong if lot.random() < 0.1 else right)
    return together(found)
