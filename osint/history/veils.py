"""What of the past of a visible record a reader may not see: the storeys above say which entries, as a condition."""

from collections.abc import Callable
from typing import Any

from django.db.models import Q

VEILS: list[Callable[[Any], Q]] = []


def veil(function: Callable[[Any], Q]) -> Callable[[Any], Q]:
    """Let the function say, as a condition on entries, which of them are not for a reader."""
    VEILS.append(function)
    return function


def veiled(reader: Any) -> Q:
    """The condition that an entry is not for this reader, although the record may be."""
    condition = Q(pk__in=[])
    for asked in VEILS:
        condition |= asked(reader)
    return condition
