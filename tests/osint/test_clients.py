"""The first minute of a client: the examples of docs/clients.md, run against the demonstration data."""

import csv
import os
import shutil
import subprocess
import sys
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import call_command
from pytest_django.live_server_helper import LiveServer

from events.models import Event
from events.models.reference import references
from osint.access.models import sign_in
from tests.kit import shipped
from tests.kit.examples import Reader, examples

PAGE = settings.BASE_DIR / "docs" / "clients.md"
CONVOY = "دخل قاعدة قسرك شمالي الحسكة في 12 نوفمبر 2025"


@pytest.fixture
def reader(
    live_server: LiveServer, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch, alice: User
) -> Reader:
    """Somebody with a shell, Python and a token, who asks an installation with the demonstration data."""
    settings.PUBLIC_API = True
    shipped.fill(*shipped.KNOWN, "demo")
    for event in Event.objects.all():
        Event.objects.filter(pk=event.pk).update(reference=next(references(event.uuid, event.earliest)))
    call_command("reindex", verbosity=0, stdout=StringIO())
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
    monkeypatch.setenv("TOKEN", sign_in(alice, timedelta(days=1))[1])
    return Reader(live_server.url, tmp_path)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_the_examples_run_and_print_what_stands_under_them(reader):
    for example in examples(PAGE):
        if example.language in {"sh", "python"}:
            printed = reader.run(example)
            assert example.printed is None or printed == example.printed, example.code
    assert Event.objects.get(when="2025-11-14").summary_ar == "وصل رتل إلى قاعدة قسرك."
    reads_as_r_does(reader.folder / "events.csv")
    if shutil.which("Rscript"):
        runs_in_r(reader)


def reads_as_r_does(path: Path) -> None:
    """Strictly RFC 4180, behind the byte order mark, which is what `read.csv(fileEncoding = "UTF-8-BOM")` reads."""
    with path.open(encoding="utf-8", newline="") as file:
        assert file.read(1) == "\ufeff"
        head, *rows = csv.reader(file, strict=True)
    assert head[0] == "reference"
    assert {len(row) for row in rows} == {len(head)}
    assert any(CONVOY in row[head.index("summary_ar")] for row in rows)


def runs_in_r(reader: Reader) -> None:
    """The example without packages, where R is installed."""
    code = next(example.code for example in examples(PAGE) if example.language == "r").split("\n\n")[0]
    told = subprocess.run(["Rscript", "-e", code], cwd=reader.folder, capture_output=True, text=True, check=True).stdout
    assert "convoy-arrival" in told
