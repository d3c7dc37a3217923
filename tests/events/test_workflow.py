"""The life of an event: who may do what from where, and the trace that a change leaves."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connections

from events import workflow
from events.choices import Status
from events.models import Claim, Correction, Event
from tests import factories as make

pytestmark = pytest.mark.django_db

GROUPS = ["Viewer", "Analyst", "Editor", "Administrator"]
EDITING = {"Editor", "Administrator"}
# action: from, to, who may
ACTIONS = {
    "submit": ({"draft"}, "submitted", EDITING | {"Analyst"}),
    "send_back": ({"submitted"}, "draft", EDITING),
    "publish": ({"draft", "submitted"}, "published", EDITING),
    "retract": ({"published"}, "retracted", EDITING),
}


def do(action: str, event: Event, by) -> Event:
    extra = ("The outlet withdrew it.",) if action == "retract" else ()
    moved: Event = getattr(workflow, action)(event, by, *extra)
    return moved


def in_status(status: str) -> Event:
    if status == "published":
        return make.make_published_event()
    if status == "retracted":
        return make.make_retracted_event()
    event = make.make_whole_event()
    if status == "submitted":
        event = workflow.submit(event, make.make_user("submitter"))
    return event


def test_the_table_knows_every_action_and_status():
    assert set(ACTIONS) == set(workflow.MOVES)
    assert {"draft", "submitted", "published", "retracted"} == set(Status.values)


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("status", Status.values)
@pytest.mark.parametrize("group", GROUPS)
def test_each_action_is_open_to_its_people_from_its_statuses(action, status, group):
    sources, target, people = ACTIONS[action]
    event, person = in_status(status), make.make_user("someone", group)
    version = event.version
    assert (action in workflow.possible(event, person)) is (group in people and status in sources)
    if group not in people:
        with pytest.raises(PermissionDenied, match="permission"):
            do(action, event, person)
    elif status not in sources:
        with pytest.raises(ValidationError, match="this is possible only from") as caught:
            do(action, event, person)
        assert str(event.reference) in caught.value.messages[0]
    else:
        assert do(action, event, person).status == target
        event.refresh_from_db()
        assert (event.status, event.version) == (target, version + 1)
        return
    event.refresh_from_db()
    assert (event.status, event.version) == (status, version)


@pytest.mark.parametrize("action", ACTIONS)
def test_nobody_without_an_account_does_anything(action):
    event = make.make_whole_event()
    with pytest.raises(PermissionDenied):
        do(action, event, AnonymousUser())
    assert workflow.possible(event, AnonymousUser()) == []


class TestPublish:
    def test_what_is_missing_is_listed_fact_by_fact_and_nothing_changes(self, edith):
        event = make.make_whole_event()
        Claim.objects.exclude(facet="who").delete()
        with pytest.raises(ValidationError) as caught:
            workflow.publish(event, edith)
        assert [words.split(":")[0] for words in caught.value.messages] == ["What", "When", "Where", "How many"]
        event.refresh_from_db()
        assert (event.status, event.published_at) == ("draft", None)

    def test_the_moment_of_publication_is_kept(self, edith):
        event = workflow.publish(make.make_whole_event(), edith)
        assert event.published_at

    def test_confirmed_by_one_origin_is_not_published(self, edith):
        event = make.make_whole_event()
        event.citations.update(credibility=1)
        with pytest.raises(ValidationError, match="one origin"):
            workflow.publish(event, edith)

    def test_the_stored_event_counts_not_the_one_in_hand(self, edith):
        event = make.make_whole_event()
        stale = Event.objects.get(pk=event.pk)
        event.summary_en = "The other's wording."
        event.save()
        assert workflow.publish(stale, edith).summary_en == "The other's wording."

    def test_a_published_event_is_not_published_again(self, edith):
        event = make.make_whole_event()
        stale = Event.objects.get(pk=event.pk)
        workflow.publish(event, edith)
        with pytest.raises(ValidationError, match="is published"):
            workflow.publish(stale, edith)


class TestRetract:
    @pytest.mark.parametrize("reason", ["", "   "])
    def test_it_needs_a_reason(self, edith, reason):
        event = make.make_published_event()
        with pytest.raises(ValidationError) as caught:
            workflow.retract(event, edith, reason)
        assert caught.value.message_dict == {"reason": ["Say why the event is retracted."]}
        event.refresh_from_db()
        assert event.status == "published"

    def test_a_retracted_event_keeps_answering_with_all_it_had(self):
        event = make.make_retracted_event()
        found = Event.objects.with_evidence().get(uuid=event.uuid)
        assert found.retraction_reason == "The outlet withdrew it."
        assert found.published_at
        assert found.citations.get().claims.count() == 5
        assert list(Event.objects.standing()) == []


class TestCorrection:
    def change(self, event: Event, by, reason: str = "", report=None, best: int = 24) -> None:
        """Another number of trucks, on another report's word."""
        with workflow.changing(event, by, reason, report):
            count = event.counts.get()
            count.best = best
            count.full_clean()
            count.save()
            citation = make.make_citation(event=event, report=report or make.make_report())
            values = {"measure": count.measure, "best": best, "qualifier": count.qualifier}
            make.make_claim(citation=citation, **values)

    def test_a_published_event_is_not_changed_without_a_reason(self, edith):
        event = make.make_published_event()
        with pytest.raises(ValidationError) as caught:
            self.change(event, edith)
        assert "say why it is corrected" in caught.value.message_dict["correction_reason"][0]
        assert event.counts.get().best == 25
        assert event.citations.count() == 1

    def test_a_correction_says_what_was_and_is_held_why_by_whom_and_on_which_report(self, edith):
        event, report = make.make_published_event(), make.make_report(title="Second count")
        self.change(event, edith, "  The outlet counted again. ", report)
        correction = Correction.objects.get()
        assert set(correction.before) == set(correction.after) == {"how_many"}
        assert [correction.before["how_many"][0]["best"], correction.after["how_many"][0]["best"]] == [25, 24]
        assert correction.before["how_many"][0]["measure"] == "trucks"
        assert (correction.reason, correction.report, correction.made_by) == (
            "The outlet counted again.",
            report,
            edith,
        )
        assert correction.event == event
        assert str(correction)

    def test_the_claims_stay_as_they_were(self, edith):
        event = make.make_published_event()
        before = set(Claim.objects.values_list("uuid", "best", "quote"))
        self.change(event, edith, "The outlet counted again.")
        assert before < set(Claim.objects.values_list("uuid", "best", "quote"))

    def test_a_change_that_leaves_a_fact_unsupported_is_refused_whole(self, edith):
        event = make.make_published_event()
        with pytest.raises(ValidationError, match="no accepted claim"), workflow.changing(event, edith, "A guess."):
            event.counts.update(best=30)
        assert event.counts.get().best == 25
        assert not Correction.objects.exists()

    def test_setting_the_only_claim_aside_is_refused_too(self, edith):
        event = make.make_published_event()
        with pytest.raises(ValidationError, match="no accepted claim"), workflow.changing(event, edith, "Misread."):
            Claim.objects.filter(facet="who").update(standing="set_aside", standing_reason="Misread.")

    def test_a_change_of_nothing_held_needs_no_reason_and_leaves_no_correction(self, edith):
        event = make.make_published_event()
        with workflow.changing(event, edith):
            make.make_citation(event=event)
        assert not Correction.objects.exists()
        assert event.citations.count() == 2

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("summary_en", "A convoy came."),
            ("summary_ar", "وصلت قافلة."),
            ("tlp", "GREEN"),
            ("is_aggregate", True),
            ("when", "2025-11"),
            ("when_phrase", "الأربعاء"),
            ("type_reason", "It says so."),
        ],
    )
    def test_every_thing_held_is_in_the_record(self, edith, field, value):
        event = make.make_published_event()
        with workflow.changing(event, edith, "More exact."):
            setattr(event, field, value)
            event.full_clean()
            event.save()
        correction = Correction.objects.get()
        assert str(value) in str(correction.after)
        assert correction.before != correction.after

    def test_a_place_taken_away_is_in_the_record(self, edith):
        event = make.make_whole_event()
        second = make.make_placement(event=event, basis="inferred", reason="On the way.")
        event = workflow.publish(event, edith)
        with workflow.changing(event, edith, "It took another road."):
            second.delete()
        correction = Correction.objects.get()
        assert second.site.slug in str(correction.before)
        assert second.site.slug not in str(correction.after)

    def test_a_draft_changes_without_a_reason(self, alice):
        event = make.make_whole_event()
        self.change(event, alice)
        assert not Correction.objects.exists()

    def test_a_retracted_event_stays_as_it_was(self, edith):
        event = make.make_retracted_event()
        with pytest.raises(ValidationError, match="was retracted"):
            self.change(event, edith, "For the record.")
        assert not Correction.objects.exists()

    def test_a_draft_confirmed_by_one_origin_is_refused(self, alice):
        event = make.make_whole_event()
        with pytest.raises(ValidationError, match="one origin"), workflow.changing(event, alice):
            event.citations.update(credibility=1)
        assert event.citations.get().credibility == 2

    def test_every_change_counts_as_a_version(self, alice):
        event = make.make_whole_event()
        before = event.version
        self.change(event, alice)
        event.refresh_from_db()
        assert event.version == before + 1

    def test_an_error_within_undoes_everything(self, alice):
        event = make.make_whole_event()

        def stumble() -> None:
            with workflow.changing(event, alice):
                event.counts.update(best=1)
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            stumble()
        assert event.counts.get().best == 25


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_who_publish_at_once_publish_once():
    event = make.make_whole_event()
    editors = [make.make_user(f"editor-{n}", "Editor") for n in range(4)]

    def publish(editor) -> bool:
        try:
            workflow.publish(Event.objects.get(pk=event.pk), editor)
        except ValidationError:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(publish, editors)) == [False, False, False, True]
    event.refresh_from_db()
    assert event.version == 2
