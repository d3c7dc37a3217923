"""What is said of events: corrections, comments, judgements; seen by who sees the event."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.db.models import Q

from events.models import ActorJudgement, Comment, Correction, Event, EventJudgement, SiteJudgement
from events.notices.seen import AFTER, BEFORE, Events, at_desk, owners
from osint.base.chunks import chunks
from osint.history.notices import NOBODY, Audiences, Told, own, teller
from osint.history.recording import State, Touched
from sources.audiences import JUDGES, both
from sources.choices import Tlp

PAIR = ("first", "second")
# Who sees a remark, on one side of the change.
Seen = Callable[[Events, State, int], Audiences]


def correction_seen(events: Events, state: State, side: int) -> Audiences:
    """Who sees a correction: who sees the event as it was before and after it."""
    key = state["event"]
    return both(events.audiences(key, side), owners(events.side(key, side), state["tlp"]))


def comment_seen(events: Events, state: State, side: int) -> Audiences:
    """Who sees a comment: who works on events and sees this one."""
    return at_desk(events.side(state["event"], side))


def judgement_seen(events: Events, state: State, side: int) -> Audiences:
    """Who sees a judgement: who may read judgements, and sees both."""
    one, other = (events.audiences(state[name], side) for name in PAIR)
    return both(JUDGES, both(one, other))


REMARKS: tuple[tuple[Any, tuple[str, ...], Seen], ...] = (
    (Correction, ("event",), correction_seen),
    (Comment, ("event",), comment_seen),
    (EventJudgement, PAIR, judgement_seen),
)


@teller
def of_remarks(touched: Touched) -> Iterator[Told]:
    """Remarks that were made, changed, taken back, or whose event others see now."""
    if not any(model in touched for model in (Event, *(model for model, _names, _seen in REMARKS))):
        return
    events = Events(touched)
    for model, names, seen in REMARKS:
        sides = dict(touched.get(model, {}))
        sides |= {key: both_of for key, both_of in on_moved(model, names, events).items() if key not in sides}
        events.learn(state[name] for pair in sides.values() for state in pair if state for name in names)
        for old, new in sides.values():
            before = seen(events, old, BEFORE) if old else NOBODY
            after = seen(events, new, AFTER) if new else NOBODY
            yield from own(model, (old, new), before, after)


def on_moved(model: Any, names: Iterable[str], events: Events) -> dict[int, tuple[State, State]]:
    """Remarks on events that others see now, or whose RED remarks are others' now, as they were and are."""
    columns = [name for name in ("uuid", *names, "tlp") if name in {field.name for field in model._meta.fields}]
    found: dict[int, tuple[State, State]] = {}
    for keys in chunks(events.moved()):
        condition = Q()
        for name in names:
            condition |= Q(**{f"{name}__in": keys})
        found |= as_they_are(model, condition, columns)
    for keys in chunks(events.handed_over() if "tlp" in columns else ()):
        found |= as_they_are(model, Q(event__in=keys, tlp=Tlp.RED), columns)
    return found


def as_they_are(model: Any, condition: Q, columns: list[str]) -> dict[int, tuple[State, State]]:
    """Remarks that the change has left alone, on both sides of it."""
    return {row.pop("pk"): (row, row) for row in model.objects.filter(condition).order_by().values("pk", *columns)}


@teller
def of_judgements(touched: Touched) -> Iterator[Told]:
    """Judgements on sites and actors."""
    for model in (SiteJudgement, ActorJudgement):
        for sides in touched.get(model, {}).values():
            yield from own(model, sides, JUDGES, JUDGES)
