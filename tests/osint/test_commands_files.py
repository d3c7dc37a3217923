"""Commands that write a file: it is the new one as a whole, or still the one that was there."""

import errno
import os
from io import StringIO
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from osint.standards import asking
from tests import factories as make

pytestmark = pytest.mark.django_db
BEFORE = b"what was good before"
# Where each of them is told to write.
WRITE = {
    "backup": ["{folder}/made.zip"],
    "dumpdata": ["sources", "--output={folder}/made.json.gz"],
    "export_bundle": ["--output={folder}/made.zip"],
    "export_events": ["--format=ged", "--output={folder}/made.csv"],
    "export_sheet": ["{folder}/made.csv"],
    "import_sheet": ["{folder}/../sent.csv", "--rest={folder}/made.csv"],
}
each = pytest.mark.parametrize("name", sorted(WRITE))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder for what is written, beside a sheet with a row that cannot come in."""
    make.make_published_event()
    (tmp_path / "sent.csv").write_text("type,when,summary_en\nnone,2025-11-12,A convoy.\n")
    made = tmp_path / "folder"
    made.mkdir()
    return made


def run(name: str, folder: Path) -> None:
    call_command(name, *(one.format(folder=folder) for one in WRITE[name]), stdout=StringIO(), stderr=StringIO())


def target(name: str, folder: Path) -> Path:
    """What the command writes there."""
    return Path(WRITE[name][-1].format(folder=folder).split("=")[-1])


@each
def test_what_fails_leaves_the_file_as_it_was_and_nothing_beside_it(name, folder, monkeypatch):
    def no_space(_file: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    path = target(name, folder)
    path.write_bytes(BEFORE)
    monkeypatch.setattr(os, "fsync", no_space)
    with pytest.raises(CommandError, match="No space left"):
        run(name, folder)
    assert path.read_bytes() == BEFORE
    assert list(folder.iterdir()) == [path]


@each
def test_what_is_done_has_its_name_and_is_read_by_those_who_could_read_it(name, folder):
    path = target(name, folder)
    path.write_bytes(BEFORE)
    path.chmod(0o640)
    if name == "import_sheet":
        with pytest.raises(CommandError, match="1 rows cannot come in"):
            run(name, folder)
    else:
        run(name, folder)
    assert path.read_bytes() != BEFORE
    assert list(folder.iterdir()) == [path]
    # A backup is for nobody else, whatever was there.
    assert path.stat().st_mode & 0o777 == (0o600 if name == "backup" else 0o640)


@pytest.mark.parametrize("wrong", [KeyboardInterrupt, RuntimeError("The database went away.")])
def test_an_export_that_is_broken_off_in_the_middle_leaves_the_file_as_it_was(wrong, folder, monkeypatch):
    ask = asking.with_evidence

    def broken_off(*args: Any) -> Any:
        yield from ask(*args)
        raise wrong

    path = target("export_events", folder)
    path.write_bytes(BEFORE)
    monkeypatch.setattr(asking, "with_evidence", broken_off)
    with pytest.raises((KeyboardInterrupt, RuntimeError)):
        run("export_events", folder)
    assert path.read_bytes() == BEFORE
    assert list(folder.iterdir()) == [path]


def test_a_link_leads_to_what_is_written_and_stays_a_link(folder):
    path, link = folder / "real.csv", target("export_events", folder)
    link.symlink_to(path)
    run("export_events", folder)
    assert link.is_symlink()
    assert path.stat().st_size > 0


@pytest.mark.parametrize("name", ["dumpdata", "export_bundle", "export_events", "export_sheet"])
def test_what_is_no_file_is_written_to_and_stays_what_it_is(name, folder):
    path, read = target(name, folder), []
    os.mkfifo(path)
    thread = Thread(target=lambda: read.append(path.read_bytes()))
    thread.start()
    run(name, folder)
    thread.join()
    assert read[0]
    assert path.is_fifo()


def test_a_folder_that_is_not_there_is_said(folder):
    folder.rmdir()
    for name in set(WRITE) - {"import_sheet"}:
        with pytest.raises(CommandError, match=r"No such file|There is no folder"):
            run(name, folder)
