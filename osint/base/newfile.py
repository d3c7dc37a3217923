"""A file that gets its name when it is whole: until then, and where that fails, what had the name before is there."""

import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

LONGEST = 60  # characters of the name that are kept beside it


@contextmanager
def new_file(place: Path, mode: int | None = None) -> Iterator[IO[bytes]]:
    """What is written into this file is at the place once the block is left without an error."""
    with beside(place, mode) as own, own.open("wb") as file:
        yield file


@contextmanager
def beside(place: Path, mode: int | None = None) -> Iterator[Path]:
    """A name for what is to be at the place: empty, beside it, and given the place when the block is left.

    Who may read it is as it was, unless a mode says so. A pipe or a device is written to as it is.
    """
    place = place.resolve()  # a link stays, and leads to what is new
    if place.exists() and not place.is_file():
        yield place
        return
    number, name = tempfile.mkstemp(dir=place.parent, prefix=f".{place.stem[:LONGEST]}-", suffix=place.suffix)
    own = Path(name)
    try:
        os.close(number)
        yield own
        # Before the name: else a failing power could leave the name with nothing behind it.
        keep(own)
        own.chmod(mode_of(place) if mode is None else mode)
        own.replace(place)
        keep(place.parent)
    finally:
        own.unlink(missing_ok=True)


def keep(path: Path) -> None:
    """See to it that a file, or the names in a folder, are there after the power has failed."""
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def mode_of(place: Path) -> int:
    """Who may read and write the file at the place; where there is none, as of any new file."""
    if place.exists():
        return stat.S_IMODE(place.stat().st_mode)
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
