"""The language that somebody has chosen, and how it writes dates and numbers."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse
from django.utils import formats, translation
from django.utils.dateformat import format as written

pytestmark = pytest.mark.one_engine


@pytest.mark.django_db
def test_the_choice_is_remembered_for_a_year_signed_in_or_not(client, alice):
    address = f"{reverse('front')}?q=%D9%82&date_from=2025-11-01"
    answer = client.post(reverse("set_language"), {"language": "ar", "next": address})
    assert answer.headers["Location"] == address
    cookie = answer.cookies["django_language"]
    assert (cookie["max-age"], cookie["samesite"], bool(cookie["httponly"])) == (365 * 24 * 3600, "Lax", True)
    for page in (reverse("sign-in"), reverse("admin:login")):
        assert 'lang="ar"' in client.get(page).content.decode()
    client.force_login(alice)
    assert 'lang="ar"' in client.get(reverse("admin:index")).content.decode()
    client.post(reverse("sign-out"))
    assert 'lang="ar"' in client.get(reverse("sign-in")).content.decode()


@pytest.mark.django_db
def test_the_switch_leads_back_to_the_page_with_its_question(client, alice):
    client.force_login(alice)
    page = client.get(f"{reverse('admin:events_event_changelist')}?q=Qasrak&queue=mine").content.decode()
    assert 'name="next" value="/admin/events/event/?q=Qasrak&amp;queue=mine"' in page
    answer = client.post(reverse("set_language"), {"language": "ar", "next": "https://elsewhere.example/"})
    assert "elsewhere" not in answer.headers["Location"]


@pytest.mark.parametrize(("language", "moment"), [("en", "12 November 2025, 18:05"), ("ar", "، 18:05")])
def test_dates_have_the_day_first_and_clocks_24_hours(language, moment):
    with translation.override(language):
        shown = formats.date_format(datetime(2025, 11, 12, 18, 5, tzinfo=UTC), "DATETIME_FORMAT")
        assert shown.startswith("12 ")
        assert shown.endswith(moment)
        assert formats.number_format(1234.5, use_l10n=True, force_grouping=True) == "1,234.5"


def test_arabic_months_have_both_names_and_latin_digits():
    with translation.override("ar"):
        assert written(date(2025, 11, 12), "j F Y") == "12 تشرين الثاني/نوفمبر 2025"
