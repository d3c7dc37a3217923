"""A backup holds all that there is, in one file that proves itself."""

import json
import zipfile
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, models

from osint.base import guards
from osint.history.models import Entry
from osint.keeping import backup, rows, tables
from osint.keeping.archive import Archive, Refused, Writer
from osint.keeping.checking import check
from sources.models import Attachment
from tests.kit import past_the_orm
from tests.osint.keeping.conftest import content


def test_every_table_is_kept_unless_a_reason_is_given():
    ours = {model._meta.label_lower for model in apps.get_models(include_auto_created=True) if model._meta.managed}
    kept = {model._meta.label_lower for model in tables.kept()}
    assert kept == ours - set(tables.LEFT_OUT) | {"migrations.migration"}
    assert set(tables.LEFT_OUT) <= ours


def test_every_column_can_be_read_again():
    for model in tables.kept():
        rows.Shape(tables.columns(model))


def test_a_row_is_the_same_after_it_was_written_and_read(lived):
    for model in tables.kept():
        shape = rows.Shape(tables.columns(model))
        for row in tables.rows(model):
            assert shape.read(rows.line(row)) == list(row)


def test_numbers_and_letters_beyond_the_usual_come_back():
    field = models.JSONField()
    field.set_attributes_from_name("x")
    shape = rows.Shape([field])
    for value in (2**70, "\ud800", {"a": [1.5, None, True]}, "شاحنة\u2028"):
        assert shape.read(rows.line([value])) == [value]


@pytest.mark.parametrize(
    ("field", "text"),
    [
        (models.IntegerField(), "3.99"), (models.IntegerField(), "true"), (models.IntegerField(), '"3"'),
        (models.IntegerField(), "null"), (models.BooleanField(), "1"), (models.DateField(), '"12 November"'),
        (models.DateTimeField(), '"yesterday"'), (models.UUIDField(), '"x"'), (models.UUIDField(), "7"),
        (models.CharField(), "7"), (models.FloatField(), '"1.5"'),
    ],
)  # fmt: skip
def test_a_value_of_another_kind_is_refused_by_its_column(field, text):
    field.set_attributes_from_name("best")
    with pytest.raises(rows.Unreadable, match="“best” cannot be"):
        rows.Shape([field]).read(f"[{text}]".encode())


def test_the_manifest_says_what_there_is(kept, lived):
    with Archive(kept) as archive:
        manifest, parts = archive.manifest, archive.parts
        assert not check(archive)
    assert manifest["engine"] == connection.vendor
    assert manifest["head"]["seq"] == Entry.objects.count()
    assert ["events", "0001_initial"] in manifest["migrations"]
    assert parts["tables/events_event.jsonl"].rows == 2
    assert [name for name in parts if name.startswith("files/")] == [f"files/{Attachment.objects.get().file.name}"]


def test_it_can_be_read_without_us(kept, lived):
    with zipfile.ZipFile(kept) as archive:
        assert archive.testzip() is None
        lines = archive.read("tables/events_event.jsonl").decode().splitlines()
    assert str(lived.uuid) in json.loads(lines[0])
    assert "قافلة ثانية" in lines[1]


def test_the_same_data_give_the_same_bytes(kept, tmp_path):
    again = tmp_path / "again.zip"
    backup.write(again)
    with Archive(kept) as one, Archive(again) as other:
        assert list(one.parts.values()) == list(other.parts.values())


def test_only_its_owner_reads_it(kept):
    assert kept.stat().st_mode & 0o077 == 0


def test_no_password_and_no_token_stands_in_it(kept, lived):
    for name in ("tables/auth_user.jsonl", "tables/access_token.jsonl"):
        assert b"olivia-password" not in content(kept, name)
    assert content(kept, "tables/access_token.jsonl").count(b"\n") == 1  # its hash alone


def test_what_cannot_be_written_leaves_the_backup_before_it(kept, lived, monkeypatch):
    before = kept.read_bytes()
    monkeypatch.setattr(Writer, "finish", lambda *_args: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(Refused, match=r"kept\.zip” cannot be written: No space left"):
        backup.write(kept)
    assert kept.read_bytes() == before
    assert {found.name for found in kept.parent.iterdir()} == {"files", "kept.zip"}


def test_a_folder_that_is_not_there_is_named(lived, tmp_path):
    with pytest.raises(CommandError, match=r"nowhere/b\.zip” cannot be written: No such file"):
        call_command("backup", str(tmp_path / "nowhere" / "b.zip"))


def test_a_file_that_is_gone_is_said_and_the_rest_is_kept(lived, tmp_path):
    Path(Attachment.objects.get().file.path).unlink()
    path = tmp_path / "without.zip"
    with pytest.raises(CommandError, match="is gone, so that the backup is without it") as caught:
        call_command("backup", str(path), stderr=StringIO())
    assert caught.value.returncode == 3
    with Archive(path) as archive:
        assert not check(archive)


def test_a_history_that_was_tampered_with_is_said(lived, tmp_path):
    guards.remove(guards.GUARDS, connection)
    past_the_orm.execute("UPDATE history_entry SET door = 'elsewhere' WHERE seq = 7")
    with pytest.raises(CommandError, match="Entry 7: its columns do not say what its body says") as caught:
        call_command("backup", str(tmp_path / "b.zip"), stderr=StringIO())
    assert caught.value.returncode == 3
    guards.make(guards.GUARDS, connection)


def test_it_says_what_it_did(lived, tmp_path):
    told = StringIO()
    call_command("backup", str(tmp_path / "b.zip"), "--progress", stderr=told)
    assert "Writing [" in told.getvalue()
    assert f"and 1 files in {(tmp_path / 'b.zip').stat().st_size:,} bytes" in told.getvalue()


def test_to_standard_output_goes_a_whole_file(lived, tmp_path, capfdbinary):
    call_command("backup", "-", stderr=StringIO())
    path = tmp_path / "piped.zip"
    path.write_bytes(capfdbinary.readouterr().out)
    with Archive(path) as archive:
        assert not check(archive)
