"""The pages for readers in a real browser: wide and narrow, in English and in Arabic."""

import re
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from events.models import Event
from tests.factories import WORDS, make_published_event

pytestmark = pytest.mark.django_db(transaction=True)

WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture
def event(live_server: LiveServer, settings: Any) -> Event:
    """A published event on a server that is open to readers."""
    settings.PUBLIC_API = True
    return make_published_event()


@pytest.fixture
def complaints(page: Page) -> list[str]:
    """What the browser complains about: refused styles and scripts, errors."""
    found: list[str] = []
    page.on("console", lambda message: found.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


def addresses(event: Event) -> list[str]:
    report = event.citations.get().report
    return [
        reverse("front"),
        reverse("event", args=[event.reference]),
        reverse("report", args=[report.uuid]),
        reverse("source", args=[report.source.slug]),
    ]


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_every_page_fits_and_breaks_no_rule_of_the_browser(event, page: Page, complaints, size, language, base_url):
    page.set_viewport_size(size)
    page.context.add_cookies([{"name": "django_language", "value": language, "url": base_url}])
    for address in addresses(event):
        page.goto(address)
        expect(page.locator("html")).to_have_attribute("dir", "rtl" if language == "ar" else "ltr")
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), address
    assert complaints == []


def test_a_reader_finds_an_event_follows_a_footnote_and_sees_the_words_in_the_report(event, page: Page):
    page.goto("/")
    page.get_by_label("Search").fill("Kasrak")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("link", name="Convoy arrival").click()
    expect(page).to_have_url(re.compile(f"/events/{event.reference}/$"))
    page.get_by_role("link", name="footnote 5").click()
    note = page.locator("#note-5")
    expect(note).to_contain_text(WORDS["how_many"])
    note.get_by_role("link", name="in the report").click()
    expect(page.locator(".text span:target + mark")).to_have_text(WORDS["how_many"])


def test_a_reader_changes_the_language_and_stays_on_the_page(event, page: Page):
    address = reverse("event", args=[event.reference])
    page.goto(address)
    page.get_by_role("button", name="العربية").click()
    expect(page.locator("html")).to_have_attribute("lang", "ar")
    expect(page).to_have_url(re.compile(address))
    expect(page.locator("h1")).to_contain_text("وصول قافلة")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("dir", "ltr")
