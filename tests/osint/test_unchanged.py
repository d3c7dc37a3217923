"""What the public was told is told again in the same words, and only as long as it is so."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.db import OperationalError, connection
from django.http import HttpResponse
from django.utils import timezone

from events.models import Document, Event
from events.stored import documents
from osint import unchanged
from osint.base import conditional
from osint.history import editions
from osint.history.models import Edition
from tests import factories as make
from tests.rest import API, client

EVENTS = f"{API}/events/"
LONG_AGO = timedelta(days=9)
LATELY = timezone.now() - timedelta(days=2)


@pytest.fixture
def door(settings: Any, db: None, monkeypatch: Any) -> Any:
    """The public at a door that was told already that the list is what it was; the last change is some time ago."""
    settings.PUBLIC_API = True
    monkeypatch.setattr(conditional, "code_since", lambda: timezone.now() - LONG_AGO)
    monkeypatch.setattr(conditional, "SETTLED", timedelta(0))
    # A test's transaction would be closed with its connection.
    monkeypatch.setattr(connection, "close_if_unusable_or_obsolete", lambda: None)
    draft = make.make_event()
    documents.fill([make.make_published_event().pk])
    Edition.objects.update(at=timezone.now() - LONG_AGO)
    found: Any = client()
    found.handler = remembering(found.handler)
    found.draft = draft
    found.tag = found.get(EVENTS).headers["ETag"]
    assert again(found).status_code == 304
    return found


def remembering(handler: Any) -> Any:
    """A client's handler behind what remembers, which is asked as a server asks it."""

    def usual(sent: Any, start: Any) -> HttpResponse:
        response: HttpResponse = handler(sent)
        start(f"{response.status_code} {response.reason_phrase}", list(response.items()))
        return response

    application = unchanged.Unchanged(usual)

    def ask(sent: Any) -> HttpResponse:
        begun: list[Any] = []
        body = application(sent, lambda status, headers: begun.extend([int(status[:3]), headers]))
        if isinstance(body, HttpResponse):
            return body
        response = HttpResponse(b"".join(body), status=begun[0])
        response.headers = type(response.headers)(begun[1])  # Django would add what was not sent
        response.wsgi_request = WSGIRequest(sent)  # type: ignore[attr-defined]
        return response

    return ask


def again(door: Any, address: str = EVENTS, **more: str) -> Any:
    """The answer to who shows the tag."""
    return door.get(address, headers={"If-None-Match": door.tag} | more)


def is_remembered(monkeypatch: Any, ask: Any) -> bool:
    """Whether the answer comes from memory."""
    told: list[Any] = []
    tell = unchanged.again

    def telling(*one: Any) -> Any:
        told.append(tell(*one))
        return told[-1]

    with monkeypatch.context() as patched:
        patched.setattr(unchanged, "again", telling)
        assert ask().status_code in {200, 304}
    return bool(told and told[-1] is not None)


def test_it_is_told_again_in_the_same_words_by_one_question(door, django_assert_num_queries):
    usual = client().get(EVENTS, headers={"If-None-Match": door.tag})
    with django_assert_num_queries(1):
        found = again(door)
    assert (found.status_code, found.content) == (304, b"")
    assert dict(found.headers) == dict(usual.headers)
    assert found.headers["Content-Security-Policy"]
    assert "Content-Length" not in found.headers  # it would be that of the answer that is not sent
    assert "Accept-Language" in found.headers["Vary"]
    assert door.head(EVENTS, headers={"If-None-Match": f'"other", {door.tag}'}).status_code == 304


def test_it_comes_from_memory_for_who_asks_the_same_and_for_nobody_else(door, monkeypatch):
    assert is_remembered(monkeypatch, lambda: again(door))
    assert not is_remembered(monkeypatch, lambda: again(door, Accept="application/json"))
    assert is_remembered(monkeypatch, lambda: again(door, Accept="application/json"))
    assert again(door, **{"Accept-Language": "ar"}).status_code == 200
    assert again(door, f"{EVENTS}?page_size=9").status_code == 200
    assert again(door, **{"If-None-Match": '"other"'}).status_code == 200
    assert again(door, Accept="text/csv").status_code == 200
    assert door.get(EVENTS).status_code == 200


def test_a_change_that_the_public_sees_ends_it_and_a_hidden_one_does_not(door, monkeypatch):
    door.draft.summary_en = "Nobody knows of this yet."
    door.draft.save()
    Edition.objects.filter(scope=editions.NAMES).update(number=99)
    assert is_remembered(monkeypatch, lambda: again(door))
    make.make_published_event()
    found = again(door)
    assert (found.status_code, len(found.json()["results"])) == (200, 2)


def test_persons_are_told_nothing_from_memory(door, alice):
    someone: Any = client(alice)
    someone.tag = door.tag
    assert again(someone).status_code == 200
    door.cookies["django_language"] = "en"
    assert again(door).status_code == 304
    assert again(door, Authorization="Token nonsense").status_code == 401


def test_what_is_told_from_memory_counts_as_asked(door, settings, monkeypatch):
    settings.THROTTLE_ANONYMOUS = (2, 60)
    assert is_remembered(monkeypatch, lambda: again(door))
    assert is_remembered(monkeypatch, lambda: again(door))
    refused = again(door)
    assert (refused.status_code, refused.headers["Content-Type"]) == (429, "application/problem+json")


def test_an_answer_that_depends_on_more_is_not_remembered(door, monkeypatch):
    varied = conditional.varied

    def more(response: Any) -> Any:
        response.headers["Vary"] = "User-Agent"
        return varied(response)

    monkeypatch.setattr(conditional, "varied", more)
    address = f"{EVENTS}?page_size=3"
    door.tag = door.get(address).headers["ETag"]
    assert not is_remembered(monkeypatch, lambda: again(door, address))
    assert not is_remembered(monkeypatch, lambda: again(door, address))


def test_before_the_moment_is_settled_nothing_is_remembered(door, monkeypatch):
    monkeypatch.setattr(conditional, "SETTLED", LONG_AGO * 2)
    address = f"{EVENTS}?page_size=4"
    door.tag = door.get(address).headers["ETag"]
    assert not is_remembered(monkeypatch, lambda: again(door, address))
    assert not is_remembered(monkeypatch, lambda: again(door, address))


def test_what_the_database_refuses_to_say_is_asked_in_the_usual_way(door, monkeypatch):
    def broken(_tag: Any) -> bool:
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(unchanged, "is_still", broken)
    assert again(door).status_code == 304


@pytest.mark.engine("postgresql")
def test_the_one_question_is_planned_once(door):
    again(door)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%history_edition%'")
        assert cursor.fetchone() == (1,)


# Pages


def test_a_page_is_told_again_with_its_events_read_anew(door, monkeypatch, django_assert_num_queries):
    usual = client().get(EVENTS)
    with django_assert_num_queries(2):
        found = door.get(EVENTS)
    assert (found.status_code, found.content, dict(found.headers)) == (200, usual.content, dict(usual.headers))
    assert is_remembered(monkeypatch, lambda: door.get(EVENTS))
    assert is_remembered(monkeypatch, lambda: again(door, **{"If-None-Match": '"other"'}))


def test_pages_in_both_directions_are_told_again(door, monkeypatch):
    documents.fill([make.make_published_event(when=f"2025-11-0{day}").pk for day in range(1, 6)])
    Edition.objects.update(at=timezone.now() - LONG_AGO)
    first = door.get(EVENTS, {"page_size": 2}).json()
    second = door.get(first["next"]).json()
    for address in (first["next"], second["next"], second["previous"]):
        usual = client().get(address)
        assert not is_remembered(monkeypatch, lambda address=address: client().get(address))
        door.get(address)
        assert is_remembered(monkeypatch, lambda address=address: door.get(address))
        found = door.get(address)
        assert (found.content, found.headers["Link"]) == (usual.content, usual.headers["Link"])


@pytest.mark.parametrize("asked", ["fields=uuid", "count=true", "ordering=updated", "format=csv", "include=evidence"])
def test_what_is_made_of_a_page_besides_is_made_each_time(door, monkeypatch, asked):
    assert door.get(f"{EVENTS}?{asked}").status_code == 200
    assert not is_remembered(monkeypatch, lambda: door.get(f"{EVENTS}?{asked}"))


def test_a_page_whose_events_are_others_by_now_goes_the_usual_way(door, monkeypatch):
    assert is_remembered(monkeypatch, lambda: door.get(EVENTS))
    # As where a change is kept between the two questions: the numbers were read before it.
    event = make.make_published_event()
    Edition.objects.update(at=LATELY, number=7)
    door.get(EVENTS)
    Event.objects.filter(pk=event.pk).update(latest="2025-12-01")
    assert not is_remembered(monkeypatch, lambda: door.get(EVENTS))


def test_a_document_that_is_not_written_yet_is_put_together_for_a_page_told_again(door, monkeypatch):
    usual = door.get(EVENTS).content
    Document.objects.update(brief="", links="")
    assert is_remembered(monkeypatch, lambda: door.get(EVENTS))
    assert door.get(EVENTS).content == usual
