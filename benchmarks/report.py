"""What was measured, as a file and as a table."""

import json
from pathlib import Path
from typing import Any

from benchmarks import kept

OUT = kept.HERE / "out"
GROWING = ("Q1", "Q2", "Q4", "Q7", "Q9", "admin list")


def file(size: str, engine: str) -> Path:
    """Where a run is written down."""
    return OUT / f"{size}-{engine}.json"


def write(size: str, engine: str, told: dict[str, Any]) -> None:
    """Write it down, with how it grew where the smallest size was measured before."""
    smallest = file("10k", engine)
    if size != "10k" and smallest.exists():
        before = json.loads(smallest.read_text())
        for name in GROWING:
            if name in before and name in told:
                told[name]["growth_from_10k"] = round(told[name]["ours_ms"] / before[name]["ours_ms"], 2)
    OUT.mkdir(exist_ok=True)
    file(size, engine).write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n")


def table(told: dict[str, Any]) -> str:
    """The questions as a table, then everything else as lines."""
    head = ["", "ours ms", "p95", "floor ms", "plain ms", "ours / floor", "plain / ours", "growth from 10k"]
    keys = ["ours_ms", "ours_p95_ms", "floor_ms", "plain_ms", "ratio_floor", "times_plain", "growth_from_10k"]
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    rest = []
    for name, one in told.items():
        if "ours_p95_ms" in one:
            cells = [("≥ " if is_bound(one, key) else "") + number(one.get(key)) for key in keys]
            lines.append(f"| {name}: {one['question']} | " + " | ".join(cells) + " |")
        else:
            rest.append(f"{name}: " + ", ".join(f"{key} {value}" for key, value in one.items()))
    return "\n".join([*lines, "", *rest])


def is_bound(one: dict[str, Any], key: str) -> bool:
    """Whether plain REST framework would have taken longer still."""
    return "plain" in key and "plain_gave_up" in one


def number(value: float | None) -> str:
    """A number as a person reads it."""
    if value is None:
        return "–"
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
