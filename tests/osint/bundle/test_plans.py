"""A plan as a person reads it: what waits for her comes first, and a difference is shown where it is."""

from events.models import Event
from osint.bundle.arriving import Arriving, Pedigree
from osint.bundle.merging import Verdict
from osint.bundle.plans import Difference, Outcome, Plan, Step, in_short, side_by_side
from osint.standards.importing import LISTED, Found

TEXT = "Three cargo aircraft landed at three bases in the first half of November, with electronic gear and supplies"


def step(number, outcome):
    """What becomes of a record."""
    return Step(number, Event, f"event-{number}", f"entry {number}", outcome=outcome)


def test_what_cannot_come_in_and_what_is_to_be_decided_is_told_before_what_needs_nobody():
    outcomes = [*[Outcome.CHANGED] * 3, Outcome.CONFLICT, Outcome.SAME, Outcome.REFUSED]
    plan = Plan(Arriving(format="bundle"), [], [step(number, one) for number, one in enumerate(outcomes)], {})
    told = [line.partition(":")[0] for line in plan.as_text(most=3).splitlines() if line.startswith("entry")]
    assert told == ["entry 3", "entry 5", "entry 0"]
    assert "… and 2 more" in plan.as_text(most=3)


def test_an_import_of_many_changes_tells_all_that_cannot_come_in():
    found = Found()
    found.note(step(number, Outcome.CHANGED) for number in range(LISTED * 2))
    found.note([step(LISTED * 2, Outcome.REFUSED)])
    assert found.told[0].startswith(f"entry {LISTED * 2}: ")
    assert len(found.told) == LISTED + 1


def test_two_long_texts_are_shown_from_where_they_part():
    mine, theirs = side_by_side(f"{TEXT} (here).", f"{TEXT} (there).", 60)
    assert (mine[:2], theirs[:2]) == ("“…", "“…")
    assert mine.endswith("supplies (here).”")
    assert theirs.endswith("supplies (there).”")
    assert max(len(mine), len(theirs)) <= 63


def test_texts_that_part_early_and_what_is_no_text_are_shown_from_their_beginning():
    assert side_by_side("One.", "Other.", 60) == ("“One.”", "“Other.”")
    assert side_by_side(f"A. {TEXT}", f"B. {TEXT}", 20) == tuple(in_short(f"{letter}. {TEXT}", 20) for letter in "AB")
    assert side_by_side(None, TEXT, 20) == ("–", in_short(TEXT, 20))
    assert side_by_side(True, False, 20) == ("yes", "no")


def test_a_decision_on_what_is_no_conflict_is_known():
    one = step(1, Outcome.CONFLICT)
    one.differences = (
        Difference("when", {}, Verdict.CONFLICT, Pedigree("a", frozenset()), Pedigree("b", frozenset())),
    )
    plan = Plan(Arriving(format="bundle"), [], [one], {"events.event event-1 when": "mine", "events.event x": "mine"})
    assert plan.idle() == ["events.event x"]
