"""A real browser: the system's Chromium, driven by playwright."""

import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

# A browser that opens what it is told to and nothing else, also as root in a container.
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
HERE = Path(__file__).parent
# It has no windows, and opens pages in a third of the time.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def pytest_configure() -> None:
    # Playwright's synchronous interface keeps an event loop in our thread, which Django takes for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    # A busy machine is no fault of the page.
    expect.set_options(timeout=15_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What a browser makes of a page is the same on every engine; some ways through the whole are gone on both."""
    for item in items:
        if item.path.parent == HERE and not item.get_closest_marker("both_engines"):
            item.add_marker("one_engine")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """How the browser starts; without one the test is skipped, and in CI it fails."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None and os.environ.get("CI") == "true":
        pytest.fail("install chromium", pytrace=False)
    if path is None:
        pytest.skip("install chromium")
    return browser_type_launch_args | {"executable_path": path, "args": QUIET}


@pytest.fixture(scope="session")
def base_url(live_server: LiveServer) -> str:
    """Where a page's relative addresses start: at our own server."""
    return live_server.url
