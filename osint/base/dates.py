"""Dates as reports give them: EDTF text with the earliest and the latest day that it allows.

Read here: EDTF level 0, level 1, and of level 2 the sets “one of” [..] and “every one of” {..}.
Refused: everything whose bounds would be invented (seasons: nobody agrees where a winter ends),
times of day, and years outside 0001–9999. A bound of None means: the text leaves that end open.
"""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from time import struct_time
from typing import Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from edtf import parse_edtf
from edtf.parser.edtf_exceptions import EDTFParseException

from osint.base.text import shown

MAX_LENGTH: Final = 200

_MONTH: Final = "(?:0[1-9]|1[0-2])"
_PLAIN: Final = rf"[0-9]{{4}}(?:-{_MONTH}(?:-[0-9]{{2}})?)?"
_UNSPECIFIED: Final = rf"(?:[0-9]{{3}}X|[0-9]{{2}}XX|[0-9]{{4}}-XX(?:-XX)?|[0-9]{{4}}-{_MONTH}-XX)"
_DATE: Final = re.compile(rf"(?:{_PLAIN}|{_UNSPECIFIED})[?~%]?")
_DAY: Final = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_END: Final = re.compile(rf"(?:{_PLAIN}[?~%]?|\.\.)?")
_MEMBER: Final = re.compile(rf"{_PLAIN}(?:\.\.)?|(?:{_PLAIN})?\.\.{_PLAIN}")
_SEASON: Final = re.compile(r"[0-9]{4}-(?:2[1-9]|3[0-9]|4[01])(?![0-9]|-[0-9])")

_Bounds = tuple[date | None, date | None]


@dataclass(frozen=True)
class When:
    """A reading of an EDTF text: the text in canonical form and the days that bound it."""

    edtf: str
    earliest: date | None
    latest: date | None

    @property
    def is_set(self) -> bool:
        """Whether it lists days: one of them, or every one of them."""
        return self.edtf[:1] in {"[", "{"}

    @property
    def is_doubtful(self) -> bool:
        """Whether it, or an end of it, is marked as approximate or uncertain."""
        return any(mark in self.edtf for mark in "~?%")

    @property
    def kind(self) -> str:
        """“one of” or “every” for a set, “day” where both bounds are one day, else “span”."""
        if self.is_set:
            return "one of" if self.edtf.startswith("[") else "every"
        return "day" if self.earliest is not None and self.earliest == self.latest else "span"


class _UnreadableError(ValueError):
    """A text that is not a date, with the code of the sentence that says why."""

    def __init__(self, code: str = "edtf") -> None:
        super().__init__(code)
        self.code = code


def parse(text: str) -> When:
    """The reading of an EDTF text, or a ValidationError that names the text and the way out."""
    stripped = text.strip()
    if len(stripped) > MAX_LENGTH:
        raise ValidationError(
            _("“%(value)s” is too long for a date: %(length)s characters, at most %(max)s."),
            code="edtf_too_long",
            params={"value": shown(stripped), "length": len(stripped), "max": MAX_LENGTH},
        )
    try:
        return _read(_canonical(stripped))
    except _UnreadableError as error:
        params = {"value": shown(stripped), "examples": _EXAMPLES}
        raise ValidationError(_SENTENCES[error.code], code=error.code, params=params) from None


def contains(outer: When, inner: When) -> bool:
    """Whether every day that `inner` allows lies in `outer`; a set as `outer` holds only itself.

    A doubtful `inner` may lie a little outside its own bounds: a plain `outer` with the same ones does not hold it.
    """
    if outer.edtf == inner.edtf:
        return True
    if outer.is_set:
        return False
    if inner.is_doubtful and not outer.is_doubtful and (outer.earliest, outer.latest) == (inner.earliest, inner.latest):
        return False
    starts_inside = outer.earliest is None or (inner.earliest is not None and outer.earliest <= inner.earliest)
    ends_inside = outer.latest is None or (inner.latest is not None and inner.latest <= outer.latest)
    return starts_inside and ends_inside


def may_overlap(when: When, date_from: date | None, date_to: date | None) -> bool:
    """Whether the bounds of `when` touch the range, both its days included; None leaves a side open."""
    begins_in_time = date_to is None or when.earliest is None or when.earliest <= date_to
    ends_in_time = date_from is None or when.latest is None or when.latest >= date_from
    return begins_in_time and ends_in_time


_EXAMPLES: Final = _(
    "Write it as EDTF: 2025-11-12, 2025-11, 2025-11-01/2025-11-15, [2025-11-01,2025-11-03] for one of these days, "
    "{2025-11-01,2025-11-03} for every one."
)
_SENTENCES: Final = {
    "edtf": _("“%(value)s” is not a date. %(examples)s"),
    "edtf_reversed": _("“%(value)s” ends before it starts. Write the earlier date first: 2025-11-01/2025-11-15."),
    "edtf_season": _(
        "“%(value)s” names a season, and nobody agrees on its first and last day. Write the months: 2025-03/2025-05."
    ),
    "edtf_open": _("“%(value)s” leaves both ends open and so says nothing. Give one date at least. %(examples)s"),
}


def _canonical(text: str) -> str:
    """The text without the spaces that EDTF allows inside sets."""
    if text[:1] + text[-1:] not in {"[]", "{}"}:
        return text
    inner = re.sub(r"\s*(,|\.\.)\s*", r"\1", text[1:-1].strip())
    return text[0] + inner + text[-1]


@lru_cache(maxsize=4096)
def _read(text: str) -> When:
    if text[:1] + text[-1:] in {"[]", "{}"}:
        earliest, latest = _set_bounds(text[1:-1])
    elif "/" in text:
        earliest, latest = _interval_bounds(text)
    else:
        earliest, latest = _date_bounds(text)
    if earliest is None and latest is None:
        raise _UnreadableError("edtf_open")
    return When(text, earliest, latest)


def _set_bounds(inner: str) -> _Bounds:
    members = inner.split(",")
    if len(members) == 1 and ".." not in inner:
        raise _UnreadableError
    bounds = [_member_bounds(member) for member in members]
    starts, ends = zip(*bounds, strict=True)
    return _first(starts), _last(ends)


def _member_bounds(member: str) -> _Bounds:
    if not _MEMBER.fullmatch(member):
        raise _unreadable(member)
    start, dots, end = member.partition("..")
    return _ordered(_end_bounds(start)[0], _end_bounds(end if dots else start)[1])


def _interval_bounds(text: str) -> _Bounds:
    start, _slash, end = text.partition("/")
    if not (_END.fullmatch(start) and _END.fullmatch(end)):
        raise _unreadable(text)
    return _ordered(_end_bounds(start)[0], _end_bounds(end)[1])


def _end_bounds(text: str) -> _Bounds:
    # The library invents ten years for an unknown end and an infinity for an open one.
    return (None, None) if text in {"", ".."} else _date_bounds(text)


def _ordered(earliest: date | None, latest: date | None) -> _Bounds:
    if earliest is not None and latest is not None and latest < earliest:
        raise _UnreadableError("edtf_reversed")
    return earliest, latest


def _first(days: tuple[date | None, ...]) -> date | None:
    known = [day for day in days if day is not None]
    return min(known) if len(known) == len(days) else None


def _last(days: tuple[date | None, ...]) -> date | None:
    known = [day for day in days if day is not None]
    return max(known) if len(known) == len(days) else None


@lru_cache(maxsize=4096)
def _date_bounds(text: str) -> tuple[date, date]:
    # The library is only shown shapes we know: others make it print, recurse or raise at random.
    if not _DATE.fullmatch(text):
        raise _unreadable(text)
    try:
        if _DAY.fullmatch(text):
            # The library takes twenty milliseconds, and most dates that come in by files are days.
            day = date.fromisoformat(text)
            return day, day
        parsed = parse_edtf(text)
        return _day(parsed.lower_strict()), _day(parsed.upper_strict())
    except (EDTFParseException, ValueError):
        raise _unreadable(text) from None


def _day(moment: struct_time) -> date:
    # Raises ValueError for the year 0 and for 29 February in common years, which the library lets pass.
    return date(moment.tm_year, moment.tm_mon, moment.tm_mday)


def _unreadable(text: str) -> _UnreadableError:
    return _UnreadableError("edtf_season" if _SEASON.search(text) else "edtf")


# In words, for display

_MONTHS: Final = {
    "en": [
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ],
    # Levantine and modern names together, as Syrian and pan-Arab readers each expect one of them.
    "ar": [
        "كانون الثاني/يناير", "شباط/فبراير", "آذار/مارس", "نيسان/أبريل",
        "أيار/مايو", "حزيران/يونيو", "تموز/يوليو", "آب/أغسطس",
        "أيلول/سبتمبر", "تشرين الأول/أكتوبر", "تشرين الثاني/نوفمبر", "كانون الأول/ديسمبر",
    ],
}  # fmt: skip
_PHRASES: Final = {
    "en": {
        "~": "about {0}", "?": "{0} (uncertain)", "%": "about {0} (uncertain)",
        "day of": "some day in {0}", "month of": "some month of {0}", "year in": "some year from {0} to {1}",
        "from to": "{0} – {1}", "days": "{0}–{1} {2}", "from": "from {0} on", "until": "until {0}",
        "end unknown": "from {0}, until when is not known", "start unknown": "until {0}, from when is not known",
        "[": "one of {0} (which is not known)", "{": "every one of {0}", ", ": ", ",
        "[span": "one day (which is not known): {0}", "{span": "every day: {0}",
    },
    "ar": {
        "~": "نحو {0}", "?": "{0} (غير مؤكد)", "%": "نحو {0} (غير مؤكد)",
        "day of": "أحد أيام {0}", "month of": "أحد أشهر {0}", "year in": "سنة ما من {0} إلى {1}",
        "from to": "من {0} إلى {1}", "days": "من {0} إلى {1} {2}", "from": "من {0} فصاعدًا", "until": "حتى {0}",
        "end unknown": "من {0} إلى تاريخ غير معروف", "start unknown": "حتى {0} من تاريخ غير معروف",
        "[": "أحد هذه التواريخ: {0} (غير معروف أيها)", "{": "كل هذه التواريخ: {0}", ", ": "، ",
        "[span": "أحد الأيام (غير معروف أيها): {0}", "{span": "كل يوم: {0}",
    },
}  # fmt: skip


def describe(when: When, language: str = "en") -> str:
    """The reading in words, in English or Arabic; any other language is answered in English."""
    words = _Words("ar" if language.startswith("ar") else "en")
    if when.is_set:
        members = when.edtf[1:-1].split(",")
        return words.phrase(when.edtf[0] + ("span" if len(members) == 1 else ""), words.listing(members))
    start, slash, end = when.edtf.partition("/")
    return words.stretch(start, end) if slash else words.day(start)


class _Words:
    """The words of one language for the parts of an EDTF text."""

    def __init__(self, language: str) -> None:
        self._months = _MONTHS[language]
        self._phrases = _PHRASES[language]

    def phrase(self, name: str, *parts: str) -> str:
        return self._phrases[name].format(*parts)

    def day(self, text: str) -> str:
        if text[-1] in "~?%":
            return self.phrase(text[-1], self.day(text[:-1]))
        year, month, day = (*text.split("-"), "", "")[:3]
        if "X" in year:
            return self.phrase("year in", year.replace("X", "0"), year.replace("X", "9"))
        if "X" in day + month:
            return self.phrase("day of" if day else "month of", self.day(text.partition("-X")[0]))
        return " ".join(part for part in (day.lstrip("0"), self._month(month), year) if part)

    def stretch(self, start: str, end: str) -> str:
        if start in {"", ".."}:
            return self.phrase("until" if start else "start unknown", self.day(end))
        if end in {"", ".."}:
            return self.phrase("from" if end else "end unknown", self.day(start))
        if _is_day(start) and _is_day(end) and start[:7] == end[:7]:
            return self.phrase("days", start[8:].lstrip("0"), end[8:].lstrip("0"), self.day(end[:7]))
        return self.phrase("from to", self.day(start), self.day(end))

    def listing(self, members: list[str]) -> str:
        if len({member[:7] for member in members}) == 1 and all(map(_is_day, members)):
            # “24, 28 October 2025”: the month is said once.
            days = [member[8:].lstrip("0") for member in members[:-1]]
            return self._phrases[", "].join([*days, self.day(members[-1])])
        return self._phrases[", "].join(map(self._member, members))

    def _member(self, text: str) -> str:
        start, dots, end = text.partition("..")
        return self.stretch(start or dots, end or dots) if dots else self.day(start)

    def _month(self, month: str) -> str:
        return self._months[int(month) - 1] if month else ""


def _is_day(text: str) -> bool:
    return len(text) == len("2025-11-12") and "X" not in text and text[-1].isdigit()
