"""What nobody has changed stays as it is: saving it again, or bringing it back, is no work on an event."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from events import entry, workflow
from events.choices import Facet
from events.models import Claim, Event
from osint.history import recording
from osint.history.models import Entry
from osint.history.revert import revert
from tests import factories as make
from tests.events.test_api_events import EVENTS, incident
from tests.kit.forms import send
from tests.rest import client as rest
from tests.rest import given

# A form asks and writes as any other door: what it asks, tests of the models and of the API ask on both engines.
pytestmark = [pytest.mark.django_db, pytest.mark.one_engine]

LONGER = f"{make.WORDS[Facet.WHEN]}، صباحاً"


def entered(by, **overrides) -> Event:
    """An event that this person has entered in one request."""
    return Event.objects.get(uuid=given(rest(by).post(EVENTS, incident(**overrides)), 201)["uuid"])


def save_unchanged(browser, event, **changes) -> None:
    assert send(browser, reverse("admin:events_event_change", args=[event.pk]), **changes).status_code == 302


def test_the_form_saved_unchanged_by_a_colleague_changes_nothing(client, edith, alice):
    event = entered(edith, when_phrase="")
    before = list(Claim.objects.order_by("pk").values())
    client.force_login(alice)
    save_unchanged(client, event)
    assert Event.objects.get().when_phrase == ""
    assert list(Claim.objects.order_by("pk").values()) == before
    assert workflow.is_alone(event, edith)
    assert not Entry.objects.filter(by=alice, values__field="when_phrase").exists()


def test_a_claim_that_says_more_than_is_held_stays_when_the_form_is_saved(client, edith, alice):
    event = entered(edith)
    claim = Claim.objects.get(facet=Facet.WHEN)
    claim.when_phrase = LONGER
    claim.save()
    client.force_login(alice)
    save_unchanged(client, event, summary_en="A convoy of trucks.")
    claim.refresh_from_db()
    assert claim.when_phrase == LONGER
    save_unchanged(client, event, when_phrase="that day")
    claim.refresh_from_db()
    assert claim.when_phrase == "that day"


def test_the_same_words_elsewhere_in_the_report_are_another_place():
    event = make.make_event()
    citation = entry.cite(event, make.make_report(text="قافلة ثم قافلة"))
    claim = entry.state(citation, Facet.WHAT, event, "قافلة", start=0)
    moved = entry.state(citation, Facet.WHAT, event, "قافلة", start=9, former=claim)
    assert moved is not None
    assert moved.start == 9


@pytest.mark.parametrize("deleter", ["edith", "adam"])
def test_a_draft_deleted_and_brought_back_is_nobody_elses_work(edith, adam, deleter):
    event = entered(edith)
    rest_of = given(rest(edith).get(f"{EVENTS}{event.uuid}/"))
    who = {"edith": edith, "adam": adam}[deleter]
    with recording.change(who):
        event.delete()
    revert(Entry.objects.order_by("-seq")[0], adam, "It was deleted by mistake.")
    back = Event.objects.get(uuid=rest_of["uuid"])
    assert workflow.is_alone(back, edith)
    with workflow.changing(back, adam):
        Event.objects.filter(pk=back.pk).update(summary_en="About 25 trucks.")
    assert not workflow.is_alone(back, edith)


@pytest.mark.parametrize("is_part_merged", [True, False])
def test_a_part_is_no_duplicate_of_its_whole(edith, is_part_merged):
    whole = make.make_whole_event(is_aggregate=True)
    part = make.make_event(part_of=whole)
    event, other = (part, whole) if is_part_merged else (whole, part)
    with pytest.raises(ValidationError, match=f"{part.reference} is part of {whole.reference}, so it is no duplicate"):
        workflow.merge(event, edith, other, "One.")


@pytest.mark.parametrize("status", ["retracted", "merged"])
def test_nothing_becomes_part_of_what_no_longer_stands_and_what_was_part_stays_so(edith, status):
    whole = make.make_published_event(is_aggregate=True)
    part = make.make_event(part_of=whole)
    if status == "retracted":
        workflow.retract(whole, edith, "A video from 2019.")
    else:
        # A part keeps its whole from being merged: this one was made before that was so.
        Event.objects.filter(pk=whole.pk).update(status="merged", merged_into=make.make_published_event())
    part = Event.objects.get(pk=part.pk)
    part.summary_en = "Ten trucks."
    part.full_clean()
    part.save()
    new = make.make_event()
    new.part_of = Event.objects.get(pk=whole.pk)
    with pytest.raises(ValidationError, match="so nothing becomes part of it"):
        new.full_clean()
    with pytest.raises(ValidationError, match="so nothing becomes part of it"):
        new.save()
