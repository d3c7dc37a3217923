"""Reverting a change of many records: what rests on each other goes and comes back together, kind by kind."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events import workflow
from events.models import Actor, Claim, Correction, Event, Site, SiteName
from osint.history import recording
from osint.history.models import Entry
from osint.history.revert import revert
from osint.history.verify import faults
from sources.models import Relay, Report
from tests import factories as make
from tests.kit import shelf
from tests.kit.changes import kinds, newest
from tests.osint.test_history_revert import held, last

pytestmark = pytest.mark.django_db
GAZETTEER: tuple[Any, ...] = (Site, SiteName)


def everything_held() -> list[dict[int, Any]]:
    return [held(model) for model in kinds()]


def sites(number: int) -> Entry:
    """One change that made so many sites, each within the one before, each with a name; an entry of it."""
    with recording.change():
        above = None
        for _one in range(number):
            above = make.make_site(parent=above)
            make.make_site_name(site=above)
    return last()


def queries(entry: Entry, by: Any) -> int:
    """How many it takes to revert the change."""
    with CaptureQueriesContext(connection) as found:
        revert(entry, by, "Made by mistake.")
    return len(found)


def test_what_lies_within_each_other_goes_at_once_and_comes_back_at_once(adam):
    sites(5)
    before = everything_held()
    gone = revert(last(), adam, "Made by mistake.")
    assert len(gone.records) == 10
    assert not any(model._default_manager.exists() for model in GAZETTEER)
    revert(last(), adam, "It was none.")
    assert everything_held() == before
    paths = dict(Site.objects.values_list("slug", "path"))
    assert all(path.endswith(f"{slug}/") for slug, path in paths.items())
    assert max(path.count("/") for path in paths.values()) == 5
    assert list(faults()) == []


def test_a_draft_goes_with_all_that_was_made_for_it_and_comes_back(adam):
    with recording.change():
        event = make.make_whole_event()
        make.make_relay(report=event.citations.get().report)
    before = everything_held()
    revert(last(), adam, "Of another country.")
    assert not any(everything_held())
    revert(last(), adam, "No, of this one.")
    assert everything_held() == before
    assert list(faults()) == []


def test_what_many_records_are_undone_by_does_not_grow_with_them(adam):
    _first, few, many = (queries(sites(number), adam) for number in (1, 2, 12))
    # Twenty more records; PostgreSQL looks at its statistics now and then.
    assert many - few < 10


def test_each_of_many_that_were_changed_costs_the_same(adam, edith):
    def corrected(number: int) -> int:
        events = [make.make_published_event() for _one in range(number)]
        with recording.change(edith, "Counted again."):
            for event in events:
                with workflow.changing(event, edith, "Counted again."):
                    event.refresh_from_db()
                    event.summary_en = "Counted again."
                    event.save()
        return queries(last(), adam)

    _first, two, four, six = (corrected(number) for number in (1, 2, 4, 6))
    assert six - four == four - two
    assert Correction.objects.filter(reason="Made by mistake.").count() == 13


def test_what_was_written_down_twice_in_one_change_is_undone_to_what_was_before_both(adam):
    site = make.make_site(note="")
    with recording.change():
        for note in ("One kilometre off.", "Two kilometres off."):
            site.note = note
            site.save()
            recording.keep_so_far()
        new = make.make_site(note="By the river.")
        recording.keep_so_far()
        new.note = "On the river."
        new.save()
    revert(last(), adam, "Wrong.")
    assert [(one.slug, one.note) for one in Site.objects.all()] == [(site.slug, "")]
    assert list(faults()) == []


def test_of_many_the_one_on_which_something_else_rests_is_named_and_all_stay(adam):
    change = sites(3)
    lowest = Site.objects.order_by("pk").last()
    assert lowest
    make.make_placement(site=lowest)
    before = everything_held()
    with pytest.raises(ValidationError, match=r"has more since than this change gave it: places") as refused:
        revert(change, adam, "Made by mistake.")
    assert str(lowest) in str(refused.value)
    assert everything_held() == before


def test_of_many_the_one_that_was_filled_in_since_is_named_and_all_stay(adam, alice):
    change = sites(3)
    with recording.change(alice):
        Site.objects.filter(parent=None).update(note="By the river.")
    before = everything_held()
    with pytest.raises(ValidationError, match=r"“note” of site .* is “By the river.” now: alice"):
        revert(change, adam, "Made by mistake.")
    assert everything_held() == before


def test_a_relay_goes_only_if_what_stays_can_do_without_it(adam, monkeypatch):
    report = make.make_report()
    with recording.change():
        make.make_relay(report=report)
        make.make_actor()
    asked: list[Report] = []
    monkeypatch.setattr("sources.origins.RULES", [asked.append])
    revert(last(), adam, "It names nobody.")
    assert asked == [report]
    assert not Relay.objects.exists()
    assert not Actor.objects.exists()

    def refuse(_report: Report) -> None:
        raise ValidationError("Two origins are needed.")

    with recording.change():
        make.make_relay(report=report)
        make.make_actor()
    monkeypatch.setattr("sources.origins.RULES", [refuse])
    with pytest.raises(ValidationError, match="Two origins are needed"):
        revert(last(), adam, "It names nobody.")
    assert Relay.objects.exists()
    assert Actor.objects.exists()


def test_the_demonstration_is_refused_in_a_sentence_since_it_is_published(adam):
    shelf.load("taxonomy", "gazetteer", "actors", "sources", "demo")
    claims = Claim.objects.count()
    with (
        CaptureQueriesContext(connection) as found,
        pytest.raises(ValidationError, match=r"was published, so it stays\. Retract it with a reason"),
    ):
        revert(newest()[0], adam, "Made by mistake.")
    assert len(found) < 100
    assert (Event.objects.count(), Claim.objects.count()) == (14, claims)


def test_what_the_demonstration_rests_on_is_refused_and_goes_where_nothing_rests_on_it(adam):
    shelf.load("taxonomy", "gazetteer", "actors", "sources")
    before = everything_held()
    assert queries(last(), adam) < 150
    assert not any(everything_held())
    revert(last(), adam, "It was none.")
    assert everything_held() == before
