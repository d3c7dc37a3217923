"""The three servers of a run, each the same gunicorn with two workers: ours, the floor, and plain REST framework."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from benchmarks import kept

WORKERS = 2
APPLICATIONS = {"ours": "osint.wsgi", "floor": "benchmarks.floor.app", "plain": "benchmarks.plain.app"}
# As docs/running.md serves it: one proxy in front, which speaks TLS.
COMMAND = [sys.executable, "-m", "gunicorn", "--workers", str(WORKERS), "--preload", "--timeout", "300"]
ENVIRONMENT = {
    "DEBUG": "false",
    "SECRET_KEY": "only-for-benchmarks-" * 3,
    "HISTORY_KEY": "5" * 64,
    "ALLOWED_HOSTS": "127.0.0.1",
    "BEHIND_PROXY": "true",
    "PUBLIC_API": "true",
    # Counted as on every server, and never reached; of a second, since what is counted is kept for so long.
    "THROTTLE_ANONYMOUS": "99999/second",
    "THROTTLE_USER": "99999/second",
    "THROTTLE_LOGIN": "99999/second",
    "MALLOC_TRIM_THRESHOLD_": "262144",
}
HEADERS = {"X-Forwarded-Proto": "https", "Accept": "application/json"}


class Answer(NamedTuple):
    """What came back, and how long it took to the first byte and to the last, in milliseconds."""

    status: int
    headers: dict[str, str]
    body: bytes
    first_ms: float
    took_ms: float


class Server:
    """A running server."""

    def __init__(self, name: str, engine: str, size: str) -> None:
        self.name, self.port = name, free_port()
        environment = os.environ | ENVIRONMENT | {"DATABASE_URL": kept.url(engine, size), "BENCH_SIZE": size}
        where = ["--log-level", "error", "--bind", f"127.0.0.1:{self.port}", APPLICATIONS[name]]
        self.process = subprocess.Popen(COMMAND + where, env=environment, cwd=kept.HERE.parent)
        self.wait()

    def wait(self) -> None:
        """Wait until it answers."""
        for _try in range(300):
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise RuntimeError(f"The server “{self.name}” did not start.")

    def stop(self) -> None:
        """End it."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()

    def workers(self) -> list[int]:
        """The processes that answer."""
        return children(self.process.pid)

    def megabytes(self) -> list[float]:
        """The memory of each worker, shared pages by share (PSS)."""
        return [pss(pid) for pid in self.workers()]

    def cpu(self) -> float:
        """Seconds of processor time that the workers have had."""
        return sum(map(cpu, self.workers()))

    def ask(self, path: str, headers: dict[str, str] | None = None, *, keep: bool = True) -> Answer:
        """One request on a connection of its own: sync workers close it after each."""
        begun = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=600)
        try:
            connection.request("GET", path, headers=HEADERS | (headers or {}))
            response = connection.getresponse()
            body = response.read(1)
            first = time.perf_counter()
            body = body + response.read() if keep else swallowed(response, body)
        except (ConnectionError, http.client.HTTPException):
            # The worker was ended, as it took too long.
            took = (time.perf_counter() - begun) * 1_000
            return Answer(504, {}, b"", took, took)
        ended = time.perf_counter()
        connection.close()
        told = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, told, body, (first - begun) * 1_000, (ended - begun) * 1_000)


def swallowed(response: http.client.HTTPResponse, body: bytes) -> bytes:
    """Read to the end in pieces that nobody keeps; how long it was, as text."""
    length = len(body)
    while piece := response.read(1 << 20):
        length += len(piece)
    return str(length).encode()


def children(pid: int) -> list[int]:
    """The processes that a process has started."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def cpu(pid: int) -> float:
    """Seconds of processor time that a process has had."""
    told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


def backends(engine: str) -> dict[int, float]:
    """Seconds of processor time that each process of our PostgreSQL has had."""
    if engine != "postgresql":
        return {}
    postmaster = int((kept.DATA / "postgresql" / "postmaster.pid").read_text().split()[0])
    return {pid: cpu(pid) for pid in children(postmaster)}


def pss(pid: int) -> float:
    """Megabytes of one process."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def running(engine: str, size: str, names: list[str]) -> Iterator[dict[str, Server]]:
    """Servers by name, for as long as the block lasts."""
    started: dict[str, Server] = {}
    try:
        for name in names:
            started[name] = Server(name, engine, size)
        yield started
    finally:
        for server in started.values():
            server.stop()
