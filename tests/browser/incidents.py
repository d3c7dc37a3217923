"""The fourteen incidents of the demo report, and which passages a person would select for each."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from sources.models import Report, Source
from tests.kit.shelf import load

DEMO = Path(__file__).resolve().parents[2] / "fixtures" / "demo.json"
REPORT = "60c82544-7f92-5007-8ac8-9922678a6c40"

# From the first of these words to the last of those; for some incidents a second passage.
PASSAGES: dict[str, list[tuple[str, str]]] = {
    "reinforcement-supply": [("أحدث شحنات الدعم", "وقاعدة قسرك")],
    "airlift": [("ثلاث قواعد هي", "تشرين الثاني الجاري")],
    "convoy-arrival": [("ففي 12 نوفمبر", "نحو 25 شاحنة")],
    "explosion-heard": [("ففي 13 نوفمبر", "أسلحة ثقيلة")],
    "training": [("تدريب مشابه", "مقاتلة أمريكية")],
    "live-fire-training": [("معسكر الطلائع", "بالذخيرة الحية")],
    "al-raqqa-city": [("شنّ التحالف", "مدينة الرقة")],
    "deir-ez-zor-countryside": [("كما اعتُقل 3", "ريف دير الزور")],
    "al-hasakah": [("وفي محافظة الحسكة", "3 آخرون")],
    "sweep": [("وفي ريف دير الزور الشرقي", "ومروحيات أمريكية")],
    "troop-movement": [("تنقّل قوات التحالف", "السورية العراقية")],
    "inspection-patrol": [("طافت دورية", "وريف أبو راسين")],
    "patrol": [("وزاد التحالف", "وريف أبو راسين")],
    "inspection-visit": [("زارت قوة من التحالف", "صلاحيته لعمليات التحالف")],
}
# Words for what is not recognised, or stands elsewhere; by facet and record.
WORDS: dict[tuple[str, str], tuple[str, ...]] = {
    ("what", "airlift"): ("حطّت ثلاث طائرات شحن",),
    ("what", "reinforcement-supply"): ("شحنات الدعم",),
    ("what", "convoy-arrival"): ("قافلة برية",),
    ("what", "explosion-heard"): ("انفجارات شديدة",),
    ("what", "training"): ("تدريب مشابه",),
    ("what", "live-fire-training"): ("تدريباً مكثفاً بالذخيرة الحية",),
    ("what", "arrest-raid"): ("حملات دهم",),
    ("what", "sweep"): ("حملة تمشيط",),
    ("what", "troop-movement"): ("تنقّل قوات التحالف",),
    ("what", "inspection-patrol"): ("دورية مشتركة",),
    ("what", "patrol"): ("دورياته",),
    ("what", "inspection-visit"): ("تفقّد حال المطار",),
    ("where", "qasrak-area"): ("في المكان ذاته",),
    ("where", "eastern-deir-ez-zor-countryside"): ("الريف الشرقي لدير الزور",),
    ("when", "2025-11-11"): ("قبل يومين من ذلك",),
}


@lru_cache(maxsize=1)
def demo() -> list[dict[str, Any]]:
    """The demo's records."""
    loaded: list[dict[str, Any]] = json.loads(DEMO.read_text())
    return loaded


def rows(model: str, **wanted: Any) -> list[dict[str, Any]]:
    """Fields of the records of a model with these values."""
    found = [record["fields"] for record in demo() if record["model"] == f"events.{model}"]
    return [fields for fields in found if all(fields.get(name) == value for name, value in wanted.items())]


def slug(value: Any) -> str:
    """The slug of a natural key."""
    return str(value[0]) if value else ""


def incidents() -> list[dict[str, Any]]:
    """What the demo holds of each incident, in the order of the list above."""
    found = [incident(fields) for fields in rows("event")]
    return sorted(found, key=lambda one: list(PASSAGES).index(one["name"]))


def incident(event: dict[str, Any]) -> dict[str, Any]:
    """One incident, without what it is worded in."""
    own = [event["uuid"]]
    where = [(slug(row["site"]), row["role"], row["basis"]) for row in rows("placement", event=own)]
    who = [(slug(row["actor"]), row["role"], row["basis"]) for row in rows("involvement", event=own)]
    counts = rows("count", event=own)
    kind = slug(event["type"])
    return {
        "name": where[0][0] if kind == "arrest-raid" else kind,
        "what": kind,
        "when": event["when"],
        "phrase": event["when_phrase"],
        "when_basis": event["when_basis"],
        "where": where,
        "who": who,
        "counted": [
            (
                slug(row["measure"]),
                slug(row["party"]),
                row.get("best"),
                row.get("qualifier"),
                row["phrase"],
                row.get("label"),
            )
            for row in counts
        ],
    }


def demo_report() -> Report:
    """The demo's report, bare, with the code lists, the names and the word lists."""
    load("taxonomy", "gazetteer", "actors", "sources", "reading")
    fields = next(one["fields"] for one in demo() if one["fields"].get("uuid") == REPORT)
    wanted = ("uuid", "title", "text", "language", "published_on")
    source = Source.objects.get(slug=fields["source"][0])
    return Report.objects.create(source=source, **{name: fields[name] for name in wanted})


# What the plain form takes

CHOOSE = 3  # open the list, type letters, take the choice
QUOTE = 2  # select the words, take them


def by_form(wanted: dict[str, Any]) -> int:
    """How many moves the form takes for an incident."""
    moves = 1 + CHOOSE + QUOTE  # a blank form, the type
    moves += 1 + (QUOTE if wanted["phrase"] else 0)  # the date, typed in full
    moves += 2 if wanted["when_basis"] != "stated" else 0  # what it rests on, and why
    for usual, rows in (("at", wanted["where"]), ("acts", wanted["who"])):
        for number, (_slug, role, basis) in enumerate(rows):
            moves += bool(number) + CHOOSE + (role != usual)  # one more row, the name, the part
            moves += QUOTE if basis == "stated" else 2
    for number, (_measure, party, _best, _qualifier, phrase, label) in enumerate(wanted["counted"]):
        moves += bool(number) + CHOOSE + (CHOOSE if party else 0) + 2 + bool(phrase) + 2 * bool(label) + QUOTE
    return moves + 2  # the summary, and saving
