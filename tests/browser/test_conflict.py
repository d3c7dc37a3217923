"""Two people at one form: each sees that the other is there, and what both type ends up as they choose."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from events import workflow
from events.choices import SiteRole
from events.models import Event
from tests.browser import desk
from tests.factories import make_user, make_whole_event

pytestmark = pytest.mark.django_db(transaction=True)

Seat = Callable[[str], Page]


@pytest.fixture
def event(live_server: LiveServer) -> Event:
    """A draft that two editors look after."""
    make_user("edith", "Editor")
    make_user("esther", "Editor")
    return make_whole_event()


@pytest.fixture
def seat(browser: Browser, base_url: str, event: Event) -> Iterator[Seat]:
    """A browser for each person, with the event's form open."""
    contexts = []

    def sit(name: str) -> Page:
        contexts.append(browser.new_context(base_url=base_url))
        page = contexts[-1].new_page()
        desk.log_in(page, name)
        page.goto(f"/admin/events/event/{event.pk}/change/")
        return page

    yield sit
    for context in contexts:
        context.close()


def save(page: Page) -> None:
    """Press the button that saves."""
    page.locator(".submit-row [name=_save]").click()


@pytest.mark.both_engines
def test_what_two_people_change_in_one_form_ends_up_as_the_second_chooses(seat: Seat, event: Event) -> None:
    first, second = seat("edith"), seat("esther")
    for page, best, summary in ((first, "30", "Thirty trucks came."), (second, "40", "Forty trucks came.")):
        page.fill("#id_counts-0-best", best)
        page.fill("#id_summary_en", summary)
    first.select_option("#id_placements-0-role", SiteRole.AT)
    second.fill("#id_summary_ar", "وصلت أربعون شاحنة.")
    save(first)
    expect(first.locator(".messagelist .success")).to_be_visible()

    # Nothing is saved; what only one has changed needs no choice, and what she typed is still there.
    save(second)
    expect(second.locator("#conflict .difference.both")).to_have_count(2)
    expect(second.locator("#id_counts-0-best")).to_have_value("40")
    expect(second.locator("#id_summary_en")).to_have_value("Forty trucks came.")
    expect(second.locator("#id_summary_ar")).to_have_value("وصلت أربعون شاحنة.")
    expect(second.locator("#id_placements-0-role")).to_have_value(SiteRole.AT)
    assert Event.objects.get().summary_en == "Thirty trucks came."

    # The browser sends nothing before she has chosen.
    save(second)
    expect(second.locator("#conflict input:invalid")).to_have_count(4)
    second.locator('[name="_choice-counts-0-best"][value=mine]').check()
    second.locator('[name="_choice-summary_en"][value=theirs]').check()
    save(second)
    expect(second.locator(".messagelist .success")).to_be_visible()
    expect(second.locator("#conflict")).to_have_count(0)

    stored = workflow.whole(Event.objects.get())
    assert (stored.summary_en, stored.summary_ar) == ("Thirty trucks came.", "وصلت أربعون شاحنة.")
    assert [count.best for count in stored.counts.all()] == [40]
    assert [placement.role for placement in stored.placements.all()] == [SiteRole.AT]


def test_who_opens_a_form_sees_who_has_it_open_already(seat: Seat) -> None:
    first = seat("edith")
    expect(first.locator("#presence")).to_be_hidden()
    second = seat("esther")
    expect(second.locator("#presence")).to_contain_text("edith")
    first.reload()
    expect(first.locator("#presence")).to_contain_text("esther")
