"""Reverting one change: what it did is taken back, where nothing has come since; what has to stay is told."""

from contextlib import suppress
from threading import Event as Signal
from threading import Thread
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connections
from django.test import Client
from django.urls import reverse

from events import workflow
from events.models import Actor, ActorName, Citation, Claim, Correction, Event, Placement, Site
from osint.base import removal
from osint.history import recording
from osint.history.models import Entry
from osint.history.redaction import redact
from osint.history.revert import revert
from osint.history.verify import faults
from sources.models import Report
from tests import factories as make
from tests.kit.changes import change_of, kinds, made, newest
from tests.kit.forms import everything
from tests.rest import API, client, given, refused

pytestmark = pytest.mark.django_db

# What stays as it was entered, or has no door through which one would change it.
STAYS = {"Correction", "Attachment", "Relay", "Comment"}
each_kind = pytest.mark.parametrize(
    "model", [model for model in kinds() if model.__name__ not in STAYS], ids=lambda model: model.__name__
)
# What the history itself says of a record differs, of course.
TOUCHED = {"version", "changed_at"}


def held(model: Any) -> dict[int, Any]:
    """What is stored of this kind, as the history would tell it."""
    rows = recording.stored(model, model._default_manager.values_list("pk", flat=True))
    return {key: {name: value for name, value in row.items() if name not in TOUCHED} for key, row in rows.items()}


def last() -> Entry:
    return newest()[-1]


@each_kind
def test_a_change_of_any_kind_of_record_is_undone(model, adam):
    record = made(model)
    before = held(model)
    name, value = change_of(model)
    setattr(record, name, value)
    record.full_clean()
    record.save()
    undone = revert(last(), adam, "It was right before.")
    assert held(model) == before
    assert undone.kept == []
    entry = newest()[-1]
    assert (entry.change, entry.by) == (undone.change.uuid, adam)
    assert list(faults()) == []


@each_kind
def test_what_was_made_goes_and_what_was_deleted_comes_back_under_its_own_identity(model, adam):
    record = made(model)
    before = held(model)
    key = record.pk
    record.delete()
    revert(last(), adam, "It was deleted by mistake.")
    assert held(model) == before
    assert model._default_manager.filter(pk=key).exists()
    revert(last(), adam, "No, it was not.")
    assert not model._default_manager.filter(pk=key).exists()
    assert list(faults()) == []


def test_a_deleted_draft_comes_back_with_all_that_it_had_in_one_change(adam):
    event = make.make_whole_event()
    models = (Event, Placement, Citation, Claim)
    before = [held(model) for model in models]
    event.delete()
    assert not Claim.objects.exists()
    revert(last(), adam, "It is no duplicate.")
    assert [held(model) for model in models] == before
    assert {entry.root_model for entry in newest()} == {"events.event"}
    assert {entry.root_key for entry in newest()} == {Event.objects.get().pk}
    assert list(faults()) == []


def test_it_is_undone_whole_rows_in_place_of_others_included(adam):
    event = make.make_event()
    site = make.make_site()
    make.make_placement(event=event, site=site)
    before = held(Placement)
    with recording.change():
        Placement.objects.all().delete()
        make.make_placement(event=event, site=site)
        event.summary_en = "Somewhere else."
        event.save()
    revert(newest()[0], adam, "It was there.")
    assert held(Placement) == before
    assert Event.objects.get().summary_en != "Somewhere else."


# Refused


def test_it_needs_a_reason(adam):
    make.make_source()
    with pytest.raises(ValidationError, match="Say why"):
        revert(last(), adam, "  ")


def test_a_value_that_changed_since_is_named_with_who_and_now(adam, alice):
    site = make.make_site()
    site.note = "Two kilometres off."
    site.save()
    change = last()
    with recording.change(alice):
        site.note = "Three kilometres off."
        site.save()
    before = everything()
    with pytest.raises(ValidationError, match=r"“note” of site .* is “Three kilometres off.” now: alice \(.* UTC\)"):
        revert(change, adam, "Wrong.")
    assert everything() == before
    with recording.change(alice):
        site.note = "Two kilometres off."
        site.save()
    revert(change, adam, "What it holds is what the change gave it, again.")
    assert Site.objects.get().note == ""


def test_what_was_made_stays_where_somebody_has_filled_it_in_since(adam, alice):
    site = make.make_site(note="", latitude=None, longitude=None, precision_m=None)
    change = last()
    with recording.change(alice):
        site.note = "By the river."
        site.save()
    with pytest.raises(ValidationError, match=r"“note” of site .* is “By the river.” now: alice"):
        revert(change, adam, "Wrong.")
    with recording.change(alice):
        Site.objects.filter(pk=site.pk).update(note="")
        Site.objects.filter(pk=site.pk).update(latitude=36, longitude=40, precision_m=10)
    with pytest.raises(ValidationError, match=r"“latitude” of site .* now: alice"):
        revert(change, adam, "Wrong.")


def test_what_was_deleted_since_is_said(adam, alice):
    name = make.make_actor_name()
    name.text = "لقب آخر"
    name.save()
    change = last()
    with recording.change(alice):
        name.delete()
    with pytest.raises(ValidationError, match=r"was deleted since, by alice"):
        revert(change, adam, "Wrong.")


def test_what_was_made_and_has_more_since_stays(adam):
    actor = make.make_actor()
    change = last()
    make.make_actor_name(actor=actor)
    with pytest.raises(ValidationError, match="has more since than this change gave it: spellings of actors"):
        revert(change, adam, "Made twice.")
    assert Actor.objects.exists()
    assert ActorName.objects.exists()


@pytest.mark.engine("postgresql")  # SQLite has one writer at a time
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_nobody_adds_anything_once_it_was_looked_at_what_goes_along(adam, monkeypatch):
    other, actor = make.make_actor(), make.make_actor()
    looked, adding, change = removal.resting_on, Signal(), last()

    def resting_on(doomed: removal.Keys) -> Any:
        found = looked(doomed)
        adding.set()
        thread.join(0.3)  # long enough to judge, if that could be done
        return found

    def judge() -> None:
        adding.wait()
        with suppress(IntegrityError, ValidationError):
            make.make_actor_judgement(first=other, second=actor)
        connections.close_all()

    thread = Thread(target=judge)
    thread.start()
    with monkeypatch.context() as patched:
        patched.setattr(removal, "resting_on", resting_on)
        revert(change, adam, "Made twice.")
    thread.join()
    assert list(Actor.objects.all()) == [other]
    assert not Entry.objects.filter(model="events.actorjudgement").exists()


def test_a_redacted_value_cannot_be_set_back(adam):
    site = make.make_site(note="A name that has to go.")
    site.note = "No name."
    site.save()
    change = last()
    redact(change.seq, "note", adam, "A person's name.")
    with pytest.raises(ValidationError, match=r"redacted \(note\)"):
        revert(change, adam, "Wrong.")
    with pytest.raises(ValidationError, match="A redaction cannot be undone"):
        revert(Entry.objects.order_by("-seq")[0], adam, "Wrong.")


@pytest.mark.parametrize("group", ["Viewer", None])
def test_who_may_not_change_the_record_may_not_revert(group):
    site = make.make_site()
    site.note = "Two kilometres off."
    site.save()
    person = make.make_user("paula", group) if group else User.objects.create_user("paula")
    with pytest.raises(PermissionDenied):
        revert(last(), person, "Wrong.")


def test_a_rule_that_would_be_broken_refuses_as_at_any_door(adam):
    report = make.make_report()
    report.text = f"{report.text} One more line."
    report.save()
    change = last()
    make.make_claim(citation=make.make_citation(report=report), facet="what")
    with pytest.raises(ValidationError, match="quoted"):
        revert(change, adam, "As published.")
    assert Report.objects.get().text.endswith("One more line.")


@pytest.mark.parametrize(("make_one", "named"), [(make.make_citation, "report"), (make.make_claim, "citation")])
def test_what_names_something_that_was_deleted_since_does_not_come_back(make_one, named, adam):
    record = make_one()
    target = getattr(record, named)
    record.delete()
    change = last()
    target.delete()
    with pytest.raises(ValidationError, match=rf"that it names \({named}\) is not there any more"):
        revert(change, adam, "Still needed.")
    assert not type(record)._default_manager.exists()


# Events


def correct(event: Event, by: Any) -> Entry:
    """Hold thirty, as a judgement; the entry that says so."""
    with workflow.changing(event, by, "Counted again."):
        count = event.counts.get()
        count.best, count.basis, count.reason = 30, "inferred", "From the film."
        count.save()
    return next(entry for entry in newest() if entry.model == "events.count")


def test_of_a_published_event_it_is_a_public_correction_and_claims_stay(alice, edith):
    event = make.make_published_event()
    claims = held(Claim)
    undone = revert(correct(event, alice), edith, "The film is older.")
    assert event.counts.get().best == 25
    assert held(Claim) == claims
    assert Correction.objects.first().reason == "The film is older."  # type: ignore[union-attr]
    assert undone.kept == ["What belongs to what was published stays: correction."]
    assert "Reverts entry" in newest()[0].values.get(field="@why").text


def test_what_would_lose_its_support_is_refused(edith):
    event = make.make_whole_event()
    Claim.objects.filter(facet="how_many").delete()
    count = event.counts.get()
    count.basis, count.reason = "inferred", "From the film."
    count.save()
    change = last()

    Event.objects.filter(pk=event.pk).update(status="published", published_at=event.created_at)
    with pytest.raises(ValidationError, match="no accepted claim states"):
        revert(change, edith, "A report says it.")


def test_a_move_is_answered_by_a_move(alice, edith):
    event = make.make_whole_event()
    workflow.submit(event, alice)
    before = everything()
    with pytest.raises(ValidationError, match="A move is not reverted but answered by another move: status"):
        revert(last(), edith, "Not ready.")
    assert everything() == before


def test_a_retracted_event_stays(alice, edith):
    event = make.make_published_event()
    change = correct(event, alice)
    workflow.retract(event, edith, "The outlet withdrew it.")
    with pytest.raises(ValidationError, match="was retracted, and stays"):
        revert(change, edith, "Wrong.")


# By REST and in the admin


def test_the_api_says_409_for_what_came_since_and_403_404_for_who_may_not(alice, victor):
    site = make.make_site()
    site.note = "Two kilometres off."
    site.save()
    change = last()
    address = f"{API}/history/{change.seq}/revert/"
    refused(client(alice).post(address, {}, format="json"), "reason")
    refused(client(alice).post(address, {"reason": "Wrong.", "force": True}, format="json"), "force")
    refused(client(victor).post(address, {"reason": "Wrong."}, format="json"), "There is nothing at", status=404)
    refused(client(None).post(address, {"reason": "Wrong."}, format="json"), "There is nothing at", status=404)
    alice.user_permissions.clear()
    reader = make.make_user("rita", "Viewer")
    reader.user_permissions.add(Permission.objects.get(codename="view_entry"))
    refused(client(reader).post(address, {"reason": "Wrong."}, format="json"), status=403)
    given(client(alice).post(address, {"reason": "Wrong."}, format="json"))
    assert Site.objects.get().note == ""
    refused(client(alice).post(address, {"reason": "Wrong."}, format="json"), "changed it since", "alice", status=409)


def test_the_button_says_what_is_refused_and_leads_to_the_list_when_the_record_is_gone(adam, client: Client):
    site = make.make_site()
    change = last()
    client.force_login(adam)
    page = reverse("admin:events_site_history", args=[site.pk])
    assert "Say why" in client.post(page, {"seq": change.seq, "reason": ""}, follow=True).content.decode()
    assert client.post(page, {"seq": "x", "reason": "Made twice."}).status_code == 403
    other = make.make_measure()
    assert client.post(page, {"seq": last().seq, "reason": "Another's."}).status_code == 403
    assert other.pk
    answer = client.post(page, {"seq": change.seq, "reason": "Made twice."})
    assert answer.headers["Location"] == reverse("admin:events_site_changelist")
    assert not Site.objects.exists()
