"""Whose bundles are believed here."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from osint.bundle import keys
from osint.bundle.entries import Refusal
from osint.bundle.models import Key
from osint.history import recording
from osint.management.reader import user_named
from osint.management.tabled import Tabled


class Command(Tabled):
    help = "Trust the key of another organisation, or trust it no longer; without arguments, list the keys."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path, nargs="?", help="The .pub file that they gave you.")
        parser.add_argument("--publish", action="store_true", help="What they call published is published here too.")
        parser.add_argument("--revoke", default="", metavar="FINGERPRINT", help="Trust this key no longer.")
        parser.add_argument("--why", default="", help="Why: what was compared and with whom, or why it is revoked.")
        parser.add_argument(
            "--user", default="", help="Who says so, as is remembered; else the account of the machine."
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["revoke"] and options["file"]:
            raise CommandError("Either trust a key (FILE) or revoke one (--revoke FINGERPRINT).")
        by = user_named(options["user"])
        try:
            with recording.through("trust_key"):
                if options["revoke"]:
                    key = keys.named(options["revoke"])
                    keys.revoke(key, options["why"], by)
                elif options["file"]:
                    key = keys.trust(options["file"], may_publish=options["publish"], by=by, why=options["why"])
                else:
                    self.list()
                    return
        except Refusal as error:
            raise CommandError(str(error)) from error
        self.stdout.write(line(key))

    def list(self) -> None:
        """All keys, one a line."""
        for key in Key.objects.all():
            self.stdout.write(line(key))


def line(key: Key) -> str:
    """A key in one line."""
    state = f"revoked: {key.revoked_why}" if not key.is_valid else "may publish" if key.may_publish else "trusted"
    return f"{key.fingerprint}  {key.organisation}  ({state})"
