"""A spreadsheet of events out: it can be changed, and comes back by import_sheet."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError

from osint.base.errors import sentence_of
from osint.base.newfile import new_file
from osint.management.reader import reader_named
from osint.management.tabled import Tabled
from osint.sheets import leaving
from osint.standards import asking

PIPE = "-"


class Command(Tabled):
    help = "Write events as a spreadsheet, a row for each event and report; import_sheet reads it back."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="The file; its ending says what it is: .csv or .xlsx. - is CSV to the output.")
        parser.add_argument("--query", default="", help="A question of the API, as in site=al-hasakah&status=draft.")
        parser.add_argument("--user", default="", help="As whom to read; without it, what everybody may see.")
        parser.add_argument("--template", action="store_true", help="Write an empty sheet; as .xlsx with all codes.")

    def handle(self, *_args: Any, **options: Any) -> None:
        kind = kind_of(options["file"])
        try:
            content = leaving.template(kind) if options["template"] else self.sheet(kind, options)
            if options["file"] == PIPE:
                sys.stdout.buffer.write(content)
                sys.stdout.buffer.flush()
            else:
                with new_file(Path(options["file"])) as file:
                    file.write(content)
        except ValidationError as error:
            raise CommandError(f"--query: {sentence_of(error)}") from error
        except OSError as error:
            raise CommandError(f"“{options['file']}” cannot be written: {error.strerror}.") from error

    def sheet(self, kind: str, options: dict[str, Any]) -> bytes:
        """The events that are asked for."""
        reader = reader_named(options["user"])
        keys = list(asking.keys(options["query"], reader))
        columns = leaving.heads(key for some in keys for key in some)
        found = (event for some in asking.with_evidence(keys, reader) for event in some)
        return leaving.written(kind, columns, leaving.rows(found, columns))


def kind_of(name: str) -> str:
    """Which of the two kinds of file its ending promises."""
    kind = "csv" if name == PIPE else Path(name).suffix.lower().removeprefix(".")
    if kind not in leaving.KINDS:
        raise CommandError(f"“{name}” ends neither in .csv nor in .xlsx: the ending says which of them is written.")
    return kind
