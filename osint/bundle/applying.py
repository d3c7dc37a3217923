"""Applying a plan: all of it in one transaction, with its history, or nothing; and only while it still holds."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from osint.base.chunks import chunks
from osint.base.record import Record
from osint.bundle import edits, planning, units
from osint.bundle.arrivals import IMPORT_DOOR, Arrival, Arrived
from osint.bundle.arriving import Identity, Pedigree
from osint.bundle.contents import MODELS, key_field
from osint.bundle.entries import Refusal
from osint.bundle.making import made
from osint.bundle.merging import decided
from osint.bundle.plans import MINE, THEIRS, Outcome, Plan, Step
from osint.history import chain, inserting, recording
from osint.history.recording import rows_of
from sources import files


class Stale(ValidationError):
    """The plan does not hold any more."""


def apply(
    plan: Plan,
    by: Any = None,
    decisions: Mapping[str, str] | None = None,
    default: str | None = None,
    why: str = "",
    step: planning.Told = lambda _number: None,
    *,
    spent: bool = False,
) -> Arrival | None:
    """Do what the plan says; nothing where it says that nothing is to be done.

    With decisions other than those that it was made with, the plan is made anew with them. Raises ``Stale`` where
    somebody has changed something meanwhile that it speaks of. All is worked out once more: where the plan is
    ``spent``, its steps are let go of before that.
    """
    if decisions is not None or default is not None:
        chosen = plan.decisions if decisions is None else decisions
        plan = planning.plan(plan.entries, plan.arriving, chosen, plan.default if default is None else default, by)
    if not plan.writes and is_known(plan):
        return None
    digest = plan.digest
    reason = " · ".join(filter(None, [plan.arriving.describe(), why]))
    with all_or_nothing():
        lock(plan.steps)
        if spent:
            plan.let_go()
        again = Plan(plan.arriving, plan.entries, [], plan.decisions, plan.default)
        with recording.through(IMPORT_DOOR), recording.change(by, reason) as change:
            planning.carry_out(again, by, reason, recording.keep_so_far, step)
            if again.digest != digest:
                raise Stale(
                    _("Somebody has changed since what this plan speaks of, so nothing was written. Make it anew.")
                )
        return register(again, by, change.uuid)


@contextmanager
def all_or_nothing() -> Iterator[None]:
    """Within this block all is written, files on the disk among it, or nothing."""
    try:
        with files.gone_on_failure(), transaction.atomic():
            yield
    except OSError as error:
        raise Refusal(_("It could not be written (%(error)s).") % {"error": error.strerror or error}) from error


def is_known(plan: Plan) -> bool:
    """Whether this very file was applied before, or there is nothing to remember it by."""
    told = plan.arriving
    return told.sequence is None or Arrival.objects.standing().filter(sha256=told.sha256).exists()


def lock(steps: Iterable[Step]) -> None:
    """Let nobody else change what the plan speaks of until the transaction ends."""
    by_model: dict[type[Record], list[str]] = {}
    for step in steps:
        if step.key is not None:
            by_model.setdefault(step.model, []).append(step.was or step.name)
    for model in MODELS:
        for some in chunks(by_model.get(model, ())):
            rows = rows_of(model).filter(**{f"{key_field(model)}__in": some}).order_by("pk")
            list(rows.select_for_update(no_key=True).values_list("pk"))


def register(plan: Plan, by: Any, change: UUID) -> Arrival:
    """Keep what has arrived, and the pedigrees that this database's own history does not tell."""
    chain.queue_up()
    told = plan.arriving
    arrival = Arrival.objects.create(
        format=told.format,
        organisation=told.organisation,
        sha256=told.sha256,
        key=told.key,
        database=told.database,
        sequence=told.sequence,
        entries=len(plan.entries),
        by=by,
        change=change,
        upto=chain.head()[0],
    )
    keep_arrived(plan, arrival, change)
    return arrival


def keep_arrived(plan: Plan, arrival: Arrival, change: UUID) -> None:
    """Store what is kept of each record, some at a time."""
    for some in chunks(arrived(plan, arrival, change), 2_000):
        inserting.insert_records(Arrived, some)


def arrived(plan: Plan, arrival: Arrival, change: UUID) -> Iterator[Arrived]:
    """What is kept of each record that has come, changed, gone, or was decided on."""
    steps: dict[Identity, list[Step]] = {}
    for step in plan.steps:
        if step.outcome != Outcome.REFUSED:
            steps.setdefault(step.identity, []).append(step)
    for both in steps.values():
        yield from (paired(step, arrival, str(change)) for step in both if step.is_paired)
        yield from of_record(both, arrival, str(change))


def of_record(both: list[Step], arrival: Arrival, change: str) -> Iterator[Arrived]:
    """What is kept of one record: that it was retracted, where it is not here, and its pedigree."""
    pedigree: dict[str, Pedigree] = {}
    for step in both:
        pedigree |= kept(step, change)
    main = next((step for step in both if is_news(step)), both[0])
    (label, name), entry = main.identity, main.number
    told = {"arrival_id": arrival.pk, "model": label, "identity": name, "entry": entry, "where": main.where[:200]}
    if any(step.is_heard for step in both):
        yield made(Arrived, told | {"outcome": edits.HEARD, "pedigree": None})
    if pedigree or is_news(main):
        yield made(Arrived, told | {"outcome": str(main.outcome), "pedigree": edits.packed(pedigree) or None})


def paired(step: Step, arrival: Arrival, change: str) -> Arrived:
    """That a record goes, or went, by another name: the one that it has lost is told to others as gone."""
    row = Arrived(arrival=arrival, model=step.identity[0], entry=step.number, where=step.where[:200], same_as=step.name)
    row.identity, row.outcome = (step.was, Outcome.GONE) if step.was else (step.said, Outcome.SAME)
    if step.was:
        row.pedigree = edits.packed({units.THERE: Pedigree(change, step.farewell | {change})})
    return row


def is_news(step: Step) -> bool:
    """Whether the step has written something."""
    return step.outcome in {Outcome.NEW, Outcome.GONE} or step.is_changed


def kept(step: Step, change: str) -> dict[str, Pedigree]:
    """The pedigree of a record after this arrival, what was decided included."""
    found = dict(step.pedigree)
    for one in step.differences:
        if one.choice in {MINE, THEIRS}:
            found[one.unit] = decided(one.mine, one.theirs, change)
    return found
