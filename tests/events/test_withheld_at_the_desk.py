"""What an analyst finds at the desk of a RED report that is somebody else's."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from events.models import Event
from sources.models import Report
from tests.factories import (
    make_citation,
    make_claim,
    make_outlet_report,
    make_relay,
    make_report,
    make_source,
    make_whole_event,
)
from tests.kit.forms import errors, send

# Who may see a report is asked of both engines by `test_visibility`: here it is asked of forms.
pytestmark = [pytest.mark.django_db, pytest.mark.one_engine]
SECRET = "همس المخبر"


@pytest.fixture
def desk(client: Client, alice: User) -> Client:
    client.force_login(alice)
    return client


@pytest.fixture
def red() -> Report:
    source = make_source(slug="informer", name_en="The informer", name_ar="المخبر")
    return make_report(tlp="RED", title="Overheard", text=SECRET, source=source)


def page(client: Client, name: str, *args: Any, **query: Any) -> str:
    answer = client.get(reverse(f"admin:{name}", args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


def silent(words: str) -> bool:
    return not [word for word in ("Overheard", "informer", "المخبر", "همس") if word in words]


def test_the_event_form_shows_the_report_that_the_analyst_may_see(desk: Client, red: Report) -> None:
    event = make_whole_event(report=make_outlet_report(title="In the open"))
    make_claim(citation=make_citation(event=event, report=red), quote=SECRET)
    shown = page(desk, "events_event_change", event.pk)
    assert "In the open" in shown
    assert "1 that is withheld from you" in shown
    assert silent(shown)
    assert silent(page(desk, "events_event_change", event.pk, report=red.pk))


def test_an_event_with_nothing_but_a_red_report_opens_without_it(desk: Client, red: Report) -> None:
    event = make_whole_event()
    event.citations.all().delete()
    make_claim(citation=make_citation(event=event, report=red), quote=SECRET)
    assert silent(page(desk, "events_event_change", event.pk))


def test_lists_and_choices_leave_it_out(desk: Client, red: Report) -> None:
    citation = make_citation(report=red)
    for name in ("sources_report_changelist", "events_citation_changelist"):
        shown = page(desk, name)
        assert "Overheard" not in shown
        assert SECRET not in shown
    wanted = {"app_label": "events", "model_name": "citation", "field_name": "report", "term": "Overheard"}
    assert desk.get(reverse("admin:autocomplete"), wanted).json()["results"] == []
    for name, key in (("sources_report_change", red.pk), ("events_citation_change", citation.pk)):
        assert desk.get(reverse(f"admin:{name}", args=[key])).status_code == 302


def test_a_guessed_key_is_no_choice(desk: Client, red: Report) -> None:
    report = make_report()
    url = reverse("admin:sources_report_change", args=[report.pk])
    answer = send(desk, url, updates=red.pk)
    assert "Select a valid choice" in errors(answer)
    assert silent(answer.content.decode())


def test_what_a_report_updates_and_relays_stays_though_it_is_withheld(desk: Client, red: Report) -> None:
    report = make_report(updates=red)
    relay = make_relay(report=report, relayed_report=red)
    url = reverse("admin:sources_report_change", args=[report.pk])
    assert silent(page(desk, "sources_report_change", report.pk))
    answer = send(desk, url, note="Looked at again.")
    assert answer.status_code == 302, errors(answer)
    report.refresh_from_db()
    relay.refresh_from_db()
    assert (report.note, report.updates, relay.relayed_report) == ("Looked at again.", red, red)


def test_the_report_beside_the_form_names_nobody_who_is_withheld(desk: Client, red: Report) -> None:
    relay = make_relay(relayed_report=red)
    assert silent(page(desk, "sources_report_text", relay.report.pk))


def test_deleting_a_source_names_no_report_that_rests_on_it(desk: Client, red: Report) -> None:
    shown = page(desk, "sources_source_delete", red.source.pk)
    assert "Other records rest on it" in shown
    assert "Overheard" not in shown


def test_a_red_event_is_for_whom_it_concerns(desk: Client, alice: User) -> None:
    event = make_whole_event(tlp="RED")
    assert str(event.reference) not in page(desk, "events_event_changelist")
    assert desk.get(reverse("admin:events_event_change", args=[event.pk])).status_code == 302
    Event.objects.filter(pk=event.pk).update(assignee=alice)
    assert str(event.reference) in page(desk, "events_event_changelist")
