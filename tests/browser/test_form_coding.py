"""The same incidents through the plain event form: counted in the browser for two, worked out by the same rule for all.

The rule: every click, selection and field that is typed or chosen counts one.
"""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from events import provenance, workflow
from events.models import Event
from sources.models import Report
from tests.browser import desk
from tests.browser.incidents import CHOOSE, QUOTE, by_form, demo_report, incidents
from tests.factories import make_user

pytestmark = pytest.mark.django_db(transaction=True)


class Form:
    """A person at the event form, counting."""

    def __init__(self, page: Page) -> None:
        self.page, self.moves = page, 0

    def choose(self, field: str, typed: str, wanted: str) -> None:
        desk.choose(self.page, field, typed, wanted)
        self.moves += CHOOSE

    def quote(self, field: str, words: str) -> None:
        desk.select_in_report(self.page, words)
        desk.take_selection(self.page, field)
        self.moves += QUOTE

    def fill(self, field: str, words: str) -> None:
        self.page.fill(f"#{field}", words)
        self.moves += 1

    def pick(self, field: str, value: str) -> None:
        self.page.select_option(f"#{field}", value)
        self.moves += 1

    def click(self, selector: str) -> None:
        self.page.locator(selector).click()
        self.moves += 1

    def row(self, prefix: str) -> None:
        desk.add_row(self.page, prefix)
        self.moves += 1


@pytest.fixture
def form(page: Page, transactional_db: None) -> Form:
    """A blank form for an event from the demo's report."""
    report: Report = demo_report()
    make_user("alice")
    page.set_default_timeout(20_000)
    desk.log_in(page, "alice")
    page.goto(f"/admin/sources/report/{report.pk}/change/")
    found = Form(page)
    found.click(".object-tools .addlink")
    expect(page.locator("#report-text")).to_be_visible()
    return found


def named(name: str) -> dict[str, Any]:
    return next(one for one in incidents() if one["name"] == name)


def test_two_incidents_take_as_many_moves_in_the_form_as_the_rule_says(form: Form) -> None:
    convoy(form)
    done(form, "convoy-arrival")
    # As it is for the first one: from the report's page to a blank form.
    form.page.goto(f"/admin/events/event/add/?report={Report.objects.get().pk}")
    form.moves = 1
    operations(form)
    done(form, "al-hasakah")


def convoy(form: Form) -> None:
    """The convoy of about 25 trucks."""
    form.choose("id_type", "convoy arr", "Convoy arrival")
    form.quote("id_type_quote", "قافلة برية")
    form.fill("id_when", "2025-11-12")
    form.quote("id_when_quote", "12 نوفمبر")
    form.pick("id_when_basis", "inferred")
    form.fill("id_when_reason", "The year is not stated.")
    form.choose("id_placements-0-site", "Qasrak base", "Qasrak base")
    form.quote("id_placements-0-quote", "دخلت قاعدة قسرك")
    form.choose("id_involvements-0-actor", "International Coal", "International Coalition")
    form.quote("id_involvements-0-quote", "قافلة برية للتحالف")
    count(form, 0, "trucks", "Trucks", "International Coal", "International Coalition", "about", "25", "نحو 25 شاحنة")
    form.fill("id_summary_en", "A convoy arrived.")
    form.click(".submit-row [name=_save]")


def operations(form: Form) -> None:
    """Three operations, a leader and three others."""
    raid = "شنّ التحالف و«قسد» معاً حملات دهم ضد خلايا «داعش»"
    form.choose("id_type", "arrest raid", "Arrest raid")
    form.quote("id_type_quote", raid)
    form.fill("id_when", "2025-11-01/2025-11-16")
    form.pick("id_when_basis", "inferred")
    form.fill("id_when_reason", "Not dated.")
    form.choose("id_placements-0-site", "al-Hasakah governorate", "al-Hasakah")
    form.quote("id_placements-0-quote", "وفي محافظة الحسكة")
    people = [("International Coal", "acts"), ("Syrian Democratic F", "partner"), ("Islamic State", "target")]
    for number, (name, role) in enumerate(people):
        if number:
            form.row("involvements")
        form.choose(f"id_involvements-{number}-actor", name, name)
        if role != "acts":
            form.pick(f"id_involvements-{number}-role", role)
        form.quote(f"id_involvements-{number}-quote", raid)
    count(form, 0, "operations", "Operations", "", "", "exactly", "3", "3 عمليات")
    for number, (label, arabic, best, words) in enumerate(
        [("prominent leader", "قيادي بارز", "1", "قيادي بارز"), ("others", "آخرون", "3", "3 آخرون")], 1
    ):
        form.row("counts")
        count(form, number, "detained", "Detained", "Islamic State", "Islamic State", "exactly", best, words)
        form.fill(f"id_counts-{number}-label", label)
        form.fill(f"id_counts-{number}-label_ar", arabic)
    form.fill("id_summary_en", "Three operations.")
    form.click(".submit-row [name=_save]")


def count(
    form: Form, number: int, typed: str, measure: str, party: str, name: str, qualifier: str, best: str, words: str
) -> None:
    """One row of numbers."""
    form.choose(f"id_counts-{number}-measure", typed, measure)
    if party:
        form.choose(f"id_counts-{number}-party", party, name)
    form.pick(f"id_counts-{number}-qualifier", qualifier)
    form.fill(f"id_counts-{number}-best", best)
    form.fill(f"id_counts-{number}-phrase", words)
    form.quote(f"id_counts-{number}-quote", words)


def done(form: Form, name: str) -> None:
    """It is saved whole, in as many moves as the rule says."""
    expect(form.page.locator("#check .complete")).to_be_visible()
    assert provenance.missing(workflow.whole(Event.objects.latest("pk"))) == []
    assert form.moves == by_form(named(name))


def test_the_form_takes_more_than_twice_what_the_desk_may_take(record_testsuite_property: Any) -> None:
    table = {wanted["name"]: by_form(wanted) for wanted in incidents()}
    record_testsuite_property("moves through the form", str(table))
    assert sum(table.values()) / len(table) > 2 * 12
