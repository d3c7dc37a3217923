"""Who sees what, as numbers: a mark of the Traffic Light Protocol, read by everybody or at a desk alone.

It is the rule of ``sources.marks`` and of the querysets over again, for records as they were: no queryset can be asked
for those. A test holds the two together.
"""

from itertools import combinations
from typing import TYPE_CHECKING

from django.db.models import Q

from osint.history import editions
from osint.history.notices import NOBODY, Audience, Audiences
from osint.history.recording import State
from sources import marks
from sources.choices import Tlp

if TYPE_CHECKING:
    from sources.querysets import Reader

# Where it can be read at all: to the public, or by who has one of these permissions for each desk that it lies on.
# Five marks each, and a place of its own for every combination of desks.
PUBLIC, EVENTS_DESK, REPORTS_DESK, JUDGES_DESK = 0, 5, 10, 20
JUDGING = ("sources.view_reportjudgement", *(f"events.view_{kind}judgement" for kind in ("event", "site", "actor")))
DESKS = {EVENTS_DESK: ("events.change_event",), REPORTS_DESK: ("sources.change_report",), JUDGES_DESK: JUDGING}
RED = marks.ORDER.index(Tlp.RED)
STEPS = len(marks.ORDER)
EVERYBODY: Audiences = frozenset({Audience(PUBLIC)})
JUDGES: Audiences = frozenset({Audience(JUDGES_DESK)})


def marked(state: State | None, desk: int = PUBLIC, owner: State | None = None) -> Audiences:
    """Who sees a record with this mark at this desk; what is RED is its owner's."""
    if state is None:
        return NOBODY
    mark = marks.ORDER.index(state["tlp"])
    named = owner or state
    persons = {named["created_by"], named["assignee"]} - {None} if mark == RED else set()
    return frozenset({Audience(desk + mark, frozenset(persons))})


def both(one: Audiences, other: Audiences) -> Audiences:
    """Who sees the one as well as the other."""
    return frozenset(together(first, second) for first in one for second in other)


def together(one: Audience, other: Audience) -> Audience:
    """Who belongs to both."""
    desk = (one.level // STEPS | other.level // STEPS) * STEPS
    red = [audience.persons for audience in (one, other) if audience.level % STEPS == RED]
    persons = frozenset.intersection(*red) if red else frozenset()
    return Audience(desk + max(one.level % STEPS, other.level % STEPS), persons)


def told_to(reader: "Reader", side: str) -> Q:
    """The condition that the reader belongs to the audience on this side of a notice."""
    condition = Q(**{f"{side}__in": levels_of(reader)})
    if not reader.is_authenticated:
        return condition
    theirs = Q(**{f"{side}_one": reader.pk}) | Q(**{f"{side}_other": reader.pk})
    return condition | Q(**{f"{side}__in": [desk + RED for desk in desks_of(reader)]}) & theirs


@editions.levels
def levels_of(reader: "Reader") -> list[int]:
    """The levels of which the reader sees everything."""
    seen = [marks.ORDER.index(mark) for mark in marks.seen_by(reader)]
    return [desk + mark for desk in desks_of(reader) for mark in seen]


def desks_of(reader: "Reader") -> list[int]:
    """Where the reader reads: every combination of the reader's desks."""
    own = [desk for desk, those in DESKS.items() if any(marks.may(reader, permission) for permission in those)]
    return [sum(some) for number in range(len(own) + 1) for some in combinations(own, number)]
