"""The head of the history, to keep where nobody who writes to the database can change it."""

import json
from argparse import ArgumentParser
from typing import Any

from osint.history import heads
from osint.management.tabled import Tabled


class Command(Tabled):
    help = "Print number and hash of the last entry of the history; with --sign, signed (Ed25519). Keep it elsewhere."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--sign", action="store_true", help="Sign it with the key of this installation.")

    def handle(self, *_args: Any, **options: Any) -> None:
        self.stdout.write(json.dumps(heads.signed() if options["sign"] else heads.head()))
