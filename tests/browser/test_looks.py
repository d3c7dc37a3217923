"""How every type of page looks: nothing clipped, overlapping or wider than the screen, no fault that axe-core knows.

Both directions, wide and on a phone. `make screenshots` (ISNAD_SCREENSHOTS names a folder) goes through all page types,
on the demonstration's data, and keeps a picture of each; otherwise those that are used most are looked at, and
axe-core, which takes longest, sees every second of them in one language and the others in the other.
"""

import os
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client, RequestFactory
from django.utils import translation
from django.views import defaults
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from events import workflow
from tests import factories as make
from tests.conftest import person
from tests.kit.bundles import exchanged
from tests.kit.changes import kinds, made
from tests.kit.page_types import PageType, page_types

pytestmark = pytest.mark.django_db(transaction=True)

WIDTHS = {"wide": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}
LOOK = (Path(__file__).parent / "looking.js").read_text()
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
# What the browser answers of the worst faults, and of which elements.
RUN_AXE = """async () => (await axe.run(document, {resultTypes: ["violations"]})).violations
    .filter((fault) => ["serious", "critical"].includes(fault.impact))
    .map((fault) => [fault.help, ...fault.nodes.slice(0, 3).map((node) => node.target.join(" "))].join(" | "))"""
FOLDER = os.environ.get("ISNAD_SCREENSHOTS", "")
ERRORS: dict[str, Any] = {"error-400": defaults.bad_request, "error-500": defaults.server_error}


@pytest.fixture
def people(live_server: LiveServer, settings: Any) -> dict[str, User]:
    """An installation that is open to readers, with records of every kind; those who work on it."""
    settings.PUBLIC_API = True
    found = {"adam": person("adam", "Administrator"), "alice": person("alice", "Analyst")}
    if FOLDER:
        call_command("loaddata", "taxonomy", "gazetteer", "actors", "sources", "demo", verbosity=0)
    event = make.make_published_event()
    for model in kinds():
        made(model)
    workflow.comment(event, found["adam"], "Which bridge?")
    make.make_token(found["adam"])
    exchanged(found["adam"])
    return found


@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_page_fits_and_has_no_serious_fault(
    page: Page, people: dict[str, User], language: str, base_url: str
) -> None:
    wanted = page_types() if FOLDER else [kind for kind in page_types() if kind.is_short]
    faults = [
        f"{kind.name} ({language}, {where}): {fault}"
        for number, kind in enumerate(wanted)
        for where, fault in faults_of(page, kind, people, language, base_url, by_axe=is_its_turn(number, language))
    ]
    for name in ERRORS if FOLDER else ():
        list(looked_at(page, error_page(page, name, language), name, language))
    assert not faults, "\n".join(faults)


def is_its_turn(number: int, language: str) -> bool:
    """Whether axe-core sees this page in this language."""
    return bool(FOLDER) or number % 2 == (language == "ar")


def faults_of(
    page: Page, kind: PageType, people: dict[str, User], language: str, base_url: str, *, by_axe: bool
) -> Iterator[tuple[str, str]]:
    """What is wrong with one type of page."""
    enter(page, people.get(kind.person), language, base_url)
    answer = page.goto(kind.address())
    assert answer
    assert answer.status < 500, kind.name
    yield from looked_at(page, kind.is_ours, kind.name, language, by_axe=by_axe)


def looked_at(page: Page, is_ours: Any, name: str, language: str, *, by_axe: bool = True) -> Iterator[tuple[str, str]]:
    """What is wrong with the page that is open, on each screen; its picture, where one is wanted."""
    if FOLDER:
        page.wait_for_load_state("networkidle")
    for where, size in WIDTHS.items():
        page.set_viewport_size(size)  # type: ignore[arg-type]
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        if FOLDER:
            page.screenshot(path=Path(FOLDER) / f"{name}-{language}-{where}.png", full_page=True)
        yield from ((where, fault) for fault in (page.evaluate(LOOK) if is_ours else ()))
    if is_ours and by_axe:
        page.set_viewport_size(WIDTHS["wide"])  # type: ignore[arg-type]
        page.evaluate(AXE)
        yield from (("axe", fault) for fault in page.evaluate(RUN_AXE))


def enter(page: Page, user: User | None, language: str, base_url: str) -> None:
    """Be this person, or nobody, in this language."""
    page.goto("about:blank")  # the page before says goodbye while it is still known who it was
    page.context.clear_cookies()
    cookies = {"django_language": language}
    if user is not None:
        client = Client()
        client.force_login(user)
        cookies["sessionid"] = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": name, "value": value, "url": base_url} for name, value in cookies.items()])


def error_page(page: Page, name: str, language: str) -> bool:
    """Open the page of an error that no address leads to."""
    with translation.override(language):
        request = RequestFactory().get("/")
        answer = ERRORS[name](request, *([ValueError()] if name == "error-400" else []))
    address = f"/{name}/"
    page.route(f"**{address}", lambda route: route.fulfill(body=answer.content.decode(), content_type="text/html"))
    page.goto(address)
    return True


def teardown_module() -> None:
    """A page with all pictures."""
    if FOLDER:
        pictures = sorted(Path(FOLDER).glob("*.png"))
        rows = [
            f'<figure><img src="{name}" width="480" loading="lazy"><figcaption>{name}</figcaption></figure>'
            for name in (escape(one.name) for one in pictures)
        ]
        page = "<!doctype html><meta charset=utf-8><title>Isnad: every page</title>" + "\n".join(rows)
        (Path(FOLDER) / "index.html").write_text(page)
