"""A real browser: the system's Chromium, driven by playwright."""

import os
import shutil
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
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def pytest_configure() -> None:
    # Playwright's synchronous interface keeps an event loop in our thread, which Django takes for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    # A busy machine is no fault of the page.
    expect.set_options(timeout=15_000)


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


@pytest.fixture(autouse=True)
def groups_are_there(django_db_serialized_rollback: None) -> None:
    """Every test that commits starts from what the migrations made: where only some did, the groups would double."""
