"""The benchmark's short form: on a small generated database the three servers give the same answers."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks import beside, slow
from benchmarks.floor.app import AsBytes, Floor
from benchmarks.generate import load
from benchmarks.questions import API, Deep, Question, every
from events import provenance
from events.models import Citation, Claim, Count, Event, Involvement, Placement
from sources.models import Relay, Report

SIZE = 300
FILLED: list[Any] = [Report, Relay, Event, Placement, Involvement, Count, Citation, Claim]


@pytest.fixture(scope="module")
def generated(django_db_setup, django_db_blocker) -> Iterator[None]:
    """A small generated database, gone when the tests of this file are done."""
    with django_db_blocker.unblock(), transaction.atomic():
        load.fill(SIZE)
        beside.fill()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def public(generated, db, settings) -> Client:
    settings.PUBLIC_API = True
    return Client()


@pytest.fixture
def floor(generated, db) -> Floor:
    is_lite = connection.vendor == "sqlite"
    if not is_lite:
        connection.connection.adapters.register_loader("json", AsBytes)
    return Floor(connection.connection, is_lite=is_lite)


def asked(floor: Floor, address: str) -> bytes:
    parts = urlsplit(address)
    return b"".join(floor({"PATH_INFO": parts.path, "QUERY_STRING": parts.query}, lambda *_told: None))


def questions(client: Client) -> list[Question]:
    first = client.get(API)
    told = json.loads(first.content)
    deep = told["results"][-1]["uuid"]
    newest = Event.objects.get(uuid=deep).newest
    ways = Deep(100, told["next"], f"/page?below={newest}", "/events/?page=2")
    linked = Event.objects.filter(shelf=10).order_by("-duplicates", "-is_aggregate", "pk")
    references = [str(event.reference) for event in linked[:5]]
    return every(ways, references[1:], references[:1], first.headers["ETag"])


def body(response) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_floor_and_api_give_the_same(public, floor):
    for question in questions(public):
        if question.headers is not None:
            assert public.get(question.ours[0], headers=question.headers).status_code == 304
            continue
        for ours, theirs in zip(question.ours, question.floor, strict=True):
            found = question.compare(body(public.get(ours)))
            assert found or question.name == "Q5 rare", question.name
            assert question.compare(asked(floor, theirs)) == found, question.name


def test_plain_rest_framework_and_api_give_the_same(public, settings):
    asked_of_plain = [
        (question, question.compare(body(public.get(question.ours[0]))), question.plain[0])
        for question in questions(public)
        # Its box asks for points alone, and its table has other columns.
        if question.headers is None and question.name not in {"Q4", "Q8 CSV"}
    ]
    settings.ROOT_URLCONF = "benchmarks.plain.urls"
    for question, found, plain in asked_of_plain:
        assert question.compare(body(public.get(plain))) == found, question.name


def test_every_parameter_and_statistic_takes_a_few_queries(public):
    """What “make drill-slow” times at any size; here, that nothing is asked event by event."""
    taken = {}
    asked_of = [(slow.EVENTS, question) for _name, question in slow.alone()]
    asked_of += [(f"{slow.EVENTS}stats/", {"by": by}) for by in (*slow.DIMENSIONS, "actor,month", "source,origins")]
    for path, question in asked_of:
        with CaptureQueriesContext(connection) as queries:
            assert public.get(path, question).status_code == 200, question
        taken[str(question)] = len(queries)
    assert max(taken.values()) <= 12, {told: number for told, number in taken.items() if number > 12}


def test_generated_records_are_right(generated, db):
    for model in FILLED:
        for record in model.objects.order_by("?")[:12]:
            stored = dict(vars(record))
            record.full_clean()
            derived = {name: stored[name] for name in record.worked_out() if name in stored}
            assert {name: getattr(record, name) for name in derived} == derived, record
    published = Event.objects.filter(status="published").with_evidence()
    assert [provenance.missing(event) for event in published[:40]] == [[]] * 40
