"""New records checked together: a shared value once, and what is wrong with several that are right one by one."""

import gc
from uuid import UUID

import pytest
from django.core.exceptions import ValidationError

from events.models import Measure
from osint.bundle import checking
from osint.bundle.applying import apply
from osint.bundle.arriving import Arriving
from osint.bundle.entries import Entry, Kept, Refusal
from osint.bundle.planning import plan
from sources.models import Relay, Report
from tests import factories as make

FILE = Arriving(format="sheet", organisation="A friend")


def uuid(number):
    return str(UUID(int=number))


def report(number):
    """A report as a file gives it."""
    told = {"source": ["sohr"], "title": f"Report {number}", "text": "Words.", "published_on": "2025-11-12"}
    return Entry(Report, (uuid(number),), told, f"row {number}")


def relay(number, report, relayed):
    """A relay as a file gives it."""
    return Entry(Relay, (uuid(number),), {"report": [uuid(report)], "relayed_report": [uuid(relayed)]}, f"row {number}")


@pytest.mark.django_db
def test_reports_that_pass_each_other_on_in_a_circle_do_not_all_come_in():
    make.make_source(slug="sohr")
    circle = [relay(10 + n, n, n % 3 + 1) for n in (1, 2, 3)]
    found = plan([report(1), report(2), report(3), report(4), relay(20, 4, 1), *circle], FILE)
    [refused] = found.refused()
    assert (refused.model, refused.problems[0][0]) == (Relay, "relayed_report")
    apply(found)
    assert Relay.objects.count() == 3


def test_a_value_that_was_checked_once_is_refused_as_often_as_it_comes():
    for _time in range(2):
        with pytest.raises(ValidationError) as refused:
            checking.check(Measure(slug="No Slug", name_en="One", unit="person"))
        assert set(refused.value.message_dict) == {"slug"}
        checking.check(Measure(slug="one", name_en="One", unit="person"))


def test_what_is_checked_is_what_django_checks():
    record = Measure(slug="No Slug", name_en="\0", unit="")
    with pytest.raises(ValidationError) as expected:
        record.clean_fields(exclude=["created_by"])
    assert {name: [e.messages for e in es] for name, es in checking.wrong_columns(record).items()} == {
        name: [e.messages for e in es] for name, es in expected.value.error_dict.items()
    }


def test_records_that_are_kept_are_gone_through_as_often_as_one_likes():
    entries = [report(1), relay(2, 1, 1)]
    kept = Kept(iter(entries))
    assert len(kept) == 2
    assert list(kept) == list(kept) == entries
    file = kept.file
    del kept
    gc.collect()
    assert file.closed


def test_where_there_is_no_room_to_keep_them_the_file_is_refused(monkeypatch):
    def full(_data):
        raise OSError(28, "No space left on device")

    kept = Kept([])
    monkeypatch.setattr(kept, "file", type("Full", (), {"write": staticmethod(full)})())
    with pytest.raises(Refusal, match="No space left"):
        kept.write(b"some")
