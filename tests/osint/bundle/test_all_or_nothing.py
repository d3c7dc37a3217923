"""An import that is broken off, at whichever write: all of it is there, or nothing, and the next try succeeds."""

import os
from pathlib import Path

import pytest
from django.db import OperationalError, connection, transaction

from events.models import Event
from osint.bundle import export, reading
from osint.bundle.applying import apply
from osint.bundle.leaving import Cut
from osint.bundle.models import Arrival, Arrived
from osint.bundle.planning import plan
from osint.history import verify
from osint.history.models import Entry
from sources.models import Report
from tests import factories as make
from tests.kit.exchange import Base

EVERY = int(os.environ.get("FAULTS", "40"))  # at every so many-eth write; 3 in the drill
pytestmark = pytest.mark.engine("sqlite")  # where two files are two databases


class Broken:
    """Lets so many writes pass, and then fails as a full disk does."""

    def __init__(self, passes: int) -> None:
        self.left = passes

    def __call__(self, execute, sql, params, many, context):
        if sql.startswith(("INSERT", "UPDATE", "DELETE")):
            self.left -= 1
            if self.left < 0:
                raise OperationalError("database or disk is full")
        return execute(sql, params, many, context)


def held():
    """What there is."""
    return [model.objects.count() for model in (Event, Report, Entry, Arrival, Arrived)]


def read(bundle: Path):
    """The plan of a bundle that nobody has signed."""
    with reading.opened(bundle, unsigned=True) as opened:
        return plan(opened.entries(), opened.arriving())


def writes_of(bundle: Path) -> int:
    """How many writes the import takes."""
    counter = Broken(10**6)
    found = read(bundle)
    with connection.execute_wrapper(counter):
        apply(found)
    return 10**6 - counter.left


@pytest.fixture
def bundle(django_db_setup, django_db_blocker, tmp_path):
    """A bundle, and an empty database to import it into."""
    with django_db_blocker.unblock():
        source = str(connection.settings_dict["NAME"])
        full, empty = (Base.copied(tmp_path / f"{name}.sqlite3", source) for name in ("full", "empty"))
        with full.here():
            make.make_whole_event()
            make.make_whole_event()
            export.cut(export.Export(Cut(mark="RED")), tmp_path / "bundle", as_folder=True)
        yield tmp_path / "bundle", empty


def test_what_is_broken_off_leaves_nothing_and_the_next_try_succeeds(bundle, tmp_path):
    folder, empty = bundle
    with Base.copied(tmp_path / "counted.sqlite3", str(empty.path)).here():
        number = writes_of(folder)
    with empty.here():
        before = held()
        found = read(folder)
        for passes in range(0, number, EVERY):
            try:
                with connection.execute_wrapper(Broken(passes)):
                    apply(found)
            except OperationalError:
                assert held() == before
            else:
                break  # only the texts for lists could not be written: they are put together when asked for
        assert passes > number / 2
        if held() == before:
            assert apply(found) is not None
        assert list(verify.faults()) == []
        after = held()
        assert apply(read(folder)) is None
        assert held() == after
    assert number > EVERY


@pytest.mark.django_db
def test_a_plan_that_fails_leaves_nothing(tmp_path):
    with transaction.atomic():
        make.make_whole_event()
        export.cut(export.Export(Cut(mark="RED")), tmp_path / "bundle", as_folder=True)
        transaction.set_rollback(True)
    before = held()
    with pytest.raises(OperationalError), connection.execute_wrapper(Broken(3)):
        read(tmp_path / "bundle")
    assert held() == before
