"""The promises that the data are held to, each looked at over the whole database; printing is the caller's.

A rule stands where it always stands (constraints, models, ``events.provenance``): here it is asked of every record, for
what was written past all doors.
"""

from osint.keeping.promises import arrivals, evidence, files, held, history, readers, rows, totals
from osint.keeping.promises.registry import PROMISES, Breach, Promise, breaches

__all__ = [
    "PROMISES", "Breach", "Promise", "arrivals", "breaches", "evidence", "files", "held", "history", "readers", "rows",
    "totals",
]  # fmt: skip
