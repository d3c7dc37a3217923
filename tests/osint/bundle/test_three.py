"""Three databases that pass on to each other what they were given, each trusting the others as far as it likes."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.db import connection

from events import workflow
from events.choices import Status
from events.models import Claim, Event
from osint.history import verify
from tests import factories as make
from tests.kit.exchange import Base

pytestmark = pytest.mark.engine("sqlite")  # where files are databases


@pytest.fixture(scope="module")
def begun(django_db_setup: None, django_db_blocker, tmp_path_factory) -> Base:
    """A database that has two events with all their evidence."""
    with django_db_blocker.unblock():
        return Base.begun(tmp_path_factory.mktemp("three"), fill)


def fill() -> None:
    """Two events, and an editor."""
    make.make_user("edith", "Editor")
    make.make_whole_event(summary_en="One.")
    make.make_whole_event(summary_en="Other.")


@pytest.fixture
def bases(begun: Base, django_db_blocker, tmp_path: Path) -> Iterator[tuple[Base, Base, Base]]:
    """Three databases, of which the first has the events."""
    with django_db_blocker.unblock():
        empty = str(connection.settings_dict["NAME"])
        a = Base.copied(tmp_path / "a.sqlite3", str(begun.path))
        b, c = (Base.copied(tmp_path / f"{name}.sqlite3", empty) for name in "bc")
        for base in (b, c):
            with base.here():
                make.make_user("edith", "Editor")
        yield a, b, c
        for base in (a, b, c):
            with base.here():
                assert list(verify.faults()) == []


def move(base: Base, action: str, summary: str = "One.", *told: str) -> None:
    """Let an editor move an event."""
    with base.here():
        getattr(workflow, action)(event(summary), User.objects.get(username="edith"), *told)


def merge(base: Base) -> None:
    """Merge the one event into the other."""
    with base.here():
        workflow.merge(event("One."), User.objects.get(username="edith"), event("Other."), "They are one.")


def event(summary: str) -> Event:
    """The event of this summary."""
    return Event.objects.get(summary_en=summary)


def status(base: Base, summary: str = "One.") -> str:
    """How the event stands there."""
    with base.here():
        return event(summary).status


def reword(base: Base, words: str) -> None:
    """Sum up the one event otherwise."""
    with base.here(), workflow.changing(event("One."), None, "It was wrong."):
        found = event("One.")
        found.summary_ar = words
        found.save()


def test_a_retraction_that_comes_before_its_event_is_remembered(bases):
    a, b, c = bases
    move(a, "publish")
    early = a.cut()
    move(a, "retract", "One.", "It was a rehearsal.")
    b.take(a.cut())
    told = b.cut(query="status=draft&q=Other")
    c.take(told)
    assert not c.take(told).writes
    c.take(early)
    assert status(c) == Status.DRAFT
    c.take(told)
    assert status(c) == Status.RETRACTED
    assert not c.take(early).conflicts()
    assert status(c) == Status.RETRACTED


def test_a_decision_leaves_with_what_has_changed_since(bases):
    a, b, c = bases
    b.take(a.cut())
    c.take(a.cut())
    reword(a, "أ")
    reword(b, "ب")
    b.cut()
    b.take(a.cut(), default="mine")
    a.take(b.cut(since=b.number))
    with a.here():
        assert event("One.").summary_ar == "ب"


def test_what_was_taken_apart_there_is_not_published_here_by_a_key_that_may_not(bases):
    a, b, _c = bases
    for summary in ("One.", "Other."):
        move(a, "publish", summary)
    merge(a)
    b.take(a.cut(), trusted=False)
    assert (status(b), status(b, "Other.")) == (Status.MERGED, Status.DRAFT)
    with b.here():
        assert event("One.").published_at is None
    move(a, "unmerge", "One.", "They are two.")
    plan = b.take(a.cut(), trusted=False)
    assert status(b) == Status.MERGED
    assert len(plan.conflicts()) == 1


def test_what_was_published_here_is_so_again_when_drafts_are_taken_apart_there(bases):
    a, b, _c = bases
    b.take(a.cut())
    move(a, "publish")
    move(a, "publish", "Other.")
    merge(b)
    a.take(b.cut(), default="theirs")
    assert status(a) == Status.MERGED
    b.take(a.cut(), trusted=False)
    move(b, "unmerge", "One.", "They are two.")
    a.take(b.cut(), default="theirs")
    assert status(a) == Status.PUBLISHED


def test_a_merge_that_cannot_be_made_here_is_settled_by_saying_mine(bases):
    a, b, _c = bases
    for summary in ("One.", "Other."):
        move(a, "publish", summary)
    b.take(a.cut())
    merge(a)
    move(b, "retract", "Other.", "It was a rehearsal.")
    a.take(b.cut())
    assert len(b.take(a.cut()).refused()) == 1
    plan = b.take(a.cut(), default="mine")
    assert not plan.refused()
    a.take(b.cut())
    assert status(a) == status(b) == Status.PUBLISHED
    assert a.content() == b.content()


def retracted_here_and_there(a: Base, b: Base) -> None:
    """Both events are published in both, and the first one is retracted in both."""
    for summary in ("One.", "Other."):
        move(a, "publish", summary)
    b.take(a.cut())
    move(a, "retract", "One.", "It was a rehearsal.")
    b.take(a.cut())


def test_a_retracted_event_that_is_merged_is_so_everywhere_and_retracted_still_when_it_is_taken_apart(bases):
    a, b, _c = bases
    retracted_here_and_there(a, b)
    merge(b)
    a.take(b.cut())
    assert status(a) == Status.MERGED
    assert a.content() == b.content()
    move(a, "unmerge", "One.", "They are two.")
    b.take(a.cut())
    assert status(a) == status(b) == Status.RETRACTED
    assert a.content() == b.content()


def test_whoever_may_not_publish_asks_before_what_is_retracted_here_is_merged(bases):
    a, b, _c = bases
    retracted_here_and_there(a, b)
    merge(b)
    bundle = b.cut()
    assert len(a.take(bundle, trusted=False).conflicts()) == 1
    assert status(a) == Status.RETRACTED
    a.take(bundle, trusted=False, default="theirs")
    assert status(a) == Status.MERGED


def test_what_is_retracted_stays_so_where_it_was_merged_by_who_did_not_know(bases):
    a, b, _c = bases
    for summary in ("One.", "Other."):
        move(a, "publish", summary)
    b.take(a.cut())
    move(a, "retract", "One.", "It was a rehearsal.")
    merge(b)
    a.take(b.cut(), default="theirs")
    assert status(a) == Status.RETRACTED
    b.take(a.cut(), default="theirs")
    assert status(b) == Status.RETRACTED
    assert a.content() == b.content()


def test_what_cannot_be_published_yet_is_so_later_whatever_was_said_of_it(bases):
    a, b, _c = bases
    b.take(a.cut())
    move(a, "publish")
    stand(b, "set_aside", "It was mistranslated.")
    assert len(b.take(a.cut(), default="mine").refused()) == 1
    stand(b, "accepted", "")
    b.take(a.cut())
    assert status(b) == Status.PUBLISHED


def stand(base: Base, standing: str, why: str, summary: str = "One.") -> None:
    """Let all claims of the event stand so."""
    with base.here():
        Claim.objects.filter(citation__event=event(summary)).update(standing=standing, standing_reason=why)


def test_what_a_duplicate_supports_is_published_with_the_bundle_that_brings_both(bases):
    a, b, _c = bases
    b.take(a.cut())
    stand(a, "set_aside", "It was mistranslated.", "Other.")
    merge(a)
    move(a, "publish", "Other.")
    assert not b.take(a.cut()).refused()
    assert (status(b), status(b, "Other.")) == (Status.MERGED, Status.PUBLISHED)
    assert a.content() == b.content()


def test_what_nothing_supports_is_not_published_though_something_is_merged_into_it(bases):
    a, b, _c = bases
    b.take(a.cut())
    for summary in ("One.", "Other."):
        stand(b, "set_aside", "It was mistranslated.", summary)
    merge(a)
    move(a, "publish", "Other.")
    assert len(b.take(a.cut()).refused()) == 1
    assert (status(b), status(b, "Other.")) == (Status.MERGED, Status.DRAFT)
