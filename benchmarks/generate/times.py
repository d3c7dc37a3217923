"""When events happened, and when they were entered and changed."""

from calendar import monthrange
from datetime import date, datetime, timedelta
from random import Random
from typing import NamedTuple

FIRST, LAST = date(2011, 3, 18), date(2026, 6, 30)
DAYS = (LAST - FIRST).days
NOW = datetime(2026, 7, 12)  # noqa: DTZ001 - as the database keeps it
YESTERDAY = NOW - timedelta(days=1)
CHANGED_YESTERDAY = 0.002


class When(NamedTuple):
    """A date as EDTF, with its bounds."""

    edtf: str
    earliest: str
    latest: str


def happened(lot: Random, published: date, *, is_vague: bool) -> When:
    """A date shortly before this publication: mostly a day, else a few days, one of two, or a month."""
    day = published - timedelta(days=int(lot.expovariate(0.7)))
    chance = lot.random()
    if is_vague or chance < 0.06:
        month = f"{day:%Y-%m}"
        return When(month, f"{month}-01", f"{month}-{monthrange(day.year, day.month)[1]}")
    if chance < 0.86:
        return When(f"{day}", f"{day}", f"{day}")
    before = day - timedelta(days=2)
    return When(f"{before}/{day}" if chance < 0.96 else f"[{before},{day}]", f"{before}", f"{day}")


def entered(lot: Random, published: date) -> tuple[str, str]:
    """When a record was made and when it was last changed, as the database keeps it."""
    made = datetime(published.year, published.month, published.day) + timedelta(  # noqa: DTZ001
        days=lot.random() * 9, microseconds=1
    )
    if lot.random() < CHANGED_YESTERDAY:
        changed = YESTERDAY + timedelta(days=lot.random(), microseconds=1)
    else:
        changed = min(made + timedelta(days=lot.random() * 300), YESTERDAY - timedelta(days=lot.random() + 0.001))
    return moment(made), moment(changed)


def moment(at: datetime) -> str:
    """As the database keeps it, always to the microsecond."""
    return at.isoformat(" ", "microseconds")
