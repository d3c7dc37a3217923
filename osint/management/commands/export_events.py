"""Events in a format of the field, to a file or to whatever comes next."""

import sys
from argparse import ArgumentParser
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError

from osint.base.errors import sentence_of
from osint.base.newfile import new_file
from osint.management.reader import reader_named
from osint.management.tabled import Tabled
from osint.progress import Progress
from osint.standards import asking
from osint.standards.forms import FORMS


class Command(Tabled):
    help = "Write events as ACLED, UCDP GED or STIX 2.1 tell of them; what each leaves out is in docs/formats.md."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--format", choices=sorted(FORMS), required=True)
        parser.add_argument("--query", default="", help="A question of the API: site=al-hasakah&date_from=2025-11-01.")
        parser.add_argument("--output", default="-", help="The file; - writes to the standard output.")
        parser.add_argument(
            "--user", default="", help="As whom to read; without it, what everybody may see: published and CLEAR."
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        reader, to_file = reader_named(options["user"]), options["output"] != "-"
        try:
            chunks = list(asking.keys(options["query"], reader))
        except ValidationError as error:
            raise CommandError(f"--query: {sentence_of(error)}") from error
        number = sum(map(len, chunks))
        watched = options["verbosity"] > 0 and self.stderr.isatty()
        self.progress = Progress(self.stderr, number, watched, f"{options['format']} ")
        form = FORMS[options["format"]](reader)
        target = Path(options["output"])
        try:
            with new_file(target) if to_file else nullcontext(sys.stdout.buffer) as file:
                for some in form.pieces(self.counted(asking.with_evidence(chunks, reader))):
                    file.write(some)
                file.flush()
        except BrokenPipeError:
            return
        except OSError as error:
            raise CommandError(f"{target} cannot be written: {error.strerror}.") from error
        self.progress.finish()
        if options["verbosity"]:
            self.stderr.write(f"{form.written:,} of {number:,} events written{form.remark(number)}.", lambda text: text)

    def counted(self, chunks: Any) -> Any:
        """The same, while the bar moves on."""
        for chunk in chunks:
            yield chunk
            self.progress.step(len(chunk))
