"""UCDP GED in: reports, events, claims and counts."""

from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from osint.bundle.arriving import Arriving
from osint.management.reader import reader_named
from osint.progress import Progress
from osint.standards import importing
from osint.standards.ged import entries, files
from osint.standards.ged.rows import Row
from osint.standards.ged.shared import read as shared_by


class Command(BaseCommand):
    help = "Show what a file of UCDP GED (.csv or .csv.gz) would bring in, as drafts; with --apply, bring it in."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="The file as UCDP gives it: UTF-8, its columns in the first line.")
        parser.add_argument("--apply", action="store_true", help="Write it: all of it, or nothing.")
        parser.add_argument("--user", default="", help="Who brings it in, as the history says it.")

    def handle(self, *_args: Any, **options: Any) -> None:
        path, by = options["file"], reader_named(options["user"]) if options["user"] else None
        self.unordered: list[Row] = []
        try:
            # Read twice: what an article passes on stands in all of its rows, and whoever is refused is so at once.
            shared = shared_by(self.checked(path))
            progress = Progress(self.stderr, self.rows, options["verbosity"] > 0 and self.stderr.isatty(), "GED ")
            batches = entries.batches(self.counted(path, progress), shared)
            arriving = Arriving(format="UCDP GED", sha256=importing.digest(path))
            done = (importing.carry_out if options["apply"] else importing.rehearse)(batches, arriving, by)
        except (files.Unreadable, OSError) as error:
            raise CommandError(f"{path.name}, {error} Nothing was written.") from error
        except importing.Refused as error:
            raise CommandError(f"{error}\nSome of it cannot come in, so nothing was written.") from error
        progress.finish()
        self.tell(done, written=options["apply"])

    def checked(self, path: Path) -> Iterator[Row]:
        """The rows, counted; those whose estimates are out of order are remembered."""
        self.rows = 0
        for row in files.rows(path):
            self.rows += 1
            if not row.is_in_order:
                self.unordered.append(row)
            yield row

    @staticmethod
    def counted(path: Path, progress: Progress) -> Iterator[Row]:
        """The rows, while the bar moves on."""
        for row in files.rows(path):
            yield row
            progress.step()

    def tell(self, done: importing.Found, *, written: bool) -> None:
        """Say what came in, and what is strange about it."""
        for row in self.unordered:
            told = f"low {row['low']}, best {row['best']}, high {row['high']}"
            self.stdout.write(f"line {row.number}, id {row['id']}: {told} are not in order; kept as reported.")
        for line in done.told:
            self.stdout.write(line)
        counts = ", ".join(f"{number:,} {name}" for name, number in sorted(done.counts.items()))
        self.stdout.write(f"{self.rows:,} rows, {len(self.unordered):,} of them out of order. Records: {counts}.")
        if done.refused and not written:
            raise CommandError("Some of it cannot come in.")
        self.stdout.write("Written." if written else "Nothing was written: --apply does.")
