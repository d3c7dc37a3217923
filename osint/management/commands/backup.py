"""The whole database and its files in one file, while people go on working."""

import shutil
import sys
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from osint.keeping import backup
from osint.keeping.archive import Refused
from osint.management.tabled import Tabled
from osint.progress import Progress

FAULTY = 3  # there is a backup, and something is wrong with what is in it


class Command(Tabled):
    help = "Write the whole database and all attached files into one file, which restore reads on either engine."
    needs_all = False  # it reads an older database too

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="The file to write, or - for standard output.")
        parser.add_argument("--progress", action="store_true", help="Show how far it is, also where nobody watches.")

    def handle(self, *_args: Any, **options: Any) -> None:
        is_watched = options["progress"] or (options["verbosity"] > 0 and self.stderr.isatty())
        bar = Progress(self.stderr, backup.number_of_rows() if is_watched else 0, is_watched, "Writing ")
        try:
            made = self.to_stdout(bar) if options["file"] == "-" else backup.write(Path(options["file"]), bar.step)
        except Refused as error:
            raise CommandError(str(error)) from error
        bar.finish()
        self.stderr.write(
            f"{made.rows:,} rows and {made.files:,} files in {made.size:,} bytes; the history ends at {made.head}.", str
        )
        if made.faults:
            told = "\n".join(made.faults)
            raise CommandError(f"The backup is written, but what is in it is not whole:\n{told}", returncode=FAULTY)

    def to_stdout(self, bar: Progress) -> backup.Made:
        """Write a file first, so that nothing is sent that was not checked."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "backup.zip"
            made = backup.write(path, bar.step)
            with path.open("rb") as file:
                shutil.copyfileobj(file, sys.stdout.buffer)
            sys.stdout.buffer.flush()
        return made
