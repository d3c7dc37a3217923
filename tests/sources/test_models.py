"""Sources, reports and relays: what each refuses, and in which words."""

from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError

from sources.models import Relay, Report
from tests import factories as make

pytestmark = pytest.mark.django_db


def refused(record) -> dict[str, list[str]]:
    """What the record says to being checked, field by field."""
    with pytest.raises(ValidationError) as caught:
        record.full_clean()
    return caught.value.message_dict


def test_a_source_says_why_it_has_its_letter():
    source = make.make_source()
    source.reliability_reason = ""
    assert "reliability_reason" in refused(source)


@pytest.mark.parametrize("address", ["javascript:alert(1)", "ftp://example.org/x", "example.org", "http://", "data:,x"])
@pytest.mark.parametrize("field", ["url", "archived_url"])
def test_an_address_that_browsers_should_not_follow_is_refused(field, address):
    report = make.make_report()
    setattr(report, field, address)
    assert field in refused(report)


def test_a_report_needs_its_text_or_its_address():
    assert make.make_report(text="").pk
    assert make.make_report(url="").pk
    report = make.make_report()
    report.text = report.url = ""
    assert refused(report) == {"__all__": ["Paste the report's text, or give its address."]}


def test_a_report_is_read_on_the_day_it_was_published_or_later():
    assert make.make_report(accessed_on=date(2025, 11, 15)).pk
    report = make.make_report()
    report.accessed_on = date(2025, 11, 14)
    assert "accessed before it was published" in refused(report)["__all__"][0]


def test_a_new_wording_is_a_new_report_that_updates_the_old_one():
    old = make.make_relay().report
    new = make.make_report(text="صيغة جديدة", updates=old)
    assert list(old.updated_by.all()) == [new]
    old.updates = old
    assert "cannot update itself" in refused(old)["__all__"][0]


def test_a_relay_names_a_source_or_a_report_and_not_both():
    relay = make.make_relay()
    relay.relayed_report = make.make_report()
    assert "not both" in refused(relay)["__all__"][0]
    relay.relayed_report = relay.relayed_source = None
    assert "not both" in refused(relay)["__all__"][0]


def test_a_relay_names_each_source_and_report_once():
    relay = make.make_relay()
    again = Relay(report=relay.report, relayed_source=relay.relayed_source)
    assert refused(again)["__all__"] == ["This report relays that source already."]
    relay = make.make_relay(relayed_report=make.make_report())
    again = Relay(report=relay.report, relayed_report=relay.relayed_report)
    assert refused(again)["__all__"] == ["This report relays that report already."]


def test_a_report_cannot_relay_itself():
    report = make.make_report()
    assert "cannot relay itself" in str(refused(Relay(report=report, relayed_report=report)))


@pytest.mark.parametrize("length", [2, 3, 4])
def test_relays_cannot_form_a_circle(length):
    reports = [make.make_report() for _ in range(length)]
    for report, behind in pairwise(reports):
        make.make_relay(report=report, relayed_report=behind)
    closing = Relay(report=reports[-1], relayed_report=reports[0])
    said = refused(closing)["relayed_report"][0]
    assert "cannot pass it on" in said
    assert reports[0].title in said


def test_what_is_relied_on_cannot_be_deleted():
    claim = make.make_claim()
    passed_on = make.make_report()
    relay = make.make_relay(relayed_report=passed_on)
    make.make_relay(relayed_source=relay.report.source)
    needed: Any
    for needed in (claim.citation.report, claim.citation.report.source, passed_on, relay.report.source):
        with pytest.raises(ProtectedError):
            needed.delete()
        with pytest.raises(ProtectedError):
            type(needed)._default_manager.filter(pk=needed.pk).delete()
        assert type(needed)._default_manager.filter(pk=needed.pk).exists()


def test_a_report_that_nothing_rests_on_goes_with_its_relays():
    relay = make.make_relay()
    relay.report.delete()
    assert not Relay.objects.exists()


@pytest.mark.parametrize("words", ["قافلة إمداد", "قافله امداد", "التحالف الدولي قسرك", "convoy"])
def test_reports_are_found_by_their_words_when_folded(words):
    report = make.make_report(translation="A supply convoy")
    make.make_report(text="أمر آخر", title="غيره")
    found = list(Report.objects.saying(words))
    assert found == ([] if words.startswith("التحالف الدولي قسرك") else [report])


def test_no_words_find_no_report():
    make.make_report()
    assert not Report.objects.saying("  ")
