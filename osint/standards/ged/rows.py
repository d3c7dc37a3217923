"""A row of UCDP GED: its columns, its values as they may be, and the text in which we keep it word for word.

Invariant: ``parsed(worded(cells)) == cells``, whatever stands in the cells; so nothing of a row is ever lost.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from itertools import pairwise
from math import isfinite
from typing import Final

from osint.base.text import shown

COLUMNS: Final = (
    "id", "year", "active_year", "type_of_violence", "conflict_new_id", "conflict_name", "dyad_new_id", "dyad_name",
    "side_a_new_id", "side_a", "side_b_new_id", "gwnob", "side_b", "number_of_sources", "source_article",
    "source_office", "source_date", "source_headline", "source_original", "where_prec", "where_coordinates", "adm_1",
    "adm_2", "latitude", "longitude", "geom_wkt", "priogrid_gid", "country", "country_id", "region", "event_clarity",
    "date_prec", "date_start", "date_end", "deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown", "low", "best",
    "high",
)  # fmt: skip
# The columns that we read; whatever others a release of the data set has are kept with them.
READ: Final = frozenset(COLUMNS) - {
    "year", "active_year", "conflict_new_id", "conflict_name", "dyad_new_id", "dyad_name", "gwnob", "number_of_sources",
    "source_headline", "geom_wkt", "priogrid_gid", "region",
}  # fmt: skip
STATE_BASED, NON_STATE, ONE_SIDED = "1", "2", "3"
RANGES: Final = {"type_of_violence": (1, 3), "where_prec": (1, 7), "date_prec": (1, 5), "event_clarity": (1, 2)}
DEATHS: Final = ("deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown")
ESTIMATES: Final = ("low", "best", "high")
NUMBERS: Final = ("id", "side_a_new_id", "side_b_new_id", "country_id", *DEATHS, *ESTIMATES)
MOST: Final = 9_999_999_999
NAME: Final = re.compile(r"[a-z][a-z0-9_]*")
DIGITS: Final = re.compile(r"[0-9]{1,10}")
DECIMAL: Final = re.compile(r"-?[0-9]{1,3}(?:\.[0-9]{1,20})?")
DAY: Final = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?: 00:00:00(?:\.0+)?)?")
MIDDLE: Final = re.compile(r'"\s*;\s*"')


@dataclass(frozen=True)
class Article:
    """What a row says of one article that it rests on."""

    text: str  # office, day and headline, as the row gives them
    office: str
    day: date

    @property
    def headline(self) -> str:
        """The headline, in one line."""
        parts = self.text.split(",", 2)
        return " ".join((parts[2] if len(parts) > 2 else self.text).split())


@dataclass(frozen=True)
class Row:
    """One row, checked."""

    cells: Mapping[str, str]
    number: int = field(default=0, compare=False)  # the line of the file in which it begins

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def figure(self, column: str) -> int:
        """A whole number."""
        return int(self.cells[column])

    @cached_property
    def first(self) -> date:
        """The first day on which it may have happened."""
        return day_in(self.cells["date_start"])

    @cached_property
    def last(self) -> date:
        """The last day on which it may have happened."""
        return day_in(self.cells["date_end"])

    @property
    def is_in_order(self) -> bool:
        """Whether low ≤ best ≤ high, which real rows break."""
        return self.figure("low") <= self.figure("best") <= self.figure("high")

    @cached_property
    def articles(self) -> list[Article]:
        """The articles that it rests on, each once."""
        told = parts_of(self.cells["source_article"])
        offices, days = self.cells["source_office"].split(";"), self.cells["source_date"].split(";")
        if not told or len({len(told), len(offices), len(days)}) > 1:
            return []
        found = {
            text: Article(text, " ".join(office.split()), day_in(day.strip()))
            for text, office, day in zip(told, offices, days, strict=True)
        }
        return list(found.values())

    @cached_property
    def originals(self) -> list[str]:
        """Those who were there or were the first to say it, as the articles name them."""
        names = re.split(r"[,;/\n]|\sand\s", self.cells["source_original"])
        return list(dict.fromkeys(name for one in names if (name := " ".join(one.split()).strip(" ."))))


def parts_of(text: str) -> list[str]:
    """The articles in a cell: each in quotation marks, between semicolons."""
    if not (text.startswith('"') and text.endswith('"') and len(text) > 1):
        return [text] if text.strip() else []
    return [part for part in MIDDLE.split(text[1:-1]) if part.strip()]


@lru_cache(20_000)
def day_in(text: str) -> date:
    """The day that a cell gives; ``ValueError`` where it gives none."""
    found = DAY.fullmatch(text)
    if not found:
        raise ValueError(text)
    return date.fromisoformat(found[1])


# As text


def worded(cells: Mapping[str, str]) -> str:
    """The row as text that people can read and quote: a line a column, what follows a line break behind a tab."""
    return "\n".join(lines_of(cells))


def lines_of(cells: Mapping[str, str]) -> list[str]:
    """What is said of each column."""
    return [f"{name}: {value}".replace("\n", "\n\t") for name, value in cells.items()]


def parsed(text: str) -> dict[str, str]:
    """The cells of a row out of its text."""
    lines: list[str] = []
    for line in text.split("\n"):
        if line.startswith("\t") and lines:
            lines[-1] += "\n" + line[1:]
        else:
            lines.append(line)
    return {name: value for name, _colon, value in (line.partition(": ") for line in lines)}


def places_of(cells: Mapping[str, str]) -> dict[str, tuple[int, int]]:
    """Where in the text the lines of each column stand."""
    found, begin = {}, 0
    for name, line in zip(cells, lines_of(cells), strict=True):
        found[name] = (begin, begin + len(line))
        begin += len(line) + 1
    return found


# What may stand in it


def faults(cells: Mapping[str, str]) -> Iterator[str]:
    """What is wrong with a row, a sentence for each column."""
    yield from faults_of_numbers(cells)
    for column in ("side_a", "side_b", "where_coordinates", "country", "source_article", "source_office"):
        if not cells[column].strip():
            yield wrong(column, cells, "a name")
    yield from faults_of_days(cells)


def faults_of_numbers(cells: Mapping[str, str]) -> Iterator[str]:
    """What is wrong with the numbers of a row."""
    for column in NUMBERS:
        if number_in(cells[column]) < 0:
            yield wrong(column, cells, f"a whole number from 0 to {MOST:,}")
    for column, (least, most) in RANGES.items():
        if not least <= number_in(cells[column]) <= most:
            yield wrong(column, cells, f"a code from {least} to {most}")
    for column, limit in (("latitude", 90), ("longitude", 180)):
        if not is_angle(cells[column], limit):
            yield wrong(column, cells, f"a number of degrees from -{limit} to {limit}")


@lru_cache(10_000)
def number_in(text: str) -> int:
    """The whole number that a cell gives; -1 where it gives none."""
    return int(text) if DIGITS.fullmatch(text) and int(text) <= MOST else -1


def faults_of_days(cells: Mapping[str, str]) -> Iterator[str]:
    """What is wrong with the days of a row."""
    named = {"date_start": cells["date_start"], "date_end": cells["date_end"]}
    days = dict.fromkeys(named, date.min)
    for column, text in [*named.items(), *(("source_date", day.strip()) for day in cells["source_date"].split(";"))]:
        try:
            days[column] = day_in(text)
        except ValueError:
            yield wrong(column, {column: text}, "a day as in 2016-01-31")
    for before, after in pairwise(named):
        if days[after] < days[before]:
            yield f"column {after}: {cells[after]} is before {before}, {cells[before]}."
    offices, told = cells["source_office"].count(";"), len(parts_of(cells["source_article"])) - 1
    if not offices == cells["source_date"].count(";") == told:
        yield "column source_article: it has not as many articles as there are offices and dates; “;” stands between."


def is_angle(text: str, limit: int) -> bool:
    """Whether the cell gives degrees."""
    return bool(DECIMAL.fullmatch(text)) and isfinite(float(text)) and abs(float(text)) <= limit


def wrong(column: str, cells: Mapping[str, str], wanted: str) -> str:
    """The sentence about a value that cannot stand there."""
    return f"column {column}: “{shown(cells[column])}” is not {wanted}."
