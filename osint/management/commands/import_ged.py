"""UCDP GED in: reports, events, claims and counts."""

from collections.abc import Iterator
from pathlib import Path

from osint.bundle.entries import Entry
from osint.management.importer import ImportCommand
from osint.progress import Progress
from osint.standards import importing
from osint.standards.ged import entries, files
from osint.standards.ged.rows import Row
from osint.standards.ged.shared import read as shared_by


class Command(ImportCommand):
    help = "Show what a file of UCDP GED (.csv or .csv.gz) would bring in, as drafts; with --apply, bring it in."
    format = "UCDP GED"
    wanted = "The file as UCDP gives it: UTF-8, its columns in the first line."
    unreadable = files.Unreadable

    def batches(self, path: Path) -> Iterator[list[Entry]]:
        """Read twice: what an article passes on stands in all of its rows, and whoever is refused is so at once."""
        self.rows, self.unordered = 0, list[Row]()
        shared = shared_by(self.checked(path))
        self.progress = Progress(self.stderr, self.rows, self.is_watched, "GED ")
        return entries.batches(self.counted(path), shared)

    def checked(self, path: Path) -> Iterator[Row]:
        """The rows, counted; those whose estimates are out of order are remembered."""
        for row in files.rows(path):
            self.rows += 1
            if not row.is_in_order:
                self.unordered.append(row)
            yield row

    def counted(self, path: Path) -> Iterator[Row]:
        """The rows, while the bar moves on."""
        for row in files.rows(path):
            yield row
            self.progress.step()
        self.progress.finish()

    def named(self, path: Path, error: Exception) -> str:
        """What is wrong, in which file."""
        return f"{path.name}, {error}"

    def oddities(self) -> Iterator[str]:
        """Rows whose estimates are out of order."""
        for row in self.unordered:
            told = f"low {row['low']}, best {row['best']}, high {row['high']}"
            yield f"line {row.number}, id {row['id']}: {told} are not in order; kept as reported."

    def summary(self, done: importing.Found) -> str:
        """How many rows there were, and how many records came in."""
        counts = ", ".join(f"{number:,} {name}" for name, number in sorted(done.counts.items()))
        return f"{self.rows:,} rows, {len(self.unordered):,} of them out of order. Records: {counts}."
