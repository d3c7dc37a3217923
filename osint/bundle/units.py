"""Which fields of a record are one thing: they are compared, taken and decided together, since one needs the other."""

import json
from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from typing import Any

from events.choices import UNPUBLISHED
from events.models import ActorLink, Citation, Claim, Correction, Count, Cue, Event, Involvement, Placement, Site
from osint.base.names import Spelling
from osint.base.record import Record
from osint.bundle import contents
from osint.bundle.arriving import Identity, label_of
from osint.history import chain
from sources.models import Attachment, Relay, Report, Source

THERE, STATE = "", "state"
# What became of an event, column by column as the history keeps it.
STATE_COLUMNS = ("status", "retraction_reason", "merged_into")
DRAFT = ["", "", ""]  # as they travel

DATE = ("when", "when_phrase")
QUOTE = ("quote", "start", "end")
NUMBER = ("low", "best", "high", "qualifier", "phrase", "label", "label_ar")
SAID = ("facet", *DATE, *NUMBER, "citation", "type", "site", "site_role", "actor", "actor_role", "measure", "party")
# Whatever is not named here stands alone, or, in what is the whole record, with everything else.
TOGETHER: dict[type[Record], tuple[tuple[str, ...], ...]] = {
    Report: (("published_on", "published_note", "accessed_on"),),
    Source: (("reliability", "reliability_reason"),),
    Site: (("latitude", "longitude", "precision_m"), ("name_ar", "namesake_note")),
    Event: (("type", "type_basis", "type_reason"), (*DATE, "when_basis", "when_reason")),
    Relay: (QUOTE, ("report", "relayed_source", "relayed_report")),
    Claim: (SAID, QUOTE, ("standing", "standing_reason")),
    Citation: (("event", "report"),),
    Placement: (("event", "basis", "reason", "site", "role"),),
    Involvement: (("event", "basis", "reason", "actor", "role"),),
    Count: (("event", "basis", "reason", *NUMBER, "measure", "party"),),
    Correction: (("event", "before", "after", "reason", "tlp", "made_at"),),
    Cue: (("kind", "text", "language", "type", "measure", "value"),),
    ActorLink: ((*DATE, "actor", "kind", "other", "note"),),
    Attachment: (("report", "name", "media_type", "file", "size", "sha256"),),
}


@cache
def of(model: type[Record]) -> dict[str, tuple[str, ...]]:
    """The units of a model, each under the name of its first field."""
    known = contents.FIELDS[model]
    together = (known,) if issubclass(model, Spelling) else TOGETHER.get(model, ())
    taken = {name for unit in together for name in unit}
    return {unit[0]: unit for unit in (*together, *((name,) for name in known if name not in taken))}


@cache
def by_field(model: type[Record]) -> dict[str, str]:
    """For each field, and for each column that says what became of an event, the unit that it is in."""
    found = {name: unit for unit, names in of(model).items() for name in names}
    return found | dict.fromkeys(STATE_COLUMNS, STATE) if model is Event else found


def first_edit(identity: Identity, unit: str, values: Iterable[Any]) -> str:
    """The edit that gave a unit its first value: the same wherever a record begins with the same value."""
    text = chain.canonical([*identity, unit, list(values)])
    return "v" + sha256(text.encode()).hexdigest()[:24]


def is_first(edit: str) -> bool:
    """Whether the edit is a first value, or what a file without a pedigree said."""
    return edit.startswith("v")


def undoing(change: Any) -> str:
    """The edit by which the undoing of an import has moved an event: others are told of it, and decide themselves."""
    return f"u{change}"


def is_undoing(edit: str) -> bool:
    """Whether the edit was made by undoing an import."""
    return edit.startswith("u")


def there(identity: Identity) -> str:
    """The edit that a record begins with."""
    return first_edit(identity, THERE, [True])


def state_of(status: str | None, reason: str | None, into: str | None) -> list[str]:
    """What became of an event, as it travels: how far a draft has come is everybody's own matter."""
    is_unsaid = status is None or status in UNPUBLISHED
    return ["" if is_unsaid else str(status), reason or "", into or ""]


def encoded(value: Any) -> Any:
    """A column's value as it travels and is compared."""
    if isinstance(value, dict | list):
        return json.loads(chain.canonical(chain.encoded(value)))
    return chain.encoded(value)


__all__ = [
    "by_field", "encoded", "first_edit", "is_first", "is_undoing", "label_of", "of", "state_of", "there", "undoing",
]  # fmt: skip
