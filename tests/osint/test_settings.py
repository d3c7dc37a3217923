"""Settings come from the environment, and a wrong one is refused with a sentence."""

import json
import os
import secrets
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from osint import environment as module

PROJECT = Path(__file__).parent.parent.parent
LONG_KEY = "k" * 64


def manage(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """What `manage.py` does in an environment of just these variables."""
    clean = {"PATH": os.environ["PATH"], **environment}
    return subprocess.run(
        [sys.executable, "manage.py", *command], cwd=PROJECT, env=clean, capture_output=True, text=True, check=False
    )


def setting(name: str, **environment: str) -> object:
    """One setting's value in an environment of just these variables."""
    code = f"import json; from osint import settings; print(json.dumps(settings.{name}))"
    clean = {"PATH": os.environ["PATH"], **environment}
    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, env=clean, capture_output=True, check=True)
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"DEBUG": "flase"}, "DEBUG is 'flase': write true or false."),
        ({"PUBLIC_API": "2"}, "PUBLIC_API is '2': write true or false."),
        ({"PORT": "0"}, "PORT is '0': write a whole number from 1 to 65535, such as 8000."),
        ({"TOKEN_DAYS": "0"}, "TOKEN_DAYS is '0': write a whole number of days from 1 to 3650, such as 365."),
        (
            {"BUNDLE_RECORDS": "1e6"},
            "BUNDLE_RECORDS is '1e6': write a whole number from 1 to 10000000, such as 400000.",
        ),
        ({"PORT": "65536"}, "PORT is '65536': write a whole number from 1 to 65535, such as 8000."),
        ({"PORT": "٨٠٠٠"}, "PORT is '٨٠٠٠': write a whole number from 1 to 65535, such as 8000."),
        ({"ALLOWED_HOSTS": "https://isnad.example.org"}, "ALLOWED_HOSTS is 'https://isnad.example.org': write names"),
        ({"CSRF_TRUSTED_ORIGINS": "isnad.example.org"}, "CSRF_TRUSTED_ORIGINS is 'isnad.example.org': write origins"),
        ({"DATABASE_URL": "mysql://root:word@host/name"}, "DATABASE_URL is 'mysql://…@host/name': write sqlite:///"),
        ({"DATABASE_URL": "sqlite://"}, "DATABASE_URL is 'sqlite://': it names no database; write sqlite:///"),
        ({"DATABASE_URL": "postgresql://host:port/name"}, "DATABASE_URL is 'postgresql://host:port/name': write"),
        (
            {"THROTTLE_USER": "many/minute"},
            "THROTTLE_USER is 'many/minute': write a number for a span of time, such as",
        ),
        ({"THROTTLE_LOGIN": "0/minute"}, "THROTTLE_LOGIN is '0/minute': write a number for a span of time"),
        ({"CORS_ORIGINS": "map.example.org"}, "CORS_ORIGINS is 'map.example.org': write origins such as https://"),
        ({"CORS_ORIGINS": "https://a.example/map"}, "CORS_ORIGINS is 'https://a.example/map': write origins such as"),
        ({"MAP_TILES": "https://t.example/{s}/{z}/{x}/{y}"}, "MAP_TILES is 'https://t.example/{s}/{z}/{x}/{y}': write"),
        ({"MAP_TILES": "https://t.example;*/{z}/{x}/{y}"}, "MAP_TILES is 'https://t.example;*/{z}/{x}/{y}': write an"),
        ({"MAP_TILES": "https://t.example/{z}/{x}/{y}"}, "MAP_TILES_ATTRIBUTION is '': with MAP_TILES set, say whose"),
        ({"DATABASE_URL": "nonsense"}, "DATABASE_URL is 'nonsense': write sqlite:///"),
        ({"DEBUG": "0"}, "SECRET_KEY is '': with DEBUG off it must be set. Make one: python3 -c"),
        ({"DEBUG": "0", "SECRET_KEY": "short"}, "SECRET_KEY is '…': it has 5 characters and needs at least 50."),
        ({"DEBUG": "0", "SECRET_KEY": LONG_KEY}, "ALLOWED_HOSTS is '': with DEBUG off it must name the hosts"),
    ],
)
def test_a_wrong_value_is_refused_with_one_sentence_and_status_2(environment: dict[str, str], sentence: str):
    done = manage("check", **environment)
    assert done.returncode == 2
    assert done.stderr.startswith(sentence)
    assert done.stderr.count("\n") == 1
    assert "word" not in done.stderr.removeprefix("DATABASE_URL").replace("user:password", "")


def test_with_no_variable_set_it_is_a_development_installation_on_sqlite():
    assert setting("DEBUG") is True
    assert setting("PORT") == 8000
    assert setting("PUBLIC_API") is False
    assert setting("DATABASES['default']['NAME']") == str(PROJECT / "data" / "isnad.sqlite3")


def test_sqlite_gets_readers_beside_a_writer_and_writers_that_queue(tmp_path: Path):
    options = module.sqlite({"NAME": str(tmp_path / "here.sqlite3")})["OPTIONS"]
    assert options["transaction_mode"] == "IMMEDIATE"
    assert options["timeout"] == 20
    assert "journal_mode = WAL" in options["init_command"]


def test_a_relative_sqlite_path_starts_at_the_project():
    found = setting("DATABASES['default']['NAME']", DATABASE_URL="sqlite:///data/other.sqlite3")
    assert found == str(PROJECT / "data" / "other.sqlite3")


def test_limits_are_read_as_requests_in_seconds():
    assert setting("THROTTLE_ANONYMOUS") == [600, 60]
    assert setting("THROTTLE_USER", THROTTLE_USER="5/second") == [5, 1]
    assert setting("THROTTLE_LOGIN", THROTTLE_LOGIN="off") is None


def test_other_peoples_pages_are_named_or_all_or_none():
    assert setting("MIDDLEWARE[0]") == "osint.middleware.Problems"
    assert setting("MIDDLEWARE[0]", CORS_ORIGINS="https://a.example") == "corsheaders.middleware.CorsMiddleware"
    assert setting("CORS_ALLOW_ALL_ORIGINS", CORS_ORIGINS="https://a.example") is False
    assert setting("CORS_ALLOW_ALL_ORIGINS", CORS_ORIGINS="*") is True


def test_sqlite_keeps_its_file_open(tmp_path):
    assert module.sqlite({"NAME": str(tmp_path / "isnad.sqlite3")})["CONN_MAX_AGE"] == 600


def test_postgresql_keeps_its_connections_open_or_pools_them():
    plain = module.postgresql({"NAME": "isnad"})
    assert (plain["CONN_MAX_AGE"], plain["CONN_HEALTH_CHECKS"]) == (600, True)
    pooled = module.postgresql({"NAME": "isnad", "OPTIONS": {"pool": "true", "sslmode": "require"}})
    assert pooled["CONN_HEALTH_CHECKS"]  # else one that was cut is given out again
    assert (pooled["CONN_MAX_AGE"], pooled["OPTIONS"]) == (
        0,
        {"options": "-c jit=off", "pool": True, "sslmode": "require"},
    )


def test_postgresql_is_found_behind_a_socket():
    database = setting("DATABASES['default']", DATABASE_URL="postgresql://isnad@//run/postgresql/events")
    assert isinstance(database, dict)
    assert (database["HOST"], database["NAME"], database["USER"]) == ("/run/postgresql", "events", "isnad")


def test_the_development_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path):
    path = tmp_path / "data" / "secret-key"
    key = module.kept_key(path, secrets.token_urlsafe(64))
    assert len(key) >= 50
    assert module.kept_key(path, "another") == key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_a_key_that_was_written_meanwhile_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "secret-key"
    path.write_text("the first one's")
    monkeypatch.setattr(Path, "exists", lambda _path: False)
    assert module.kept_key(path, "mine") == "the first one's"


def test_a_long_wrong_value_is_shown_in_part():
    with pytest.raises(ImproperlyConfigured) as refused:
        module.refuse("PORT", "9" * 10_000, "write less.")
    assert len(str(refused.value)) < 200


def test_production_settings_pass_the_deployment_check():
    done = manage(
        "check", "--deploy", "--fail-level", "INFO",
        DEBUG="false", SECRET_KEY=secrets.token_urlsafe(64), ALLOWED_HOSTS="isnad.example.org",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


def test_tiles_open_the_policy_for_pictures_from_their_host_alone():
    environment = {"MAP_TILES": "https://t.example:8443/a/{z}/{x}/{y}.png", "MAP_TILES_ATTRIBUTION": "© Somebody"}
    policy = setting("CONTENT_SECURITY_POLICY['DIRECTIVES']", **environment)
    assert policy == settings.CONTENT_SECURITY_POLICY["DIRECTIVES"] | {"img-src": ["'self'", "https://t.example:8443"]}


def test_pages_may_run_no_inline_script():
    policy = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    assert policy["default-src"] == ["'self'"]
    assert not any("unsafe" in source for sources in policy.values() for source in sources)
