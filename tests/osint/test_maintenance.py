"""Long work in the admin: batch by batch, with progress, for administrators."""

import io
from typing import Any

import pytest
from django.core.management import call_command
from django.urls import reverse

from events.models import Event
from osint import maintenance
from osint.history import stepwise
from osint.history.models import Entry
from osint.history.recording import rows_of
from osint.progress import Progress
from tests import factories as make
from tests.pages import text

pytestmark = pytest.mark.django_db

PAGE = reverse("maintenance")
STEP = reverse("maintenance-step", args=["history"])
JSON = {"headers": {"accept": "application/json"}}


@pytest.fixture
def small(monkeypatch):
    """Batches of five entries."""
    monkeypatch.setattr(maintenance, "follow", lambda reached: stepwise.follow(reached, 5))


def test_only_administrators_may(client, edith, adam):
    for user, status in ((edith, 403), (adam, 200)):
        client.force_login(user)
        assert client.get(PAGE).status_code == status
        assert client.post(STEP, **JSON).status_code == status
    assert client.post(reverse("maintenance-step", args=["nothing"])).status_code == 404
    assert client.get(STEP).status_code == 405


def test_each_request_does_one_batch_until_all_is_done(client, adam, small):
    make.make_published_event()
    total = Entry.objects.count()
    client.force_login(adam)
    told = [client.post(STEP, **JSON).json() for _ in range(0, total, 5)]
    assert [one["done"] for one in told] == [min(number + 5, total) for number in range(0, total, 5)]
    assert [one["finished"] for one in told] == [False] * (len(told) - 1) + [True]
    assert told[-1]["sentence"] == f"Done: {total} looked at, and nothing is wrong."
    assert client.post(STEP, **JSON).json()["done"] == 5, "what is done begins again"
    assert client.post(STEP, {"again": "1"}, **JSON).json()["done"] == 5


def test_it_works_without_scripts_and_is_taken_up_where_it_was_left(client, adam, small):
    make.make_published_event()
    client.force_login(adam)
    assert "Start" in text(client.get(PAGE))
    page = text(client.post(STEP, follow=True))
    assert f"5 of {Entry.objects.count()}" in page
    assert "Go on" in page
    assert "10 of" in text(client.post(STEP, follow=True))


def test_what_is_broken_is_named_and_ends_it(client, adam, settings):
    make.make_published_event()
    settings.HISTORY_KEY = "1" * 64  # not the one that the history was sealed with
    client.force_login(adam)
    told = client.post(STEP, **JSON).json()
    assert (told["finished"], told["done"]) == (True, 0)
    assert told["faults"][0].startswith("Entry 1: its seal is not ours")
    assert "Something is wrong:" in text(client.get(PAGE))


def test_what_records_are_found_by_is_worked_out_again_kind_by_kind(client, adam, monkeypatch):
    monkeypatch.setattr(maintenance, "BATCH", 2)
    event = make.make_published_event()
    rows_of(Event).filter(pk=event.pk).update(earliest="2001-01-01")
    client.force_login(adam)
    address, steps = reverse("maintenance-step", args=["reindex"]), 0
    told: dict[str, Any] = {"finished": False}
    while not told["finished"] and (steps := steps + 1) < 200:
        told = client.post(address, **JSON).json()
    event.refresh_from_db()
    assert str(event.earliest) == "2025-11-12"
    assert told["done"] == told["total"]
    assert told["sentence"] == f"Done: {told['total']} looked at, 1 put right."


def test_loading_shows_how_far_it_is_where_somebody_watches():
    errors = io.StringIO()
    call_command("loaddata", "taxonomy", "sources", progress=True, stderr=errors, verbosity=0)
    assert "100%" in errors.getvalue()
    assert errors.getvalue().count("\r") < 300
    quiet = io.StringIO()
    call_command("loaddata", "actors", stderr=quiet, verbosity=0)
    assert quiet.getvalue() == ""


def test_a_bar_is_drawn_for_every_hundredth_and_not_for_nothing():
    Progress(None, 0, is_shown=True).step()
    Progress(None, 10, is_shown=False).finish()
