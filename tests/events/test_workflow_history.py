"""Who made a move is in the history, with the reason that was given."""

import json

import pytest

from events import workflow
from osint.history.models import Entry
from tests import factories as make

pytestmark = pytest.mark.django_db


def test_each_move_is_told_with_who_made_it_and_why(alice, edith):
    event = make.make_whole_event()
    moves = [
        (workflow.submit, alice, (), None),
        (workflow.send_back, edith, ("Which base?",), "Which base?"),
        (workflow.assign, alice, (alice,), None),
        (workflow.publish, edith, (), None),
        (workflow.retract, edith, (" Withdrawn. ",), "Withdrawn."),
    ]
    for move, by, rest, why in moves:
        move(event, by, *rest)  # type: ignore[operator]
        entry = Entry.objects.filter(model="events.event").latest("seq")
        assert (entry.by, entry.action) == (by, "change"), move
        told = entry.values.filter(field="@why").values_list("text", flat=True).first()
        assert (json.loads(told) if told else None) == why, move
