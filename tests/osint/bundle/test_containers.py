"""The files of a bundle: names that lead astray, links, doubles, and zips that are meant to do harm."""

import os
import struct
from io import BytesIO
from zipfile import ZIP_BZIP2, ZIP_LZMA, ZIP_STORED, ZipFile, ZipInfo

import pytest

from osint.bundle import containers
from osint.bundle.entries import Refusal
from tests.kit import bundles
from tests.kit.bundles import refused

pytestmark = pytest.mark.django_db


def archive(path, *entries):
    """A zip with these entries: name, content, and how it is packed."""
    with ZipFile(path, "w") as made:
        for name, content, method in entries:
            made.writestr(ZipInfo(name) if isinstance(name, str) else name, content, compress_type=method)
    return path


@pytest.mark.parametrize(
    "name",
    ["../manifest.json", "/etc/passwd", "files/../fixture.json", "C:\\x", "a/b", "files/x",
     "fixture\u2024json", "\uff46ixture.json", "f\u0456xture.json", "\u202efixture.json", "files/" + "\u0660" * 64],
)  # fmt: skip
def test_a_name_that_leads_astray_is_refused(folder, name):
    path = bundles.zipped(folder, folder.parent / "b.zip")
    with ZipFile(path, "a") as made:
        made.writestr(name, "x")
    refused(path, "does not belong to a bundle")


def test_a_name_that_some_programs_read_no_further_than_half_is_refused(folder):
    path = bundles.zipped(folder, folder.parent / "b.zip")
    path.write_bytes(path.read_bytes().replace(b"states.json", b"edits.js\0on"))
    refused(path, "does not belong to a bundle")


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("name", ["fixture.json", "FIXTURE.json", "\ufb01xture.json"])
def test_two_files_of_one_name_are_refused(folder, name):
    path = bundles.zipped(folder, folder.parent / "b.zip")
    with ZipFile(path, "a") as made:
        made.writestr(name, "[\n]\n")
    refused(path, "is there twice")


def test_links_are_refused(folder):
    path, link = bundles.zipped(folder, folder.parent / "b.zip"), ZipInfo("edits.json")
    link.external_attr = 0o120777 << 16
    refused(archive(path, (link, "/etc/passwd", ZIP_STORED)), "is a link, a folder or a device")
    (folder / "edits.json").unlink()
    (folder / "edits.json").symlink_to("/etc/passwd")
    refused(folder, "is a link or a device")


def test_folders_that_are_links_and_pipes_are_refused(folder):
    (folder / "files").symlink_to("/etc")
    refused(folder, "is a link or a device")
    (folder / "files").unlink()
    (folder / "edits.json").unlink()
    os.mkfifo(folder / "edits.json")
    refused(folder, "is a link or a device")


def test_what_is_encrypted_is_refused(folder):
    path = bundles.zipped(folder, folder.parent / "b.zip")
    data = bytearray(path.read_bytes())
    for mark, place in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        data[data.index(mark) + place] |= 1
    path.write_bytes(data)
    refused(path, "is encrypted, or packed in another way")


def test_a_zip_that_was_written_into_a_pipe_or_is_large_is_read_like_any_other(folder):
    class Pipe(BytesIO):
        def seekable(self):
            return False

    path = folder.parent / "b.zip"
    for held, is_large in ((Pipe(), False), (BytesIO(), True)):
        with ZipFile(held, "w") as made:
            for file in folder.iterdir():
                with made.open(file.name, "w", force_zip64=is_large) as entry:
                    entry.write(file.read_bytes())
        path.write_bytes(held.getvalue())
        assert bundles.read(path)


@pytest.mark.parametrize("method", [ZIP_BZIP2, ZIP_LZMA])
def test_a_small_file_that_unpacks_to_very_much_is_refused(folder, method):
    bomb = archive(folder.parent / "b.zip", ("manifest.json", b"0" * 30_000_000, method))
    refused(bomb, "packed in another way")


def test_a_packed_file_that_unpacks_to_very_much_is_refused(folder):
    bomb = archive(folder.parent / "b.zip", ("manifest.json", b" " * 15_000_000, 8))
    assert bomb.stat().st_size < 20_000
    refused(bomb, "no honest file does")


def test_a_zip_that_lies_about_a_size_is_refused(folder):
    bomb = archive(folder.parent / "b.zip", ("manifest.json", b" " * 15_000_000, 8))
    data = bytearray(bomb.read_bytes())
    # The size as the list of files at the end has it: three hundred bytes.
    start = data.rindex(b"PK\x01\x02") + 24
    data[start : start + 4] = struct.pack("<I", 300)
    bomb.write_bytes(data)
    refused(bomb, "manifest.json")


@pytest.mark.parametrize("data", [b"", b"PK", b"x" * 100, b"PK\x05\x06" + bytes(18), b"PK\x05\x06" + b"\xff" * 18])
def test_what_is_no_zip_is_refused(folder, data):
    path = folder.parent / "b.zip"
    path.write_bytes(data)
    refused(path, "no zip|damaged|no bundle|There are")
    refused(BytesIO(data), "no zip|damaged|no bundle|There are")


def test_very_many_files_are_refused_before_they_are_read(folder, monkeypatch):
    monkeypatch.setattr(containers, "MOST_FILES", 3)
    refused(folder, "There are 4 files or more")
    refused(bundles.zipped(folder, folder.parent / "b.zip"), "There are 5 files or more")
    monkeypatch.setattr(containers, "LONGEST_LIST", 200)
    refused(folder.parent / "b.zip", "There are 3 files or more")


def test_every_place_where_a_zip_can_be_cut_off_is_refused(folder):
    data = bundles.zipped(folder, folder.parent / "b.zip").read_bytes()
    for length in range(0, len(data), max(1, len(data) // 40)):
        with pytest.raises(Refusal):
            bundles.read(BytesIO(data[:length]))
