"""Migrations: none missing, no two with one number, and all the way there and back on an empty database."""

from collections import Counter

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from tests.kit.past_the_orm import rows

OURS = ["history", "sources", "events"]
TRIGGERS = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
}
FUNCTIONS = "SELECT proname FROM pg_proc JOIN pg_namespace n ON n.oid = pronamespace WHERE nspname = 'public'"


def our_tables() -> set[str]:
    return {name for name in connection.introspection.table_names() if name.split("_")[0] in OURS}


@pytest.mark.django_db
def test_no_migration_is_missing(capsys):
    call_command("makemigrations", check=True, dry_run=True, verbosity=1)


@pytest.mark.parametrize("label", OURS)
def test_no_two_migrations_have_one_number(label):
    names = [name for app, name in MigrationLoader(None).disk_migrations if app == label]
    numbers = Counter(name.split("_")[0] for name in names)
    assert names
    assert max(numbers.values()) == 1


@pytest.mark.parametrize("label", OURS)
def test_migrations_of_an_app_have_one_end(label):
    assert len(MigrationLoader(None).graph.leaf_nodes(label)) == 1


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_the_way_back_leaves_nothing_of_ours_and_the_way_there_makes_everything():
    tables, groups = our_tables(), set(Group.objects.values_list("name", flat=True))
    triggers = {name for (name,) in rows(TRIGGERS[connection.vendor])}
    assert tables == {model._meta.db_table for label in OURS for model in apps.get_app_config(label).get_models()}
    assert groups == {"Viewer", "Analyst", "Editor", "Administrator"}
    try:
        for label in ("sources", "history"):  # what stands upon it goes first, in the same run
            call_command("migrate", label, "zero", verbosity=0)
        assert our_tables() == set()
        assert rows(TRIGGERS[connection.vendor]) == []
        if connection.vendor == "postgresql":
            assert not {name for (name,) in rows(FUNCTIONS) if name.split("_")[0] in OURS}
        assert not Group.objects.exists()
    finally:
        call_command("migrate", verbosity=0)
    assert our_tables() == tables
    assert {name for (name,) in rows(TRIGGERS[connection.vendor])} == triggers
    assert set(Group.objects.values_list("name", flat=True)) == groups
    editor = Group.objects.get(name="Editor")
    assert editor.permissions.filter(codename="publish_event").exists()
