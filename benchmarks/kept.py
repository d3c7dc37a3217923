"""Where generated databases are kept between runs: a cluster of PostgreSQL, files of SQLite, in ``benchmarks/data``."""

import hashlib
import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import psycopg

from tests.kit.cluster import binaries, owner

HERE = Path(__file__).resolve().parent
DATA = Path(os.environ.get("BENCH_DATA", HERE / "data"))
SIZES = {"10k": 10_000, "100k": 100_000, "1M": 1_000_000}
ENGINES = ["sqlite", "postgresql"]
# A server with four gigabytes for its database; what is lost in a crash is generated again.
SETTINGS = {
    "listen_addresses": "",
    "shared_buffers": "1GB",
    "effective_cache_size": "4GB",
    "work_mem": "32MB",
    "maintenance_work_mem": "512MB",
    "random_page_cost": "1.1",
    "max_wal_size": "8GB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "fsync": "off",
    "full_page_writes": "off",
    "shared_preload_libraries": "",
}


@contextmanager
def engine(name: str) -> Iterator[None]:
    """The engine, ready to be connected to."""
    if name == "sqlite":
        DATA.mkdir(parents=True, exist_ok=True)
        yield
        return
    folder, sockets = DATA / "postgresql", socket_folder()
    if is_running(folder):
        yield
        return
    start(folder, sockets)
    try:
        yield
    finally:
        run(folder, "pg_ctl", "-w", "-m", "fast", "-D", folder, "stop")


def socket_folder() -> Path:
    """A short path for the socket, which may have 107 bytes only; the same for the same data."""
    told = hashlib.sha256(str(DATA).encode()).hexdigest()[:8]
    return Path(tempfile.gettempdir()) / f"isnad-bench-{told}"


def is_running(folder: Path) -> bool:
    """Whether somebody's run has the cluster up."""
    return (folder / "PG_VERSION").exists() and run(folder, "pg_ctl", "-D", folder, "status", check=False) == 0


def start(folder: Path, sockets: Path) -> None:
    """Start the cluster, which is made the first time."""
    user = owner()
    for place in (folder, sockets):
        place.mkdir(parents=True, exist_ok=True)
        os.chown(place, user.pw_uid, user.pw_gid)
    if not (folder / "PG_VERSION").exists():
        run(folder, "initdb", "-E", "UTF8", "--locale=C.UTF-8", "-U", "isnad", "-A", "trust", "--no-sync", "-D", folder)
    told = SETTINGS | {"unix_socket_directories": str(sockets)}
    options = " ".join(f"-c {name}={value}" if value else f"-c {name}=" for name, value in told.items())
    # Without -l the server keeps our output open and the call never ends.
    run(folder, "pg_ctl", "-w", "-D", folder, "-l", sockets / "log", "-o", options, "start")


def run(folder: Path, program: str, *words: str | Path, check: bool = True) -> int:
    """Run one of PostgreSQL's programs as the owner, showing what it said only when it fails."""
    user = owner()
    identity: Any = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if os.geteuid() == 0 else {}
    command = [binaries() / program, *words]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, **identity)
    if done.returncode and check:
        raise RuntimeError(f"{program} failed:\n{done.stdout}{done.stderr}")
    return done.returncode


def url(engine: str, size: str) -> str:
    """The database, as a DATABASE_URL."""
    if engine == "sqlite":
        return f"sqlite:///{DATA / f'{size}.sqlite3'}"
    return f"postgresql://isnad@/{socket_folder()}/bench_{size.lower()}"


def address(size: str) -> str:
    """The database of PostgreSQL, as libpq takes it."""
    return f"host={socket_folder()} user=isnad dbname=bench_{size.lower()} options='-c jit=off -c timezone=UTC'"


def connector(engine: str, size: str) -> Any:
    """What opens a connection beside Django's; on SQLite, where one writes alone, something that nobody calls."""
    return partial(psycopg.connect, address(size), autocommit=True) if engine == "postgresql" else partial(int)


def blank(engine: str, size: str) -> None:
    """An empty database in the place of the one that was there."""
    if engine == "sqlite":
        for file in DATA.glob(f"{size}.sqlite3*"):
            file.unlink()
        return
    with psycopg.connect(f"host={socket_folder()} user=isnad dbname=postgres", autocommit=True) as server:
        server.execute(f'DROP DATABASE IF EXISTS "bench_{size.lower()}"')
        server.execute(f'CREATE DATABASE "bench_{size.lower()}"')
