"""An import whose process, or whose server, is killed in the middle: all of it is there, or nothing (a drill)."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from tests.kit.cluster import binaries, cluster, owner

KILLS = int(os.environ.get("KILLS", "0"))
PROJECT = Path(__file__).parent.parent.parent.parent
FIXTURES = ("taxonomy", "gazetteer", "actors", "sources", "demo")
pytestmark = pytest.mark.drill("KILLS")
COUNT = (
    "from events.models import Event; from osint.history.models import Entry; "
    "print(Event.objects.count(), Entry.objects.count())"
)


def manage(url: str, *args: object) -> str:
    """What a command of ours prints."""
    command = [sys.executable, str(PROJECT / "manage.py"), *map(str, args)]
    done = subprocess.run(command, env=os.environ | {"DATABASE_URL": url}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def held(url: str) -> list[str]:
    """How many events and entries of the history there are."""
    return manage(url, "shell", "-v0", "-c", COUNT).split()


@pytest.fixture(scope="module")
def bundle(tmp_path_factory) -> Path:
    """The demonstration as a bundle."""
    folder: Path = tmp_path_factory.mktemp("source")
    url = f"sqlite:///{folder}/full.sqlite3"
    manage(url, "migrate", "-v0")
    manage(url, "loaddata", "-v0", *FIXTURES)
    manage(url, "export_bundle", "--tlp", "RED", "--output", folder / "bundle.zip")
    return folder / "bundle.zip"


def killed(url: str, bundle: Path, after: float, kill: Callable[[subprocess.Popen[bytes]], None]) -> None:
    """Begin an import, and kill what does it after some seconds."""
    command = [sys.executable, str(PROJECT / "manage.py"), "import_bundle", str(bundle), "--unsigned", "--apply"]
    with subprocess.Popen(
        command, env=os.environ | {"DATABASE_URL": url}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as running:
        time.sleep(after)
        kill(running)
        running.wait()


def checked(url: str, bundle: Path) -> str:
    """All or nothing is there, a second run succeeds, a third changes nothing; which of the two it was."""
    events, entries = held(url)
    assert (events, entries == "0") in {("0", True), ("14", False)}
    manage(url, "verify_history")
    manage(url, "import_bundle", bundle, "--unsigned", "--apply")
    after = held(url)
    assert after[0] == "14"
    manage(url, "import_bundle", bundle, "--unsigned", "--apply")
    assert held(url) == after
    manage(url, "verify_history")
    return events


def moments(whole: float) -> Iterator[float]:
    """When to kill: all over the time that it takes."""
    return (whole * (number + 1) / (KILLS + 1) for number in range(KILLS))


def timed(url: str, bundle: Path) -> float:
    """How long an import takes."""
    begun = time.monotonic()
    manage(url, "import_bundle", bundle, "--unsigned", "--apply")
    return time.monotonic() - begun


def test_a_process_that_is_killed_leaves_all_or_nothing_on_sqlite(bundle, tmp_path):
    empty = tmp_path / "empty.sqlite3"
    manage(f"sqlite:///{empty}", "migrate", "-v0")
    shutil.copy(empty, tmp_path / "timed.sqlite3")
    whole = timed(f"sqlite:///{tmp_path}/timed.sqlite3", bundle)
    for number, after in enumerate(moments(whole)):
        path = tmp_path / f"killed-{number}.sqlite3"
        shutil.copy(empty, path)
        killed(f"sqlite:///{path}", bundle, after, lambda running: running.send_signal(signal.SIGKILL))
        print(f"killed after {after:.1f} of {whole:.1f} s: {checked(f'sqlite:///{path}', bundle)} events")  # noqa: T201 - a drill


def test_a_server_that_stops_at_once_leaves_all_or_nothing_on_postgresql(bundle):
    with cluster() as url:
        folder = Path(url.removesuffix("/postgres").removeprefix("postgresql://isnad@/"))
        manage(url, "migrate", "-v0")
        with psycopg.connect(host=str(folder), user="isnad", dbname="template1", autocommit=True) as admin:
            for number in range(KILLS + 1):
                admin.execute(f'CREATE DATABASE "killed{number}" TEMPLATE postgres')

        def stop(running: subprocess.Popen[bytes]) -> None:
            control(folder, "-m", "immediate", "stop")
            running.wait()
            options = f"-c listen_addresses= -c unix_socket_directories={folder}"
            control(folder, "-l", str(folder / "log"), "-o", options, "start")

        base = url.removesuffix("postgres")
        whole = timed(f"{base}killed{KILLS}", bundle)
        for number, after in enumerate(moments(whole)):
            own = f"{base}killed{number}"
            killed(own, bundle, after, stop)
            print(f"stopped after {after:.1f} of {whole:.1f} s: {checked(own, bundle)} events")  # noqa: T201 - a drill


def control(folder: Path, *args: str) -> None:
    """Tell the server something, as the user that it runs as."""
    user = owner()
    identity = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if os.geteuid() == 0 else {}
    command = [binaries() / "pg_ctl", "-w", "-t", "600", "-D", folder / "data", *args]
    subprocess.run(command, cwd=folder, capture_output=True, check=True, **identity)  # type: ignore[call-overload]
