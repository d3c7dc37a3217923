"""An editor enters incidents of a report through the admin, from a blank form to published, in either language."""

from datetime import date
from hashlib import sha256
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from events import provenance, workflow
from events.choices import Basis, Status
from events.models import Actor, Event, EventType, Measure, Site
from osint.base.names import Named
from sources.models import Report, Source
from tests.browser import desk
from tests.factories import make_user, make_whole_event
from tests.kit.shelf import load

CONVOY = {
    "what": "وصل رتل بري",
    "when": "يوم 12 نوفمبر",
    "where": "إلى قاعدة قسرك",
    "who": "قوات التحالف الدولي",
    "how_many": "نحو 25 شاحنة",
}
RAIDS = {
    "what": "اعتقلت القوات المشتركة",
    "how": "في 3 عمليات",
    "leader": "قيادياً بارزاً في التنظيم",
    "others": "وثلاثة آخرين",
    "where": "بمحافظة الحسكة",
    "who": "بين التحالف الدولي وقسد",
    "target": "تنظيم داعش",
}
TEXT = (
    f"{CONVOY['what']} تابع لـ{CONVOY['who']} {CONVOY['when']} {CONVOY['where']}، وفيه {CONVOY['how_many']}.\n"
    f"كما {RAIDS['what']} {RAIDS['who']}، {RAIDS['how']} {RAIDS['where']}، {RAIDS['leader']} {RAIDS['others']} "
    f"من خلايا {RAIDS['target']}.\n"
)


@pytest.fixture(autouse=True)
def alone(settings: Any) -> None:
    """One person enters and publishes: how two do it is in ``test_review``."""
    settings.FOUR_EYES = False


@pytest.fixture
def report(transactional_db: None) -> Report:
    """A report in our database, with its code lists and names."""
    load("taxonomy", "gazetteer", "actors", "sources")
    source = Source.objects.get(slug="sohr")
    return Report.objects.create(source=source, title="تقرير", text=TEXT, published_on=date(2025, 11, 16))


def called(model: type[Named], slug: str, language: str) -> str:
    """The name of the record in this language."""
    record = model._default_manager.get(slug=slug)
    return str(record.name_ar if language == "ar" else record.name_en)


ENGLISH, ARABIC = ("en", "International Coalition"), ("ar", "التحالف الدولي")
LANGUAGES = pytest.mark.parametrize(("language", "coalition"), [ENGLISH, ARABIC], ids=["English", "Arabic"])


def start(page: Page, report: Report, language: str) -> None:
    """From the report's page to a blank form for an event from it."""
    make_user("edith", "Editor")
    desk.log_in(page, "edith", language)
    page.goto(f"/admin/sources/report/{report.pk}/change/")
    page.locator(".object-tools .addlink").click()
    expect(page.locator("#report-text")).to_contain_text(CONVOY["how_many"])
    expect(page.locator("html")).to_have_attribute("dir", "rtl" if language == "ar" else "ltr")


@pytest.mark.parametrize(
    ("language", "coalition"),
    [pytest.param(*ENGLISH, id="English", marks=pytest.mark.both_engines), pytest.param(*ARABIC, id="Arabic")],
)
def test_an_editor_enters_the_convoy_from_a_blank_form_to_published(
    page: Page, report: Report, language: str, coalition: str
) -> None:
    start(page, report, language)
    expect(page.locator("#id_when")).to_have_value("../2025-11-16")
    desk.choose(page, "id_type", "convoy arrival", called(EventType, "convoy-arrival", language))
    desk.select_in_report(page, CONVOY["what"])
    desk.take_selection(page, "id_type_quote")
    page.fill("#id_when", "2025-11-12")
    page.locator("#id_when").blur()
    expect(page.locator("#id_when_basis")).to_have_value("stated")
    desk.paste(page, "id_when_quote", CONVOY["when"])
    desk.choose(page, "id_placements-0-site", "Kasrak", called(Site, "qasrak-base", language))
    page.select_option("#id_placements-0-role", "to")
    desk.select_in_report(page, CONVOY["where"])
    desk.take_selection(page, "id_placements-0-quote")
    desk.choose(page, "id_involvements-0-actor", "قوات التحالف", coalition)
    desk.choose(page, "id_counts-0-measure", "trucks", called(Measure, "trucks", language))
    page.select_option("#id_counts-0-qualifier", "about")
    page.fill("#id_counts-0-best", "25")
    page.fill("#id_summary_ar", "وصل نحو 25 شاحنة للتحالف إلى قاعدة قسرك.")
    page.locator("[name=_save]").click()

    # Saved as a draft, it says what is missing, and cannot be published so.
    expect(desk.missing(page)).to_have_count(2)
    page.locator(".submit-row [name=_publish]").click()
    expect(page.locator(".messagelist .error")).to_have_count(2)
    assert Event.objects.get().status == Status.DRAFT

    desk.paste(page, "id_involvements-0-quote", CONVOY["who"])
    desk.paste(page, "id_counts-0-quote", CONVOY["how_many"])
    page.locator(".submit-row [name=_publish]").click()
    expect(page.locator(".messagelist .success").last).to_be_visible()
    expect(desk.missing(page)).to_have_count(0)

    event = workflow.whole(Event.objects.get())
    assert event.status == Status.PUBLISHED
    facts = provenance.facts(event)
    assert {fact.facet: fact.claims[0].quote for fact in facts} == CONVOY
    assert all(fact.basis == Basis.STATED for fact in facts)
    assert [(count.best, count.qualifier) for count in event.counts.all()] == [(25, "about")]
    assert [str(source.slug) for source in provenance.origins(event)] == ["sohr"]


@LANGUAGES
def test_an_editor_enters_three_operations_with_one_leader_and_three_others(
    page: Page, report: Report, language: str, coalition: str
) -> None:
    start(page, report, language)
    desk.choose(page, "id_type", "arrest raid", called(EventType, "arrest-raid", language))
    desk.paste(page, "id_type_quote", RAIDS["what"])
    page.check("#id_is_aggregate")
    desk.choose(page, "id_placements-0-site", "al-Hasakah governorate", called(Site, "al-hasakah", language))
    desk.paste(page, "id_placements-0-quote", RAIDS["where"])
    parties = [
        ("coalition", "coalition", "acts", "who"),
        ("قسد", "sdf", "partner", "who"),
        ("Daesh", "isis", "target", "target"),
    ]
    for row, (typed, actor, role, words) in enumerate(parties):
        if row:
            desk.add_row(page, "involvements")
        desk.choose(page, f"id_involvements-{row}-actor", typed, called(Actor, actor, language))
        page.select_option(f"#id_involvements-{row}-role", role)
        desk.paste(page, f"id_involvements-{row}-quote", RAIDS[words])
    counts = [
        ("operations", "3", "", "how"),
        ("detained", "1", "leader", "leader"),
        ("detained", "3", "others", "others"),
    ]
    for row, (measure, best, label, words) in enumerate(counts):
        if row:
            desk.add_row(page, "counts")
        desk.choose(page, f"id_counts-{row}-measure", measure, called(Measure, measure, language))
        page.fill(f"#id_counts-{row}-best", best)
        page.fill(f"#id_counts-{row}-label", label)
        desk.paste(page, f"id_counts-{row}-quote", RAIDS[words])
    page.fill("#id_summary_en", "In three operations a prominent leader and three others were detained.")
    page.locator(".submit-row [name=_publish]").click()
    expect(page.locator(".messagelist .success").last).to_be_visible()

    event = workflow.whole(Event.objects.get())
    assert event.status == Status.PUBLISHED
    assert (event.when, event.when_basis, event.earliest, event.latest) == (
        "../2025-11-16", Basis.DERIVED, None, date(2025, 11, 16)
    )  # fmt: skip
    assert [(c.measure.slug, c.best, c.label) for c in event.counts.all()] == [
        ("operations", 3, ""), ("detained", 1, "leader"), ("detained", 3, "others")
    ]  # fmt: skip
    assert [i.role for i in event.involvements.all()] == ["acts", "partner", "target"]


def test_words_that_are_not_in_the_report_are_refused_and_nothing_typed_is_lost(page: Page, report: Report) -> None:
    start(page, report, "en")
    desk.choose(page, "id_type", "convoy", "Convoy")
    desk.paste(page, "id_type_quote", "وصل رتل برى")
    page.fill("#id_summary_en", "A convoy arrived.")
    page.locator("[name=_save]").click()
    expect(page.locator(".field-type_quote .errorlist")).to_contain_text("not in the report word for word")
    expect(page.locator(".field-type_quote .errorlist")).to_contain_text("وصل رتل بري")
    expect(page.locator("#id_summary_en")).to_have_value("A convoy arrived.")
    expect(page.locator("#report-text")).to_contain_text(CONVOY["how_many"])
    assert not Event.objects.exists()


def test_a_whole_report_is_pasted_from_right_to_left_and_keeps_every_character(page: Page, report: Report) -> None:
    # About five thousand characters, with what editors and phones leave in a text.
    text = ("«تعزيزات» \u202bمـ ـقـ ـتل\u202c ١٢ e\u0301 \u200f— " + TEXT + "\n\t") * 14 + "النهاية "
    make_user("edith", "Editor")
    desk.log_in(page, "edith", "ar")
    page.goto("/admin/sources/report/add/")
    desk.choose(page, "id_source", "SOHR", called(Source, "sohr", "ar"))
    page.fill("#id_title", "تقرير طويل")
    page.fill("#id_published_on", "2025-11-16")
    page.fill("#id_text", text)
    page.locator("[name=_continue]").click()
    expect(page.locator(".errorlist")).to_have_count(0)
    expect(page.locator(".field-sha256 .readonly")).to_have_text(sha256(text.encode()).hexdigest())
    expect(page.locator("#id_text")).to_have_css("direction", "rtl")
    assert Report.objects.get(title="تقرير طويل").text == text


def test_the_report_chosen_in_a_blank_form_appears_beside_it(page: Page, report: Report) -> None:
    make_user("edith", "Editor")
    desk.log_in(page, "edith")
    page.goto("/admin/events/event/add/")
    expect(page.locator("#report-pane")).to_contain_text("Choose the report first")
    desk.choose(page, "id_report", "شاحنة", "تقرير")
    expect(page.locator("#report-text")).to_contain_text(CONVOY["how_many"])


def test_another_report_of_a_saved_event_has_fields_of_its_own(page: Page, report: Report) -> None:
    later = Report.objects.create(
        source=report.source, title="لاحق", text="بلغ عددها 30.", published_on=date(2025, 11, 17)
    )
    event = make_whole_event()
    make_user("edith", "Editor")
    desk.log_in(page, "edith")
    page.goto(f"/admin/events/event/{event.pk}/change/")
    expect(page.locator("#id_counts-0-quote")).not_to_have_value("")
    desk.choose(page, "id_report", "عددها", "لاحق")
    page.wait_for_url(f"**/?report={later.pk}")
    expect(page.locator("#report-text")).to_have_text(later.text)
    expect(page.locator("#id_counts-0-quote")).to_have_value("")
    expect(page.locator("#id_counts-0-best")).to_have_value("25")
