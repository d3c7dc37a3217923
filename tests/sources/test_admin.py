"""The report form: a pasted text stays as it is, and what is wrong is refused at its field."""

from datetime import date
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from sources.models import Report, Source
from tests.factories import make_published_event, make_report, make_source, make_whole_event
from tests.kit.forms import errors, everything, filled, send
from tests.rest import API, refused
from tests.rest import client as rest


@pytest.fixture
def desk(client: Client, edith: User) -> Client:
    """A browser in which the editor is logged in."""
    client.force_login(edith)
    return client


def test_a_pasted_report_keeps_every_character(desk: Client) -> None:
    text = "\n" + "«تعزيزات» \u202bمـ ـقـ ـتل\u202c ١٢ e\u0301 👨‍👩‍👧 \t\ufeff ‎end \n\n" * 130 + " \n"
    url = reverse("admin:sources_report_add")
    values = {"source": make_source().pk, "title": "تقرير", "published_on": "2025-11-16"}
    # A browser sends every line end as CRLF.
    send(desk, url, **values, text=text.replace("\n", "\r\n"))
    assert Report.objects.get().text == text


def test_a_lone_surrogate_in_a_title_is_refused(desk: Client) -> None:
    url = reverse("admin:sources_report_add")
    values = {"source": make_source().pk, "published_on": "2025-11-16", "text": "نص"}
    body = urlencode(filled(desk, url, **values)) + "&title=%ED%A0%80"
    answer = desk.post(url, body, content_type="application/x-www-form-urlencoded")
    assert "lost on the way" in errors(answer)
    assert not Report.objects.exists()


REPORT_REFUSED = {
    "a title of 10 MB": ({"title": "ت" * 5_000_000}, "500 characters"),
    "a NUL byte in the title": ({"title": "ت\x00"}, "Null characters"),
    "a direction mark in the title": ({"title": "ت\u202e"}, "writing direction"),
    "30 February": ({"published_on": "2025-02-30"}, "in no calendar"),
    "read before it was published": ({"accessed_on": "2025-11-01"}, "accessed before it was published"),
    "neither text nor address": ({"text": ""}, "Paste the report"),
    "an address that runs": ({"url": "javascript:alert(1)"}, "valid URL"),
    "a relay of nobody": ({"relays__0__quote": "نص"}, "Name either the source or the report"),
}


@pytest.mark.parametrize("case", REPORT_REFUSED)
def test_the_report_form_refuses(desk: Client, case: str) -> None:
    changes, sentence = REPORT_REFUSED[case]
    url = reverse("admin:sources_report_add")
    values = {"source": make_source().pk, "title": "تقرير", "published_on": "2025-11-16", "text": "نص"}
    data = filled(desk, url, **(values | changes))
    before = everything()
    answer = desk.post(url, data)
    assert answer.status_code == 200
    assert sentence in errors(answer)
    assert everything() == before


def test_a_quoted_report_keeps_its_text(desk: Client) -> None:
    make_whole_event()
    report = Report.objects.get()
    url = reverse("admin:sources_report_change", args=[report.pk])
    answer = send(desk, url, text=f"{report.text} more")
    assert "This report is quoted, so its text stays" in errors(answer)


def test_a_report_is_not_moved_before_the_events_it_tells_of(desk: Client) -> None:
    make_whole_event()
    report = Report.objects.get()
    url = reverse("admin:sources_report_change", args=[report.pk])
    before = everything()
    answer = send(desk, url, published_on=date(2025, 11, 1))
    assert "after its own publication" in errors(answer)
    assert everything() == before


# What was published goes back to these reports


@pytest.fixture
def behind(desk: Client) -> Report:
    """A report that relays SOHR, and with which an event was published."""
    make_published_event()
    return Report.objects.get()


def test_a_relay_that_something_published_goes_back_to_stays(desk: Client, behind: Report) -> None:
    url = reverse("admin:sources_report_change", args=[behind.pk])
    for change in ({"relays__0__DELETE": "on"}, {"relays__0__relayed_source": make_source().pk}):
        answer = send(desk, url, **change)
        assert "Published events rest on this report" in errors(answer) + answer.content.decode()
        assert behind.relays.get().relayed_source == Source.objects.get(slug="sohr")


def test_a_report_that_something_published_goes_back_to_keeps_its_source(desk: Client, behind: Report) -> None:
    url = reverse("admin:sources_report_change", args=[behind.pk])
    answer = send(desk, url, source=make_source().pk)
    assert "Published events rest on this report" in errors(answer)
    assert Report.objects.get().source == behind.source


def test_rest_keeps_the_relay_too(desk: Client, behind: Report, edith: User) -> None:
    address = f"{API}/relays/{behind.relays.get().uuid}/"
    assert rest(edith).delete(address).status_code in {400, 409}
    refused(rest(edith).patch(address, {"relayed_source": make_source().slug}), "Published events rest")
    assert behind.relays.exists()


def test_a_list_is_asked_for_what_it_offers_and_for_nothing_else(client: Client, alice: User) -> None:
    client.force_login(alice)
    report = make_report(note="A plumber told us.")
    listed = reverse("admin:sources_report_changelist")
    for lookup in ("note__startswith", "note__regex", "id__range", "published_on__year__gte", "source__note__contains"):
        assert client.get(listed, {lookup: "A"}).status_code == 400
    assert client.get(listed, {"status__exact": "new", "source__id__exact": str(report.source.pk)}).status_code == 200


def test_a_report_is_assigned_to_a_colleague(desk: Client, alice: User) -> None:
    report = make_report()
    url = reverse("admin:sources_report_change", args=[report.pk])
    send(desk, url, assignee=alice.pk)
    report.refresh_from_db()
    assert report.assignee == alice
