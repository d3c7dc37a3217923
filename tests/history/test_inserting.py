"""Many rows at once: stored as one by one, with keys that nothing else has had."""

from datetime import UTC, date, datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import DataError, IntegrityError, connection, transaction
from django.utils import timezone

from events.choices import Facet
from events.models import Claim, Event
from osint.history import inserting, recording
from osint.history.models import Notice
from sources.choices import Tlp
from sources.models import Relay, Report
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]
MANY = inserting.FEW + 1


def unsaved(many, **fields):
    """New reports, not stored yet."""
    source = make.make_source()
    found = [Report(source=source, title=f"عنوان {n}\t\\N", text='a\n"b"', **fields) for n in range(many)]
    for one in found:
        one.published_on = date(2025, 11, 12)
        one.derive()
    return found


@pytest.mark.parametrize("many", [1, MANY])
def test_what_is_stored_together_reads_as_what_is_stored_alone(many):
    alone, *together = unsaved(many + 1)
    alone.save()
    with transaction.atomic():
        inserting.insert_records(Report, together)
    alike = {"id", "uuid", "title", "folded", "created_at", "changed_at"}
    names = [column.attname for column in Report._meta.concrete_fields if column.name not in alike]
    assert set(Report.objects.values_list(*names)) == {
        tuple(getattr(Report.objects.get(pk=alone.pk), n) for n in names)
    }
    stored = Report.objects.in_bulk([one.pk for one in together])
    for one in together:
        assert recording.state_of(stored[one.pk]) == recording.state_of(one)
        assert not one._state.adding


def test_one_wrong_quote_among_many_rows_is_refused():
    reports, source = unsaved(MANY), make.make_source()
    inserting.insert_records(Report, reports)
    relays = [Relay(report=one, relayed_source=source, quote="a", start=0, end=1) for one in reports]
    relays[7].quote = "b"
    with pytest.raises(IntegrityError, match="word for word"), transaction.atomic():
        inserting.insert_records(Relay, relays)
    assert not Relay.objects.exists()


def test_keys_are_those_that_nothing_has_had():
    first = unsaved(2)
    with transaction.atomic():
        inserting.insert_records(Report, first)
    Report.objects.filter(pk=first[-1].pk).delete()
    second = unsaved(2)
    with transaction.atomic():
        inserting.insert_records(Report, second)
    third = make.make_report()
    keys = [one.pk for one in (*second, third)]
    assert len({first[0].pk, *keys}) == 4
    assert min(keys) > first[0].pk + 1


@pytest.mark.parametrize("many", [2, MANY])
def test_a_broken_constraint_is_the_error_that_django_names(many):
    wrong = unsaved(many)
    wrong[-1].title = ""
    with pytest.raises(IntegrityError), transaction.atomic():
        inserting.insert_records(Report, wrong)
    assert not Report.objects.exists()


def words(alphabet="a\\\t\n\r\b\v\fN.,\"'قé\U0001f600\u2028"):
    """Texts in which each of these letters stands beside each."""
    return ["", "\\N", "\\.", *(one + other for one in alphabet for other in alphabet)]


@pytest.mark.engine("postgresql")
@pytest.mark.parametrize("odd", [None, Tlp.CLEAR, Facet.WHEN])
def test_our_words_say_to_the_database_what_those_of_its_library_say(odd):
    moments = [timezone.now(), datetime(1, 1, 1, tzinfo=UTC), datetime(2025, 1, 2, 3, tzinfo=ZoneInfo("Asia/Tokyo"))]
    numbers, days = [0, -1, 2**63 - 1, None], [date(1, 1, 1), date.max, None]
    reals, truths = [0.1, -1e300, 1e-7, float("inf"), None], [True, False, None]
    rows = [
        (n, text, *(kind[n % len(kind)] for kind in (numbers, reals, truths, days, moments)), uuid4(), None)
        for n, text in enumerate([*words(), *filter(None, [odd])])
    ]
    found = []
    with connection.cursor() as cursor:
        for name, say in (("ours", inserting.write), ("theirs", theirs)):
            columns = "n int, t text, i bigint, r float8, b bool, d date, m timestamptz, u uuid, e text"
            cursor.execute(f"CREATE TEMP TABLE {name} ({columns})")
            with cursor.copy(f"COPY {name} FROM STDIN") as copy:
                say(copy, rows, [])
            cursor.execute(f"SELECT * FROM {name} ORDER BY n")
            found.append(cursor.fetchall())
    assert found[0] == found[1] == rows


def theirs(copy, rows, _steps):
    """Hand rows to COPY as the library does."""
    for row in rows:
        copy.write_row(row)


@pytest.mark.parametrize("place", [0, 3, MANY - 1])
def test_what_no_text_can_hold_is_refused_and_shifts_nothing(place):
    reports = unsaved(MANY)
    reports[place].title = "a\0b"
    if connection.vendor == "postgresql":
        with pytest.raises(DataError), transaction.atomic():
            inserting.insert_records(Report, reports)
        assert not Report.objects.exists()


@pytest.mark.parametrize("longest", [1, 20, 1_000_000])
def test_long_texts_go_a_few_at_a_time(monkeypatch, longest):
    monkeypatch.setattr(inserting, "TOGETHER", 2)
    monkeypatch.setattr(inserting, "LONG", 10)
    monkeypatch.setattr(inserting, "LONGEST", longest)
    reports = unsaved(MANY)
    inserting.insert_records(Report, reports)
    assert [one.title for one in Report.objects.order_by("pk")] == [one.title for one in reports]


def test_none_at_all_is_nothing():
    inserting.insert_records(Notice, [])
    assert not Notice.objects.exists()


def test_columns_that_the_engine_works_out_are_left_to_it():
    assert "newest" not in [column.name for column in inserting.stored_columns(Event)]
    assert {column.name for column in inserting.stored_columns(Claim)} == {f.name for f in Claim._meta.concrete_fields}


@pytest.mark.engine("postgresql")
def test_whoever_holds_on_to_a_table_is_not_waited_for_long(monkeypatch):
    monkeypatch.setattr(inserting, "PATIENCE", "50ms")
    reports, other = unsaved(inserting.MANY + 1), connection.copy()
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute("LOCK TABLE sources_report IN SHARE UPDATE EXCLUSIVE MODE")
        inserting.insert_records(Report, reports)
    finally:
        other.close()
    assert Report.objects.count() == len(reports)
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("0",)


def test_deletions_are_found_by_an_index():
    with connection.cursor() as cursor:
        names = connection.introspection.get_constraints(cursor, "history_entry")
        assert "history_of_deletions" in names
        indexed = connection.introspection.get_constraints(cursor, "history_value").values()
    assert not [one for one in indexed if one["columns"] == ["entry_id"] and one["index"] and not one["foreign_key"]]


@pytest.mark.engine("postgresql")
@pytest.mark.parametrize(
    ("rows_told", "of_columns"),
    [(None, True), (0, True), (10**6, False)],
    ids=["as it was made", "after a rehearsal", "after a rehearsal that had looked"],
)
def test_statistics_keep_up_with_a_table_that_grows_within_a_transaction(rows_told, of_columns):
    with transaction.atomic(), connection.cursor() as cursor:
        table = "'sources_report'::regclass"
        if rows_told is not None:
            cursor.execute(f"UPDATE pg_class SET relpages = 5000, reltuples = {rows_told} WHERE oid = {table}")
        if not of_columns:
            cursor.execute(f"DELETE FROM pg_statistic WHERE starelid = {table}")
        many = 5 * inserting.MANY
        inserting.insert_records(Report, unsaved(many))
        assert not inserting.is_misjudged(cursor, "sources_report", many)
        cursor.execute("SELECT relpages, reltuples FROM pg_class WHERE oid = 'sources_report'::regclass")
        pages, rows = cursor.fetchone()
        assert pages > 8
        assert rows >= many
