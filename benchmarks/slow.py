"""Which questions take too long: `python -m benchmarks.slow SIZE ENGINE [WORD …]` asks for every parameter and pair.

Each question is put to the REST door within this process, as a reader without an account and as an analyst: the first
page of the list, with and without its count, and the statistics by every one and two dimensions. What is told is the
processor's time, ours and the database's, since on a busy machine a clock says nothing (where the database is out of
sight, the clock's). What takes more than two seconds is named; anything is broken off after a minute by the clock. With
words, only questions whose addresses hold one of them are put.
"""

import itertools
import os
import sys
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from benchmarks import kept, prepare

LIMIT, LONGEST = 2.0, 60.0  # seconds
EVENTS = "/api/v1/events/"
Question = dict[str, str]
# Of a parameter that says nothing alone, what it is sent with.
BESIDE = {
    "date_match": {"date_from": "2024-01-01"},
    "near": {"radius_km": "60"},
    "radius_km": {"near": "40.2,35.4"},
    "actor_tree": {"actor": "@actor"},
    "count_min": {"measure": "@measure"},
    "count_max": {"measure": "@measure"},
    "count_on": {"measure": "@measure", "count_min": "5"},
}
FIXED = {
    "date_from": "2024-01-01", "date_to": "2024-06-30", "date_match": "certain", "published_from": "2020-01-01",
    "published_to": "2030-01-01", "updated_since": "2020-01-01", "site_role": "at", "actor_role": "acts",
    "actor_tree": "true", "count_min": "5", "count_max": "50", "count_on": "high", "bbox": "39,34.5,41,36",
    "near": "40.2,35.4", "radius_km": "60", "precision_min_m": "100", "precision_max_m": "5000", "min_origins": "3",
    "credibility_min": "2", "credibility_max": "2", "reliability": "B", "disputed": "true", "basis": "derived",
    "status": "published", "tlp": "CLEAR", "is_aggregate": "true", "q": "عنقود", "ordering": "oldest",
}  # fmt: skip
RARE = {"q": "زبرجد", "min_origins": "9", "basis": "inferred", "credibility_max": "1", "disputed": "false"}
SERVER = {
    "PUBLIC_API": "true", "THROTTLE_ANONYMOUS": "off", "THROTTLE_USER": "off", "DEBUG": "false",
    "SECRET_KEY": "only-for-benchmarks-" * 3, "ALLOWED_HOSTS": "localhost",
}  # fmt: skip
DIMENSIONS = ["day", "week", "month", "year", "type", "site:governorate", "site", "actor", "source", "origins"]


@cache
def commonest() -> Question:
    """Of each kind of record the one that most events have, by the parameter that asks for it."""
    from django.db.models import Count

    from events.models import Citation, Event, Involvement, Placement
    from events.models import Count as Counted

    def first(rows: Any, name: str) -> str:
        return str(rows.order_by().values_list(name).annotate(n=Count("pk")).order_by("-n")[0][0])

    return {
        "type": first(Event.objects, "type__slug"),
        "site": first(Placement.objects, "site__parent__slug"),
        "actor": first(Involvement.objects, "actor__slug"),
        "measure": first(Counted.objects, "measure__slug"),
        "party": first(Involvement.objects, "actor__slug"),  # the generator tells of no parties
        "source": first(Citation.objects, "report__source__slug"),
        "origin": first(Citation.objects, "report__source__slug"),
        "report": first(Citation.objects, "report__uuid"),
        "part_of": first(Event.objects.exclude(part_of=None), "part_of__uuid"),
    }


def alone() -> Iterator[tuple[str, Question]]:
    """Each parameter with what it needs, by its name; some with several values."""
    from events.filters import EventFilters

    known = FIXED | commonest()
    for name in EventFilters.base_filters:
        bare = name.removesuffix("!")
        values = (
            ["true", "false"] if name.endswith("_empty") else [known[bare], *([RARE[bare]] if bare in RARE else [])]
        )
        for value in values:
            beside = {
                one: known[text[1:]] if text.startswith("@") else text for one, text in BESIDE.get(bare, {}).items()
            }
            yield name, beside | {name: value}


def questions() -> Iterator[tuple[str, Question]]:
    """Every question, with the address that it is put to."""
    single = list(alone())
    for _name, question in single:
        yield EVENTS, question
        yield EVENTS, question | {"count": "true"}
        if "ordering" not in question:
            yield EVENTS, question | {"ordering": "updated"}
            for by in ("month", "actor,month", "source", "origins"):
                yield f"{EVENTS}stats/", question | {"by": by}
    yield EVENTS, {"q": FIXED["q"], "ordering": "relevance"}
    for (name, first), (other, second) in itertools.combinations(single, 2):
        if name != other:
            yield EVENTS, first | second
    for by in [*DIMENSIONS, *map(",".join, itertools.combinations(DIMENSIONS, 2))]:
        if by != "site:governorate,site":
            yield f"{EVENTS}stats/", {"by": by}
            yield f"{EVENTS}stats/", {"by": by, "measure": commonest()["measure"]}


class Asker:
    """Puts questions, and knows how long the answers took."""

    def __init__(self, reader: Any) -> None:
        from rest_framework.test import APIClient

        self.client = APIClient(raise_request_exception=False)
        if reader is not None:
            self.client.force_authenticate(reader)

    def seconds(self, address: str) -> tuple[float, int]:
        """How long one answer takes, and its status."""
        limit()
        begun = worked()
        status: int = self.client.get(address, secure=True, SERVER_NAME="localhost").status_code
        # Some pairs are refused, since nothing can answer both.
        if status not in {200, 400, 500}:
            raise ValueError(f"{status}: {address}")
        return worked() - begun, status


def worked() -> float:
    """Seconds that processors have worked for us so far; of the clock, where the database's cannot be seen."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return time.process_time()
    process = Path(f"/proc/{connection.connection.info.backend_pid}/stat")
    if not process.exists():
        return time.perf_counter()
    ours, theirs = process.read_text().rpartition(")")[2].split()[11:13]
    return time.process_time() + (int(ours) + int(theirs)) / os.sysconf("SC_CLK_TCK")


def limit() -> None:
    """Let the database break off what takes too long."""
    from django.db import connection

    connection.ensure_connection()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SET statement_timeout = {int(LONGEST * 1000)}")
            cursor.execute("SET max_parallel_workers_per_gather = 0")  # whose work would be nobody's
    else:
        end = time.monotonic() + LONGEST
        connection.connection.set_progress_handler(lambda: time.monotonic() > end, 100_000)


def analyst() -> Any:
    """Somebody who sees drafts; made where there is none."""
    from django.contrib.auth.models import Group, User

    user, _made = User.objects.get_or_create(username="slow-analyst")
    user.groups.add(Group.objects.get(name="Analyst"))
    return user


def main(size: str, engine: str, words: list[str]) -> int:
    """How many questions take too long."""
    prepare.set_up(engine, size, **SERVER)
    with kept.engine(engine):
        prepare.prepare(engine, size)
        return ask(words)


def ask(words: list[str]) -> int:
    """Put all questions, name the slow ones, and say how long the others took."""
    slow, taken = 0, []
    for who, reader in (("public", None), ("analyst", analyst())):
        asker = Asker(reader)
        for path, question in questions():
            address = f"{path}?{urlencode(question)}"
            if words and not any(word in address for word in words):
                continue
            seconds, status = asker.seconds(address)
            taken.append(seconds)
            if seconds > LIMIT or status >= 500:
                slow += 1
                print(f"{seconds:6.2f} s  {status}  {who}  {address}", flush=True)
    taken.sort()
    middle, most = taken[len(taken) // 2], taken[-1]
    print(f"{len(taken)} questions, {slow} over {LIMIT:g} s; median {middle:.3f} s, most {most:.2f} s")
    return slow


if __name__ == "__main__":
    given_size, given_engine, *given_words = sys.argv[1:]
    sys.exit(1 if main(given_size, given_engine, given_words) else 0)
