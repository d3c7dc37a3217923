"""What the tests of bundles share: an honest one, and the limits within which every other is refused."""

import resource
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from tests import factories as make
from tests.kit import bundles


@pytest.fixture(scope="session")
def honest(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle with one event, cut once for all tests here."""
    folder = tmp_path_factory.mktemp("honest") / "bundle"
    with django_db_blocker.unblock(), transaction.atomic():
        make.make_whole_event()
        bundles.cut(folder)
        transaction.set_rollback(True)
    return folder


@pytest.fixture
def folder(db: None, honest: Path, tmp_path: Path) -> Iterator[Path]:
    """A bundle whose key is trusted; whoever reads it stays within its limits."""
    bundles.trusted()
    shutil.copytree(honest, tmp_path / "bundle")
    began = time.monotonic()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    yield tmp_path / "bundle"
    assert time.monotonic() - began < 10
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300 * 1024
