"""The rules that join words and digits to years, months and days of a month."""

import re
from dataclasses import replace
from typing import Final

from osint.base.written.expressions import (
    Day,
    Month,
    Year,
)
from osint.base.written.found import CENTURY, DAY_FIRST
from osint.base.written.grammar import DAY, MONTH, YEAR, Match, Rule, rule
from osint.base.written.words import (
    DAY_WORDS,
    FEMININE,
    MONTH_FIRST_STOPS,
    NAMED_AFTER,
    NAMES_A_PLACE,
    PEOPLE,
)

_OF_WEEKS: Final = re.compile(r"[HRQWU]o&$")  # “the first and the second week”
_CURRENT: Final = frozenset({"الجاري", "الحالي"})
_WEEKDAY: Final = r"[Ax]?[qk][gl]?h?[,(@i-]{0,2}p?A?"


def named_after(match: Match) -> bool:
    """Whether a street, a place or a movement has the date for a name."""
    return match.before() in NAMED_AFTER or match.after() in NAMES_A_PLACE


# In digits


def _in_digits(match: Match) -> Day | None:
    if not (match.is_glued or match.has("/") or match.tokens.typed) or _goes_on(match):
        return None
    numbers = match.values("yd")
    if match.row[0].kind == "y":
        return _numeric(numbers[2], numbers[1], numbers[0])
    return _numeric(*numbers)


def _goes_on(match: Match) -> bool:
    """Whether more digits follow or precede, as in a number of a version or a telephone."""
    start, end = match.found.span()
    row = match.tokens
    before = start > 1 and row.kinds[start - 1] in "./-" and row.kinds[start - 2] in "dDy" and row.touches(start - 1)
    after = end < len(row) - 1 and row.kinds[end] in "./-" and row.kinds[end + 1] in "dDy" and row.touches(end)
    return before or (after and row.touches(end - 1))


def _numeric(day: int, month: int, year: int | None, note: str = "") -> Day | None:
    if month > 12 and day <= 12 and not note:
        day, month = month, day  # it can only be read so
    elif year is not None and day <= 12 and day != month:
        note = f"{note} {DAY_FIRST}"
    known = None if year is None else Year(year)
    return Day(day, Month(month, known), note=note.strip(), in_words=False) if month <= 12 else None


def _iso(match: Match) -> Day | None:
    found = _in_digits(match)
    return found and replace(found, note="")


def _without_year(match: Match) -> Day | None:
    is_date = match.tokens.typed or match.before() in DAY_WORDS or match.kind_before() in {"q", "@"}
    # “3-5 November” and “24.28 and 30 October” are days of a month.
    behind = "mvM" if match.has("/") else "mvfeM&,|"
    if not is_date or not match.is_glued or _goes_on(match) or match.kind_after() in {*behind}:
        return None
    day, month = match.values("d")
    return _numeric(day, month, None, DAY_FIRST if month <= 12 and day <= 12 and day != month else "")


def _short_year(match: Match) -> Day | None:
    year = match.row[-1].word
    is_date = match.tokens.typed or match.before() in DAY_WORDS or match.kind_before() in {"q", "@"}
    if not is_date or len(year) != 2 or not match.is_glued or _goes_on(match):
        return None
    day, month = match.values("d")[:2]
    return _numeric(day, month, 2000 + int(year), CENTURY)


def _month_in_letters(match: Match) -> Day:
    return Day(match.value("d"), Month(match.value("mv"), Year(match.value("y"))))


# Years and months


def _month_in_digits(match: Match) -> Month | None:
    number = match.value("d")
    return Month(number, Year(match.value("y"))) if match.tokens.typed and number <= 12 else None


def _year(match: Match) -> Year:
    which = next((token.kind for token in match.row if token.kind in "glNS"), "")
    return Year(match.value("y"), which)


def _month(match: Match) -> Month | None:
    names = [token for token in match.row if token.kind in "mv"]
    qualifiers = [token for token in match.row if token.kind in "glN"]
    if len({token.value for token in names}) > 1:
        return None
    latin = names[0].word.isascii()
    if qualifiers and (qualifiers[0] is match.row[0]) != latin:
        return None
    year = match.value(YEAR)
    said = year is not None or bool(qualifiers) or len(names) > 1 or match.has("M")
    weak = names[0].kind == "v" and not said
    return Month(names[0].value, year, qualifiers[0].kind if qualifiers else "", weak, latin)


def _this_month(match: Match) -> Month:
    return Month(None, None, next((token.kind for token in match.row if token.kind in "glNS"), "S"))


# Days of a month


def _day(match: Match) -> Day | None:
    first = next(token for token in match.row if token.kind in "do")
    month = match.value(MONTH)
    if first.word.partition(" ")[0] in FEMININE:
        return None  # “the first days”, “the third time”
    linked = match.has("ef") or month.which == "S"
    if first.value < 1 or first.value > 31 or named_after(match):
        return None
    if first.kind == "o" and not linked and not first.word.isascii() and first.word != "اول":
        return None
    if month.number is None and not linked and not _stands_apart(match):
        return None
    if first.kind == "o" and (
        _OF_WEEKS.search(match.tokens.kinds, max(0, match.found.start() - 3), match.found.start())
        or match.kind_before() in {*"HRQW"}
        or (first.word == "third" and match.kind_before() in {*"ol"})
    ):
        return None  # “the first half of”, “the last third of”
    return Day(first.value, month)


def _stands_apart(match: Match) -> bool:
    """Whether it is “on 12 this month (في 12 الشهر الجاري)”, and no number of what happened this month."""
    return match.kind_before() in {*"Ai@"} and match.row[-1].word.startswith("الشهر")


def _day_of_current(match: Match) -> Day | None:
    first = next(token for token in match.row if token.kind in "do")
    current = match.row[-1].word
    if current not in _CURRENT or first.value < 1 or (first.kind == "o" and not match.has("f")):
        return None
    return Day(first.value, Month(None, None, "g"))


def month_first(match: Match) -> Month | None:
    """The month of “November 12”, which stands before its day in English alone."""
    month: Month = match.value(MONTH)
    if month.number is None or month.year or month.which or not (month.latin or match.tokens.typed):
        return None
    if named_after(match) or not (match.has(YEAR) or _ends(match)):
        return None
    year = match.value(YEAR)
    return replace(month, year=year, weak=False)


def _ends(match: Match) -> bool:
    """Whether the last number is a day, and not the number of those of whom the text goes on to speak."""
    following = match.after()
    if following in PEOPLE or (match.before() in MONTH_FIRST_STOPS and match.kind_after() == "n"):
        return False
    return not (match.kind_after() == "n" and following.isascii() and following.endswith("s") and len(following) > 4)


def _day_month_first(match: Match) -> Day | None:
    number, month = match.value("do"), month_first(match)
    return Day(number, month) if month and 1 <= number <= 31 else None


def _with_weekday(match: Match) -> Day:
    found: Day = match.value(DAY)
    return replace(found, weekday=match.value("qk"))


PARTS: Final[tuple[Rule, ...]] = (
    rule("day_in_digits", r"y-d-d|y/d/d|y\.d\.d", _iso, DAY),
    rule("day_in_digits", r"d/d/y|d-d-y|d\.d\.y", _in_digits, DAY),
    rule("day_in_digits", r"d/d/[dD]|d\.d\.[dD]", _short_year, DAY),
    rule("day_in_digits", r"d[/.-]d", _without_year, DAY),
    rule("day_in_digits", r"d-[mv]-y|d/[mv]/y", _month_in_letters, DAY),
    rule("month_in_digits", r"d[/.-]y|y/d", _month_in_digits, MONTH),
    rule("year", r"Y?y|Y[glNS]|[glNS]Y", _year, YEAR),
    rule("month", r"[glN]?(?:M[ef]?)?[mv](?:/?[mv]|\([mv]\))(?:[glN](?![WMAURck]))?(?:,?[efip]?1)?", _month, MONTH),
    rule("month", r"[glN](?:M[ef]?)?[mv](?:,?[efip]?1)?", _month, MONTH),
    rule("month", r"(?:M[ef]?)?[mv][glN](?![WMAURck])(?:,?[efip]?1)?", _month, MONTH),
    rule("month", r"(?:M[ef]?)?[mv](?:,?[efip]?1)?", _month, MONTH),
    rule("this_month", r"M[glNS]|[glNS]M|I", _this_month, MONTH),
    rule("day", r"[do][efp]{0,2}2", _day, DAY),
    rule("day", r"[do][ef]?g", _day_of_current, DAY),
)
DAYS: Final[tuple[Rule, ...]] = (
    rule("day", r"2[do](?:,?1)?", _day_month_first, DAY),
    rule("day", rf"{_WEEKDAY}3\)?|3\(A?q\)", _with_weekday, DAY),
)
