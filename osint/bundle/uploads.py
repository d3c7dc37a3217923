"""Files that somebody has sent to be looked at: kept until they are applied, or for a day."""

import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings

FOLDER = "imports"
DAY = 24 * 60 * 60


def folder() -> Path:
    """Where they lie; nobody else on this machine reads them."""
    found: Path = settings.DATA_DIR / FOLDER
    found.mkdir(mode=0o700, parents=True, exist_ok=True)
    return found


def keep(file: Any) -> UUID:
    """Keep a file that was sent, under a name of its own."""
    forget_old()
    token = uuid4()
    with (folder() / str(token)).open("xb") as kept:
        for piece in file.chunks():
            kept.write(piece)
    return token


def find(token: UUID) -> Path | None:
    """The file, if it is still there."""
    path = folder() / str(token)
    return path if path.is_file() else None


def forget(token: UUID) -> None:
    """Let go of a file."""
    (folder() / str(token)).unlink(missing_ok=True)


def forget_old() -> None:
    """Let go of what nobody has applied within a day."""
    for path in old(time.time() - DAY):
        path.unlink(missing_ok=True)


def old(moment: float) -> Iterator[Path]:
    """Files from before this moment; another process may forget one first."""
    for path in list(folder().iterdir()):
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < moment:
                yield path
