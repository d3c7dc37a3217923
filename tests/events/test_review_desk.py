"""Review in the admin: the actions on a list, what the event form offers, and moves on a page that is out of date."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from events import workflow
from events.models import Event
from osint.history import recording
from tests import factories as make
from tests.kit.forms import filled
from tests.pages import text

# Pages and buttons: what they move, `test_workflow` moves on both engines.
pytestmark = [pytest.mark.django_db, pytest.mark.one_engine]

LIST = reverse("admin:events_event_changelist")


@pytest.fixture
def desk(client: Client, edith: User) -> Client:
    """A browser in which the editor is logged in."""
    client.force_login(edith)
    return client


def change(event: Event) -> str:
    return reverse("admin:events_event_change", args=[event.pk])


def listed(desk: Client, action: str, *events: Event, words: str = "") -> str:
    """What the page says after an action on these events."""
    data = {"action": f"{action}_listed", "_selected_action": [event.pk for event in events], "words": words}
    return text(desk.post(LIST, data, follow=True))


def test_an_action_on_a_list_does_what_it_can_and_names_what_is_refused(desk: Client) -> None:
    ready, bare, out = make.make_whole_event(), make.make_event(), make.make_published_event()
    said = listed(desk, "publish", ready, bare, out)
    assert "Done with 1 event." in said
    assert f"{bare.reference}: Report: cite at least one." in said
    assert f"{out.reference} is published; this is possible only from" in said
    assert dict(Event.objects.values_list("pk", "status")) == {
        ready.pk: "published", bare.pk: "draft", out.pk: "published"
    }  # fmt: skip


def test_the_words_of_an_action_reach_each_event(desk: Client, alice: User) -> None:
    events = [workflow.submit(make.make_whole_event(), alice) for _ in range(2)]
    assert "Say what is to be done" in listed(desk, "send_back", *events)
    assert "Done with 2 events." in listed(desk, "send_back", *events, words="The day is missing.")
    assert [event.comments.get().text for event in events] == ["The day is missing."] * 2
    listed(desk, "take", *events)
    assert {event.assignee.username for event in Event.objects.all() if event.assignee} == {"edith"}
    listed(desk, "submit", *events)
    listed(desk, "publish", *events)
    assert "Done with 2 events." in listed(desk, "retract", *events, words="A video from 2019.")
    assert set(Event.objects.values_list("status", flat=True)) == {"retracted"}


def test_an_analyst_is_offered_her_own_actions(client: Client, alice: User) -> None:
    client.force_login(alice)
    make.make_event()
    offered = {name for name, _title in client.get(LIST).context["action_form"].fields["action"].choices}
    assert {"take_listed", "submit_listed"} <= offered
    assert not {"publish_listed", "send_back_listed", "retract_listed"} & offered
    event = make.make_published_event()
    listed(client, "retract", event, words="Not mine to say.")
    assert Event.objects.get(pk=event.pk).status == "published"


def test_who_is_alone_with_an_event_is_told_why_there_is_no_button(desk: Client, edith: User, settings: Any) -> None:
    settings.FOUR_EYES = True
    with recording.change(edith):
        event = make.make_whole_event()
    page = desk.get(change(event))
    assert b'name="_publish"' not in page.content
    assert "Somebody else has to publish it" in text(page)
    answer = desk.post(
        change(event), filled(desk, change(event), summary_en="Better.") | {"_publish": "1"}, follow=True
    )
    assert "Nobody but you has worked on" in text(answer)
    event.refresh_from_db()
    assert (event.status, event.summary_en) == ("draft", "Better.")


def test_a_move_on_a_page_that_is_out_of_date_is_refused(desk: Client, edith: User) -> None:
    event = workflow.submit(make.make_whole_event(), edith)
    with workflow.changing(event, edith):
        event.placements.update(basis="inferred", reason="So the map says.")
    move = reverse("admin:events_event_move", args=[event.pk, "publish"])
    said = text(desk.post(move, {"version": event.version}, follow=True))
    assert "is now: published" not in said
    assert Event.objects.get(pk=event.pk).status == "submitted"


def test_a_merged_event_shows_where_it_went_and_how_to_undo_it(desk: Client, edith: User) -> None:
    event, other = make.make_whole_event(report=make.make_report()), make.make_published_event()
    workflow.merge(event, edith, other, "One convoy.")
    page = desk.get(change(event))
    assert page.status_code == 200
    assert change(other) in page.content.decode()
    assert [form.action for form in page.context["moves"]] == ["unmerge"]
    assert desk.post(change(event), {}).status_code == 409
    there = desk.get(change(other)).content.decode()
    assert str(event.reference) in there
    assert event.citations.get().report.title in there


def test_the_choice_of_an_event_to_merge_into_offers_none_that_was_retracted(desk: Client) -> None:
    gone, there = make.make_retracted_event(), make.make_published_event()
    url = reverse("admin:autocomplete")
    query = {"app_label": "events", "model_name": "event", "field_name": "merged_into", "term": "SY-2025"}
    found = {item["id"] for item in desk.get(url, query).json()["results"]}
    assert found == {str(there.pk)}, gone


def test_an_address_of_no_move_or_no_event_is_missing_and_a_move_is_posted(desk: Client) -> None:
    event = make.make_event()
    for pk, action in ((event.pk, "explode"), (event.pk + 1, "submit"), (10**25, "submit")):
        assert desk.post(f"{LIST}{pk}/move/{action}/").status_code == 404
    assert desk.get(f"{LIST}{event.pk}/move/submit/").status_code == 405


def test_to_assign_to_somebody_who_does_not_work_here_is_refused_with_a_sentence(desk: Client, victor: User) -> None:
    event = make.make_event()
    address = reverse("admin:events_event_move", args=[event.pk, "assign"])
    for name in ("nobody-of-that-name", victor.get_username()):
        said = text(desk.post(address, {"to": name, "version": event.version}, follow=True))
        assert f"“{name}” does not work on events here" in said
    assert Event.objects.get(pk=event.pk).assignee is None
