"""Two databases in which people work at the same time: whatever comes when, both hold the same in the end."""

import os
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from django.core.management import call_command
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from osint.history import verify
from osint.history.models import Entry
from osint.keeping import promises
from tests import factories as make
from tests.kit.exchange import Base
from tests.kit.partners import Group, agree, exchange

DRILL = int(os.environ.get("EXCHANGE", "0"))  # edits in each, over the demonstration
on_sqlite = pytest.mark.engine("sqlite")  # where two files are two databases


@pytest.fixture
def source(django_db_setup: None, django_db_blocker, tmp_path: Path) -> Iterator[Base]:
    """A database from which both begin."""
    with django_db_blocker.unblock():
        base = Base.copied(tmp_path / "source.sqlite3", str(connection.settings_dict["NAME"]))
        with base.here():
            make.make_user("edith", "Editor")
            if DRILL:
                names = ("taxonomy", "gazetteer", "actors", "sources", "demo")
                call_command("loaddata", *names, verbosity=0)
            else:
                make.make_whole_event()
                make.make_whole_event()
                make.make_site()
        yield base


def partners(source: Base, seed: int, rounds: int, edits: int) -> None:
    """Let two groups work and exchange, and compare what they hold."""
    random = Random(seed)
    groups = []
    for name in ("one", "other"):
        base = Base.copied(source.path.with_name(f"{name}-{seed}.sqlite3"), str(source.path))
        base.begin_anew()
        groups.append(Group(base, Random(f"{seed} {name}")))
    one, other = groups
    retracted = exchange(one, other, random, rounds, edits)
    plans = agree(one, other, random)
    contents = [group.base.content() for group in groups]
    refused = [problem for plan in plans for step in plan.refused() for problem in step.problems]
    assert contents[0] == contents[1], refused
    for group in groups:
        assert retracted <= group.retracted()
        with group.base.here():
            assert list(verify.faults()) == []
            assert list(promises.breaches(["no_import_goes_over_a_correction"])) == []


@on_sqlite
@settings(max_examples=1, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6))
def test_two_databases_hold_the_same_in_the_end(source, seed):
    if not DRILL:
        partners(source, seed, rounds=2, edits=5)


@on_sqlite
@pytest.mark.drill("EXCHANGE")
@pytest.mark.parametrize("seed", range(int(os.environ.get("SEEDS", "3"))))
def test_two_databases_hold_the_same_after_hundreds_of_edits(source, seed):
    partners(source, seed, rounds=DRILL // 20, edits=20)


@pytest.mark.django_db
def test_whatever_people_do_is_recorded():
    make.make_user("edith", "Editor")
    make.make_whole_event()
    make.make_site()
    before = Entry.objects.count()
    Group(Base(Path("here")), Random(1)).do(20)
    assert Entry.objects.count() > before
    assert list(verify.faults()) == []
