"""The way back: all of it or nothing, whatever the database, and nothing of a file that is damaged."""

import json
import re
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection

from events.models import Document, Event
from events.stored import terms
from osint.base import guards, trigrams
from osint.bundle.models import Installation
from osint.history import verify
from osint.history.models import Edition
from osint.keeping import backup, loading, promises, restore, tables
from osint.keeping.archive import Archive, Part, Refused, Writer
from osint.keeping.checking import check, migrations_of
from sources.models import Attachment, Source
from tests import factories as make
from tests.osint.keeping.conftest import aged, content, everything, rewritten


def put_back(path: Path, **wanted: bool) -> restore.Restored:
    """Restore the file."""
    options: dict[str, Any] = {"replace": True} | wanted
    with Archive(path) as archive:
        return restore.restore(archive, step=backup.nothing, **options)


def refusal(path: Path, **wanted: bool) -> str:
    """Why the file is refused, before anything is changed."""
    before = everything()
    with pytest.raises(Refused) as caught:
        put_back(path, **wanted)
    assert everything() == before
    return str(caught.value)


@pytest.fixture
def changed(kept, lived):
    """The database after the backup was made: something new, something gone, something else."""
    before = everything()
    make.make_source(slug="came-later")
    Event.objects.exclude(pk=lived.pk).get().delete()
    User.objects.create_user("late")
    Path(Attachment.objects.get().file.path).unlink()
    return before


def test_everything_is_as_it_was(kept, changed, lived):
    done = put_back(kept)
    assert everything() == changed
    assert done.rows == sum(map(len, changed.values())) + Edition.objects.count()
    assert Path(Attachment.objects.get().file.path).read_bytes().startswith(b"%PDF")
    assert not list(verify.faults())
    assert not list(promises.breaches())


def test_what_stands_beside_the_rows_stands_again(kept, changed):
    put_back(kept)
    assert not Document.objects.filter(brief="").exists()
    assert not terms.misfiled()
    for index in trigrams.INDEXES.values():
        trigrams.check(index, connection)
    event = Event.objects.get(published_at__isnull=False)
    with pytest.raises(Exception, match="so it stays"):
        connection.cursor().execute(f"DELETE FROM events_event WHERE id = {event.pk}")


def test_who_gets_bundles_of_it_takes_it_for_another_database(lived, tmp_path):
    here = Installation.objects.create(sequence=7)
    backup.write(tmp_path / "b.zip")
    put_back(tmp_path / "b.zip")
    now = Installation.objects.get()
    assert (now.uuid == here.uuid, now.sequence) == (False, 7)


def test_no_number_is_given_twice(kept, changed, lived):
    gone = max(Source.objects.values_list("pk", flat=True))
    put_back(kept)
    assert make.make_source().pk > gone
    assert make.make_event().pk > lived.pk + 1


def test_numbers_go_on_behind_what_was_deleted_before_the_backup(lived, tmp_path):
    draft = Event.objects.exclude(pk=lived.pk).get()
    key = draft.pk
    draft.delete()
    backup.write(tmp_path / "b.zip")
    put_back(tmp_path / "b.zip")
    assert make.make_event().pk > key


def test_nobody_takes_an_old_answer_for_a_new_one(kept, lived):
    before = dict(Edition.objects.values_list("scope", "number"))
    make.make_event()
    put_back(kept)
    assert all(number > before[scope] for scope, number in Edition.objects.values_list("scope", "number"))


def test_data_are_not_lost_unless_it_is_asked_for(kept, lived):
    assert "There are data here already" in refusal(kept, replace=False)


def test_an_empty_database_takes_it_without_being_asked(kept, lived):
    before = everything()
    connection.check_constraints()
    guards.remove(guards.GUARDS, connection)
    loading.empty(model for model in tables.every() if model._meta.db_table != "django_migrations")
    assert loading.is_empty()
    put_back(kept, replace=False)
    assert everything() == before


# What is damaged


def test_any_byte_that_is_another_is_refused(kept):
    whole = kept.read_bytes()
    places = {*range(0, len(whole), max(1, len(whole) // 150)), *range(len(whole) - 110, len(whole), 7)}
    other = kept.with_name("flipped.zip")
    for place in places:
        other.write_bytes(whole[:place] + bytes([whole[place] ^ 1 << place % 8]) + whole[place + 1 :])
        with pytest.raises(Refused, match=r"flipped\.zip"), Archive(other) as archive:
            check(archive)


def test_any_end_that_is_missing_is_refused(kept):
    whole = kept.read_bytes()
    other = kept.with_name("cut.zip")
    for length in {0, 1, 84, *range(0, len(whole), len(whole) // 20), len(whole) - 1}:
        other.write_bytes(whole[:length])
        with pytest.raises(Refused, match=r"cut\.zip” is no backup of Isnad, or its end is missing"):
            Archive(other)


def test_a_damaged_part_is_named_and_nothing_is_changed(kept):
    with Archive(kept) as archive:
        info = archive.zip.getinfo("tables/history_value.jsonl")
    whole = bytearray(kept.read_bytes())
    whole[info.header_offset + 200] ^= 4
    kept.write_bytes(whole)
    assert "kept.zip” is damaged: tables/history_value.jsonl: it cannot be unpacked" in refusal(kept)


def test_what_was_added_at_the_end_is_refused(kept):
    kept.write_bytes(kept.read_bytes() + b"more")
    assert "its end is missing: it was cut off, or added to" in refusal(kept)


@pytest.mark.parametrize("text", [b"", b"PK\x05\x06" + b"\0" * 18, b"%PDF-1.7" * 99])
def test_what_is_no_backup_is_refused(text, tmp_path):
    path = tmp_path / "other.zip"
    path.write_bytes(text)
    with pytest.raises(CommandError, match="is no backup of Isnad"):
        call_command("restore", str(path))


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(CommandError, match=r"b\.zip” cannot be read: No such file"):
        call_command("restore", str(tmp_path / "b.zip"))


EVENTS, ENTRIES = "tables/events_event.jsonl", "tables/history_entry.jsonl"


def test_a_missing_part_is_named(kept):
    assert f"{EVENTS}: it is missing" in refusal(rewritten(kept, {EVENTS: None}))


def test_columns_are_known_by_their_names_and_not_by_their_places(kept, changed):
    turned = kept.with_name("turned.zip")
    with Archive(kept) as archive:
        writer = Writer(turned)
        for part in archive.parts.values():
            text = archive.zip.read(part.name)
            if part.table:
                rows = [json.loads(line)[::-1] for line in text.splitlines()]
                text = b"".join(json.dumps(row).encode() + b"\n" for row in rows)
            writer.add(Part(part.name, 0, "", part.table, part.columns[::-1], part.rows), [text])
        writer.finish({name: archive.manifest[name] for name in ("made_at", "migrations", "head", "sequences")})
    put_back(turned)
    assert everything() == changed


def test_a_row_that_cannot_be_read_is_named_by_its_line(kept):
    text = re.sub(rb'"[0-9a-f-]{36}"', b'"no-uuid"', content(kept, EVENTS))
    assert f'{EVENTS}: line 1: “uuid” cannot be "no-uuid"' in refusal(rewritten(kept, {EVENTS: text}))
    text = content(kept, EVENTS).replace(b"\n[", b"\n[1,", 1)
    assert "line 2: it does not have" in refusal(rewritten(kept, {EVENTS: text}))
    assert "line 1: it is no JSON" in refusal(rewritten(kept, {EVENTS: b"[1\n"}))


def test_a_newer_isnad_is_asked_for_by_its_migrations(kept):
    with Archive(kept) as archive:
        migrations = [*archive.manifest["migrations"], ["events", "9999_future"]]
    assert "newer Isnad, whose migrations are not known here (events 9999_future)" in refusal(
        rewritten(kept, {}, {"migrations": migrations})
    )


def test_a_backup_of_an_older_isnad_is_looked_at_as_that_one_wrote_it(kept):
    with Archive(aged(kept)) as archive:
        assert set(migrations_of(archive)) < tables.known()
        assert check(archive) == []


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("migrations", "its list of migrations cannot be read"),
        ("sequences", "its last numbers cannot be read"),
        ("head", "gives no head of the history that can be read"),
    ],
)
def test_a_manifest_that_nobody_can_read_is_refused(kept, name, said):
    assert said in refusal(rewritten(kept, {}, {name: 7}))


def test_a_format_of_tomorrow_is_refused(kept):
    assert "its format is isnad-backup 2; this Isnad reads" in refusal(rewritten(kept, {}, {"version": 2}))


def test_a_history_that_was_rewritten_is_refused_unless_it_is_wanted(kept):
    lines = content(kept, ENTRIES).split(b"\n")
    lines[4] = lines[4].replace(b'"code"', b'"cods"')
    other = rewritten(kept, {ENTRIES: b"\n".join(lines)})
    assert "Entry 5: its columns do not say what its body says" in refusal(other)
    done = put_back(other, accept_history=True)
    assert any("Entry 5" in fault for fault in done.faults)


def test_another_key_is_said(kept, settings):
    settings.HISTORY_KEY = "1" * 64
    why = refusal(kept)
    assert "its seal is not ours" in why
    assert "give the HISTORY_KEY of the installation that it comes from" in why


def test_rows_that_are_not_as_the_history_says_are_refused(kept):
    text = content(kept, EVENTS).replace(b"A supply convoy of the Coalition", b"Nothing of the Coalition")
    assert "was changed without history" in refusal(rewritten(kept, {EVENTS: text}))


def test_rows_that_the_database_refuses_leave_it_as_it_was(kept):
    lines = content(kept, "tables/events_citation.jsonl")
    with Archive(kept) as archive:
        place = archive.parts["tables/events_citation.jsonl"].columns.index("event_id")
    rows = [json.loads(line) for line in lines.splitlines()]
    rows[0][place] = 10**9
    text = b"".join(json.dumps(row).encode() + b"\n" for row in rows)
    assert "does not fit into the database" in refusal(rewritten(kept, {"tables/events_citation.jsonl": text}))


def test_a_file_that_belongs_elsewhere_is_refused(kept, tmp_path):
    with Archive(kept) as archive:
        name = next(name for name in archive.parts if name.startswith("files/"))
        archive.parts[name].name = "files/../../evil"
        part = archive.parts[name]
        with pytest.raises(Refused, match="it belongs nowhere"):
            restore.place_of(archive, part)
    assert not (tmp_path / "evil").exists()


# The commands


def test_looking_at_a_file_changes_nothing(kept, lived):
    told, before = StringIO(), everything()
    call_command("restore", str(kept), "--check", stdout=told)
    assert f"is whole: {sum(map(len, before.values())) + Edition.objects.count():,} rows" in told.getvalue()
    assert everything() == before


def test_it_says_what_it_did_and_what_is_not_as_it_should_be(kept, lived, tmp_path):
    told, shown = StringIO(), StringIO()
    call_command("restore", str(kept), "--replace", "--progress", stdout=told, stderr=shown)
    assert "are as they were on" in told.getvalue()
    assert "Restoring [" in shown.getvalue()


def test_a_breach_that_was_there_before_is_restored_and_named(lived, tmp_path):
    Event.objects.exclude(pk=lived.pk).update(part_of=lived)
    backup.write(tmp_path / "b.zip")
    with pytest.raises(CommandError, match="part of an event that does not sum up others") as caught:
        call_command("restore", str(tmp_path / "b.zip"), "--replace", stdout=StringIO())
    assert caught.value.returncode == 3
    assert Event.objects.filter(part_of=lived).exists()
