"""Origins: who stands at the end of the chain of relays; outlets that quote one monitor are one origin."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sources.models import Relay, Report, Source
from tests import factories as make
from tests.kit.past_the_orm import insert_copy

pytestmark = pytest.mark.django_db


@pytest.fixture
def sohr() -> Source:
    return make.make_source(slug="sohr", name_en="SOHR")


def origins(*reports: Report) -> list[set[str]]:
    """For each report the slugs of its origins."""
    found = Report.objects.origins(report.pk for report in reports)
    names = dict(Source.objects.values_list("pk", "slug"))
    return [{names[pk] for pk in found[report.pk]} for report in reports]


def test_a_report_that_relays_nobody_is_its_own_sources_word(sohr):
    assert origins(make.make_report(source=sohr)) == [{"sohr"}]


def test_ten_outlets_that_quote_one_monitor_are_one_origin(sohr):
    reports = [make.make_relay(relayed_source=sohr).report for _ in range(10)]
    assert set.union(*origins(*reports)) == {"sohr"}


def test_an_independent_report_is_an_origin_of_its_own(sohr):
    relaying = make.make_relay(relayed_source=sohr).report
    independent = make.make_report(source=make.make_source(slug="independent"))
    assert set.union(*origins(relaying, independent)) == {"sohr", "independent"}


def test_a_chain_of_relays_is_followed_to_its_end(sohr):
    first = make.make_report(source=sohr)
    second = make.make_relay(relayed_report=first).report
    third = make.make_relay(relayed_report=second).report
    assert origins(third, second, first) == [{"sohr"}] * 3


def test_a_chain_that_ends_in_a_named_source_ends_there(sohr):
    first = make.make_relay(relayed_source=sohr).report
    assert origins(make.make_relay(relayed_report=first).report) == [{"sohr"}]


def test_a_report_that_passes_on_two_has_both_as_origins(sohr):
    relay = make.make_relay(relayed_source=sohr)
    make.make_relay(report=relay.report, relayed_report=make.make_report(source=make.make_source(slug="other")))
    assert origins(relay.report) == [{"sohr", "other"}]


def test_two_ways_to_one_source_are_one_origin(sohr):
    first = make.make_report(source=sohr)
    relay = make.make_relay(relayed_report=make.make_relay(relayed_report=first).report)
    make.make_relay(report=relay.report, relayed_report=make.make_relay(relayed_report=first).report)
    assert origins(relay.report) == [{"sohr"}]


def test_a_circle_of_relays_ends(sohr):
    """The model refuses one; should the database hold it all the same, nobody waits forever."""
    one, other = make.make_report(), make.make_report()
    relay = make.make_relay(report=one, relayed_report=other)
    insert_copy(relay, report_id=other.pk, relayed_report_id=one.pk)
    assert Relay.objects.count() == 2
    assert origins(one, other) == [set(), set()]
    make.make_relay(report=other, relayed_source=sohr)
    assert origins(one, other) == [{"sohr"}, {"sohr"}]


def test_origins_of_many_reports_are_one_query(sohr):
    reports = [make.make_relay(relayed_source=sohr).report for _ in range(10)]
    with CaptureQueriesContext(connection) as captured:
        found = Report.objects.origins(report.pk for report in reports)
    assert len(captured) == 1
    assert set(found) == {report.pk for report in reports}


def test_origins_of_no_report_ask_nothing():
    with CaptureQueriesContext(connection) as captured:
        assert Report.objects.origins([]) == {}
    assert len(captured) == 0
