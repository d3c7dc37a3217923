"""A value of the history as a person reads it, and what changed between two texts, word by word."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import SequenceMatcher
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

from osint.base import dates
from osint.base.fields import EdtfField
from osint.history.past import REDACTED

LONG = 80  # characters from which a text is compared word by word
AROUND = 5  # words shown on either side of what changed
MOST = 2_000  # words compared one by one; of longer stretches it is only said that they changed


@dataclass(frozen=True)
class Piece:
    """A stretch of a compared text: ``same``, ``gone`` or ``come``; ``cut`` where words that stayed are left out."""

    kind: str
    text: str


def in_words(column: models.Field[Any, Any], value: Any, names: dict[Any, str]) -> str:
    """One value; a related record by its name, a choice by its label, nothing as a dash."""
    if value is REDACTED:
        return _("[redacted]")
    if value is None or value == "":
        return "–"
    if column.is_relation:
        return names.get(value, f"#{value}")
    if column.choices:
        return str(dict(column.flatchoices).get(value, value))
    return plain(column, value)


def in_json(value: Any) -> Any:
    """A value for programs; one that was redacted is nothing."""
    return None if value is REDACTED else value


def plain(column: models.Field[Any, Any], value: Any) -> str:
    """A value of its own kind."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(column, models.DateTimeField):
        return moment(datetime.fromisoformat(value))
    if isinstance(column, EdtfField):
        return f"{described(value)} ({value})"
    if isinstance(value, dict | list):
        return flat(value)
    return str(value)


def flat(value: Any) -> str:
    """A value with parts, those that say something one after the other."""
    if isinstance(value, dict):
        return ", ".join(f"{name}: {flat(part)}" for name, part in value.items() if part not in (None, "", [], {}))
    if isinstance(value, list):
        return "; ".join(map(flat, value))
    return str(value)


def moment(at: datetime) -> str:
    """A moment in UTC, to the second."""
    text = f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
    # Among Arabic words a date would run backwards.
    return f"\u200e{text}" if get_language_bidi() else text


def described(edtf: str) -> str:
    """A date in words, or as it was written."""
    try:
        return dates.describe(dates.parse(edtf), get_language() or "en")
    except ValidationError:
        return edtf


def difference(old: Any, new: Any) -> tuple[Piece, ...]:
    """What changed between two long texts; nothing where they are short, or no texts."""
    if not (isinstance(old, str) and isinstance(new, str) and old and new and max(len(old), len(new)) > LONG):
        return ()
    before, after = (re.findall(r"\s+|[^\s]+", text) for text in (old, new))
    return tuple(compact(compared(before, after)))


def compared(before: list[str], after: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Stretches of words: those that stayed, went, came."""
    head = shared(before, after)
    tail = shared(before[head:][::-1], after[head:][::-1])
    middle = before[head : len(before) - tail], after[head : len(after) - tail]
    yield "same", before[:head]
    if max(map(len, middle)) > MOST:
        yield "gone", middle[0]
        yield "come", middle[1]
    else:
        for tag, i, j, k, m in SequenceMatcher(None, *middle, autojunk=False).get_opcodes():
            yield ("same" if tag == "equal" else "gone"), middle[0][i:j]
            yield "come", [] if tag == "equal" else middle[1][k:m]
    yield "same", before[len(before) - tail :]


def shared(one: list[str], other: list[str]) -> int:
    """How many words both begin with."""
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def compact(stretches: Iterator[tuple[str, list[str]]]) -> Iterator[Piece]:
    """Each stretch, shortened to what it takes to see what changed."""
    for kind, words in ((kind, words) for kind, words in stretches if words):
        most = 2 * AROUND if kind == "same" else MOST // 10
        if len(words) <= 2 * most:
            yield Piece(kind, "".join(words))
            continue
        yield Piece(kind, "".join(words[:most]))
        yield Piece("cut", " … ")
        yield Piece(kind, "".join(words[-most:]))
