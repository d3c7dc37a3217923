"""`python -m benchmarks SIZE ENGINE [QUESTION …]`: makes the database where there is none, measures and prints.

A whole run is written down as well.
"""

import os
import signal
import sys
from collections.abc import Iterator
from typing import Any

from benchmarks import harness, kept, prepare, questions, report
from benchmarks.servers import APPLICATIONS, ENVIRONMENT, Server, running
from tests.kit.cluster import stop

DETAILS = 20


def main(size: str, engine: str, only: set[str]) -> None:
    """The whole run."""
    prepare.set_up(engine, size, **ENVIRONMENT)
    with kept.engine(engine):
        prepare.prepare(engine, size)
        collect_static()
        details = published()
        with running(engine, size, asked_servers()) as servers:
            told: dict[str, Any] = {}
            for part in measured(servers, size, engine, details, only):
                told |= part
                if not only:
                    report.write(size, engine, told)
    print(f"\n{engine}, {size} events\n\n{report.table(told)}")


def asked_servers() -> list[str]:
    """The servers that are started: plain REST framework, which takes most of the time, can be left out."""
    return [name for name in APPLICATIONS if name != "plain" or "BENCH_WITHOUT_PLAIN" not in os.environ]


def collect_static() -> None:
    """What pages need of files, as on a server."""
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, verbosity=0)


def published() -> tuple[list[str], list[str]]:
    """Events to ask for one by one, a whole and one with a duplicate among them; and some that nobody asked for yet."""
    from django.db import connections

    from events.models import Event

    seen = Event.objects.filter(shelf=10).order_by()
    linked = [seen.filter(is_aggregate=True)[:1], seen.filter(duplicates__isnull=False)[:1]]
    usual = seen.filter(pk__in=range(7, kept.SIZES["10k"], kept.SIZES["10k"] // DETAILS))
    fresh = seen.filter(document__full="", pk__gte=kept.SIZES["10k"] // 5)[: harness.ROUNDS + 1]
    found = [[str(event.reference) for rows in some for event in rows] for some in ([*linked, usual], [fresh])]
    connections.close_all()
    return found[0], found[1]


def measured(
    servers: dict[str, Server], size: str, engine: str, details: tuple[list[str], list[str]], only: set[str]
) -> Iterator[dict[str, Any]]:
    """Everything that is measured, part by part: what takes longest comes last."""
    from benchmarks import admin, alone, deep, renaming, streaming

    ours = servers["ours"]
    first = ours.ask(questions.API)
    place = deep.find(ours, kept.SIZES[size] // 2)
    every = questions.every(place, *details, first.headers["etag"])
    if engine == "sqlite":
        every.append(questions.by_index_alone())
    every = [one for one in every if not only or one.name in only]
    for one in every:
        harness.say(f"  {one.name}: {harness.check(servers, one)}")
    answers = harness.measure(servers, every, harness.ROUNDS)
    told = {one.name: {"question": one.told} | harness.summary(answers[one.name]) for one in every}
    if {"Q1", "Q9"} <= told.keys():
        told["Q9"]["ratio_depth_0"] = round(told["Q9"]["ours_ms"] / told["Q1"]["ours_ms"], 2)
    yield told
    if not only:
        if engine == "sqlite":
            yield {"common word found": alone.measure()}
        yield {name: one for question in every for name, one in harness.loads(servers, question, engine).items()}
        yield admin.measure(ours)
        yield streaming.measure(engine, size)
        yield {"rename an actor": renaming.measure(ours)}


if __name__ == "__main__":
    # So that servers are stopped whoever ends the run.
    signal.signal(signal.SIGTERM, stop)
    main(sys.argv[1], sys.argv[2], set(sys.argv[3:]))
