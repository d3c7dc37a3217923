"""Databases in which people work at the same time: whatever comes when, all hold the same in the end."""

import os
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from osint.history import verify
from osint.history.models import Entry
from tests import factories as make
from tests.kit import shelf
from tests.kit.exchange import Base
from tests.kit.partners import Group, agree, exchange, held_to

DRILL = int(os.environ.get("EXCHANGE", "0"))  # edits in each, over the demonstration
SEEDS = range(int(os.environ.get("SEEDS", "3")))
TWO, THREE = ("one", "other"), ("one", "other", "third")
on_sqlite = pytest.mark.engine("sqlite")  # where files are databases


@pytest.fixture
def few(django_db_setup: None, django_db_blocker, tmp_path: Path) -> Iterator[Base]:
    """A database from which all begin, with a few records."""
    with django_db_blocker.unblock():
        yield Base.begun(tmp_path, fill)


@pytest.fixture
def demo(django_db_setup: None, django_db_blocker, tmp_path: Path) -> Iterator[Base]:
    """A database from which all begin, with the demonstration."""
    with django_db_blocker.unblock():
        yield Base.begun(tmp_path, demonstrate)


def fill() -> None:
    """Two events, and an editor."""
    make.make_user("edith", "Editor")
    make.make_whole_event()
    make.make_whole_event()
    make.make_site()


def demonstrate() -> None:
    """The demonstration, and an editor."""
    make.make_user("edith", "Editor")
    shelf.load(*shelf.COMMON, "demo")


def partners(source: Base, names: tuple[str, ...], seed: int, rounds: int, edits: int, undone: float = 0) -> None:
    """Let groups work and exchange, and compare what they hold."""
    random = Random(seed)
    groups = [Group.begun(source, name, seed) for name in names]
    retracted = exchange(groups, random, rounds, edits, undone)
    held_to(groups, agree(groups, random), retracted)


@on_sqlite
@settings(max_examples=1, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6))
def test_two_databases_hold_the_same_in_the_end(few, seed):
    if not DRILL:
        partners(few, TWO, seed, rounds=2, edits=5)


@on_sqlite
def test_three_databases_hold_the_same_in_the_end(few):
    if not DRILL:
        partners(few, THREE, 1, rounds=1, edits=6, undone=0.2)


@on_sqlite
@pytest.mark.drill("EXCHANGE")
@pytest.mark.parametrize("seed", SEEDS)
def test_two_databases_hold_the_same_after_hundreds_of_edits(demo, seed):
    partners(demo, TWO, seed, rounds=DRILL // 20, edits=20)


@on_sqlite
@pytest.mark.drill("EXCHANGE")
@pytest.mark.parametrize("seed", SEEDS)
def test_three_databases_hold_the_same_after_many_edits(demo, seed):
    partners(demo, THREE, seed, rounds=max(2, DRILL // 100), edits=10, undone=0.1)


@pytest.mark.django_db
def test_whatever_people_do_is_recorded():
    make.make_user("edith", "Editor")
    make.make_whole_event()
    make.make_site()
    before = Entry.objects.count()
    Group(Base(Path("here")), Random(1)).do(20)
    assert Entry.objects.count() > before
    assert list(verify.faults()) == []
