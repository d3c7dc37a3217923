"""Remarks on an event between those who work on it: written and read through every door, never by readers."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse

from events import workflow
from events.models import Comment, Event
from tests import factories as make
from tests.rest import API, given, refused
from tests.rest import client as rest

pytestmark = pytest.mark.django_db

COMMENTS = f"{API}/comments/"


def test_a_comment_is_no_part_of_the_event(alice):
    event = make.make_published_event()
    comment = workflow.comment(event, alice, " Which bridge? ")
    assert (comment.text, comment.created_by, comment.move) == ("Which bridge?", alice, "")
    event.refresh_from_db()
    assert event.version == Event.objects.get(pk=event.pk).version
    assert not event.corrections.exists()


@pytest.mark.parametrize("text", ["", "  "])
def test_an_empty_comment_is_refused(alice, text):
    with pytest.raises(ValidationError):
        workflow.comment(make.make_event(), alice, text)
    assert not Comment.objects.exists()


def test_a_comment_is_written_and_read_by_rest(alice, edith):
    event, other = make.make_event(), make.make_event()
    workflow.comment(other, edith, "Another matter.")
    body = {"event": str(event.uuid), "text": "Which bridge?"}
    made = given(rest(alice).post(COMMENTS, body, format="json"), 201)
    assert (made["created_by"], made["event"], made["move"]) == ("alice", str(event.uuid), "")
    listed = given(rest(edith).get(f"{COMMENTS}?event={event.reference}"))
    assert [row["uuid"] for row in listed["results"]] == [made["uuid"]]
    assert given(rest(edith).get(f"{COMMENTS}{made['uuid']}/")) == made


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_what_was_said_stays(alice, method):
    comment = workflow.comment(make.make_event(), alice, "Which bridge?")
    answer = getattr(rest(alice), method)(f"{COMMENTS}{comment.uuid}/", {"text": "None."}, format="json")
    assert answer.status_code in {403, 405}
    comment.refresh_from_db()
    assert comment.text == "Which bridge?"


def test_readers_neither_read_nor_write_comments(victor, alice, settings):
    settings.PUBLIC_API = True
    event = make.make_published_event()
    comment = workflow.comment(event, alice, "Between us.")
    body = {"event": str(event.uuid), "text": "And me."}
    refused(rest(victor).post(COMMENTS, body, format="json"), status=403)
    assert rest(victor).get(COMMENTS).status_code == 403
    assert len(given(rest().get(COMMENTS))["results"]) == 0
    assert rest().get(f"{COMMENTS}{comment.uuid}/").status_code == 404
    with pytest.raises(PermissionDenied):
        workflow.comment(event, victor, "And me.")
    browser = Client()
    browser.force_login(victor)
    assert "Between us." not in browser.get(reverse("event", args=[event.reference])).content.decode()


def test_nobody_comments_on_an_event_that_they_may_not_see(alice, edith):
    event = make.make_event(tlp="RED", created_by=edith)
    with pytest.raises(PermissionDenied):
        workflow.comment(event, alice, "What is this?")
    body = {"event": str(event.uuid), "text": "What is this?"}
    refused(rest(alice).post(COMMENTS, body, format="json"), "There is no event")
    workflow.comment(event, edith, "A secret.")
    assert len(given(rest(alice).get(COMMENTS))["results"]) == 0


def test_comments_stand_on_the_event_form_and_are_written_there(client, alice):
    event = make.make_whole_event()
    client.force_login(alice)
    move = reverse("admin:events_event_move", args=[event.pk, "comment"])
    page = client.post(move, {"text": "<b>Which bridge?</b>"}, follow=True).content.decode()
    assert "&lt;b&gt;Which bridge?&lt;/b&gt;" in page
    assert Comment.objects.get().created_by == alice
