"""Two requests under one key at the very same instant: one makes its record, the other one finds it."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest
from django.db import connection, connections, transaction

from events.api import EventViewSet
from events.models import Event
from osint.base.idempotence import Attempt
from tests import rest
from tests.factories import make_event_type, make_user

KEY: Any = {"HTTP_IDEMPOTENCY_KEY": "8f0c1a52-6a6f-4b6e-9d0a-3f8f5a1c2b4d"}
EVENTS = f"{rest.API}/events/"
AT_ONCE = 1.0  # seconds within which the other one would be as far, if nothing held it

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def bodies(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, str]]:
    """Two events; whoever has looked, and is about to make one, waits until the other one is as far."""
    meeting, make = Barrier(2), EventViewSet.make

    def meet(self: Any, *args: Any) -> Any:
        with suppress(BrokenBarrierError):
            meeting.wait(AT_ONCE)
        return make(self, *args)

    monkeypatch.setattr(EventViewSet, "make", meet)
    kind = make_event_type().slug
    return [
        {"type": kind, "when": "2025-11-12", "summary_en": said}
        for said in ("A convoy arrived.", "Another convoy left.")
    ]


def at_once(address: str, bodies: list[Any], **headers: Any) -> list[Any]:
    """The answers to the bodies, which alice sends at the same instant; those that were refused come last."""
    alice = make_user("alice", "Analyst")

    def send(body: Any) -> Any:
        try:
            return rest.client(alice).post(address, body, **headers)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(bodies)) as pool:
        return sorted(pool.map(send, bodies), key=lambda answer: answer.status_code not in {200, 201})


def test_of_two_bodies_one_makes_its_record_and_the_other_is_refused_and_told_which(bodies):
    made, refused = at_once(EVENTS, bodies, **KEY)
    assert made.status_code == 201
    rest.refused(refused, made.json()["uuid"], "another key", status=409)
    assert refused.json()["made"] == str(Event.objects.get().uuid)


def test_one_body_twice_makes_one_record_and_is_answered_with_it(bodies):
    made, again = at_once(EVENTS, bodies[:1] * 2, **KEY)
    assert sorted([made.status_code, again.status_code]) == [200, 201]
    assert made.json() == again.json()
    assert Event.objects.count() == 1


@pytest.mark.parametrize("way", ["", "?atomic=false"])
def test_of_two_lists_one_is_written_and_the_other_refused_row_by_row(bodies, way):
    answers = at_once(f"{EVENTS}bulk/{way}", [[body] for body in bodies], **KEY)
    [made], [refused] = (answer.json()["results"] for answer in answers)
    assert (made["status"], refused["status"]) == (201, 409)
    assert refused["problem"]["made"] == str(Event.objects.get().uuid)


@pytest.mark.parametrize("way", ["", "?atomic=false"])
def test_one_list_twice_is_written_once(bodies, way):
    answers = at_once(f"{EVENTS}bulk/{way}", [bodies] * 2, **KEY)
    results = [answer.json()["results"] for answer in answers]
    for rows in zip(*results, strict=True):
        assert sorted(row["status"] for row in rows) == [200, 201]
    assert Event.objects.count() == 2


def test_two_keys_are_in_nobodys_way(bodies):
    alice = make_user("alice", "Analyst")

    def send(number: int) -> int:
        try:
            door = rest.client(alice)
            return int(door.post(EVENTS, bodies[number], HTTP_IDEMPOTENCY_KEY=str(number)).status_code)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(send, range(2))) == [201, 201]
    assert Event.objects.count() == 2


@pytest.mark.engine("postgresql")  # SQLite has one writer at a time
def test_another_attempt_does_not_wait():
    one, other = Attempt(b"\xff" * 8), Attempt(b"\x00" * 7 + b"\x01")

    def is_free(attempt: Attempt) -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [attempt.number])
            [found] = cursor.fetchone() or [False]
        connections.close_all()
        return bool(found)

    with transaction.atomic(), one.alone(), ThreadPoolExecutor(1) as pool:
        assert list(pool.map(is_free, [one, other])) == [False, True]
