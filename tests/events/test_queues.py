"""The work queues: each finds what it is called by, as `provenance` computes it, and leaks nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import Any

import pytest
from django.db import models, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from events import agreement, provenance, queues, workflow
from events.choices import Standing
from events.models import Actor, Citation, Claim, Count, Event, EventType, Involvement, Measure, Placement, Site
from events.stored import backing
from sources.models import Report
from tests import factories as make
from tests.pages import queries, text

pytestmark = pytest.mark.django_db

DAYS = ["2025-11-12", "2025-11-12~", "2025-11", "[2025-11-10,2025-11-12]", "2025-11-10/2025-11-14", "../2025-11-20"]
FIGURES: list[dict[str, Any]] = [
    {"best": 25},
    {"best": 25, "qualifier": "exactly"},
    {"best": 25, "qualifier": "about"},
    {"low": 20, "high": 30},
    {"phrase": "dozens"},
    {"phrase": "several"},
]


def found(queue: str, reader: Any) -> set[Event]:
    return set(queues.BY_NAME[queue].find(reader))


# Agreement in SQL is agreement in Python


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is stored within this block is gone after it."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def put(model: Any, rows: list[Any]) -> None:
    """Store rows as they are, past every check of ours."""
    for row in rows:
        row.derive()
    models.QuerySet(model).bulk_create(rows)


class World:
    """Lists to choose from, and events with facts and claims chosen by chance."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        kind, place = make.make_event_type(slug="land"), make.make_site(slug="hasakah")
        self.types: list[EventType] = [kind, make.make_event_type(slug="convoy", parent=kind)]
        self.sites: list[Site] = [
            place,
            make.make_site(slug="hasakah-city", parent=place),
            make.make_site(slug="raqqa"),
        ]
        self.actors: list[Actor] = [make.make_actor(slug=slug) for slug in ("one", "two")]
        self.measure: Measure = make.make_measure()
        self.reports: list[Report] = [make.make_report(text="", url=f"https://outlet.example/{n}") for n in range(2)]

    def figure(self) -> dict[str, Any]:
        party = self.chance.choice([None, *self.actors])
        label = self.chance.choice(["", "a leader"])
        own: dict[str, Any] = self.chance.choice(FIGURES)
        return own | {"measure": self.measure, "party": party, "label": label}

    def claim(self, citation: Citation) -> Claim:
        facet = self.chance.choice(["what", "when", "where", "who", "how_many"])
        values: dict[str, dict[str, Any]] = {
            "what": {"type": self.chance.choice(self.types)},
            "when": {"when": self.chance.choice(DAYS)},
            "where": {"site": self.chance.choice(self.sites), "site_role": self.chance.choice(["at", "to"])},
            "who": {"actor": self.chance.choice(self.actors), "actor_role": self.chance.choice(["acts", "target"])},
            "how_many": self.figure(),
        }
        standing = self.chance.choice(list(Standing))
        reason = "" if standing in agreement.LIVE else "Misread."
        return Claim(citation=citation, facet=facet, standing=standing, standing_reason=reason, **values[facet])

    def event(self, into: Event | None) -> Event:
        basis = {"type_basis": self.chance.choice(["stated", "inferred"]), "type_reason": "So it is."}
        when = self.chance.choice(DAYS)
        status = self.chance.choice(["draft", "published"]) if into is None else "merged"
        event = Event(type=self.chance.choice(self.types), when=when, summary_en="x", status=status, **basis)
        event.merged_into = into
        event.published_at = None if status == "draft" else timezone.now()
        event.derive()
        event.give_reference()
        put(Event, [event])
        return Event.objects.get(pk=event.pk)

    def fill(self, event: Event) -> None:
        stated = {"event": event, "basis": self.chance.choice(["stated", "derived"]), "reason": "So it is."}
        chosen = self.chance.sample(self.sites, self.chance.randint(0, 2))
        put(Placement, [Placement(site=site, role=self.chance.choice(["at", "to"]), **stated) for site in chosen])
        who = self.chance.sample(self.actors, self.chance.randint(0, 2))
        put(Involvement, [Involvement(actor=actor, role="acts", **stated) for actor in who])
        put(Count, [Count(**stated, **self.figure())] if self.chance.random() < 0.7 else [])
        for report in self.chance.sample(self.reports, self.chance.randint(0, 2)):
            role = self.chance.choice(["reports", "reports", "denies"])
            citation = Citation(event=event, report=report, role=role)
            put(Citation, [citation])
            put(Claim, [self.claim(citation) for _ in range(self.chance.randint(0, 4))])


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(chance=st.randoms(use_true_random=False))
def test_disputed_unsupported_and_of_one_origin_are_what_provenance_says(chance: Random, edith: Any) -> None:
    with undone():
        world = World(chance)
        events = [world.event(None) for _ in range(6)]
        duplicates = [world.event(event) for event in events[:2] if event.status == "published"]
        for event in events + duplicates:
            world.fill(event)
        backing.file_all()
        whole = list(Event.objects.with_evidence().filter(pk__in=[event.pk for event in events]))
        said = {event: {claim.standing for claim in provenance.differing(event)} for event in whole}
        assert found("disputed", edith) == {event for event in whole if said[event] & set(agreement.LIVE)}
        published = [event for event in whole if event.status == "published"]
        assert found("unsupported", edith) == {event for event in published if provenance.unsupported(event)}
        lonely = {event for event in published if len(provenance.origins(event, edith)) == 1}
        assert found("one-origin", edith) == lonely


# Whose turn it is


def test_mine_is_what_is_assigned_to_me_and_my_own_drafts(alice, edith):
    own = make.make_event(created_by=alice)
    given_away = make.make_event(created_by=alice)
    workflow.assign(given_away, edith, edith)
    taken = workflow.assign(make.make_published_event(), alice, alice)
    make.make_event(created_by=edith)
    workflow.submit(make.make_event(created_by=alice), alice)
    assert found("mine", alice) == {own, taken}


def test_what_is_submitted_waits_and_what_is_sent_back_is_its_analysts(alice, edith):
    event = workflow.submit(make.make_event(created_by=alice), alice)
    assert found("waiting", edith) == {event}
    workflow.send_back(event, edith, "The day is missing.")
    assert found("waiting", edith) == set()
    assert found("sent-back", edith) == found("sent-back-to-me", alice) == {event}
    assert found("sent-back-to-me", edith) == set()
    workflow.submit(event, alice)
    assert found("sent-back", edith) == set()


def test_a_claim_that_is_superseded_disputes_nothing_any_more(edith):
    event = make.make_published_event()
    claim = make.make_claim(citation=make.make_citation(event=event), when="2025-11-11")
    assert found("disputed", edith) == {event}
    Claim.objects.filter(pk=claim.pk).update(standing="superseded", standing_reason="Corrected by the outlet.")
    assert found("disputed", edith) == set()


def test_reports_wait_until_somebody_codes_them(edith):
    report = make.make_report()
    make.make_report(status="coded")
    assert set(queues.REPORTS.find(edith)) == {report}


# The desk


@pytest.fixture
def desk(client: Client, edith: Any) -> Client:
    client.force_login(edith)
    return client


def test_the_front_page_counts_what_each_list_shows(desk, edith, alice):
    workflow.submit(make.make_event(created_by=alice), alice)
    make.make_published_event()
    page = desk.get(reverse("admin:index"))
    for _title, rows in page.context["groups"]:
        for row in rows:
            listed = desk.get(row["address"])
            assert listed.status_code == 200
            assert listed.context["cl"].result_count == row["number"], row["queue"].name
            assert str(row["queue"].title) in text(page)


def test_a_long_queue_is_counted_as_far_as_its_list_leads(desk, monkeypatch):
    monkeypatch.setattr("osint.base.found.MOST", 2)
    for _ in range(3):
        make.make_published_event()
    listed = desk.get(f"{reverse('admin:events_event_changelist')}?queue=one-origin")
    assert listed.context["cl"].is_cut
    front = desk.get("/admin/").content.decode()
    assert '<bdi dir="ltr">2+</bdi></span><span class="title">One origin' in front


def test_front_page_and_lists_cost_the_same_for_one_event_and_for_many(desk, alice):
    def make_some() -> None:
        event = make.make_published_event(report=make.make_report())
        make.make_claim(citation=make.make_citation(event=event), when="2025-11-11")
        workflow.submit(make.make_event(), alice)

    addresses = [reverse("admin:index"), f"{reverse('admin:events_event_changelist')}?queue=disputed"]
    make_some()
    desk.get(addresses[0])  # once a visit it is noted that somebody is here
    few = [queries(desk, address) for address in addresses]
    make_some()
    make_some()
    assert [queries(desk, address) for address in addresses] == few


def test_an_unknown_queue_is_passed_over_like_any_unknown_choice_of_the_admin(desk):
    answer = desk.get(f"{reverse('admin:events_event_changelist')}?queue=nothing")
    assert answer.status_code == 200


def test_queues_know_nothing_of_what_the_person_may_not_see(desk, alice):
    events = [make.make_published_event(), workflow.submit(make.make_event(), alice)]
    make.make_claim(citation=make.make_citation(event=events[0]), when="2025-11-11")
    Event.objects.update(tlp="RED")
    for queue in queues.EVENTS:
        assert found(queue.name, alice) == set(), queue.name
