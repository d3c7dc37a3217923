"""Template filters for texts by others: dates in words, writing direction, and invisible marks made visible."""

import re
from datetime import date

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, get_language_info, pgettext
from django.utils.translation import gettext as _

from osint.base import dates

register = template.Library()

# What Unicode calls them for short. They turn the order of letters around and show nothing themselves.
CONTROLS = {
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
CONTROL = re.compile(f"([{''.join(CONTROLS)}])")


@register.filter
def legible(text: str) -> SafeString:
    """The text, escaped, with a badge in the place of every invisible mark of writing direction."""
    parts = [badge(part) if part in CONTROLS else conditional_escape(part) for part in CONTROL.split(str(text))]
    return mark_safe("".join(parts))  # noqa: S308 - every part is escaped


def badge(control: str) -> SafeString:
    """A control character by its name."""
    return format_html('<bdi class="control" title="U+{}">⟦{}⟧</bdi>', f"{ord(control):04X}", CONTROLS[control])


@register.filter
def in_words(when: date | str | dates.When | None) -> str:
    """A day, an EDTF text or a reading in the words of the reader's language."""
    if not when:
        return ""
    if isinstance(when, date):
        when = when.isoformat()[:10]  # a moment too: of its day
    reading = dates.parse(when) if isinstance(when, str) else when
    return dates.describe(reading, get_language() or "en")


@register.filter
def direction(language: str) -> str:
    """How texts in this language run: rtl, ltr, or auto where we cannot tell."""
    try:
        return "rtl" if get_language_info(language)["bidi"] else "ltr"
    except KeyError:
        return "auto"


@register.filter
def distance(metres: int) -> str:
    """A distance in metres as people say it."""
    if metres < 1000:
        return _("%(number)d m") % {"number": metres}
    return _("%(number)g km") % {"number": round(metres / 1000, 1)}


@register.simple_tag
def comma() -> str:
    """What stands between the parts of a list, which Arabic writes its own way."""
    return pgettext("in a list", ", ")
