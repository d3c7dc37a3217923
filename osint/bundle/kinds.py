"""Whether a value of a file is of its column's type, exactly: nothing is taken for what it only looks like."""

from collections.abc import Callable
from datetime import date
from functools import cache
from math import isfinite
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from osint.base.record import Record
from osint.base.text import shown
from osint.bundle.contents import columns, key_field
from osint.bundle.manifest import WRITTEN_UUID, is_moment

Check = Callable[[Any], str]
DEEPEST = 12
LONGEST_SLUG = 80
LONGEST_TEXT = 2_000_000


@cache
def checks(model: type[Record]) -> dict[str, Check]:
    """For each field that travels, what says why a value is not one of it; blank where it is."""
    return {name: check_of(field) for name, field in columns(model).items()}


def check_of(field: Any) -> Check:
    """The check of a column."""
    check = plain(field)
    if field.null:
        return lambda seen: "" if seen is None else check(seen)
    return check


def plain(field: Any) -> Check:
    """The check of a column that holds something."""
    if field.is_relation:
        return reference(field.related_model)
    if field.choices:
        return among(field)
    for kind, make in BY_KIND.items():
        if isinstance(field, kind):
            return make(field)
    raise TypeError(f"{field} travels, and nobody has said what its values look like.")


def among(field: Any) -> Check:
    """A value out of a closed list, of the list's own type."""
    values = [value for value, _label in field.flatchoices] + ([""] if field.blank and not field.null else [])
    kinds = {int if isinstance(value, int) else str for value in values}

    def check(seen: Any) -> str:
        fits = type(seen) in kinds and seen in values
        return "" if fits else _("choose one of %(known)s") % {"known": ", ".join(map(str, values))}

    return check


def whole(largest: int) -> Check:
    """A whole number from 0."""

    def check(seen: Any) -> str:
        fits = type(seen) is int and 0 <= seen <= largest
        return "" if fits else _("write a whole number from 0 to %(largest)d") % {"largest": largest}

    return check


def number(seen: Any) -> str:
    """A finite number."""
    fits = type(seen) in {int, float} and isfinite(seen)
    return "" if fits else _("write a number")


def text(longest: int) -> Check:
    """A text."""

    def check(seen: Any) -> str:
        if not isinstance(seen, str):
            return _("write a text")
        return "" if len(seen) <= longest else _("at most %(longest)d characters fit") % {"longest": longest}

    return check


def truth(seen: Any) -> str:
    """Yes or no."""
    return "" if isinstance(seen, bool) else _("write true or false")


def moment(seen: Any) -> str:
    """A moment, written in one way."""
    return "" if is_moment(seen) else _("write a moment as in 2025-11-12T08:30:00.000000Z")


def day(seen: Any) -> str:
    """A day, written in one way."""
    try:
        fits = isinstance(seen, str) and date.fromisoformat(seen).isoformat() == seen
    except ValueError:
        fits = False
    return "" if fits else _("write a day as in 2025-11-12")


def held(seen: Any) -> str:
    """What an event held, as a correction tells it: names with values, not endlessly within each other."""
    fits = isinstance(seen, dict) and is_shallow(seen, DEEPEST)
    return "" if fits else _("write names with their values")


def is_shallow(seen: Any, depth: int) -> bool:
    """Whether brackets lie no deeper than this within each other."""
    inner = seen.values() if isinstance(seen, dict) else seen if isinstance(seen, list) else ()
    return depth > 0 and all(is_shallow(one, depth - 1) for one in inner)


def reference(model: Any) -> Check:
    """The natural key of another record."""

    def check(seen: Any) -> str:
        if isinstance(seen, list) and len(seen) == 1 and is_key(model, seen[0]):
            return ""
        return _("write the key of the other record as a list: %(example)s") % {"example": example(model)}

    return check


def example(model: type[Record]) -> str:
    """How a reference looks."""
    return '["al-hasakah"]' if key_field(model) == "slug" else '["60c82544-7f92-5007-8ac8-9922678a6c40"]'


def is_key(model: type[Record], seen: Any) -> bool:
    """Whether it can be the natural key of such a record."""
    if not isinstance(seen, str):
        return False
    if key_field(model) == "slug":
        return 0 < len(seen) <= LONGEST_SLUG
    return WRITTEN_UUID.fullmatch(seen) is not None


def told(seen: Any) -> str:
    """A value, for a sentence."""
    return shown("null" if seen is None else str(seen).lower() if isinstance(seen, bool) else str(seen))


# A moment is a day to Python, so it comes first.
BY_KIND: dict[type[models.Field[Any, Any]], Callable[[Any], Check]] = {
    models.BooleanField: lambda _field: truth,
    models.PositiveSmallIntegerField: lambda _field: whole(2**15 - 1),
    models.PositiveBigIntegerField: lambda _field: whole(2**63 - 1),
    models.PositiveIntegerField: lambda _field: whole(2**31 - 1),
    models.FloatField: lambda _field: number,
    models.DateTimeField: lambda _field: moment,
    models.DateField: lambda _field: day,
    models.JSONField: lambda _field: held,
    models.FileField: lambda field: text(field.max_length),
    models.CharField: lambda field: text(field.max_length),
    models.TextField: lambda field: text(field.max_length or LONGEST_TEXT),
}
