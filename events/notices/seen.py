"""Who sees an event, as it was before a change and as it is after it."""

from collections.abc import Iterable

from events.choices import Status
from events.models import Event
from osint.history.notices import NOBODY, Audiences, Book, identity_of
from osint.history.recording import State, Touched
from sources.audiences import EVENTS_DESK, both, marked

COLUMNS = ("uuid", "tlp", "status", "published_at", "created_by", "assignee", "part_of", "merged_into")
OUT = {Status.PUBLISHED, Status.RETRACTED}
BEFORE, AFTER = 0, 1


class Events(Book):
    """Events before and after a change; those into which one was merged are known with it."""

    def __init__(self, touched: Touched) -> None:
        super().__init__(Event, COLUMNS, touched)
        self.others_of(state for sides in self.changed.values() for state in sides if state)

    def learn(self, keys: Iterable[int | None]) -> None:
        """Read these events, and those into which they were merged."""
        known = set(self.others)
        super().learn(keys)
        self.others_of(self.others[key] for key in set(self.others) - known)

    def others_of(self, states: Iterable[State]) -> None:
        """Read those into which these were merged; those were merged into none."""
        super().learn([state["merged_into"] for state in states])

    def audiences(self, key: int | None, side: int) -> Audiences:
        """Who sees the event on this side of the change."""
        state = self.side(key, side)
        return NOBODY if state is None else seen(state, self.side(state["merged_into"], side))

    def identity(self, key: int) -> str:
        """The event's UUID."""
        return str(identity_of(self.after(key) or self.before(key)))

    def moved(self) -> list[int]:
        """Events that were there and are there, and that others see now."""
        there = [key for key, (old, new) in self.changed.items() if old and new]
        return [key for key in there if self.audiences(key, BEFORE) != self.audiences(key, AFTER)]

    def handed_over(self) -> list[int]:
        """Events that were there and are there, and are somebody else's now: whose is what is RED on them, too."""
        return [
            key
            for key, (old, new) in self.changed.items()
            if old and new and any(old[name] != new[name] for name in ("created_by", "assignee"))
        ]


def seen(state: State, merged_into: State | None) -> Audiences:
    """Who sees an event: a draft at the desk alone; a merged one too, and where it was out, who sees the other one."""
    if state["status"] in OUT:
        return marked(state)
    desk = marked(state, EVENTS_DESK)
    leads_on = state["published_at"] and merged_into and merged_into["status"] in OUT
    return desk | both(marked(state), marked(merged_into)) if leads_on else desk


def at_desk(state: State | None) -> Audiences:
    """Who sees the event at the desk, where its status makes no difference."""
    return marked(state, EVENTS_DESK)


def owners(state: State | None, mark: str) -> Audiences:
    """Who sees what has a mark of its own and the event's owners."""
    return NOBODY if state is None else marked({"tlp": mark}, owner=state)
