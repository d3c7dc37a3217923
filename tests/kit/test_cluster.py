"""The temporary PostgreSQL starts for one command and leaves nothing behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
from environ import Env

from osint import checks
from tests.kit import cluster

PROJECT = Path(__file__).parent.parent.parent


@pytest.fixture
def installed():
    try:
        return cluster.binaries(), cluster.owner()
    except cluster.Missing as missing:
        if os.environ.get("CI") == "true":
            pytest.fail(str(missing), pytrace=False)
        pytest.skip(str(missing))


def test_a_cluster_reads_arabic_and_is_gone_afterwards(installed):
    with cluster.cluster() as url:
        found = Env.db_url_config(url)
        with psycopg.connect(host=found["HOST"], user=found["USER"], dbname=found["NAME"]) as connection:
            assert checks.encoding(connection) == ("UTF8", "C.UTF-8")
            assert connection.execute("SELECT 'قسرك' ~ '^[[:alpha:]]+$'").fetchone() == (True,)
    assert not Path(found["HOST"]).exists()


def test_the_command_gets_the_cluster_and_its_status_comes_back(installed):
    code = "import os, sys; sys.exit(7 if os.environ['DATABASE_URL'].startswith('postgresql://') else 1)"
    assert cluster.main([sys.executable, "-c", code]) == 7


def test_a_killed_run_takes_its_cluster_along(installed, tmp_path: Path):
    told = tmp_path / "url"
    command = [sys.executable, "-m", "tests.kit.cluster", "sh", "-c", f"echo $DATABASE_URL > {told}; exec sleep 60"]
    with subprocess.Popen(command, cwd=PROJECT, start_new_session=True) as process:
        while not (told.exists() and told.read_text().endswith("\n")):
            time.sleep(0.05)
        os.killpg(process.pid, signal.SIGTERM)
    assert process.returncode == 128 + signal.SIGTERM
    assert not Path(Env.db_url_config(told.read_text().strip())["HOST"]).exists()


@pytest.mark.parametrize(("ci", "status"), [("true", 1), ("", 0)])
def test_without_postgresql_the_tests_are_skipped_but_not_in_ci(ci: str, status: int, monkeypatch, capsys):
    def missing():
        raise cluster.Missing("install postgresql")

    monkeypatch.setenv("CI", ci)
    monkeypatch.setattr(cluster, "binaries", missing)
    assert cluster.main(["true"]) == status
    assert capsys.readouterr().out == "skipped: install postgresql\n"
