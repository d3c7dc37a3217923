"""A question that is asked again is not put together again, and is answered as if it were."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events import plans
from events.choices import LinkKind, Status
from events.stored import documents
from sources.choices import Tlp
from tests import factories as make
from tests.rest import API, client

EVENTS = f"{API}/events/"


@pytest.fixture
def public(settings: Any, db: None) -> Any:
    """The public at the door."""
    settings.PUBLIC_API = True
    return client()


def found(door: Any, **asked: Any) -> list[str]:
    """What a question finds."""
    answer = door.get(EVENTS, asked)
    assert answer.status_code == 200, answer.content
    return [event["uuid"] for event in answer.json()["results"]]


def events(number: int, **overrides: Any) -> list[Any]:
    """Published events, the newest first, whose documents are written."""
    made = [make.make_published_event(when=f"2025-11-{day:02}", **overrides) for day in range(1, number + 1)]
    documents.fill([event.pk for event in made])
    return made[::-1]


def test_a_question_asked_again_takes_one_statement_beside_its_tag(public, django_assert_num_queries):
    [event] = events(1)
    site = event.placements.get().site
    asked = {"site": site.slug, "date_from": "2025-01-01"}
    first = found(public, **asked)
    with django_assert_num_queries(2):
        assert found(public, **asked) == first == [str(event.uuid)]
    with django_assert_num_queries(2):
        assert found(public, date_from="2025-01-01", fields="uuid", site=site.slug) == first


def test_what_it_finds_is_never_kept(public):
    events(1)
    assert len(found(public, type="convoy-arrival")) == 1
    [other] = events(1)
    assert len(found(public, type="convoy-arrival")) == 2
    other.tlp = Tlp.RED
    other.save()
    assert len(found(public, type="convoy-arrival")) == 1


def test_a_question_is_put_together_anew_when_what_it_names_is_something_else(public):
    [event] = events(1)
    site, actor = event.placements.get().site, event.involvements.get().actor
    questions = [
        {"site": make.make_site(slug="north").slug},
        {"bbox": "50,36,51,37"},
        {"actor": make.make_actor(slug="army").slug, "actor_tree": "true"},
        {"q": "Zamburak"},
    ]
    for _twice in range(2):
        assert [found(public, **asked) for asked in questions] == [[]] * 4
    site.parent, site.latitude, site.longitude, site.precision_m = type(site).objects.get(slug="north"), 36.5, 50.5, 100
    site.save()
    make.make_actor_link(actor=actor, other=type(actor).objects.get(slug="army"), kind=LinkKind.MEMBER_OF, when="")
    make.make_site_name(site=site, text="Zamburak", language="en")
    assert [found(public, **asked) for asked in questions] == [[str(event.uuid)]] * 4
    site.slug = "renamed"
    site.save()
    assert found(public, site="renamed") == [str(event.uuid)]
    assert public.get(EVENTS, {"site": site.slug}).status_code == 200
    assert public.get(EVENTS, {"site": "qasrak-base"}).status_code == 400


def test_each_reader_is_answered_by_what_she_may_see(public, alice, victor):
    [event] = events(1)
    draft = make.make_event(when="2025-11-09", type=event.type)
    amber = make.make_published_event(when="2025-11-08", tlp=Tlp.AMBER)
    asked = {"type": event.type.slug}
    for _twice in range(2):
        assert found(public, **asked) == [str(event.uuid)]
        assert found(client(victor), **asked) == [str(amber.uuid), str(event.uuid)]
        assert found(client(alice), **asked) == [str(draft.uuid), str(amber.uuid), str(event.uuid)]
        assert found(client(alice), **asked, status=Status.DRAFT) == [str(draft.uuid)]


@pytest.mark.parametrize("ordering", ["newest", "oldest"])
def test_pages_by_kept_questions_lead_through_the_same_rows(public, ordering):
    found = events(7)
    actor, expected = found[0].involvements.get().actor.slug, [str(event.uuid) for event in found]
    expected = expected if ordering == "newest" else expected[::-1]
    for _twice in range(2):
        assert walked(public, "next", ordering=ordering, date_to="2025-12-31") == expected
        assert walked(public, "next", ordering=ordering) == expected
    # By no list of what stands where, by one, and by two.
    for asked in ({}, {"type": "convoy-arrival"}, {"type": "convoy-arrival", "actor": actor, "date_to": "2025-12-31"}):
        answer = public.get(EVENTS, asked | {"ordering": ordering, "page_size": 3, "count": "true"}).json()
        assert answer["count"] == 7
        last = public.get(public.get(answer["next"]).json()["next"]).json()
        assert [event["uuid"] for event in last["results"]] == expected[6:]
        assert [event["uuid"] for event in public.get(last["previous"]).json()["results"]] == expected[3:6]


def walked(door: Any, way: str, **asked: Any) -> list[str]:
    """What all pages have, one after the other."""
    seen, answer = [], door.get(EVENTS, asked | {"page_size": 2}).json()
    while True:
        seen += [event["uuid"] for event in answer["results"]]
        if not answer[way]:
            return seen
        answer = door.get(answer[way]).json()


@pytest.mark.engine("sqlite")
def test_sqlite_reads_a_list_of_what_stands_where_from_its_new_end(public):
    [event] = events(1)
    asked = {"type": event.type.slug, "site": event.placements.get().site.slug, "date_to": "2025-12-31"}
    with CaptureQueriesContext(connection) as queries:
        assert found(public, **asked) == [str(event.uuid)]
    steps = plan_of(queries[-1]["sql"])
    # Each part is found in its order; only its page is sorted, with its documents.
    parts = [step for step in steps if "SCAN part" in step or "TEMP B-TREE" in step]
    assert parts == ["SCAN part0", "SCAN part1", "USE TEMP B-TREE FOR ORDER BY"]


@pytest.mark.engine("sqlite")
def test_sqlite_looks_for_what_spans_long_among_that_alone(public):
    events(1)
    with CaptureQueriesContext(connection) as queries:
        assert found(public, date_to="2025-11-30")
    assert any("events_event_long" in step for step in plan_of(queries[-1]["sql"]))


def plan_of(statement: str) -> list[str]:
    """How SQLite answers a statement, step by step."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {statement.replace('%', '%%')}")
        return [row[-1] for row in cursor.fetchall()]


def test_a_question_that_nothing_answers_is_kept_too(public, django_assert_num_queries):
    events(1)
    other = make.make_site()
    assert found(public, site=other.slug, site_empty="false") == []
    with django_assert_num_queries(2):
        assert found(public, site=other.slug, site_empty="false") == []


def test_few_pages_of_a_question_and_no_very_long_ones_are_kept(public):
    events(2)
    plans.of.kept.cache_clear()
    for size in range(1, plans.SHAPES + 3):
        assert len(found(public, page_size=size)) == min(size, 2)
    assert plans.of.kept.cache_info().currsize == 1
    long = plans.Statement("x" * (plans.LONGEST + 1), ())
    assert not long.is_short
    assert plans.Statement("x", (1, "y")).is_short


def test_where_names_were_never_counted_nothing_is_kept():
    assert plans.of("", ("a question",)) is not plans.of("", ("a question",))
    assert plans.of("1", ("a question",)) is plans.of("1", ("a question",))
