"""Texts by others as HTML: escaped, with invisible marks made visible, and with a mark on what was looked for."""

import re
from typing import Final

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from osint.base.highlights import Sought, hits, pieces

# What Unicode calls them for short. They turn the order of letters around and show nothing themselves.
CONTROLS: Final = {
    "\u061c": "ALM",
    "\u200e": "LRM",
    "\u200f": "RLM",
    "\u202a": "LRE",
    "\u202b": "RLE",
    "\u202c": "PDF",
    "\u202d": "LRO",
    "\u202e": "RLO",
    "\u2066": "LRI",
    "\u2067": "RLI",
    "\u2068": "FSI",
    "\u2069": "PDI",
}
CONTROL: Final = re.compile(f"([{''.join(CONTROLS)}])")


def legible(text: str) -> SafeString:
    """The text, escaped, with a badge in the place of every invisible mark of writing direction."""
    parts = [badge(part) if part in CONTROLS else conditional_escape(part) for part in CONTROL.split(str(text))]
    return mark_safe("".join(parts))  # noqa: S308 - every part is escaped


def badge(control: str) -> SafeString:
    """A control character by its name."""
    return format_html('<bdi class="control" title="U+{}">⟦{}⟧</bdi>', f"{ord(control):04X}", CONTROLS[control])


def marked(text: str, what: Sought | None) -> SafeString:
    """The text as `legible` shows it, with a mark on every place that holds what was looked for."""
    if what is None:
        return legible(text)
    parts = [
        format_html("<mark>{}</mark>", legible(piece)) if is_hit else legible(piece)
        for piece, is_hit in pieces(str(text), hits(str(text), what))
    ]
    return mark_safe("".join(parts))  # noqa: S308 - every part is escaped
