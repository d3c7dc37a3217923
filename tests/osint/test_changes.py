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
