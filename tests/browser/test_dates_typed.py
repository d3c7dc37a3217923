"""Dates typed in words: how they are read shows below the box before anything is saved, in either language."""

from datetime import date

import pytest
from playwright.sync_api import Locator, Page, expect

from events.models import Event
from sources.models import Report
from tests.browser import desk
from tests.factories import make_citation, make_report, make_user

HALF = "النصف الأول من تشرين الثاني"


@pytest.fixture
def report(transactional_db: None) -> Report:
    """A report of 16 November 2025."""
    make_user("edith", "Editor")
    return make_report(published_on=date(2025, 11, 16))


def reading(page: Page, field: str) -> Locator:
    """What stands below a box."""
    return page.locator(f'output[for="{field}"]')


@pytest.mark.parametrize(
    ("language", "words", "inferred"),
    [
        ("en", "1–15 November 2025", "The year is taken from the publication date"),
        ("ar", "من 1 إلى 15 تشرين الثاني/نوفمبر 2025", "2025"),
    ],
    ids=["English", "Arabic"],
)
@pytest.mark.parametrize("width", [1440, 390])
def test_a_date_in_words_is_shown_as_read_before_it_is_saved(
    page: Page, report: Report, language: str, words: str, inferred: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    desk.log_in(page, "edith", language)
    page.goto(f"/admin/events/event/add/?report={report.pk}")
    page.fill("#id_when", HALF)
    shown = reading(page, "id_when")
    expect(shown.locator(".words")).to_have_text(words)
    expect(shown.locator(".edtf")).to_have_text("2025-11-01/2025-11-15")
    expect(shown.locator(".inferred")).to_contain_text(inferred)
    expect(shown).to_have_attribute("aria-live", "polite")
    assert shown.evaluate("element => element.scrollWidth <= element.clientWidth + 1")
    assert not Event.objects.exists()
    page.fill("#id_when", "31 نوفمبر")
    expect(shown.locator(".refused")).to_contain_text("31 نوفمبر")
    expect(page.locator("#id_when")).to_have_attribute("aria-invalid", "true")
    page.fill("#id_when", "")
    expect(shown).to_be_empty()


def test_a_row_that_was_added_and_a_box_with_a_calendar_are_read_too(page: Page, report: Report) -> None:
    citation = make_citation(report=report)
    desk.log_in(page, "edith")
    page.goto(f"/admin/events/citation/{citation.pk}/change/")
    desk.add_row(page, "claims")
    page.locator("select[name$='-facet']:visible").last.select_option("when")
    page.locator("input[name$='-when']:visible").last.press_sequentially("two days before 13 November")
    expect(page.locator("output.date-reading .words").last).to_have_text("11 November 2025")
    page.goto("/admin/sources/report/add/")
    page.fill("#id_published_on", "Nov 2025")
    expect(reading(page, "id_published_on")).to_contain_text("one day is wanted here")
    page.fill("#id_published_on", "١٦ تشرين الثاني ٢٠٢٥")
    expect(reading(page, "id_published_on").locator(".edtf")).to_have_text("2025-11-16")
