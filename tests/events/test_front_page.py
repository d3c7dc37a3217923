"""The front page: the newest events, and those that were asked for."""

import re

import pytest
from django.urls import reverse

from events.choices import Status
from tests.factories import (
    make_event,
    make_published_event,
    make_qasrak,
    make_site,
)
from tests.pages import queries, text

pytestmark = pytest.mark.django_db


@pytest.mark.usefixtures("public")
def test_the_front_page_says_what_this_is_and_lists_the_newest_first(client):
    old = make_published_event(when="2025-10-01")
    new = make_published_event(when="2025-11-12")
    shown = text(client.get("/"))
    assert "each fact with the words it rests on" in shown
    assert shown.index(str(new.reference)) < shown.index(str(old.reference))
    assert "1 report, 1 origin" in shown


@pytest.mark.usefixtures("public")
@pytest.mark.parametrize("words", ["قسرك", "Qasrek", "Kasrak", "قافلة إمداد"])
def test_the_front_page_finds_what_the_api_finds(words, client):
    event, other = make_published_event(), make_event(status=Status.DRAFT)
    shown = text(client.get("/", {"q": words, "type": "", "date_from": ""}))
    assert str(event.reference) in shown
    assert str(other.reference) not in shown


@pytest.mark.usefixtures("public")
def test_a_place_holds_what_lies_within_it(client):
    event = make_published_event()
    elsewhere = make_site(slug="al-raqqa", name_en="al-Raqqa")
    assert make_qasrak().path.startswith("syria/al-hasakah/")
    assert str(event.reference) in text(client.get("/?site=al-hasakah"))
    assert str(event.reference) not in text(client.get(f"/?site={elsewhere.slug}"))


@pytest.mark.usefixtures("public")
@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("?date_from=soon", "“soon” is not a day"),
        ("?date_from=2025-12-01&date_to=2025-11-01", "is after"),
        ("?colour=red", "There is no parameter “colour” here."),
        ("?site=nowhere-land", "There is no site “nowhere-land”."),
    ],
)
def test_a_question_that_cannot_be_understood_is_refused_in_words(query, sentence, client):
    event = make_published_event()
    answer = client.get(f"/{query}")
    assert answer.status_code == 400
    assert sentence in text(answer)
    assert str(event.reference) not in text(answer)


@pytest.mark.usefixtures("public")
@pytest.mark.parametrize("number", ["0", "99", "x", "-1"])
def test_a_page_that_is_not_there_is_the_nearest_one(number, client):
    event = make_published_event()
    assert str(event.reference) in text(client.get("/", {"page": number}))


@pytest.mark.usefixtures("public")
def test_the_pages_of_the_list_hold_every_event_once(client, monkeypatch):
    monkeypatch.setattr("osint.base.pages.PER_PAGE", 2)
    events = {str(make_published_event().reference) for _ in range(5)}
    found = [
        reference
        for number in (1, 2, 3)
        for reference in re.findall(r'href="/events/([^"]+)/"', client.get(f"/?page={number}&type=").content.decode())
    ]
    assert sorted(found) == sorted(events)


@pytest.mark.usefixtures("public")
def test_pages_lead_through_the_first_events_of_a_long_list_and_say_so(client, monkeypatch):
    monkeypatch.setattr("osint.base.pages.PER_PAGE", 2)
    monkeypatch.setattr("osint.base.found.MOST", 4)
    events = [str(make_published_event(when=f"2025-11-{day:02}").reference) for day in range(1, 6)]
    first, last = text(client.get("/")), text(client.get("/?page=99"))
    assert "more than 4 incidents" in first
    assert "page 1 of 2" in first
    assert "Pages go no further" not in first
    assert "Pages go no further" in last
    assert events[0] not in last  # the fifth
    assert events[1] in last
    assert "2 incidents" in text(client.get("/?date_to=2025-11-02"))


@pytest.mark.usefixtures("public")
def test_what_may_have_happened_within_long_spans_is_listed_in_its_place(client, monkeypatch):
    monkeypatch.setattr("osint.base.pages.PER_PAGE", 1)
    spans = [make_published_event(when=when) for when in ("2025-11-02", "2025-08/2025-12", "2025-10")]
    expected = [str(event.reference) for event in (spans[1], spans[0], spans[2])]
    for question in ("date_from=2025-10-05&date_to=2025-11-30&", ""):
        shown = [
            re.findall(r'href="/events/([^"]+)/"', client.get(f"/?{question}page={n}").content.decode())
            for n in (1, 2, 3)
        ]
        assert [one for page in shown for one in page] == expected


@pytest.mark.one_engine
@pytest.mark.usefixtures("public")
def test_front_page_and_report_ask_as_often_for_ten_events_as_for_one(client, django_assert_num_queries):
    report = make_published_event().citations.get().report
    addresses = ["/", reverse("report", args=[report.uuid])]
    once = [queries(client, address) for address in addresses]
    for _ in range(9):
        make_published_event(report=report)
        make_published_event()
    for address, number in zip(addresses, once, strict=True):
        with django_assert_num_queries(number):
            client.get(address)
