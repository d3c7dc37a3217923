"""A text that turns the order of writing around turns its own letters and nobody else's, in lists, forms and pages."""

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from events.models import Event
from tests.browser import desk
from tests.factories import TEXT, make_comment, make_outlet_report, make_published_event, make_source, make_user

pytestmark = pytest.mark.django_db(transaction=True)

OVERRIDE = "\u202eread backwards"
# Texts with an override, or an isolate left open, whose nearest isolating box holds other text as well.
MINGLED = r"""() => {
    const control = /[\u202a-\u202e\u2066-\u2069]/;
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const isolates = (element) => {
        const style = getComputedStyle(element);
        return style.display !== "inline" || /isolate|plaintext/.test(style.unicodeBidi);
    };
    const found = [];
    let seen = 0;
    while (walker.nextNode()) {
        const node = walker.currentNode;
        if (!control.test(node.data.replace(/\u2068[^\u2068\u2069]*\u2069/g, ""))) continue;
        seen += 1;
        let box = node.parentElement;
        while (!isolates(box)) box = box.parentElement;
        const other = box.textContent.replace(node.data, "").trim();
        if (other) found.push(`${box.outerHTML.slice(0, 200)} | ${other.slice(0, 80)}`);
    }
    return { seen, found };
}"""


@pytest.fixture
def event(live_server: LiveServer, settings: Any) -> Event:
    """A published event whose texts hold an override, on an open installation."""
    settings.PUBLIC_API = True
    source = make_source(reliability_reason=f"Known. {OVERRIDE}")
    report = make_outlet_report(source=source, text=f"{TEXT}{OVERRIDE}", translation=OVERRIDE, note=OVERRIDE)
    found = make_published_event(report=report, summary_en=f"First {OVERRIDE}", summary_ar=f"أول {OVERRIDE}")
    make_comment(event=found, text=OVERRIDE)
    return found


def pages(event: Event) -> list[str]:
    report = event.citations.get().report
    admin = [
        reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_{page}", args=[record.pk])
        for record in (event, report, report.source)
        for page in ("change", "history")
    ]
    readers = [reverse("event", args=[event.reference]), reverse("report", args=[report.uuid])]
    lists = [
        reverse("admin:index"),
        reverse("admin:events_event_changelist"),
        reverse("admin:events_comment_changelist"),
    ]
    return ["/", *readers, *lists, reverse("admin:sources_report_changelist"), *admin]


@pytest.mark.parametrize("language", ["en", "ar"])
def test_an_override_reorders_none_of_its_neighbours(event: Event, page: Page, language: str):
    make_user("edith", "Editor")
    desk.log_in(page, "edith", language)
    seen, mingled = 0, {}
    for address in pages(event):
        page.goto(address)
        answer = page.evaluate(MINGLED)
        mingled[address] = answer["found"]
        seen += answer["seen"]
    assert not {address: found for address, found in mingled.items() if found}
    assert seen  # the desk shows them as they are; the pages for readers in their place a sign
