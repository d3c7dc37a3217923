"""A backup put in the place of what there is."""

from argparse import ArgumentParser
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from osint.keeping import promises, restore
from osint.keeping.archive import Archive, Refused
from osint.keeping.checking import check
from osint.progress import Progress

FAULTY = 3  # it was restored, and something is wrong with what was
MOST = 20


class Command(BaseCommand):
    help = "Put a backup in the place of the database, all of it or nothing; it is checked before anything is changed."
    requires_system_checks = ()  # there may be no tables yet

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="A file that backup wrote.")
        parser.add_argument("--replace", action="store_true", help="Lose the data that are here.")
        parser.add_argument("--check", action="store_true", help="Only look whether the file is whole.")
        parser.add_argument(
            "--accept-history",
            action="store_true",
            help="Restore although the history does not hold, or was sealed with a key that is not here.",
        )
        parser.add_argument("--progress", action="store_true", help="Show how far it is, also where nobody watches.")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            with Archive(Path(options["file"])) as archive:
                (self.look if options["check"] else self.restore)(archive, options)
        except Refused as error:
            raise CommandError(str(error)) from error

    def restore(self, archive: Archive, options: dict[str, Any]) -> None:
        """Put it back, and look at what was put back."""
        is_watched = options["progress"] or (options["verbosity"] > 0 and self.stderr.isatty())
        bar = Progress(self.stderr, restore.rows_in(archive), is_watched, "Restoring ")
        wanted = {name: options[name] for name in ("replace", "accept_history")}
        done = restore.restore(archive, **wanted, step=bar.step)
        bar.finish()
        self.stdout.write(f"{done.rows:,} rows and {done.files:,} files are as they were on {done.made_at}.")
        self.stdout.write("Start the server again, so that nothing it remembers is from before.")
        found = [*done.faults, *map(str, islice(promises.breaches(), MOST))]
        if found:
            told = "\n".join(found)
            raise CommandError(f"Restored, but not everything is as it should be:\n{told}", returncode=FAULTY)

    def look(self, archive: Archive, _options: dict[str, Any]) -> None:
        """Look at the file alone."""
        if faults := check(archive):
            raise CommandError("The file is whole, but its history does not hold:\n" + "\n".join(faults))
        head = archive.manifest["head"]["seq"]
        self.stdout.write(f"“{archive.path}” is whole: {restore.rows_in(archive):,} rows; the history ends at {head}.")
