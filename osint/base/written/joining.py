"""The rules that join days, months and years to lists, spans and parts."""

import re
from dataclasses import replace
from typing import Any, Final

from osint.base.written.building import month_first, named_after
from osint.base.written.expressions import (
    PARTS_BY_WORD,
    About,
    Across,
    Between,
    Day,
    Days,
    Month,
    Open,
    Part,
    Since,
    Year,
)
from osint.base.written.found import SHARED_YEAR
from osint.base.written.grammar import DAY, MONTH, WHOLE, YEAR, Match, Rule, rule
from osint.base.written.words import (
    DAY_WORDS,
)

MOST_DAYS: Final = 17  # as many as an EDTF set has room for
_SIGHT: Final = 24  # tokens in which a year is looked for
_TO: Final = r"(?:-|,?&?t)"
_OF: Final = r"[efip]{0,2}"
_NEXT_DAY: Final = re.compile(r"(?:,?[&|]|,)A?3")
_NUMBERS: Final = "(?:A?[do](?:,?[&|]|[,./])){1,%d}"


def _list_month_first(match: Match) -> Days | None:
    month = month_first(match)
    return _days([Day(number, month) for number in match.values("d")], match) if month else None


def _span_month_first(match: Match) -> Between | None:
    month, (first, last) = month_first(match), match.values("do")
    return Between(Day(first, month), Day(last, month)) if month else None


def _days(members: list[Day], match: Match) -> Days | None:
    if len(members) > MOST_DAYS or min(member.number for member in members) < 1:
        return None
    return Days(tuple(members), one_of=match.has("|"))


def _list(match: Match) -> Days | None:
    last: Day = match.value(DAY)
    if not last.in_words or last.weekday is not None or not _is_list(match):
        return None
    if match.row[0].kind == "o" and match.kind_before() in {*"HRQWU"}:
        return None
    members = [replace(last, number=number) for number in match.values("do")]
    return _days([*members, last], match)


def _is_list(match: Match) -> bool:
    """Whether the marks between the numbers are those of a list, and not of two sentences."""
    start, end = match.found.span()
    row = match.tokens
    dots = [index for index in range(start, end) if row.kinds[index] == "."]
    if any(not (row.touches(index) and row.touches(index - 1)) for index in dots):
        return False
    joined = match.has("&|") or len(dots) > 0
    return joined or len(match.values("do")) > 1 or match.kind_before() == "(" or match.before() in DAY_WORDS


def _span_of_days(match: Match) -> Between | None:
    last: Day = match.value(DAY)
    first = match.value("do")
    if not last.in_words or last.weekday is not None or first < 1:
        return None
    return Between(replace(last, number=first), last)


def _between(kind: str) -> Any:
    def build(match: Match) -> Between:
        first, last = match.values(kind)
        return Between(first, last)

    return build


def _months(match: Match) -> Between | None:
    first, last = match.values(MONTH)
    return Between(first, last) if first.number and last.number and first.number != last.number else None


def _years(match: Match) -> Between | None:
    first, last = match.values(YEAR)
    if first.number is None or last.number is None or first.number >= last.number:
        return None
    return Between(first, last) if match.tokens.typed or match.has("Ffi") or "عام" in match.row[0].word else None


def _sharing_year(match: Match) -> Day | None:
    """The first of “3 May, 5 June and 7 July 2024”, which has its year from the last."""
    own: Day = match.row[0].value
    position = match.found.end()
    while own.month.year is None and own.month.number and (found := _NEXT_DAY.match(match.tokens.kinds, position)):
        following: Day = match.tokens[found.end() - 1].value
        position = found.end()
        if following.month.year is not None and following.month.number:
            return replace(own, month=replace(own.month, year=_same_or_last(own, following)), note=SHARED_YEAR)
        if position - match.found.end() > _SIGHT:
            break
    return None


def _same_or_last(own: Day, following: Day) -> Year:
    year, later = following.month.year or Year(None), (own.month.number or 0) > (following.month.number or 0)
    return replace(year, number=year.number - 1) if later and year.number else year


def _list_of_lists(match: Match) -> Days | None:
    """“(24.28 October) and (1.6 November)”: a list that goes on over months."""
    parts = match.values(WHOLE)
    if {type(part) for part in parts} - {Day, Days} or not (
        match.tokens.typed or any(isinstance(part, Days) for part in parts)
    ):
        return None
    if any(isinstance(part, Days) and part.one_of for part in parts):
        return None
    members = [member for part in parts for member in (part.members if isinstance(part, Days) else [part])]
    return _days(members, match)


def _across(match: Match) -> Across | None:
    """“From mid-October to early November”."""
    first, last = (token.value for token in match.row if token.kind in WHOLE + MONTH)
    is_between = match.row[0].kind == "F"
    if not isinstance(first, Part | Month) or not isinstance(last, Part | Month) or is_between is not match.has("&"):
        return None
    return Across(first, last)


def _one_of(match: Match) -> Days:
    return Days(tuple(match.values(DAY)), one_of=True)


# Parts


def _whole(match: Match) -> Month | Year:
    """Of what it is a part; a bare “the month” is this one."""
    found = match.value(MONTH + YEAR)
    if found is not None:
        return replace(found, weak=False) if isinstance(found, Month) else found
    return Month(None, None, "g") if match.row[-1].kind == "M" else Year(None, "g")


def _part(match: Match) -> Part | None:
    rank, kind = _rank(match)
    whole = _whole(match)
    unfit = {"Q", ""} if isinstance(whole, Month) else {"W", ""}
    return None if kind in unfit else Part(kind, rank, whole)


def _rank(match: Match) -> tuple[int, str]:
    first, second = match.row[:2]
    if second.kind == "o" and first.kind in "ol" and second.word == "third":
        return (-1 if first.kind == "l" else first.value), "R"
    which, part = (second, first) if first.kind in "HRQW" else (first, second)
    return (-1 if which.kind == "l" else int(which.value)), part.kind if part.kind in "HRQW" else ""


def _first_days(match: Match) -> Part | None:
    """“The first ten days of November”."""
    which = next(token for token in match.row if token.kind in "ol")
    count = match.value("wd")
    if which.kind == "o" and which.value not in {1, -1}:
        return None
    return Part("D", -count if which.value in {None, -1} else count, _whole(match))


def _first_few_days(match: Match) -> Part | None:
    which = next(token for token in match.row if token.kind in "ol")
    number = {None: 3, -1: 3, 1: 1}.get(which.value)
    return Part("R", number, _whole(match), vague=True) if number else None


def _about_part(match: Match) -> Part:
    return Part("R", PARTS_BY_WORD[match.row[0].kind], _whole(match), vague=True)


def _since_beginning(match: Match) -> Since:
    return Since(_whole(match))


def _since(match: Match) -> Since | None:
    if match.has(YEAR) and not match.tokens.typed:
        return None  # “there since 2011” dates nothing that is told
    return Since(match.value(DAY + MONTH + YEAR))


def _open(match: Match) -> Open | None:
    """“Before”, “after” and “until”, which leave one end open; in running text only the date is marked."""
    return Open(match.row[0].kind, match.value(DAY + MONTH + YEAR)) if match.tokens.typed else None


def _about(match: Match) -> About:
    return About(match.value(DAY + MONTH + YEAR))


def _kept(kind: str) -> Any:
    def build(match: Match) -> Any:
        return match.value(kind)

    return build


def _lone_month(match: Match) -> Month | None:
    month: Month = match.value(MONTH)
    if match.tokens.typed:
        return month
    if month.number is None:
        return month if month.which in {"g", "l"} and not match.row[0].word.startswith("past") else None
    introduced = match.kind_before() in {"i", "@", "E"} or (match.kind_before() == "s" and month.weak)
    if named_after(match) or match.kind_before() in {*"dD"} or (month.weak and not introduced):
        return None
    return month


def _lone_year(match: Match) -> Year | None:
    year: Year = match.value(YEAR)
    if match.tokens.typed:
        return year
    # “the resolution of 2015”, “since 2011”: most years in a report are no date of what it tells.
    return year if match.kind_before() == "i" and match.kind_after() != "1" and year.which != "N" else None


MONTH_FIRST: Final[tuple[Rule, ...]] = (
    rule("list_of_days", rf"2d(?:,d){{0,{MOST_DAYS - 2}}},?[&|]d(?:,?1)?", _list_month_first),
    rule("days_from_to", r"[fF]?2[do](?:-|,?&?t|&)d(?:,?1)?", _span_month_first),
)
JOINING: Final[tuple[Rule, ...]] = (
    rule("", r"3(?=(?:,?[&|]|,)A?3)", _sharing_year, DAY),
    rule("since", r"[fs]A?3&?tx", _since),
    rule("days_from_to", r"FA?[do](?:-|,?&)A?3", _span_of_days),
    rule("days_from_to", rf"[fs]?A?[do](?:/|{_TO})A?3", _span_of_days),
    rule("days_from_to", r"FA?3(?:-|,?&)A?3", _between(DAY)),
    rule("days_from_to", rf"[fs]?A?3{_TO}A?3", _between(DAY)),
    rule("list_of_days", _NUMBERS % (MOST_DAYS - 1) + "A?3", _list),
    rule("one_of_days", r"3\|A?3", _one_of),
    rule("months_from_to", r"F2&2", _months),
    rule("months_from_to", rf"f?2(?:/|{_TO})2", _months),
    rule("years_from_to", r"F1&1", _years),
    rule("years_from_to", rf"[fi]?1{_TO}1", _years),
    rule("part_of", rf"(?:[ol][HRQWo]|[HRQW][ol]){_OF}[12MY]", _part),
    rule("part_of", rf"(?:[ol][wd]U|[wd]Uo|U[wd]o){_OF}2", _first_days),
    rule("early_mid_late", rf"(?:oU|Uo|lU){_OF}2", _first_few_days),
    rule("since", rf"s[BE]{_OF}[12MY]", _since_beginning),
    rule("early_mid_late", rf"[EBCL]-?{_OF}[12M]", _about_part),
    rule("open", r"[tba]A?[123]", _open),
    rule("since", r"sA?[123]", _since),
    rule("about", r"r[123]", _about),
    rule("", "3", _kept(DAY)),
)
LAST: Final[tuple[Rule, ...]] = (
    rule("from_to", rf"[fF][92](?:{_TO}|&)[92]", _across),
    rule("list_of_days", r"\(9\)(?:,?&?\(9\)){1,8}", _list_of_lists),
    rule("list_of_days", r"9(?:(?:,&|[,&])9){1,8}", _list_of_lists),
    rule("", "2", _lone_month),
    rule("year", "1", _lone_year),
)
