"""Two databases in one process, and what they send each other: SQLite files between which the connection is turned."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connection

from osint.bundle import departures, export, reading
from osint.bundle.applying import apply
from osint.bundle.leaving import Cut
from osint.bundle.models import Installation, Key, Trust
from osint.bundle.planning import plan
from osint.bundle.plans import Plan
from sources.choices import Tlp

KEY = "0" * 64  # with which all that is trusted is as if it were signed


class Base:
    """A database of its own."""

    def __init__(self, path: Path) -> None:
        self.path, self.number = path, 0

    @classmethod
    def copied(cls, path: Path, source: str) -> "Base":
        """One that begins as another one is."""
        path.unlink(missing_ok=True)
        with sqlite3.connect(source) as held:
            held.execute("VACUUM INTO ?", [str(path)])
        held.close()
        return cls(path)

    @classmethod
    def begun(cls, folder: Path, fill: Callable[[], object]) -> "Base":
        """One that has, besides what a migrated database has, what is filled in."""
        base = cls.copied(folder / "begun.sqlite3", str(connection.settings_dict["NAME"]))
        with base.here():
            fill()
        return base

    @contextmanager
    def here(self) -> Iterator[None]:
        """Within this block it is the database."""
        connection.close()
        before = connection.settings_dict["NAME"]
        connection.settings_dict["NAME"] = str(self.path)
        try:
            yield
        finally:
            connection.close()
            connection.settings_dict["NAME"] = before

    def cut(self, since: int = 0, **asked: Any) -> Path:
        """A bundle of everything, or of what has changed since that one, as a folder."""
        self.number += 1
        folder = self.path.with_name(f"{self.path.stem}-{self.number}")
        with self.here():
            cut = Cut(**({"mark": Tlp.RED} | asked))
            earlier = departures.since(str(since), cut) if since else None
            export.cut(export.Export(cut, since=earlier), folder, as_folder=True)
        return folder

    def plan(self, folder: Path, **asked: Any) -> Plan:
        """What would come in with a bundle."""
        with self.here():
            return planned(folder, **asked)

    def take(self, folder: Path, by: Any = None, **asked: Any) -> Plan:
        """Let a bundle in."""
        with self.here():
            found = planned(folder, **asked)
            apply(found, by)
            return found

    def content(self) -> dict[str, bytes]:
        """What is held, as a bundle tells it."""
        folder = self.cut()
        return {name: (folder / name).read_bytes() for name in ("fixture.json", "states.json")}

    def begin_anew(self) -> None:
        """Be another installation than the one that it was copied from, which trusts the key of the others."""
        with self.here():
            Installation.objects.all().delete()
            key = Key.objects.create(organisation="All", public=KEY, fingerprint=KEY, may_publish=True)
            Trust.objects.create(key=key, extent="publish", door="test")


def planned(folder: Path, *, trusted: bool = True, late: bool = True, **asked: Any) -> Plan:
    """The plan of a bundle that nobody has signed; where it is trusted, as if somebody had who may publish."""
    with reading.opened(folder, unsigned=True, late=late) as bundle:
        arriving = bundle.arriving()
        if trusted:
            arriving = type(arriving)(**(vars(arriving) | {"may_publish": True, "key": KEY}))
        return plan(bundle.entries(), arriving, **asked)
