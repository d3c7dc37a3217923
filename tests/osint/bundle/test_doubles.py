"""One fact that was entered on both sides: it is one record from now on, whatever each side has called it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db.models import UniqueConstraint

from events.models import Actor, Citation, Claim, Event, Placement, Site
from osint.bundle.contents import MODELS, key_field
from osint.bundle.doubles import ONCE
from osint.bundle.models import Arrival, Arrived
from osint.bundle.undo import undo
from osint.history import recording, verify
from sources.models import Report, Source
from tests import factories as make
from tests.kit.exchange import Base

pytestmark = pytest.mark.engine("sqlite")  # where two files are two databases
LESSER, GREATER = (UUID(f"{digit * 8}-0000-4000-8000-000000000000") for digit in "1e")


def test_every_constraint_that_lets_something_be_said_once_is_known():
    for model in MODELS:
        unique = [one for one in model._meta.constraints if isinstance(one, UniqueConstraint)]
        if key_field(model) == "uuid" and unique:
            said = {name.replace("folded", "text") for one in unique for name in one.fields}
            assert said == {name for names in ONCE[model] for name in names}, model


@pytest.fixture(scope="module")
def begun(django_db_setup: None, django_db_blocker, tmp_path_factory) -> Base:
    """A database of which both groups have a copy."""
    with django_db_blocker.unblock():
        return Base.begun(tmp_path_factory.mktemp("begun"), furnish)


def furnish() -> None:
    """An event with all its evidence, and what may be said of it besides."""
    make.make_whole_event()
    make.make_report(title="The second report", text="About 40 trucks came.", language="en")
    make.make_actor(slug="militia")
    make.make_site(slug="village")


@pytest.fixture
def bases(begun: Base, django_db_blocker, tmp_path: Path, settings: Any) -> Iterator[tuple[Base, Base]]:
    """The databases of two groups who know the same so far."""
    settings.MEDIA_ROOT = tmp_path / "files"
    with django_db_blocker.unblock():
        one, other = (Base.copied(tmp_path / f"{name}.sqlite3", str(begun.path)) for name in ("one", "other"))
        for base in (one, other):
            base.begin_anew()
        yield one, other


def enter_everything(base: Base, turn: int) -> None:
    """Enter one of everything that can be said once; of every other the other group has the lesser UUID."""
    with base.here():
        event, site, actor = Event.objects.get(), Site.objects.get(slug="village"), Actor.objects.get(slug="militia")
        report = Report.objects.get(title="The second report")
        uuids = (UUID(int=(16 + number) * 16 + (number + turn) % 2) for number in range(20))
        make.make_cue(uuid=next(uuids), text="roughly")
        make.make_site_name(uuid=next(uuids), site=site, text="القرية")
        make.make_actor_name(uuid=next(uuids), actor=actor, text="الفصيل")
        make.make_actor_link(uuid=next(uuids), actor=actor, other=Actor.objects.get(slug="coalition"))
        make.make_relay(uuid=next(uuids), report=report, relayed_source=Source.objects.get(slug="sohr"))
        make.make_attachment(uuid=next(uuids), report=report, content=b"%PDF-1.7 the same")
        make.make_placement(uuid=next(uuids), event=event, site=site)
        make.make_involvement(uuid=next(uuids), event=event, actor=actor)
        make.make_count(uuid=next(uuids), event=event, measure=event.counts.get().measure, label="in the convoy")
        citation = make.make_citation(uuid=next(uuids), event=event, report=report)
        # What each of them reads in the report is its own.
        make.make_claim(uuid=next(uuids), citation=citation, quote=["About 40", "trucks came"][turn])


def agree(one: Base, other: Base) -> None:
    """Send everything to and fro, until both hold the same."""
    for sender, receiver in ((one, other), (other, one), (one, other)):
        receiver.take(sender.cut(attachments=True))
    assert one.content() == other.content()
    for base in (one, other):
        with base.here():
            assert list(verify.faults()) == []


def test_whatever_was_entered_on_both_sides_is_one_record(bases):
    one, other = bases
    for turn, base in enumerate(bases):
        enter_everything(base, turn)
    plan = other.take(one.cut(attachments=True))
    assert not plan.refused()
    assert not plan.conflicts()
    assert len([step for step in plan.steps if step.is_paired]) == len(ONCE)
    agree(one, other)
    with one.here():
        assert Citation.objects.count() == 2
        assert Claim.objects.filter(citation__report__title="The second report").count() == 2
        numbers = {int(citation.uuid) for citation in Citation.objects.filter(report__title="The second report")}
        assert {number % 16 for number in numbers} == {0}


def placed(base: Base, uuid: UUID, **values: str) -> None:
    """The event is in the village, as a group enters it."""
    with base.here():
        make.make_placement(uuid=uuid, event=Event.objects.get(), site=Site.objects.get(slug="village"), **values)


def changed(base: Base, **values: str) -> None:
    """A group changes where the event is."""
    with base.here(), recording.change():
        placement = Placement.objects.get(site__slug="village")
        for name, value in values.items():
            setattr(placement, name, value)
        placement.full_clean()
        placement.save()


def test_what_the_two_have_said_differently_of_it_a_person_decides(bases):
    one, other = bases
    for base, uuid, word in ((one, GREATER, "It lies on the way."), (other, LESSER, "The road ends there.")):
        placed(base, uuid, basis="inferred", reason=word)
        with base.here():  # by the same slug, too
            make.make_site(slug="umm-ghurban", name_en=word, name_ar="أم غربان")
    plan = other.take(one.cut())
    assert [[*step.differences[0].fields] for step in plan.conflicts()] == [["name_en"], ["reason"]]
    assert "entered on both sides" in plan.as_text()
    other.take(one.cut(), default="theirs")
    agree(one, other)
    with one.here():
        found = Placement.objects.get(site__slug="village")
        assert (found.uuid, found.reason) == (LESSER, "It lies on the way.")


def test_what_was_changed_or_deleted_since_is_newer_whatever_it_is_called(bases):
    one, other = bases
    placed(one, LESSER)
    placed(other, GREATER)
    early, late = one.cut(), other.cut()
    changed(one, basis="inferred", reason="It lies on the way.")
    assert not other.take(one.cut()).conflicts()
    assert not other.take(early).conflicts()
    agree(one, other)
    with other.here():
        assert Placement.objects.get(site__slug="village").reason == "It lies on the way."
        Placement.objects.get(site__slug="village").delete()
    agree(other, one)
    for base in bases:
        base.take(late)
        with base.here():
            assert not Placement.objects.filter(site__slug="village").exists()


def test_what_was_known_here_by_another_name_is_so_again_when_the_import_is_undone(bases):
    one, other = bases
    placed(one, LESSER)
    placed(other, GREATER)
    before = other.content()
    other.take(one.cut())
    with other.here():
        assert Arrived.objects.get(same_as=str(LESSER)).identity == str(GREATER)
        undo(Arrival.objects.latest("pk"), None, "The wrong file.")
    assert other.content() == before
    agree(one, other)
