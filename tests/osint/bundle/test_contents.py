"""What travels: each model and each field is on the list by name, or refused here by name."""

from typing import Any

import pytest
from django.apps import apps

from osint.base.record import Record
from osint.bundle.contents import BY_LABEL, FIELDS, MODELS, PLACES, key_field, may_lack, references

# What stays here, and why.
STAYS = {
    "sources.passagenote": "for those who work here",
    "events.comment": "for those who work here",
    "sources.reportjudgement": "one group's opinion of its own pairs",
    "events.eventjudgement": "one group's opinion of its own pairs",
    "events.sitejudgement": "one group's opinion of its own pairs",
    "events.actorjudgement": "one group's opinion of its own pairs",
    "events.term": "follows from the events",
    "events.backing": "follows from the events",
    "events.document": "follows from the events",
}
OTHER_APPS = {"auth", "contenttypes", "sessions", "admin", "knox", "history", "access", "bundle", "changes"}
# What every record has, of one installation only.
OF_RECORDS = {"id", "created_at", "changed_at", "created_by", "version", "uuid", "slug"}
FIELDS_THAT_STAY = {
    "sources.report": {"status", "assignee", "note"},
    "events.event": {
        "reference", "status", "published_at", "retraction_reason", "assignee", "is_sent_back", "merged_into",
    },
    "events.correction": {"made_by"},
}  # fmt: skip
INSTALLED = sorted(apps.get_models(), key=lambda model: model._meta.label_lower)


@pytest.mark.parametrize("model", INSTALLED, ids=lambda model: model._meta.label_lower)
def test_every_installed_model_travels_or_is_refused_by_name(model):
    label = model._meta.label_lower
    refused = label in STAYS or model._meta.app_label in OTHER_APPS
    assert refused != (label in BY_LABEL), f"{label}: put it on the list (osint.bundle.contents), or say here why not."


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label_lower)
def test_every_field_of_what_travels_travels_or_is_refused_by_name(model):
    worked_out = {field.name for field in model._meta.concrete_fields if field.name in model.worked_out()}
    stays = OF_RECORDS | worked_out | FIELDS_THAT_STAY.get(model._meta.label_lower, set())
    known = {field.name for field in model._meta.concrete_fields}
    assert set(FIELDS[model]) == known - stays
    assert not model._meta.many_to_many


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label_lower)
def test_what_travels_goes_by_a_key_that_travels_and_after_what_it_needs(model):
    assert issubclass(model, Record)
    assert model._meta.get_field(key_field(model)).unique
    for name, other in references(model).items():
        assert other is model or PLACES[other] < PLACES[model], name


def test_what_may_be_left_out_could_be_left_blank():
    for model in MODELS:
        for name in may_lack(model):
            field: Any = model._meta.get_field(name)
            assert field.blank
            assert field.null or field.get_default() == ""
