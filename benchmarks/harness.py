"""The measurement: every question put to three servers in turn, in one run, once their answers were found equal."""

import sys
import time
from collections import defaultdict
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from statistics import median, quantiles
from typing import Any
from urllib.parse import urlsplit

from benchmarks.questions import Question
from benchmarks.servers import Answer, Server, backends

Servers = dict[str, Server]
ROUNDS, STREAMS = 60, 5
ENOUGH = 6.0  # seconds after which a server that is slow at a question is not asked it again
LOADED = {"Q1": ["ours", "floor", "plain"], "Q1 again": ["ours"], "Q2": ["ours", "floor"], "Q7": ["ours", "floor"]}
LOAD_SECONDS, LOAD_CONNECTIONS = 5.0, 4


class Unequal(Exception):
    """Two servers do not say the same."""


def say(text: str) -> None:
    """Progress, on standard error."""
    print(text, file=sys.stderr, flush=True)


def ask(server: Server, question: Question, turn: int = 0, *, keep: bool = True) -> Answer:
    """Put a question to a server."""
    address = question.address(server.name, turn)
    assert address is not None
    headers = question.headers if server.name == "ours" else None
    answer = server.ask(address, headers, keep=keep)
    if answer.status != (304 if headers else 200) and server.name != "plain":
        raise Unequal(f"{question.name}: {server.name} answers {address} with {answer.status}: {answer.body[:500]!r}")
    return answer


def check(servers: Servers, question: Question) -> str:
    """See that the servers say the same; in a few words how much that is, and where plain REST framework differs."""
    if question.headers is not None:
        ask(servers["ours"], question)
        return "not modified"
    for turn in range(1 if question.is_unseen else len(question.ours)):
        found = question.compare(ask(servers["ours"], question, turn).body)
        if question.compare(ask(servers["floor"], question, turn).body) != found:
            raise Unequal(f"{question.name}: the floor does not say what we say ({question.address('floor', turn)})")
    number = f"{len(found)} rows" if isinstance(found, list) else "equal"
    if not question.is_stream and question.plain and "plain" in servers:
        plain = ask(servers["plain"], question, turn)
        number += plain_too(plain, question, found)
    return number


def plain_too(answer: Answer, question: Question, found: Any) -> str:
    """Whether plain REST framework says the same; it may not come to an end."""
    if answer.status != 200:
        return f", plain gave up after {answer.took_ms / 1_000:.0f} s"
    return "" if question.compare(answer.body) == found else ", plain differs"


def measure(servers: Servers, questions: Iterable[Question], rounds: int) -> dict[str, dict[str, list[Answer]]]:
    """Every question put to every server in turn, so many times; the answers without their bodies."""
    found: dict[str, dict[str, list[Answer]]] = {one.name: defaultdict(list) for one in questions}
    for turn in range(rounds):
        for question in questions:
            # The first of the unseen has been seen by the check.
            place = turn + question.is_unseen
            for name, server in servers.items():
                if question.address(name, place) and is_wanted(found[question.name][name], question, place):
                    answer = ask(server, question, place, keep=False)
                    found[question.name][name].append(answer)
        say(f"  round {turn + 1} of {rounds}")
    return found


def is_wanted(answers: list[Answer], question: Question, turn: int) -> bool:
    """Whether a server is asked once more: streams less often, and what is slow until it has taken long enough."""
    if question.is_stream and turn >= STREAMS:
        return False
    if question.is_unseen and turn >= len(question.ours):
        return False
    return sum(one.took_ms for one in answers) < ENOUGH * 1_000


def summary(answers: dict[str, list[Answer]]) -> dict[str, Any]:
    """Medians, the slowest twentieth, and the ratios."""
    told: dict[str, Any] = {}
    for name, some in answers.items():
        took = [one.took_ms for one in some]
        told[f"{name}_ms"] = round(median(took), 3)
        told[f"{name}_p95_ms"] = round(quantiles(took, n=20)[-1] if len(took) > 1 else took[0], 3)
        told[f"{name}_first_ms"] = round(median(one.first_ms for one in some), 3)
        told[f"{name}_times"] = len(took)
        if any(one.status >= 500 for one in some):
            told[f"{name}_gave_up"] = True
    if "floor" in answers:
        told["ratio_floor"] = round(told["ours_ms"] / told["floor_ms"], 3)
    if "plain" in answers:
        told["times_plain"] = round(told["plain_ms"] / told["ours_ms"], 1)
    return told


def loads(servers: Servers, question: Question, engine: str) -> dict[str, dict[str, float]]:
    """The servers under load, one after the other; plain REST framework with the first question alone."""
    wanted = [name for name in LOADED.get(question.name, []) if name in servers]
    return {f"load {question.name} {name}": throughput(servers[name], question, engine) for name in wanted}


def throughput(server: Server, question: Question, engine: str) -> dict[str, float]:
    """Requests a second by four connections on two workers; the workers' memory, and processor time a request."""
    spent, known = server.cpu(), backends(engine)
    until, memory = time.perf_counter() + LOAD_SECONDS, list[float]()

    def one(_number: int) -> int:
        done = 0
        while time.perf_counter() < until:
            ask(server, question, done, keep=False)
            done += 1
        return done

    with ThreadPoolExecutor(LOAD_CONNECTIONS) as pool:
        running = [pool.submit(one, number) for number in range(LOAD_CONNECTIONS)]
        while time.perf_counter() < until:
            memory.append(max(server.megabytes()))
            time.sleep(0.5)
        done = sum(future.result() for future in running)
    database = sum(now - known.get(pid, 0) for pid, now in backends(engine).items())
    return {
        "requests_per_second": round(done / LOAD_SECONDS, 1),
        "worker_mb": round(max(memory), 1),
        "worker_cpu_ms": round((server.cpu() - spent) / done * 1_000, 2),
        "database_cpu_ms": round(database / done * 1_000, 2),
    }


def local(address: str) -> str:
    """The path and parameters of an address that a server gave."""
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}"
