"""Judgements on pairs: whose word they are, changed, withdrawn, kept in the history, seen by those who work here."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from events.models import ActorJudgement, EventJudgement, SiteJudgement
from osint.base.judgements import Judgement, judge, judgements_on, withdraw
from osint.history.models import Entry
from osint.history.revert import revert
from osint.history.verify import faults
from sources.choices import Tlp
from sources.models import ReportJudgement
from tests import factories as make

pytestmark = pytest.mark.django_db

KINDS: list[tuple[Any, Any]] = [
    (EventJudgement, make.make_event),
    (ReportJudgement, make.make_report),
    (SiteJudgement, make.make_site),
    (ActorJudgement, make.make_actor),
]
each_kind = pytest.mark.parametrize(("model", "make_one"), KINDS, ids=lambda found: getattr(found, "__name__", ""))


def test_these_are_all_kinds():
    assert {model for model, _make_one in KINDS} == set(Judgement.__subclasses__())


@each_kind
def test_a_judgement_is_one_row_for_a_pair_whichever_was_looked_at(model, make_one, alice):
    one, other = make_one(), make_one()
    kept = judge(other, one, alice, "unsure", "The names differ.")
    assert judgements_on(type(one)) == model
    assert isinstance(kept, model)
    stored = model.objects.get()
    assert (stored.first, stored.second, stored.verdict, stored.reason) == (one, other, "unsure", "The names differ.")
    assert stored.created_by == alice
    assert stored.other_than(one) == other
    assert stored.other_than(other) == one


@each_kind
def test_who_judges_again_changes_the_row_and_it_becomes_that_persons_word(model, make_one, alice, edith):
    one, other = make_one(), make_one()
    judge(one, other, alice, "unsure")
    judge(other, one, edith, "not_same", "Two days lie between them.")
    stored = model.objects.get()
    assert (stored.verdict, stored.created_by, stored.version) == ("not_same", edith, 2)
    entries = list(Entry.objects.about(model._meta.label_lower, stored.pk))
    assert [(entry.action, entry.by) for entry in entries] == [("create", alice), ("change", edith)]
    assert {value.field for value in entries[1].values.all()} >= {"verdict", "reason", "created_by"}


@each_kind
def test_the_same_word_again_stays_who_said_it_first(model, make_one, alice, edith):
    one, other = make_one(), make_one()
    judge(one, other, alice, "same", "One place.")
    judge(one, other, edith, "same", "One place.")
    stored = model.objects.get()
    assert (stored.created_by, stored.version) == (alice, 1)


@each_kind
def test_a_judgement_is_withdrawn_and_the_history_remembers_it(model, make_one, alice):
    kept = judge(make_one(), make_one(), alice, "same")
    key = kept.pk
    withdraw(kept, alice)
    assert not model.objects.exists()
    entries = Entry.objects.about(model._meta.label_lower, key)
    assert [entry.action for entry in entries] == ["create", "delete"]


@each_kind
def test_a_viewer_neither_judges_nor_withdraws_nor_sees(model, make_one, alice, victor):
    one, other = make_one(), make_one()
    with pytest.raises(PermissionDenied, match="add_"):
        judge(one, other, victor, "same")
    kept = judge(one, other, alice, "same")
    with pytest.raises(PermissionDenied, match="change_"):
        judge(one, other, victor, "not_same")
    with pytest.raises(PermissionDenied, match="delete_"):
        withdraw(kept, victor)
    assert model.objects.get().verdict == "same"
    for nobody in (victor, AnonymousUser()):
        assert not model.objects.visible_to(nobody).exists()
    assert model.objects.visible_to(alice).exists()


@each_kind
def test_a_record_is_not_judged_beside_itself(model, make_one, alice):
    one = make_one()
    with pytest.raises(ValidationError, match="different"):
        judge(one, one, alice, "same")
    assert not model.objects.exists()


@each_kind
def test_a_verdict_is_one_of_three(model, make_one, alice):
    with pytest.raises(ValidationError):
        judge(make_one(), make_one(), alice, "perhaps")
    assert not model.objects.exists()


@each_kind
def test_a_second_row_for_a_pair_is_refused_by_the_model_and_the_database(model, make_one, alice):
    one, other = make_one(), make_one()
    judge(one, other, alice, "same")
    with pytest.raises(ValidationError, match="There is a judgement on these two already"):
        model(first=other, second=one, verdict="unsure").full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.bulk_create([model(first=one, second=other, verdict="unsure")])


@pytest.mark.parametrize(("model", "make_one"), KINDS[:2], ids=["EventJudgement", "ReportJudgement"])
def test_who_does_not_see_both_can_neither_judge_them_nor_see_what_was_said(model, make_one, alice, edith):
    one, hidden = make_one(), make_one(tlp=Tlp.RED)
    with pytest.raises(ValidationError, match="that are there"):
        judge(one, hidden, alice, "same")
    judge(one, hidden, edith, "same")
    assert model.objects.visible_to(edith).exists()
    assert not model.objects.visible_to(alice).exists()


def test_judgements_go_with_a_draft_that_is_deleted(alice):
    one = make.make_event()
    judge(one, make.make_event(), alice, "same")
    one.delete()
    assert not EventJudgement.objects.exists()


@each_kind
def test_a_reverted_judgement_is_the_word_of_whoever_said_it_before(model, make_one, alice, edith, adam):
    one, other = make_one(), make_one()
    judge(one, other, alice, "same", "One bridge.")
    judge(one, other, edith, "not_same", "Two bridges.")
    revert(Entry.objects.filter(model=model._meta.label_lower).latest("seq"), adam, "It is one.")
    stored = model.objects.get()
    assert (stored.verdict, stored.reason, stored.created_by) == ("same", "One bridge.", alice)
    assert list(faults()) == []
