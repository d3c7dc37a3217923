"""The way back from a backup: looked at whole, then put in the place of what there is, at once or not at all."""

from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import file_digest
from pathlib import Path
from uuid import uuid4

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage
from django.db import DatabaseError
from django.utils import timezone
from django.utils.translation import gettext as _

from events.stored import backing, documents, keeping, terms
from osint.base.newfile import new_file
from osint.bundle.models import Installation
from osint.history import verify
from osint.history.models import Edition
from osint.keeping import loading, sequences, tables
from osint.keeping.archive import Archive, Part, Refused
from osint.keeping.checking import check, check_tables, migrations_of, read

MOST = 20
Step = Callable[[int], None]


@dataclass
class Restored:
    """What was put back, and what is wrong with the history that was put back all the same."""

    rows: int = 0
    files: int = 0
    made_at: str = ""
    faults: list[str] = field(default_factory=list)


def rows_in(archive: Archive) -> int:
    """How many rows a backup says that it holds."""
    return sum(part.rows for part in archive.parts.values())


def restore(archive: Archive, *, replace: bool = False, accept_history: bool = False, step: Step) -> Restored:
    """Put a backup in the place of what there is; raises ``Refused`` with everything as it was."""
    done = Restored(made_at=str(archive.manifest.get("made_at", "")), faults=check(archive))
    refuse_history(archive, done.faults, accept_history)
    try:
        with loading.at_once():
            if not replace and not loading.is_empty():
                raise Refused(
                    _(
                        "There are data here already, and nothing was changed. Name an empty database in DATABASE_URL, "
                        "or give --replace to lose what is here."
                    )
                )
            done.files = put_files(archive)
            put_rows(archive, done, step)
            done.faults = faults(done.faults)
            refuse_history(archive, done.faults, accept_history)
    except DatabaseError as error:
        wrong = _("“%(file)s” does not fit into the database, in which nothing was changed: %(error)s")
        raise Refused(wrong % {"file": archive.path, "error": str(error).strip()}) from error
    for _number in keeping.fill_all():
        pass
    return done


def refuse_history(archive: Archive, found: list[str], accept: bool) -> None:
    """Refuse a history that does not hold, unless it is wanted as it is."""
    if found and not accept:
        said = {"file": archive.path, "faults": "\n".join(found)}
        raise Refused(
            _(
                "The history in “%(file)s” does not hold, and nothing was changed:\n%(faults)s\n"
                "Where its seals are not ours, give the HISTORY_KEY of the installation that it comes from. To have it "
                "all the same, give --accept-history."
            )
            % said
        )


def put_rows(archive: Archive, done: Restored, step: Step) -> None:
    """Put every row in its place, and work out what follows from them."""
    migrations = migrations_of(archive)
    registry = tables.apps_at(migrations)
    editions, given = editions_now(), [numbers(archive), sequences.last()]
    anew = loading.make_room(migrations)
    shapes = dict(check_tables(archive, registry))
    for model in tables.kept(registry):
        part, shape = shapes[model._meta.db_table]
        for number in loading.fill(model, shape.fields, read(archive, part, shape)):
            done.rows += number
            step(number)
    loading.forget_others(migrations)
    sequences.go_on(given)  # before a migration makes rows of its own
    anew |= loading.bring_up_to_date()
    begin_beside()
    loading.settle(anew=anew)
    sequences.go_on(given)
    count_editions(editions)
    be_another()


def numbers(archive: Archive) -> sequences.Numbers:
    """The last numbers that the database had given."""
    told = archive.manifest.get("sequences")
    if not isinstance(told, dict) or not all(type(number) is int for number in told.values()):
        raise archive.refusal("manifest.json", _("its last numbers cannot be read"))
    return told


def begin_beside() -> None:
    """File the events anew; their texts are written when all is done, and until then put together when asked for."""
    documents.begin_all()
    terms.file_all()
    backing.file_all()


def editions_now() -> dict[str, int]:
    """How often what is seen on each level has changed in the database that goes."""
    is_there = Edition._meta.db_table in loading.there()
    return dict(Edition.objects.values_list("scope", "number")) if is_there else {}


def count_editions(before: dict[str, int]) -> None:
    """Let every level go on behind both, so that nobody takes an answer of the database that is gone for a new one."""
    now = dict(Edition.objects.values_list("scope", "number"))
    moment = timezone.now()
    for scope in before.keys() | now.keys() if before else ():
        number = max(before.get(scope, 0), now.get(scope, 0)) + 1
        Edition.objects.update_or_create(scope=scope, defaults={"number": number, "at": moment})


def be_another() -> None:
    """Let the database be another one to those who get bundles of it.

    It may have cut some after the backup, of which it knows nothing: it would give their numbers again, and whoever has
    those would refuse the new ones as old.
    """
    Installation.objects.update(uuid=uuid4())


def faults(known: list[str]) -> list[str]:
    """What is wrong with the history and the rows as they are now."""
    found = [str(fault) for _number, fault in zip(range(MOST), verify.faults(), strict=False)]
    return list(dict.fromkeys([*known, *found]))


# Files


def put_files(archive: Archive) -> int:
    """Put every file in its place; what lies there with other bytes is replaced. Others stay."""
    found = [part for part in archive.parts.values() if not part.table]
    for part in found:
        put_file(archive, part)
    return len(found)


def put_file(archive: Archive, part: Part) -> None:
    """Put one file in its place, whole or not at all."""
    place = place_of(archive, part)
    if place.is_file() and has_digest(place, part.sha256):
        return
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with new_file(place, 0o644) as file:
            for chunk in archive.chunks(part):
                file.write(chunk)
    except OSError as error:
        wrong = _("“%(file)s” cannot be written, and nothing was changed: %(error)s.")
        raise Refused(wrong % {"file": place, "error": error.strerror or error}) from error


def place_of(archive: Archive, part: Part) -> Path:
    """Where a file belongs; nothing outside of the folder of files."""
    folder, _slash, name = part.name.partition("/")
    try:
        if folder != "files":
            raise SuspiciousFileOperation
        return Path(default_storage.path(name))
    except (SuspiciousFileOperation, ValueError) as error:
        raise archive.refusal(part.name, _("it belongs nowhere")) from error


def has_digest(path: Path, digest: str) -> bool:
    """Whether the bytes of a file have this SHA-256."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest() == digest
