"""JSON as it is read here: one meaning or none.

Python's reader takes the last of two equal keys, NaN, and half characters. Each of them would be stored as something
the sender did not say, or break an answer later, so each is refused, by the place where it stands.
"""

import json
import math
from collections.abc import Iterator
from typing import IO, Any, NoReturn

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.exceptions import ValidationError as Refused
from rest_framework.parsers import JSONParser

from osint.base.text import check_text, shown

DEEPEST = 10  # an event with its counts needs 3
DIGITS = 18  # what a 64-bit column holds


class StrictJSONParser(JSONParser):
    """Reads a JSON body in UTF-8; refuses what has no single meaning."""

    def parse(self, stream: IO[Any], *_how: Any, **_more: Any) -> Any:
        """The value of the body."""
        try:
            value = json.loads(
                stream.read().decode("utf-8"),
                object_pairs_hook=once,
                parse_constant=no_number,
                parse_float=finite,
                parse_int=whole,
            )
        except UnicodeDecodeError as error:
            raise ParseError(
                _("The body is not valid UTF-8 (byte %(at)d). Send JSON in UTF-8.") % {"at": error.start}
            ) from error
        except RecursionError as error:
            raise ParseError(too_deep()) from error
        except ValueError as error:
            raise ParseError(_("The body is not JSON: %(reason)s.") % {"reason": shown(str(error), 120)}) from error
        check(value)
        return value


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of which every key is written once."""
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _value in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise Refused(
            {shown(twice): [_("“%(key)s” is written twice in one object. Send it once.") % {"key": shown(twice)}]}
        )
    return found


def no_number(text: str) -> NoReturn:
    """Refuses NaN and the infinities, which JSON does not know."""
    raise ParseError(_("%(text)s is not a number. Send a number such as 36.5, or null.") % {"text": text})


def finite(text: str) -> float:
    """A number with a fraction or exponent that has a finite value."""
    number = float(text)
    if math.isinf(number):
        raise ParseError(_("%(text)s is too large for a number. Send a smaller one.") % {"text": shown(text)})
    return number


def whole(text: str) -> int:
    """A whole number that a database column can hold."""
    if len(text.lstrip("-")) > DIGITS:
        raise ParseError(
            _("%(text)s is too large: at most %(digits)d digits.") % {"text": shown(text), "digits": DIGITS}
        )
    return int(text)


def too_deep() -> str:
    """The sentence about nesting."""
    return _("The body is nested too deeply: at most %(levels)d levels. Send a flatter object.") % {"levels": DEEPEST}


def strings(value: Any) -> Iterator[tuple[str, str]]:
    """Every string in a value, keys included, with the field it is in; raises where the value is nested too deeply."""
    fresh: list[tuple[str, Any, int]] = [("", value, 1)]
    while fresh:
        field, part, level = fresh.pop()
        if isinstance(part, str):
            yield field, part
            continue
        if level > DEEPEST and isinstance(part, dict | list):
            raise ParseError(too_deep())
        if isinstance(part, dict):
            for key, inner in part.items():
                yield field or "key", key
                fresh.append((f"{field}.{key}" if field else key, inner, level + 1))
        elif isinstance(part, list):
            fresh += [
                (f"{field}[{number}]" if field else f"[{number}]", inner, level + 1)
                for number, inner in enumerate(part)
            ]


def check(value: Any) -> None:
    """Refuse characters that cannot be stored or sent back, wherever they stand."""
    for field, text in strings(value):
        try:
            check_text(text)
        except ValidationError as error:
            raise Refused({shown(field): [str(message) for message in error.messages]}) from error
