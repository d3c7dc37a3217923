"""Two databases that exchange bundles."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from events import workflow
from events.choices import Status
from events.models import Claim, Correction, Event, Placement
from osint.bundle import edits, export, units
from osint.bundle.leaving import Cut
from osint.bundle.models import Arrival, Arrived
from osint.bundle.plans import Outcome
from osint.bundle.undo import undo
from osint.history import recording
from osint.history.models import Entry
from osint.keeping import promises
from tests import factories as make
from tests.kit.exchange import Base, planned

pytestmark = pytest.mark.engine("sqlite")  # where two files are two databases


@pytest.fixture(scope="module")
def begun(django_db_setup: None, django_db_blocker, tmp_path_factory) -> Base:
    """A database that has an event with all its evidence."""
    with django_db_blocker.unblock():
        return Base.begun(tmp_path_factory.mktemp("begun"), make.make_whole_event)


@pytest.fixture
def bases(begun: Base, django_db_blocker, tmp_path: Path) -> Iterator[tuple[Base, Base]]:
    """Two databases, of which the first has an event with all its evidence."""
    with django_db_blocker.unblock():
        empty = str(connection.settings_dict["NAME"])
        yield Base.copied(tmp_path / "one.sqlite3", str(begun.path)), Base.copied(tmp_path / "other.sqlite3", empty)


def only(plan, outcome):
    """The records with this outcome, as label and key."""
    return {step.identity for step in plan.steps if step.outcome == outcome}


def test_a_bundle_fills_an_empty_database_and_comes_back_the_same(bases):
    one, other = bases
    plan = other.take(one.cut())
    assert set(plan.counts) == {Outcome.NEW}
    assert other.content() == one.content()
    assert set(one.plan(other.cut()).counts) == {Outcome.SAME}
    with other.here():
        assert Event.objects.get().status == Status.DRAFT
        assert Event.objects.get().version == 1
        arrival = Arrival.objects.get()
        assert (arrival.entries, Arrived.objects.count()) == (len(plan.steps), len(plan.steps))
        assert Entry.objects.filter(door="import").exists()


def test_the_same_bundle_twice_changes_nothing(bases):
    one, other = bases
    bundle = one.cut()
    other.take(bundle)
    with other.here():
        before = Entry.objects.count()
    assert not other.take(bundle).writes
    with other.here():
        assert (Entry.objects.count(), Arrival.objects.count()) == (before, 1)


def edited(base, **values):
    """The event, changed by a person."""
    with base.here():
        event = Event.objects.get()
        with recording.change():
            for name, value in values.items():
                setattr(event, name, value)
            event.full_clean()
            event.save()


def test_what_is_newer_there_is_taken_and_what_is_newer_here_stays(bases):
    one, other = bases
    other.take(one.cut())
    edited(one, summary_en="A convoy of about 25 lorries arrived.")
    edited(other, summary_ar="وصلت قافلة إلى قاعدة قسرك.")
    plan = other.take(one.cut())
    (step,) = [step for step in plan.steps if step.differences]
    assert {one.unit: str(one.verdict) for one in step.differences} == {"summary_en": "theirs", "summary_ar": "mine"}
    one.take(other.cut())
    assert one.content() == other.content()
    with one.here():
        assert Event.objects.get().summary_ar == "وصلت قافلة إلى قاعدة قسرك."


def test_what_both_changed_waits_for_a_person(bases):
    one, other = bases
    other.take(one.cut())
    edited(one, summary_en="Mine.")
    edited(other, summary_en="Theirs.")
    plan = other.take(one.cut())
    assert len(plan.conflicts()) == 1
    with other.here():
        assert Event.objects.get().summary_en == "Theirs."
    # Whoever decides has seen both: there it is simply newer.
    plan = other.take(one.cut(), default="mine")
    assert not plan.conflicts()
    assert set(one.take(other.cut()).counts) == {Outcome.SAME, Outcome.CHANGED}
    assert one.content() == other.content()
    assert not other.plan(one.cut()).conflicts()


def test_an_older_bundle_that_comes_late_takes_nothing_back(bases):
    one, other = bases
    old = one.cut()
    edited(one, summary_en="Corrected.")
    other.take(one.cut())
    plan = other.take(old)
    assert set(plan.counts) == {Outcome.SAME, Outcome.MINE}
    assert one.content() == other.content()


def test_what_was_deleted_there_goes_here_unless_somebody_changed_it(bases):
    one, other = bases
    other.take(one.cut())
    with one.here():
        Placement.objects.get().delete()
    plan = other.take(one.cut())
    assert plan.counts[Outcome.GONE] == 1
    assert one.content() == other.content()
    with other.here():
        assert not Placement.objects.exists()


def test_what_was_deleted_here_does_not_come_back(bases):
    one, other = bases
    bundle = one.cut()
    other.take(bundle)
    with other.here():
        Placement.objects.get().delete()
    plan = other.take(bundle)
    assert plan.counts[Outcome.MINE] == 1
    with other.here():
        assert not Placement.objects.exists()


def test_deleted_here_and_changed_there_is_for_a_person_to_decide(bases):
    one, other = bases
    other.take(one.cut())
    with one.here():
        Placement.objects.get().delete()
    with other.here():
        placement = Placement.objects.get()
        placement.role = "near"
        placement.save()
    assert len(other.take(one.cut()).conflicts()) == 1
    assert len(one.take(other.cut()).conflicts()) == 1
    one.take(other.cut(), default="theirs")
    with one.here():
        assert Placement.objects.get().role == "near"
    other.take(one.cut())
    assert one.content() == other.content()


def moved(base, status, reason=""):
    """The event after a move."""
    with base.here():
        edith = make.make_user(f"edith-{status}-{base.path.stem}", "Editor")
        event = Event.objects.get()
        if status == Status.PUBLISHED:
            workflow.publish(event, edith)
        else:
            workflow.retract(event, edith, reason)


def test_what_is_published_there_is_published_here_only_where_that_is_trusted(bases):
    one, other = bases
    moved(one, Status.PUBLISHED)
    other.take(one.cut(), trusted=False)
    with other.here():
        assert Event.objects.get().status == Status.DRAFT
    other.take(one.cut())
    with other.here():
        assert Event.objects.get().status == Status.PUBLISHED
    assert one.content() == other.content()
    assert (one.cut() / "edits.json").read_bytes() == (other.cut() / "edits.json").read_bytes()


def test_no_retracted_event_comes_back(bases):
    one, other = bases
    moved(one, Status.PUBLISHED)
    early = one.cut()
    other.take(early)
    moved(other, Status.RETRACTED, "It was a rehearsal.")
    other.take(early)
    other.take(one.cut())
    with other.here():
        assert Event.objects.get().status == Status.RETRACTED
    one.take(other.cut())
    with one.here():
        assert Event.objects.get().retraction_reason == "It was a rehearsal."
    assert one.content() == other.content()


def test_a_retraction_of_what_never_came_is_nothing_to_do(bases):
    one, other = bases
    moved(one, Status.PUBLISHED)
    moved(one, Status.RETRACTED, "It was a rehearsal.")
    plan = other.take(one.cut(query="status=draft"))
    assert plan.counts == {Outcome.SAME: 1}


def test_whoever_has_moved_an_event_knew_of_it_as_a_draft():
    told = [("a change", "status", "published", "retracted")]  # it was loaded as published
    name = ("events.event", "822dc163-0279-5ea3-9e06-a8c17d01c1ce")
    found = edits.continued(Event, name, {}, told, {}, edits.Names(Event, {}))
    assert units.first_edit(name, units.STATE, units.DRAFT) in found[units.STATE].seen


@pytest.mark.django_db
def test_a_plan_writes_nothing(tmp_path):
    make.make_whole_event()
    folder = tmp_path / "bundle"
    export.cut(export.Export(Cut(mark="RED")), folder, as_folder=True)
    Placement.objects.get().delete()
    before = (Entry.objects.count(), Placement.objects.count(), Arrival.objects.count())
    planned(folder, default="theirs")
    assert (Entry.objects.count(), Placement.objects.count(), Arrival.objects.count()) == before


def test_an_import_is_undone_as_a_whole_and_can_be_made_again(bases):
    one, other = bases
    empty = other.content()
    bundle = one.cut()
    other.take(bundle)
    with other.here():
        undone = undo(Arrival.objects.get(), None, "The wrong file.")
        assert not undone.kept

    assert other.content() == empty
    assert set(other.take(bundle).counts) == {Outcome.NEW}
    assert one.content() == other.content()


def test_what_an_import_changed_is_as_before_and_what_people_changed_since_stays(bases):
    one, other = bases
    other.take(one.cut())
    edited(one, summary_en="Corrected there.", summary_ar="صُحح هناك.")
    other.take(one.cut())
    edited(other, summary_ar="صُحح هنا.")
    with other.here():
        undone = undo(Arrival.objects.latest("pk"), None, "They were mistaken.")
        event = Event.objects.get()
        assert (event.summary_ar, event.summary_en) == ("صُحح هنا.", "A supply convoy of the Coalition arrived.")
        assert ["summary_ar" in sentence for sentence in undone.kept] == [True]
    # To others it is as if it had not come: they are not told that their own correction is old.
    assert only(one.plan(other.cut()), Outcome.CHANGED) <= {("events.event", str(event.uuid))}


def test_what_undoing_an_import_took_back_is_for_others_to_decide(bases):
    one, other = bases
    third = Base.copied(one.path.with_name("third.sqlite3"), str(connection.settings_dict["NAME"]))
    moved(one, Status.PUBLISHED)
    other.take(one.cut())
    with other.here():
        undo(Arrival.objects.get(), None, "The wrong file.")
    assert len(one.take(other.cut()).conflicts()) == 1
    assert not one.take(other.cut(), default="mine").conflicts()
    third.take(other.cut())
    for base, status in ((one, Status.PUBLISHED), (other, Status.RETRACTED), (third, Status.RETRACTED)):
        with base.here():
            assert Event.objects.get().status == status
    assert not one.plan(other.cut()).conflicts()


def test_what_an_import_added_to_what_was_published_already_goes_too(bases):
    one, other = bases
    moved(one, Status.PUBLISHED)
    other.take(one.cut())
    with one.here(), workflow.changing(Event.objects.get(), None, "It was seen on the road, too."):
        told = {"role": "near", "basis": "inferred", "reason": "A film."}
        Placement(event=Event.objects.get(), site=make.make_site(), **told).save()
    other.take(one.cut())
    with other.here():
        assert Placement.objects.count() == 2
        undone = undo(Arrival.objects.latest("pk"), None, "The wrong file.")
        assert undone.kept == []
        assert (Event.objects.get().status, Placement.objects.count()) == (Status.PUBLISHED, 1)
        assert "Undoes the import of ? · bundle 2" in Correction.objects.latest("pk").reason
        assert not list(promises.breaches(["published_facts_are_supported", "changes_after_publication_say_why"]))


def test_what_an_import_cited_for_what_was_published_already_is_set_aside(bases):
    one, other = bases
    moved(one, Status.PUBLISHED)
    other.take(one.cut())
    with one.here(), workflow.changing(Event.objects.get(), None, "They say so, too."):
        report = make.make_report()
        citation = make.make_citation(event=Event.objects.get(), report=report)
        make.make_claim(citation=citation, facet="what", type=citation.event.type, quote=report.text.split()[0])
    bundle = one.cut()
    other.take(bundle)
    with other.here():
        undone = undo(Arrival.objects.latest("pk"), None, "The wrong file.")
        assert ["its claims are set aside" in sentence for sentence in undone.kept if "cites" in sentence] == [True]
        claim = Claim.objects.get(citation__uuid=citation.uuid)
        assert (claim.standing, claim.standing_reason[:18]) == ("set_aside", "Undoes the import ")
        assert not list(promises.breaches(["published_facts_are_supported", "changes_after_publication_say_why"]))
    assert len(one.plan(other.cut()).conflicts()) == len(other.plan(bundle).conflicts()) == 1
    assert not other.take(bundle, default="theirs").conflicts()
    assert one.content() == other.content()


def deleted_here_and_changed_there(bases):
    """One has deleted a placement that the other has changed since; both have told each other of all before."""
    one, other = bases
    other.take(one.cut())
    one.take(other.cut())
    with one.here():
        Placement.objects.get().delete()
    with other.here():
        placement = Placement.objects.get()
        placement.role = "near"
        placement.save()


def test_what_a_person_has_decided_stays_deleted_is_not_asked_again(bases):
    one, other = bases
    deleted_here_and_changed_there(bases)
    bundle = other.cut()
    assert len(one.take(bundle, default="mine").conflicts()) == 0
    assert not one.plan(bundle).conflicts()
    assert not one.plan(other.cut()).conflicts()
    assert other.take(one.cut()).counts[Outcome.GONE] == 1
    assert one.content() == other.content()


def test_that_a_record_stays_deleted_leaves_with_what_has_changed_since(bases):
    one, other = bases
    deleted_here_and_changed_there(bases)
    one.cut()
    one.take(other.cut(), default="mine")
    plan = other.take(one.cut(since=one.number))
    assert plan.counts[Outcome.GONE] == 1
    assert one.content() == other.content()


def merged_and_taken_apart(base, event):
    """The event was held to be another one for a while."""
    edith = make.make_user(f"edith-merges-{base.path.stem}", "Editor")
    workflow.merge(event, edith, make.make_event(type=event.type), "They are one.")
    workflow.unmerge(event, edith, "They are two.")


@pytest.mark.parametrize("became", ["draft", "published", "retracted"])
@pytest.mark.parametrize("changed_there", [False, True])
def test_what_a_deletion_had_seen_is_known_still_when_the_event_has_moved_there(bases, became, changed_there):
    one, other = bases
    other.take(one.cut())
    edited(other, summary_ar="صُحح هنا.")
    with other.here():
        event = Event.objects.get()
        name = str(event.uuid)
        event.delete()
        before = edits.gone(Event, {name})
    if changed_there:
        edited(one, summary_en="Corrected there.")
    if became == "draft":
        with one.here():
            merged_and_taken_apart(one, Event.objects.get())
    else:
        moved(one, Status.PUBLISHED)
    if became == "retracted":
        moved(one, Status.RETRACTED, "It was a rehearsal.")
    bundle = one.cut()
    assert len(other.take(bundle).conflicts()) == changed_there
    assert not other.plan(bundle).writes
    with other.here():
        assert not Event.objects.filter(uuid=name).exists()
        assert edits.gone(Event, {name}) == before


def test_of_two_decisions_on_one_deletion_neither_goes_over_the_other(bases):
    one, other = bases
    deleted_here_and_changed_there(bases)
    mine, theirs = one.cut(), other.cut()
    one.take(theirs, default="mine")
    other.take(mine, default="mine")
    assert len(one.plan(other.cut()).conflicts()) == 1
    assert len(other.plan(one.cut()).conflicts()) == 1
    one.take(other.cut(), default="theirs")
    other.take(one.cut())
    assert one.content() == other.content()


def retracted_there_and_undone_here(one, other):
    """One has retracted what both had published; the other has let that in, and has undone it."""
    moved(one, Status.PUBLISHED)
    other.take(one.cut())
    moved(one, Status.RETRACTED, "It was a rehearsal.")
    other.take(one.cut())
    with other.here():
        undo(Arrival.objects.latest("pk"), None, "They were mistaken.")


def test_what_undoing_an_import_has_published_again_is_retracted_again_by_a_person_alone(bases):
    one, other = bases
    retracted_there_and_undone_here(one, other)
    assert len(other.take(one.cut()).conflicts()) == 1
    # That they have heard of it is not that they have retracted it once more.
    one.take(other.cut())
    assert len(other.take(one.cut()).conflicts()) == 1
    with other.here():
        assert Event.objects.get().status == Status.PUBLISHED
    with one.here():
        assert Event.objects.get().status == Status.RETRACTED
    other.take(one.cut(), default="mine")
    one.take(other.cut())
    assert not other.take(one.cut()).conflicts()
    with other.here():
        assert Event.objects.get().status == Status.PUBLISHED


def test_an_event_that_undoing_has_published_again_is_retracted_by_who_retracts_it_anew(bases):
    one, other = bases
    third = Base.copied(one.path.with_name("third.sqlite3"), str(connection.settings_dict["NAME"]))
    retracted_there_and_undone_here(one, other)
    third.take(other.cut())
    moved(third, Status.RETRACTED, "It was one after all.")
    other.take(third.cut())
    with other.here():
        assert Event.objects.get().retraction_reason == "It was one after all."


def corrected(base):
    """The published event, with a correction by a person."""
    moved(base, Status.PUBLISHED)
    with base.here(), workflow.changing(Event.objects.get(), None, "It was wrong."):
        event = Event.objects.get()
        event.summary_ar = "صُحح."
        event.save()


def test_a_draft_that_came_with_corrections_stays_where_its_import_is_undone(bases):
    one, other = bases
    corrected(one)
    other.take(one.cut(), trusted=False)
    with other.here():
        undone = undo(Arrival.objects.get(), None, "The wrong file.")
        assert "it has corrections" in " ".join(undone.kept)
        assert (Event.objects.get().status, Correction.objects.count()) == (Status.DRAFT, 1)


def test_what_came_with_a_correction_of_a_draft_goes_where_its_import_is_undone_and_the_correction_stays(bases):
    one, other = bases
    other.take(one.cut())
    corrected(one)
    other.take(one.cut(), trusted=False)
    with other.here():
        assert Event.objects.get().summary_ar == "صُحح."
        undo(Arrival.objects.latest("pk"), None, "The wrong file.")
        assert Event.objects.get().summary_ar != "صُحح."
        assert Correction.objects.count() == 1


def test_what_an_import_deleted_stays_so_where_what_it_belonged_to_is_gone_by_now(bases):
    one, other = bases
    other.take(one.cut())
    with one.here():
        Placement.objects.get().delete()
    other.take(one.cut())
    with other.here():
        Event.objects.get().delete()
        undone = undo(Arrival.objects.latest("pk"), None, "The wrong file.")
        assert "is not there any more" in " ".join(undone.kept)
        assert not Placement.objects.exists()
