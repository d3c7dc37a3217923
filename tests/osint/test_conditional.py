"""What one has is not sent again: a list's tag changes when what its reader sees does, and never otherwise."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.utils import timezone

from events import workflow
from events.models import Event, Site
from osint.base import conditional
from osint.history import editions
from osint.history.models import Edition
from sources.models import Report
from tests import factories as make
from tests.rest import API, client, given

EVENTS = f"{API}/events/"
READERS = ["alice", "victor", "edith", None]


@pytest.fixture
def doors(request: Any, settings: Any, db: None) -> dict[str | None, Any]:
    """Everybody who may read, each at the door."""
    settings.PUBLIC_API = True
    return {who: client(request.getfixturevalue(who) if who else None) for who in READERS}


def asked(door: Any, address: str = EVENTS, tag: str = "", **more: Any) -> Any:
    """The answer to whoever has this tag."""
    return door.get(address, headers={"If-None-Match": tag} | more)


# Lists


def test_a_list_that_one_has_is_not_read_again(doors, django_assert_num_queries):
    make.make_published_event()
    for who, door in doors.items():
        first = door.get(EVENTS)
        tag = first.headers["ETag"]
        assert re.fullmatch('W/"[0-9a-f]{16}"', tag)
        fresh = client(User.objects.get(username=who) if who else None)
        # What the reader may do, and what of it has changed.
        with django_assert_num_queries(1 if who is None else 2):
            again = asked(fresh, tag=tag)
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["ETag"] == tag
        assert again.headers["Vary"] == first.headers["Vary"]
        assert not {"Content-Type", "Content-Length"} & set(again.headers)
        assert door.head(EVENTS).headers["ETag"] == tag


@pytest.mark.parametrize(
    ("sent", "status"),
    [("{tag}", 304), ('"x", {tag}', 304), ("{strong}", 304), ("*", 304), ('"x"', 200), ("nonsense", 200), ("", 200)],
)
def test_the_header_is_read_as_the_standard_says(alice, sent, status):
    tag = client(alice).get(EVENTS).headers["ETag"]
    assert asked(client(alice), tag=sent.format(tag=tag, strong=tag.removeprefix("W/"))).status_code == status


def test_every_question_and_form_has_a_tag_of_its_own(doors):
    make.make_published_event()
    addresses = [
        EVENTS, f"{EVENTS}?page_size=1", f"{EVENTS}?q=convoy", f"{EVENTS}?format=csv", f"{EVENTS}?fields=uuid",
        f"{API}/sites/", f"{API}/reports/",
    ]  # fmt: skip
    tags = {door.get(address).headers["ETag"] for door in doors.values() for address in addresses}
    assert len(tags) == len(addresses) * len(doors)
    assert asked(doors["alice"], f"{EVENTS}?format=csv", doors["alice"].get(f"{EVENTS}?format=csv").headers["ETag"])
    arabic = doors[None].get(EVENTS, headers={"Accept-Language": "ar"})
    assert arabic.headers["ETag"] != doors[None].get(EVENTS).headers["ETag"]


def test_a_refused_question_has_no_tag(alice):
    answer = asked(client(alice), f"{EVENTS}?nonsense=1", "*")
    assert answer.status_code == 400
    assert "ETag" not in answer.headers


def rename(event: Event, _site: Site, _report: Report) -> None:
    """The place that an event names gets another name."""
    site = event.placements.all()[0].site
    site.name_en = "Elsewhere"
    site.save()


def retract(event: Event, _site: Site, _report: Report) -> None:
    """A published event is taken back."""
    workflow.retract(event, User.objects.get(username="edith"), reason="The outlet withdrew it.")


def mark(event: Event, _site: Site, _report: Report) -> None:
    """A published event becomes RED."""
    with workflow.changing(event, User.objects.get(username="edith"), "Names a witness."):
        Event.objects.filter(pk=event.pk).update(tlp="RED")


def draft(event: Event, _site: Site, _report: Report) -> None:
    """A draft is entered."""
    make.make_event(type=event.type)


def comment(event: Event, _site: Site, _report: Report) -> None:
    """Somebody remarks on a published event."""
    make.make_comment(event=event)


def hidden(_event: Event, _site: Site, report: Report) -> None:
    """A RED report changes."""
    report.title = "Otherwise"
    report.save()


def place(_event: Event, site: Site, _report: Report) -> None:
    """A place that nobody names is described."""
    site.note = "On the other bank."
    site.save()


@pytest.mark.parametrize(
    ("change", "notice"),
    [
        (rename, {"alice", "victor", "edith", None}),
        (retract, {"alice", "victor", "edith", None}),
        (mark, {"alice", "victor", "edith", None}),
        (place, {"alice", "victor", "edith", None}),
        (draft, {"alice", "edith"}),
        (comment, {"alice", "edith"}),
        (hidden, {"edith"}),
    ],
)
def test_only_those_who_see_a_change_notice_it(doors, change, notice):
    event, site, report = make.make_published_event(), make.make_site(), make.make_report(tlp="RED")
    before = {who: door.get(EVENTS) for who, door in doors.items()}
    change(event, site, report)
    after = {who: asked(door, tag=before[who].headers["ETag"]) for who, door in doors.items()}
    assert {who for who, answer in after.items() if answer.status_code == 200} == notice
    for who, door in doors.items():
        # Whatever looks otherwise has another tag.
        if door.get(EVENTS).content != before[who].content:
            assert who in notice


def test_what_is_red_is_noticed_by_those_whose_it_is(doors):
    alice = User.objects.get(username="alice")
    report = make.make_report(tlp="RED", created_by=alice)
    tags = {who: door.get(f"{API}/reports/").headers["ETag"] for who, door in doors.items()}
    report.title = "Otherwise"
    report.save()
    changed = {who for who, door in doors.items() if door.get(f"{API}/reports/").headers["ETag"] != tags[who]}
    assert changed == {"alice", "edith"}


def test_who_may_do_more_has_another_list(victor):
    tag = client(victor).get(EVENTS).headers["ETag"]
    victor.groups.add(Group.objects.get(name="Analyst"))
    assert asked(client(User.objects.get(pk=victor.pk)), tag=tag).status_code == 200


def test_a_refused_change_is_none(alice):
    tag = client(alice).get(EVENTS).headers["ETag"]
    assert client(alice).post(f"{API}/sites/", {"slug": "!"}).status_code == 400
    assert asked(client(alice), tag=tag).status_code == 304


def test_each_change_counts_once_for_each_scope(db):
    make.make_site()
    before = {edition.scope: edition.number for edition in Edition.objects.all()}
    site = make.make_site()
    site.note = "Twice."
    site.save()
    after = {edition.scope: edition.number for edition in Edition.objects.all()}
    assert after == {scope: before[scope] + 2 for scope in (editions.level(0), editions.NAMES)}


# Since when


def test_the_public_is_told_since_when_once_that_second_has_passed(doors, monkeypatch):
    monkeypatch.setattr(conditional, "code_since", lambda: timezone.now() - timedelta(days=9))
    make.make_published_event()
    assert "Last-Modified" not in doors[None].get(EVENTS).headers
    Edition.objects.update(at=timezone.now() - timedelta(seconds=9))
    since = doors[None].get(EVENTS).headers["Last-Modified"]
    assert "Last-Modified" not in doors["alice"].get(EVENTS).headers
    assert doors[None].get(EVENTS, headers={"If-Modified-Since": since}).status_code == 304
    assert asked(doors[None], tag='"x"', **{"If-Modified-Since": since}).status_code == 200
    assert doors["alice"].get(EVENTS, headers={"If-Modified-Since": since}).status_code == 200
    assert doors[None].get(EVENTS, headers={"If-Modified-Since": "yesterday"}).status_code == 200
    make.make_site()
    assert doors[None].get(EVENTS, headers={"If-Modified-Since": since}).status_code == 200


# Records


def test_a_record_that_one_has_is_not_sent_again(doors):
    event = make.make_published_event()
    for door in doors.values():
        address = f"{EVENTS}{event.uuid}/"
        first = door.get(address)
        tag = first.headers["ETag"]
        assert tag.startswith(f'"{given(first)["version"]}-')
        assert asked(door, address, tag).status_code == 304
        assert asked(door, address, f"W/{tag}").status_code == 304
        assert asked(door, address, f'"{given(first)["version"]}"').status_code == 200
        assert door.head(address).headers["ETag"] == tag


def test_what_a_record_names_changes_its_bytes_and_so_its_tag(alice):
    event = make.make_whole_event()
    address, site = f"{EVENTS}{event.uuid}/", event.placements.get().site
    first = client(alice).get(address)
    Site.objects.filter(pk=site.pk).update(slug="renamed")
    again = asked(client(alice), address, first.headers["ETag"])
    assert again.status_code == 200
    assert given(again)["version"] == given(first)["version"]
    assert again.headers["ETag"] != first.headers["ETag"]


def test_the_tag_is_taken_whole_for_writing(alice):
    site = make.make_site()
    address = f"{API}/sites/{site.slug}/"
    tag = client(alice).get(address).headers["ETag"]
    assert client(alice).patch(address, {"note": "One."}, version=tag).status_code == 200
    assert client(alice).patch(address, {"note": "Two."}, version=tag).status_code == 412
    assert client(alice).patch(address, {"note": "Two."}, version='"2"').status_code == 200
    assert client(alice).patch(address, {"note": "Three."}, version='"3-x"').status_code == 400
    # A write is answered in full, whatever one has.
    answer = client(alice).patch(address, {"note": "Two."}, version='"3"', headers={"If-None-Match": "*"})
    assert answer.status_code == 200
