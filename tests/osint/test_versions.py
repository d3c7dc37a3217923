"""Writing by REST: only to the version that was read, and whoever comes late is told what has happened."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission

from events.models import Event, Site
from osint.history.models import Entry
from tests.factories import (
    make_actor,
    make_citation,
    make_event_type,
    make_measure,
    make_published_event,
    make_relay,
    make_report,
    make_site,
    make_source,
    make_whole_event,
)
from tests.rest import API, client, given, refused, rows, version_in


def address(record: Any, part: str = "") -> str:
    """The record's address."""
    kind = record._meta.verbose_name_plural.replace(" ", "-")
    return f"{API}/{kind}/{getattr(record, 'slug', None) or record.uuid}/{part}"


MAKERS = {
    "sources": make_source,
    "reports": make_report,
    "relays": make_relay,
    "event-types": make_event_type,
    "measures": make_measure,
    "sites": make_site,
    "actors": make_actor,
    "events": make_whole_event,
    "citations": make_citation,
}


@pytest.mark.parametrize("kind", MAKERS)
def test_every_detail_tells_its_version(alice, kind):
    record: Any = MAKERS[kind]()
    url = f"{API}/{kind}/{getattr(record, 'slug', None) or record.uuid}/"
    record.refresh_from_db()
    for ask in (client(alice).get, client(alice).head):
        assert version_in(ask(url)) == record.version


def test_every_answer_to_a_write_tells_the_version_that_came_of_it(alice, edith):
    door = client(alice)
    made = door.post(f"{API}/sites/", {"slug": "new", "name_en": "New", "kind": "village"})
    assert version_in(made) == 1
    assert version_in(door.patch(f"{API}/sites/new/", {"note": "Two."}, version=1)) == 2
    event = make_whole_event()
    answer = door.post(address(event, "submit/"), {})
    assert version_in(answer) == given(answer)["version"] == event.version + 1


WRITES = [("put", ""), ("patch", ""), ("delete", ""), ("post", "submit/"), ("post", "publish/"), ("post", "retract/")]


@pytest.mark.parametrize(("method", "part"), WRITES)
@pytest.mark.parametrize(
    ("version", "status", "word"),
    [
        (None, 428, "Say which version"),
        ("*", 428, "names no version"),
        ("", 428, "Say which version"),
        ("3", 400, "not one strong ETag"),
        ('W/"3"', 400, "not one strong ETag"),
        ('"1", "2"', 400, "not one strong ETag"),
        ('"x"', 400, "not one strong ETag"),
        ('"٣"', 400, "not one strong ETag"),
        ('"' + "9" * 40 + '"', 400, "not one strong ETag"),
        ('"999"', 412, "version 999"),
        ('"0"', 412, "version 0"),
    ],
)
def test_a_write_names_the_version_that_it_changes(edith, method, part, version, status, word):
    event = make_whole_event()
    before, entries = rows(), Entry.objects.count()
    body = {"reason": "Wrong."} if part == "retract/" else {}
    answer = getattr(client(edith), method)(address(event, part), body, version=version)
    refused(answer, word, status=status)
    assert rows() == before
    assert Entry.objects.count() == entries


def test_what_is_not_there_is_missing_whatever_version_is_named(alice, victor):
    hidden = make_whole_event()
    for version in (None, 1, 99):
        refused(client(victor).get(address(hidden)), status=404)
        refused(client(alice).patch(f"{API}/sites/nowhere/", {}, version=version), status=404)


def test_who_may_not_write_is_told_so_first(victor):
    event = make_published_event()
    refused(client(victor).patch(address(event), {}, version=None), status=403)


def test_a_late_writer_is_told_what_has_changed_by_whom_and_the_way_out(alice, edith):
    event = make_whole_event()
    version = Event.objects.get().version
    count, site = event.counts.get(), make_site()
    shown = given(client(edith).get(address(event)))
    changed = {
        "summary_en": "Another.",
        "counts": [shown["counts"][0] | {"best": 30}],
        "placements": [{"site": site.slug, "role": "at"}],
    }
    now = given(client(edith).patch(address(event), changed))["version"]
    answer = client(alice).patch(address(event), {"summary_en": "Late."}, version=version)
    body = given(answer, 412)
    assert (body["yours"], body["current"]) == (version, now) == (version, version + 1)
    assert f'If-Match: "{now}"' in body["detail"]
    told = {(change["record"], change["field"]): change for change in body["changed"]}
    best = told["events.count", "best"]
    assert (best["before"], best["after"], best["by"], best["identity"]) == (25, 30, "edith", str(count.uuid))
    assert told["events.event", "summary_en"]["after"] == "Another."
    assert told["events.placement", "site"]["after"] == site.slug
    assert not {field for _record, field in told} & {"version", "changed_at"}
    again = client(alice).patch(address(event), {"summary_en": "Late."}, version=body["current"])
    assert given(again)["summary_en"] == "Late."


def test_a_change_that_was_undone_is_no_change(alice, edith):
    site = make_site(note="One.")
    for note in ("Two.", "One."):
        given(client(edith).patch(address(site), {"note": note}))
    assert given(client(alice).patch(address(site), {}, version=1), 412)["changed"] == []


def test_who_may_not_read_the_history_is_told_the_versions_alone(victor, django_user_model):
    site = make_site()
    for codename in ("change_site", "view_site"):
        victor.user_permissions.add(permission(codename))
    victor = django_user_model.objects.get(pk=victor.pk)
    given(client(victor).patch(address(site), {"note": "Two."}))
    body = given(client(victor).patch(address(site), {"note": "Late."}, version=1), 412)
    assert set(body) == {"type", "title", "status", "detail", "yours", "current"}


def permission(codename: str) -> Any:
    """The permission of this name."""
    return Permission.objects.get(codename=codename)


def test_a_report_that_the_reader_may_not_see_is_not_told_of(alice, edith):
    event = make_whole_event()
    version = Event.objects.get().version
    hidden = make_report(tlp="RED", created_by=edith)
    make_citation(event=event, report=hidden, note="Hidden words")
    answer = client(alice).patch(address(event), {}, version=version)
    refused(answer, status=412)
    text = answer.content.decode()
    assert "Hidden words" not in text
    assert str(hidden.uuid) not in text


def test_a_record_that_belongs_to_another_has_its_own_version(alice):
    event = make_whole_event()
    citation = event.citations.get()
    first = citation.claims.all()[0]
    door = client(alice)
    given(door.patch(f"{API}/citations/{citation.uuid}/", {"note": "Read twice."}, version=citation.version))
    event.refresh_from_db()
    claim = f"{API}/claims/{first.uuid}/"
    assert version_in(door.get(claim)) == first.version
    given(door.patch(claim, {"standing": "set_aside", "standing_reason": "Withdrawn."}, version=first.version))
    assert Event.objects.get().version == event.version + 1
    refused(door.patch(claim, {"standing": "accepted"}, version=first.version), status=412)


def test_what_was_deleted_meanwhile_is_missing(adam):
    site = make_site()
    refused(client(adam).delete(address(site), version=7), status=412)
    assert client(adam).delete(address(site), version=1).status_code == 204
    assert not Site.objects.exists()
    refused(client(adam).delete(address(site), version=1), status=404)


def test_refused_values_are_told_only_to_who_names_the_version(alice):
    site = make_site()
    refused(client(alice).patch(address(site), {"kind": "castle"}, version=None), status=428)
    refused(client(alice).patch(address(site), {"kind": "castle"}, version=9), status=412)
    refused(client(alice).patch(address(site), {"kind": "castle"}), "kind", status=400)
