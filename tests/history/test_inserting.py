"""Many rows at once: stored as one by one, with keys that nothing else has had."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from events.models import Claim, Event
from osint.history import inserting, recording
from osint.history.models import Notice
from sources.models import Report
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


def test_none_at_all_is_nothing():
    inserting.insert_records(Notice, [])
    assert not Notice.objects.exists()


def test_columns_that_the_engine_works_out_are_left_to_it():
    assert "newest" not in [column.name for column in inserting.stored_columns(Event)]
    assert {column.name for column in inserting.stored_columns(Claim)} == {f.name for f in Claim._meta.concrete_fields}


def test_deletions_are_found_by_an_index():
    with connection.cursor() as cursor:
        names = connection.introspection.get_constraints(cursor, "history_entry")
        assert "history_of_deletions" in names
        indexed = connection.introspection.get_constraints(cursor, "history_value").values()
    assert not [one for one in indexed if one["columns"] == ["entry_id"] and one["index"] and not one["foreign_key"]]


@pytest.mark.engine("postgresql")
@pytest.mark.parametrize("emptied", [False, True], ids=["as it was made", "after a rehearsal"])
def test_statistics_keep_up_with_a_table_that_grows_within_a_transaction(emptied):
    with transaction.atomic(), connection.cursor() as cursor:
        if emptied:
            told = "UPDATE pg_class SET relpages = 5000, reltuples = 0 WHERE oid = 'sources_report'::regclass"
            cursor.execute(told)
        inserting.insert_records(Report, unsaved(5 * MANY))
        assert not inserting.is_misjudged(cursor, "sources_report", 5 * MANY)
        cursor.execute("SELECT relpages, reltuples FROM pg_class WHERE oid = 'sources_report'::regclass")
        pages, rows = cursor.fetchone()
        assert pages > 8
        assert rows >= 5 * MANY
