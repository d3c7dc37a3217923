"""The connection: whoever writes waits for her turn.

SQLite has no queue. Whoever asks at the right moment goes first, the others ask again ever more rarely, and with eight
busy writers one of them is told "database is locked" before long. A lock on a file beside the database wakes them in
the order in which they came. It has to be another file: closing the database's own would give up SQLite's locks on it.
"""

import fcntl
import os
from contextlib import suppress
from typing import Any

from django.db.backends.sqlite3 import base


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that stands in the queue from the beginning of each transaction to its end."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ticket: int | None = None
        self.only_reads = False  # whether transactions that begin now leave the queue to those who write

    def _start_transaction_under_autocommit(self) -> None:
        if self.only_reads:
            self.cursor().execute("BEGIN DEFERRED")
            return
        self.queue_up()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self.make_way()
            raise

    def _commit(self) -> None:
        super()._commit()  # type: ignore[misc]
        self.make_way()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self.make_way()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            self.make_way()

    def queue_up(self) -> None:
        """Wait until nobody else writes; a database in memory has one writer only."""
        name = str(self.settings_dict["NAME"])
        if self.ticket is not None or self.is_in_memory_db():
            return
        ticket = os.open(f"{name}-queue", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        # On a file system without such locks, SQLite's own way is all there is.
        with suppress(OSError):
            fcntl.flock(ticket, fcntl.LOCK_EX)
        self.ticket = ticket

    def make_way(self) -> None:
        """Let the next one write."""
        if self.ticket is not None:
            ticket, self.ticket = self.ticket, None
            os.close(ticket)
