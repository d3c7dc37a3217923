"""The checks of the installation warn when they should and are silent when they should."""

from contextlib import nullcontext
from types import SimpleNamespace

import pytest
from django.core.checks import run_checks

from osint import checks


def fake(monkeypatch: pytest.MonkeyPatch, **about: object) -> None:
    """Put a database that is like this in the place of the real one."""
    monkeypatch.setattr(checks, "connections", {"default": SimpleNamespace(**about)})


@pytest.mark.django_db
def test_the_database_of_the_tests_passes_every_check():
    assert run_checks(databases=["default"], tags=["database"]) == []


def test_an_old_sqlite_is_an_error(monkeypatch: pytest.MonkeyPatch):
    fake(monkeypatch, vendor="sqlite", Database=SimpleNamespace(sqlite_version_info=(3, 31, 1)))
    (message,) = checks.sqlite_is_new_enough(["default"])
    assert (message.id, message.msg) == ("osint.E001", "SQLite is 3.31.1; Isnad needs 3.34.0.")
    assert "DATABASE_URL" in str(message.hint)


def test_an_old_postgresql_is_an_error(monkeypatch: pytest.MonkeyPatch):
    fake(monkeypatch, vendor="postgresql", pg_version=140009)
    (message,) = checks.postgresql_is_new_enough(["default"])
    assert (message.id, message.msg) == ("osint.E002", "PostgreSQL is version 14; Isnad needs 15.")
    assert "DATABASE_URL" in str(message.hint)


def test_a_database_that_is_not_in_utf8_is_an_error():
    (message,) = checks.letters("SQL_ASCII", "C")
    assert message.id == "osint.E003"
    assert "createdb" in str(message.hint)


@pytest.mark.parametrize("ctype", ["C", "POSIX"])
def test_a_database_to_which_arabic_letters_are_no_letters_is_warned_of(ctype: str):
    (message,) = checks.letters("UTF8", ctype)
    assert message.id == "osint.W001"
    assert ctype in message.msg
    assert "--locale=C.UTF-8" in str(message.hint)


@pytest.mark.parametrize("ctype", ["C.UTF-8", "en_US.UTF-8", "ar_SY.UTF-8"])
def test_other_locales_are_fine(ctype: str):
    assert checks.letters("UTF8", ctype) == []


@pytest.mark.parametrize(("alike", "told"), [(True, []), (False, ["osint.W002"])])
def test_a_database_that_orders_slugs_as_a_language_does_is_warned_of(
    monkeypatch: pytest.MonkeyPatch, alike: bool, told: list[str]
):
    cursor = SimpleNamespace(execute=lambda _sql: None, fetchone=lambda: (alike,))
    fake(monkeypatch, vendor="postgresql", cursor=lambda: nullcontext(cursor))
    messages = checks.postgresql_orders_alike(["default"])
    assert [message.id for message in messages] == told
    assert all("--locale=C.UTF-8" in str(message.hint) for message in messages)


def test_nothing_is_asked_of_databases_that_are_not_under_check():
    assert run_checks(tags=["database"]) == []
