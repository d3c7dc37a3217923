"""What all tests share: safe settings, and the people who appear in them."""

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
from django.db import connection, connections
from django.utils import translation

SCRATCH = pytest.StashKey[Path]()


def pytest_configure(config: pytest.Config) -> None:
    """Set what every test relies on, whatever the environment of the person who runs them says."""
    settings.SECRET_KEY = "only-for-tests-" * 5
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.PUBLIC_API = False
    config.stash[SCRATCH] = Path(tempfile.mkdtemp(prefix="isnad-tests-"))
    database = connections.settings["default"]
    if database["ENGINE"].endswith("sqlite3"):
        # A file of this process's own: a live server and a test that writes from two threads need more than one
        # connection, which SQLite in memory has not.
        database["TEST"]["NAME"] = str(config.stash[SCRATCH] / "test.sqlite3")
        database["OPTIONS"]["init_command"] = "PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF"


def pytest_unconfigure(config: pytest.Config) -> None:
    shutil.rmtree(config.stash[SCRATCH], ignore_errors=True)


@pytest.fixture(autouse=True)
def groups_after_a_flush(request: pytest.FixtureRequest, django_db_blocker: Any) -> Iterator[None]:
    """A test that commits ends with a flush, which also takes the groups that a migration made: make them again."""
    yield
    marker = request.node.get_closest_marker("django_db")
    commits = {"transactional_db", "live_server"} & set(request.fixturenames)
    if commits or (marker and marker.kwargs.get("transaction")):
        with django_db_blocker.unblock():
            import_module("events.migrations.0002_groups").make_groups(apps, SimpleNamespace(connection=connection))


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
