"""What is taken in is cut again the same, byte for byte: in a drill ten thousand events, from engine to engine."""

import json
import os
from collections import Counter
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import pytest
from django.db import transaction

from osint.bundle import reading
from osint.bundle.applying import apply
from osint.bundle.planning import plan
from tests.kit import bundles, shipped

pytestmark = pytest.mark.django_db
FAMILY = UUID("1c1c2f0e-3f1c-4d52-9d5e-7f1d5a9c8e11")
COPIES = int(os.environ.get("COPIES", "2"))  # of the fourteen incidents of the demonstration; 715 in the drill
# What another engine has cut, if this is the second leg of the way.
FROM, TO = (os.environ.get(name) for name in ("CUT_BEFORE", "CUT_HERE"))
COPIED = {"sources.report", "sources.relay"}


@pytest.fixture
def demonstration(tmp_path: Path) -> Path:
    """The incidents of the demonstration with all that they rest on, as a bundle."""
    with transaction.atomic():
        shipped.fill(*shipped.KNOWN, "demo")
        bundles.cut(tmp_path / "demo", query="date_from=2025-01-01")
        transaction.set_rollback(True)
    return tmp_path / "demo"


def copied(value: Any, number: int) -> Any:
    """A value in which every UUID is that of the copy with this number."""
    if isinstance(value, dict):
        return {name: copied(one, number) for name, one in value.items()}
    if isinstance(value, list):
        return [copied(one, number) for one in value]
    return str(uuid5(FAMILY, f"{value}{number}")) if is_uuid(value) else value


def is_uuid(value: Any) -> bool:
    """Whether it is a UUID as bundles write it."""
    return isinstance(value, str) and len(value) == 36 and value.count("-") == 4


def multiplied(folder: Path, copies: int) -> Path:
    """The bundle with so many copies of its events and reports."""
    rows, states = bundles.told(folder), bundles.told(folder, "states.json")
    names = [row for row in rows if not is_copied(row)]
    order = list(dict.fromkeys(row["model"] for row in rows))
    several = [copied(row, number) for number in range(copies) for row in rows if is_copied(row)]
    made = sorted([*names, *several], key=lambda row: order.index(row["model"]))
    bundles.rewrite(folder, "fixture.json", bundles.listed(made), dict(Counter(row["model"] for row in made)))
    states = [copied(row, number) for number in range(copies) for row in states]
    bundles.rewrite(folder, "states.json", bundles.listed(states))
    return folder


def is_copied(row: dict[str, Any]) -> bool:
    """Whether a record is an event, a report, or part of one."""
    belongs = {"event", "citation", "report"} & set(row["fields"])
    return row["model"] in COPIED | {"events.event"} or bool(belongs)


def taken_and_cut(folder: Path, again: Path) -> Path:
    """Take a bundle into the empty database, and cut everything."""
    with reading.opened(folder) as bundle:
        apply(plan(bundle.entries(), bundle.arriving()))
    bundles.cut(again)
    return again


def content(folder: Path) -> list[bytes]:
    return [(folder / name).read_bytes() for name in ("fixture.json", "states.json", "edits.json")]


@pytest.mark.skipif(FROM is not None, reason="This is the second leg.")
def test_what_is_taken_in_is_cut_again_the_same(demonstration, tmp_path):
    bundles.trusted(may_publish=True)
    folder = multiplied(demonstration, COPIES)
    with transaction.atomic():
        first = taken_and_cut(folder, Path(TO or tmp_path / "first"))
        transaction.set_rollback(True)
    assert sum(row["model"] == "events.event" for row in bundles.told(first)) == 14 * COPIES
    assert {row["state"] for row in json.loads((first / "states.json").read_text())} == {"published"}
    assert content(taken_and_cut(first, tmp_path / "second")) == content(first)


@pytest.mark.drill("CUT_BEFORE")
def test_what_another_engine_has_cut_is_cut_here_the_same(tmp_path):
    bundles.trusted(may_publish=True)
    first = Path(str(FROM))
    assert content(taken_and_cut(first, Path(TO or tmp_path / "second"))) == content(first)
