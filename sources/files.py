"""What the bytes of a file say of themselves; what a sender says of them counts for nothing."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from hashlib import sha256
from pathlib import PurePath
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.storage import Storage
from django.utils.translation import gettext as _

from osint.base.text import shown

# What was written within a block that takes it away where it fails.
WRITTEN: ContextVar[list[tuple[Storage, str]] | None] = ContextVar("written", default=None)
UNKNOWN = "application/octet-stream"
# How files of a kind begin.
BEGINNINGS: dict[bytes, str] = {
    b"%PDF-": "application/pdf",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF8": "image/gif",
    b"II*\x00": "image/tiff",
    b"MM\x00*": "image/tiff",
    b"PK\x03\x04": "application/zip",
    b"\x1f\x8b": "application/gzip",
    b"OggS": "application/ogg",
    b"ID3": "audio/mpeg",
    b"\x1aE\xdf\xa3": "video/webm",
}
MARKUP = (b"<!doctype html", b"<html", b"<?xml", b"<svg")
# Of which browsers run nothing, however they come to show it.
HARMLESS = {*BEGINNINGS.values(), "image/webp", "video/mp4", "text/plain"}


def measured(file: Any) -> tuple[str, int, str]:
    """SHA-256 in hexadecimal, size in bytes, and media type of an open file."""
    digest, size, start = sha256(), 0, b""
    for chunk in file.chunks():
        start = start or chunk[:4_096]
        digest.update(chunk)
        size += len(chunk)
    return digest.hexdigest(), size, media_type(start)


def media_type(start: bytes) -> str:
    """The media type of a file that begins so."""
    for beginning, kind in BEGINNINGS.items():
        if start.startswith(beginning):
            return kind
    if start[:4] == b"RIFF" and start[8:12] == b"WEBP":
        return "image/webp"
    if start[4:8] == b"ftyp":
        return "video/mp4"
    if start.lstrip().lower().startswith(MARKUP):
        return "text/html"
    return "text/plain" if is_text(start) else UNKNOWN


def is_text(start: bytes) -> bool:
    """Whether these are characters in UTF-8, the last of which may be cut off."""
    return bool(start) and b"\x00" not in start and "\ufffd" not in start.decode(errors="replace")[:-3]


def served_as(kind: str) -> str:
    """The media type under which a file is handed out: what a browser could run comes as bytes."""
    return kind if kind in HARMLESS else UNKNOWN


def plain_name(name: str) -> str:
    """A file name without the folders that some browsers send along."""
    return PurePath(name.replace("\\", "/")).name


def check_place(digest: str, name: str, place: str) -> None:
    """Refuse a hash that is none, and bytes kept anywhere but in the place of their hash."""
    if not re.fullmatch("[0-9a-f]{64}", digest):
        wrong = _("“%(value)s” is no SHA-256. Write the 64 hexadecimal digits, in small letters, of the file's hash.")
        raise ValidationError({"sha256": wrong % {"value": shown(digest)}})
    if name != place:
        wrong = _("“%(value)s” is not where a file of this hash is kept. Write “%(place)s”.")
        raise ValidationError({"file": wrong % {"value": shown(name), "place": place}})


@contextmanager
def whole_or_gone(storage: Storage, name: str) -> Iterator[None]:
    """Within this block a file is written under a name: where that fails, half a file is not taken for it later."""
    with gone_on_failure():
        WRITTEN.get().append((storage, name))  # type: ignore[union-attr]
        yield


@contextmanager
def gone_on_failure() -> Iterator[None]:
    """Within this block all files are kept, or none."""
    before, written = WRITTEN.get(), list[tuple[Storage, str]]()
    token = WRITTEN.set(written)
    try:
        yield
    except BaseException:
        for storage, name in written:
            storage.delete(name)
        raise
    finally:
        WRITTEN.reset(token)
    if before is not None:
        before.extend(written)
