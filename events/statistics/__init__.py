"""How many events, and how many of what: counted by one or two dimensions, nothing twice and nothing smeared.

Invariant: every figure rests on what the reader may see, and on nothing else. So a part that is hidden answers as one
that was never entered: what its whole says beyond the visible parts stays unexplained in both cases.
"""

from events.statistics.answer import statistics
from events.statistics.question import Question, admitting

__all__ = ["Question", "admitting", "statistics"]
