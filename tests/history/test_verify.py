"""Tampering by raw SQL, past every trigger: each is detected, and the first bad entry is named."""

import json
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command

from events.models import Citation, Claim, Count, Event
from osint.history import chain, heads, recording, redaction, verify
from osint.history.models import Entry, Value
from sources.models import Attachment
from tests import factories as make
from tests.kit.past_the_orm import execute

pytestmark = pytest.mark.django_db


def found() -> list[str]:
    return [str(fault) for fault in verify.faults()]


def first() -> int | None:
    """The entry that the first fault names."""
    return next(verify.faults()).seq


def saved_head() -> tuple[int, str]:
    return heads.read(json.dumps(heads.signed()), heads.public_key())


def rewrite(seq: int, body: str, *, key: str | None = None) -> str:
    """Another body for an entry, with the hash that fits it; and the seal, for a thief of the key."""
    digest = sha256(body.encode()).hexdigest()
    seal = chain.seal_of(digest) if key else "0" * 64
    execute("UPDATE history_entry SET body = %s, hash = %s, seal = %s WHERE seq = %s", [body, digest, seal, seq])
    return digest


def rewrite_from(seq: int, *, key: str | None = None) -> None:
    """Everything from this entry on, another time but a valid chain."""
    prev = Entry.objects.get(seq=seq - 1).hash
    for entry in Entry.objects.filter(seq__gte=seq).order_by("seq"):
        moment = entry.at - timedelta(days=1)
        body = json.loads(entry.body) | {"prev": prev, "at": chain.stamp(moment)}
        execute("UPDATE history_entry SET prev = %s, at = %s WHERE seq = %s", [prev, moment, entry.seq])
        prev = rewrite(entry.seq, chain.canonical(body), key=key)


def test_a_clean_copy_passes(lived):
    head = saved_head()
    assert list(verify.faults([head])) == []
    make.make_source()
    assert list(verify.faults([head])) == []


def test_a_changed_value_is_named(lived):
    value: Any = Value.objects.filter(field="summary_en").order_by("pk").first()
    text = f'{value.text[:-2]}!"}}'
    execute("UPDATE history_value SET text = %s WHERE id = %s", [text, value.pk])
    assert first() == value.entry_id
    assert "“summary_en” is not the one that was written" in found()[0]


def test_a_changed_salt_is_named(lived):
    value: Any = Value.objects.order_by("pk").last()
    execute("UPDATE history_value SET salt = %s WHERE id = %s", ["0" * 32, value.pk])
    assert first() == value.entry_id


def test_a_value_taken_away_is_named(lived):
    value: Any = Value.objects.filter(field="summary_en").order_by("pk").first()
    execute("DELETE FROM history_value WHERE id = %s", [value.pk])
    assert first() == value.entry_id


@pytest.mark.parametrize(
    ("column", "value"), [("door", "import"), ("at", "2020-01-01T00:00:00Z"), ("by_id", None), ("root_key", 99)]
)
def test_a_changed_column_is_named(lived, alice, column, value):
    with recording.change(alice):
        make.make_source()
    seq = Entry.objects.latest("seq").seq
    execute(f"UPDATE history_entry SET {column} = %s WHERE seq = %s", [value, seq])
    assert first() == seq
    assert "columns" in found()[0]


def test_a_deleted_middle_entry_is_named(lived):
    execute("DELETE FROM history_value WHERE entry_id = 10")
    execute("DELETE FROM history_entry WHERE seq = 10")
    assert first() == 11
    assert "follows on 9" in found()[0]


def test_a_deleted_tail_shows_beside_the_saved_head(lived):
    make.make_site()
    head = saved_head()
    last = Entry.objects.latest("seq")
    execute("DELETE FROM history_value WHERE entry_id = %s", [last.seq])
    execute("DELETE FROM history_entry WHERE seq = %s", [last.seq])
    execute(f"DELETE FROM {last.model.replace('.', '_')} WHERE id = %s", [last.key])
    assert found() == []
    fault = next(verify.faults([head]))
    assert fault.seq == last.seq
    assert f"ends before it, at {last.seq - 1}" in str(fault)


def test_a_deleted_tail_shows_without_a_head_where_the_record_is_still_there(lived):
    make.make_site()
    last = Entry.objects.latest("seq")
    execute("DELETE FROM history_value WHERE entry_id = %s", [last.seq])
    execute("DELETE FROM history_entry WHERE seq = %s", [last.seq])
    assert found() == [f"{last.model} {last.key} has no history."]


def test_two_swapped_are_named(lived):
    for old, new in ((7, 10**6), (8, 7), (10**6, 8)):
        swap(old, new)
    assert first() == 7


def swap(old: int, new: int) -> None:
    """Give an entry and its values another number."""
    entry = Entry.objects.get(seq=old)
    values = list(Value.objects.filter(entry=old))
    execute("DELETE FROM history_value WHERE entry_id = %s", [old])
    execute("DELETE FROM history_entry WHERE seq = %s", [old])
    entry.seq = new
    entry.save(force_insert=True)
    for value in values:
        value.entry_id, value.pk = new, None
    Value.objects.bulk_create(values)


def forge(key: str | None = None) -> int:
    """An entry at the end, with right number, prev and hash, that says a claim was always other words."""
    last = Entry.objects.latest("seq")
    event = Event.objects.get()
    values = [
        Value(
            entry_id=last.seq + 1,
            field="summary_en",
            salt="ab" * 16,
            text=chain.canonical({"from": event.summary_en, "to": "Forged."}),
        )
    ]
    happening = chain.Happening("events.event", event.pk, ("events.event", event.pk), "change", {})
    body = json.loads(last.body) | {"seq": last.seq + 1, "prev": last.hash, "model": "events.event", "key": event.pk}
    body |= {"root": list(happening.root), "action": "change"}
    body["values"] = {value.field: chain.commitment(value.salt, value.field, value.text) for value in values}
    text = chain.canonical(body)
    digest = sha256(text.encode()).hexdigest()
    last.seq, last.prev, last.hash, last.body, last.seal = last.seq + 1, last.hash, digest, text, "0" * 64
    if key:
        last.seal = chain.seal_of(digest)
    last.model, last.key, last.root_model, last.root_key, last.action = (
        "events.event",
        event.pk,
        "events.event",
        event.pk,
        "change",
    )
    last.save(force_insert=True)
    Value.objects.bulk_create(values)
    return last.seq


def test_a_forged_insert_with_right_hashes_has_no_seal(lived):
    seq = forge()
    assert first() == seq
    assert "seal" in found()[0]


def test_a_forged_insert_by_a_thief_of_the_key_does_not_fit_the_records(lived, settings):
    seq = forge(settings.HISTORY_KEY)
    assert first() == seq
    assert "“summary_en” of events.event" in found()[0]


def test_everything_rewritten_from_one_entry_is_named_by_its_seal(lived):
    rewrite_from(20)
    assert first() == 20


def test_everything_rewritten_by_a_thief_of_the_key_shows_beside_the_saved_head(lived, settings):
    head = saved_head()
    rewrite_from(20, key=settings.HISTORY_KEY)
    assert found() == []
    assert "rewritten" in str(next(verify.faults([head])))


def test_a_live_event_changed_without_history_is_named_with_its_last_entry(lived):
    last = Entry.objects.filter(model="events.event", key=lived.pk).latest("seq")
    execute("UPDATE events_event SET tlp = 'RED' WHERE id = %s", [lived.pk])
    assert first() == last.seq
    assert f"“tlp” of events.event {lived.pk}" in found()[0]


@pytest.mark.parametrize(
    ("column", "value"),
    [("earliest", "2020-01-01"), ("folded", "nothing"), ("version", 77), ("changed_at", "2020-01-01T00:00:00Z")],
)
def test_what_nobody_types_is_checked_too(lived, column, value):
    execute(f"UPDATE events_event SET {column} = %s WHERE id = %s", [value, lived.pk])
    assert [fault for fault in found() if f"“{column}”" in fault]


def test_a_live_row_without_history_is_named(lived):
    count = Count.objects.first()
    execute(
        "INSERT INTO events_site (slug, name_en, name_ar, folded_en, folded_ar, key_en, key_ar, kind, path, note, "
        "namesake_note, pcode, created_at, changed_at, version) SELECT 'ghost', 'Ghost', '', '', '', '', '', kind, "
        "'ghost/', '', '', '', created_at, changed_at, 1 FROM events_site LIMIT 1"
    )
    assert count is not None
    assert any("has no history" in fault for fault in found())


def test_a_deleted_live_row_is_named(lived):
    count = Count.objects.get()
    execute("DELETE FROM events_count WHERE id = %s", [count.pk])
    assert any("should be there, but is gone" in fault for fault in found())


def test_a_re_pointed_claim_is_named(lived):
    claim: Any = Claim.objects.first()
    other = Citation.objects.create(event=lived, report=make.make_report())
    execute("UPDATE events_claim SET citation_id = %s WHERE id = %s", [other.pk, claim.pk])
    assert any("“citation” of events.claim" in fault for fault in found())


def test_yesterdays_backup_restored_shows_beside_todays_head(lived):
    yesterday = Entry.objects.latest("seq").seq
    source = make.make_source()
    head = saved_head()
    execute("DELETE FROM history_value WHERE entry_id > %s", [yesterday])
    execute("DELETE FROM history_entry WHERE seq > %s", [yesterday])
    execute("DELETE FROM sources_source WHERE id = %s", [source.pk])
    assert found() == []
    assert next(verify.faults([head])).seq == head[0]


def test_a_changed_attachment_is_named(lived, capsys):
    attachment = Attachment(report=make.make_report(), name="page.html", sha256=sha256(b"as saved").hexdigest(), size=8)
    attachment.file.save("page.html", ContentFile(b"as saved"), save=False)
    attachment.save()
    call_command("verify_history")
    Path(attachment.file.path).write_bytes(b"as forged")
    with pytest.raises(CommandError):
        call_command("verify_history")
    assert str(attachment.uuid) in capsys.readouterr().err


def test_a_body_that_is_no_json_is_named(lived):
    last = Entry.objects.latest("seq").seq
    rewrite(last, "[]", key="stolen")
    assert first() == last
    rewrite(last, "{", key="stolen")
    assert first() == last


def test_a_redacted_value_leaves_the_chain_whole(lived, adam):
    value: Any = Value.objects.filter(field="summary_en").order_by("pk").first()
    redaction.redact(value.entry_id, "summary_en", adam, "Names a witness.")
    value.refresh_from_db()
    assert (value.salt, value.text) == ("", "")
    assert found() == []
    assert "Names a witness." in Value.objects.filter(field=chain.WHY).latest("pk").text


def test_a_value_blanked_without_an_entry_is_named(lived):
    value: Any = Value.objects.filter(field="summary_en").order_by("pk").first()
    execute("UPDATE history_value SET salt = '', text = '' WHERE id = %s", [value.pk])
    assert found()[0].startswith(f"Entry {value.entry_id}: ")
    assert "blanked" in found()[0]
