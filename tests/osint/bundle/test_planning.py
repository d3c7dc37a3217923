"""What becomes of single records: refused with a sentence, with all that needs them, while the rest comes in."""

import pytest

from events.models import Event, Measure, Placement, Site
from osint.bundle.applying import Stale, apply
from osint.bundle.arriving import Arriving
from osint.bundle.entries import Entry
from osint.bundle.planning import plan
from osint.bundle.plans import Outcome
from tests import factories as make

pytestmark = pytest.mark.django_db
FILE = Arriving(format="sheet", organisation="A friend")
ONE, OTHER = "00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002"


def measure(slug, **fields):
    """A measure as a file gives it."""
    return Entry(Measure, (slug,), {"name_en": slug, "unit": "person"} | fields, f"row {slug}")


def event(uuid, **fields):
    """An event as a file gives it."""
    told = {"type": ["clash"], "summary_en": "A clash."} | fields
    return Entry(Event, (uuid,), told, "row 2")


def outcomes(found):
    """What becomes of each record."""
    return {step.name: str(step.outcome) for step in found.steps}


def test_a_record_that_breaks_a_rule_stays_out_and_the_others_come_in():
    entries = [measure("one"), measure("two", unit=""), measure("three", unit=3), measure("Four"), measure("five")]
    found = plan(entries, FILE)
    assert outcomes(found) == {"one": "new", "two": "refused", "three": "refused", "Four": "refused", "five": "new"}
    assert {step.name: step.problems[0][0] for step in found.refused()} == {
        "two": "unit",
        "three": "unit",
        "Four": "slug",
    }
    apply(found)
    assert set(Measure.objects.values_list("slug", flat=True)) == {"one", "five"}


def test_what_needs_a_record_that_is_missing_says_which_one():
    make.make_event_type(slug="clash")
    place = Entry(Placement, (OTHER,), {"event": [ONE], "site": ["nowhere"], "role": "at"}, "row 3")
    found = plan([event(ONE, when="no date"), place], FILE)
    (wrong, lost) = found.refused()
    assert wrong.problems[0][0] == "when"
    assert lost.problems[0][0] == "event"
    assert ONE in lost.problems[0][1]
    (lost,) = plan([event(ONE), place], FILE).refused()
    assert (lost.problems[0][0], "nowhere" in lost.problems[0][1]) == ("site", True)


def test_two_of_which_only_one_may_be_are_told_apart():
    make.make_event_type(slug="clash")
    make.make_site(slug="tell")
    places = [Entry(Placement, (key,), {"event": [ONE], "site": ["tell"], "role": "at"}, key) for key in (ONE, OTHER)]
    found = plan([event(ONE), *places], FILE)
    assert len(found.refused()) == 1
    assert "already" in found.refused()[0].problems[0][1]
    apply(found)
    assert Placement.objects.count() == 1


def test_a_new_edition_of_a_file_is_taken_unless_a_person_was_there_before():
    apply(plan([measure("one"), measure("two")], FILE))
    Measure.objects.filter(slug="two").update(unit="family")
    found = plan([measure("one", unit="lorry"), measure("two", unit="lorry")], FILE)
    assert outcomes(found) == {"one": "changed", "two": "conflict"}
    apply(found)
    assert dict(Measure.objects.values_list("slug", "unit")) == {"one": "lorry", "two": "family"}
    assert outcomes(plan([measure("one", unit="lorry"), measure("two")], FILE)) == {"one": "same", "two": "mine"}


def test_what_was_entered_here_is_not_written_over_by_a_file_that_never_knew_it():
    make.make_measure(slug="one", name_en="one", name_ar="", unit="person")
    assert outcomes(plan([measure("one", unit="lorry")], FILE)) == {"one": "conflict"}


def test_a_plan_that_holds_no_more_is_not_applied():
    found = plan([measure("one")], FILE)
    make.make_measure(slug="one")
    with pytest.raises(Stale):
        apply(found)
    assert set(found.counts) == {Outcome.NEW}
    assert not Site.objects.exists()
