"""How entries are written: what a value looks like in JSON, what is hashed, and what follows on what."""

import hmac
import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

import pytest
import rfc8785
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from events.choices import Status
from osint.history import chain, inserting
from osint.history.models import Action, Entry, Value

CHANGE = UUID("00000000-0000-4000-8000-000000000001")
AT = datetime(2025, 11, 12, 10, 30, 5, 7, UTC)
words = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
whole_numbers = st.integers(-chain.EXACT, chain.EXACT)
plain = st.recursive(
    st.none() | st.booleans() | words | whole_numbers | st.floats(-1e15, 1e15),
    lambda parts: st.lists(parts, max_size=3) | st.dictionaries(words, parts, max_size=3),
    max_leaves=8,
)
zones = st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes)))
seconds = st.integers(-62_000_000_000, 250_000_000_000)  # of the years 5 to 9892
moments = st.builds(
    lambda second, microsecond, zone: (
        datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=second, microseconds=microsecond)
    ).astimezone(zone),
    seconds,
    st.integers(0, 999_999),
    zones,
)


def happening(**overrides):
    told: dict[str, Any] = {"model": "events.site", "key": 7, "root": ("events.event", 3), "action": Action.CHANGE}
    return chain.Happening(**(told | {"values": {"kind": ("base", "camp")}} | overrides))


def circumstances(**overrides):
    told: dict[str, Any] = {
        "at": AT,
        "by": None,
        "username": None,
        "why": "",
        "door": "code",
        "request": "",
        "change": CHANGE,
    }
    return chain.Circumstances(**(told | overrides))


# Values


@pytest.mark.parametrize(
    ("value", "json_value"),
    [
        (None, None),
        (True, True),
        (0.5, 0.5),
        ("نص", "نص"),
        (Status.DRAFT, "draft"),
        (2**53 - 1, 2**53 - 1),
        (1 - 2**53, 1 - 2**53),
        (2**53, "9007199254740992"),
        (-(2**53), "-9007199254740992"),
        (AT, "2025-11-12T10:30:05.000007Z"),
        (AT.astimezone(timezone(timedelta(hours=3))), "2025-11-12T10:30:05.000007Z"),
        (date(2025, 11, 12), "2025-11-12"),
        (Decimal("36.700000"), "36.700000"),
        (CHANGE, str(CHANGE)),
        ({1: date(2025, 1, 2)}, {"1": "2025-01-02"}),
        ((2**60, [date(2025, 1, 2)]), ["1152921504606846976", ["2025-01-02"]]),
    ],
)
def test_a_value_is_kept_as_json_holds_it(value, json_value):
    found = chain.encoded(value)
    assert found == json_value
    assert type(found) is type(json_value) or isinstance(value, str)


@given(plain)
def test_what_is_json_already_stays_as_it_is_and_comes_back(value):
    assert chain.encoded(value) == value
    assert json.loads(chain.canonical(value)) == value


@given(moments, moments)
def test_moments_are_told_to_the_microsecond_and_sort_as_text(one, other):
    assert datetime.fromisoformat(chain.stamp(one)) == one
    assert len(chain.stamp(one)) == 27
    assert (chain.stamp(one) < chain.stamp(other)) == (one < other)


def test_a_moment_long_ago_has_its_four_digits():
    assert chain.stamp(datetime(8, 1, 2, 3, 4, 5, 6, UTC)) == "0008-01-02T03:04:05.000006Z"


# What is hashed


def test_canonical_json_is_sorted_without_spaces_and_leaves_letters_as_they_are():
    value = {"ب": [1.0, None], "a": {"z": True, "b": "“é”"}}
    assert chain.canonical(value) == '{"a":{"b":"“é”","z":true},"ب":[1,null]}'


@given(words, words, words)
def test_a_commitment_is_the_hash_of_salt_field_and_text(salt, field, text):
    assert chain.commitment(salt, field, text) == sha256("\n".join([salt, field, text]).encode()).hexdigest()


def test_another_salt_field_or_text_is_another_commitment():
    told = [("s", "f", "t"), ("S", "f", "t"), ("s", "F", "t"), ("s", "f", "T")]
    assert len({chain.commitment(*each) for each in told}) == 4


def test_the_seal_is_an_hmac_under_a_key_of_its_own(settings):
    settings.HISTORY_KEY = "ab" * 32
    key = sha256(b"isnad history seal\n" + b"ab" * 32).digest()
    assert chain.seal_of("a hash") == hmac.new(key, b"a hash", sha256).hexdigest()
    settings.HISTORY_KEY = "cd" * 32
    assert chain.seal_of("a hash") != hmac.new(key, b"a hash", sha256).hexdigest()


def test_the_body_tells_everything_but_the_values(alice):
    values = [Value(field="kind", salt="salt", text="text")]
    told = circumstances(by=5, username="alice", why="Seen.", door="admin", request="POST /admin/")
    body = chain.body_of(12, "p", happening(), told, values)
    assert body == rfc8785.dumps(json.loads(body)).decode()
    assert json.loads(body) == {
        "v": 1,
        "seq": 12,
        "prev": "p",
        "at": "2025-11-12T10:30:05.000007Z",
        "by": {"id": 5, "username": "alice"},
        "change": str(CHANGE),
        "door": "admin",
        "request": "POST /admin/",
        "model": "events.site",
        "key": 7,
        "root": ["events.event", 3],
        "action": "change",
        "values": {"kind": chain.commitment("salt", "kind", "text")},
    }


def test_what_nobody_did_says_so():
    assert json.loads(chain.body_of(1, "p", happening(), circumstances(), []))["by"] is None


# An entry


def test_an_entry_repeats_in_columns_what_its_body_says(alice):
    told = circumstances(by=alice.pk, username="alice", door="admin")
    entry, values = chain.written(12, "p" * 64, happening(), told)
    names = ("seq", "prev", "at", "by_id", "change", "door", "model", "key")
    assert {name: getattr(entry, name) for name in names} == {
        "seq": 12,
        "prev": "p" * 64,
        "at": AT,
        "by_id": alice.pk,
        "change": CHANGE,
        "door": "admin",
        "model": "events.site",
        "key": 7,
    }
    assert (entry.root_model, entry.root_key, entry.action) == ("events.event", 3, "change")
    assert entry.body == chain.body_of(12, "p" * 64, happening(), told, values)
    assert entry.hash == sha256(entry.body.encode()).hexdigest()
    assert entry.seal == chain.seal_of(entry.hash)


def test_a_value_is_kept_with_a_salt_of_its_own():
    changed = happening(values={"kind": ("base", "camp"), "note": (None, "ن")})
    _entry, values = chain.written(4, "p", changed, circumstances())
    assert [(value.entry_id, value.field, value.text) for value in values] == [
        (4, "kind", '{"from":"base","to":"camp"}'),
        (4, "note", '{"from":null,"to":"ن"}'),
    ]
    salts = {value.salt for value in values}
    assert len(salts) == 2
    assert all(len(bytes.fromhex(salt)) == 16 for salt in salts)


def test_the_reason_is_kept_like_a_value_where_there_is_one():
    _entry, values = chain.written(1, "p", happening(), circumstances(why="قرئ مرة أخرى"))
    assert [(value.field, value.text) for value in values][1:] == [("@why", '"قرئ مرة أخرى"')]
    _entry, values = chain.written(1, "p", happening(), circumstances())
    assert [value.field for value in values] == ["kind"]


# The chain


@pytest.mark.django_db
def test_the_first_entry_follows_on_the_beginning_and_each_on_the_one_before():
    assert chain.head() == (0, "0" * 64)
    chain.append([happening(key=1), happening(key=2)], circumstances())
    chain.append([happening(key=3)], circumstances(change=uuid4()))
    first, second, third = Entry.objects.order_by("seq")
    assert [entry.seq for entry in (first, second, third)] == [1, 2, 3]
    assert [entry.key for entry in (first, second, third)] == [1, 2, 3]
    assert [entry.prev for entry in (first, second, third)] == ["0" * 64, first.hash, second.hash]
    assert chain.head() == (3, third.hash)
    assert [(value.entry_id, value.field) for value in Value.objects.order_by("pk")] == [(n, "kind") for n in (1, 2, 3)]


@pytest.mark.django_db
def test_nothing_is_read_before_the_lock_is_held():
    with CaptureQueriesContext(connection) as queries:
        chain.append([happening()], circumstances())
    assert ("pg_advisory_xact_lock(5549)" in queries[0]["sql"]) == (connection.vendor == "postgresql")


@pytest.mark.django_db
def test_much_that_is_done_at_once_is_written_at_once():
    with CaptureQueriesContext(connection) as queries:
        chain.append([happening(key=key) for key in range(600)], circumstances())
    assert Entry.objects.count() == Value.objects.count() == 600
    assert len(queries) < 30  # the engines take some hundred rows at a time


@given(plain)
def test_our_canonical_json_is_that_of_the_library(value):
    assert chain.canonical(value) == rfc8785.dumps(value).decode()


@pytest.mark.django_db
def test_many_entries_are_written_as_few_are():
    happenings = [happening() for _number in range(inserting.FEW + 1)]
    chain.append(happenings, circumstances())
    entries = list(Entry.objects.order_by("seq").prefetch_related("values"))
    assert len(entries) == inserting.FEW + 1
    last = entries[-1]
    kept = list(last.values.all())
    assert last.body == chain.body_of(last.seq, entries[-2].hash, happening(), circumstances(), kept)
    assert (last.at, last.change) == (circumstances().at, circumstances().change)
