"""The moves of an event from one status to the next: who may make them, from where, and how a person is refused.

``PermissionDenied`` refuses the person, ``ValidationError`` with the code "status" the moment, any other the matter.
"""

from typing import Any, NamedTuple

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from events import provenance
from events.choices import Status
from events.models import Comment, Event
from events.workflow.changes import whole
from osint.history import recording
from osint.history.chain import WHY
from osint.history.models import Action, Entry, Value

# What a move sets: who has changed no more than this has not worked on the event's content.
SET_BY_MOVES = {
    "status",
    "is_sent_back",
    "assignee",
    "published_at",
    "retraction_reason",
    "merged_into",
    "changed_at",
    "version",
    WHY,
}


class Move(NamedTuple):
    """An action: from which statuses, with which permission, and whether it takes a second pair of eyes."""

    sources: tuple[str, ...]
    permission: str
    four_eyes: bool = False


MOVES: dict[str, Move] = {
    "submit": Move((Status.DRAFT,), "events.submit_event"),
    "send_back": Move((Status.SUBMITTED,), "events.publish_event"),
    "publish": Move((Status.DRAFT, Status.SUBMITTED), "events.publish_event", four_eyes=True),
    "retract": Move((Status.PUBLISHED,), "events.retract_event", four_eyes=True),
    "merge": Move(
        (Status.DRAFT, Status.SUBMITTED, Status.PUBLISHED, Status.RETRACTED), "events.merge_event", four_eyes=True
    ),
    "unmerge": Move((Status.MERGED,), "events.merge_event"),
    "assign": Move((Status.DRAFT, Status.SUBMITTED, Status.PUBLISHED), "events.change_event"),
    "comment": Move(tuple(Status), "events.add_comment"),
}


class Alone(PermissionDenied):
    """Refused to somebody whom nobody has looked over the shoulder yet."""


def possible(event: Event, by: Any) -> list[str]:
    """The actions that the event as it stands leaves open to this person."""
    left = [action for action, move in MOVES.items() if event.status in move.sources and by.has_perm(move.permission)]
    if any(MOVES[action].four_eyes for action in left) and is_alone(event, by):
        left = [action for action in left if not MOVES[action].four_eyes]
    return left


def is_alone(event: Event, by: Any) -> bool:
    """Whether nobody but this person has worked on what the event says, where the installation asks for four eyes.

    What came without a person, such as an import, is somebody else's.
    """
    if not settings.FOUR_EYES:
        return False
    if event._state.adding:
        return True
    content = Value.objects.filter(entry=OuterRef("pk")).exclude(field__in=SET_BY_MOVES)
    worked = Entry.objects.about(Event._meta.label_lower, event.pk).filter(Exists(content))
    # What is being done in this very change is not written down yet, and done by the same person.
    own = Q(by=by) & ~Q(door=recording.IMPORT)
    return not worked.exclude(own).exclude(brought_back()).exists()


def brought_back() -> Q:
    """A record was deleted and is there again under its key: neither has changed what is said.

    Only a revert makes a record under a key that there was before.
    """
    same = Entry.objects.order_by().filter(model=OuterRef("model"), key=OuterRef("key"))
    gone = Exists(same.filter(action=Action.DELETE, seq__lt=OuterRef("seq")))
    back = Exists(same.filter(action=Action.CREATE, seq__gt=OuterRef("seq")))
    return Q(gone, action=Action.CREATE) | Q(back, action=Action.DELETE)


def begin(event: Event, action: str, by: Any) -> Event:
    """The event, locked for this action; raises where person or status forbid it."""
    move = MOVES[action]
    allow(by, move.permission)
    locked = Event.objects.visible_to(by).select_for_update(of=("self",), no_key=True).filter(pk=event.pk).first()
    if locked is None:
        raise PermissionDenied(_("You may not see this event."))
    if move.four_eyes and is_alone(locked, by):
        raise Alone(
            _("Nobody but you has worked on %(event)s. Four eyes see more: ask somebody else to do this.")
            % {"event": locked.reference}
        )
    if locked.status not in move.sources:
        raise ValidationError(
            _("%(event)s is %(status)s; this is possible only from: %(from)s.")
            % {
                "event": locked.reference,
                "status": locked.get_status_display(),
                "from": ", ".join(str(Status(source).label) for source in move.sources),
            },
            code="status",
        )
    return locked


def allow(by: Any, permission: str) -> None:
    """Raise where the person has not this permission."""
    if not by.has_perm(permission):
        raise PermissionDenied(
            _("You may not do this: it needs the permission “%(permission)s”.") % {"permission": permission}
        )


def written(text: str, field: str, sentence: str) -> str:
    """The text without the blanks around it; where nothing is left, the sentence refuses it at its field."""
    if not text.strip():
        raise ValidationError({field: sentence})
    return text.strip()


def keep(event: Event) -> None:
    """Save the moved event as its next version."""
    event.full_clean()
    event.save()


def submit(event: Event, by: Any) -> Event:
    """Hand a draft in for review."""
    with recording.change(by):
        moved = begin(event, "submit", by)
        moved.status, moved.is_sent_back = Status.SUBMITTED, False
        keep(moved)
    return fresh(moved)


def send_back(event: Event, by: Any, note: str) -> Event:
    """Give a submitted event back to its analyst, with a note of what to do, which becomes a comment."""
    with recording.change(by, note.strip()):
        moved = begin(event, "send_back", by)
        text = written(note, "note", _("Say what is to be done before the event can be published."))
        moved.status, moved.is_sent_back = Status.DRAFT, True
        keep(moved)
        remark(moved, by, text, move="send_back")
    return fresh(moved)


def publish(event: Event, by: Any) -> Event:
    """Publish an event of which every fact is stated, or derived or inferred with a reason; or say what is missing."""
    with recording.change(by):
        moved = begin(event, "publish", by)
        now = whole(moved)
        if sentences := provenance.missing(now):
            raise ValidationError(sentences)
        provenance.check(now)
        moved.status, moved.is_sent_back, moved.published_at = Status.PUBLISHED, False, timezone.now()
        keep(moved)
    return fresh(moved)


def retract(event: Event, by: Any, reason: str) -> Event:
    """Take a published event back, with a reason; it keeps answering at its address."""
    with recording.change(by, reason.strip()):
        moved = begin(event, "retract", by)
        moved.retraction_reason = written(reason, "reason", _("Say why the event is retracted."))
        moved.status = Status.RETRACTED
        keep(moved)
    return fresh(moved)


def comment(event: Event, by: Any, text: str, **identity: Any) -> Comment:
    """Write a remark on the event, for those who work on it; under an identity of its own, where one is given."""
    with recording.change(by):
        return remark(begin(event, "comment", by), by, text, **identity)


def remark(event: Event, by: Any, text: str, move: str = "", **identity: Any) -> Comment:
    """The comment, checked and kept."""
    made = Comment(event=event, text=text.strip(), move=move, created_by=by, **identity)
    made.full_clean()
    made.save()
    return made


def fresh(event: Event) -> Event:
    """The event as it stands now that its version is counted."""
    return Event.objects.get(pk=event.pk)
