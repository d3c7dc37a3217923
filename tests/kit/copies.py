"""One database is migrated in a run of several processes: the first process migrates its own, the others copy it."""

import os
import shutil
import sqlite3
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

PATIENCE = 300  # seconds: longer than any machine takes to migrate
FIRST = "gw0"


def share() -> None:
    """Let this process, as xdist names it, leave copies of its database or take one: called before it has any."""
    me, number = os.environ.get("PYTEST_XDIST_WORKER"), int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    others = [f"gw{n}" for n in range(1, number)]
    creation: Any = connection.creation
    if me == FIRST and others:
        creation.create_test_db = leaving(creation.create_test_db, others)
    elif me in others:
        creation.create_test_db = taking(creation.create_test_db, me)


def leaving(create: Any, others: list[str]) -> Any:
    """What makes a database, and copies of it for the others."""

    def make(*args: Any, **asked: Any) -> Any:
        name = create(*args, **asked)
        for other in others:
            copy(other)
        return name

    return make


def taking(create: Any, me: str) -> Any:
    """What waits for a copy and takes it; where none comes, it makes a database."""

    def make(*args: Any, **asked: Any) -> Any:
        end = time.monotonic() + PATIENCE
        while not told(me).exists():
            if time.monotonic() > end:
                return create(*args, **asked)
            time.sleep(0.05)
        name = told(me).read_text()
        if connection.vendor == "sqlite":
            shutil.move(name, connection.settings_dict["TEST"]["NAME"])
            name = connection.settings_dict["TEST"]["NAME"]
        connection.close()
        settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name
        return name

    return make


def copy(other: str) -> None:
    """Leave a copy of the database for another process, and tell it when it is whole."""
    if connection.vendor == "sqlite":
        name = str(told(other).with_suffix(".sqlite3"))
        with sqlite3.connect(connection.settings_dict["NAME"]) as held:
            held.execute("VACUUM INTO ?", [name])
        held.close()
    else:
        connection.creation.clone_test_db(other, verbosity=0)
        name = connection.creation.get_test_db_clone_settings(other)["NAME"]
    whole = told(other).with_suffix(".new")
    whole.write_text(name)
    whole.replace(told(other))


def told(other: str) -> Path:
    """Where a process is told of its copy."""
    return Path(os.environ["ISNAD_SHELF"]) / f"database-of-{other}"
