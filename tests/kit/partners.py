"""Two groups that work each in a database of its own, and send each other bundles that are lost, late or come twice."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import permutations
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
from osint.bundle import edits, units
from osint.bundle.applying import apply
from osint.bundle.arrivals import IMPORT_DOOR, UNDO_DOOR, Arrival, Arrived
from osint.bundle.comparing import conflicts
from osint.bundle.contents import BY_LABEL
from osint.bundle.plans import MINE, THEIRS, Outcome, Plan, conflict_name
from osint.bundle.undo import undo
from osint.bundle.units import STATE
from osint.bundle.values import by_identity
from osint.history import chain, recording, verify
from osint.history.models import Action, Value
from osint.keeping import promises
from sources.models import Report, Source
from tests.kit.exchange import Base, planned

Edit = Callable[[Random, str], Any]
Edited = tuple[str, str, str, str]  # what a person has changed: kind of record, its identity, unit, change
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
    """Change a record, if there is one, as a form does; within its event, as the workflow does."""
    if record is None:
        return
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


def moved(move: Callable[..., Any], rows: models.QuerySet[Event], random: Random, *said: Any) -> None:
    """An editor moves one of these events, if there is one."""
    found = picked(rows, random)
    if found:
        move(found, User.objects.get(username="edith"), *said)


@edit
def publish(random: Random, _word: str) -> None:
    """An event goes out."""
    moved(workflow.publish, Event.objects.filter(status=Status.DRAFT), random)


@edit
def retract(random: Random, word: str) -> None:
    """An event is taken back."""
    moved(workflow.retract, Event.objects.filter(status=Status.PUBLISHED), random, word)


@edit
def merge(random: Random, word: str) -> None:
    """Two events are found to be one."""
    into = picked(Event.objects.all(), random)
    moved(workflow.merge, Event.objects.all(), random, into, word)


@edit
def unmerge(random: Random, word: str) -> None:
    """They are found to be two after all."""
    moved(workflow.unmerge, Event.objects.filter(status=Status.MERGED), random, word)


@edit
def forget(random: Random, _word: str) -> None:
    """A draft is deleted."""
    found = picked(Event.objects.filter(status=Status.DRAFT), random)
    if found:
        found.delete()


@edit
def rename_site(random: Random, word: str) -> None:
    """A place is called otherwise."""
    save(picked(Site.objects.all(), random), name_en=word)


@edit
def begin(random: Random, word: str) -> None:
    """A new event is entered."""
    other = picked(Event.objects.all(), random)
    if other is None:
        return
    uuid = UUID(int=random.getrandbits(128), version=4)
    save(Event(uuid=uuid, type=other.type, when="2025-11", when_basis="inferred", when_reason=word, summary_en=word))


class Group:
    """Those who work in one of the databases."""

    def __init__(self, base: Base, random: Random) -> None:
        self.base, self.random = base, random
        self.sent: list[Path] = []
        self.done = self.told = 0
        self.edited: set[Edited] = set()

    @classmethod
    def begun(cls, source: Base, name: str, seed: int) -> "Group":
        """One that begins with what there is in this database, and trusts the others."""
        base = Base.copied(source.path.with_name(f"{name}-{seed}.sqlite3"), str(source.path))
        base.begin_anew()
        group = cls(base, Random(f"{seed} {name}"))
        with base.here():
            group.told = head()
        return group

    def work(self, number: int) -> None:
        """Do some things in their own database."""
        with self.base.here():
            self.do(number)
            self.edited.update(edited_by_people(self.told))
            self.told = head()

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
        """Cut a bundle, whole or with what has changed; whether and when it arrives is another matter."""
        since = self.base.number - self.random.randrange(4)
        self.sent.append(self.base.cut(since=max(0, since) if self.random.random() < 0.4 else 0))

    def receive(self, bundle: Path, default: str = "") -> Plan:
        """Let a bundle in; of what was retracted there, whoever decides here believes it."""
        with self.base.here():
            found = planned(bundle, default=default)
            if default and (retracted := retractions(found)):
                found = planned(bundle, default=default, decisions=dict.fromkeys(retracted, THEIRS))
            apply(found)
            return found

    def undo(self) -> None:
        """Take back one of the last imports."""
        with self.base.here():
            if standing := list(Arrival.objects.standing().order_by("-pk")[:3]):
                undo(self.random.choice(standing), None, "The wrong file.")

    def retracted(self) -> set[str]:
        """The events that are retracted here, those among them that were merged since."""
        with self.base.here():
            found = Event.objects.exclude(retraction_reason="")
            return {str(uuid) for uuid in found.values_list("uuid", flat=True)}

    def lost(self, edited: Iterable[Edited]) -> dict[Edited, bool]:
        """Of these edits those of which what is held here, or the deletion of it, has not known; which it is."""
        with self.base.here():
            return dict(unknown(edited))


def retractions(plan: Plan) -> list[str]:
    """The conflicts about an event that was retracted there."""
    found = [(step, one) for step, one in conflicts(plan.steps) if one.unit == STATE]
    return [conflict_name(step, one) for step, one in found if one.fields[STATE][1][0] == Status.RETRACTED]


def head() -> int:
    """The number of the last entry of the history."""
    return chain.head()[0]


def edited_by_people(since: int) -> Iterator[Edited]:
    """What people have changed after this entry."""
    told = Value.objects.filter(entry__seq__gt=since, entry__action=Action.CHANGE, entry__model__in=BY_LABEL)
    told = told.exclude(entry__door__in=[IMPORT_DOOR, UNDO_DOOR])
    for label, key, field, change in told.values_list("entry__model", "entry__key", "field", "entry__change"):
        model = BY_LABEL[label]
        if field in set(units.by_field(model)) - set(units.STATE_COLUMNS):
            yield label, edits.named(model, [key])[key], units.by_field(model)[field], str(change)


def unknown(edited: Iterable[Edited]) -> Iterator[tuple[Edited, bool]]:
    """Those of these edits that are behind nothing that is here, nor behind a deletion, and whether it is here."""
    by_model: dict[str, list[Edited]] = {}
    for one in edited:
        by_model.setdefault(one[0], []).append(one)
    for label, some in by_model.items():
        model = BY_LABEL[label]
        same = dict(Arrived.objects.filter(model=label).exclude(same_as="").values_list("identity", "same_as"))
        names = {name: same.get(name, name) for _label, name, _unit, _change in some}
        here = {name: key for name, (key, _values) in by_identity(model, names.values()).items()}
        known = edits.worked_out(model, {key: name for name, key in here.items()})
        gone = edits.gone(model, set(names.values()) - set(here))
        for one in some:
            name, unit, change = names[one[1]], *one[2:]
            own = known.get(here.get(name, 0), {})
            # What was deleted and is there again has been decided on as a whole.
            behind = [own.get(unit), own.get(units.THERE), gone.get((label, name))]
            if not any(pedigree and change in pedigree.seen for pedigree in behind):
                yield one, name in here


def exchange(groups: Sequence[Group], random: Random, rounds: int, number: int, undone: float = 0) -> set[str]:
    """Work and send, in any order, with bundles lost, late and twice, and some imports undone.

    What is given are the events that were retracted anywhere.
    """
    retracted: set[str] = set()
    for _round in range(rounds):
        for group in groups:
            group.work(number)
            retracted |= group.retracted()
            if random.random() < 0.8:
                group.send()
        for sender, receiver in random.sample(list(permutations(groups, 2)), len(groups) * (len(groups) - 1)):
            # Any of those that were ever sent: the last ones were lost, old ones come late, some come twice.
            for _turn in range(random.randrange(3) if sender.sent else 0):
                deliver(random.choice(sender.sent[-4:]), receiver, random)
                retracted |= receiver.retracted()
            if random.random() < undone:
                receiver.undo()
                retracted |= receiver.retracted()
    return retracted


def deliver(bundle: Path, receiver: Group, random: Random) -> None:
    """Let a bundle in, and now and then look at what it would do once more: nothing."""
    receiver.receive(bundle, random.choice(["", "", MINE, THEIRS]))
    if random.random() < 0.1:
        assert not receiver.base.plan(bundle).writes


def agree(groups: Sequence[Group], random: Random, most: int = 8) -> list[Plan]:
    """Send everything to and fro, and decide what is to be decided, until nothing is left to say."""
    plans: list[Plan] = []
    for _turn in range(most):
        plans = []
        for sender in groups:
            bundle = sender.base.cut()
            plans += [other.receive(bundle, random.choice([MINE, THEIRS])) for other in groups if other is not sender]
        if all(set(plan.counts) <= {Outcome.SAME, Outcome.MINE} and not plan.writes for plan in plans):
            break
    return plans


def held_to(groups: Sequence[Group], plans: Sequence[Plan], retracted: set[str]) -> None:
    """Check that they hold the same, and that of what people did nothing is gone unseen."""
    contents = [group.base.content() for group in groups]
    refused = [problem for plan in plans for step in plan.refused() for problem in step.problems]
    assert all(content == contents[0] for content in contents), refused
    edited = {one for group in groups for one in group.edited}
    lost = [group.lost(edited) for group in groups]
    # What was deleted by many need not have been seen by each of them.
    assert not [one for found in lost for one in found if found[one] or all(one in other for other in lost)]
    for group in groups:
        assert retracted <= group.retracted()
        with group.base.here():
            assert list(verify.faults()) == []
            assert list(promises.breaches()) == []
