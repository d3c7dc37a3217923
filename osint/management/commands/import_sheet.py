"""A spreadsheet of events in: what it would do, and with --apply done."""

from argparse import ArgumentParser
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError

from osint.base.newfile import new_file
from osint.management.reader import user_named
from osint.management.tabled import Tabled
from osint.sheets import importing

MOST = 100
IN_PART = 3  # some rows came in, others did not


class Command(Tabled):
    help = "Read events from a spreadsheet (CSV in UTF-8, or XLSX) and say what would come in; --apply writes drafts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="The sheet; its first row has the headings.")
        parser.add_argument("--apply", action="store_true", help="Write the good rows, as drafts.")
        parser.add_argument(
            "--map",
            action="append",
            default=[],
            metavar="HEADING=COLUMN",
            help="What a heading is; - is nothing.",
        )
        parser.add_argument("--rest", type=Path, help="Where to write the rows that cannot come in (CSV).")
        parser.add_argument("--user", default="", help="Who enters it; without, whoever runs the installation.")

    def handle(self, *_args: Any, **options: Any) -> None:
        by = user_named(options["user"])
        chosen = dict(one.rpartition("=")[::2] for one in options["map"])
        try:
            content = options["file"].read_bytes()
            arrived = importing.read(content, options["file"].name, chosen, by)
            self.tell(arrived)
            written = arrived.apply(by) if options["apply"] else None
            self.give_back(arrived, options["rest"])
        except OSError as error:
            raise CommandError(f"“{error.filename or options['rest']}” cannot be used: {error.strerror}.") from error
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.finish(arrived, is_written=written is not None, asked=options["apply"])

    def tell(self, arrived: importing.Arrived) -> None:
        """Say what stands where, and what is wrong."""
        for head in arrived.unknown:
            why = "no column is known by that name, or another is it already"
            self.stdout.write(f"“{head}” is left out: {why}. Say which it is with --map.")
        for problem in islice(arrived.problems, MOST):
            self.stdout.write(str(problem))
        if len(arrived.problems) > MOST:
            self.stdout.write(f"… and {len(arrived.problems) - MOST} more: --rest writes them all.")
        counts = ", ".join(f"{number} {name}" for name, number in arrived.plan.counts.items())
        self.stdout.write(f"{arrived.good} of {len(arrived.sheet.rows)} rows can come in: {counts or 'no'} records.")

    def give_back(self, arrived: importing.Arrived, path: Path | None) -> None:
        """Write the rows that cannot come in."""
        if path is not None and arrived.bad:
            with new_file(path) as file:
                file.writelines(arrived.rest())
            self.stdout.write(f"The other rows are in {path}: mend them, and send that file.")

    def finish(self, arrived: importing.Arrived, *, is_written: bool, asked: bool) -> None:
        """Say what was done."""
        if not asked:
            self.stdout.write("Nothing was written: --apply does.")
        else:
            self.stdout.write("Written, as drafts." if is_written else "There was nothing to write.")
        if arrived.bad:
            raise CommandError(f"{len(arrived.bad)} rows cannot come in.", returncode=IN_PART if is_written else 1)
