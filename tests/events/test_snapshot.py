"""What a correction records of an event, key by key: it is public, and stays as it was written."""

import pytest
from django.core.exceptions import ValidationError

from events import workflow
from events.models import Event
from tests import factories as make

pytestmark = pytest.mark.django_db


def test_a_snapshot_holds_all_that_is_held_in_slugs_and_plain_values():
    total = make.make_event(is_aggregate=True)
    event = make.make_whole_event(part_of=total, tlp="GREEN")
    party = make.make_actor(slug="sdf")
    make.make_count(
        event=event, measure=make.make_measure(slug="aircraft"), party=party, phrase="عشرات", basis="stated"
    )
    found = workflow.snapshot(Event.objects.get(pk=event.pk))
    told = {"basis": "stated", "reason": ""}
    assert sorted(found.pop("how_many"), key=lambda count: count["measure"]) == [
        {"measure": "aircraft", "party": "sdf", "phrase": "عشرات"} | told,
        {"measure": "trucks", "party": None, "best": 25, "qualifier": "about", "phrase": "قرابة 25 شاحنة"} | told,
    ]
    assert found == {
        "what": {"type": "convoy-arrival"} | told,
        "when": {"when": "2025-11-12", "phrase": "12 تشرين الثاني"} | told,
        "where": [{"site": "qasrak-base", "role": "to"} | told],
        "who": [{"actor": "coalition", "role": "acts"} | told],
        "summary_en": "A supply convoy of the Coalition arrived.",
        "summary_ar": "وصول قافلة إمداد للتحالف الدولي.",
        "tlp": "GREEN",
        "is_aggregate": False,
        "part_of": total.reference,
    }
    assert workflow.snapshot(total)["part_of"] is None
    assert workflow.snapshot(total)["is_aggregate"] is True


def test_what_is_frozen_is_refused_for_its_status(edith):
    event = make.make_retracted_event()
    with pytest.raises(ValidationError) as refused, workflow.changing(event, edith, "Read again."):
        pass
    assert refused.value.code == "status"
