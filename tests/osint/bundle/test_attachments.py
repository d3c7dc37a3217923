"""Files that come with a bundle: they are what their hash says, and are kept with the record, or not at all."""

import errno
import io
from dataclasses import replace

import pytest
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.management import CommandError, call_command
from django.db import transaction

from osint.bundle import reading
from osint.bundle.models import Arrival
from osint.bundle.planning import plan
from sources.models import Attachment, Report
from tests import factories as make
from tests.kit import bundles
from tests.kit.exchange import planned

pytestmark = pytest.mark.django_db
PAGES = [b"%PDF-1.7 The page as saved.", b"\x89PNG\r\n\x1a\n what it looked like"]


@pytest.fixture
def elsewhere(tmp_path, settings):
    """A bundle with two files of a report, and nothing of it here."""
    bundles.trusted()
    settings.MEDIA_ROOT = tmp_path / "there"
    folder = tmp_path / "bundle"
    with transaction.atomic():
        event = make.make_whole_event()
        for content in PAGES:
            make.make_attachment(report=event.citations.get().report, content=content)
        bundles.cut(folder, attachments=True)
        transaction.set_rollback(True)
    settings.MEDIA_ROOT = tmp_path / "here"
    return folder


def taken(folder):
    """Let a bundle in, as the command does."""
    call_command("import_bundle", str(folder), apply=True, stdout=io.StringIO(), stderr=io.StringIO())


def on_disk(tmp_path):
    """What is kept here, by name."""
    return {path.name: path.read_bytes() for path in (tmp_path / "here").rglob("*") if path.is_file()}


def test_files_arrive_with_their_reports(elsewhere, tmp_path):
    planned(elsewhere)
    assert on_disk(tmp_path) == {}  # a plan writes nothing
    taken(elsewhere)
    assert sorted(on_disk(tmp_path).values()) == sorted(PAGES)
    found = Attachment.objects.all()
    assert {one.sha256 for one in found} == set(on_disk(tmp_path))
    assert {default_storage.path(str(one.file.name)) for one in found} == {
        str(path) for path in (tmp_path / "here").rglob("*") if path.is_file()
    }
    assert {one.media_type for one in found} == {"application/pdf", "image/png"}
    bundles.cut(tmp_path / "again", attachments=True)
    names = ["fixture.json", *(f"files/{name}" for name in on_disk(tmp_path))]
    assert [(tmp_path / "again" / name).read_bytes() for name in names] == [
        (elsewhere / name).read_bytes() for name in names
    ]


def test_a_file_that_is_another_is_refused(elsewhere):
    (first, *_others) = sorted((elsewhere / "files").iterdir())
    first.write_bytes(first.read_bytes()[::-1])
    with pytest.raises(CommandError, match=f"files/{first.name}” is not what the manifest says"):
        taken(elsewhere)
    assert not Attachment.objects.exists()


def test_a_file_that_was_exchanged_since_it_was_checked_stays_out(elsewhere, monkeypatch):
    monkeypatch.setattr("osint.bundle.reading.check_digest", lambda *_seen: None)
    for file in (elsewhere / "files").iterdir():
        file.write_bytes(file.read_bytes()[::-1])
    found = planned(elsewhere)
    assert {step.model for step in found.refused()} == {Attachment}
    assert "is not what it was" in found.as_text()


def test_a_disk_that_fills_up_leaves_nothing(elsewhere, tmp_path, monkeypatch):
    plain, written = getattr(FileSystemStorage, "_save"), []  # noqa: B009 - Django's own hook, which has no type

    def fill_up(storage, name, content):
        written.append(name)
        if len(written) < 2:
            return plain(storage, name, content)
        path = tmp_path / "here" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.read()[:9])
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(FileSystemStorage, "_save", fill_up)
        with (
            pytest.raises(CommandError, match=r"Nothing was written\. It could not .*No space left on device"),
            transaction.atomic(),
        ):
            taken(elsewhere)
    assert len(written) == 2
    assert on_disk(tmp_path) == {}
    assert not Report.objects.exists()
    assert not Arrival.objects.exists()
    taken(elsewhere)
    assert sorted(on_disk(tmp_path).values()) == sorted(PAGES)


def test_a_file_that_is_here_already_stays_where_an_import_of_it_fails(elsewhere, tmp_path, monkeypatch):
    report = make.make_report()
    make.make_attachment(report=report, content=PAGES[0])
    with monkeypatch.context() as patch:
        patch.setattr("osint.bundle.applying.register", lambda *_told: 1 / 0)
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            taken(elsewhere)
    assert list(on_disk(tmp_path).values()) == [PAGES[0]]
    assert default_storage.exists(str(report.attachments.get().file.name))


def test_without_the_files_an_attachment_stays_out_and_the_rest_comes_in(elsewhere):
    with reading.opened(elsewhere) as bundle:
        found = plan(bundle.entries(), replace(bundle.arriving(), files=None))
    assert {step.model for step in found.refused()} == {Attachment}
    assert "Ask for one with attachments" in found.as_text()
