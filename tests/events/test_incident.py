"""Events and their facts: the reference, the date, parts and wholes, numbers as they were said."""

from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connections, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from events.choices import Qualifier
from events.models import Count, Event, ReferenceSeries
from tests import factories as make

pytestmark = pytest.mark.django_db


def refused(record) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as caught:
        record.full_clean()
    return caught.value.message_dict


class TestReference:
    def test_a_new_event_gets_the_next_number_of_its_year(self):
        references = [make.make_event(when=when).reference for when in ("2025-11-12", "2025", "2024-01-01", "2025-12")]
        assert references == ["SY-2025-00001", "SY-2025-00002", "SY-2024-00001", "SY-2025-00003"]

    def test_an_undated_event_gets_a_number_of_this_year(self):
        assert make.make_event(when="", when_phrase="").reference == f"SY-{timezone.now().year}-00001"

    def test_an_open_end_counts_by_its_start(self):
        assert make.make_event(when="2019-03-04/..").reference == "SY-2019-00001"

    def test_it_stays_when_the_date_changes(self):
        event = make.make_event()
        event.when = "2024-01-01"
        event.save()
        assert event.reference == "SY-2025-00001"

    def test_the_number_of_a_deleted_draft_is_never_given_again(self):
        event = make.make_event()
        event.delete()
        assert make.make_event().reference == "SY-2025-00002"
        Event.objects.all().delete()
        assert make.make_event().reference == "SY-2025-00003"

    def test_an_event_that_was_not_kept_leaves_no_trace(self):
        with transaction.atomic():
            make.make_event()
            transaction.set_rollback(True)
        assert make.make_event().reference == "SY-2025-00001"

    def test_the_letters_are_a_setting(self, settings):
        settings.REFERENCE_PREFIX = "IQ"
        assert make.make_event().reference == "IQ-2025-00001"

    def test_beyond_five_digits_it_grows(self):
        ReferenceSeries.objects.create(year=2025, last=99_999)
        assert make.make_event().reference == "SY-2025-100000"

    @pytest.mark.django_db(transaction=True, serialized_rollback=True)
    def test_events_made_at_the_same_time_never_share_one(self):
        kind = make.make_event_type()

        def several(_thread: int) -> list[str]:
            try:
                return [str(make.make_event(type=kind).reference) for _ in range(10)]
            finally:
                connections.close_all()

        with ThreadPoolExecutor(8) as pool:
            given = list(chain.from_iterable(pool.map(several, range(8))))
        assert sorted(given) == [f"SY-2025-{n:05d}" for n in range(1, 81)]

    @pytest.mark.django_db(transaction=True, serialized_rollback=True)
    def test_the_first_of_a_year_can_be_made_by_two_at_once(self):
        kind = make.make_event_type()

        def one(year: int) -> str:
            try:
                return str(make.make_event(type=kind, when=str(year)).reference)
            finally:
                connections.close_all()

        with ThreadPoolExecutor(4) as pool:
            given = list(pool.map(one, [1990, 1990, 1991, 1991, 1992, 1992, 1993, 1993]))
        assert sorted(given) == [f"SY-{year}-0000{n}" for year in range(1990, 1994) for n in (1, 2)]


class TestEvent:
    def test_a_derived_or_inferred_fact_needs_a_written_reason(self):
        event = make.make_event(when_basis="derived", when_reason="Two days before the explosions.")
        event.type_basis = "inferred"
        assert refused(event) == {"__all__": ["What is derived or inferred needs a written reason."]}

    def test_an_event_is_summed_up_in_one_language_at_least(self):
        assert make.make_event(summary_en="").summary
        event = make.make_event()
        event.summary_en = event.summary_ar = ""
        assert "Sum the event up" in refused(event)["__all__"][0]

    def test_a_part_belongs_to_an_event_that_sums_up(self):
        whole = make.make_event(is_aggregate=True)
        assert make.make_event(part_of=whole).part_of == whole
        part = make.make_event()
        part.part_of = make.make_event()
        assert "does not sum up several incidents" in refused(part)["part_of"][0]

    def test_a_part_is_no_whole_and_not_part_of_itself(self):
        event = make.make_event(part_of=make.make_event(is_aggregate=True))
        event.is_aggregate = True
        assert "A part cannot itself sum up" in refused(event)["__all__"][0]
        event = make.make_event(is_aggregate=True)
        event.part_of = event
        assert refused(event)

    def test_a_whole_with_parts_stays_a_whole(self):
        whole = make.make_event(is_aggregate=True)
        make.make_event(part_of=whole)
        whole.is_aggregate = False
        assert "Detach them first" in refused(whole)["is_aggregate"][0]
        with pytest.raises(ProtectedError):
            whole.delete()

    def test_a_draft_can_be_deleted_with_all_that_hangs_on_it(self):
        event = make.make_whole_event()
        event.delete()
        assert not Event.objects.exists()
        assert not Count.objects.exists()


def parts(event: Event) -> dict[str, Any]:
    citation = event.citations.get()
    return {"event": event, "citation": citation, "claim": citation.claims.first()}


class TestDeletion:
    """Nothing that was published goes away."""

    @pytest.mark.parametrize("what", ["event", "citation", "claim"])
    def test_what_was_published_stays(self, what):
        record = parts(make.make_published_event())[what]
        with pytest.raises(ValidationError, match="SY-2025-00001 was published"):
            record.delete()
        with pytest.raises(ValidationError, match="SY-2025-00001 was published"):
            type(record)._default_manager.filter(pk=record.pk).delete()
        with pytest.raises(ValidationError):
            type(record)._default_manager.all().delete()
        assert type(record)._default_manager.filter(pk=record.pk).exists()

    def test_what_was_retracted_stays_too(self):
        for record in parts(make.make_retracted_event()).values():
            with pytest.raises(ValidationError, match="was published"):
                record.delete()

    def test_a_correction_stays(self):
        correction = make.make_correction()
        with pytest.raises(ValidationError, match="Correct again"):
            correction.delete()
        with pytest.raises(ValidationError, match="Correct again"):
            type(correction)._default_manager.all().delete()

    def test_an_event_with_a_correction_stays(self):
        with pytest.raises(ProtectedError):
            make.make_correction().event.delete()

    def test_a_cited_report_stays(self):
        report = make.make_citation().report
        with pytest.raises(ProtectedError):
            report.delete()

    def test_who_corrected_stays(self, edith):
        make.make_correction(made_by=edith)
        with pytest.raises(ProtectedError):
            edith.delete()


class TestNumbers:
    @pytest.mark.parametrize(
        ("figures", "said"),
        [
            ({"best": 25}, "25"),
            ({"low": 20, "best": 25, "high": 30}, "25 (20–30)"),
            ({"low": 25, "best": 25, "high": 25}, "25"),
            ({"low": 20, "high": 30}, "20–30"),
            ({"low": 10}, "≥ 10"),
            ({"high": 5}, "≤ 5"),
            ({"phrase": "عشرات"}, "“عشرات”"),
            ({"low": 0, "best": 3}, "3 (0–…)"),
            ({"best": 0}, "0"),
        ],
    )
    def test_a_number_reads_as_people_write_it(self, figures, said):
        assert make.make_count(**figures).span == said

    @pytest.mark.parametrize(
        "figures",
        [{"low": 3, "best": 2}, {"best": 3, "high": 2}, {"low": 3, "high": 2}, {"low": 1, "best": 3, "high": 2}],
    )
    def test_numbers_out_of_order_are_refused(self, figures):
        with pytest.raises(ValidationError, match="The numbers must rise"):
            make.make_count(**figures)

    @pytest.mark.parametrize("qualifier", ["several", "dozens", "hundreds", "thousands"])
    def test_a_verbal_number_gets_no_best_figure(self, qualifier):
        assert make.make_count(phrase="عشرات", qualifier=qualifier, low=20).best is None
        with pytest.raises(ValidationError, match="Keep the words"):
            make.make_count(phrase="عشرات", qualifier=qualifier, best=24)

    def test_a_count_says_something(self):
        count = Count(event=make.make_event(), measure=make.make_measure(), qualifier=Qualifier.ABOUT)
        assert "Give a number" in refused(count)["__all__"][0]

    def test_rows_of_one_measure_are_told_apart(self):
        one = make.make_count(label="leader")
        make.make_count(event=one.event, measure=one.measure, label="others", best=3)
        make.make_count(event=one.event, measure=one.measure, label="leader", party=make.make_actor())
        again = Count(event=one.event, measure=one.measure, label="leader", best=1)
        assert "Tell the rows apart" in refused(again)["__all__"][0]

    @pytest.mark.parametrize("number", [-1, 2**63, 10**30])
    def test_a_number_no_column_holds_is_refused(self, number):
        with pytest.raises(ValidationError) as caught:
            make.make_count(best=number)
        assert "best" in caught.value.message_dict
