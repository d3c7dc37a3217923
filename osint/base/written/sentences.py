"""What is said about a date that was read, and about one that was not."""

from datetime import date
from typing import Final

from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from osint.base import dates
from osint.base.text import shown
from osint.base.written import found
from osint.base.written.found import Found

_INFERRED: Final = {
    found.YEAR: gettext_lazy("The year is taken from the publication date, %(published)s."),
    found.MONTH: gettext_lazy("The month is taken from the publication date, %(published)s."),
    found.PUBLICATION: gettext_lazy("Counted from the publication date, %(published)s."),
    found.ANCHOR: gettext_lazy("Counted from %(anchor)s, the date given before."),
    found.SHARED_YEAR: gettext_lazy("The year is that of the date named after it."),
    found.DAY_FIRST: gettext_lazy("Read with the day before the month."),
    found.CENTURY: gettext_lazy("The year is taken to be of this century."),
    found.APPROXIMATE: gettext_lazy("The words draw no sharp line: the bounds are approximate."),
    found.WEEKDAY: gettext_lazy("The weekday named is not that of this date."),
}
_REFUSED: Final = {
    "no_year": gettext_lazy(
        "“%(value)s” names no year, and no report is at hand whose publication date would give it. Add the year: "
        "12 November 2025."
    ),
    "no_publication": gettext_lazy(
        "“%(value)s” counts from a publication date, and no report that has one is at hand. Write the date itself: "
        "12 November 2025."
    ),
    "no_anchor": gettext_lazy(
        "“%(value)s” counts from a date that is not said here. Write the date itself: 12 November 2025."
    ),
    "no_such_day": gettext_lazy(
        "“%(value)s” is in no calendar: that month has no day %(day)s. Look it up, or write the month alone."
    ),
    "reversed": gettext_lazy("“%(value)s” ends before it starts. Write the earlier date first: 3–5 November 2025."),
    "season": gettext_lazy(
        "“%(value)s” names a season, and nobody agrees on its first and last day. Write the months: March–May 2025."
    ),
    "in_part": gettext_lazy(
        "“%(value)s” is understood in part: “%(part)s” is read as %(edtf)s. Leave out the other words."
    ),
    "several": gettext_lazy(
        "“%(value)s” holds several dates: “%(part)s” and more. Write one, or say how they belong together: "
        "3, 5 and 8 November 2025; 3 or 5 November 2025; 3–5 November 2025."
    ),
    "unread": gettext_lazy(
        "“%(value)s” is not read as a date. Write it like 12 November 2025, 12/11/2025, first half of November 2025, "
        "early November 2025, 3–5 November 2025, or as EDTF: 2025-11-12."
    ),
}


def explain(one: Found) -> list[str]:
    """A sentence for each thing that the words did not say, in the reader's language."""
    params = {"published": _day(one.published), "anchor": _day(one.anchor)}
    return [str(sentence) % params for code, sentence in _INFERRED.items() if code in one.inferred]


def reason(one: Found) -> str:
    """Why the date is what it is, as the reason of a fact that is derived or inferred; blank where it is stated."""
    return "" if one.basis == "stated" else " ".join([_("“%(phrase)s”:") % {"phrase": one.word}, *explain(one)])


def refusal(code: str, value: str, **params: object) -> ValidationError:
    """Why a text is not taken for a date, and the way out."""
    known = code if code in _REFUSED else "unread"
    return ValidationError(_REFUSED[known], code=f"date_{known}", params={"value": shown(value), **params})


def _day(moment: date | None) -> str:
    return "" if moment is None else dates.describe(dates.parse(moment.isoformat()), get_language() or "en")
