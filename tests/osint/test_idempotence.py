"""A record is made once, however often the request that makes it arrives."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from events.models import Event
from sources.models import Report, Source
from tests import rest
from tests.factories import make_event, make_event_type, make_report, make_source

pytestmark = pytest.mark.django_db
KEY: Any = {"HTTP_IDEMPOTENCY_KEY": "8f0c1a52-6a6f-4b6e-9d0a-3f8f5a1c2b4d"}


def event() -> dict[str, str]:
    return {"type": make_event_type().slug, "when": "2025-11-12", "summary_en": "A convoy arrived."}


def test_the_same_attempt_makes_one_event_and_is_answered_alike(alice):
    body, door = event(), rest.client(alice)
    first = door.post(f"{rest.API}/events/", body, **KEY)
    again = door.post(f"{rest.API}/events/", body, **KEY)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert first.headers["ETag"] == again.headers["ETag"]
    assert Event.objects.count() == 1


def test_an_attempt_that_was_refused_can_be_made_again(alice):
    body, door = event(), rest.client(alice)
    rest.refused(door.post(f"{rest.API}/events/", body | {"summary_en": ""}, **KEY), "Sum the event up")
    rest.given(door.post(f"{rest.API}/events/", body, **KEY), 201)


def test_the_same_key_of_somebody_else_is_another_attempt(alice, edith):
    body = event()
    for person in (alice, edith):
        rest.given(rest.client(person).post(f"{rest.API}/events/", body, **KEY), 201)
    assert Event.objects.count() == 2


def test_what_is_sent_under_two_keys_has_short_references_still(alice):
    body, door = event(), rest.client(alice)
    for key in ("one", "two"):
        rest.given(door.post(f"{rest.API}/events/", body, HTTP_IDEMPOTENCY_KEY=key), 201)
    assert {len(event.reference or "") for event in Event.objects.all()} == {len("SY-2025-4F7KQ2")}


def test_the_same_key_serves_for_records_of_two_kinds(alice):
    rest.given(rest.client(alice).post(f"{rest.API}/events/", event(), **KEY), 201)
    body = {"source": make_source().slug, "title": "t", "text": "t", "published_on": "2025-11-15"}
    rest.given(rest.client(alice).post(f"{rest.API}/reports/", body, **KEY), 201)
    assert Report.objects.count() == 1


def test_what_was_hidden_meanwhile_is_not_shown_again(alice, edith):
    body, door = event(), rest.client(alice)
    rest.given(door.post(f"{rest.API}/events/", body, **KEY), 201)
    Event.objects.update(tlp="RED", created_by=edith)
    rest.refused(door.post(f"{rest.API}/events/", body, **KEY), "UUID")


def test_another_request_under_a_key_that_was_used_is_refused_and_named(alice):
    body, door = event(), rest.client(alice)
    made = rest.given(door.post(f"{rest.API}/events/", body, **KEY), 201)
    answer = door.post(f"{rest.API}/events/", body | {"summary_en": "Another convoy."}, **KEY)
    assert answer.status_code == 409
    rest.refused(answer, made["uuid"], "another key", status=409)
    assert Event.objects.count() == 1


@pytest.mark.parametrize("name", ["comments", "event-judgements", "passage-notes", "cues"])
def test_records_of_every_kind_are_made_once(edith, name):
    first, second, report = make_event(), make_event(), make_report(text="Nothing happened today.")
    bodies: dict[str, dict[str, Any]] = {
        "comments": {"event": str(first.uuid), "text": "Which bridge?"},
        "event-judgements": {"first": str(first.uuid), "second": str(second.uuid), "verdict": "unsure", "reason": "r"},
        "passage-notes": {"report": str(report.uuid), "kind": "nothing", "quote": "Nothing happened"},
        "cues": {"kind": "ignore", "text": "according to", "language": "en"},
    }
    address, door = f"{rest.API}/{name}/", rest.client(edith)
    made = rest.given(door.post(address, bodies[name], **KEY), 201)
    assert rest.given(door.post(address, bodies[name], **KEY)) == made
    assert rest.given(door.get(address, {"count": "true"}))["count"] == 1


def test_the_order_and_the_spacing_of_a_body_are_no_other_request(alice):
    body, door = event(), rest.client(alice)
    rest.given(door.post(f"{rest.API}/events/", body, **KEY), 201)
    written = json.dumps(dict(reversed(body.items())), indent=2)
    rest.given(door.post(f"{rest.API}/events/", written, content_type="application/json", **KEY))
    assert Event.objects.count() == 1


def test_of_a_file_its_bytes_decide(alice, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    report, door = str(make_report().uuid), rest.client(alice)

    def sent(content: bytes) -> Any:
        body = {"report": report, "file": SimpleUploadedFile("page.pdf", content)}
        return door.post(f"{rest.API}/attachments/", body, format="multipart", **KEY)

    assert [sent(b"%PDF-1.7 a").status_code, sent(b"%PDF-1.7 a").status_code] == [201, 200]
    rest.refused(sent(b"%PDF-1.7 b"), "another key", status=409)


def test_a_key_that_is_too_long_is_refused_by_name(alice):
    answer = rest.client(alice).post(f"{rest.API}/events/", event(), HTTP_IDEMPOTENCY_KEY="k" * 101)
    rest.refused(answer, "Idempotency-Key", "101")


def test_records_with_a_slug_have_their_own_identity(edith):
    body = {"slug": "khabur", "name_en": "Khabur", "kind": "outlet", "reliability": "C", "reliability_reason": "r"}
    door = rest.client(edith)
    rest.given(door.post(f"{rest.API}/sources/", body, **KEY), 201)
    rest.refused(door.post(f"{rest.API}/sources/", body, **KEY), "slug")
    assert Source.objects.count() == 1


def test_without_a_key_each_request_makes_its_own(alice):
    body, door = event(), rest.client(alice)
    for _time in range(2):
        rest.given(door.post(f"{rest.API}/events/", body), 201)
    assert Event.objects.count() == 2
    assert make_report()
