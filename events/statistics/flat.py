"""The statistics as a table: a line a cell, what stands apart included, the total not, so that columns can be added."""

from collections.abc import Iterator
from typing import Any

from events.statistics.dimensions import Apart
from events.statistics.figures import Figures
from events.statistics.question import Question


def columns(question: Question) -> list[str]:
    """The names of the columns."""
    return [*question.names, *Figures().told(measured=bool(question.measure))]


def lines(answer: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every line of an answer; without a dimension, the total."""
    if not answer["by"]:
        yield {name: value for name, value in answer["total"].items() if name != "wholes"}
    yield from answer["rows"]
    for kind in Apart:
        beside = answer[kind.value]
        if beside and "rows" in beside:
            yield from beside["rows"]
        elif beside and (beside["events"] or beside.get("best") is not None):
            yield {answer["by"][0]: kind.value} | beside
