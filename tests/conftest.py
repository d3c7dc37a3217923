"""What all tests share: safe settings, and the people who appear in them."""

import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.db import connections
from django.db.models.signals import post_migrate
from django.utils import translation

SCRATCH = pytest.StashKey[Path]()


def pytest_configure(config: pytest.Config) -> None:
    """Set what every test relies on, whatever the environment of the person who runs them says."""
    settings.SECRET_KEY = "only-for-tests-" * 5
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.PUBLIC_API = False
    settings.HISTORY_KEY = "0" * 64
    settings.THROTTLE_ANONYMOUS = settings.THROTTLE_USER = settings.THROTTLE_LOGIN = None
    config.stash[SCRATCH] = Path(tempfile.mkdtemp(prefix="isnad-tests-"))
    database = connections.settings["default"]
    if database["ENGINE"].endswith("sqlite3"):
        # A file of this process's own: a live server and a test that writes from two threads need more than one
        # connection, which SQLite in memory has not.
        database["TEST"]["NAME"] = str(config.stash[SCRATCH] / "test.sqlite3")
        if migrated := os.environ.get("TEST_DATABASE"):
            # A copy of one that is migrated already, for whoever runs pytest a thousand times (--reuse-db).
            shutil.copyfile(migrated, database["TEST"]["NAME"])
        database["OPTIONS"]["init_command"] = "PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF"


def pytest_collection_finish() -> None:
    """Look for garbage less often, and not among what is loaded for good."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000)


def pytest_unconfigure(config: pytest.Config) -> None:
    shutil.rmtree(config.stash[SCRATCH], ignore_errors=True)


@pytest.fixture(scope="session", autouse=True)
def groups_survive_a_flush() -> Iterator[None]:
    """A test that commits ends with a flush, which also takes the groups that a migration made: make them again."""
    events = apps.get_app_config("events")
    post_migrate.connect(make_groups, sender=events)
    yield
    post_migrate.disconnect(make_groups, sender=events)


def make_groups(using: str, **_kwargs: Any) -> None:
    """The groups, as the migration makes them; none where our tables are gone."""
    connection = connections[using]
    if "events_event" in connection.introspection.table_names():
        import_module("events.migrations.0002_groups").make_groups(apps, SimpleNamespace(connection=connection))
        import_module("events.migrations.0004_trust_groups").give(apps, SimpleNamespace(connection=connection))
        import_module("events.migrations.0005_desk").give(apps, SimpleNamespace(connection=connection))
        import_module("osint.access.migrations.0002_sessions_and_groups").give(
            apps, SimpleNamespace(connection=connection)
        )


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """A request in Arabic leaves its language behind in the thread: each test starts and ends in English."""
    with translation.override("en"):
        yield


@pytest.fixture
def alice(db: None) -> User:
    """The analyst."""
    return person("alice", "Analyst")


@pytest.fixture
def edith(db: None) -> User:
    """The editor."""
    return person("edith", "Editor")


@pytest.fixture
def victor(db: None) -> User:
    """The viewer."""
    return person("victor", "Viewer")


@pytest.fixture
def adam(db: None) -> User:
    """The administrator."""
    return person("adam", "Administrator")


def person(username: str, group: str) -> User:
    """A user who may open the admin, with the rights of this group and the password "<username>-password"."""
    user = User.objects.create_user(username, password=f"{username}-password", is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    return user
