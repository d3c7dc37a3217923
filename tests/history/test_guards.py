"""The triggers that keep the history: no statement changes or removes an entry, and a value can only be blanked."""

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from osint.history.models import Entry, Value
from tests import factories as make
from tests.kit.past_the_orm import execute

STATEMENTS = [
    "UPDATE history_entry SET door = 'other'",
    "UPDATE history_entry SET body = body",
    "DELETE FROM history_entry",
    "DELETE FROM history_value",
    "UPDATE history_value SET text = '\"other\"'",
    "UPDATE history_value SET salt = ''",
    "UPDATE history_value SET text = ''",
    "UPDATE history_value SET text = '', salt = '', field = 'other'",
]


@pytest.mark.django_db
@pytest.mark.parametrize("statement", STATEMENTS)
def test_the_history_refuses_raw_sql(statement):
    make.make_source()
    before = list(Entry.objects.values()), list(Value.objects.values())
    with pytest.raises(IntegrityError, match="The history stays as it was written"), transaction.atomic():
        execute(statement)
    assert (list(Entry.objects.values()), list(Value.objects.values())) == before


@pytest.mark.django_db
def test_the_history_refuses_to_be_truncated():
    if connection.vendor == "sqlite":
        return  # it has no TRUNCATE
    make.make_source()
    execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(IntegrityError, match="The history stays"), transaction.atomic():
        execute("TRUNCATE history_value, history_entry")


@pytest.mark.django_db
def test_a_value_can_be_blanked_by_whoever_can_write_it_down():
    make.make_source()
    execute("UPDATE history_value SET text = '', salt = ''")
    assert set(Value.objects.values_list("text", "salt")) == {("", "")}


@pytest.mark.django_db
@pytest.mark.parametrize(("column", "value"), [("seq", 1), ("prev", None), ("hash", None)])
def test_no_entry_stands_where_another_does(column, value):
    make.make_source()
    entry = Entry.objects.get(seq=1)
    entry.seq, entry.prev, entry.hash = 900, "p" * 64, "h" * 64
    setattr(entry, column, value or getattr(Entry.objects.get(seq=1), column))
    with pytest.raises(IntegrityError), transaction.atomic():
        entry.save(force_insert=True)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_flush_empties_the_history_and_leaves_it_guarded():
    make.make_source()
    call_command("flush", interactive=False, verbosity=0)
    assert not Entry.objects.exists()
    make.make_source()
    with pytest.raises(IntegrityError, match="The history stays"):
        execute("DELETE FROM history_entry")
