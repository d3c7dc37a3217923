"""The way to take one value out of the history for good."""

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.management.base import CommandError

from osint.history import recording, redaction
from osint.management.tabled import Tabled


class Command(Tabled):
    help = (
        "Blank one value of a history entry, with a reason; the chain still holds, and the redaction is itself in it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("seq", type=int, help="Number of the entry.")
        parser.add_argument("field", help="The field, or @why for the reason that was given.")
        parser.add_argument("--reason", required=True)
        parser.add_argument("--by", required=True, metavar="USERNAME", help="Who has decided it.")

    def handle(self, *_args: Any, **options: Any) -> None:
        by = User.objects.filter(username=options["by"], is_active=True).first()
        if by is None or not by.has_perm("history.redact_entry"):
            raise CommandError(f"“{options['by']}” is nobody who may redact the history. Name an active administrator.")
        try:
            with recording.through("redact_history"):
                redaction.redact(options["seq"], options["field"], by, options["reason"])
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"“{options['field']}” of entry {options['seq']} is redacted.")
