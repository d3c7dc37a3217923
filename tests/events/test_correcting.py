"""Incident 3 of the demonstration, corrected from 25 to 30 trucks on the third report, and set back: by both doors."""

from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from events import provenance, workflow
from events.models import Citation, Claim, Correction, Event
from osint.history import past
from osint.history.models import Entry
from osint.history.verify import faults
from tests.kit.forms import errors, filled, send
from tests.kit.shelf import load
from tests.pages import page_of, text
from tests.rest import API, given
from tests.rest import client as program

# Doors that both engines know from tests of each: this is the way through all of them.
pytestmark = [pytest.mark.django_db, pytest.mark.one_engine]

REASON = "The network counted the trucks one by one."
BACK = "The count was of another convoy."
THIRTY = "نحو 30 شاحنة"


@pytest.fixture
def incident(public: None) -> Event:
    """The convoy of 12 November 2025, of which two reports say 25 trucks and the third says 30."""
    load("taxonomy", "gazetteer", "actors", "sources", "demo")
    return Event.objects.get(uuid="e68233ae-2592-57bd-88ce-3154ed057561")


def third(incident: Event) -> Citation:
    """The third report's part in it."""
    return list(incident.citations.order_by("pk"))[2]


def trucks(incident: Event) -> list[int | None]:
    return [count.best for count in incident.counts.all()]


def numbers() -> list[Any]:
    """What the reports say of the trucks, to the last column that they say it in."""
    said = Claim.objects.filter(citation__event__summary_en__contains="convoy of about", facet="how_many")
    return list(said.order_by("pk").values_list("uuid", "best", "qualifier", "phrase", "quote", "start", "end"))


def rfc(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def by_admin(incident: Event, edith: Any, desk: Client) -> None:
    """Accept what the third report says, then correct the number on its word."""
    desk.force_login(edith)
    citation = third(incident)
    page = reverse("admin:events_citation_change", args=[citation.pk])
    row = list(citation.claims.values_list("facet", flat=True)).index("how_many")
    answer = desk.post(page, filled(desk, page, **{f"claims__{row}__standing": "accepted"}))
    assert answer.status_code == 302, errors(answer)
    form = reverse("admin:events_event_change", args=[incident.pk]) + f"?report={citation.report_id}"
    answer = send(desk, form, counts__0__best=30, counts__0__phrase=THIRTY, correction_reason=REASON)
    assert answer.status_code == 302, errors(answer)


def by_rest(incident: Event, edith: Any, _desk: Client) -> None:
    """The same by the API."""
    citation = third(incident)
    claim = citation.claims.get(facet="how_many")
    given(program(edith).patch(f"{API}/claims/{claim.uuid}/", {"standing": "accepted"}, format="json"))
    address = f"{API}/events/{incident.uuid}/"
    [row] = given(program(edith).get(address))["counts"]
    sent = {"counts": [row | {"best": 30, "phrase": THIRTY}], "correction_reason": REASON}
    sent |= {"correction_report": str(citation.report.uuid)}
    given(program(edith).patch(address, sent, format="json"))


def revert_by_admin(incident: Event, edith: Any, desk: Client, seq: int) -> None:
    """The button of the history page."""
    desk.force_login(edith)
    page = reverse("admin:events_event_history", args=[incident.pk])
    assert "Revert this change" in text(desk.get(page))
    answer = desk.post(page, {"seq": seq, "reason": BACK}, follow=True)
    assert "The change is reverted." in text(answer)


def revert_by_rest(_incident: Event, edith: Any, _desk: Client, seq: int) -> None:
    """The action of the API."""
    answer = given(program(edith).post(f"{API}/history/{seq}/revert/", {"reason": BACK}, format="json"))
    assert answer["kept"] == ["What belongs to what was published stays: correction."]


@pytest.mark.parametrize(("correct", "set_back"), [(by_admin, revert_by_admin), (by_rest, revert_by_rest)])
def test_25_becomes_30_in_public_and_25_again_and_the_history_has_all_of_it(
    incident, edith, client: Client, correct, set_back
):
    desk, said, before = client, numbers(), timezone.now()
    correct(incident, edith, desk)
    desk.logout()

    assert trucks(incident) == [30]
    assert numbers() == said, "claims stay as they were"
    differing = [claim for claim in provenance.differing(workflow.whole(incident)) if claim.facet == "how_many"]
    assert {claim.best for claim in differing} == {25}
    assert first(incident).pk in {claim.citation_id for claim in differing}

    correction = Correction.objects.get()
    assert (correction.reason, correction.made_by, correction.report) == (REASON, edith, third(incident).report)
    [public] = desk.get(f"{API}/corrections/").json()["results"]
    assert (public["before"]["how_many"][0]["best"], public["after"]["how_many"][0]["best"]) == (25, 30)
    page = text(desk.get(page_of(incident)))
    assert REASON in page
    assert "says otherwise: about 25 trucks" in page

    then = desk.get(f"{API}/events/{incident.uuid}/?as_of={rfc(before)}").json()
    assert (then["counts"][0]["best"], then["as_of"]) == (25, rfc(before))
    old = text(desk.get(f"{page_of(incident)}?as_of={rfc(before)}"))
    assert "A past state" in old
    assert "about 25 trucks" in old
    assert REASON not in old, "a correction made later is not listed"

    change = Entry.objects.get(model="events.count", action="change")
    assert (change.by, change.door) == (edith, "admin" if correct is by_admin else "api")
    set_back(incident, edith, desk, change.seq)
    desk.logout()
    assert trucks(incident) == [25]
    assert numbers() == said
    assert Correction.objects.count() == 2
    assert [row["reason"] for row in desk.get(f"{API}/corrections/").json()["results"]] == [BACK, REASON]
    between = desk.get(f"{API}/events/{incident.uuid}/?as_of={rfc(change.at)}").json()
    assert between["counts"][0]["best"] == 30

    bests = [
        past.whole_at(Event, incident.pk, seq) for seq in (change.seq - 1, change.seq, past.last_by(timezone.now()))
    ]
    assert [next(iter(state[type(incident.counts.get())].values()))["best"] for state in bests] == [25, 30, 25]
    assert list(faults()) == []


def first(incident: Event) -> Citation:
    """The first report's part in it."""
    return next(iter(incident.citations.order_by("pk")))
