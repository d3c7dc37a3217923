"""``flush`` that is not stopped by the triggers which keep single rows from going."""

from typing import Any

from django.core.management.commands import flush
from django.db import connections

from osint.base import guards
from osint.management.tabled import Tabled


class Command(Tabled, flush.Command):
    """Empty the database, history and all, and start anew."""

    def handle(self, **options: Any) -> None:
        connection = connections[options["database"]]
        guards.remove(guards.GUARDS, connection)
        try:
            super().handle(**options)
        finally:
            guards.make(guards.GUARDS, connection)
