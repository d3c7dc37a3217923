"""A backup looked at whole before anything is done with it: bytes, tables, rows, the chain of its history."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from osint.history import chain, heads, verify
from osint.keeping import rows, tables
from osint.keeping.archive import Archive, Part, Refused

MOST = 20  # faults of the history that are named


def check(archive: Archive) -> list[str]:
    """Refuse a backup that is damaged, or of another Isnad; what is wrong with the history within it."""
    archive.check_whole()
    migrations = migrations_of(archive)
    shapes = dict(check_tables(archive, tables.apps_at(migrations)))
    for part, shape in shapes.values():
        for _row in read(archive, part, shape):
            pass
    return list(islice(faults_of_history(archive, shapes), MOST))


def migrations_of(archive: Archive) -> tables.Applied:
    """The migrations that the database had, all of which this Isnad has to know."""
    try:
        told = {(str(app), str(name)) for app, name in archive.manifest["migrations"]}
    except (KeyError, TypeError, ValueError) as error:
        raise archive.refusal("manifest.json", _("its list of migrations cannot be read")) from error
    if unknown := sorted(told - tables.known()):
        said = {"file": archive.path, "migrations": ", ".join(" ".join(one) for one in unknown[:5])}
        raise Refused(
            _(
                "“%(file)s” comes from a newer Isnad, whose migrations are not known here (%(migrations)s). "
                "Install that version first."
            )
            % said
        )
    return told


Shapes = dict[str, tuple[Part, rows.Shape]]


def check_tables(archive: Archive, registry: Any) -> Iterator[tuple[str, tuple[Part, rows.Shape]]]:
    """The parts that are tables, each with its shape; those of these models, with their columns, and no other."""
    parts = {part.table: part for part in archive.parts.values() if part.table}
    for model in tables.kept(registry):
        table, fields = str(model._meta.db_table), {str(field.column): field for field in tables.columns(model)}
        part = parts.pop(table, None)
        if part is None:
            raise archive.refusal(f"tables/{table}.jsonl", _("it is missing"))
        # In whatever order: a table that has grown by migrations has another one than its model.
        if sorted(part.columns) != sorted(fields):
            wrong = _("its columns are %(columns)s, and not %(wanted)s")
            said = {"columns": ", ".join(sorted(part.columns)), "wanted": ", ".join(sorted(fields))}
            raise archive.refusal(part.name, wrong % said)
        yield table, (part, rows.Shape([fields[name] for name in part.columns]))
    for part in parts.values():
        raise archive.refusal(part.name, _("there is no such table"))


def read(archive: Archive, part: Part, shape: rows.Shape) -> Iterator[list[Any]]:
    """The rows of a table."""
    for number, line in archive.lines(part):
        try:
            yield shape.read(line)
        except rows.Unreadable as error:
            raise archive.refusal(part.name, _("line %(line)d: %(why)s") % {"line": number, "why": error}) from error


def faults_of_history(archive: Archive, shapes: Shapes) -> Iterator[str]:
    """What is wrong with the chain, up to the first entry that is broken, and with the head that the manifest gives."""
    seq, prev = 0, chain.BEGINNING
    for entry, texts in entries(archive, shapes):
        broken = list(verify.legible(verify.check_entry(entry, texts, seq, prev)))
        if broken:
            yield from (str(verify.Fault(entry["seq"], sentence)) for sentence in broken)
            return
        seq, prev = entry["seq"], entry["hash"]
    yield from faults_of_head(archive, seq, prev)


def entries(archive: Archive, shapes: Shapes) -> Iterator[tuple[dict[str, Any], verify.Texts]]:
    """Every entry with its values, from the two tables side by side."""
    found, values = named(archive, shapes, tables.ENTRIES), named(archive, shapes, tables.VALUES)
    told = ((row["entry_id"], row["field"], row["salt"], row["text"]) for row in values)
    yield from verify.with_values(found, told)


def named(archive: Archive, shapes: Shapes, table: str) -> Iterator[dict[str, Any]]:
    """The rows of a table, by the names of its columns."""
    part, shape = shapes[table]
    for row in read(archive, part, shape):
        yield dict(zip(shape.names, row, strict=True))


def faults_of_head(archive: Archive, seq: int, digest: str) -> Iterator[str]:
    """Where the head of the manifest is not the last entry."""
    try:
        head = archive.manifest["head"]
        if (head["seq"], head["hash"]) != (seq, digest):
            yield _("The head that the manifest gives is not the last entry of the history.")
        heads.check_signature({name: head[name] for name in ("seq", "hash", "at")}, head, heads.public_key())
    except ValidationError as error:
        yield " ".join(error.messages)
    except (KeyError, TypeError):
        yield _("The manifest gives no head of the history that can be read.")
