"""Dates typed in words into the admin's forms: what is stored, what the page shows meanwhile, and what is refused."""

from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from events.models import ActorLink, Claim, Event
from osint.base import dates
from sources.models import Report
from tests import factories as make
from tests.kit.forms import errors, filled

pytestmark = pytest.mark.django_db
HALF = "النصف الأول من نوفمبر"


@pytest.fixture
def desk(client: Client, edith: User) -> Client:
    """A browser in which the editor is logged in."""
    client.force_login(edith)
    return client


@pytest.fixture
def report() -> Report:
    """A report of 16 November 2025."""
    return make.make_report(published_on=date(2025, 11, 16))


def save_event(desk: Client, report: Report, **changes: Any) -> Any:
    """What the form for a new event from the report answers."""
    url = f"{reverse('admin:events_event_add')}?report={report.pk}"
    values = {"report": report.pk, "type": make.make_event_type().pk, "when_basis": "inferred"}
    values |= {"when_reason": "so", "summary_en": "A convoy."}
    return desk.post(url, filled(desk, url, **(values | changes)))


def test_an_event_is_dated_in_words_whose_year_is_the_reports(desk, report):
    save_event(desk, report, when=HALF)
    event = Event.objects.get()
    assert (event.when, event.when_phrase) == ("2025-11-01/2025-11-15", HALF)
    assert (event.earliest, event.latest) == (date(2025, 11, 1), date(2025, 11, 15))


@pytest.mark.parametrize(
    ("typed", "phrase", "kept"),
    [("12/11/2025", "", ""), ("2025-11-12", "", ""), ("12 November", "on the 12th", "on the 12th")],
    ids=["in digits", "EDTF", "worded already"],
)
def test_only_words_are_kept_as_the_wording_and_none_are_replaced(desk, report, typed, phrase, kept):
    save_event(desk, report, when=typed, when_phrase=phrase)
    event = Event.objects.get()
    assert (event.when, event.when_phrase) == ("2025-11-12", kept)


def test_words_quoted_from_the_report_are_the_wording_rather_than_those_typed(desk):
    report = make.make_report(text="وصل الرتل في 12 نوفمبر إلى القاعدة.", published_on=date(2025, 11, 16))
    save_event(desk, report, when="12 November", when_quote="في 12 نوفمبر")
    assert Event.objects.get().when_phrase == "في 12 نوفمبر"


def test_a_date_that_is_none_is_refused_with_what_was_typed(desk, report):
    answer = save_event(desk, report, when="31 November")
    assert not Event.objects.exists()
    assert "has no day 31" in errors(answer)
    assert 'value="31 November"' in answer.content.decode()


def test_without_a_report_a_year_has_to_be_said(desk):
    url = reverse("admin:events_event_add")
    values = {"type": make.make_event_type().pk, "when_basis": "inferred"}
    values |= {"when_reason": "so", "summary_en": "A convoy."}
    answer = desk.post(url, filled(desk, url, when="12 November", **values))
    assert "names no year" in errors(answer)
    desk.post(url, filled(desk, url, when="12 November 2024", **values))
    assert Event.objects.get().when == "2024-11-12"


def test_a_claim_is_dated_in_the_words_of_its_report(desk, report):
    citation = make.make_citation(report=report)
    url = reverse("admin:events_citation_change", args=[citation.pk])
    row = {"claims__0__facet": "when", "claims__0__when": "أواخر تشرين الأول", "claims__0__quote": make.WORDS["when"]}
    desk.post(url, filled(desk, url, **row))
    claim = Claim.objects.get()
    assert (claim.when, claim.when_phrase) == ("2025-10-21~/2025-10-31~", "أواخر تشرين الأول")


def test_a_link_of_an_actor_is_dated_in_words(desk):
    actor, other = make.make_actor(), make.make_actor(slug="other")
    url = reverse("admin:events_actor_change", args=[actor.pk])
    row = {"links__0__kind": "part_of", "links__0__other": other.pk, "links__0__when": "since March 2019"}
    desk.post(url, filled(desk, url, **row))
    assert ActorLink.objects.get().when == "2019-03/.."


def test_a_report_is_dated_in_words_and_needs_one_day(desk):
    url = reverse("admin:sources_report_add")
    values = {"source": make.make_source().pk, "title": "تقرير", "text": "نص"}
    answer = desk.post(url, filled(desk, url, published_on="تشرين الثاني 2025", **values))
    assert "one day is wanted here" in errors(answer)
    desk.post(url, filled(desk, url, published_on="١٦ تشرين الثاني ٢٠٢٥", accessed_on="17/11/2025", **values))
    report = Report.objects.get()
    assert (report.published_on, report.accessed_on) == (date(2025, 11, 16), date(2025, 11, 17))


def read(client: Client, text: str, **values: Any) -> Any:
    return client.get(reverse("date-reading"), {"text": text} | values)


def test_a_date_is_read_before_it_is_saved(desk, report):
    assert read(desk, HALF, report=report.pk).json() == {
        "edtf": "2025-11-01/2025-11-15",
        "words": "1–15 November 2025",
        "bounds": "earliest 2025-11-01, latest 2025-11-15",
        "earliest": "2025-11-01",
        "latest": "2025-11-15",
        "basis": "inferred",
        "inferred": ["The year is taken from the publication date, 16 November 2025."],
    }
    assert "names no year" in read(desk, HALF).json()["error"]
    assert "one day is wanted" in read(desk, "Nov 2025", kind="day").json()["error"]
    arabic = desk.get(reverse("date-reading"), {"text": "12/11/2025"}, headers={"Accept-Language": "ar"})
    assert arabic.json()["words"] == dates.describe(dates.parse("2025-11-12"), "ar")


@pytest.mark.parametrize("report", ["", "0", "x", "9" * 30, "٣", "-1"])
def test_a_report_that_is_not_there_gives_no_year(desk, report):
    assert "names no year" in read(desk, "12 November", report=report).json()["error"]


def test_a_report_that_is_hidden_answers_as_one_that_is_not_there(client, alice, report):
    hidden = make.make_report(title="hidden", tlp="RED", created_by=None, published_on=date(2024, 3, 1))
    client.force_login(alice)
    assert not Report.objects.visible_to(alice).filter(pk=hidden.pk).exists()
    assert read(client, "1 March", report=hidden.pk).json() == read(client, "1 March", report=0).json()


def test_only_those_who_work_here_are_answered(client, victor):
    assert read(client, "12 November 2025").status_code == 302
    client.force_login(victor)
    assert read(client, "12 November 2025").status_code == 302


def test_only_asking_is_answered(desk):
    assert desk.post(reverse("date-reading"), {"text": "12 November 2025"}).status_code == 405
