"""What every command of ours has in common, whatever it does."""

from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command, get_commands
from django.core.management.base import CommandError
from django.db import connection

from tests.kit.past_the_orm import execute

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

# What each takes at least.
TAKES = {
    "backup": ["{folder}/made"],
    "export_bundle": ["--output={folder}/made.zip"],
    "export_events": ["--format=acled", "--output={folder}/made"],
    "export_sheet": ["{folder}/made.csv"],
    "flush": ["--noinput"],
    "import_bundle": ["{folder}/none.zip"],
    "import_ged": ["{folder}/none.csv"],
    "import_sheet": ["{folder}/none.csv"],
    "import_stix": ["{folder}/none.json"],
    "loaddata": ["sources"],
    "redact_history": ["1", "note", "--reason=A name.", "--by=adam"],
    "score_reading": ["{folder}/none.txt", "{folder}/none.json"],
    "trust_key": [],
}
# Which need no tables, and why.
WITHOUT = {
    "make_key": "it writes a key into a file",
    "prepare": "it makes the tables",
    "restore": "it makes the tables",
    "runserver": "Django itself says which migrations are missing, and the pages answer",
}


def ours() -> list[str]:
    """Every command that this project brings, Django's own that it changes among them."""
    return sorted(
        name for name, app in get_commands().items() if str(app).split(".")[0] in {"osint", "events", "sources"}
    )


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[None]:
    """A database without a table."""
    if connection.vendor == "postgresql":
        execute("CREATE SCHEMA bare")
        execute("SET search_path TO bare")
        yield
        execute("RESET search_path")
        execute("DROP SCHEMA bare CASCADE")
        return
    connection.close()
    name, connection.settings_dict["NAME"] = connection.settings_dict["NAME"], str(tmp_path / "bare.sqlite3")
    yield
    connection.close()
    connection.settings_dict["NAME"] = name


def test_each_is_known_here_or_takes_nothing():
    assert set(TAKES) | set(WITHOUT) <= set(ours())


def test_without_tables_each_says_in_a_line_what_to_do_and_writes_nothing(bare, tmp_path):
    said, folder = StringIO(), tmp_path / "folder"
    folder.mkdir()
    for name in sorted(set(ours()) - set(WITHOUT)):
        with pytest.raises(CommandError) as refused:
            call_command(name, *(one.format(folder=folder) for one in TAKES.get(name, [])), stdout=said, stderr=said)
        [sentence] = str(refused.value).splitlines()
        assert "manage.py migrate" in sentence, name
        assert refused.value.returncode == (2 if name == "score_reading" else 1), name
        nothing = (said.getvalue(), list(folder.iterdir()), connection.introspection.table_names())
        assert nothing == ("", [], []), name


def test_where_some_tables_are_missing_it_is_said_as_well(tmp_path):
    execute("DELETE FROM django_migrations WHERE app = 'events'")
    with pytest.raises(CommandError, match=r"manage\.py migrate"):
        call_command("export_events", "--format=acled", f"--output={tmp_path / 'made'}")
    assert list(tmp_path.iterdir()) == []
