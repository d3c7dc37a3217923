"""The commands about the history, as an operator calls them."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from osint.base import guards
from osint.history import adoption, heads, verify
from osint.history.models import Entry, Value
from sources.models import Source
from tests import factories as make
from tests.kit.past_the_orm import execute

pytestmark = pytest.mark.django_db


def said(*command: str) -> str:
    out = StringIO()
    call_command(*command, stdout=out)
    return out.getvalue()


def test_a_whole_history_is_said_to_be_whole():
    make.make_source()
    assert "1 entries: the chain holds" in said("verify_history")


def test_a_fault_ends_with_an_error_that_names_it(capsys):
    source = make.make_source()
    execute("UPDATE sources_source SET name_en = 'Other' WHERE id = %s", [source.pk])
    with pytest.raises(CommandError, match="changed past it"):
        call_command("verify_history")
    assert "Entry 1: “name_en”" in capsys.readouterr().err


def test_a_signed_head_of_today_is_an_ancestor_tomorrow(tmp_path):
    make.make_source()
    path = tmp_path / "head.json"
    path.write_text(said("history_head", "--sign"))
    make.make_source()
    assert "2 entries" in said("verify_history", "--head", str(path))


def test_an_unsigned_head_does_too(tmp_path):
    make.make_source()
    path = tmp_path / "head.json"
    path.write_text(said("history_head"))
    assert set(json.loads(path.read_text())) == {"seq", "hash", "at"}
    assert "1 entries" in said("verify_history", "--head", str(path))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "no head"),
        ("[]", "no head"),
        ('{"seq": "x", "hash": "", "at": ""}', "no head"),
        ('{"seq": 1, "hash": "", "at": "", "key": "ab", "signature": "cd"}', "signed with the key ab"),
    ],
)
def test_what_is_no_head_is_refused(tmp_path, text, sentence):
    path = tmp_path / "head.json"
    path.write_text(text)
    with pytest.raises(CommandError, match=sentence):
        call_command("verify_history", head=[str(path)])


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("verify_history", head=[str(tmp_path / "none.json")])


@pytest.mark.parametrize(("name", "value"), [("seq", 2), ("hash", "0" * 64), ("at", "2020"), ("signature", "00" * 64)])
def test_a_head_that_was_changed_after_it_was_signed_is_refused(tmp_path, name, value):
    make.make_source()
    path = tmp_path / "head.json"
    path.write_text(json.dumps(heads.signed() | {name: value}))
    with pytest.raises(CommandError, match="does not hold"):
        call_command("verify_history", head=[str(path)])


def test_a_head_of_another_installation_needs_its_key(tmp_path, settings):
    make.make_source()
    path = tmp_path / "head.json"
    own, settings.HISTORY_KEY = settings.HISTORY_KEY, "1" * 64
    path.write_text(json.dumps(heads.signed()))
    theirs = heads.public_key()
    settings.HISTORY_KEY = own
    with pytest.raises(CommandError, match="Give its key with --key"):
        call_command("verify_history", head=[str(path)])
    assert "1 entries" in said("verify_history", "--head", str(path), "--key", theirs)


def test_redacting_needs_a_person_who_may(alice, adam):
    make.make_source(reliability_reason="Names a witness.")
    seq = Entry.objects.get().seq
    with pytest.raises(CommandError, match="nobody who may redact"):
        call_command("redact_history", seq, "reliability_reason", reason="In danger.", by="alice")
    with pytest.raises(CommandError, match="It has: "):
        call_command("redact_history", seq, "nothing", reason="In danger.", by="adam")
    with pytest.raises(CommandError, match="Say why"):
        call_command("redact_history", seq, "reliability_reason", reason=" ", by="adam")
    call_command("redact_history", seq, "reliability_reason", reason="In danger.", by="adam", stdout=StringIO())
    assert not Value.objects.filter(text__contains="witness").exists()
    assert Entry.objects.latest("seq").by == adam
    assert Entry.objects.latest("seq").door == "redact_history"
    with pytest.raises(CommandError, match="redacted already"):
        call_command("redact_history", seq, "reliability_reason", reason="In danger.", by="adam")
    assert "2 entries" in said("verify_history")


def test_a_reason_can_be_redacted_too(adam):
    make.make_source()
    call_command("redact_history", 1, "name_en", reason="Names a witness.", by="adam", stdout=StringIO())
    call_command("redact_history", 2, "@why", reason="So did the reason.", by="adam", stdout=StringIO())
    assert not Value.objects.filter(text__contains="witness").exists()
    assert "3 entries" in said("verify_history")


def test_records_from_before_the_history_begin_theirs_as_they_are():
    execute(
        "INSERT INTO sources_source (slug, name_en, name_ar, folded_en, folded_ar, key_en, key_ar, kind, reliability, "
        "reliability_reason, homepage, note, created_at, changed_at, version) VALUES ('old', 'Old', '', 'old', '', "
        "'ld', '', 'monitor', 'B', 'Known.', '', '', '2020-01-01T00:00:00Z', '2020-01-01T00:00:00Z', 1)"
    )
    assert str(next(verify.faults())).endswith("has no history.")
    adoption.adopt()
    source = Source.objects.get()
    assert Entry.objects.get().key == source.pk
    assert Entry.objects.get().door == "migrate"
    assert source.version == 1
    assert [fault for fault in verify.faults() if "history" in str(fault)] == []
    adoption.adopt()
    assert Entry.objects.count() == 1


def test_wholes_and_their_parts_begin_theirs_together():
    make.make_published_event()
    make.make_actor_name()
    records = Entry.objects.count()
    guards.remove(guards.GUARDS, connection)
    execute("DELETE FROM history_value")
    execute("DELETE FROM history_entry")
    guards.make(guards.GUARDS, connection)
    adoption.adopt()
    assert set(Entry.objects.values_list("action", "door")) == {("create", "migrate")}
    assert Entry.objects.count() <= records
    assert [str(fault) for fault in verify.faults()] == []
