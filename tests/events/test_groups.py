"""The groups: who may view, enter, publish, and administer."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission

pytestmark = pytest.mark.django_db

MODELS = {
    str(model._meta.model_name): model
    for label in ("sources", "events")
    for model in apps.get_app_config(label).get_models()
    if model._meta.default_permissions  # what is kept beside events is nobody's to write
}
LISTS = {"eventtype", "measure", "cue"}
JUDGEMENTS = {name for name in MODELS if name.endswith("judgement")}
# What those who work here say to each other, and think of pairs: no part of what is published.
AMONG_US = JUDGEMENTS | {"comment", "passagenote"}
RECORDS = set(MODELS) - LISTS - AMONG_US - {"correction", "attachment"}


# With which programs come as somebody, who makes and revokes them.
TOKENS = {"view_token", "add_token", "delete_token"}
# What is exchanged with others: to let it in, to undo that, and to see from whom and what has left.
BUNDLES = {"view_key", "view_departure", "view_arrival", "add_arrival", "undo_arrival"}


def may(group: str) -> set[str]:
    """What the group may do, by codename."""
    return set(Group.objects.get(name=group).permissions.values_list("codename", flat=True))


def all_of(verb: str, models: set[str]) -> set[str]:
    return {f"{verb}_{model}" for model in models}


def test_there_are_four_groups():
    assert set(Group.objects.values_list("name", flat=True)) == {"Viewer", "Analyst", "Editor", "Administrator"}


def test_a_viewer_views_what_may_be_published_and_changes_nothing():
    assert may("Viewer") == all_of("view", set(MODELS) - AMONG_US) | TOKENS


def test_an_analyst_enters_and_submits_and_does_not_publish():
    extra = {"submit_event", "view_entry", "view_comment", "add_comment", "add_attachment", "delete_attachment"}
    extra |= extra.union(*(all_of(verb, RECORDS) for verb in ("add", "change", "delete")))
    ours = JUDGEMENTS | {"passagenote"}
    extra |= extra.union(*(all_of(verb, ours) for verb in ("view", "add", "change", "delete")))
    assert may("Analyst") == may("Viewer") | extra


def test_an_editor_also_publishes_retracts_and_keeps_the_lists():
    extra = {"publish_event", "retract_event", "merge_event", "assign_event", "see_red_event"}
    extra |= extra.union(*(all_of(verb, LISTS) for verb in ("add", "change", "delete")))
    extra |= BUNDLES
    assert may("Editor") == may("Analyst") | extra


def test_an_administrator_also_keeps_the_users():
    extra = {"view_user", "add_user", "change_user", "delete_user", "view_group", "redact_entry", "keep_tokens"}
    extra |= {"add_key", "change_key"}  # whom we trust
    assert may("Administrator") == may("Editor") | extra


def test_nobody_writes_a_correction_or_an_entry_of_the_history_by_hand():
    written = ("correction", "_entry")
    for group in ("Viewer", "Analyst", "Editor", "Administrator"):
        assert not {p for p in may(group) if p.endswith(written) and not p.startswith(("view", "redact"))}


def test_what_was_said_stays():
    for group in ("Viewer", "Analyst", "Editor", "Administrator"):
        assert not may(group) & {"change_comment", "delete_comment", "change_attachment"}


def test_only_an_administrator_may_make_anyone_an_administrator(alice, edith, victor, adam):
    assert [person.has_perm("auth.change_user") for person in (alice, edith, victor, adam)] == [False] * 3 + [True]
    assert not adam.is_superuser
    assert Permission.objects.filter(content_type__app_label="events", codename="publish_event").count() == 1
