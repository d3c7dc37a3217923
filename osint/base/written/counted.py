"""The rules that join words to dates which are counted from another: today, two days before, last Wednesday."""

from typing import Any, Final

from osint.base.written.expressions import Expression, Month, Year
from osint.base.written.grammar import DAY, MONTH, YEAR, Match, Rule, rule
from osint.base.written.relative import Away, FromPublication, Night, Past, Week, Weekday, Weekdays, length
from osint.base.written.words import DAYS, MONTHS, NAMED_AFTER, NAMES_A_PLACE, VAGUE_AFTER, WEEKS, YEARS

_SINGULAR: Final = {"A": DAYS, "W": WEEKS, "M": MONTHS, "Y": YEARS, "x": DAYS}
_UNITS: Final = "(?:r?u|r?[wd]U|[wd][AWMY]|r?[AWMY])"
_HOUR: Final = "(?:A?h)?"


def _amount(match: Match) -> tuple[str, int] | None:
    """A unit and how many of it: “two days”, “يومين”, “3 أسابيع”."""
    dual = match.value("u")
    if dual:
        return dual, 2
    number = match.value("wd") or 1
    plural = match.value("U")
    if plural:
        return plural, number
    singular = next((_SINGULAR[token.kind] for token in match.row if token.kind in _SINGULAR), None)
    # Arabic counts in the singular from eleven on; in English “two day” is a mistake for nothing.
    return (singular, number) if singular else None


def _today(match: Match) -> FromPublication | None:
    if match.tokens.typed:
        return FromPublication(0)
    word = match.row[0].word
    # “Until today”, “twice a day (في اليوم)”, “today’s” and “the first day” are no dates.
    if match.kind_before() in {"t", "p"} or (
        word == "اليوم" and match.before() in {"في", "هذا"} and not match.has("q")
    ):
        return None
    if match.kind_after() in {"o", "j", "J", "S"} or match.after() in {"’", "'", "ذاك"}:
        return None
    return FromPublication(0)


def _yesterday(match: Match) -> FromPublication | None:
    if match.after() in VAGUE_AFTER:
        return None
    return FromPublication(-2 if match.has("oZb") else -1)


def _weekday(match: Match) -> Weekday | None:
    which = next((token.kind for token in match.row if token.kind in "glN"), "")
    if match.after() == "عشر":
        return None  # “the eleven (الأحد عشر)”
    is_name = match.before() in NAMED_AFTER or match.after() in NAMES_A_PLACE
    if is_name or (which == "N" and not match.tokens.typed):
        return None
    return Weekday(match.value("q"), which)


def _weekdays(match: Match) -> Weekdays:
    first, last = match.values("q")
    return Weekdays(Weekday(first), Weekday(last))


def _away(sign: int, *, anchored: bool) -> Any:
    def build(match: Match) -> Away | None:
        amount = _amount(match)
        if amount is None:
            return None
        if not match.tokens.typed and (amount[0] == YEARS or (amount[0] == MONTHS and match.has("s"))):
            return None  # “for a month”, “three years ago”: too far to date what is told
        # “Two days before the attack”: from a day that the words do not date.
        if match.kind_after() in {"f", "e"} or (anchored and match.kind_after() == "n" and _needs_end(match)):
            return None
        return Away(amount[0], sign * amount[1], anchored)

    return build


def _needs_end(match: Match) -> bool:
    return match.row[-1].kind in "ba" and match.row[0].kind not in "ba"


def _behind(sign: int) -> Any:
    away = _away(sign, anchored=True)

    def build(match: Match) -> Away | None:
        # Only in English does “before” stand behind what it counts.
        return away(match) if match.row[-1].word.isascii() else None

    return build


def _away_from_date(match: Match) -> Away | None:
    amount = _amount(match)
    if amount is None:
        return None
    sign = -1 if match.has("b") else 1
    return Away(amount[0], sign * amount[1], origin=match.value(DAY))


def _next_day(match: Match) -> Away | None:
    kinds = {token.kind for token in match.row}
    # “The day before” and no more of it: of what it was the day before may be anything.
    if kinds & {"a", "b"} and (not match.row[0].word.isascii() or match.kind_after() not in {"", *".,!\n)"}):
        return None
    return Away(DAYS, 1 if kinds & {"j", "N", "a"} else -1 if kinds & {"J", "b", "l"} else 0, anchored=True)


def _hours(match: Match) -> Past | None:
    hours = int(next(token for token in match.row if token.kind in "dD").word)
    return Past(-(-hours // 24)) if 1 <= hours <= 24 * 31 else None


def _last_days(match: Match) -> Past | None:
    amount = _amount(match)
    return Past(length(*amount)) if amount and amount[0] in {DAYS, WEEKS} else None


def _week(match: Match) -> Week | Past | None:
    which = next(token.kind for token in match.row if token.kind in "glN")
    if "past" in {token.word for token in match.row}:
        return Past(7)
    return None if which == "N" and not match.tokens.typed else Week(which)


def _night(_match: Match) -> Expression:
    return Night()


def _tomorrow(match: Match) -> FromPublication | None:
    return FromPublication(1) if match.tokens.typed else None


def _earlier_this(match: Match) -> Month | Year:
    found: Month | Year = match.value(MONTH + YEAR)
    return found


FROM_ANOTHER: Final[tuple[Rule, ...]] = (
    rule("days_from_another", rf"[ba]{_UNITS}f3|{_UNITS}[ba]f?3|A[ba]f?3", _away_from_date),
)
COUNTED: Final[tuple[Rule, ...]] = (
    rule("yesterday", rf"{_HOUR}A?z(?:oq?|q)?h?|of?zq?|Abz|o?z", _yesterday),
    rule("next_day", rf"{_HOUR}x[jJS]|x[jJS]|[jJSNlT][xA]|A[ab](?![39])", _next_day),
    rule("last_hours", r"i?l[dD]c|i[dD]cl?|[dD]cl|i?c[dD]l", _hours),
    rule("last_days", r"i?l[wd]U|i?U[wd]l|i?[wd]Ul|i?ul", _last_days),
    rule("days_ago", rf"[bs]{_UNITS}", _away(-1, anchored=False)),
    rule("days_ago", rf"{_UNITS}G|uG", _away(-1, anchored=False)),
    rule("days_before", rf"bT?p{_UNITS}", _away(-1, anchored=True)),
    rule("days_before", rf"{_UNITS}(?:K|bT?)", _behind(-1)),
    rule("days_after", rf"aT?p?{_UNITS}", _away(1, anchored=True)),
    rule("days_after", rf"{_UNITS}(?:P|aT?)", _behind(1)),
    rule("last_night", r"lh|hl", _night),
    rule("weekdays_from_to", r"FA?q&A?q|fA?q&?tA?q|qtq|h?q[-/]q", _weekdays),
    rule("today", rf"{_HOUR}g?xq?h?|gh|hg", _today),
    rule("weekday", rf"[lN]qh?|{_HOUR}A?q[glN]?h?", _weekday),
    rule("tomorrow", "X", _tomorrow),
    rule("this_week", r"K?(?:W[glN]|[glN]W)", _week),
    rule("this_month", r"K[12]", _earlier_this),
)
