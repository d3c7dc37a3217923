"""Changing an event and leaving a trace: the door of every change, and the only place that sets a status."""

from events.workflow.assigning import OTHERS, assign, colleague, workers
from events.workflow.changes import changing, frozen, remember, settle, snapshot, whole
from events.workflow.merging import merge, unmerge
from events.workflow.moves import MOVES, Alone, comment, is_alone, possible, publish, retract, send_back, submit

__all__ = [
    "MOVES",
    "OTHERS",
    "Alone",
    "assign",
    "changing",
    "colleague",
    "comment",
    "frozen",
    "is_alone",
    "merge",
    "possible",
    "publish",
    "remember",
    "retract",
    "send_back",
    "settle",
    "snapshot",
    "submit",
    "unmerge",
    "whole",
    "workers",
]
