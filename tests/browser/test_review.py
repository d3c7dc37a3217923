"""Review as people do it: the queues on the front page, an event sent back with a note, a duplicate merged."""

import re
from typing import Any

import pytest
from playwright.sync_api import Dialog, Page, expect
from pytest_django.live_server_helper import LiveServer

from events import workflow
from events.models import Event
from tests.browser import desk
from tests.factories import make_event, make_published_event, make_report, make_user, make_whole_event

pytestmark = pytest.mark.django_db(transaction=True)

WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture
def submitted(live_server: LiveServer) -> Event:
    """An event that alice has handed in; edith is there to review it."""
    make_user("edith", "Editor")
    return workflow.submit(make_whole_event(), make_user("alice"))


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_queues_and_review_fit_the_page_and_break_no_rule_of_the_browser(
    page: Page, submitted: Event, size: Any, language: str
) -> None:
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.set_viewport_size(size)
    desk.log_in(page, "edith", language)
    for address in ("/admin/", "/admin/events/event/?queue=waiting", f"/admin/events/event/{submitted.pk}/change/"):
        page.goto(address)
        expect(page.locator("html")).to_have_attribute("dir", "rtl" if language == "ar" else "ltr")
        for part in page.locator("#queues, .review").all():
            box = part.bounding_box()
            assert box is not None
            assert box["x"] >= 0, address
            assert box["x"] + box["width"] <= size["width"] + 1, address
    assert complaints == []


def test_an_editor_comes_from_the_queue_and_sends_an_event_back_with_a_note(page: Page, submitted: Event) -> None:
    desk.log_in_by_form(page, "edith")
    page.locator("#queues a", has_text="Waiting for review").click()
    page.get_by_role("link", name=str(submitted.reference)).click()
    page.locator("#id_send_back_note").fill("The day is missing.")
    page.locator("[name=_send_back]").click()
    expect(page.locator(".messagelist .success")).to_contain_text("draft")
    expect(page.locator("#comments .send_back")).to_contain_text("The day is missing.")
    submitted.refresh_from_db()
    assert submitted.is_sent_back
    page.goto("/admin/")
    expect(page.locator("#queues a", has_text=re.compile("^1Sent back")).first).to_be_visible()


def test_a_move_asks_before_it_drops_what_was_typed_in_the_form(page: Page, submitted: Event) -> None:
    desk.log_in(page, "edith")
    page.goto(f"/admin/events/event/{submitted.pk}/change/")
    page.fill("#id_summary_en", "Not saved yet.")
    asked: list[str] = []

    def refuse(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.dismiss()

    page.once("dialog", refuse)
    page.locator("#id_comment_text").fill("Which bridge?")
    page.locator("button[form=move-comment]").click()
    expect(page.locator("#id_summary_en")).to_have_value("Not saved yet.")
    assert len(asked) == 1
    assert not submitted.comments.exists()


@pytest.mark.both_engines
def test_an_editor_merges_a_duplicate_and_takes_it_apart_again(page: Page, submitted: Event) -> None:
    other = make_published_event(report=make_report())
    make_event()
    desk.log_in(page, "edith")
    page.goto(f"/admin/events/event/{submitted.pk}/change/")
    page.locator("#moves summary", has_text="Merge").click()
    desk.choose(page, "id_merge_into", str(other.reference), str(other.reference))
    page.fill("#id_merge_reason", "One convoy, told twice.")
    page.locator("[name=_merge]").click()
    expect(page.locator("#check .merged a")).to_contain_text(str(other.reference))
    page.locator("#moves summary", has_text="Undo").click()
    page.fill("#id_unmerge_reason", "Two convoys after all.")
    page.locator("[name=_unmerge]").click()
    expect(page.locator(".messagelist .success")).to_contain_text("submitted")
    expect(page.locator("#check .merged")).to_have_count(0)
