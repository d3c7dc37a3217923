"""What a check of the history answers, fault by fault; and that no forgery makes it give up instead."""

import json
from contextlib import closing
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from events.models import Event, Site
from osint.history import chain, heads, recording, redaction, verify
from osint.history.models import Entry, Value
from osint.history.ondisk import OnDisk
from osint.history.verify import UNKNOWN, Fault, Replay
from sources.models import Report, Source
from tests import factories as make
from tests.kit.past_the_orm import execute

pytestmark = pytest.mark.django_db

SITE = ("events.site", 7)


def rewritten(seq: int, body: str, seal: str | None = None) -> None:
    """Another body with the hash that fits it, and the seal that fits (a thief of the key) unless one is given."""
    digest = sha256(body.encode()).hexdigest()
    seal = chain.seal_of(digest) if seal is None else seal
    execute("UPDATE history_entry SET body = %s, hash = %s, seal = %s WHERE seq = %s", [body, digest, seal, seq])


def changed(seq: int, parts: dict[str, object]) -> str:
    return chain.canonical(json.loads(Entry.objects.get(seq=seq).body) | parts)


def sentences(seq: int) -> list[str]:
    """The sentences about this entry, none of them about another."""
    found = list(verify.faults())
    assert {fault.seq for fault in found} == {seq}
    return [fault.sentence for fault in found]


def entry(**overrides):
    told = {"seq": 4, "model": SITE[0], "key": SITE[1], "action": "change"}
    return told | overrides


def texts(**values):
    written = {name: value if isinstance(value, str) else chain.canonical(value) for name, value in values.items()}
    return {name: ("salt", text) for name, text in written.items()}


def step(old, new):
    return {"from": old, "to": new}


# Forgeries


@pytest.mark.parametrize(
    ("body", "seal"),
    [
        ("{", "0" * 64),
        ('{"by": 5}', "0" * 64),
        ('{"by": 5}', "é" * 64),
        ('{"by": 5}', None),
        ('{"values": []}', None),
        ('{"values": {"slug": 5}, "by": {"id": []}}', None),
        ("5", None),
        ("[]", None),
        ("[" * 100_000, None),
    ],
)
def test_a_body_that_says_nothing_is_named_by_its_entry(lived, body, seal):
    seq = Entry.objects.latest("seq").seq
    rewritten(seq, body, seal)
    assert sentences(seq)[0].startswith(("its columns", "it cannot be read") if seal is None else "its seal")


@pytest.mark.parametrize(
    "parts",
    [
        {"by": {"id": 900, "username": "ghost"}},
        {"seq": 1},
        {"prev": "0" * 64},
        {"at": "2020-01-01T00:00:00.000000Z"},
        {"change": "other"},
        {"door": "other"},
        {"model": "other"},
        {"key": 900},
        {"root": ["other", 1]},
        {"action": "delete"},
    ],
)
def test_a_body_that_says_other_than_its_columns_is_named_whoever_sealed_it(lived, parts):
    seq = Entry.objects.latest("seq").seq
    rewritten(seq, changed(seq, parts))
    assert sentences(seq) == ["its columns do not say what its body says."]


def test_who_did_it_is_compared_too(alice):
    with recording.change(alice):
        make.make_source()
    assert list(verify.faults()) == []


def test_a_changed_body_is_named_and_nothing_is_read_of_it(lived):
    execute("UPDATE history_entry SET body = '{}' WHERE seq = 3")
    assert sentences(3) == ["its body does not have its hash."]


def test_each_thing_that_is_wrong_with_an_entry_is_told(lived):
    execute("UPDATE history_entry SET prev = %s, seal = 'none', body = body WHERE seq = 5", ["p" * 64])
    assert [sentence.split(":")[0] for sentence in sentences(5)] == [
        "it does not follow from the entry before it.",
        "its seal is not ours",
        "its columns do not say what its body says.",
    ]


def test_entries_that_are_gone_from_the_beginning_are_named(lived):
    execute("DELETE FROM history_value WHERE entry_id <= 2")
    execute("DELETE FROM history_entry WHERE seq <= 2")
    assert sentences(3)[0] == "it follows on 0: what lay between is gone."


def test_an_added_value_is_named(lived):
    Value.objects.create(entry_id=3, field="zeal", salt="s", text='{"from":null,"to":1}')
    assert sentences(3) == ["its value of “zeal” is gone, or was added."]


def test_values_of_no_entry_change_nothing_of_the_others(lived):
    assert [row["seq"] for row, _texts in verify.entries()] == list(range(1, Entry.objects.count() + 1))
    found = {row["seq"]: set(told) for row, told in verify.entries()}
    for seq, fields in found.items():
        assert fields == set(Value.objects.filter(entry=seq).values_list("field", flat=True))


@pytest.mark.parametrize(("salt", "text"), [("", "kept"), ("kept", "")])
def test_a_value_blanked_by_half_is_not_the_one_that_was_written(lived, salt, text):
    value: Any = Value.objects.filter(entry=3).order_by("pk").first()
    salt, text = salt and value.salt, text and value.text
    execute("UPDATE history_value SET salt = %s, text = %s WHERE id = %s", [salt, text, value.pk])
    assert sentences(3) == [f"its value of “{value.field}” is not the one that was written."]


def test_a_blanked_redaction_is_named_and_does_not_end_the_check(lived, adam):
    value: Any = Value.objects.filter(field="summary_en").order_by("pk").first()
    redaction.redact(value.entry_id, "summary_en", adam, "Names a witness.")
    seq = Entry.objects.latest("seq").seq
    execute("UPDATE history_value SET salt = '', text = '' WHERE entry_id = %s AND field = '@redacted'", [seq])
    found = [(fault.seq, "blanked" in fault.sentence) for fault in verify.faults()]
    assert found == [(value.entry_id, True), (seq, True)]


@pytest.mark.parametrize("told", [{}, {"slug": "5"}, {"slug": "{"}, {"slug": "null"}, {"slug": '{"to": 1}'}])
@pytest.mark.parametrize("action", ["redact", "create"])
def test_forged_values_that_say_nothing_are_named(action, told):
    found = list(verify.legible(verify.play(Replay(), entry(action=action), texts(**told))))
    assert found == (["it cannot be read."] if told or action == "redact" else [])


# Saved heads


def test_a_head_of_the_empty_history_is_before_everything(lived):
    assert list(verify.faults([(0, chain.BEGINNING)])) == []


def test_a_false_head_of_the_empty_history_is_told(lived):
    assert len(list(verify.faults([(0, "f" * 64)]))) == 1


def test_two_heads_with_one_number_cannot_both_be_right(lived):
    right = Entry.objects.get(seq=5).hash
    assert list(verify.faults([(5, right), (5, right)])) == []
    for heads_ in ([(5, right), (5, "f" * 64)], [(5, "f" * 64), (5, right)]):
        assert [fault.seq for fault in verify.faults(heads_)] == [5]


def test_a_head_beyond_the_end_is_told_with_the_end(lived):
    last = chain.head()[0]
    found = list(verify.faults([(last + 3, "f" * 64)]))
    assert [str(fault) for fault in found] == [
        f"Entry {last + 3}: it is in a saved head, but the history ends before it, at {last}."
    ]


# Replaying


def test_a_fault_says_its_entry_where_it_is_one():
    assert str(Fault(4, "gone.")) == "Entry 4: gone."
    assert str(Fault(None, "gone.")) == "gone."


def test_what_is_created_changed_and_deleted_is_replayed():
    replay = Replay()
    made = texts(slug=step(None, "a"), note=step(None, "n"))
    assert list(verify.play(replay, entry(seq=1, action="create"), made)) == []
    assert list(verify.play(replay, entry(seq=2), texts(slug=step("a", "b"), **{"@why": "Seen."}))) == []
    assert replay.states == {SITE: {"slug": "b", "note": "n"}}
    assert replay.last == {SITE: 2}
    assert list(verify.play(replay, entry(seq=3, action="delete"), texts(slug=step("b", None)))) == []
    assert (replay.states, replay.last) == ({}, {SITE: 3})


@pytest.mark.parametrize(
    ("states", "action", "was"),
    [({}, "change", "was not there"), ({}, "delete", "was not there"), ({SITE: {}}, "create", "was there already")],
)
def test_what_cannot_have_happened_is_told(states, action, was):
    told = list(verify.play(Replay(states=states), entry(action=action), {}))
    assert told == [f"it speaks of events.site 7, which {was} then."]


def test_what_was_not_so_is_told_and_the_next_value_goes_on():
    state: dict[str, Any] = {"slug": "a"}
    assert list(verify.set_value(state, SITE, "slug", chain.canonical(step("z", "b")))) == [
        "it says what “slug” of events.site 7 was, but that was something else."
    ]
    assert state == {"slug": "b"}


def test_what_a_new_record_was_not_told_to_hold_was_nothing():
    state: dict[str, Any] = {"slug": "a"}
    assert list(verify.set_value(state, SITE, "note", chain.canonical(step("", "n")))) == []
    assert list(verify.set_value(state, SITE, "parent", chain.canonical(step(None, 1)))) == []
    assert len(list(verify.set_value(state, SITE, "pcode", chain.canonical(step("SY", "n"))))) == 1
    assert len(list(verify.set_value(state, SITE, "note", chain.canonical(step("", "m"))))) == 1


def test_after_a_redacted_value_any_goes():
    state: dict[str, Any] = {"slug": "a"}
    assert list(verify.set_value(state, SITE, "slug", "")) == []
    assert state == {"slug": UNKNOWN}
    assert list(verify.set_value(state, SITE, "slug", chain.canonical(step("z", "b")))) == []
    assert state == {"slug": "b"}


def test_blank_values_are_forgiven_where_an_entry_says_so():
    replay = Replay()
    list(verify.play(replay, entry(seq=1, action="create"), texts(slug="", note="")))
    told = texts(**{"@redacted": step(None, {"seq": 1, "field": "slug"})})
    assert list(verify.play(replay, entry(seq=2, action="redact"), told)) == []
    assert list(verify.redactions(replay)) == [
        Fault(1, "its value of “note” was blanked without an entry that says so.")
    ]


def test_what_is_replayed_may_lie_on_the_disk():
    with closing(OnDisk()) as states:
        replay = Replay(states=states)
        assert list(verify.play(replay, entry(seq=1, action="create"), texts(slug=step(None, "a"), note=""))) == []
        assert states == {SITE: {"slug": "a", "note": UNKNOWN}}
        assert (list(states), len(states), states.get(("events.site", 8))) == ([SITE], 1, None)
        assert list(verify.play(replay, entry(seq=2, action="delete"), texts(slug=step("a", None)))) == []
        assert states == {}
        with pytest.raises(KeyError):
            del states[SITE]


# The rows


def test_a_row_that_differs_is_named_with_its_last_entry():
    replay = Replay(states={SITE: {"slug": "a", "note": UNKNOWN}}, last={SITE: 9})
    found = list(verify.compare(replay, Site, SITE, {"slug": "b", "note": "x"}))
    assert found == [Fault(9, "“slug” of events.site 7 is not what the history says: it was changed without history.")]
    assert replay.states == {}


def test_a_column_that_came_later_has_its_default():
    replay = Replay(states={SITE: {"slug": "a"}}, last={SITE: 9})
    assert list(verify.compare(replay, Site, SITE, {"slug": "a", "parent": None, "note": "", "version": 1})) == []
    for name, value in (("parent", 4), ("note", "x"), ("version", 2)):
        replay = Replay(states={SITE: {"slug": "a"}}, last={SITE: 9})
        assert [fault.seq for fault in verify.compare(replay, Site, SITE, {"slug": "a", name: value})] == [9]


def test_a_row_without_history_is_told_once():
    assert list(verify.compare(Replay(), Site, SITE, {"slug": "a"})) == [Fault(None, "events.site 7 has no history.")]


def test_every_row_that_is_gone_is_named():
    replay = Replay(states={SITE: {}, ("events.actor", 3): {}}, last={SITE: 2, ("events.actor", 3): 5})
    assert [str(fault) for fault in verify.rows(replay)] == [
        "Entry 5: events.actor 3 should be there, but is gone.",
        "Entry 2: events.site 7 should be there, but is gone.",
    ]


def test_what_follows_from_other_columns_is_worked_out_again():
    event = make.make_event(when="2025-11")
    record = ("events.event", event.pk)
    assert list(verify.follows(event, record)) == []
    event.earliest, event.latest = date(2025, 11, 2), date(2025, 11, 3)
    assert list(verify.follows(event, record)) == [
        Fault(None, f"“{name}” of events.event {event.pk} does not follow from what was entered.")
        for name in ("earliest", "latest")
    ]


def test_what_cannot_be_worked_out_is_no_fault_by_itself():
    event = make.make_event()
    event.when = "no date"
    assert list(verify.follows(event, ("events.event", event.pk))) == []


def test_a_tree_is_read_with_its_parents():
    for _n in range(3):
        make.make_site(parent=make.make_site())
    with CaptureQueriesContext(connection) as queries:
        assert all(site.parent_path() for site in verify.with_parents(Site) if site.parent_id)
    assert len(queries) == 1
    assert not verify.with_parents(Event).query.select_related


def test_every_kind_of_record_is_checked():
    found = recording.recorded_models()
    assert {Source, Report, Event, Site} <= set(found)
    assert Entry not in found


def test_the_rows_are_read_in_as_many_queries_as_there_are_kinds(django_assert_max_num_queries):
    parent = make.make_qasrak()
    for _n in range(3):
        make.make_site(parent=parent)
    with django_assert_max_num_queries(len(recording.recorded_models()) + 6):
        assert list(verify.faults()) == []


# Heads


def test_a_head_is_the_last_entry_and_the_moment():
    make.make_source()
    head = heads.head()
    assert (head["seq"], head["hash"]) == chain.head()
    assert abs(datetime.fromisoformat(head["at"]) - timezone.now()).total_seconds() < 60
    assert datetime.fromisoformat(head["at"]).tzinfo == UTC


def test_a_signed_head_is_the_head_with_key_and_signature():
    signed = heads.signed()
    assert set(signed) == {"seq", "hash", "at", "key", "signature"}
    assert signed["key"] == heads.public_key()
    assert heads.read(json.dumps(signed), signed["key"]) == chain.head()


def test_the_public_key_is_that_of_the_history_key(settings):
    # RFC 8032, section 7.1, first test
    settings.HISTORY_KEY = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"
    assert heads.public_key() == "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"


@pytest.mark.parametrize(
    "text",
    [
        '{"seq": 1e999, "hash": "", "at": ""}',
        '{"seq": null, "hash": "", "at": ""}',
        '{"seq": 1, "hash": ""}',
        "5",
        "null",
    ],
)
def test_what_is_no_head_is_refused_as_such(text):
    with pytest.raises(ValidationError, match="no head of a history"):
        heads.read(text, heads.public_key())


@pytest.mark.parametrize("signature", [5, None, "zz", "ab", "00" * 64])
def test_a_signature_that_is_none_does_not_hold(signature):
    with pytest.raises(ValidationError, match="does not hold"):
        heads.read(json.dumps(heads.signed() | {"signature": signature}), heads.public_key())


def test_a_key_that_is_none_is_refused():
    with pytest.raises(ValidationError, match="does not hold"):
        heads.read(json.dumps(heads.signed() | {"key": "zz"}), "zz")
    keyless = {name: value for name, value in heads.signed().items() if name != "key"}
    with pytest.raises(ValidationError, match=f"signed with the key None, and not with {heads.public_key()}"):
        heads.read(json.dumps(keyless), heads.public_key())
