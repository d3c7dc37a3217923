"""What is there to do: the questions behind the work queues, each with the records that answer it for one person.

What a claim says counts also where its words are withheld from the person.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from events import behind
from events.choices import Status
from events.models import Event
from events.querysets import EventQuerySet
from sources.choices import CodingStatus
from sources.models import Report

if TYPE_CHECKING:
    from sources.querysets import Reader


@dataclass(frozen=True)
class Queue:
    """A list of work: its name, its title, what it holds, and how to find that for a person."""

    name: str
    title: Any
    about: Any
    find: Callable[["Reader"], Any]


# Whose turn it is


def to_code(reader: "Reader") -> Any:
    """Reports that nobody has turned into events yet."""
    return Report.objects.visible_to(reader).filter(status=CodingStatus.NEW)


def theirs(reader: "Reader") -> Q:
    """The condition: assigned to the person, or entered by them and assigned to nobody."""
    return Q(assignee=reader.pk) | Q(assignee=None, created_by=reader.pk)


def mine(reader: "Reader") -> EventQuerySet:
    """What is assigned to the person, and their own drafts."""
    drafts = theirs(reader) & Q(status=Status.DRAFT)
    return Event.objects.visible_to(reader).standing().filter(Q(assignee=reader.pk) | drafts)


def waiting(reader: "Reader") -> EventQuerySet:
    """What was handed in for review."""
    return Event.objects.visible_to(reader).filter(status=Status.SUBMITTED)


def sent_back(reader: "Reader") -> EventQuerySet:
    """What was sent back and not handed in again."""
    return Event.objects.visible_to(reader).filter(status=Status.DRAFT, is_sent_back=True)


def sent_back_to_me(reader: "Reader") -> EventQuerySet:
    """Of that, what is the person's."""
    return sent_back(reader).filter(theirs(reader))


# Where claims and what we hold go apart


def disputed(reader: "Reader") -> EventQuerySet:
    """Events about which some report says something else, and nobody has settled it by superseding the claim."""
    return Event.objects.visible_to(reader).standing().filter(backing__is_disputed=True)


def unsupported(reader: "Reader") -> EventQuerySet:
    """Published events that hold a fact as stated which no claim states."""
    published = Event.objects.visible_to(reader).filter(status=Status.PUBLISHED)
    return published.filter(backing__is_unsupported=True)


# On whose word


def one_origin(reader: "Reader") -> EventQuerySet:
    """Events handed in or published that go back to one origin, as far as the person may know."""
    events = Event.objects.visible_to(reader).filter(status__in=[Status.SUBMITTED, Status.PUBLISHED])
    return events.filter(pk__in=behind.with_origins(1, reader, "="))


REPORTS = Queue("to-code", _("Reports to code"), _("Nobody has turned them into events yet."), to_code)
EVENTS: tuple[Queue, ...] = (
    Queue("mine", _("Mine"), _("Assigned to you, and your own drafts."), mine),
    Queue("sent-back-to-me", _("Sent back to you"), _("With a note of what is to be done."), sent_back_to_me),
    Queue("waiting", _("Waiting for review"), _("Handed in: publish them, or send them back."), waiting),
    Queue("sent-back", _("Sent back"), _("To whomever, and not handed in again."), sent_back),
    Queue("disputed", _("Disputed"), _("A report says something else than what we hold."), disputed),
    Queue("one-origin", _("One origin only"), _("However many reports: all pass on the same source."), one_origin),
    Queue("unsupported", _("Published, unsupported"), _("A fact held as stated that no claim states."), unsupported),
)
BY_NAME = {queue.name: queue for queue in EVENTS}
