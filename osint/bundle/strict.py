"""JSON as we write it and nothing else: what two programs could read in two ways is refused."""

import json
import re
from typing import Any

from django.utils.translation import gettext as _

from osint.base.text import shown
from osint.bundle.entries import Refusal

LONGEST_NUMBER = 20  # digits: no column holds more
DEEPEST = 32
# What a long record is long by are its texts: beside them it has names, brackets and commas, and not many.
LONG, MOST_BESIDE = 1 << 20, 1 << 16
TEXT = re.compile(rb'"(?:[^"\\]|\\.)*"')


class Doubtful(ValueError):
    """What is wrong with a text, as a sentence."""


def written(data: Any) -> bytes:
    """A small document, laid out for people."""
    return json.dumps(data, ensure_ascii=False, indent=2, sort_keys=True).encode() + b"\n"


def read(data: bytes, where: str) -> Any:
    """What these bytes say; ``Refusal``, with the place, where they could mean two things or cannot be kept."""
    if len(data) > LONG and len(TEXT.sub(b"", data)) > MOST_BESIDE:
        raise Refusal(_("%(where)s: far more values than a record has.") % {"where": where})
    try:
        text = data.decode()
        found = DECODER.decode(text)
        # Escaped, both would pass; the one is no character, the other no database keeps.
        if "\\u" in text:
            check_characters(found)
        check_depth(text, found)
    except UnicodeDecodeError as error:
        sentence = _("%(where)s: byte %(place)d is not UTF-8.") % {"where": where, "place": error.start + 1}
        raise Refusal(sentence) from error
    except RecursionError as error:
        raise Refusal(_("%(where)s: brackets within brackets, far too deep.") % {"where": where}) from error
    except Doubtful as error:
        raise Refusal(f"{where}: {error}") from error
    except ValueError as error:
        raise Refusal(
            _("%(where)s: this is not JSON (%(error)s).") % {"where": where, "error": shown(str(error))}
        ) from error
    return found


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object in which each name stands once."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Doubtful(_("“%(name)s” stands there twice.") % {"name": shown(twice)})
    return found


def no_number(text: str) -> Any:
    """Refuse what JSON does not know."""
    raise Doubtful(_("%(seen)s is no number.") % {"seen": text})


def whole(text: str) -> int:
    """A whole number that a column can hold; Python itself would read millions of digits."""
    if len(text) > LONGEST_NUMBER or text == "-0":
        raise Doubtful(_("%(seen)s is a number that nothing here can hold.") % {"seen": shown(text)})
    return int(text)


def finite(text: str) -> float:
    """A number that is not infinite."""
    found = float(text) if len(text) <= 40 else float("inf")
    if found in (float("inf"), float("-inf")):
        raise Doubtful(_("%(seen)s is a number that nothing here can hold.") % {"seen": shown(text)})
    return found


def check_depth(text: str, found: Any) -> None:
    """Refuse brackets within brackets beyond what any of our records has."""
    if text.count("[") + text.count("{") > DEEPEST and depth(found) > DEEPEST:
        raise Doubtful(_("brackets within brackets, far too deep."))


def depth(found: Any) -> int:
    """How many brackets are within each other."""
    inner = found.values() if isinstance(found, dict) else found if isinstance(found, list) else None
    return 0 if inner is None else 1 + max(map(depth, inner), default=0)


def check_characters(found: Any) -> None:
    """Refuse half a character, and the one that no database keeps."""
    if isinstance(found, str):
        if "\0" in found or any("\ud800" <= character <= "\udfff" for character in found):
            raise Doubtful(_("“%(seen)s” holds what is no character.") % {"seen": shown(found)})
    elif isinstance(found, list):
        for one in found:
            check_characters(one)
    elif isinstance(found, dict):
        for name, one in found.items():
            check_characters(name)
            check_characters(one)


# Made once: to make one takes as long as to read a record.
DECODER = json.JSONDecoder(
    object_pairs_hook=once, parse_constant=no_number, parse_int=whole, parse_float=finite, strict=True
)
