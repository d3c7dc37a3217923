"""What is shared with others, as a file."""

import sys
from argparse import ArgumentParser, BooleanOptionalAction
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from rest_framework.exceptions import ValidationError as Refused

from osint.bundle import departures, export, keys
from osint.bundle.entries import Refusal
from osint.bundle.leaving import Cut
from osint.bundle.models import Departure
from osint.management.tabled import Tabled
from osint.progress import Progress
from sources import marks
from sources.choices import Tlp

PIPE = "-"


class Command(Tabled):
    help = "Cut a bundle: the events that answer a query of the API with all that they rest on, as a zip or a folder."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--query", default="", help="Parameters of /api/v1/events/, as site=al-hasakah&date_from=2025-11-01."
        )
        parser.add_argument(
            "--output", required=True, metavar="FILE", help="FILE.zip, a folder, or - for the standard output."
        )
        parser.add_argument(
            "--since", default="", metavar="N", help="Only what changed since bundle N, or since the bundle in a file."
        )
        parser.add_argument(
            "--texts", action=BooleanOptionalAction, default=True, help="With the words of reports, and quotes."
        )
        parser.add_argument("--files", action="store_true", help="With the files that are attached to reports.")
        parser.add_argument(
            "--tlp", default=Tlp.CLEAR, choices=marks.ORDER, help="The strictest mark that may leave; CLEAR by itself."
        )
        parser.add_argument("--key", default="", metavar="FILE", help="The private key to sign it with (make_key).")

    def handle(self, *_args: Any, **options: Any) -> None:
        cut = Cut(options["query"].lstrip("?"), options["tlp"], options["texts"], options["files"])
        try:
            left = self.cut(cut, options)
        except Refused as error:
            raise CommandError(f"No bundle was cut. {sentences(error)}") from error
        except (Refusal, ValidationError) as error:
            raise CommandError(f"No bundle was cut. {error}") from error
        except OSError as error:
            why = error.strerror or error
            raise CommandError(f"No bundle was cut: “{options['output']}” cannot be written: {why}.") from error
        self.stderr.write(told(left), str)

    def cut(self, cut: Cut, options: dict[str, Any]) -> Departure:
        """Cut it and put it where it goes."""
        output = options["output"]
        signer = keys.load(Path(options["key"])) if options["key"] else None
        since = departures.since(options["since"], cut) if options["since"] else None
        self.is_watched = options["verbosity"] > 0 and self.stderr.isatty()
        self.begin(0)
        work = export.Export(cut, since, signer, begin=self.begin, step=self.step)
        if output == PIPE:
            left = export.cut(work, sys.stdout.buffer, as_folder=False)
        else:
            path = Path(output)
            left = export.cut(work, path, as_folder=departures.is_folder(path))
        self.bar.finish()
        return left

    def begin(self, total: int) -> None:
        """So many records will be written."""
        self.bar = Progress(self.stderr, total, self.is_watched)

    def step(self, number: int) -> None:
        """So many more were."""
        self.bar.step(number)


def sentences(error: Refused) -> str:
    """What is wrong with which parameter."""
    found: Any = error.detail
    return " ".join(f"{name}: {' '.join(map(str, many))}" for name, many in found.items())


def told(left: Departure) -> str:
    """What was done."""
    signed = f"signed with {left.fingerprint[:16]}" if left.fingerprint else "not signed"
    return f"Bundle {left.sequence}: nothing above TLP:{left.mark}, {signed}. SHA-256 of its manifest: {left.digest}"
