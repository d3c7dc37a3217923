"""What we held on day D: an event as of any moment, by REST and on its page, to whom it was open then and is now."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIRequestFactory

from events import past, workflow
from events.models import Citation, Claim, Correction, Event, Placement
from events.serializers import EventSerializer
from osint.history.past import moment_of
from tests import factories as make
from tests.pages import page_of, text
from tests.rest import API, client, given, refused
from tests.rest import client as given_client

pytestmark = pytest.mark.django_db


def now() -> datetime:
    return timezone.now()


def at(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def told(event: Event, by: Any, moment: datetime | None = None) -> Any:
    """What the API shows of the event, now or as of a moment."""
    query = f"?as_of={at(moment)}" if moment else ""
    return given(client(by).get(f"{API}/events/{event.uuid}/{query}"))


def correct(event: Event, by: Any, best: int, reason: str = "Counted again.") -> None:
    """Hold another number, as the analyst's own judgement."""
    with workflow.changing(event, by, reason):
        count = event.counts.get()
        count.best, count.basis, count.reason = best, "inferred", "From the film."
        count.full_clean()
        count.save()


def test_of_the_past_too_those_fields_are_shown_that_are_asked_for(alice):
    event = make.make_whole_event()
    address = f"{API}/events/{event.uuid}/?as_of={at(now())}"
    assert given(client(alice).get(f"{address}&fields=reference")) == {"reference": event.reference}
    refused(client(alice).get(f"{address}&fields=referrence"), "reference")


def test_at_every_step_the_past_answers_what_the_present_answered_then(alice, edith):
    event = make.make_whole_event()
    seen: list[tuple[datetime, Any]] = []

    def look() -> None:
        seen.append((now(), told(event, alice)))

    look()
    make.make_placement(event=event, site=make.make_site(), role="near", basis="inferred", reason="The map.")
    look()
    Placement.objects.filter(role="near").delete()
    look()
    workflow.submit(event, alice)
    look()
    workflow.publish(event, edith)
    look()
    correct(event, alice, 30)
    look()
    Claim.objects.filter(facet="how_many").update(standing="superseded", standing_reason="Withdrawn by the outlet.")
    look()
    make.make_citation(event=event, report=make.make_report(source=make.make_source()))
    look()
    workflow.retract(event, edith, "The outlet withdrew it.")
    look()
    for moment, answer in seen:
        # Who is behind the reports is asked as of now.
        assert told(event, alice, moment) == answer | {"as_of": at(moment)}
    assert len({answer["version"] for _moment, answer in seen}) == len(seen)


def test_it_takes_as_many_queries_for_much_as_for_little(alice):
    event = make.make_published_event()
    address = f"{API}/events/{event.uuid}/?as_of="

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            given(client(alice).get(address + at(now())))
        return len(found)

    correct(event, alice, 29)  # so that there is one of each kind
    queries()  # what she may do is asked once
    few = queries()
    for best in range(30, 36):
        correct(event, alice, best)
        make.make_claim(citation=make.make_citation(event=event), facet="what")
    assert queries() == few


def test_what_was_merged_by_then_shows_its_evidence(alice, edith):
    event = make.make_published_event()
    twin = make.make_whole_event(report=make.make_outlet_report(), when="2025-11-12")
    alone = now()
    workflow.merge(twin, edith, event, "The same convoy.")
    together = now()
    workflow.unmerge(twin, edith, "Another convoy.")
    assert [len(told(event, alice, moment)["citations"]) for moment in (alone, together, now())] == [1, 2, 1]


def test_parts_are_those_of_then(alice):
    whole = make.make_published_event(is_aggregate=True)
    part = make.make_published_event(part_of=whole)
    attached = now()
    with workflow.changing(part, alice, "It stands alone."):
        Event.objects.filter(pk=part.pk).update(part_of=None)
    assert told(whole, alice, attached)["parts"] == [str(part.uuid)]
    assert told(part, alice, attached)["part_of"] == str(whole.uuid)
    assert told(whole, alice, now())["parts"] == []


def test_what_is_gone_is_named_as_it_was_last(alice):
    event = make.make_event()
    placement = make.make_placement(event=event, site=make.make_site(name_en="Old mill"))
    then, site = now(), placement.site
    placement.delete()
    site.delete()
    assert [row["site"] for row in told(event, alice, then)["placements"]] == [site.slug]
    assert told(event, alice)["placements"] == []


def test_what_agreed_by_where_its_place_lay_agrees_in_the_past(alice):
    qasrak = make.make_qasrak()
    event = make.make_event()
    make.make_placement(event=event, site=qasrak.parent)
    make.make_claim(citation=make.make_citation(event=event), site=qasrak)

    def agrees(moment: datetime | None = None) -> bool:
        [citation] = told(event, alice, moment)["citations"]
        return bool(citation["claims"][0]["agrees"])

    then = now()
    assert agrees()
    qasrak.parent = None
    qasrak.save()
    assert [agrees(), agrees(then)] == [False, True]


# Who sees it


def test_readers_see_of_the_past_what_was_open_to_them_then_and_is_now(victor, alice, edith, public):
    event = make.make_whole_event()
    draft = now()
    workflow.publish(event, edith)
    published = now()
    with workflow.changing(event, alice, "Marked."):
        Event.objects.filter(pk=event.pk).update(tlp="AMBER")
    marked = now()
    with workflow.changing(event, alice, "Open again."):
        Event.objects.filter(pk=event.pk).update(tlp="CLEAR")
    again = now()
    address = f"{API}/events/{event.uuid}/?as_of="
    seen = {
        person: [client(by).get(address + at(moment)).status_code for moment in (draft, published, marked, again)]
        for person, by in (("nobody", None), ("viewer", victor), ("analyst", alice))
    }
    assert seen == {"nobody": [404, 200, 404, 200], "viewer": [404, 200, 200, 200], "analyst": [200, 200, 200, 200]}
    with workflow.changing(event, alice, "Marked for good."):
        Event.objects.filter(pk=event.pk).update(tlp="AMBER+STRICT")
    assert client(victor).get(address + at(published)).status_code == 404, "what is hidden now is hidden altogether"
    hidden = refused(client(victor).get(address + at(published)), status=404)
    missing = f"{API}/events/0f0f0f0f-0f0f-4f0f-8f0f-0f0f0f0f0f0f/?as_of={at(published)}"
    assert refused(client(victor).get(missing), status=404) == hidden


def test_the_past_of_a_merged_event_is_open_where_the_present_leads_on(alice, edith, client: Client):
    program = given_client(alice)
    event, other = make.make_whole_event(), make.make_published_event()
    then = now()
    workflow.merge(event, edith, other, "The same convoy.")
    address = f"{API}/events/{event.uuid}/"
    assert [program.get(address).status_code, program.get(f"{address}?as_of={at(then)}").status_code] == [301, 200]
    Event.objects.filter(pk=other.pk).update(tlp="RED")
    client.force_login(alice)
    for query in ("", f"?as_of={at(then)}", "?as_of=nonsense"):
        assert program.get(address + query).status_code == 404
        assert client.get(page_of(event) + query).status_code == 404


def test_a_report_that_was_hidden_then_or_is_now_is_withheld_in_the_past(victor, alice):
    event = make.make_published_event()
    report = event.citations.get().report
    report.tlp = "RED"
    report.save()
    red = now()
    report.tlp = "CLEAR"
    report.save()
    clear = now()
    [citation] = told(event, victor, clear)["citations"]
    assert citation["report"]["uuid"] == str(report.uuid)
    [citation] = told(event, victor, red)["citations"]
    assert (citation["withheld"], citation["report"]) == (True, None)
    assert {claim["quote"] for claim in citation["claims"]} == {""}
    assert {claim["agrees"] for claim in citation["claims"]} == {True}
    report.tlp = "RED"
    report.save()
    [citation] = told(event, victor, clear)["citations"]
    assert citation["withheld"] is True


def test_red_was_and_is_for_who_entered_it(alice, edith):
    other = make.make_user("olga")
    event = make.make_event(created_by=alice, tlp="RED")
    then = now()
    Event.objects.filter(pk=event.pk).update(tlp="CLEAR")
    assert told(event, alice, then)["tlp"] == "RED"
    address = f"{API}/events/{event.uuid}/?as_of={at(then)}"
    assert [client(by).get(address).status_code for by in (other, edith)] == [404, 200]


# The moment


def test_a_day_means_its_end_in_utc():
    assert moment_of("2025-11-20") == datetime(2025, 11, 20, 23, 59, 59, 999999, UTC)
    assert moment_of("2025-11-20T10:00:00+02:00") == datetime(2025, 11, 20, 8, tzinfo=UTC)
    assert moment_of("2025-11-20t10:00:00.5z") == datetime(2025, 11, 20, 10, 0, 0, 500000, UTC)


WRONG = {
    "yesterday": "no moment",
    "2025-02-30": "no moment",
    "2025-11": "no moment",
    "20251120": "no moment",
    "2025-11-20T10:00:00": "no moment",
    "2025-11-20T25:00:00Z": "no moment",
    "0001-01-01T00:00:00+14:00": "no moment",
    "٢٠٢٥-١١-٢٠": "no moment",
    "2999-01-01": "not over yet",
    "9999-12-31T23:59:59-14:00": "no moment",
}


@pytest.mark.parametrize(("value", "words"), WRONG.items())
def test_anything_else_is_refused_by_name(value, words, alice, client: Client):
    event = make.make_published_event()
    with pytest.raises(ValidationError, match=words):
        moment_of(value)
    client.force_login(alice)
    for address in (f"{API}/events/{event.uuid}/", page_of(event)):
        answer = client.get(address, {"as_of": value})
        assert answer.status_code == 400
        assert "as_of" in answer.content.decode()
        assert words in answer.content.decode()


def test_today_is_not_over_and_a_day_before_the_event_answers_like_missing(alice):
    event = make.make_published_event()
    today = f"{now():%Y-%m-%d}"
    refused(client(alice).get(f"{API}/events/{event.uuid}/?as_of={today}"), "not over yet")
    yesterday = f"{now() - timedelta(days=1):%Y-%m-%d}"
    missing = f"{API}/events/0f0f0f0f-0f0f-4f0f-8f0f-0f0f0f0f0f0f/"
    early = refused(client(alice).get(f"{API}/events/{event.uuid}/?as_of={yesterday}"), status=404)
    assert early == refused(client(alice).get(missing), status=404)


@pytest.mark.parametrize("address", ["sites", "reports", "corrections"])
def test_a_list_knows_no_past(address, alice):
    refused(client(alice).get(f"{API}/{address}/?as_of=2025-11-20"), "as_of", "There is no parameter")


# The page


def test_the_page_says_plainly_that_it_shows_the_past_and_leads_back(victor, alice, client: Client):
    event = make.make_published_event()
    version, then = Event.objects.get().version, now()
    correct(event, alice, 30, "The film shows thirty.")
    client.force_login(victor)
    page = text(client.get(page_of(event)))
    assert "A past state" not in page
    assert "The film shows thirty." in page
    shown = client.get(page_of(event), {"as_of": at(then)})
    page = text(shown)
    assert f"A past state: what was held on {then:%Y-%m-%d %H:%M:%S} UTC (version {version})." in page
    assert "about 25 trucks" in page
    assert "The film shows thirty." not in page
    assert f'href="{page_of(event)}">What we hold now' in shown.content.decode()
    assert client.get(page_of(event), {"as_of": "2020-01-01"}).status_code == 404


def test_corrections_are_those_made_by_then(victor, alice, client: Client):
    event = make.make_published_event()
    correct(event, alice, 30, "Thirty, then.")
    between = now()
    correct(event, alice, 31, "Thirty-one, now.")
    client.force_login(victor)
    page = text(client.get(page_of(event), {"as_of": at(between)}))
    assert "Thirty, then." in page
    assert "Thirty-one, now." not in page
    assert Correction.objects.count() == 2


def test_what_is_missing_in_a_past_draft_is_asked_of_all_its_evidence(alice):
    secret = make.make_outlet_report(tlp="RED")
    event = make.make_whole_event(report=secret, tlp="RED", created_by=alice)
    then = told(event, alice, now())
    assert [citation["withheld"] for citation in then["citations"]] == [True]
    assert then["missing"] == []
    assert Citation.objects.get().report == secret
    found = past.as_of(event, now(), AnonymousUser())
    assert found is None


def test_a_past_event_serializes_without_the_door(alice):
    event = make.make_published_event()
    request: Any = APIRequestFactory().get("/")
    request.user = alice
    found = past.as_of(event, now(), alice)
    assert EventSerializer(found, context={"request": request}).data["reference"] == event.reference
