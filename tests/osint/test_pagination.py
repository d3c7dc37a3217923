"""Pages: each row comes once, forwards and backwards, whatever the order, and whatever is entered in between."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.signing import b64_encode
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from osint.base.cursors import Place, opened, sealed
from osint.base.keyset import Order, order_by
from osint.history.models import Entry
from sources.models import Report, Source
from tests import factories as make
from tests.rest import API, client, refused
from tests.rest import given as answered

EVENTS = f"{API}/events/"
FAST = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)
DAYS = st.sampled_from([date(2025, 11, day) for day in (1, 2, 3)])
COLUMNS = ["accessed_on", "published_on", "title", "created_at"]


# The order of rows


@st.composite
def orders(draw: Any) -> list[str]:
    """One to three columns, each up or down; `accessed_on` may be missing."""
    names = draw(st.lists(st.sampled_from([*COLUMNS, "pk"]), min_size=1, max_size=3, unique=True))
    return [draw(st.sampled_from(["", "-"])) + name for name in names]


def reports(draw: Any, source: Source, number: int) -> list[Report]:
    """Reports that are alike in much."""
    moment = datetime(2025, 12, 1, tzinfo=UTC)
    return [
        Report(
            uuid=uuid4(),
            source=source,
            title=draw(st.sampled_from(["a", "b", "ب"])),
            text="Text.",
            published_on=(day := draw(DAYS)),
            accessed_on=draw(st.sampled_from([None, day, date(2025, 12, 1)])),
            created_at=moment + timedelta(microseconds=draw(st.integers(0, 1))),
            changed_at=moment,
        )
        for _number in range(number)
    ]


def walk(order: Order, size: int, place: Place | None, *, back: bool) -> Iterator[list[Report]]:
    """Page after page from a place on, or before it, each in its order."""
    while True:
        rows = list(order.page(Report.objects.all(), place)[:size])
        if not rows:
            return
        yield rows[::-1] if back else rows
        place = travelled(order, Place(order.of(rows[-1]), before=back))


def travelled(order: Order, place: Place) -> Place:
    """The place as it comes back from the address."""
    found = opened(sealed(place, "q"), "q")
    assert found is not None
    values = order.read(found.values)
    assert values == place.values
    return Place(values, found.before, found.including)


@FAST
@given(data=st.data())
def test_a_walk_meets_every_row_once_in_both_directions_while_others_are_entered(db, data):
    Report.objects.all().delete()
    source = Source.objects.first() or make.make_source()
    order = order_by(Report, data.draw(orders()))
    assert order is not None
    size = data.draw(st.integers(1, 4))
    Report.objects.bulk_create(reports(data.draw, source, data.draw(st.integers(0, 8))))
    there = list(order.applied(Report.objects.all()))
    assert list(order.applied(Report.objects.all(), backwards=True)) == there[::-1]

    seen: list[Report] = []
    for page in walk(order, size, None, back=False):
        seen += page
        Report.objects.bulk_create(reports(data.draw, source, data.draw(st.integers(0, 1))) if len(seen) < 12 else [])
    assert len({row.pk for row in seen}) == len(seen)
    assert [row for row in seen if row in there] == there

    whole = list(order.applied(Report.objects.all()))
    if whole:
        end = travelled(order, Place(order.of(whole[-1]), before=True, including=True))
        back = [row for page in list(walk(order, size, end, back=True))[::-1] for row in page]
        assert back == whole
        middle = whole[len(whole) // 2]
        after = order.page(Report.objects.all(), Place(order.of(middle), including=True))
        assert list(after) == whole[len(whole) // 2 :]


def test_one_direction_without_gaps_is_asked_as_one_comparison_of_rows(db, django_assert_num_queries):
    order = order_by(Report, ["-published_on", "-pk"])
    assert order is not None
    place = Place((date(2025, 11, 1), 7))
    asked = str(order.page(Report.objects.all(), place).query)
    assert '"sources_report"."published_on" <= 2025-11-01' in asked
    mixed = order_by(Report, ["-published_on", "pk"])
    assert mixed is not None
    assert " OR " in str(mixed.page(Report.objects.all(), place).query)


def test_an_order_ends_at_a_column_in_which_no_two_rows_are_equal():
    assert str(order_by(Source, ["slug"])) == "slug"
    assert str(order_by(Report, ["-published_on"])) == "-published_on,id"
    assert str(order_by(Report, ["source", "-pk"])) == "source_id,-id"
    assert order_by(Report, ["source__slug"]) is None


# Places as they travel


@pytest.mark.parametrize(
    "place",
    [
        Place((5,)),
        Place((-(2**40),), before=True),
        Place((2**70,), including=True),
        Place((None, "é / ب", 3), before=True, including=True),
    ],
)
def test_a_place_opens_in_its_question_alone(place):
    text = sealed(place, "/events/?type=arrival")
    assert text == sealed(place, "/events/?type=arrival")
    assert opened(text, "/events/?type=arrival") == place
    assert opened(text, "/events/?type=clash") is None
    assert opened(text[:-2] + ("AA" if text[-2:] != "AA" else "BB"), "/events/?type=arrival") is None


def test_a_place_tells_nothing_and_is_short(settings):
    text = sealed(Place((739_567 * 2**40 + 17,)), "q")
    assert len(text) == 34
    assert sealed(Place((739_567 * 2**40 + 18,)), "q")[:8] != text[:8]
    settings.SECRET_KEY = "another" * 10
    assert opened(text, "q") is None


@pytest.mark.parametrize("text", ["", "x", "....", "é", "A" * 3_000, "AAAA", b64_encode(b'["2025"]').decode(), "%00"])
def test_what_is_no_cursor_is_refused_with_the_way_out(alice, text):
    assert opened(text, "q") is None
    if text:
        refused(client(alice).get(EVENTS, {"cursor": text}), '"cursor"', "“next”")


# By REST


def seven(alice: Any) -> list[str]:
    for n in range(7):
        make.make_event(when="2025-11-12" if n % 2 else "2025-11-13")
    return [row["uuid"] for row in answered(client(alice).get(EVENTS))["results"]]


def names(answer: Any) -> list[str]:
    return [row["uuid"] for row in answered(answer)["results"]]


def ways(answer: Any) -> dict[str, str]:
    """What the header `Link` says."""
    told = (part.partition(">; rel=") for part in answer.headers.get("Link", "").split(", ") if part)
    return {rel.strip('"'): address[1:] for address, _between, rel in told}


def test_pages_follow_each_other_without_a_gap_or_a_repetition_there_and_back(alice):
    whole = seven(alice)
    door, address = client(alice), f"{EVENTS}?page_size=3"
    seen: list[list[str]] = []
    while address:
        answer = door.get(address)
        told = ways(answer)
        assert told.get("next") == answered(answer)["next"]
        assert told.get("prev") == answered(answer)["previous"]
        assert ("first" in told) == bool(seen)
        seen.append(names(answer))
        last, address = answer, answered(answer)["next"]
    assert seen == [whole[:3], whole[3:6], whole[6:]]
    assert names(door.get(ways(last)["first"])) == whole[:3]
    middle = door.get(ways(last)["prev"])
    assert names(middle) == whole[3:6]
    assert names(door.get(ways(middle)["next"])) == whole[6:]
    front = door.get(ways(middle)["prev"])
    assert names(front) == whole[:3]
    assert "prev" not in ways(front)


def test_the_size_may_change_on_the_way_and_the_question_may_not(alice):
    whole = seven(alice)
    door = client(alice)
    address = answered(door.get(EVENTS, {"page_size": "3", "date_from": "2025-11-01"}))["next"]
    assert names(door.get(address.replace("page_size=3", "page_size=2") + "&count=true")) == whole[3:5]
    refused(door.get(address.replace("date_from=2025-11-01", "date_from=2025-11-02")), '"cursor"')
    refused(door.get(address.replace("/events/", "/reports/").replace("&date_from=2025-11-01", "")), '"cursor"')


def test_what_comes_in_or_goes_in_between_moves_nothing(alice):
    whole = seven(alice)
    door = client(alice)
    first = door.get(EVENTS, {"page_size": "3"})
    make.make_event(when="2025-11-20")
    second = door.get(ways(first)["next"])
    assert names(second) == whole[3:6]
    for row in answered(door.get(EVENTS))["results"]:
        if row["uuid"] in whole[6:]:
            door.delete(f"{EVENTS}{row['uuid']}/")
    empty = door.get(ways(second)["next"])
    assert names(empty) == []
    assert set(ways(empty)) == {"prev", "first"}
    assert names(door.get(ways(empty)["prev"])) == whole[3:6]


def test_all_are_counted_only_where_that_is_asked_for(alice, django_assert_num_queries):
    seven(alice)
    door = client(alice)
    assert "count" not in answered(door.get(EVENTS))
    assert "count" not in answered(door.get(EVENTS, {"count": "false"}))
    assert answered(door.get(EVENTS, {"count": "true", "page_size": "2"}))["count"] == 7
    assert answered(door.get(EVENTS, {"count": "true", "date_from": "2025-11-13"}))["count"] == 4
    refused(door.get(EVENTS, {"count": "yes"}), '"count"', "true or false")


def test_there_are_no_numbered_pages(alice):
    refused(client(alice).get(EVENTS, {"page": "1"}), '"page"', "There is no parameter", "page_size")


def test_by_relevance_one_reads_only_so_deep(alice, monkeypatch):
    seven(alice)
    monkeypatch.setattr("osint.base.pagination.DEEPEST", 4)
    door = client(alice)
    asked = {"q": "convoy", "ordering": "relevance", "page_size": "2"}
    answer = door.get(EVENTS, asked)
    second = door.get(answered(answer)["next"])
    assert len(answered(second)["results"]) == 2
    refused(door.get(answered(second)["next"]), '"cursor"', "4 rows", "Narrow the question")
    assert names(door.get(answered(second)["previous"])) == names(answer)


@pytest.mark.parametrize("name", ["reports", "sites", "cues", "claims", "history"])
def test_every_list_is_walked_in_its_own_order(alice, name):
    for n in range(3):
        make.make_whole_event()
        make.make_relay(report=Report.objects.first())
        make.make_cue(text=f"word {n}")
    door = client(alice)
    whole = answered(door.get(f"{API}/{name}/?page_size=500"))["results"]
    address, seen = f"{API}/{name}/?page_size={9 if name == 'history' else 2}", []
    while address:
        answer = answered(door.get(address))
        seen += answer["results"]
        address = answer["next"]
    assert seen == whole
    if name == "history":
        assert len(whole) == Entry.objects.count()
