"""What those who follow the data are told: to each reader what looks otherwise to that reader, and nothing else."""

import json
from itertools import product
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, Group, User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events import workflow
from events.choices import Status
from events.models import Actor, Comment, Correction, Event, EventJudgement, EventType, Site
from osint.api import router
from osint.base import cursors
from osint.base.judgements import judge
from osint.changes.kinds import KINDS, WITH_OTHERS
from osint.history import recording
from osint.history.models import Notice
from sources.audiences import told_to
from sources.choices import Tlp
from sources.models import PassageNote, Report, Source
from tests import factories as make
from tests.rest import API, client, given, refused

pytestmark = pytest.mark.django_db
CHANGES = f"{API}/changes/"


@pytest.fixture(autouse=True)
def open_to_all(settings: Any) -> None:
    settings.PUBLIC_API = True


class Follower:
    """A reader who has been told everything so far."""

    def __init__(self, user: User | None = None, **asked: Any) -> None:
        self.client, self.next = client(user), CHANGES
        self.told_so_far(asked)

    def told_so_far(self, asked: dict[str, Any]) -> list[Any]:
        page = given(self.client.get(CHANGES, asked))
        self.next = page["next"]
        return [*page["results"], *(self.told() if page["has_more"] else [])]

    def told(self) -> list[Any]:
        """What there is to tell since."""
        results, has_more = [], True
        while has_more:
            page = given(self.client.get(self.next))
            results += page["results"]
            self.next, has_more = page["next"], page["has_more"]
        return results

    def heard(self, kind: str = "events") -> list[tuple[str, str, str | None]]:
        """The same in short: operation, identity, what became of it."""
        return [(one["op"], one["id"], one.get("what")) for one in self.told() if one["kind"] == kind]


def held(event: Event) -> Event:
    return Event.objects.get(pk=event.pk)


def set_to(event: Event, by: User, **values: Any) -> None:
    with workflow.changing(event, by, "It was wrong."):
        found = held(event)
        for name, value in values.items():
            setattr(found, name, value)
        found.save()


def test_each_reader_is_told_the_life_of_an_event_as_far_as_it_was_to_be_seen(victor, alice, edith):
    nobody, viewer, analyst = Follower(), Follower(victor), Follower(alice)
    event = make.make_whole_event(created_by=alice)
    name = str(event.uuid)
    assert (nobody.heard(), viewer.heard(), analyst.heard()) == ([], [], [("put", name, "created")])
    workflow.publish(event, edith)
    assert nobody.heard() == viewer.heard() == analyst.heard() == [("put", name, "published")]
    set_to(event, edith, summary_en="Twenty trucks.")
    assert nobody.heard() == analyst.heard() == [("put", name, "corrected")]
    set_to(event, edith, tlp=Tlp.AMBER)
    assert nobody.heard() == [("gone", name, None)]
    assert viewer.heard() == [("put", name, "corrected")]
    workflow.retract(event, edith, "Withdrawn.")
    assert (nobody.heard(), viewer.heard()) == ([], [("put", name, "retracted")])


def test_a_record_is_told_as_its_list_shows_it_or_with_its_evidence(victor, edith):
    event = make.make_published_event()
    brief = Follower(victor, kind="events").client.get(CHANGES, {"kind": "events"}).json()["results"]
    assert [one["record"] for one in brief] == given(client(victor).get(f"{API}/events/"))["results"]
    for kind, record in (("events", event), ("reports", Report.objects.get())):
        asked = {"kind": kind, "include": "evidence"}
        (full,) = given(client(victor).get(CHANGES, asked))["results"]
        assert full["record"] == given(client(victor).get(f"{API}/{kind}/{record.uuid}/"))


def test_what_is_gone_is_told_by_name_alone(alice):
    event = make.make_event()
    follower = Follower(alice)
    event.delete()
    assert follower.told() == [{"op": "gone", "kind": "events", "id": str(event.uuid)}]


def test_what_was_never_seen_leaves_no_trace_when_it_goes(victor):
    follower = Follower(victor)
    make.make_event(type=make.make_event_type()).delete()
    make.make_report(tlp=Tlp.RED).delete()
    assert {one["kind"] for one in follower.told()} == {"event-types", "sources"}


def test_a_red_event_is_told_to_the_persons_it_belongs_to(victor, alice, adam):
    bob = make.make_user("bob", "Analyst")
    event = make.make_event(created_by=alice)
    followers = [Follower(alice), Follower(bob), Follower(victor)]
    event.tlp = Tlp.RED
    event.save()
    name = str(event.uuid)
    assert [one.heard() for one in followers] == [[("put", name, "changed")], [("gone", name, None)], []]
    event.assignee = bob
    event.save()
    assert [one.heard() for one in followers] == [[("put", name, "changed")], [("put", name, "created")], []]


def test_a_link_is_told_when_the_other_end_comes_into_sight_and_to_nobody_before(victor, edith):
    part = make.make_published_event()
    whole = make.make_whole_event(is_aggregate=True)
    follower, name = Follower(victor), str(part.uuid)
    set_to(part, edith, part_of=whole)
    assert follower.heard() == [("put", name, "corrected")]  # its version is another one
    set_to(whole, edith, summary_en="About three bases.")
    assert follower.heard() == []
    workflow.publish(whole, edith)
    told = {one["id"]: one["record"] for one in follower.told() if one["kind"] == "events"}
    assert told[name]["part_of"] == str(whole.uuid)


def test_a_merged_event_is_told_with_where_it_went_and_the_other_one_with_its_evidence(victor, edith, settings):
    settings.FOUR_EYES = False
    event, other = make.make_published_event(), make.make_published_event()
    follower, full = Follower(victor), Follower(victor, include="evidence", kind="events")
    workflow.merge(other, edith, event, "The same.")
    told = {one["id"]: one for one in follower.told()}
    assert told[str(other.uuid)]["what"] == "merged"
    assert told[str(other.uuid)]["record"]["merged_into"] == str(event.uuid)
    shown = {one["id"]: one["record"] for one in full.told()}[str(event.uuid)]
    assert len(shown["citations"]) == 2
    set_to(event, edith, tlp=Tlp.AMBER_STRICT)
    assert {one[:2] for one in follower.heard()} == {("gone", str(event.uuid)), ("gone", str(other.uuid))}
    workflow.unmerge(held(other), edith, "Not the same.")
    assert follower.heard() == [("put", str(other.uuid), "created")]


def test_a_draft_that_is_merged_into_what_readers_see_leaves_no_trace_unless_it_brings_evidence(
    victor, edith, settings
):
    settings.FOUR_EYES = False
    event = make.make_published_event()
    bare, cited = make.make_event(type=event.type), make.make_event(type=event.type)
    make.make_citation(event=cited, report=Report.objects.get())
    follower = Follower(victor)
    workflow.merge(bare, edith, event, "The same.")
    assert follower.heard() == []
    workflow.merge(cited, edith, event, "The same.")
    assert follower.heard() == [("put", str(event.uuid), "changed")]


def test_an_event_is_told_when_a_report_behind_it_changes_to_those_who_see_every_report_between(victor, edith):
    event = make.make_published_event()
    cited, first, hidden = Report.objects.get(), make.make_report(), make.make_report(tlp=Tlp.RED)
    make.make_relay(report=cited, relayed_report=first)
    make.make_relay(report=cited, relayed_report=hidden)
    follower, name = Follower(victor), str(event.uuid)
    first.source = make.make_source()
    with recording.change(edith):
        first.note = "Not shown."
        Report.objects.filter(pk=first.pk).update(note="Not shown.")
    assert follower.heard() == []
    Report.objects.filter(pk=first.pk).update(title="Another title")
    assert follower.heard() == [("put", name, "changed")]
    Report.objects.filter(pk=hidden.pk).update(title="Another title")
    assert follower.told() == []
    Report.objects.filter(pk=hidden.pk).update(tlp=Tlp.CLEAR)
    assert {(one["kind"], one["id"]) for one in follower.told()} == {
        ("reports", str(hidden.uuid)), ("reports", str(cited.uuid)), ("events", name),
    }  # fmt: skip


def test_another_slug_is_another_record_and_is_told_of_all_that_names_it(alice):
    event = make.make_whole_event()
    follower = Follower(alice)
    Site.objects.filter(slug="al-hasakah").first()
    site = Site.objects.get(slug="al-hasakah")
    site.slug = "hasaka"
    site.save()
    told = [(one["op"], one["id"]) for one in follower.told()]
    assert {("gone", "al-hasakah"), ("put", "hasaka"), ("put", "qasrak-base")} <= set(told)
    actor = Actor.objects.get(slug="coalition")
    actor.slug = "the-coalition"
    actor.save()
    assert ("put", str(event.uuid)) in [(one["op"], one["id"]) for one in follower.told()]


def test_several_changes_of_one_record_are_told_once_as_the_last(alice):
    event, other = make.make_event(), make.make_event()
    follower = Follower(alice)
    for number in range(3):
        for one in (event, other):
            one.summary_en = f"Number {number}."
            one.save()
    told = follower.told()
    assert [(one["id"], one["record"]["summary_en"]) for one in told] == [
        (str(event.uuid), "Number 2."), (str(other.uuid), "Number 2."),
    ]  # fmt: skip


def test_pages_go_on_where_the_last_one_ended(alice):
    for _number in range(5):
        make.make_site()
    page = given(client(alice).get(CHANGES, {"page_size": 2}))
    seen = [one["id"] for one in page["results"]]
    while page["has_more"]:
        page = given(client(alice).get(page["next"]))
        assert len(page["results"]) <= 2
        seen += [one["id"] for one in page["results"]]
    assert sorted(seen) == sorted(Site.objects.values_list("slug", flat=True))
    assert given(client(alice).get(page["next"]))["results"] == []


def test_what_changes_while_the_listing_is_read_is_told_after_it(alice):
    sites = [make.make_site(slug=f"place-{number}") for number in range(4)]
    first = given(client(alice).get(CHANGES, {"page_size": "2", "kind": "sites"}))
    sites[0].delete()
    late = make.make_site(slug="late")
    rest = given(client(alice).get(first["next"]))
    told = {**{one["id"]: one["op"] for one in [*first["results"], *rest["results"]]}}
    while rest["has_more"]:
        rest = given(client(alice).get(rest["next"]))
        told |= {one["id"]: one["op"] for one in rest["results"]}
    assert told == {"place-0": "gone", "place-1": "put", "place-2": "put", "place-3": "put", late.slug: "put"}


# Positions


def test_a_position_is_refused_to_others_and_where_rights_or_the_question_have_changed(alice, victor):
    follower = Follower(alice)
    assert "somebody else" in refused(client(victor).get(follower.next), status=410)
    assert "somebody else" in refused(client().get(follower.next), status=410)
    refused(client(alice).get(f"{follower.next}&include=evidence"), "since", "another question")
    refused(client(alice).get(f"{follower.next}&kind=events"), "since", "another question")
    alice.groups.add(Group.objects.get(name="Editor"))
    assert "Begin anew" in refused(client(User.objects.get(pk=alice.pk)).get(follower.next), status=410)


def test_a_position_is_refused_that_was_made_up_or_is_of_another_database(alice):
    refused(client(alice).get(CHANGES, {"since": "abc"}), "since", "no position")
    other = cursors.sealed(cursors.Place((7,)), "/api/v1/events/? -newest")
    refused(client(alice).get(CHANGES, {"since": other}), "since", "no position")
    make.make_site()
    follower = Follower(alice)
    Notice.objects.all().delete()
    refused(client(alice).get(follower.next), "not known here", status=410)


@pytest.mark.parametrize(("sent", "word"), [
    ({"include": "all"}, "evidence"), ({"kind": "event"}, "events"), ({"page_size": "501"}, "500"),
    ({"page": "2"}, "since"), ({"format": "csv"}, "json"), ({"since": ""}, "since"), ({"kind": "events,"}, "kind"),
])  # fmt: skip
def test_a_wrong_parameter_is_refused_with_the_way_out(alice, sent, word):
    refused(client(alice).get(CHANGES, sent), word)


def test_who_may_not_read_here_is_told_nothing(settings, alice):
    settings.PUBLIC_API = False
    assert client().get(CHANGES).status_code == 401
    alone = User.objects.create_user("alone")
    make.make_site()
    assert given(client(alone).get(CHANGES))["results"] == []


def test_nothing_new_is_answered_by_304_whatever_happened_out_of_sight(victor):
    follower = Follower(victor)
    first = client(victor).get(follower.next)
    make.make_event(type=EventType.objects.first() or make.make_event_type())
    Notice.objects.filter(model="events.eventtype").delete()
    again = client(victor).get(follower.next, HTTP_IF_NONE_MATCH=first.headers["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    make.make_site()
    assert client(victor).get(follower.next, HTTP_IF_NONE_MATCH=first.headers["ETag"]).status_code == 200


def test_positions_tell_nothing_of_what_happened_out_of_sight(victor):
    follower = Follower(victor)
    one, other = (given(client(victor).get(follower.next))["next"] for _time in range(2))
    # Were the tags of two alike equal, one that differs would tell of a change in between.
    assert one != other
    assert len({client(victor).get(way).headers["ETag"] for way in (one, other, one)}) == 2
    make.make_report(tlp=Tlp.RED, source=Source.objects.first() or make.make_source())
    assert len(given(client(victor).get(follower.next))["next"]) == len(one)


# All kinds


def test_every_resource_is_followed_or_comes_with_another():
    names = {name for name, _viewset, _base in router.registry} - {"history"}
    assert names == {kind.name for kind in KINDS} | set(WITH_OTHERS)
    assert set(WITH_OTHERS.values()) <= {kind.name for kind in KINDS}


def readers() -> list[Any]:
    return [AnonymousUser(), *(make.make_user(name.lower(), name) for name in ("Viewer", "Analyst", "Editor"))]


def test_the_audience_of_a_notice_is_who_sees_the_record():
    people = readers()
    kind, source = make.make_event_type(), make.make_source()
    owners: list[dict[str, Any]] = [{}, {"created_by": people[2]}, {"assignee": people[1]}]
    shared = {"type": kind, "when": "2025-11-12", "summary_en": "A convoy."}
    published = {Status.PUBLISHED: "2025-12-01T00:00Z", Status.RETRACTED: "2025-12-01T00:00Z"}
    events = [
        Event(status=status, tlp=tlp, published_at=published.get(status), **shared, **owner,
              retraction_reason="Withdrawn." if status == Status.RETRACTED else "")
        for status, tlp, owner in product([Status.DRAFT, *published], Tlp.values, owners)
    ]  # fmt: skip
    Event.objects.bulk_create(events)
    merged = [
        Event(status=Status.MERGED, tlp=tlp, merged_into=other, published_at=at, **shared)
        for other, tlp, at in product(events[::2], ["CLEAR", "AMBER", "RED"], [None, "2025-12-01T00:00Z"])
    ]
    Event.objects.bulk_create(merged)
    reports = [
        Report(source=source, title="A report", text="Words.", published_on="2025-12-01", tlp=tlp, **owner)
        for tlp, owner in product(Tlp.values, owners)
    ]
    Report.objects.bulk_create(reports)
    about = [events[number] for number in range(0, len(events), 3)]
    remark = {"before": {"tlp": "CLEAR"}, "after": {"tlp": "GREEN"}, "reason": "Wrong."}
    Correction.objects.bulk_create(
        Correction(event=event, tlp=tlp, **remark) for event, tlp in product(about, ["CLEAR", "AMBER", "RED"])
    )
    Comment.objects.bulk_create(Comment(event=event, text="Look again.") for event in about)
    pairs = [(one, other) for one, other in product(about, about) if one.pk < other.pk]
    EventJudgement.objects.bulk_create(
        EventJudgement(first=one, second=other, verdict="unsure") for one, other in pairs
    )
    place = {"kind": "nothing", "quote": "Words.", "start": 0, "end": 6}
    PassageNote.objects.bulk_create(PassageNote(report=report, **place) for report in reports)
    for reader in people:
        for followed in (one for one in KINDS if one.is_open_to(SimpleNamespace(user=reader, method="GET"))):  # type: ignore[arg-type]
            told = Notice.objects.filter(told_to(reader, "after"), model=followed.label)
            seen = followed.model._default_manager.visible_to(reader).values_list(followed.identity, flat=True)
            assert set(told.values_list("identity", flat=True)) == set(map(str, seen)), (reader, followed.name)


def test_remarks_are_told_when_they_or_what_they_are_about_come_into_sight_or_leave_it(alice, edith):
    bob = make.make_user("bob", "Analyst")
    event, other, report = make.make_event(created_by=alice), make.make_event(), make.make_report(created_by=alice)
    judge(event, other, alice, "unsure")
    make.make_comment(event=event)
    make.make_passage_note(report=report)
    make.make_report_judgement(first=report)
    follower = Follower(bob)
    Event.objects.filter(pk=event.pk).update(tlp=Tlp.RED)
    Report.objects.filter(pk=report.pk).update(tlp=Tlp.RED)
    kinds = ["events", "comments", "event-judgements", "reports", "passage-notes", "report-judgements"]
    assert sorted((one["op"], one["kind"]) for one in follower.told()) == sorted(("gone", kind) for kind in kinds)


@pytest.mark.parametrize("include", [{}, {"include": "evidence"}])
def test_the_number_of_questions_does_not_depend_on_how_much_is_told(edith, settings, include):
    settings.FOUR_EYES = False
    make.make_published_event()
    follower = Follower(edith, **include)

    def asked(events: int) -> int:
        for _number in range(events):
            make.make_published_event(tlp=Tlp.AMBER)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page = given(follower.client.get(follower.next))
        follower.next = page["next"]
        assert len(page["results"]) >= events
        return len(queries)

    assert asked(1) == asked(4)


def test_an_answer_is_plain_json(alice):
    make.make_whole_event()
    answer = client(alice).get(CHANGES)
    assert set(json.loads(answer.content)) == {"next", "has_more", "results"}
    assert f'<{answer.json()["next"]}>; rel="next"' == answer.headers["Link"]
