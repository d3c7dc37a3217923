"""A mirror that follows the changes is exact for every kind of reader, with eight writers, wherever it is cut off.

``make drill-mirror`` lets them make ten thousand edits.
"""

import json
import os
import random
import re
import sqlite3
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

import pytest
from django.contrib.auth.models import User

from osint.changes.kinds import KINDS
from osint.history.models import Notice
from tests.factories import make_user
from tests.osint import scribes
from tests.rest import API, client

EDITS = int(os.environ.get("MIRROR", "48"))
# The list of events leaves out what was retracted or merged, unless it is asked for.
EVERY = {"events": "&status=draft,submitted,published,retracted,merged"}
PAUSE = max(0.2, EDITS / 10_000)  # seconds between two mirrors while the others write
SIZES = (3, 20, 100)
# Reports are brief in lists. Of all other records so many are looked at one by one: of a short run all.
BRIEF, AT_ADDRESS = {"reports"}, 300
EVIDENCE = {"parts", "origins", "citations"}
PAGE = Path(__file__).parents[2] / "docs" / "mirroring.md"
GROUPS = {"victor": "Viewer", "alice": "Analyst", "edith": "Editor", "adam": "Administrator"}


def script() -> dict[str, Any]:
    """The mirror as our documentation gives it."""
    found = re.search(r"^```python\n(.*?)^```$", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    assert found
    names: dict[str, Any] = {"__name__": "mirror"}
    exec(found[1], names)
    return names


class CutOff(Exception):
    """The connection broke."""


@dataclass
class Mirror:
    """A reader's copy in a file of its own, cut off now and then."""

    name: str
    user: User | None
    evidence: bool
    file: Path
    lot: random.Random = field(default_factory=lambda: random.Random("mirror"))
    pages: int = 0
    cuts: int = 0

    def ask(self, address: str) -> Any:
        """The answer, if one comes; sometimes it comes and is lost. How many changes a page, she decides each time."""
        self.pages += 1
        address = re.sub(r"page_size=\d+", f"page_size={self.lot.choice(SIZES)}", address)
        answer = client(self.user).get(address)
        if answer.status_code != 200:
            raise HTTPError(address, answer.status_code, answer.content.decode(), None, None)  # type: ignore[arg-type]
        if self.lot.random() < 0.2:
            raise CutOff
        return Cut(answer.json()) if self.lot.random() < 0.2 else answer.json()

    def follow(self, *, until_the_end: bool = False) -> None:
        """Go on, and stop where it is cut off."""
        wanted = "page_size=1" + ("&include=evidence" if self.evidence else "")
        copy = sqlite3.connect(self.file)
        while True:
            try:
                script()["follow"](copy, f"{API}/changes/?{wanted}", self.ask)
            except CutOff:
                copy.rollback()
                self.cuts += 1
                if until_the_end:
                    continue
            break
        copy.close()

    def held(self) -> dict[tuple[str, str], Any]:
        """What the copy holds."""
        copy = sqlite3.connect(self.file)
        rows = copy.execute("SELECT kind, id, body FROM record").fetchall()
        copy.close()
        return {(kind, identity): json.loads(body) for kind, identity, body in rows}


class Cut(dict[str, Any]):
    """A page of which half is read when the mirror breaks down."""

    def __getitem__(self, name: str) -> Any:
        return half(super().__getitem__(name)) if name == "results" else super().__getitem__(name)


def half(results: list[Any]) -> Any:
    """The first half, and no more."""
    yield from results[: len(results) // 2]
    raise CutOff


def original(mirror: Mirror) -> dict[tuple[str, str], Any]:
    """What the reader is shown of all that there is."""
    asks = client(mirror.user)
    found = {(kind.name, row[kind.identity]): row for kind in KINDS for row in listed(asks, kind.name, mirror.evidence)}
    if not mirror.evidence:
        return found
    # What lists are brief about, and some of the others: at its own address.
    some = set(mirror.lot.sample(sorted(found), min(AT_ADDRESS, len(found))))
    return {
        one: in_full(asks, *one, row) if one in some or one[0] in BRIEF else standing(row) for one, row in found.items()
    }


def listed(asks: Any, kind: str, evidence: bool) -> Iterator[Any]:
    """The records of a kind as their list shows them, page by page; events with their evidence, where it is wanted."""
    address: Any = f"{API}/{kind}/?page_size=500{EVERY.get(kind, '')}"
    if evidence and kind == "events":
        address += "&include=evidence"
    while address:
        answer = asks.get(address)
        if answer.status_code in {401, 403}:
            return
        page = answer.json()
        yield from page["results"]
        address = page["next"]


def in_full(asks: Any, kind: str, identity: str, row: Any) -> Any:
    """The record as its own address shows it; a merged event's leads elsewhere."""
    answer = asks.get(f"{API}/{kind}/{identity}/")
    if answer.status_code != 200:
        return standing(row)
    return {name: value for name, value in answer.json().items() if name != "missing"}


def standing(row: Any) -> Any:
    """The record as its list shows it; a merged event without its evidence, which the other one has."""
    return {name: value for name, value in row.items() if row.get("status") != "merged" or name not in EVIDENCE}


@pytest.fixture
def mirrors(transactional_db, django_db_serialized_rollback, settings, tmp_path: Path) -> list[Mirror]:
    """A mirror for each sort of reader, and one with the evidence for each."""
    settings.PUBLIC_API, settings.FOUR_EYES = True, False
    users = {"nobody": None} | {name: make_user(name, group) for name, group in GROUPS.items()}
    scribes.furnish(EDITS)
    return [
        Mirror(name, user, evidence, tmp_path / f"{name}-{evidence}.sqlite3")
        for name, user in users.items()
        for evidence in (False, True)
    ]


def test_mirrors_equal_the_original_after_random_edits_by_eight_writers(mirrors, tmp_path: Path):
    began = time.monotonic()
    for mirror in mirrors[::2]:
        mirror.follow()
    processes = scribes.begin(EDITS, tmp_path)
    for mirror in cycle(mirrors):
        if not any(process.is_alive() for process in processes):
            break
        mirror.follow()
        time.sleep(PAUSE)
    for process in processes:
        process.join()
    written = time.monotonic() - began
    told = scribes.gathered(tmp_path)
    assert not told["troubles"], told["troubles"][0]
    for mirror in mirrors:
        mirror.follow(until_the_end=True)
    report(told, mirrors, written, time.monotonic() - began - written)
    differing = [one for mirror in mirrors for one in differences(mirror)]
    assert not differing, f"{len(differing)} differ\n" + "\n".join(differing[:5])


def report(told: dict[str, Any], mirrors: list[Mirror], written: float, followed: float) -> None:
    """Figures of the run, for who asks with ``-s``."""
    pages, cuts = sum(mirror.pages for mirror in mirrors), sum(mirror.cuts for mirror in mirrors)
    records = ", ".join(f"{mirror.name} {len(mirror.held())}" for mirror in mirrors[::2])
    sys.stdout.write(
        f"\n{told['done']} edits (refused: {told['refused']}), {Notice.objects.count()} notices; "
        f"{len(mirrors)} mirrors, {pages} pages, cut off {cuts} times; records: {records}; "
        f"{written:.0f} s until all was written, {followed:.0f} s until all was followed\n"
    )
    sys.stdout.flush()


def differences(mirror: Mirror) -> Iterator[str]:
    """What the copy holds otherwise than the original, and what was noted of it."""
    held, wanted = mirror.held(), original(mirror)
    for kind, identity in sorted(held.keys() | wanted.keys()):
        copy, record = held.get((kind, identity)), wanted.get((kind, identity))
        if copy != record:
            names = [name for name in (record or {}) if (copy or {}).get(name) != (record or {})[name]]
            sides = [{name: (one or {}).get(name) for name in names} if one else None for one in (copy, record)]
            noted = Notice.objects.filter(identity=identity).values_list("number", "what", "before", "after")
            yield f"{mirror.name} {mirror.evidence} {kind} {identity}: {sides}\n    {list(noted)}"
