"""What is asked: by what to count, and what to add up; everything that cannot be understood is refused by its name."""

import re
from dataclasses import dataclass
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError as Refused

from events.choices import SiteKind
from events.models import Actor, Measure
from events.statistics.dimensions import PLAIN, Dimension
from osint.base.errors import meant
from osint.base.filters import parts
from osint.base.text import shown

PARAMETERS: Final = {"by", "measure", "type_level"}
# Which events are taken into account at all, whatever is asked about them.
ADMITTING: Final = ("status", "tlp")
MOST: Final = 2
DEEPEST: Final = 9
LEVELS: Final = [str(level) for level in range(1, DEEPEST + 1)]
SITES: Final = [f"site:{level}" for level in [*SiteKind.values, *LEVELS]]


@dataclass(frozen=True)
class Question:
    """The dimensions, and the measure with the parties whose counts are added up (all, where none is named)."""

    dimensions: tuple[Dimension, ...] = ()
    measure: Measure | None = None
    parties: tuple[Actor, ...] = ()

    @classmethod
    def read(cls, sent: QueryDict, cleaned: dict[str, Any]) -> "Question":
        """The question of a request, whose parameters of the list were read already."""
        try:
            found, counted = dimensions(sent), measure(sent, cleaned.get("measure", []))
        except ValidationError as error:
            raise Refused(error.message_dict) from error
        return cls(found, counted, tuple(cleaned.get("party", ())) if counted else ())

    @property
    def names(self) -> list[str]:
        """The dimensions as they were asked for."""
        return [one.name for one in self.dimensions]

    @property
    def adds_up(self) -> bool:
        """Whether every event falls in one row."""
        return not any(one.several for one in self.dimensions)

    def only(self, *wanted: Dimension) -> "Question":
        """The same question by these dimensions alone."""
        return Question(wanted, self.measure, self.parties)


def dimensions(sent: QueryDict) -> tuple[Dimension, ...]:
    """By what to count."""
    try:
        check_once(sent.get("by", ""))
        names = parts(sent.get("by"))
        found = tuple(dimension(name, level(sent)) for name in names)
        check_together(names, found)
    except ValidationError as error:
        raise error if hasattr(error, "error_dict") else ValidationError({"by": error}) from None
    if "type_level" in sent and "type" not in names:
        raise ValidationError(
            {"type_level": _("It says at which level to count by type. Add by=type, or leave it out.")}
        )
    return found


def dimension(name: str, type_level: str) -> Dimension:
    """The dimension of this name."""
    if name in PLAIN:
        return PLAIN[name](name, level=type_level if name == "type" else "")
    if name in SITES:
        return PLAIN["site"](name, level=name.partition(":")[2])
    # All that is known would be a long list.
    sentence = _(
        "Nothing can be counted by “%(name)s”.%(meant)s Known: %(known)s; places also by kind (site:governorate) or by "
        "depth (site:1)."
    )
    # Who asks by governorate means that of the place.
    sought = f"site:{name}" if f"site:{name.lower()}" in SITES else name
    names = {"name": shown(name), "meant": meant(sought, [*PLAIN, *SITES]), "known": ", ".join(PLAIN)}
    raise ValidationError(sentence % names)


def level(sent: QueryDict) -> str:
    """The level of the tree of types, from 1 at the root; empty for the type as entered."""
    asked = sent.get("type_level", "")
    if asked and asked not in LEVELS:
        sentence = _("“%(seen)s” is no level: write a whole number from 1, the widest types, to %(most)d.")
        raise ValidationError({"type_level": sentence % {"seen": shown(asked), "most": DEEPEST}})
    return asked


def check_once(text: str) -> None:
    """Raise ``ValidationError`` where a dimension is named twice."""
    names = [name.strip() for name in text.split(",")]
    if twice := next((name for name in names if name and names.count(name) > 1), None):
        raise ValidationError(_("“%(name)s” stands there twice. Name it once.") % {"name": shown(twice)})


def check_together(names: list[str], found: tuple[Dimension, ...]) -> None:
    """Raise ``ValidationError`` where these cannot be asked for at once."""
    if len(names) > MOST:
        sentence = _("%(number)d are too many to count by: %(names)s. Name one or two.")
        raise ValidationError(sentence % {"number": len(names), "names": ", ".join(names)})
    families = [one.family for one in found]
    if families == ["site", "site"]:
        sentence = _("“%(first)s” and “%(second)s” are both places. Name one of them.")
        raise ValidationError(sentence % {"first": names[0], "second": names[1]})


def measure(sent: QueryDict, records: list[Measure]) -> Measure | None:
    """What to add up."""
    if len(records) > 1:
        sentence = _("“%(seen)s” are several, and what is of different kinds does not add up. Name one.")
        raise ValidationError({"measure": sentence % {"seen": shown(str(sent["measure"]))}})
    return records[0] if records else None


def admitting(sent: QueryDict) -> QueryDict:
    """Of a request only what says which events are taken into account at all: only those explain a whole."""
    found = QueryDict(mutable=True)
    for name in sent:
        if re.split(r"[!_]", name)[0] in ADMITTING:
            found[name] = str(sent[name])
    return found
