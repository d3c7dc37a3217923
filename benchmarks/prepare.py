"""Makes the database of a size where there is none, or where what makes it has changed; in two stages.

The rows depend on the generator; what is kept beside them, on the code of the application. Migrations are applied to
the rows that there are, as those of an installation would be.
"""

import hashlib
import json
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import django

from benchmarks import kept

ROWS = ["benchmarks/generate/*.py"]
BESIDE = [
    "*/migrations/*.py",
    "osint/*/migrations/*.py",
    "events/stored/*.py",
    "events/serializers/incident.py",
    "osint/base/wire.py",
    "osint/base/shapes/csv.py",
]


def fingerprint(patterns: Iterable[str]) -> str:
    """What some files say, in short."""
    files = sorted(file for pattern in patterns for file in kept.HERE.parent.glob(pattern))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:16]


def note(engine: str, size: str) -> Path:
    """Where it is written down what a database was made by."""
    return kept.DATA / f"{size}-{engine}.json"


def noted(engine: str, size: str) -> dict[str, str]:
    """What is written down."""
    file = note(engine, size)
    found: dict[str, str] = json.loads(file.read_text()) if file.exists() else {}
    return found


def prepare(engine: str, size: str) -> None:
    """The database of this size; Django is set up on it already."""
    from benchmarks import beside
    from benchmarks.generate import load

    wanted = {"rows": fingerprint(ROWS), "beside": fingerprint(BESIDE)}
    had = noted(engine, size)
    if had == wanted:
        return
    note(engine, size).unlink(missing_ok=True)
    if had.get("rows") != wanted["rows"]:
        print(f"{engine}, {size}: generating", file=sys.stderr)
        rows(engine, size)
    else:
        migrate()
    # Whoever breaks off what follows has the rows still.
    note(engine, size).write_text(json.dumps({"rows": wanted["rows"]}))
    beside.fill()
    with load.told("statistics"):
        settle(engine)
    note(engine, size).write_text(json.dumps(wanted))


def rows(engine: str, size: str) -> None:
    """A new database with all rows."""
    from benchmarks.generate import load

    kept.blank(engine, size)
    migrate()
    load.fill(kept.SIZES[size], kept.connector(engine, size))


def migrate() -> None:
    """The tables as they are now."""
    from django.core.management import call_command

    from benchmarks.generate import load

    with load.told("migrations"):
        call_command("migrate", verbosity=0)


def settle(engine: str) -> None:
    """Let the engine look at what it has."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM (FREEZE, ANALYZE)" if engine == "postgresql" else "ANALYZE")


def set_up(engine: str, size: str, **environment: Any) -> None:
    """Django on the database of this size."""
    os.environ |= {"DATABASE_URL": kept.url(engine, size), "DJANGO_SETTINGS_MODULE": "osint.settings", **environment}
    django.setup()


if __name__ == "__main__":
    given_size, given_engine = sys.argv[1:3]
    set_up(given_engine, given_size)
    with kept.engine(given_engine):
        prepare(given_engine, given_size)
