"""Events and their facts: the reference, the date, parts and wholes, numbers as they were said."""

from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError
from django.utils import timezone

from events.choices import Qualifier
from events.models import Count, Event
from tests import factories as make

pytestmark = pytest.mark.django_db


def refused(record) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as caught:
        record.full_clean()
    return caught.value.message_dict


class TestReference:
    def test_it_is_drawn_from_the_uuid_and_the_year(self):
        event = make.make_event(uuid=UUID(int=0x0123456789ABCDEF), when="2025-11-12")
        # The last thirty bits, five at a time, in Crockford's base 32.
        assert event.reference == "SY-2025-FFKQT4"

    def test_it_says_nothing_of_other_events(self):
        alone = make.make_event(uuid=UUID(int=7)).reference
        Event.objects.all().delete()
        for _n in range(3):
            make.make_event()
        assert make.make_event(uuid=UUID(int=7)).reference == alone

    def test_an_undated_event_has_this_year(self):
        reference = make.make_event(when="", when_phrase="").reference
        assert str(reference).startswith(f"SY-{timezone.now().year}-")

    def test_an_open_end_counts_by_its_start(self):
        assert str(make.make_event(when="2019-03-04/..").reference).startswith("SY-2019-")

    def test_it_stays_when_the_date_changes(self):
        event = make.make_event()
        given = event.reference
        event.when = "2024-01-01"
        event.save()
        assert event.reference == given

    def test_of_two_that_would_share_one_the_second_has_a_longer_one(self):
        first = make.make_event(uuid=UUID(int=1))
        second = make.make_event(uuid=UUID(int=1 + (1 << 30)))
        third = make.make_event(uuid=UUID(int=1 + (1 << 30) + (1 << 35)))
        assert [len(str(event.reference)) for event in (first, second, third)] == [14, 15, 16]
        assert str(third.reference).startswith(str(first.reference))

    def test_the_letters_in_front_are_a_setting(self, settings):
        settings.REFERENCE_PREFIX = "IQ"
        assert str(make.make_event().reference).startswith("IQ-2025-")

    def test_it_can_be_read_aloud(self):
        letters = {letter for _n in range(40) for letter in str(make.make_event().reference)[8:]}
        assert not letters & set("ILOU")


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
        with pytest.raises(ValidationError, match=r"SY-2025-\w+ was published"):
            record.delete()
        with pytest.raises(ValidationError, match=r"SY-2025-\w+ was published"):
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
