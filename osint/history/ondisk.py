"""A mapping that lies in a file without a name: as much as it may hold, it takes a few megabytes of memory."""

import pickle
import sqlite3
from collections.abc import Iterator, MutableMapping
from typing import Any

Record = tuple[str, int]  # model and key
TABLE = "CREATE TABLE kept (model TEXT, key INTEGER, value BLOB, PRIMARY KEY (model, key))"


class OnDisk(MutableMapping[Record, Any]):
    """Something about each record."""

    def __init__(self) -> None:
        # SQLite deletes this file as soon as it has opened it: nobody else reads it, and a crash leaves nothing.
        self.database = sqlite3.connect("", isolation_level=None)
        for statement in ("PRAGMA journal_mode = OFF", "PRAGMA cache_size = -8000", TABLE, "BEGIN"):
            self.database.execute(statement)

    def close(self) -> None:
        """Let it go."""
        self.database.close()

    def __getitem__(self, record: Record) -> Any:
        found = self.database.execute("SELECT value FROM kept WHERE model = ? AND key = ?", record).fetchone()
        if found is None:
            raise KeyError(record)
        return pickle.loads(found[0])  # noqa: S301 - we alone have written it

    def __setitem__(self, record: Record, value: Any) -> None:
        self.database.execute("INSERT OR REPLACE INTO kept VALUES (?, ?, ?)", (*record, pickle.dumps(value)))

    def __delitem__(self, record: Record) -> None:
        if not self.database.execute("DELETE FROM kept WHERE model = ? AND key = ?", record).rowcount:
            raise KeyError(record)

    def __iter__(self) -> Iterator[Record]:
        yield from self.database.execute("SELECT model, key FROM kept ORDER BY model, key")

    def __len__(self) -> int:
        return int(self.database.execute("SELECT COUNT(*) FROM kept").fetchone()[0])
