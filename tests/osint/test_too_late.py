"""A form that is sent when its record is gone or closed: refused, and no word that was typed is lost."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from events import workflow
from tests import factories as make
from tests.kit.forms import filled

pytestmark = pytest.mark.django_db

WORDS = "Twenty-five trucks, <b>counted</b> twice."


def sent_late(client: Client, url: str, name: str, happens) -> Any:
    """What the form answers when something has happened since it was opened."""
    data = filled(client, url) | {name: WORDS}
    happens()
    return client.post(url, data)


def check(answer) -> None:
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "nothing was saved" in page
    assert "Twenty-five trucks, &lt;b&gt;counted&lt;/b&gt; twice." in page
    assert "csrfmiddlewaretoken" not in page.split("<textarea", 1)[1]


def test_of_an_event_that_was_retracted(client, alice, edith):
    event = make.make_published_event()
    client.force_login(alice)
    url = reverse("admin:events_event_change", args=[event.pk])
    check(sent_late(client, url, "summary_en", lambda: workflow.retract(event, edith, "A video from 2019.")))
    event.refresh_from_db()
    assert event.summary_en != WORDS


def test_of_a_draft_that_was_deleted(client, alice):
    event = make.make_event()
    client.force_login(alice)
    check(sent_late(client, reverse("admin:events_event_change", args=[event.pk]), "summary_en", event.delete))


def test_of_a_site_that_was_deleted(client, alice):
    site = make.make_site()
    client.force_login(alice)
    check(sent_late(client, reverse("admin:events_site_change", args=[site.pk]), "note", site.delete))


def test_of_a_report_that_is_no_longer_for_this_person(client, alice, edith):
    report = make.make_report(created_by=edith)
    client.force_login(alice)

    def close() -> None:
        report.tlp = "RED"
        report.save()

    answer = sent_late(client, reverse("admin:sources_report_change", args=[report.pk]), "note", close)
    check(answer)
    assert str(report.title) not in answer.content.decode().split("<h1>")[1].split("<textarea")[0]
