"""Two groups that work each in a database of its own, and send each other bundles that are lost, late or come twice."""

from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, models, transaction

from events import workflow
from events.choices import Status
from events.models import Actor, Citation, Claim, Count, Event, Involvement, Placement, Site
from osint.bundle.plans import Outcome, Plan
from osint.history import recording
from sources.models import Report, Source
from tests.kit.exchange import Base

Edit = Callable[[Random, str], Any]
EDITS: list[Edit] = []


def edit(function: Edit) -> Edit:
    """One more thing that people do."""
    EDITS.append(function)
    return function


def picked(rows: models.QuerySet[Any], random: Random) -> Any:
    """One of these records, the same whatever its key is."""
    found = sorted(rows, key=lambda row: row.natural_key())
    return random.choice(found) if found else None


def save(record: Any, **values: Any) -> None:
    """Change a record as a form does; within its event, as the workflow does."""
    for name, value in values.items():
        setattr(record, name, value)
    event = record if isinstance(record, Event) else event_of(record)
    if event is None:
        record.full_clean()
        record.save()
        return
    with workflow.changing(event, None, "It was wrong."):
        record.full_clean()
        record.save()


def event_of(record: Any) -> Event | None:
    """The event that the record belongs to."""
    if isinstance(record, Claim):
        return record.citation.event
    return getattr(record, "event", None)


@edit
def reword(random: Random, word: str) -> None:
    """An event is summed up in other words."""
    save(picked(Event.objects.all(), random), **{random.choice(["summary_en", "summary_ar"]): f"{word}."})


@edit
def rename(random: Random, word: str) -> None:
    """A place, an actor or a source is described otherwise."""
    model, name = random.choice([(Site, "note"), (Actor, "note"), (Source, "reliability_reason")])
    save(picked(model._default_manager.all(), random), **{name: word})


@edit
def retitle(random: Random, word: str) -> None:
    """A report has another title."""
    save(picked(Report.objects.all(), random), title=word)


@edit
def place(random: Random, word: str) -> None:
    """An event has one more place, for which somebody gives a reason."""
    # Now and then both groups enter the same.
    event, site = picked(Event.objects.all(), random), picked(Site.objects.all(), random)
    if event and site:
        uuid = UUID(int=random.getrandbits(128), version=4)
        save(Placement(uuid=uuid, event=event, site=site, role="near", position=9, basis="inferred", reason=word))


@edit
def cite(random: Random, word: str) -> None:
    """A report is held to speak of an event, and what it says is noted."""
    event, report = picked(Event.objects.all(), random), picked(Report.objects.all(), random)
    if event and report:
        uuids = [UUID(int=random.getrandbits(128), version=4) for _turn in range(2)]
        citation = Citation(uuid=uuids[0], event=event, report=report, credibility=6, note=word)
        with workflow.changing(event, None, "It was wrong."):
            save(citation)
            save(
                Claim(
                    uuid=uuids[1],
                    citation=citation,
                    facet="what",
                    type=event.type,
                    quote=report.text.strip()[:9].strip(),
                )
            )


@edit
def found(random: Random, word: str) -> None:
    """A source is entered that the other group may have entered, too."""
    values = {"name_en": word, "kind": "outlet", "reliability": "F", "reliability_reason": "New."}
    save(Source(slug=f"source-{random.randrange(9)}", **values))


@edit
def displace(random: Random, _word: str) -> None:
    """An event has one place less."""
    found = picked(Placement.objects.all(), random)
    if found:
        with workflow.changing(found.event, None, "It was wrong."):
            found.delete()


@edit
def involve(random: Random, word: str) -> None:
    """Why an actor is held to be in it is said otherwise."""
    save(picked(Involvement.objects.all(), random), basis="inferred", reason=word)


@edit
def count(random: Random, word: str) -> None:
    """Another number is held."""
    save(picked(Count.objects.all(), random), best=None, low=random.randrange(5), high=9, basis="inferred", reason=word)


@edit
def judge(random: Random, word: str) -> None:
    """What a report says is worth less, or more."""
    save(picked(Citation.objects.all(), random), credibility=random.randrange(2, 7), note=word)


@edit
def set_aside(random: Random, word: str) -> None:
    """A claim is set aside."""
    save(picked(Claim.objects.all(), random), standing="set_aside", standing_reason=word)


@edit
def publish(random: Random, _word: str) -> None:
    """An event goes out."""
    found = picked(Event.objects.filter(status=Status.DRAFT), random)
    if found:
        workflow.publish(found, User.objects.get(username="edith"))


@edit
def retract(random: Random, word: str) -> None:
    """An event is taken back."""
    found = picked(Event.objects.filter(status=Status.PUBLISHED), random)
    if found:
        workflow.retract(found, User.objects.get(username="edith"), word)


@edit
def begin(random: Random, word: str) -> None:
    """A new event is entered."""
    other = picked(Event.objects.all(), random)
    uuid = UUID(int=random.getrandbits(128), version=4)
    save(Event(uuid=uuid, type=other.type, when="2025-11", when_basis="inferred", when_reason=word, summary_en=word))


class Group:
    """Those who work in one of the databases."""

    def __init__(self, base: Base, random: Random) -> None:
        self.base, self.random = base, random
        self.sent: list[Path] = []
        self.done = 0

    def work(self, number: int) -> None:
        """Do some things in their own database."""
        with self.base.here():
            self.do(number)

    def do(self, number: int) -> None:
        """Do some things here, of which some are refused."""
        for _turn in range(number):
            self.done += 1
            word = f"{self.base.path.stem} {self.done}"
            try:
                with transaction.atomic(), recording.change():
                    self.random.choice(EDITS)(self.random, word)
            except (ValidationError, PermissionDenied, IntegrityError):
                pass

    def send(self) -> None:
        """Cut a bundle; whether and when it arrives is another matter."""
        self.sent.append(self.base.cut())

    def receive(self, bundle: Path, default: str = "") -> Plan:
        """Let a bundle in."""
        return self.base.take(bundle, default=default)

    def retracted(self) -> set[str]:
        """The events that are retracted here."""
        with self.base.here():
            found = Event.objects.filter(status=Status.RETRACTED)
            return {str(uuid) for uuid in found.values_list("uuid", flat=True)}


def exchange(one: Group, other: Group, random: Random, rounds: int, edits: int) -> set[str]:
    """Work and send, in any order, with bundles lost, late and twice; the events that were retracted anywhere."""
    retracted: set[str] = set()
    for _round in range(rounds):
        for group in (one, other):
            group.work(edits)
            retracted |= group.retracted()
            if random.random() < 0.8:
                group.send()
        for sender, receiver in random.sample([(one, other), (other, one)], 2):
            # Any of those that were ever sent: the last ones were lost, old ones come late, some come twice.
            for _turn in range(random.randrange(3)):
                if sender.sent:
                    receiver.receive(random.choice(sender.sent[-4:]), random.choice(["", "", "mine", "theirs"]))
                    retracted |= receiver.retracted()
    return retracted


def agree(one: Group, other: Group, random: Random, most: int = 8) -> list[Plan]:
    """Send everything to and fro, and decide what is to be decided, until nothing is left to say."""
    for _turn in range(most):
        plans = [
            other.receive(one.base.cut(), random.choice(["mine", "theirs"])),
            one.receive(other.base.cut(), random.choice(["mine", "theirs"])),
        ]
        if all(set(plan.counts) <= {Outcome.SAME, Outcome.MINE} and not plan.writes for plan in plans):
            return plans
    return plans
