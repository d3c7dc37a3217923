"""People who edit at random, each in a process of her own: whatever can happen to a record happens here."""

import json
import multiprocessing
import random
import traceback
from collections import Counter
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.db import IntegrityError, OperationalError, connections, transaction
from django.db.models import ProtectedError

from events import workflow
from events.models import Actor, ActorLink, Claim, Event, EventJudgement, EventType, Measure, Site
from osint.base.judgements import judge, withdraw
from osint.history import recording
from sources.choices import Tlp
from sources.models import PassageNote, Relay, Report, Source
from tests import factories as make
from tests.osint.crowd import forget_inherited

REFUSALS = (
    ValidationError, PermissionDenied, ObjectDoesNotExist, ProtectedError, IntegrityError, OperationalError,
    transaction.TransactionManagementError,  # asked for the sentence of a constraint when all is lost already
)  # fmt: skip
WHY = {"type_basis": "inferred", "type_reason": "As ever.", "when_basis": "inferred", "when_reason": "As ever."}
EVERYBODY = ("victor", "alice", "edith", "adam")


class Scribe:
    """One of them, with a lot of her own."""

    def __init__(self, number: int) -> None:
        self.lot = random.Random(f"scribe {number}")
        self.users = {user.username: user for user in User.objects.filter(username__in=EVERYBODY)}

    @property
    def user(self) -> User:
        """Who she is this time."""
        return self.users[self.lot.choice(EVERYBODY[1:])]

    def somebody(self) -> User | None:
        """Anybody, or nobody."""
        return self.lot.choice([None, *self.users.values()])

    def mark(self) -> str:
        """A mark, mostly a mild one."""
        return self.lot.choice([Tlp.CLEAR] * 4 + list(Tlp))

    def one(self, rows: Any) -> Any:
        """One of these records; raises where there is none."""
        keys = list(rows.order_by("pk").values_list("pk", flat=True))
        if not keys:
            raise ObjectDoesNotExist
        return rows.get(pk=self.lot.choice(keys))

    def event(self, **wanted: Any) -> Any:
        """One of the events."""
        return self.one(Event.objects.filter(**wanted))

    def word(self) -> str:
        """A word that was not there before."""
        return f"word {self.lot.getrandbits(40):x}"


# What one of them does


def enters(who: Scribe) -> None:
    """An event that can be published, in one change."""
    with recording.change(who.user):
        event = make.make_event(
            type=who.one(EventType.objects), tlp=who.mark(), created_by=who.somebody(), assignee=who.somebody(),
            is_aggregate=who.lot.random() < 0.3, summary_en=who.word(), **WHY,
        )  # fmt: skip
        make.make_placement(event=event, site=who.one(Site.objects), basis="inferred", reason="As ever.")
        make.make_involvement(event=event, actor=who.one(Actor.objects), basis="inferred", reason="As ever.")
        cites(who, event)


def cites(who: Scribe, event: Any = None) -> None:
    """A citation with a claim."""
    event = event or who.event(published_at=None)
    with workflow.changing(event, who.user):
        citation = make.make_citation(event=event, report=who.one(Report.objects))
        make.make_claim(citation=citation, type=who.one(EventType.objects))
        make.make_claim(citation=citation, site=who.one(Site.objects))


def unsays(who: Scribe) -> None:
    """A claim less."""
    claim = who.one(Claim.objects)
    with workflow.changing(claim.citation.event, who.user, "It was misread."):
        claim.delete()


def set_to(**values: Callable[[Scribe], Any]) -> Callable[[Scribe], None]:
    """An edit that gives columns of an event other values."""

    def edits(who: Scribe) -> None:
        event = who.event()
        with workflow.changing(event, who.user, "It was wrong."):
            event = Event.objects.get(pk=event.pk)
            for name, value in values.items():
                setattr(event, name, value(who))
            event.full_clean()
            event.save()

    return edits


def moved(name: str, *words: str) -> Callable[[Scribe], None]:
    """An edit that moves an event."""

    def moves(who: Scribe) -> None:
        getattr(workflow, name)(who.event(), who.user, *words)

    return moves


def publishes(who: Scribe) -> None:
    """Out."""
    workflow.publish(who.event(published_at=None), who.users["edith"])


def merges(who: Scribe) -> None:
    """Two become one."""
    workflow.merge(who.event(), who.users["edith"], who.event(merged_into=None), "The same.")


def unmerges(who: Scribe) -> None:
    """And two again."""
    workflow.unmerge(who.event(status="merged"), who.users["edith"], "Not the same.")


def drops(who: Scribe) -> None:
    """An event less."""
    with transaction.atomic():
        who.event(published_at=None).delete()


def comments(who: Scribe) -> None:
    """A remark."""
    workflow.comment(who.event(), who.user, who.word())


def judges(who: Scribe) -> None:
    """A judgement on two events, or two reports."""
    rows = who.lot.choice([Event.objects, Report.objects])
    judge(who.one(rows), who.one(rows), who.user, who.lot.choice(["same", "unsure"]), who.word())


def takes_back(who: Scribe) -> None:
    """A judgement less."""
    withdraw(who.one(EventJudgement.objects), who.users["edith"])


def reports(who: Scribe) -> None:
    """A report more."""
    make.make_report(
        source=who.one(Source.objects), tlp=who.mark(), created_by=who.somebody(), assignee=who.somebody(),
        updates=who.one(Report.objects) if who.lot.random() < 0.3 else None,
    )  # fmt: skip


def report_set_to(**values: Callable[[Scribe], Any]) -> Callable[[Scribe], None]:
    """An edit that gives columns of a report other values."""

    def edits(who: Scribe) -> None:
        with recording.change(who.user):
            report = who.one(Report.objects)
            for name, value in values.items():
                setattr(report, name, value(who))
            report.full_clean()
            report.save()

    return edits


def relays(who: Scribe) -> None:
    """A report passes on another, or a source."""
    relayed: dict[str, Any] = {"relayed_report": who.one(Report.objects)}
    if who.lot.random() < 0.3:
        relayed = {"relayed_source": who.one(Source.objects)}
    make.make_relay(report=who.one(Report.objects), **relayed)


def relays_no_more(who: Scribe) -> None:
    """A relay less."""
    who.one(Relay.objects).delete()


def notes(who: Scribe) -> None:
    """A note on a passage, or one less."""
    if who.lot.random() < 0.7:
        make.make_passage_note(report=who.one(Report.objects))
    else:
        who.one(PassageNote.objects).delete()


def renames(model: Any) -> Callable[[Scribe], None]:
    """An edit that gives a record another slug and name."""

    def edits(who: Scribe) -> None:
        with recording.change(who.users["edith"]):
            record = who.one(model.objects)
            record.slug, record.name_en = f"slug-{who.lot.getrandbits(40):x}", who.word()
            record.full_clean()
            record.save()

    return edits


def relocates(who: Scribe) -> None:
    """A site lies within another."""
    with recording.change(who.users["edith"]):
        site = who.one(Site.objects)
        site.parent = who.one(Site.objects)
        site.full_clean()
        site.save()


def links(who: Scribe) -> None:
    """Two actors are linked, or no more."""
    if who.lot.random() < 0.7:
        make.make_actor_link(actor=who.one(Actor.objects), other=who.one(Actor.objects))
    else:
        who.one(ActorLink.objects).delete()


def whole(who: Scribe) -> Any:
    """An event of which another can be a part, or none."""
    return who.event(is_aggregate=True) if who.lot.random() < 0.7 else None


EDITS: list[tuple[int, Callable[[Scribe], None]]] = [
    (6, enters), (4, publishes), (3, cites), (1, unsays), (4, set_to(summary_en=Scribe.word)),
    (4, set_to(tlp=Scribe.mark)), (3, set_to(part_of=whole)), (2, set_to(created_by=Scribe.somebody)),
    (2, set_to(assignee=Scribe.somebody)), (1, set_to(type=lambda who: who.one(EventType.objects))),
    (1, moved("submit")), (1, moved("send_back", "Look again.")), (2, moved("retract", "Withdrawn.")),
    (4, merges), (3, unmerges), (2, drops), (2, comments), (2, judges), (1, takes_back),
    (2, reports), (2, report_set_to(title=Scribe.word)), (3, report_set_to(tlp=Scribe.mark)),
    (1, report_set_to(created_by=Scribe.somebody)), (2, relays), (1, relays_no_more), (1, notes),
    (1, renames(Site)), (1, renames(Actor)), (1, renames(Source)), (1, renames(EventType)), (1, renames(Measure)),
    (1, relocates), (1, links),
]  # fmt: skip
SCRIBES = 8


def furnish(edits: int = 0) -> None:
    """What there is before they begin; of many edits one touches no more events than of few."""
    for n in range(max(4, edits // 100)):
        make.make_event_type(slug=f"kind-{n}")
        make.make_measure(slug=f"thing-{n}")
        make.make_actor(slug=f"group-{n}")
    for n in range(max(5, edits // 100)):
        make.make_site(slug=f"place-{n}", parent=Site.objects.get(slug=f"place-{n - 1}") if n % 5 else None)
    for n in range(max(6, edits // 100)):
        make.make_report(source=make.make_source(slug=f"press-{n}"), tlp=list(Tlp)[n % 5])


def begin(edits: int, folder: Path) -> list[Any]:
    """Let all of them begin; each ends when she has made her part of the edits."""
    connections.close_all()  # a connection does not survive a fork
    fork = multiprocessing.get_context("fork")
    processes = [fork.Process(target=live, args=(n, edits // SCRIBES, folder)) for n in range(SCRIBES)]
    for process in processes:
        process.start()
    return processes


def live(number: int, edits: int, folder: Path) -> None:
    """What one process does: so many edits that were not refused."""
    forget_inherited()
    make.number = count(1_000_000 * (number + 1))
    told: dict[str, Any] = {"done": 0, "refused": Counter()}
    try:
        who = Scribe(number)
        weights, jobs = zip(*EDITS, strict=True)
        while told["done"] < edits:
            job = who.lot.choices(jobs, weights)[0]
            try:
                job(who)
                told["done"] += 1
            except REFUSALS as refusal:
                told["refused"][type(refusal).__name__] += 1
    except BaseException:  # whatever it is, the test shall show it
        told["trouble"] = traceback.format_exc()
    finally:
        connections.close_all()
        (folder / f"scribe-{number}.json").write_text(json.dumps(told))


def gathered(folder: Path) -> dict[str, Any]:
    """What all of them did."""
    read = [json.loads((folder / f"scribe-{n}.json").read_text()) for n in range(SCRIBES)]
    refused: Counter[str] = Counter()
    for one in read:
        refused.update(one["refused"])
    troubles = [one["trouble"] for one in read if "trouble" in one]
    return {"done": sum(one["done"] for one in read), "refused": dict(refused), "troubles": troubles}
