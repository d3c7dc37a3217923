"""Changing an event and leaving a trace: the door of every change, and the only place that sets a status."""

from events.workflow.arriving import Became, become, remember_published, settle_arrived
from events.workflow.assigning import OTHERS, assign, colleague, workers
from events.workflow.changes import changing, changing_all, frozen, remember, settle, snapshot, whole
from events.workflow.merging import merge, unmerge
from events.workflow.moves import MOVES, Alone, comment, is_alone, possible, publish, retract, send_back, submit

__all__ = [
    "MOVES",
    "OTHERS",
    "Alone",
    "Became",
    "assign",
    "become",
    "changing",
    "changing_all",
    "colleague",
    "comment",
    "frozen",
    "is_alone",
    "merge",
    "possible",
    "publish",
    "remember",
    "remember_published",
    "retract",
    "send_back",
    "settle",
    "settle_arrived",
    "snapshot",
    "submit",
    "unmerge",
    "whole",
    "workers",
]
