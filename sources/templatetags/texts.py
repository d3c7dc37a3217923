"""Template filters for texts by others: dates in words, writing direction, and invisible marks made visible."""

from datetime import date

from django import template
from django.utils.translation import get_language, get_language_info, pgettext
from django.utils.translation import gettext as _

from osint.base import dates
from osint.base.markup import legible, marked

register = template.Library()

register.filter(legible)
register.filter(marked)


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
