"""The numbers of independent sources that are kept beside events: what provenance says, for every reader, always."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.db import connection

from events import behind, provenance, workflow
from events.models import Backing, Citation, Claim, Event
from events.stored import backing, keeping
from sources.models import Relay, Report
from tests import factories as make

pytestmark = pytest.mark.django_db


def assert_numbers_are_right() -> None:
    assert backing.misjudged() == set()
    everybody: list[Any] = [AnonymousUser(), *User.objects.all()]
    events = list(Event.objects.with_evidence())
    for reader in everybody:
        statement, told = behind.numbers(reader)
        with connection.cursor() as cursor:
            cursor.execute(statement, told)
            stored = {key: number for key, number in cursor.fetchall() if number}
        sources = provenance.origins_of(events, reader)
        assert stored == {key: len(found) for key, found in sources.items() if found}, reader


def test_numbers_are_what_provenance_says_for_every_reader_after_every_change(alice, edith, victor, adam):
    event, other = make.make_published_event(), make.make_event()
    agency, outlet = make.make_source(), make.make_source()
    reports = {mark: make.make_report(tlp=mark, created_by=edith) for mark in ("CLEAR", "GREEN", "AMBER+STRICT")}
    mine = make.make_report(tlp="RED", created_by=alice, source=agency)
    make.make_relay(report=reports["GREEN"], relayed_report=mine)
    first = make.make_citation(event=other, report=reports["GREEN"])
    assert_numbers_are_right()
    changes: list[Any] = [
        lambda: make.make_citation(event=event, report=mine),
        lambda: make.make_citation(event=other, report=reports["AMBER+STRICT"]),
        lambda: make.make_relay(report=mine, relayed_source=outlet),
        lambda: make.make_relay(report=reports["AMBER+STRICT"], relayed_report=reports["CLEAR"]),
        lambda: Report.objects.filter(pk=reports["CLEAR"].pk).update(tlp="AMBER"),
        lambda: Report.objects.filter(pk=mine.pk).update(assignee=edith, source=outlet),
        lambda: make.make_claim(citation=first, standing="set_aside", standing_reason="Of another incident."),
        lambda: Claim.objects.filter(citation=first).update(standing="accepted", standing_reason=""),
        lambda: workflow.merge(Event.objects.get(pk=other.pk), edith, into=event, reason="The same."),
        lambda: workflow.unmerge(Event.objects.get(pk=other.pk), edith, "They are two."),
        lambda: Relay.objects.filter(relayed_report=reports["CLEAR"]).delete(),
        lambda: Citation.objects.filter(event=other).delete(),
        lambda: Event.objects.get(pk=other.pk).delete(),
    ]
    for change in changes:
        change()
        assert_numbers_are_right()


def test_numbers_of_a_database_from_before_are_caught_up_with():
    make.make_published_event()
    before = list(Backing.objects.values_list())
    assert before
    Backing.objects.all().delete()
    keeping.begin()
    assert list(Backing.objects.values_list()) == before
