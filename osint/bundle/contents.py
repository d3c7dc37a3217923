"""What travels between installations: an allow-list of models and fields, in the order in which they need each other.

Invariant: a model or field that nobody has put here by name neither leaves nor comes in; a test names all the others.
"""

from functools import cache
from typing import Any

from events.models import (
    Actor,
    ActorLink,
    ActorName,
    Citation,
    Claim,
    Correction,
    Count,
    Cue,
    Event,
    EventType,
    Involvement,
    Measure,
    Placement,
    Site,
    SiteName,
)
from osint.base.record import Identified, Record
from sources.models import Attachment, Relay, Report, Source

NAMES = ("name_en", "name_ar")
QUOTE = ("quote", "start", "end")
DATE = ("when", "when_phrase")
NUMBER = ("low", "best", "high", "qualifier", "phrase", "label", "label_ar")
FACT = ("event", "basis", "reason", "position")
SPELLING = ("text", "language")

# Beside its natural key, which every record has. In the order of the columns, as Django's own fixtures have them.
FIELDS: dict[type[Record], tuple[str, ...]] = {
    EventType: (*NAMES, "parent", "definition", "definition_ar", "acled_event_type", "acled_sub_event_type"),
    Measure: (*NAMES, "unit", "definition"),
    Cue: ("kind", "text", "language", "type", "measure", "value"),
    Site: (
        *NAMES, "parent", "kind", "pcode", "latitude", "longitude", "precision_m", "note", "namesake_note",
    ),
    SiteName: (*SPELLING, "site"),
    Actor: (*NAMES, "kind", "note"),
    ActorName: (*SPELLING, "actor"),
    ActorLink: (*DATE, "actor", "kind", "other", "note"),
    Source: (*NAMES, "kind", "reliability", "reliability_reason", "homepage", "note"),
    Report: (
        "source", "title", "text", "language", "translation", "url", "archived_url", "published_on", "published_note",
        "accessed_on", "tlp", "updates",
    ),
    Relay: (*QUOTE, "report", "relayed_source", "relayed_report"),
    Attachment: ("report", "name", "media_type", "file", "size", "sha256"),
    Event: (
        *DATE, "type", "type_basis", "type_reason", "when_basis", "when_reason", "summary_en", "summary_ar", "tlp",
        "is_aggregate", "part_of",
    ),
    Placement: (*FACT, "site", "role"),
    Involvement: (*FACT, "actor", "role"),
    Count: (*FACT, *NUMBER, "measure", "party"),
    Citation: ("event", "report", "role", "credibility", "note"),
    Claim: (
        *DATE, *QUOTE, *NUMBER, "citation", "facet", "type", "site", "site_role", "actor", "actor_role", "measure",
        "party", "standing", "standing_reason", "proposal",
    ),
    Correction: ("event", "before", "after", "reason", "report", "tlp", "made_at"),
}  # fmt: skip
MODELS: tuple[type[Record], ...] = tuple(FIELDS)
PLACES: dict[type[Record], int] = {model: place for place, model in enumerate(MODELS)}
BY_LABEL: dict[str, type[Record]] = {model._meta.label_lower: model for model in MODELS}
# The words of a report, which a bundle without texts leaves out; and references, where what they lead to stays behind.
# Whatever else a record has, a bundle says.
WORDS: dict[type[Record], frozenset[str]] = {
    Report: frozenset({"text", "translation"}),
    Relay: frozenset(QUOTE),
    Claim: frozenset(QUOTE),
}
LOOSE: dict[type[Record], str] = {Report: "updates", Event: "part_of", Correction: "report"}


@cache
def may_lack(model: type[Record]) -> frozenset[str]:
    """The fields that a bundle may say nothing of."""
    return WORDS.get(model, frozenset()) | ({LOOSE[model]} if model in LOOSE else frozenset())


@cache
def key_field(model: type[Record]) -> str:
    """The column that is the record's natural key."""
    return "uuid" if issubclass(model, Identified) else "slug"


@cache
def columns(model: type[Record]) -> dict[str, Any]:
    """The model's fields that travel, by name, without its key."""
    return {name: model._meta.get_field(name) for name in FIELDS[model]}


@cache
def references(model: type[Record]) -> dict[str, type[Record]]:
    """Which of the fields name another record, and of which model."""
    found: dict[str, Any] = {name: field.related_model for name, field in columns(model).items() if field.is_relation}
    return found
