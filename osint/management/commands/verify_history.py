"""Proof that the history is as it was written, and the records as the history says."""

from argparse import ArgumentParser
from itertools import chain, islice
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError

from osint.base.snapshot import one_view
from osint.history import heads, verify
from osint.history.models import Entry
from osint.management.tabled import Tabled
from sources import checksums

MOST = 50


class Command(Tabled):
    help = "Check the chain of the history, saved heads, every live record and every attachment against it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--head", action="append", default=[], metavar="FILE", help="A head saved earlier (history_head)."
        )
        parser.add_argument(
            "--key", default="", help="The public key that signed the heads, if not this installation's."
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        saved = [self.read(Path(name), options["key"] or heads.public_key()) for name in options["head"]]
        with one_view():
            found = list(islice(chain(verify.faults(saved), checksums.faults()), MOST))
            count = Entry.objects.count()
        for fault in found:
            self.stderr.write(str(fault))
        if found:
            raise CommandError("The history or the records were changed past it. The first fault is named above.")
        self.stdout.write(f"{count} entries: the chain holds, and the records are as it says.")

    def read(self, path: Path, key: str) -> tuple[int, str]:
        """The head in this file."""
        try:
            return heads.read(path.read_text(), key)
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"“{path}” cannot be read: {error}. Give a file that history_head wrote.") from error
        except ValidationError as error:
            raise CommandError(f"“{path}”: {' '.join(error.messages)}") from error
