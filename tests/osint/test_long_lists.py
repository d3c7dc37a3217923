"""Lists of the admin, however long their tables are: what is counted and sorted has an end, and the page tells it."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from events.models import Event
from osint.base import found
from tests import factories as make
from tests.pages import text

EVENTS = reverse("admin:events_event_changelist")
pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client, alice: User) -> Client:
    client.force_login(alice)
    return client


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """So many as are many in a test."""
    monkeypatch.setattr(found, "MOST", 3)
    monkeypatch.setattr(found, "NEAREST", 2)


def make_events(*summaries: str) -> list[Event]:
    """Events of one day after the other, each with its words."""
    return [make.make_event(summary_en=words, when=f"2025-11-{day:02}") for day, words in enumerate(summaries, start=1)]


def listed(client: Client, address: str, **sent: Any) -> list[str]:
    """The summaries in the order of the list."""
    answer = client.get(address, sent)
    assert answer.status_code == 200
    return [event.summary for event in answer.context["cl"].result_list]


def test_a_list_counts_all_up_to_so_many_and_says_where_there_are_more(desk: Client, few: None) -> None:
    make_events("one", "two", "three")
    page = text(desk.get(EVENTS))
    assert "3 events" in page
    assert "more than" not in page
    make_events("four")
    assert "more than 3 events" in text(desk.get(EVENTS))


def test_pages_lead_through_so_many_rows_and_the_last_says_how_to_see_the_others(
    desk: Client, few: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("events.admin.incident.EventAdmin.list_per_page", 2)
    make_events("one", "two", "three", "four", "five")
    assert listed(desk, EVENTS) == ["five", "four"]
    assert listed(desk, EVENTS, p=2) == ["three"]
    assert "Pages go no further" not in text(desk.get(EVENTS))
    assert "Pages go no further" in text(desk.get(EVENTS, {"p": 2}))
    assert desk.get(EVENTS, {"p": 3})["Location"] == f"{EVENTS}?e=1"


def test_a_long_list_is_sorted_whole_where_an_index_has_the_order(
    desk: Client, few: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("events.admin.incident.EventAdmin.list_per_page", 2)
    make_events("one", "two", "three", "four", "five")
    when, reference = 2, 1
    assert listed(desk, EVENTS, o=when) == ["one", "two"]
    assert listed(desk, EVENTS, o=-when) == ["five", "four"]
    oldest = Event.objects.order_by("reference").first()
    assert oldest is not None
    assert listed(desk, EVENTS, o=reference)[0] == oldest.summary


def test_a_long_list_sorted_otherwise_is_its_newest_rows_and_says_so(desk: Client, few: None) -> None:
    first, *_rest, last = make_events("one", "two", "three", "four", "five")
    for event, slug in ((first, "a-first"), (last, "z-last")):
        Event.objects.filter(pk=event.pk).update(type=make.make_event_type(slug=slug, name_en=slug))
    assert listed(desk, EVENTS, o=-3)[0] == "five"
    assert "one" not in listed(desk, EVENTS, o=3)
    assert "Only the newest 3 are sorted here" in text(desk.get(EVENTS, {"o": 3}))
    found.MOST = 5
    assert listed(desk, EVENTS, o=3)[0] == "one"
    assert "are sorted here" not in text(desk.get(EVENTS, {"o": 3}))


def test_what_comes_nearest_is_first_among_all_hits_where_they_are_few(desk: Client) -> None:
    make_events("a convoy passed", "convoys passed", "two convoys")
    assert listed(desk, EVENTS, q="convoy") == ["a convoy passed", "two convoys", "convoys passed"]
    assert "3 results" in text(desk.get(EVENTS, {"q": "convoy"}))


def test_from_a_form_one_comes_back_to_the_list_as_it_was(desk: Client) -> None:
    [event] = make_events("a convoy passed")
    form = f"{reverse('admin:events_event_change', args=[event.pk])}?_changelist_filters=q%3Dconvoy"
    assert desk.get(EVENTS, {"q": "convoy"}).content.decode().count(f'href="{form}"') == 2
    assert "_changelist_filters=q%3Dconvoy" in desk.get(form).content.decode()


def test_of_many_hits_the_newest_are_put_in_order_and_the_page_says_so(desk: Client, few: None) -> None:
    make_events("a convoy here", "a convoy passed", "convoys passed")
    page = text(desk.get(EVENTS, {"q": "convoy"}))
    assert listed(desk, EVENTS, q="convoy") == ["a convoy passed", "convoys passed"]
    assert "more than 2 results" in page
    assert "Only the newest 2 that were found are here" in page
    assert listed(desk, EVENTS, q="convoy", o="2") == ["a convoy passed", "convoys passed"]


def test_reports_and_citations_are_searched_within_the_same_bounds(desk: Client, few: None) -> None:
    events = make_events("one", "two", "three")
    for event in events:
        make.make_citation(event=event, report=make.make_report(title="A convoy", text="A convoy passed."))
    for name in ("sources_report", "events_citation"):
        page = text(desk.get(reverse(f"admin:{name}_changelist"), {"q": "convoy"}))
        assert "Only the newest 2 that were found are here" in page
    cited = desk.get(reverse("admin:events_citation_changelist"), {"q": str(events[0].reference).lower()})
    assert [citation.event for citation in cited.context["cl"].result_list] == [events[0]]


def test_reports_are_narrowed_by_language_and_nobody_looks_for_the_languages_there_are(desk: Client) -> None:
    make.make_report(title="Arabic", language="ar")
    make.make_report(title="English", language="en")
    address = reverse("admin:sources_report_changelist")
    with CaptureQueriesContext(connection) as taken:
        answer = desk.get(address, {"language": "en"})
    assert [report.title for report in answer.context["cl"].result_list] == ["English"]
    assert not [query for query in taken if "DISTINCT" in query["sql"]]


def test_choices_are_searched_within_the_same_bounds(desk: Client, few: None) -> None:
    make_events("a convoy here", "a convoy passed", "convoys passed")
    sent = {"app_label": "events", "model_name": "event", "field_name": "part_of", "term": "convoy"}
    assert len(desk.get(reverse("admin:autocomplete"), sent).json()["results"]) == 2


def test_nothing_is_done_at_once_with_more_rows_than_pages_lead_through(desk: Client, few: None) -> None:
    events = make_events("one", "two", "three", "four")
    sent = {"action": "take_listed", "select_across": "1", "_selected_action": [events[0].pk]}
    assert "These are more than 3" in text(desk.post(EVENTS, sent, follow=True))
    assert not Event.objects.filter(assignee__isnull=False).exists()
    events[0].delete()
    desk.post(EVENTS, sent)
    assert Event.objects.filter(assignee__isnull=False).count() == 3


def test_status_and_mark_narrow_the_list(desk: Client) -> None:
    make.make_event(summary_en="a draft", tlp="GREEN")
    make.make_published_event(summary_en="published", tlp="CLEAR")
    assert listed(desk, EVENTS, status__exact="draft") == ["a draft"]
    assert listed(desk, EVENTS, tlp__exact="CLEAR") == ["published"]
    assert listed(desk, EVENTS, status__exact="published", tlp__exact="GREEN") == []
    assert listed(desk, EVENTS, status__exact="nonsense") == []


@pytest.mark.one_engine
@pytest.mark.parametrize("question", [{}, {"status__exact": "draft"}, {"_facets": "True"}, {"o": "3"}])
def test_the_list_of_events_takes_six_queries_for_one_row_and_for_many(
    client: Client, alice: User, question: dict[str, str]
) -> None:
    """The session, the user, her rights; the state of names; how many there are, the rows with their places.

    The types to narrow by are a query more for whoever asks first since something was named otherwise.
    """
    client.force_login(alice)
    for number in (1, 9):
        for _ in range(number):
            make.make_placement(event=make.make_event())
        assert queries(client, question) == 7
        assert queries(client, question) == 6


def test_a_type_is_called_otherwise_in_the_next_list_and_in_each_language_its_own(desk: Client) -> None:
    kind = make.make_event_type(name_en="Convoy", name_ar="قافلة")
    make.make_event_type(name_en="Raid")
    narrow = f'<a href="?type__id__exact={kind.pk}">{{}}</a>'
    assert narrow.format("Convoy") in desk.get(EVENTS).content.decode()
    assert narrow.format("قافلة") in desk.get(EVENTS, headers={"accept-language": "ar"}).content.decode()
    kind.name_en = "Column"
    kind.save()
    assert narrow.format("Column") in desk.get(EVENTS).content.decode()


def test_the_places_of_an_event_stand_in_their_order_and_in_the_language_of_the_reader(desk: Client) -> None:
    event = make.make_event()
    make.make_placement(event=event, site=make.make_site(slug="b", name_en="Second", name_ar=""), position=2)
    make.make_placement(event=event, site=make.make_site(slug="a", name_en="First", name_ar="الأول"), position=1)
    assert "First · Second" in text(desk.get(EVENTS))
    assert "الأول · Second" in text(desk.get(EVENTS, headers={"accept-language": "ar"}))


@pytest.mark.one_engine
def test_a_search_takes_six_queries_for_one_hit_and_for_many(client: Client, alice: User) -> None:
    """The session, the user, the state of names; names and how common the words are, the hits, their rows.

    Spellings of what is called so are a query more; and so are the rights of who is no superuser, on every page. What
    was looked up about a word is known to who asks for it again, until something is named otherwise.
    """
    root, site = User.objects.create_superuser("root"), make.make_site(name_en="Zamburak")
    for number in (1, 9):
        for _ in range(number):
            make.make_placement(event=make.make_event(summary_en="A convoy."), site=site)
        for person, more in ((root, 0), (alice, 1)):
            client.force_login(person)
            site.note += "."
            site.save()
            client.get(EVENTS)  # which asks for the types
            for word, lookups in (("convoy", 1), ("a convoy", 1), ("zamburak", 2)):
                assert queries(client, {"q": word}) == 5 + lookups + more
                assert queries(client, {"q": word}) == 5 + more


def test_what_goes_by_another_name_is_found_by_it_at_once(desk: Client) -> None:
    site = make.make_site(name_en="Zamburak")
    make.make_placement(event=make.make_event(summary_en="A convoy."), site=site)
    assert listed(desk, EVENTS, q="Zamburak") == ["A convoy."]
    site.name_en = "Tell Abyad"
    site.save()
    assert listed(desk, EVENTS, q="Zamburak") == []
    assert listed(desk, EVENTS, q="Tall Abyad") == ["A convoy."]


def queries(client: Client, question: dict[str, str]) -> int:
    """How many queries a page of the list takes."""
    with CaptureQueriesContext(connection) as taken:
        assert client.get(EVENTS, question).status_code == 200
    return len(taken)
