"""What is told of the changes while somebody writes in between."""

import pytest

from events.models import Event
from events.stored import documents
from tests import factories as make
from tests.rest import API, client, given

pytestmark = pytest.mark.django_db


def test_the_others_are_told_as_lists_show_them_when_an_event_goes_while_they_are_read(edith, monkeypatch):
    stays, goes = make.make_whole_event(), make.make_event()
    read = documents.read

    def too_late(keys, reader):
        Event.objects.filter(pk=goes.pk).delete()
        return read(keys, reader)

    monkeypatch.setattr(documents, "read", too_late)
    told = given(client(edith).get(f"{API}/changes/?kind=events"))["results"]
    monkeypatch.undo()
    assert [one["record"] for one in told] == given(client(edith).get(f"{API}/events/"))["results"]
    assert [one["id"] for one in told] == [str(stays.uuid)]


def test_a_page_that_is_full_has_another_tag_once_there_is_more(edith):
    make.make_actor()
    begun = given(client(edith).get(f"{API}/changes/?kind=actors"))["next"]
    make.make_actor()
    full = client(edith).get(begun + "&page_size=1")
    assert not given(full)["has_more"]
    assert again(edith, full, begun) == 304
    make.make_actor()
    assert again(edith, full, begun) == 200


def again(reader, answer, address):
    asked = {"If-None-Match": f'"other", {answer.headers["ETag"]}'}
    return client(reader).get(address + "&page_size=1", headers=asked).status_code


def test_who_has_any_answer_is_told_that_it_is_there_as_of_lists(edith):
    for name in ("changes", "events"):
        assert client(edith).get(f"{API}/{name}/", headers={"If-None-Match": "*"}).status_code == 304
