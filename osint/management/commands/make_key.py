"""With what this organisation signs its bundles."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from osint.bundle import keys


class Command(BaseCommand):
    help = "Make a key to sign bundles with: FILE is for nobody else, FILE.pub for those who receive them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path, help="Where the private key goes.")
        parser.add_argument("--organisation", required=True, help="Whose key it is, as others will read it.")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            signer = keys.make(options["organisation"])
            public = keys.save(signer, options["file"])
        except ValidationError as error:
            raise CommandError(f"--organisation: {' '.join(error.messages)}") from error
        except FileExistsError as error:
            raise CommandError(f"“{error.filename}” is there already, and a key is never written over.") from error
        except OSError as error:
            raise CommandError(f"“{options['file']}” cannot be written: {error.strerror}.") from error
        locked = "locked with the passphrase" if keys.passphrase() else f"not locked: set {keys.PASSPHRASE} to lock it"
        self.stdout.write(f"{options['file']}: keep it ({locked}).\n{public}: give it to those who receive from you.")
        self.stdout.write(f"Fingerprint, to be compared on another way: {signer.fingerprint}")
