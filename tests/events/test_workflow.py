"""The life of an event: what a move needs, and the trace that a change leaves. Who may make which: `test_moves`."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connections

from events import workflow
from events.models import Claim, Correction, Event
from events.workflow import arriving
from osint.history import recording
from tests import factories as make

pytestmark = pytest.mark.django_db


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


class TestSendBack:
    def test_the_note_is_a_comment_and_the_event_is_a_draft_that_was_sent_back(self, alice, edith):
        event = workflow.submit(make.make_whole_event(), alice)
        event = workflow.send_back(event, edith, "  The day is missing. ")
        assert (event.status, event.is_sent_back) == ("draft", True)
        comment = event.comments.get()
        assert (comment.text, comment.move, comment.created_by) == ("The day is missing.", "send_back", edith)

    @pytest.mark.parametrize("note", ["", " \n"])
    def test_it_needs_a_note(self, alice, edith, note):
        event = workflow.submit(make.make_whole_event(), alice)
        with pytest.raises(ValidationError, match="Say what is to be done"):
            workflow.send_back(event, edith, note)
        assert Event.objects.get(pk=event.pk).status == "submitted"
        assert not event.comments.exists()

    @pytest.mark.parametrize("action", ["submit", "publish"])
    def test_what_is_handed_in_again_or_published_is_not_sent_back_any_more(self, alice, edith, action):
        event = workflow.submit(make.make_whole_event(), alice)
        event = workflow.send_back(event, edith, "The day is missing.")
        assert getattr(workflow, action)(event, edith).is_sent_back is False


class TestAssign:
    def test_an_analyst_takes_an_event_and_gives_it_back(self, alice):
        event = workflow.assign(make.make_event(), alice, alice)
        assert event.assignee == alice
        assert workflow.assign(event, alice, None).assignee is None

    def test_what_is_anothers_or_for_another_takes_a_permission(self, alice, edith):
        theirs = workflow.assign(make.make_event(), edith, edith)
        for to in (alice, None):
            with pytest.raises(PermissionDenied, match="assign_event"):
                workflow.assign(theirs, alice, to)
        with pytest.raises(PermissionDenied, match="assign_event"):
            workflow.assign(make.make_event(), alice, edith)
        assert workflow.assign(theirs, edith, alice).assignee == alice

    def test_it_goes_to_somebody_who_works_here_and_is_active(self, alice, edith, victor):
        alice.is_active = False
        alice.save()
        for person in (alice, victor):
            with pytest.raises(ValidationError, match="does not work on events"):
                workflow.assign(make.make_event(), edith, person)

    def test_who_may_not_assign_learns_of_no_name(self, alice, edith):
        assert workflow.colleague("alice", alice) == alice
        assert workflow.colleague("", alice) is None
        for name in ("edith", "nobody-here"):
            with pytest.raises(PermissionDenied):
                workflow.colleague(name, alice)
        with pytest.raises(ValidationError, match="nobody-here"):
            workflow.colleague("nobody-here", edith)


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
    version = event.version
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
    assert Event.objects.get(pk=event.pk).version == version + 1


def test_events_that_were_published_elsewhere_are_kept_some_at_a_time(monkeypatch):
    monkeypatch.setattr(arriving, "TOGETHER", 2)
    report = make.make_outlet_report()
    keys = [make.make_whole_event(report=report).pk for _number in range(3)]
    kept: list[int] = []
    with recording.change():
        became = dict.fromkeys(keys, workflow.Became("published"))
        assert workflow.become(became, lambda: kept.append(Event.objects.filter(status="published").count())) == {}
    assert kept == [2, 3]
