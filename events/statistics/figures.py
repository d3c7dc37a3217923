"""What one cell of the statistics says: how many events, and what their counts add up to."""

from dataclasses import dataclass
from typing import Any

BOUNDS = ("low", "best", "high")
# A sum comes from the database in two pieces, quotient and remainder: SQLite's own SUM overflows at 64 bits.
PIECE = 1_000_000_000


@dataclass(slots=True)
class Figures:
    """Sums over events; a bound is none where no event has it, and ``without_…`` says how many lack it."""

    events: int = 0
    aggregates: int = 0
    low: int | None = None
    best: int | None = None
    high: int | None = None
    without_low: int = 0
    without_best: int = 0
    without_high: int = 0
    without_number: int = 0

    @classmethod
    def of(cls, events: int, aggregates: int | None) -> "Figures":
        """The figures as a statement gives them that adds nothing up."""
        return cls(events, aggregates or 0)

    @classmethod
    def measured(cls, events: int, aggregates: int | None, *sums: Any) -> "Figures":
        """The figures as a statement gives them that adds something up."""
        found = cls(events, aggregates or 0, without_number=int(sums[-1] or 0))
        for place, bound in enumerate(BOUNDS):
            quotient, rest, without = sums[3 * place : 3 * place + 3]
            setattr(found, bound, None if quotient is None else int(quotient) * PIECE + int(rest))
            setattr(found, f"without_{bound}", int(without or 0))
        return found

    def add(self, other: "Figures") -> None:
        """Take in what another cell says."""
        for name in ("events", "aggregates", "without_number", *(f"without_{bound}" for bound in BOUNDS)):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for bound in BOUNDS:
            if (more := getattr(other, bound)) is not None:
                setattr(self, bound, (getattr(self, bound) or 0) + more)

    def bounds(self) -> dict[str, Any]:
        """Low, best and high."""
        return {bound: getattr(self, bound) for bound in BOUNDS}

    def told(self, *, measured: bool) -> dict[str, Any]:
        """The figures as the answer tells them."""
        told: dict[str, Any] = {"events": self.events, "aggregates": self.aggregates}
        return told | self.summed() if measured else told

    def summed(self) -> dict[str, Any]:
        """What the counts add up to."""
        lacking = {f"without_{bound}": getattr(self, f"without_{bound}") for bound in BOUNDS}
        return self.bounds() | lacking | {"without_number": self.without_number}


def rest(whole: Figures, parts: Figures) -> Figures | None:
    """What a whole says beyond its parts, bound by bound and never under zero; none where the parts explain it all.

    Of a whole without any number ("dozens") nobody can say that it is explained.
    """
    found = Figures(**{f"without_{bound}": getattr(whole, f"without_{bound}") for bound in BOUNDS})
    found.without_number = whole.without_number
    said = {bound: getattr(whole, bound) for bound in BOUNDS if getattr(whole, bound) is not None}
    for bound, value in said.items():
        setattr(found, bound, max(0, value - (getattr(parts, bound) or 0)))
    is_left = any(getattr(found, bound) for bound in said) if said else whole.without_number
    return found if is_left else None
