"""The files of a bundle, wherever it lies: a folder, a zip, or what comes through a pipe; nothing is ever unpacked.

What a zip says of itself is believed only as far as the limits go: each file is read no further than the manifest says.
"""

import os
import stat
import struct
import tempfile
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Any, Protocol
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from django.utils.translation import gettext as _

from osint.base.text import shown
from osint.bundle.entries import Refusal
from osint.bundle.manifest import ATTACHED, EDITS, LISTS, NAME, SIGNATURE, STATES

MOST_FILES = 20_000
LARGEST = 4 << 30  # bytes, all files together
LARGEST_MANIFEST = 4 << 20
LARGEST_BESIDE = 32 << 20  # bytes of what is held in memory beside the records
HIGHEST_RATIO = 200  # our own texts are packed to a tenth; a fixture of nothing but small facts to a fortieth
SMALL = 1 << 20  # bytes of which it does not matter how well they were packed
PIECE = 1 << 20
# The end of a zip without a comment: before the length of that, where its list of files lies and how long it is; and
# what stands before it in one that is larger than any of ours.
END, LOCATOR = struct.Struct("<4sHHHHIIH"), bytes(20)
LONGEST_LIST = 8 << 20
VERSIONING = ".git"  # a folder may be kept in one; nothing of it is read


class Container(Protocol):
    """Files by name."""

    sizes: dict[str, int]

    def open(self, name: str) -> IO[bytes]:
        """The file, to be read once."""


class Folder:
    """A bundle that lies in a folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.sizes: dict[str, int] = {}
        self.look(root, "")
        check(self.sizes)

    def look(self, folder: Path, prefix: str) -> None:
        """Find all files; refuse what is neither a file nor a folder."""
        with os.scandir(folder) as found:
            for one in found:
                name = f"{prefix}{one.name}"
                if one.is_symlink() or not (one.is_file() or one.is_dir()):
                    raise Refusal(_("“%(name)s” is a link or a device: no bundle has those.") % {"name": shown(name)})
                if one.is_file():
                    self.sizes[name] = one.stat().st_size
                elif name != VERSIONING:
                    check_folder(name)
                    self.look(Path(one.path), f"{name}/")
                if len(self.sizes) > MOST_FILES:
                    raise Refusal(too_many(len(self.sizes)))

    def open(self, name: str) -> IO[bytes]:
        """The file; not through a link that was put there since."""
        return os.fdopen(os.open(self.root / name, os.O_RDONLY | os.O_NOFOLLOW), "rb")


class Zip:
    """A bundle in one file."""

    def __init__(self, file: IO[bytes]) -> None:
        check_end(file)
        try:
            self.archive = ZipFile(file)
        except (BadZipFile, OSError, ValueError, EOFError, NotImplementedError, UnicodeDecodeError) as error:
            raise Refusal(
                _("This is no zip, or it was damaged (%(error)s). Give a bundle, as a zip or a folder.")
                % {"error": shown(str(error))}
            ) from error
        entries = self.archive.infolist()
        if len(entries) > MOST_FILES:
            raise Refusal(too_many(len(entries)))
        check_once([entry.orig_filename for entry in entries])
        for entry in entries:
            check_entry(entry)
        self.sizes = {entry.orig_filename: entry.file_size for entry in entries}
        check(self.sizes)

    def open(self, name: str) -> IO[bytes]:
        """The file, unpacked as it is read."""
        try:
            return self.archive.open(name)
        except (BadZipFile, OSError, KeyError, RuntimeError, NotImplementedError) as error:
            raise Refusal(damaged(name, error)) from error


def too_many(number: int) -> str:
    """What is said of more files than any bundle has."""
    return _("There are %(number)d files or more: a bundle has %(most)d at most.") % {
        "number": number,
        "most": MOST_FILES,
    }


def damaged(name: str, error: Exception) -> str:
    """What is said of a file that cannot be read."""
    return _("“%(name)s” cannot be read (%(error)s): it was damaged. Ask for it again.") % {
        "name": shown(name),
        "error": shown(str(error)),
    }


def check_end(file: IO[bytes]) -> None:
    """Refuse a zip whose list of files is longer than ours can be, before it is read into memory."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - len(LOCATOR) - END.size))
    locator, end = file.read(len(LOCATOR)), file.read(END.size)
    if len(end) < END.size or not end.startswith(b"PK\x05\x06"):
        raise Refusal(_("This is no zip, or its end is missing. Give a bundle, as a zip or a folder."))
    if END.unpack(end)[5] > LONGEST_LIST or locator.startswith(b"PK\x06\x07"):
        raise Refusal(too_many(MOST_FILES))


def check_once(names: list[str]) -> None:
    """Refuse two files of one name, also where only some systems would take them for one."""
    twice = [name for name, number in Counter(map(str.casefold, names)).items() if number > 1]
    if twice:
        raise Refusal(_("“%(name)s” is there twice. A bundle has each file once.") % {"name": shown(twice[0])})


def check_entry(entry: ZipInfo) -> None:
    """Refuse what is no plain file, or is packed in a way or so tightly that it could only do harm."""
    name, mode = shown(entry.orig_filename), entry.external_attr >> 16
    if entry.is_dir() or (stat.S_IFMT(mode) and not stat.S_ISREG(mode)):
        raise Refusal(_("“%(name)s” is a link, a folder or a device. A bundle has files alone.") % {"name": name})
    if entry.flag_bits & 1 or entry.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
        raise Refusal(_("“%(name)s” is encrypted, or packed in another way than zip's own.") % {"name": name})
    if entry.file_size > SMALL and entry.file_size > HIGHEST_RATIO * entry.compress_size:
        raise Refusal(
            _("“%(name)s” has %(packed)d bytes and unpacks to %(size)d: no honest file does.")
            % {"name": name, "packed": entry.compress_size, "size": entry.file_size}
        )


def check_folder(name: str) -> None:
    """Refuse a folder that no bundle has."""
    if name != "files":
        raise Refusal(_("“%(name)s” does not belong to a bundle.") % {"name": shown(name)})


def check(sizes: dict[str, int]) -> None:
    """Refuse names that no bundle has, and more than we would ever read."""
    for name in sizes:
        if name not in {NAME, SIGNATURE, *LISTS} and not ATTACHED.fullmatch(name):
            raise Refusal(_("“%(name)s” does not belong to a bundle.") % {"name": shown(name)})
    if NAME not in sizes:
        raise Refusal(_("There is no “%(name)s”: this is no bundle, or not the whole of it.") % {"name": NAME})
    for name in (STATES, EDITS):
        if sizes.get(name, 0) > LARGEST_BESIDE:
            raise Refusal(_("“%(name)s” is longer than is read here. Ask for several bundles.") % {"name": name})
    if (total := sum(sizes.values())) > LARGEST or sizes[NAME] > LARGEST_MANIFEST:
        raise Refusal(
            _("The bundle has %(total)d bytes, of which %(manifest)d are its manifest: more than is read here.")
            % {"total": total, "manifest": sizes[NAME]}
        )


def pieces(container: Container, name: str, size: int) -> Iterator[bytes]:
    """A file in pieces, no further than to this size; ``Refusal`` where it has another."""
    read = 0
    try:
        with container.open(name) as file:
            while piece := file.read(PIECE):
                read += len(piece)
                if read > size:
                    break
                yield piece
    except (BadZipFile, OSError, EOFError, ValueError, RuntimeError, zlib.error) as error:
        raise Refusal(damaged(name, error)) from error
    if read != size:
        raise Refusal(
            _("“%(name)s” has not the %(size)d bytes that the manifest says: it was changed or damaged.")
            % {"name": shown(name), "size": size}
        )


@contextmanager
def opened(source: "Path | IO[bytes]") -> Iterator[Container]:
    """The bundle at this place, or in what comes through this pipe."""
    with ExitStack() as stack:
        if not isinstance(source, Path):
            yield Zip(stack.enter_context(kept(source)))
        elif source.is_dir():
            yield Folder(source)
        else:
            try:
                file: Any = stack.enter_context(source.open("rb"))
            except OSError as error:
                raise Refusal(
                    _("“%(name)s” cannot be read: %(error)s.") % {"name": shown(str(source)), "error": error.strerror}
                ) from error
            yield Zip(file)


@contextmanager
def kept(pipe: IO[bytes]) -> Iterator[IO[bytes]]:
    """What comes through a pipe, in a file that is gone afterwards."""
    with tempfile.TemporaryFile() as file:
        size = 0
        while piece := pipe.read(PIECE):
            size += len(piece)
            if size > LARGEST:
                raise Refusal(_("More than %(most)d bytes came: more than is read here.") % {"most": LARGEST})
            file.write(piece)
        file.seek(0)
        yield file
