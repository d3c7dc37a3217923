"""Backups while eight people write, and the way back by the words of the documentation alone, on another engine.

``make drill-backup`` makes forty of them and restores each.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, connections

from osint.history.models import Entry
from osint.keeping import backup, promises, restore, tables
from osint.keeping.archive import Archive
from osint.management.commands.restore import FAULTY
from tests.factories import make_source, make_user
from tests.osint import scribes
from tests.osint.keeping.conftest import aged, everything
from tests.osint.test_mirror import GROUPS

BACKUPS = int(os.environ.get("BACKUPS", "2"))
PROJECT = Path(__file__).resolve().parents[3]
TORN = {
    "history_is_as_it_was_written", "nothing_that_is_named_is_gone", "rows_keep_their_constraints",
    "quotes_are_verbatim", "events_are_counted_where_they_belong",
}  # fmt: skip
SECTION = (PROJECT / "docs" / "running.md").read_text().partition("## Backup")[2]
WORDS = re.findall(r"^```sh\n(.*?)^```$", SECTION, re.MULTILINE | re.DOTALL)


@pytest.fixture
def busy(transactional_db, django_db_serialized_rollback, settings) -> None:
    """A database with people in it."""
    settings.FOUR_EYES = False
    for name, group in GROUPS.items():
        make_user(name, group)
    scribes.furnish()


def address() -> str:
    """The address of the database under test, for another process."""
    told = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{told['NAME']}"
    where = f"{told['HOST']}:{told['PORT'] or 5432}" if not str(told["HOST"]).startswith("/") else f"/{told['HOST']}"
    return f"postgresql://{told['USER']}:{told['PASSWORD']}@{where}/{told['NAME']}"


def environment(database: str) -> dict[str, str]:
    """What another process needs to be the same installation on this database."""
    told = {"DATABASE_URL": database, "HISTORY_KEY": settings.HISTORY_KEY, "SECRET_KEY": settings.SECRET_KEY}
    return dict(os.environ) | told


def say(words: str, file: Path, database: str, broken: Sequence[str] = ()) -> str:
    """What the commands of the documentation print, on a machine where they are run on this file.

    What people had broken, such as a report marked more strictly when its words were out, is named by ``restore``.
    """
    words = words.replace("python manage.py", f"{sys.executable} {PROJECT / 'manage.py'}")
    done = subprocess.run(
        ["bash", "-ec", words.replace("isnad-backup.zip", str(file))],
        env=environment(database),
        cwd=file.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    told = f"{words}\n{done.stdout}{done.stderr}"
    assert done.returncode == (FAULTY if broken else 0), told
    assert all(breach in told for breach in broken), told
    return done.stdout


def made_while_writing(folder: Path) -> list[Path]:
    """Backups that were made while others wrote."""
    before = Entry.objects.count()
    processes = scribes.begin(8 * BACKUPS, folder)
    # On a busy machine all would be kept before the first of them has begun.
    while Entry.objects.count() == before and any(process.is_alive() for process in processes):
        processes[0].join(0.1)
    found: list[Path] = []
    while len(found) < BACKUPS or any(process.is_alive() for process in processes):
        if len(found) < BACKUPS:
            found.append(folder / f"{len(found)}.zip")
            assert not backup.write(found[-1]).faults
        else:
            processes[0].join(0.1)
    told = scribes.gathered(folder)
    assert not told["troubles"], told["troubles"][0]
    return found


def test_what_is_kept_while_others_write_is_one_moment_and_comes_back(busy, tmp_path):
    begun = Entry.objects.count()
    found = made_while_writing(tmp_path)
    empty = tmp_path / "tables.sqlite3"
    if is_drill := len(found) > 2:
        say("python manage.py migrate --verbosity 0", empty, f"sqlite:///{empty}")
    ends: list[int] = []
    for path in found:
        with Archive(path) as archive:
            restore.restore(archive, replace=True, step=backup.nothing)
            ends.append(archive.manifest["head"]["seq"])
        assert Entry.objects.count() == ends[-1]
        broken = list(promises.breaches())
        # What people broke is no matter of the backup; what is between two moments would be.
        assert not {breach.promise for breach in broken} & TORN
        if len(ends) > 1 and is_drill:
            # To make the tables takes longer than all the rest, and is done once.
            shutil.copyfile(empty, path.with_suffix(".sqlite3"))
        # Once is enough outside of the drill, and there where the other engine is another one.
        if is_drill or (path == found[-1] and connection.vendor == "postgresql"):
            by_the_words_alone(path, list(map(str, broken)), and_back=len(ends) % 10 == 0 or not is_drill)
    assert begun < ends[0]
    assert ends == sorted(ends)


def by_the_words_alone(path: Path, broken: list[str], *, and_back: bool) -> None:
    """What is here, restored as the documentation says into an empty SQLite; from there kept again, and back."""
    keep, check, come_back, replace = WORDS
    assert replace.count("--replace") == 1
    empty = f"sqlite:///{path.with_suffix('.sqlite3')}"
    told = say(check + come_back, path, empty, broken)
    assert "is whole" in told
    assert broken or "no breach" in told
    if and_back:
        before, again = everything(), path.with_name(f"again-{path.name}")
        say(keep, again, empty)
        # By the words that lose what is here, from the other engine.
        connections.close_all()
        say(replace, again, address(), broken)
        assert everything() == before
    path.with_suffix(".sqlite3").unlink()


@pytest.mark.drill("BACKUPS")
def test_a_restore_that_is_killed_leaves_what_was_there(busy, tmp_path):
    backup.write(tmp_path / "b.zip")
    make_source(name_en="Came after the backup")
    before = everything()
    connections.close_all()
    killed = 0
    for tenths in range(10, 60, 4):
        process = subprocess.Popen(
            [sys.executable, str(PROJECT / "manage.py"), "restore", "--replace", str(tmp_path / "b.zip")],
            env=environment(address()),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            process.wait(tenths / 10)
            break  # it was done before it could be killed
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            killed += 1
        if everything() != before:
            break  # all of it was in place already
        connections.close_all()
    assert killed
    assert everything() in (before, after(tmp_path / "b.zip"))


@pytest.mark.drill("BACKUPS")
def test_a_backup_of_an_older_isnad_is_brought_up_to_date(busy, tmp_path):
    backup.write(tmp_path / "b.zip")
    before = everything()
    older = aged(tmp_path / "b.zip")
    make_source(name_en="Came after the backup")
    now = after(older)
    assert tables.applied() == tables.known()  # the last of them just now
    del now["django_migrations"], before["django_migrations"]
    assert now == before
    assert not list(promises.breaches())


def after(path: Path) -> dict[str, list[Any]]:
    """What is there once the backup is restored."""
    with Archive(path) as archive:
        restore.restore(archive, replace=True, step=backup.nothing)
    return everything()


def test_nobody_waits_for_a_backup_and_it_holds_nothing_that_came_after_its_moment(busy, tmp_path, monkeypatch):
    before, told = Entry.objects.count(), backup.circumstances

    def somebody_writes() -> dict[str, Any]:
        manifest = told()
        writer = Thread(target=write)
        writer.start()
        writer.join(20)
        assert not writer.is_alive()
        return manifest

    monkeypatch.setattr(backup, "circumstances", somebody_writes)
    assert not backup.write(tmp_path / "b.zip").faults
    assert Entry.objects.count() > before
    with Archive(tmp_path / "b.zip") as archive:
        assert archive.parts["tables/history_entry.jsonl"].rows == before


def write() -> None:
    """A source more, by way of a connection of its own."""
    make_source()
    connections.close_all()
