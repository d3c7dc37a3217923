"""The connection: one that was well a moment ago is taken to be so still, and short questions are planned once."""

from time import monotonic
from typing import Any

import psycopg
from django.db.backends.postgresql import base

TRUSTED = 5.0  # seconds


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection to PostgreSQL."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.well_until = 0.0

    def close_if_health_check_failed(self) -> None:
        """Ask after its health where it has been idle for some seconds; a broken connection is made anew.

        The question takes longer than many an answer.
        """
        now = monotonic()
        if now >= self.well_until:
            super().close_if_health_check_failed()
        else:
            self.health_check_done = True
        self.well_until = now + TRUSTED

    def close_if_unusable_or_obsolete(self) -> None:
        """At the end of a request; after an error its health is asked after again."""
        if self.errors_occurred:
            self.well_until = 0.0
        super().close_if_unusable_or_obsolete()

    def prepared(self) -> Any:
        """A cursor whose statements the server plans once: for rows found by their key, whatever the values are."""
        self.close_if_health_check_failed()
        self.ensure_connection()
        return self._prepare_cursor(psycopg.Cursor(self.connection))  # type: ignore[attr-defined]
