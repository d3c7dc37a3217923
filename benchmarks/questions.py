"""What is asked: each question as our API, the floor and plain REST framework take it, and what must be equal."""

import csv
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

API, PLAIN = "/api/v1/events/", "/events/"
RARE, COMMON = "زبرجد", "عنقود"
# The second governorate, the commonest branch of types, the second actor in its usual part.
SITE, TYPE, ACTOR, ROLE = "nadujiz", "remote-attack", "bashukujuj", "acts"
YEARS = {"date_from": "2013-01-01", "date_to": "2025-12-31"}
YEAR = {"date_from": "2024-01-01", "date_to": "2024-12-31"}
BOX = "39,34.5,41,36"
YESTERDAY = "2026-07-11T00:00:00Z"
Compare = Callable[[bytes], Any]


def results(body: bytes) -> Any:
    """The rows of a page."""
    return json.loads(body)["results"]


def whole(body: bytes) -> Any:
    """All of an answer."""
    return json.loads(body)


def cells(body: bytes) -> Any:
    """The cells of statistics, those of imprecise events too."""
    told = json.loads(body)
    imprecise = told["imprecise"]
    return told["rows"], imprecise["rows"] if isinstance(imprecise, dict) else imprecise


def lines(body: bytes) -> Any:
    """Every line of JSON Lines."""
    return [json.loads(line) for line in body.splitlines()]


def table(body: bytes) -> Any:
    """Every cell of CSV."""
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))


def nothing(body: bytes) -> Any:  # noqa: ARG001
    """Nothing: the answers differ."""
    return None


@dataclass(frozen=True)
class Question:
    """One question, as addresses of the three servers; several addresses are asked in turn."""

    name: str
    told: str
    ours: tuple[str, ...]
    floor: tuple[str, ...] = ()
    plain: tuple[str, ...] = ()
    compare: Compare = results
    headers: dict[str, str] | None = None
    is_stream: bool = False
    is_unseen: bool = False  # each address is asked once only: of what nobody has asked for before

    def address(self, server: str, turn: int) -> str | None:
        """What this server is asked the next time; nothing where it is not asked."""
        addresses: tuple[str, ...] = getattr(self, server)
        return addresses[turn % len(addresses)] if addresses else None


def listed(name: str, told: str, sent: dict[str, str] | None = None, walk: dict[str, str] | None = None) -> Question:
    """A page of a list by these parameters; ``walk`` is how the floor is told to find them."""
    asked = sent or {}
    return Question(name, told, (to(API, asked),), (to("/page", asked | (walk or {})),), (to(PLAIN, asked),))


def to(path: str, sent: dict[str, str]) -> str:
    """An address with its parameters."""
    return f"{path}?{urlencode(sent, safe=',')}" if sent else path


def detail(name: str, told: str, references: list[str], *, is_unseen: bool = False) -> Question:
    """Events in full, one after the other."""
    return Question(
        name,
        told,
        tuple(f"{API}{reference}/" for reference in references),
        tuple(to("/event", {"event": reference}) for reference in references),
        tuple(f"{PLAIN}{reference}/" for reference in references),
        whole,
        is_unseen=is_unseen,
    )


def every(deep: "Deep", references: list[str], unseen: list[str], tag: str) -> list[Question]:
    """All questions; ``deep`` is where the deep page begins, ``tag`` the ETag of the first page."""
    months = Question(
        "Q6",
        "month × type statistics for a governorate",
        (to(f"{API}stats/", {"by": "month,type", "site": SITE}),),
        (to("/stats", {"site": SITE}),),
        (to(f"{PLAIN}stats/", {"site": SITE}),),
        cells,
    )
    return [
        listed("Q1", "newest page of 100"),
        Question("Q1 again", "the same with its ETag", (API,), ("/page",), headers={"If-None-Match": tag}),
        listed("Q2", "governorate, dates and type", {"site": SITE, "type": TYPE} | YEARS),
        listed("Q3", "actor and role", {"actor": ACTOR, "actor_role": ROLE}),
        listed("Q4", "box and dates", {"bbox": BOX} | YEARS),
        listed("Q5 rare", "part of a rare Arabic word", {"q": RARE}),
        listed("Q5 common", "part of a common Arabic word", {"q": COMMON}, {"walk": "1"}),
        months,
        detail("Q7", "one event in full", references),
        detail("Q7 unseen", "one that nobody has asked for before", unseen, is_unseen=True),
        streamed("Q8 CSV", "a year as CSV", "csv", "table", table),
        streamed("Q8 JSONL", "a year as JSON Lines", "jsonl", "lines", lines),
        Question("Q9", f"the page at depth {deep.depth:,}", (deep.ours,), (deep.floor,), (deep.plain,)),
        listed("Q10", "changed since yesterday", {"updated_since": YESTERDAY}),
    ]


def by_index_alone() -> Question:
    """The common word as SQLite's index of texts finds it, in summaries alone and all of them before the newest."""
    sent = {"q": COMMON}
    floor = to("/page", sent | {"alone": "1"})
    return Question("Q5 FTS5", "common word, floor by FTS5 alone", (to(API, sent),), (floor,), compare=nothing)


def streamed(name: str, told: str, form: str, address: str, compare: Compare) -> Question:
    """A year, whole, in one form."""
    ours, floor = (to(API, YEAR | {"format": form}),), (to(f"/{address}", YEAR),)
    plain = (to(f"{PLAIN}{address}/", YEAR),)
    return Question(name, told, ours, floor, plain, compare, is_stream=True)


@dataclass(frozen=True)
class Deep:
    """The page that begins at a depth, as each server is asked for it."""

    depth: int
    ours: str
    floor: str
    plain: str
