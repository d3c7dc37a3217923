"""What all tests share: safe settings, and the people who appear in them."""

import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.db import DEFAULT_DB_ALIAS, connections
from django.test import TransactionTestCase, client
from django.utils import translation
from hypothesis import settings as hypothesis
from pytest_django import DjangoDbBlocker, fixtures

from tests.kit import copies, kept

SCRATCH = pytest.StashKey[Path]()
STORE = client.store_rendered_templates  # type: ignore[attr-defined]
# `make test` sets it for the second engine: what needs no engine, or one only, has run on the first.
IS_SECOND = bool(os.environ.get("SECOND_ENGINE"))
LEFT_OUT = pytest.StashKey[int]()
ASKING = {"db", "transactional_db", "live_server", "django_db_setup"}


def pytest_configure(config: pytest.Config) -> None:
    """Set what every test relies on, whatever the environment of the person who runs them says."""
    settings.SECRET_KEY = "only-for-tests-" * 5
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.PUBLIC_API = False
    settings.HISTORY_KEY = "0" * 64
    settings.THROTTLE_ANONYMOUS = settings.THROTTLE_USER = settings.THROTTLE_LOGIN = None
    # A busy machine is no fault of the code.
    hypothesis.register_profile("patient", hypothesis.get_profile(hypothesis.get_current_profile_name()), deadline=None)
    hypothesis.load_profile("patient")
    config.stash[SCRATCH] = Path(tempfile.mkdtemp(prefix="isnad-tests-"))
    os.environ.setdefault("ISNAD_SHELF", str(config.stash[SCRATCH]))  # the first process of a run has it for all
    client.store_rendered_templates = without_widgets  # type: ignore[attr-defined]
    database = connections.settings["default"]
    if database["ENGINE"].endswith("sqlite3"):
        # A file of this process's own: a live server and a test that writes from two threads need more than one
        # connection, which SQLite in memory has not.
        database["TEST"]["NAME"] = str(config.stash[SCRATCH] / "test.sqlite3")
        if migrated := os.environ.get("TEST_DATABASE"):
            # A copy of one that is migrated already, for whoever runs pytest a thousand times (--reuse-db).
            shutil.copyfile(migrated, database["TEST"]["NAME"])
        database["CONN_MAX_AGE"] = 0  # a late request of a page must find none open from the test before
        database["OPTIONS"]["init_command"] = "PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF"


def without_widgets(store: Any, signal: Any, sender: Any, template: Any, context: Any, **told: Any) -> None:
    """What a test may ask of a page; nobody asks for the hundreds of contexts of its boxes, and they take time."""
    if not str(template.name).startswith("django/forms/"):
        STORE(store, signal, sender, template, context, **told)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out drills, and what this engine need not run; begin with what commits, which takes longest."""
    order = {item: number for number, item in enumerate(items)}
    elsewhere = {item for item in items if is_drill(item) or is_of_another_engine(item)}
    left_out = [item for item in items if IS_SECOND and item not in elsewhere and not needs_both(item)]
    items[:] = sorted(set(items) - {*elsewhere, *left_out}, key=lambda item: (not commits(item), order[item]))
    config.hook.pytest_deselected(items=[*elsewhere, *left_out])
    config.stash[LEFT_OUT] = getattr(config, "workeroutput", {})["left_out"] = len(left_out)


def is_drill(item: pytest.Item) -> bool:
    """Whether the test is a long form that nobody has asked for."""
    mark = item.get_closest_marker("drill")
    return mark is not None and mark.args[0] not in os.environ


def is_of_another_engine(item: pytest.Item) -> bool:
    """Whether the test is about the engine that is not here."""
    mark = item.get_closest_marker("engine")
    return mark is not None and mark.args[0] not in connections.settings["default"]["ENGINE"]


def needs_both(item: pytest.Item) -> bool:
    """Whether what the test says might be true of one engine and not of the other."""
    marks = {mark.name for mark in item.iter_markers()}
    asks = "django_db" in marks or ASKING & set(getattr(item, "fixturenames", ()))
    return "both_engines" in marks or bool(asks and "one_engine" not in marks)


def commits(item: pytest.Item) -> bool:
    """Whether the test writes for others to see: servers, threads and processes."""
    mark = item.get_closest_marker("django_db")
    return bool(mark and mark.kwargs.get("transaction")) or bool(
        {"transactional_db", "live_server"} & set(getattr(item, "fixturenames", ()))
    )


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Each worker of xdist has left out the same tests."""
    node.config.stash[LEFT_OUT] = getattr(node, "workeroutput", {}).get("left_out", 0)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say how many tests ran on one engine only."""
    if left_out := config.stash.get(LEFT_OUT, 0):
        terminalreporter.write_line(f"{left_out} tests ran on the first engine only: what they say depends on none.")


def pytest_collection_finish() -> None:
    """Look for garbage less often, and not among what is loaded for good."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000)


def pytest_unconfigure(config: pytest.Config) -> None:
    shutil.rmtree(config.stash[SCRATCH], ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> Iterator[None]:
    """Of the processes of a run one migrates a database; there is one, whichever tests were chosen."""
    copies.share()
    chosen = fixtures._get_databases_for_setup
    with pytest.MonkeyPatch.context() as patch:
        # pytest-django counts marks alone: whoever asked for two databases only had that of the person who runs them.
        patch.setattr(fixtures, "_get_databases_for_setup", lambda items: ({DEFAULT_DB_ALIAS}, chosen(items)[1]))
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A migrated database, which is put back after every test that commits."""
    with django_db_blocker.unblock():
        kept.keep("migrated")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_setup", staticmethod(lambda: None))
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _case: kept.put_back("migrated"))
        yield


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
