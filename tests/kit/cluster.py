"""A temporary PostgreSQL for one command: `python -m tests.kit.cluster pytest …`.

The cluster lives in a folder of its own, listens on a Unix socket there and nowhere else, and is gone afterwards.
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import NoReturn

# Durability is for data that anybody wants back.
CARELESS = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"


class Missing(Exception):
    """There is no PostgreSQL on this machine, or nobody who may run it."""


def binaries() -> Path:
    """The folder of `initdb` and `pg_ctl`: on the PATH, or where Debian keeps it out of the PATH."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda found: int(found.parts[-3]))
    if not installed:
        raise Missing("install postgresql")
    return installed[-1].parent


def owner() -> pwd.struct_passwd:
    """Who runs the cluster: ourselves, except that PostgreSQL refuses root, so then its own user."""
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid())
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        raise Missing("install postgresql: its user `postgres` is needed when root runs the tests") from None


@contextmanager
def cluster() -> Iterator[str]:
    """A running cluster, as a DATABASE_URL."""
    programs, user = binaries(), owner()
    # Short, because a socket's path may have 107 bytes only; and not in a home directory, which others can't read.
    folder = Path(tempfile.mkdtemp(prefix="isnad-pg-", dir="/tmp"))
    os.chown(folder, user.pw_uid, user.pw_gid)
    data, log = folder / "data", folder / "log"

    def run(*command: str | Path) -> None:
        """Run one of PostgreSQL's programs as the owner, showing what it said only when it fails."""
        identity = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if os.geteuid() == 0 else {}
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, **identity)  # type: ignore[call-overload]
        if done.returncode:
            said = log.read_text() if log.exists() else ""
            raise RuntimeError(f"{command[0]} failed:\n{done.stdout}{done.stderr}{said}")

    try:
        # Without the locale a bare environment gives SQL_ASCII, in which Arabic letters are not letters.
        run(
            programs / "initdb", "-E", "UTF8", "--locale=C.UTF-8", "-U", "isnad", "-A", "trust", "--no-sync", "-D", data
        )
        # Without -l the server keeps our output open and the call never ends.
        here_only = f"-c listen_addresses= -c unix_socket_directories={folder}"
        run(programs / "pg_ctl", "-w", "-D", data, "-l", log, "-o", f"{CARELESS} {here_only}", "start")
        yield f"postgresql://isnad@/{folder}/postgres"
    finally:
        if (data / "postmaster.pid").exists():
            run(programs / "pg_ctl", "-w", "-m", "immediate", "-D", data, "stop")
        shutil.rmtree(folder)


def stop(number: int, _frame: FrameType | None) -> NoReturn:
    """End by way of the `finally` above."""
    sys.exit(128 + number)


def main(command: Sequence[str]) -> int:
    """Run the command on a cluster; 0 with a line that says so where there is no PostgreSQL, except in CI."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    try:
        with cluster() as url:
            return subprocess.run(command, env=os.environ | {"DATABASE_URL": url}, check=False).returncode
    except Missing as missing:
        print(f"skipped: {missing}")
        return 1 if os.environ.get("CI") == "true" else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
