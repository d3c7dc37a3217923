"""What a refusal of an old version tells: which fields, from what to what, by whom, and never a hidden thing."""

from datetime import datetime
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.utils import timezone
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from events.models import Event, Site
from osint.base import versions
from osint.base.visibility import seen_rows
from osint.history import recording
from osint.history.models import Entry
from sources.models import Report
from tests import factories as make

pytestmark = pytest.mark.django_db


def asking(value: str | None) -> Request:
    headers = {} if value is None else {"If-Match": value}
    return Request(APIRequestFactory().get("/", headers=headers))


def version_of(record: Any) -> int:
    found: int = type(record)._default_manager.values_list("version", flat=True).get(pk=record.pk)
    return found


def since(record: Any, version: int, reader: Any) -> list[dict[str, Any]]:
    found = versions.changes_since(record, version, reader)
    assert found is not None
    return [vars(change) for change in found]


def test_the_version_is_a_strong_tag():
    assert versions.etag(Site(version=12)) == '"12"'


@pytest.mark.parametrize(("given", "version"), [('"3"', 3), (' "12" ', 12), ('"123456789"', 123456789), ('"0"', 0)])
def test_the_version_is_read_from_the_header(given, version):
    assert versions.named(asking(given)) == version


@pytest.mark.parametrize("given", ['"1234567890"', '"-1"', '""', '"3', '3"', '"3"x', 'x"3"'])
def test_a_wrong_tag_is_refused_at_its_header_with_the_way_out(given):
    with pytest.raises(exceptions.ValidationError) as refused:
        versions.named(asking(given))
    detail: Any = refused.value.detail
    [sentence] = detail["If-Match"]
    assert given in sentence
    assert sentence.endswith('such as: If-Match: "3".')


def test_a_long_tag_is_shown_shortened():
    with pytest.raises(exceptions.ValidationError) as refused:
        versions.named(asking("x" * 500))
    assert "x" * 30 in str(refused.value)
    assert "x" * 70 not in str(refused.value)


@pytest.mark.parametrize("given", [None, "", " ", "*"])
def test_no_version_is_refused_with_the_way_out(given):
    with pytest.raises(versions.Unversioned, match=r'such as: If-Match: "3"\.$') as refused:
        versions.named(asking(given))
    assert (refused.value.status_code, refused.value.get_codes()) == (428, "precondition_required")


def test_within_the_block_the_record_is_changed_by_this_person(alice):
    site = make.make_site()
    with versions.held(site, 1, alice):
        Site.objects.update(note="Near the road.")
    assert Entry.objects.latest("seq").by == alice
    assert version_of(site) == 2


def test_what_is_gone_cannot_be_held(alice):
    site = make.make_site()
    Site.objects.get().delete()
    with pytest.raises(exceptions.NotFound, match="deleted this record"), versions.held(site, 1, alice):
        pass


def test_an_old_version_is_refused_with_both(alice):
    site = make.make_site()
    Site.objects.update(note="Near the road.")
    with pytest.raises(versions.Stale) as refused, versions.held(site, 1, alice):
        pass
    assert refused.value.status_code == 412
    assert refused.value.more.items() >= {"yours": 1, "current": 2}.items()
    assert str(refused.value.detail).startswith("You change version 1, and version 2 is stored")


def test_a_part_leads_to_its_whole():
    claim = make.make_claim()
    assert versions.whole_of(claim) == claim.citation.event
    assert versions.whole_of(claim.citation.event) == claim.citation.event


def test_a_stored_version_is_read_within_a_change():
    site = make.make_site()
    Site.objects.update(note="Near the road.")
    with recording.change():
        assert versions.stored_version(Site, site.pk) == 2
        assert versions.stored_version(Site, site.pk + 1) is None


def test_each_field_goes_from_its_first_value_to_its_last_and_names_who_came_last(alice, edith, adam):
    site = make.make_site(note="One.", kind="village")
    for by, note in ((edith, "Two."), (alice, "Three.")):
        with recording.change(by, "Read again."):
            Site.objects.update(note=note)
    with recording.change(edith):
        Site.objects.update(kind="camp")
    changes: list[Any] = since(site, 1, adam)
    note, kind = changes
    at = datetime.fromisoformat(note.pop("at"))
    assert abs((timezone.now() - at).total_seconds()) < 60
    assert kind.pop("at").endswith("Z")
    told = {"record": "events.site", "identity": site.slug}
    assert note == told | {"field": "note", "before": "One.", "after": "Three.", "by": "alice"}
    assert kind == told | {"field": "kind", "before": "village", "after": "camp", "by": "edith"}
    assert [change["field"] for change in since(site, 3, adam)] == ["kind"]
    assert [change["before"] for change in since(site, 2, adam) if change["field"] == "note"] == ["Two."]


def test_what_nobody_did_names_nobody(adam):
    site = make.make_site()
    Site.objects.update(note="Two.")
    assert [change["by"] for change in since(site, 1, adam)] == [None]


def test_other_records_are_not_told_of(adam):
    site, other = make.make_site(), make.make_site()
    Site.objects.filter(pk=other.pk).update(note="Two.")
    make.make_actor()
    assert since(site, 1, adam) == []


def test_a_whole_is_told_of_with_its_parts_and_a_part_alone(adam):
    claim = make.make_claim()
    event = claim.citation.event
    whole, part = version_of(event), version_of(claim)
    type(claim)._default_manager.update(standing="set_aside", standing_reason="Withdrawn.")
    Event.objects.update(summary_en="Other words.")
    assert {(c["record"], c["field"]) for c in since(event, whole, adam)} == {
        ("events.claim", "standing"),
        ("events.claim", "standing_reason"),
        ("events.event", "summary_en"),
    }
    assert {(c["record"], c["identity"]) for c in since(claim, part, adam)} == {("events.claim", str(claim.uuid))}


def test_a_version_that_the_history_does_not_know_tells_nothing(adam):
    assert versions.changes_since(make.make_site(), 9, adam) is None
    site = make.make_site()
    assert "changed" not in versions.told(site, 9, 1, adam)


@pytest.mark.parametrize("reader", ["victor", "nobody"])
def test_who_may_not_read_the_history_is_told_nothing(reader, victor):
    asker = victor if reader == "victor" else AnonymousUser()
    assert versions.changes_since(make.make_site(), 1, asker) is None


def test_so_many_changes_are_told_and_no_more(adam, monkeypatch):
    site = make.make_site(note="One.", kind="village")
    Site.objects.update(note="Two.", kind="camp")
    assert len(versions.told(site, 1, 2, adam)["changed"]) == 2
    monkeypatch.setattr(versions, "MOST_TOLD", 1)
    assert len(versions.told(site, 1, 2, adam)["changed"]) == 1


def test_a_relation_is_told_as_the_identity_of_what_the_reader_may_see(alice, adam):
    hidden, shown = make.make_report(tlp="RED", created_by=adam), make.make_report()
    update = make.make_report(updates=shown)
    Report.objects.filter(pk=update.pk).update(updates=hidden)
    (change,) = since(update, 1, alice)
    assert (change["before"], change["after"]) == (str(shown.uuid), None)
    (change,) = since(update, 1, adam)
    assert change["after"] == str(hidden.uuid)


def test_a_relation_to_what_is_a_slug_is_told_by_it(alice):
    event = make.make_event(type=make.make_event_type(slug="sweep"))
    Event.objects.update(type=make.make_event_type(slug="arrest"))
    (change,) = since(event, 1, alice)
    assert (change["before"], change["after"], change["identity"]) == ("sweep", "arrest", str(event.uuid))


def test_rows_are_those_that_the_reader_may_see(alice, adam):
    hidden, shown = make.make_report(tlp="RED", created_by=adam), make.make_report()
    assert list(seen_rows(Report, alice)) == [shown]
    assert set(seen_rows(Report, adam)) >= {hidden, shown}
    assert alice in seen_rows(User, alice)
