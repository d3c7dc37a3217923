"""The admin's pages: all of them open, cost the same queries for many rows as for one, and show each person theirs."""

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests import factories

MAKE: dict[str, Any] = {
    "sources.source": factories.make_source,
    "sources.report": factories.make_outlet_report,
    "events.eventtype": factories.make_event_type,
    "events.measure": factories.make_measure,
    "events.cue": factories.make_cue,
    "sources.passagenote": factories.make_passage_note,
    "events.site": lambda: factories.make_site_name(site=factories.make_site(parent=factories.make_site())).site,
    "events.actor": lambda: factories.make_actor_link(actor=factories.make_actor_name().actor).actor,
    "events.event": factories.make_published_event,
    "events.citation": lambda: factories.make_published_event().citations.get(),  # noqa: PLW0108 - not at import
    "events.comment": lambda: factories.make_comment(event=factories.make_published_event()),
    "events.correction": lambda: factories.make_correction(event=factories.make_published_event()),
    "events.eventjudgement": factories.make_event_judgement,
    "sources.reportjudgement": factories.make_report_judgement,
    "events.sitejudgement": factories.make_site_judgement,
    "events.actorjudgement": factories.make_actor_judgement,
}
OURS = sorted(
    model._meta.label_lower for model in admin.site._registry if model._meta.app_label in {"sources", "events"}
)


@pytest.fixture
def desk(client: Client, adam: User) -> Client:
    """A browser in which the administrator is logged in."""
    client.force_login(adam)
    return client


def page(label: str, name: str, *args: Any) -> str:
    return reverse(f"admin:{label.replace('.', '_')}_{name}", args=args)


def test_every_model_of_ours_in_the_admin_is_tested_here() -> None:
    assert sorted(MAKE) == OURS


@pytest.mark.one_engine
@pytest.mark.parametrize("label", OURS)
def test_a_list_costs_the_same_queries_for_ten_rows_as_for_one(
    desk: Client, label: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    MAKE[label]()
    url = page(label, "changelist")
    desk.get(url)  # the first page of all fills the cache of content types
    one = queries(desk, url)
    for _ in range(9):
        MAKE[label]()
    desk.get(url)  # names that are new are asked for once
    assert queries(desk, url) == one, f"{label}: a query for each row; use list_select_related or prefetch_related"
    with django_assert_num_queries(one):
        assert desk.get(url).status_code == 200


@pytest.mark.one_engine
@pytest.mark.parametrize("label", OURS)
def test_a_form_costs_the_same_queries_for_ten_rows_as_for_one(desk: Client, label: str) -> None:
    record = MAKE[label]()
    url = page(label, "change", record.pk)
    desk.get(url)
    one = queries(desk, url)
    for _ in range(9):
        MAKE[label]()
    assert queries(desk, url) == one, f"{label}: the form reads other records' rows"


@pytest.mark.one_engine
def test_the_event_form_costs_the_same_queries_for_ten_facts_as_for_one(desk: Client) -> None:
    event = factories.make_whole_event()
    url = page("events.event", "change", event.pk)
    desk.get(url)
    one = queries(desk, url)
    citation = event.citations.get()
    for _ in range(9):
        place = factories.make_placement(event=event)
        factories.make_claim(citation=citation, site=place.site, site_role=place.role)
        factories.make_involvement(event=event)
        factories.make_count(event=event)
    assert queries(desk, url) == one, "a query for each fact; give the row what it names"


def queries(client: Client, url: str) -> int:
    """How many queries the page costs."""
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


@pytest.mark.parametrize("label", OURS)
def test_every_list_can_be_searched_with_anything(desk: Client, label: str) -> None:
    MAKE[label]()
    for words in ("قسرك", "Qasrek", "%_\\'\"", "\x00", "ـ", "x" * 5_000):
        assert desk.get(page(label, "changelist"), {"q": words}).status_code == 200


@pytest.mark.one_engine
@pytest.mark.parametrize("label", sorted(set(OURS) - {"events.correction", "events.comment"}))
def test_every_form_opens_blank(desk: Client, label: str) -> None:
    assert desk.get(page(label, "add")).status_code == 200


@pytest.mark.one_engine
@pytest.mark.parametrize("label", OURS)
def test_the_admin_is_for_those_who_work_here(client: Client, victor: User, label: str) -> None:
    client.force_login(victor)
    record = MAKE[label]()
    there, not_there = page(label, "change", record.pk), page(label, "change", record.pk + 1_000)
    for url in (page(label, "changelist"), there, not_there, page(label, "delete", record.pk), page(label, "add")):
        for answer in (client.get(url), client.post(url, {"post": "yes"})):
            assert (answer.status_code, answer["Location"]) == (302, f"/admin/login/?next={url}")
    assert type(record)._default_manager.filter(pk=record.pk).exists()


@pytest.mark.one_engine
def test_a_viewer_who_comes_to_the_admin_is_told_so(client: Client, victor: User) -> None:
    client.force_login(victor)
    answer = client.get(reverse("admin:index"), follow=True)
    assert "You are authenticated as victor, but are not authorized" in answer.content.decode()


@pytest.mark.parametrize("label", ["events.event", "events.citation", "sources.report"])
def test_what_must_stay_is_not_deleted_by_the_list_either(desk: Client, label: str) -> None:
    record = MAKE[label]()
    if label == "sources.report":
        factories.make_published_event(report=record)
    url = page(label, "changelist")
    answer = desk.post(url, {"action": "delete_selected", "_selected_action": [record.pk], "post": "yes"}, follow=True)
    assert answer.status_code == 200
    assert type(record)._default_manager.filter(pk=record.pk).exists()


def test_autocomplete_finds_a_site_by_any_spelling(desk: Client) -> None:
    site = factories.make_qasrak()
    factories.make_site_name(site=site, text="Kasrak", language="ku")
    wanted = {"app_label": "events", "model_name": "placement", "field_name": "site"}
    for typed in ("قسرك", "Qasrek", "kasrak", "قَسْرَك", "QASRAK", "قاعدة قسرك"):
        found = desk.get(reverse("admin:autocomplete"), wanted | {"term": typed}).json()["results"]
        assert [row["id"] for row in found] == [str(site.pk)], typed
        assert found[0]["text"] == "Qasrak base · military base · Al-Hasakah"
