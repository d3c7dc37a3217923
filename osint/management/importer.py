"""What commands share that bring in a file of the field's own: what it would bring, and, where meant, bringing it."""

from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any, ClassVar

from django.core.management.base import CommandError

from osint.base.garbage import seldom_looked_for
from osint.bundle.arriving import Arriving
from osint.bundle.entries import Entry
from osint.management.reader import user_named
from osint.management.tabled import Tabled
from osint.standards import importing


class ImportCommand(Tabled):
    """A command that reads one file, shows what would become of it, and writes it with ``--apply``."""

    format: ClassVar[str]
    wanted: ClassVar[str]  # what file
    unreadable: ClassVar[type[Exception]]  # what is raised where it is another one

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help=self.wanted)
        parser.add_argument("--apply", action="store_true", help="Write it: all of it, or nothing.")
        parser.add_argument("--user", default="", help="Who brings it in, as the history says it.")

    def handle(self, *_args: Any, **options: Any) -> None:
        path, by = options["file"], user_named(options["user"])
        self.is_watched = options["verbosity"] > 0 and self.stderr.isatty()
        do = importing.carry_out if options["apply"] else importing.rehearse
        try:
            with seldom_looked_for():
                done = do(self.batches(path), Arriving(format=self.format, sha256=importing.digest(path)), by)
        except self.unreadable as error:
            raise CommandError(f"{self.named(path, error)} Nothing was written.") from error
        except OSError as error:
            raise CommandError(f"“{path}” cannot be read: {error.strerror or error}. Nothing was written.") from error
        except importing.Refused as error:
            raise CommandError(f"{error}\nSome of it cannot come in, so nothing was written.") from error
        for line in (*self.oddities(), *done.told, self.summary(done)):
            self.stdout.write(line)
        if done.refused and not options["apply"]:
            raise CommandError("Some of it cannot come in.")
        if not options["apply"]:
            self.stdout.write("Nothing was written: --apply does.")
        else:
            self.stdout.write("Written." if done.arrival else "There was nothing to write.")

    def batches(self, path: Path) -> Iterable[list[Entry]]:
        """The records of the file, some at a time."""
        raise NotImplementedError

    def named(self, _path: Path, error: Exception) -> str:
        """What is wrong with the file, and where."""
        return str(error)

    def oddities(self) -> Iterable[str]:
        """What is strange about the file, line by line."""
        return ()

    def summary(self, done: importing.Found) -> str:
        """How many records came in."""
        return ", ".join(f"{number:,} {name}" for name, number in sorted(done.counts.items())) or "Empty."
