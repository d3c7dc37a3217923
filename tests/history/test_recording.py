"""How a change gets into the history: what is one change, whose it is, what was there before, which versions count."""

import json
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from events.models import Citation, Claim, Event, Placement, Site, SiteName
from osint.history import chain, recording
from osint.history.models import Entry
from osint.history.recording import Change, Door, Known
from osint.history.verify import faults
from sources.models import Report, Source
from tests import factories as make

pytestmark = pytest.mark.django_db


def told(since: int) -> list[tuple[str, str, str]]:
    """The entries after this one: kind of record, of the whole, action."""
    rows = Entry.objects.filter(seq__gt=since).order_by("seq")
    return [(entry.model, entry.root_model, entry.action) for entry in rows]


def last() -> int:
    return chain.head()[0]


def version_of(record) -> int:
    found: int = type(record)._default_manager.values_list("version", flat=True).get(pk=record.pk)
    return found


# One change


def test_everything_done_within_a_change_is_one(alice):
    with recording.change(alice, "Read again.") as current:
        source = make.make_source()
        make.make_site()
    assert set(Entry.objects.values_list("change", "by")) == {(current.uuid, alice.pk)}
    assert told(0) == [("sources.source", "sources.source", "create"), ("events.site", "events.site", "create")]
    assert {json.loads(entry.values.get(field="@why").text) for entry in Entry.objects.all()} == {"Read again."}
    assert version_of(source) == 1


def test_two_changes_are_two():
    make.make_source()
    make.make_source()
    assert Entry.objects.values("change").distinct().count() == 2


def test_a_change_within_a_change_gives_what_the_outer_one_left_open(alice, adam):
    with recording.change() as outer, recording.change(alice, "Seen."):
        assert (outer.by, outer.why, set(outer.uncounted)) == (alice, "Seen.", set())
        with recording.change(adam, "Other.", ["tlp"]) as inner:
            assert inner is outer
        assert (outer.by, outer.why, set(outer.uncounted)) == (alice, "Seen.", {"tlp"})
        with recording.change():
            assert (outer.by, outer.why, set(outer.uncounted)) == (alice, "Seen.", {"tlp"})


def test_what_changes_nothing_is_not_written_down():
    source = make.make_source()
    before = last()
    with recording.change():
        source.save()
    assert last() == before
    assert version_of(source) == 1


def test_what_is_changed_and_changed_back_is_not_written_down():
    event = make.make_event(summary_en="One.")
    Event.objects.filter(pk=event.pk).update(summary_en="One.")
    before = last()
    with recording.change():
        Event.objects.filter(pk=event.pk).update(summary_en="Two.")
        Event.objects.filter(pk=event.pk).update(summary_en="One.")
    assert last() == before


def test_what_is_made_and_taken_away_at_once_is_not_written_down():
    before = last()
    with recording.change():
        make.make_site().delete()
    assert last() == before


@pytest.mark.parametrize("function", [recording.about_to_write, recording.written])
def test_nothing_is_written_outside_a_change(function):
    with pytest.raises(AssertionError, match=r"^Write within osint\.history\.recording\.change"):
        function(Source, [1])


# By whom, and through which door


def test_the_door_is_this_one_within_its_block_alone():
    assert recording.DOOR.get() == Door("code", None)
    request = RequestFactory().get("/")
    with recording.through("import", request):
        assert recording.DOOR.get() == Door("import", request)
    with pytest.raises(RuntimeError), recording.through("import", request):
        raise RuntimeError
    assert recording.DOOR.get() == Door("code", None)


def test_who_and_by_which_request_is_known_from_the_door(alice):
    request = RequestFactory().post("/api/v1/events/?x=1")
    request.user = alice
    with recording.through("api", request):
        found = recording.circumstances(Change(why="Seen."))
    assert (found.by, found.username, found.why) == (alice.pk, "alice", "Seen.")
    assert (found.door, found.request) == ("api", "POST /api/v1/events/")
    assert (timezone.now() - found.at).total_seconds() < 60


def test_who_is_named_goes_before_who_asks(alice, adam):
    request = RequestFactory().post("/")
    request.user = alice
    with recording.through("api", request):
        found = recording.circumstances(Change(by=adam))
    assert (found.by, found.username) == (adam.pk, "adam")


@pytest.mark.parametrize("user", [AnonymousUser(), User(username="unsaved"), None])
def test_whom_the_database_does_not_know_is_nobody(user):
    request = RequestFactory().post("/")
    request.user = user
    with recording.through("pages", request):
        found = recording.circumstances(Change())
    assert (found.by, found.username) == (None, None)


def test_a_request_that_has_no_user_yet_is_nobodys():
    with recording.through("pages", RequestFactory().get("/" + "a" * 400)):
        found = recording.circumstances(Change())
    assert (found.by, found.username) == (None, None)
    assert found.request == "GET /" + "a" * 295


def test_without_a_request_none_is_told():
    change = Change(uuid=uuid4())
    found = recording.circumstances(change)
    assert (found.by, found.username, found.door, found.request, found.change) == (None, None, "code", "", change.uuid)


# What was there before


def test_before_knows_what_was_stored_when_the_change_began():
    source = make.make_source(name_en="Old")
    assert recording.before(Source, source.pk) is None
    with recording.change():
        assert recording.before(Source, source.pk) is None
        Source.objects.filter(pk=source.pk).update(name_en="New")
        Source.objects.filter(pk=source.pk).update(name_en="Newest")
        found = recording.before(Source, source.pk)
        assert found is not None
        assert found["name_en"] == "Old"
        assert recording.before(Source, source.pk + 1) is None
        assert recording.before(Site, source.pk) is None


def test_the_parts_of_a_change_are_remembered_once():
    place = make.make_placement()
    with recording.change() as current:
        recording.about_to_write(Placement, [place.pk])
        known = current.known[Placement][place.pk]
        with CaptureQueriesContext(connection) as queries:
            recording.about_to_write(Placement, [place.pk])
        assert current.known[Placement][place.pk] is known
        assert len(queries) == 0
        recording.about_to_write(Placement, [place.pk, make.make_placement().pk])
        assert current.known[Placement][place.pk] is known


def test_the_whole_is_remembered_before_its_part():
    claim = make.make_claim()
    with recording.change() as current:
        recording.about_to_write(Claim, [claim.pk])
        assert [model.__name__ for model in current.known] == ["Event", "Claim"]
        key = claim.citation.event_id
        assert current.known[Claim][claim.pk].root == (Event, key)
        assert current.known[Event][key] == Known((Event, key), recording.stored(Event, [key])[key])


def test_a_record_that_is_not_there_is_remembered_as_such():
    with recording.change() as current:
        recording.about_to_write(Placement, [10**6])
        assert current.known == {Placement: {10**6: Known((Placement, 10**6), None)}}


def test_what_is_new_is_remembered_with_its_whole():
    event = make.make_event()
    with recording.change() as current:
        place = make.make_placement(event=event, site=make.make_site())
        assert current.known[Placement] == {place.pk: Known((Event, event.pk), None)}
        state = current.known[Event][event.pk].state
        assert state is not None
        assert state["version"] == 1


def test_what_is_written_again_stays_what_it_was():
    with recording.change() as current:
        site = make.make_site()
        known = current.known[Site][site.pk]
        recording.written(Site, [site.pk])
        assert current.known[Site][site.pk] is known
    with recording.change() as current:
        site.note = "Near the road."
        site.save()
        assert current.known[Site][site.pk].state is not None
    assert told(1) == [("events.site", "events.site", "change")]


def test_what_is_made_under_a_key_of_its_own_belongs_to_its_whole():
    event, site = make.make_event(), make.make_site()
    before = last()
    Placement(pk=10**6, event=event, site=site, role="at").save(force_insert=True)
    assert told(before) == [
        ("events.event", "events.event", "change"),
        ("events.placement", "events.event", "create"),
    ] or told(before) == [("events.placement", "events.event", "create"), ("events.event", "events.event", "change")]
    assert version_of(event) == 2


def test_the_whole_is_locked_before_its_part_and_in_the_order_of_keys():
    first, second = make.make_placement(), make.make_placement()
    with recording.change(), CaptureQueriesContext(connection) as queries:
        recording.about_to_write(Placement, [second.pk, first.pk])
    locking = [query["sql"] for query in queries if '"version"' in query["sql"]]
    assert ["events_event" in sql.split("WHERE")[0] for sql in locking] == [True, False]
    assert all("ORDER BY" in sql for sql in locking)
    assert ["FOR NO KEY UPDATE" in sql for sql in locking] == [connection.vendor == "postgresql"] * 2


# What is stored


def test_a_state_is_what_is_stored_column_by_column():
    site = make.make_qasrak()
    site.refresh_from_db()
    state = recording.stored(Site, [site.pk])
    assert state == {site.pk: recording.state_of(site)}
    assert state[site.pk]["parent"] == site.parent_id
    assert state[site.pk]["latitude"] == 36.7
    assert "id" not in state[site.pk]
    assert not set(state[site.pk]) & set(Site.worked_out())
    assert {"created_at", "version", "slug", "name_ar"} <= set(state[site.pk])


def test_columns_are_fields_with_the_names_of_their_columns():
    names = recording.columns(Claim)
    assert names["citation"] == "citation_id"
    assert names["quote"] == "quote"


def test_each_record_belongs_to_the_whole_at_the_end_of_its_way():
    claim = make.make_claim()
    event = claim.citation.event
    assert recording.root_model(Claim) is Event
    assert recording.root_model(SiteName) is Site
    assert recording.root_model(Event) is Event
    assert recording.roots_of(Claim, [claim.pk]) == {claim.pk: (Event, event.pk)}
    assert recording.roots_of(Event, iter([event.pk, 99])) == {event.pk: (Event, event.pk), 99: (Event, 99)}


# Versions


def test_each_changed_record_and_its_whole_go_up_by_one():
    claim = make.make_claim()
    event, report = claim.citation.event, claim.citation.report
    other = make.make_claim(citation=claim.citation, site=make.make_site())
    before = {record: version_of(record) for record in (event, claim, other, claim.citation, report)}
    with recording.change():
        claim.standing_reason = "Read again."
        claim.save()
        claim.standing_reason = "Read once more."
        claim.save()
        Event.objects.filter(pk=event.pk).update(summary_en="Other words.")
    counted = {record: version_of(record) - version for record, version in before.items()}
    assert counted == {event: 1, claim: 1, other: 0, claim.citation: 0, report: 0}


def test_the_new_version_is_in_the_history():
    site = make.make_site()
    Site.objects.update(note="Near the road.")
    value = Entry.objects.get(seq=last()).values.get(field="version")
    assert json.loads(value.text) == {"from": 1, "to": 2}
    assert version_of(site) == 2


def test_what_is_deleted_counts_for_its_whole():
    place = make.make_placement()
    version, before = version_of(place.event), last()
    place.delete()
    assert version_of(place.event) == version + 1
    assert sorted(told(before)) == [
        ("events.event", "events.event", "change"),
        ("events.placement", "events.event", "delete"),
    ]


def test_a_new_whole_with_new_parts_is_its_first_version():
    with recording.change():
        claim = make.make_claim()
    assert [version_of(record) for record in (claim, claim.citation, claim.citation.event)] == [1, 1, 1]
    assert all(Report.objects.values_list("version", flat=True)) == 1


def test_columns_that_are_not_counted_leave_the_version_as_it_is():
    event = make.make_event()
    with recording.change(uncounted=["summary_en", "tlp"]):
        Event.objects.filter(pk=event.pk).update(summary_en="Other words.")
    assert version_of(event) == 1
    assert [value.field for value in Entry.objects.get(seq=last()).values.all()] == ["summary_en"]
    with recording.change(uncounted=["summary_en"]):
        Event.objects.filter(pk=event.pk).update(summary_en="More words.", tlp="RED")
    assert version_of(event) == 2


# What has happened


def test_a_difference_tells_each_column_that_is_not_what_it_was():
    assert recording.difference({"a": 1, "b": 2}, {"a": 1, "b": 3}) == {"b": (2, 3)}
    assert recording.difference(None, {"a": 1, "b": None}) == {"a": (None, 1)}
    assert recording.difference({"a": 1, "b": None}, None) == {"a": (1, None)}
    assert recording.difference(None, None) == {}


def test_of_a_new_record_only_what_it_holds_is_told():
    assert recording.difference(None, {"a": "", "b": "", "c": None}, {"a", "c"}) == {"b": (None, "")}
    site = make.make_site(note="")
    fields = set(Entry.objects.get().values.values_list("field", flat=True))
    assert {"slug", "version", "created_at"} <= fields
    assert not {name for name in fields if getattr(site, name) in (None, "")}
    assert list(faults()) == []


def test_a_column_is_blank_where_no_text_is_its_default():
    assert {"note", "pcode"} <= recording.blank(Site)
    assert recording.blank(Event).isdisjoint({"status", "tlp", "uuid", "merged_into", "published_at"})


def test_an_action_is_told_from_both_sides():
    assert recording.action_of(None, {}) == "create"
    assert recording.action_of({}, None) == "delete"
    assert recording.action_of({}, {}) == "change"


def test_what_happened_is_told_in_the_order_in_which_it_was_written():
    site, source = make.make_site(), make.make_source()
    current = Change()
    current.known = {
        Source: {source.pk: Known((Source, source.pk), None)},
        Citation: {5: Known((Event, 3), {"note": "x"})},
        Site: {site.pk: Known((Site, site.pk), {"note": "x"})},
    }
    now = {Source: {source.pk: {"slug": "s"}}, Citation: {}, Site: {site.pk: {"note": "y"}}}
    assert list(recording.differences(current, now)) == [
        chain.Happening("sources.source", source.pk, ("sources.source", source.pk), "create", {"slug": (None, "s")}),
        chain.Happening("events.citation", 5, ("events.event", 3), "delete", {"note": ("x", None)}),
        chain.Happening("events.site", site.pk, ("events.site", site.pk), "change", {"note": ("x", "y")}),
    ]


def test_the_next_change_starts_anew(alice):
    with recording.change(alice, "Seen."):
        assert recording.CURRENT.get() is not None
    assert recording.CURRENT.get() is None
    with pytest.raises(RuntimeError), recording.change():
        raise RuntimeError
    assert recording.CURRENT.get() is None
    assert recording.circumstances(SimpleNamespace(by=None, why="", uuid=None)).by is None  # type: ignore[arg-type]
