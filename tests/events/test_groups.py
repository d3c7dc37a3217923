"""The groups: who may view, enter, publish, and administer."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission

pytestmark = pytest.mark.django_db

MODELS = {
    str(model._meta.model_name): model
    for label in ("sources", "events")
    for model in apps.get_app_config(label).get_models()
}
SERIES = {"referenceseries"}
LISTS = {"eventtype", "measure"}
RECORDS = set(MODELS) - SERIES - LISTS - {"correction"}


def may(group: str) -> set[str]:
    """What the group may do, by codename."""
    return set(Group.objects.get(name=group).permissions.values_list("codename", flat=True))


def all_of(verb: str, models: set[str]) -> set[str]:
    return {f"{verb}_{model}" for model in models}


def test_there_are_four_groups():
    assert set(Group.objects.values_list("name", flat=True)) == {"Viewer", "Analyst", "Editor", "Administrator"}


def test_a_viewer_views_everything_and_changes_nothing():
    assert may("Viewer") == all_of("view", set(MODELS) - SERIES)


def test_an_analyst_enters_and_submits_and_does_not_publish():
    extra = {"submit_event"}.union(*(all_of(verb, RECORDS) for verb in ("add", "change", "delete")))
    assert may("Analyst") == may("Viewer") | extra


def test_an_editor_also_publishes_retracts_and_keeps_the_lists():
    extra = {"publish_event", "retract_event"}.union(*(all_of(verb, LISTS) for verb in ("add", "change", "delete")))
    assert may("Editor") == may("Analyst") | extra


def test_an_administrator_also_keeps_the_users():
    extra = {"view_user", "add_user", "change_user", "delete_user", "view_group"}
    assert may("Administrator") == may("Editor") | extra


def test_nobody_writes_a_correction_or_a_series_by_hand():
    for group in ("Viewer", "Analyst", "Editor", "Administrator"):
        assert not {p for p in may(group) if p.endswith(("correction", "series")) and not p.startswith("view")}


def test_only_an_administrator_may_make_anyone_an_administrator(alice, edith, victor, adam):
    assert [person.has_perm("auth.change_user") for person in (alice, edith, victor, adam)] == [False] * 3 + [True]
    assert not adam.is_superuser
    assert Permission.objects.filter(content_type__app_label="events", codename="publish_event").count() == 1
