"""The rows of a sent form: read out of it, and written back under other numbers."""

from dataclasses import dataclass, field
from typing import Any

MOST = 2_000  # as many as Django reads of one formset
DELETE = "DELETE"


@dataclass
class Row:
    """One row as it was sent: its number, its key where it was there before, and what was sent of each field."""

    number: int
    key: int | None = None
    values: dict[str, list[str]] = field(default_factory=dict)

    @property
    def is_deleted(self) -> bool:
        """Whether the row was marked to be deleted."""
        return bool(self.values.get(DELETE))


def whole_number(text: Any) -> int:
    """The number sent, or none."""
    text = str(text or "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


def read(data: Any, prefix: str, key_name: str) -> list[Row]:
    """The rows that were sent under this prefix."""
    total = min(whole_number(data.get(f"{prefix}-TOTAL_FORMS")), MOST)
    known = min(whole_number(data.get(f"{prefix}-INITIAL_FORMS")), total)
    rows = [Row(number) for number in range(total)]
    for name in data:
        number, _dash, suffix = name.removeprefix(f"{prefix}-").partition("-")
        if name.startswith(f"{prefix}-") and suffix and number.isdecimal() and whole_number(number) < total:
            rows[int(number)].values[suffix] = data.getlist(name)
    for row in rows[:known]:
        row.key = whole_number("".join(row.values.get(key_name, []))) or None
    return rows


def write(data: Any, prefix: str, known: list[Row], new: list[Row]) -> None:
    """Replace the rows under this prefix by these, numbered anew."""
    for name in [name for name in data if is_of_a_row(name, prefix)]:
        del data[name]
    for number, row in enumerate([*known, *new]):
        for suffix, values in row.values.items():
            data.setlist(f"{prefix}-{number}-{suffix}", values)
    data[f"{prefix}-INITIAL_FORMS"] = str(len(known))
    data[f"{prefix}-TOTAL_FORMS"] = str(len(known) + len(new))


def is_of_a_row(name: str, prefix: str) -> bool:
    """Whether the field is one of a numbered row of this prefix."""
    number, dash, _suffix = name.removeprefix(f"{prefix}-").partition("-")
    return name.startswith(f"{prefix}-") and bool(dash) and number.isdecimal()


def tidy(data: Any, prefix: str) -> None:
    """Take out the new rows under this prefix that are marked to be left out."""
    sent = read(data, prefix, "")
    known = whole_number(data.get(f"{prefix}-INITIAL_FORMS"))
    write(data, prefix, sent[:known], [row for row in sent[known:] if not row.is_deleted])
