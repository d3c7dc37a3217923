"""What was decided on the page of a plan that does not hold any more."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from events.models import Event
from osint.bundle import arrivals_admin, export
from osint.bundle.applying import Stale
from osint.bundle.leaving import Cut
from osint.bundle.models import Arrival
from tests import factories as make

pytestmark = pytest.mark.django_db
ADD = "/admin/bundle/arrival/add/"
THERE = {"summary_en": "Changed there.", "summary_ar": "تغير هناك."}
HERE = {"summary_en": "Changed here.", "summary_ar": "تغير هنا."}


def change(**values):
    """The event, changed by a person."""
    event = Event.objects.get()
    for name, value in values.items():
        setattr(event, name, value)
    event.save()


@pytest.fixture
def plan(client, edith, settings, tmp_path):
    """The address and the page of a plan in which two fields of an event are to be decided."""
    settings.DATA_DIR = tmp_path / "data"
    make.make_whole_event()
    path = tmp_path / "bundle.zip"
    with transaction.atomic():
        change(**THERE)
        export.cut(export.Export(Cut(mark="RED")), path, as_folder=False)
        transaction.set_rollback(True)
    change(**HERE)
    client.force_login(edith)
    file = SimpleUploadedFile("bundle.zip", path.read_bytes())
    address = client.post(ADD, {"file": file, "unsigned": "on"}).url
    return address, client.get(address)


def form(page, **choices):
    """What the form sends where this is chosen, field by field of the event."""
    sent = {"digest": page.context["plan"].digest}
    for item in page.context["conflicts"]:
        unit = item["name"].rpartition(" ")[2]
        sent[item["name"]] = f"{choices.get(unit, item['choice'])} {item['fingerprint']}"
    return sent


def chosen(page):
    """What is chosen on the page, field by field of the event."""
    return {item["name"].rpartition(" ")[2]: item["choice"] for item in page.context["conflicts"]}


def test_decisions_stay_chosen_where_the_plan_is_another_one_by_now(client, plan):
    address, page = plan
    assert chosen(page) == {"summary_en": "leave", "summary_ar": "leave"}
    make.make_citation(event=Event.objects.get(), report=make.make_report())
    Event.objects.get().placements.get().delete()
    page = client.post(address, form(page, summary_en="mine", summary_ar="theirs"))
    assert page.status_code == 409
    assert chosen(page) == {"summary_en": "mine", "summary_ar": "theirs"}
    assert len(re.findall('value="mine [0-9a-f]+" checked', page.content.decode())) == 1
    assert not Arrival.objects.exists()
    client.post(address, form(page))
    assert (Event.objects.get().summary_en, Event.objects.get().summary_ar) == ("Changed here.", "تغير هناك.")


def test_a_decision_on_another_value_is_asked_for_again_and_said_to_be(client, plan):
    address, page = plan
    change(summary_en="Changed once more.")
    page = client.post(address, form(page, summary_en="mine", summary_ar="theirs"))
    assert chosen(page) == {"summary_en": "leave", "summary_ar": "theirs"}
    (lost,) = [str(message) for message in page.context["messages"] if "fits no more" in str(message)]
    assert "summary" in lost.lower()
    assert str(Event.objects.get()) in lost


def test_a_decision_on_what_is_the_same_by_now_is_said_to_fit_no_more(client, plan):
    address, page = plan
    change(summary_en=THERE["summary_en"])
    page = client.post(address, form(page, summary_en="theirs"))
    assert chosen(page) == {"summary_ar": "leave"}
    assert sum("fits no more" in str(message) for message in page.context["messages"]) == 1


def test_decisions_stay_chosen_where_somebody_writes_while_it_is_applied(client, plan, monkeypatch):
    def stale(*_args):
        raise Stale("Somebody has changed it.")

    address, page = plan
    monkeypatch.setattr(arrivals_admin, "apply", stale)
    page = client.post(address, form(page, summary_en="mine"))
    assert chosen(page) == {"summary_en": "mine", "summary_ar": "leave"}
    assert not Arrival.objects.exists()


def test_what_nobody_was_shown_is_not_kept(client, plan):
    address, page = plan
    change(summary_en="Changed once more.")
    sent = {name: value.split()[0] for name, value in form(page, summary_ar="mine").items()}
    page = client.post(address, sent | {"choice nothing": "mine", "choice events.event x y": "mine"})
    assert chosen(page) == {"summary_en": "leave", "summary_ar": "leave"}
