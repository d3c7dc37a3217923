"""Cutting a bundle: what leaves is written beside where it goes, measured, signed, and only then put there."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from events.models import Event
from osint.base.chunks import chunks
from osint.base.newfile import new_file
from osint.base.record import Record
from osint.base.snapshot import one_view
from osint.base.text import shown
from osint.bundle import edits, fates, units, writing
from osint.bundle.contents import MODELS
from osint.bundle.delta import changed_since
from osint.bundle.entries import Fate, Refusal
from osint.bundle.keys import Signer
from osint.bundle.leaving import Cut, Leaving, everything
from osint.bundle.manifest import EDITS, FIXTURE, NAME, SIGNATURE, STATES, Manifest
from osint.bundle.models import Departure, Installation
from osint.bundle.rows import PIECE, Row, leaving_rows
from osint.history import chain, heads
from sources import marks
from sources.models import Attachment, Report

Step = Callable[[int], None]


@dataclass
class Export:
    """A bundle that is being cut."""

    cut: Cut
    since: Departure | None = None
    signer: Signer | None = None
    step: Step = field(default=lambda _number: None)  # told of so many records more that were written
    begin: Step = field(default=lambda _number: None)  # told how many records there will be
    counts: dict[str, int] = field(default_factory=dict)
    files: dict[str, Any] = field(default_factory=dict)
    highest: str = marks.ORDER[0]
    head: dict[str, Any] = field(default_factory=dict)

    def write(self, folder: Path) -> Departure:
        """Write all files into an empty folder, the manifest last; the bundle as it is remembered here."""
        with one_view(with_scratch=True):
            self.head = heads.signed()
            leaving = self.leaving()
            try:
                self.write_lists(leaving, folder)
            finally:
                leaving.picked.close()
        return self.sign(folder)

    def leaving(self) -> Leaving:
        """What was asked for."""
        found = everything(self.cut)
        if self.since is None:
            return found
        try:
            return changed_since(found, self.since.history)
        finally:
            found.picked.close()

    def write_lists(self, leaving: Leaving, folder: Path) -> None:
        """The fixture, what became of records, and the pedigrees of what was edited."""
        check_without_texts(leaving)
        self.begin(sum(leaving.rows(model).count() for model in MODELS))
        self.highest = highest(leaving)
        with (folder / EDITS).open("wb") as edits_file, (folder / FIXTURE).open("wb") as fixture_file:
            pedigrees = writing.Listed(edits_file)
            fixture = writing.Listed(fixture_file)
            for model in MODELS:
                self.write_model(leaving, model, fixture, pedigrees)
            told = self.write_fates(leaving, folder)
            for pedigree in of_gone(told):
                pedigrees.add(pedigree)
            self.files |= {FIXTURE: fixture.close(), EDITS: pedigrees.close()}
        for digest in leaving.rows(Attachment).order_by("sha256").values_list("sha256", flat=True).distinct():
            self.attach(folder, digest)

    def write_model(
        self, leaving: Leaving, model: type[Record], fixture: writing.Listed, pedigrees: writing.Listed
    ) -> None:
        """The records of a model, and their pedigrees."""
        number = 0
        for some in chunks(leaving_rows(leaving, model), PIECE):
            for _pk, key, fields in some:
                fixture.add(writing.record(model, key, fields))
            self.write_pedigrees(model, some, pedigrees)
            number += len(some)
            self.step(len(some))
        if number:
            self.counts[model._meta.label_lower] = number

    def write_pedigrees(self, model: type[Record], some: list[Row], pedigrees: writing.Listed) -> None:
        """The pedigrees of what leaves of these records: that of a value which stays behind would tell of it."""
        fields = {key[0]: told for _pk, key, told in some}
        found = edits.of(model, {pk: key[0] for pk, key, _fields in some})
        for (label, name), told in sorted(found.items()):
            known = units.of(model)
            leaves = {unit: one for unit, one in told.items() if set(known.get(unit, ())) <= set(fields[name])}
            if leaves:
                pedigrees.add(pedigree_of(label, name, leaves))

    def write_fates(self, leaving: Leaving, folder: Path) -> list[Fate]:
        """What became of records; those that are gone, for their pedigrees."""
        gone = []
        with (folder / STATES).open("wb") as file:
            listed = writing.Listed(file)
            for fate in fates.leaving_fates(leaving, self.since.history if self.since else 0):
                listed.add(fates.written(fate))
                if fate.state == fates.DELETED:
                    gone.append(fate)
            self.files[STATES] = listed.close()
        return gone

    def attach(self, folder: Path, digest: str) -> None:
        """The bytes of an attachment, if they are still what they were."""
        attachment = Attachment.objects.filter(sha256=digest).order_by("pk")[0]
        name = f"{writing.FILES}{digest}"
        (folder / writing.FILES).mkdir(exist_ok=True)
        try:
            with attachment.file.open("rb") as source, (folder / name).open("wb") as target:
                measured = writing.Measured(target)
                for piece in source.chunks():
                    measured.write(piece)
        except OSError as error:
            raise Refusal(_("The file of “%(name)s” is not there.") % {"name": shown(attachment.name)}) from error
        if measured.told["sha256"] != digest:
            raise Refusal(_("The file of “%(name)s” is not what it was.") % {"name": shown(attachment.name)})
        self.files[name] = measured.told

    def sign(self, folder: Path) -> Departure:
        """Give the bundle its number, and write and sign its manifest."""
        with transaction.atomic():
            here = numbered()
            manifest = self.manifest(here)
            data = manifest.data()
            (folder / NAME).write_bytes(data)
            if self.signer:
                (folder / SIGNATURE).write_bytes(self.signer.sign(data))
            return Departure.objects.create(
                sequence=manifest.sequence,
                query=manifest.query,
                mark=manifest.mark,
                has_texts=manifest.texts,
                has_files=manifest.attachments,
                since=manifest.since,
                history=self.head["seq"],
                digest=writing.digest(data),
                fingerprint=manifest.key or "",
            )

    def manifest(self, here: Installation) -> Manifest:
        """What the bundle says of itself."""
        return Manifest(
            organisation=self.signer.organisation if self.signer else "",
            database=str(here.uuid),
            sequence=here.sequence,
            made_at=chain.stamp(timezone.now()),
            query=self.cut.query,
            mark=self.cut.mark,
            highest_mark=self.highest,
            since=self.since.sequence if self.since else None,
            texts=self.cut.texts,
            attachments=self.cut.attachments,
            counts=dict(sorted(self.counts.items())),
            files=dict(sorted(self.files.items())),
            history=self.head,
            key=self.signer.fingerprint if self.signer else None,
        )


def numbered() -> Installation:
    """This installation, with the number of the next bundle."""
    Installation.objects.get_or_create(is_here=True)
    Installation.objects.select_for_update().get()
    Installation.objects.update(sequence=F("sequence") + 1)
    return Installation.objects.get()


def pedigree_of(label: str, name: str, told: Any) -> bytes:
    """The edits of a record's values, on a line of their own."""
    return writing.value({"model": label, "key": [name], "edits": edits.packed(told)})


def of_gone(gone: list[Fate]) -> Iterator[bytes]:
    """The pedigrees of deletions."""
    for model in MODELS:
        names = {fate.key[0] for fate in gone if fate.model is model}
        found = edits.gone(model, names) if names else {}
        for (label, name), pedigree in sorted(found.items()):
            if name in names:
                yield pedigree_of(label, name, {"": pedigree})


def highest(leaving: Leaving) -> str:
    """The strictest mark of anything that leaves."""
    found: set[str] = set()
    for model in (Event, Report):
        found |= set(leaving.rows(model).order_by().values_list("tlp", flat=True).distinct())
    found |= set(leaving.corrections().values_list("tlp", flat=True).distinct())
    return marks.strictest(found)


def check_without_texts(leaving: Leaving) -> None:
    """Refuse to leave out the text of a report of which nothing would be left."""
    if leaving.cut.texts:
        return
    lost = leaving.rows(Report).filter(url="").order_by("pk")
    if first := lost.first():
        raise Refusal(
            _(
                "“%(report)s” has no address, so that nothing of it would be left without its text (%(number)d such "
                "reports). Enter its address, or let the texts leave."
            )
            % {"report": shown(first.title), "number": lost.count()}
        )


# Where it goes


def cut(export: Export, output: "Path | IO[bytes]", *, as_folder: bool) -> Departure:
    """Cut a bundle into a folder, a zip, or a pipe: all of it gets there, or nothing."""
    beside = output.absolute().parent if isinstance(output, Path) else None
    with tempfile.TemporaryDirectory(prefix=".bundle-", dir=beside) as made:
        folder = Path(made) / "bundle"
        folder.mkdir()
        left = export.write(folder)
        names = [name for name in (NAME, SIGNATURE) if (folder / name).exists()] + sorted(export.files)
        try:
            put(folder, names, output, as_folder=as_folder)
        except BaseException:
            left.delete()  # no later one can go on from what nobody has
            raise
    return left


def put(made: Path, names: list[str], output: "Path | IO[bytes]", *, as_folder: bool) -> None:
    """Put the files of a bundle where it goes."""
    if not isinstance(output, Path):
        writing.zipped(made, names, output)
        output.flush()
    elif as_folder:
        into_folder(made, names, output)
    else:
        with new_file(output) as file:
            writing.zipped(made, names, file)


def into_folder(made: Path, names: list[str], output: Path) -> None:
    """Put the files into a folder, over those of an earlier bundle; the manifest last, so that it is never ahead."""
    output.mkdir(exist_ok=True)
    (output / NAME).unlink(missing_ok=True)
    for old in (SIGNATURE, FIXTURE, STATES, EDITS):
        (output / old).unlink(missing_ok=True)
    if (output / writing.FILES).is_dir():
        shutil.rmtree(output / writing.FILES)
    for name in [*names[1:], names[0]]:
        (output / name).parent.mkdir(exist_ok=True)
        (made / name).replace(output / name)
