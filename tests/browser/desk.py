"""How a person works the event form: the moves that the browser tests share."""

from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import Locator, Page, expect


def log_in(page: Page, name: str, language: str = "en") -> None:
    """Be this person, in this language; no page is open yet."""
    person = Client()
    person.force_login(User.objects.get(username=name))
    cookie = {"name": "sessionid", "value": person.cookies["sessionid"].value, "domain": "localhost", "path": "/"}
    page.context.add_cookies([cookie])  # type: ignore[list-item]
    page.context.set_extra_http_headers({"Accept-Language": language})


def log_in_by_form(page: Page, name: str) -> None:
    """Open the admin as this person does."""
    page.goto("/admin/login/")
    page.fill("#id_username", name)
    page.fill("#id_password", f"{name}-password")
    page.press("#id_password", "Enter")
    expect(page.locator("#user-tools")).to_be_visible()


def choose(page: Page, field: str, typed: str, wanted: str) -> None:
    """Type into an autocomplete and take the choice that reads as wanted."""
    page.locator(f"#{field} + .select2").click()
    page.locator(".select2-search__field").last.fill(typed)
    page.locator(".select2-results__option:not(.loading-results)", has_text=wanted).first.click()
    expect(page.locator(f"#{field} + .select2 .select2-selection__rendered")).to_contain_text(wanted)


def paste(page: Page, field: str, words: str) -> None:
    """Paste words into a quote field, once the page has dressed it."""
    expect(page.locator(f"#{field} + button.pick")).to_be_visible()
    page.fill(f"#{field}", words)


def select_in_report(page: Page, words: str) -> None:
    """Mark the words in the report beside the form, as the mouse does."""
    page.locator("#report-text").evaluate(
        """(text, words) => {
            const node = text.firstChild, at = node.data.indexOf(words);
            window.getSelection().setBaseAndExtent(node, at, node, at + words.length);
            text.dispatchEvent(new MouseEvent("mouseup", {bubbles: true}));
        }""",
        words,
    )


def take_selection(page: Page, field: str) -> None:
    """Press the button beside a quote field."""
    page.locator(f"#{field} + button.pick").click()


def missing(page: Page) -> Locator:
    """What the page says is still unsupported."""
    return page.locator("#check ul.missing li")


def add_row(page: Page, prefix: str) -> None:
    """Open one more row of a kind of fact."""
    page.locator(f"#{prefix}-group .add-row a").click()
