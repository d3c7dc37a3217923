"""A database in which something has happened, and what is in it."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings

from events.models import Event
from osint.keeping import backup, tables
from osint.keeping.archive import Archive, Part, Writer
from tests import factories as make


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Path]:
    """A published event with all its evidence, a draft, a file, people, and a backup of it all, in a folder."""
    folder = tmp_path_factory.mktemp("world")
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=folder / "files"), transaction.atomic():
        olivia = make.make_user("olivia")
        event = make.make_published_event()
        make.make_attachment(report=event.citations.get().report)
        make.make_event(created_by=olivia, summary_ar="قافلة ثانية، نحو ٢٥ شاحنة", assignee=olivia)
        make.make_correction(event=event, tlp="GREEN")
        make.make_token(olivia)
        assert not backup.write(folder / "kept.zip").faults
        yield folder
        transaction.set_rollback(True)


@pytest.fixture
def lived(world, db, settings, tmp_path) -> Event:
    """The published event, with files that a test may spoil."""
    settings.MEDIA_ROOT = shutil.copytree(world / "files", tmp_path / "files")
    return Event.objects.get(published_at__isnull=False)


@pytest.fixture
def kept(lived, world, tmp_path) -> Path:
    """The backup, which a test may spoil too."""
    return Path(shutil.copy(world / "kept.zip", tmp_path / "kept.zip"))


def everything() -> dict[str, list[Any]]:
    """Every row that a backup brings back: not how often things have changed, and not which database it was."""
    found = {model._meta.db_table: list(tables.rows(model)) for model in tables.kept()}
    del found["history_edition"], found["bundle_installation"]
    return found


def rewritten(path: Path, changes: dict[str, bytes | None], more: dict[str, Any] | None = None) -> Path:
    """The backup as somebody writes it anew who changes parts of it (or leaves them out), with all its SHA-256."""
    other = path.with_name("rewritten.zip")
    with Archive(path) as archive:
        writer = Writer(other)
        for part in archive.parts.values():
            content = changes.get(part.name, archive.zip.read(part.name))
            if content is not None:
                writer.add(Part(part.name, 0, "", part.table, part.columns, content.count(b"\n")), [content])
        told = {name: value for name, value in archive.manifest.items() if name not in {"format", "version", "parts"}}
        writer.finish(told | (more or {}))
    return other


def aged(path: Path) -> Path:
    """The backup as an Isnad would have made it whose apps had not had their last migrations yet."""
    maker = tables.executor()
    graph = maker.loader.graph
    last = {node for node in graph.leaf_nodes() if node[0] in {"access", "bundle", "events", "history", "sources"}}
    migrations = tables.known() - {one for node in last for one in graph.backwards_plan(node)}
    older = path.with_name("older.zip")
    with Archive(path) as archive:
        parts = {part.table: part for part in archive.parts.values()}
        writer = Writer(older)
        for model in tables.kept(tables.apps_at(migrations)):
            part = parts[model._meta.db_table]
            places = [part.columns.index(str(column.column)) for column in tables.columns(model)]
            found = [json.loads(line) for line in archive.zip.read(part.name).splitlines()]
            if part.table == "django_migrations":
                app, name = part.columns.index("app"), part.columns.index("name")
                found = [row for row in found if (row[app], row[name]) in migrations]
            lines = [json.dumps([row[place] for place in places]).encode() + b"\n" for row in found]
            columns = [part.columns[place] for place in places]
            writer.add(Part(part.name, 0, "", part.table, columns, len(lines)), lines)
        told = {name: archive.manifest[name] for name in ("made_at", "head", "sequences")}
        writer.finish(told | {"migrations": sorted(migrations)})
    return older


def content(path: Path, name: str) -> bytes:
    """The bytes of one part."""
    with Archive(path) as archive:
        return archive.zip.read(name)
