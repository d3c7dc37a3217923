"""What every model owes: an admin, a filter, a serializer, a natural key, a page of documentation.

A model that lacks one on purpose stands here by name, with the reason.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.options import InlineModelAdmin
from django.db.models import Model
from django.urls import reverse
from django_filters import FilterSet
from rest_framework.serializers import ModelSerializer

from events import filters as events_filters
from events import serializers as events_serializers
from osint.api import router
from osint.base.record import Record
from sources import filters as sources_filters
from sources import serializers as sources_serializers

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "data.md").read_text()
# What is kept beside records follows from them, and nobody enters it.
KINDS = [model for label in ("sources", "events") for model in apps.get_app_config(label).get_models()]
MODELS = {model.__name__: model for model in KINDS if issubclass(model, Record)}

# These are read and written as parts of a whole, and found by looking for it.
PARTS = {
    "Placement": "Event",
    "Involvement": "Event",
    "Count": "Event",
    "SiteName": "Site",
    "ActorName": "Actor",
    "ActorLink": "Actor",
}
RECORDS = sorted(MODELS)
LISTED = sorted(set(RECORDS) - set(PARTS))
# Columns that no page needs to explain, because nobody writes them and no door shows them.
SILENT = {"id", "created_at", "changed_at", "created_by", "version", "newest", "span", "shelf"}

each_record = pytest.mark.parametrize("name", RECORDS)


def subclasses(kind: Any) -> Iterator[Any]:
    for child in kind.__subclasses__():
        yield child
        yield from subclasses(child)


def of_ours(kind: Any, *modules: str) -> set[type[Model]]:
    """The models for which a class of this kind stands in these modules."""
    assert modules
    children = {child for child in subclasses(kind) if child.__module__.startswith(modules)}
    return {child.Meta.model for child in children if hasattr(getattr(child, "Meta", None), "model")}


def section(name: str) -> str:
    """What the page says of the model."""
    found = re.search(rf"^### {name}\n(.*?)(?=^##|\Z)", PAGE, re.MULTILINE | re.DOTALL)
    return found[1] if found else ""


def test_the_exemptions_are_of_models_that_there_are():
    assert set(PARTS) | set(PARTS.values()) <= set(MODELS)


@each_record
def test_every_record_has_an_admin(name):
    inlines = {inline.model for inline in subclasses(InlineModelAdmin) if getattr(inline, "model", None)}
    used = {inline.model for page in admin.site._registry.values() for inline in page.inlines}
    registered = MODELS[name] in admin.site._registry
    assert registered or MODELS[name] in used & inlines, f"Register {name} with the admin, or give it an inline."


@each_record
def test_every_record_has_a_serializer(name):
    modules = (sources_serializers.__name__, events_serializers.__name__)
    assert MODELS[name] in of_ours(ModelSerializer, *modules), f"Write a serializer for {name}."


@pytest.mark.parametrize("name", LISTED)
def test_every_listed_record_has_a_filter(name):
    modules = (sources_filters.__name__, events_filters.__name__)
    assert MODELS[name] in of_ours(FilterSet, *modules), f"Write a filterset for {name}."


@pytest.mark.parametrize("name", LISTED)
def test_every_listed_record_has_an_address_in_the_api(name):
    registry: list[Any] = list(router.registry)
    views = {view.queryset.model: basename for _prefix, view, basename in registry}
    assert MODELS[name] in views, f"Register a viewset for {name}."
    assert reverse(f"{views[MODELS[name]]}-list").startswith("/api/v1/")


@pytest.mark.parametrize(("part", "whole"), PARTS.items())
def test_a_part_hangs_on_its_whole(part, whole):
    assert MODELS[whole] in {field.related_model for field in MODELS[part]._meta.fields}


@each_record
def test_every_record_has_a_natural_key(name):
    assert issubclass(MODELS[name], Record)
    assert hasattr(MODELS[name], "natural_key")
    assert hasattr(MODELS[name]._default_manager, "get_by_natural_key")


@each_record
def test_every_record_is_explained(name):
    text = section(name)
    assert text, f"Give {name} a heading “### {name}” in docs/data.md, and say what it is."
    assert "dentified by its " in text, f"docs/data.md does not say what identifies a {name}."
    columns = {f"`{field.name}`" for field in MODELS[name]._meta.concrete_fields if shown(field)}
    missing = {column for column in columns if column not in text}
    assert not missing, f"docs/data.md does not explain these fields of {name}."


def shown(field) -> bool:
    """Whether anyone meets the column: it is entered, kept in files, or made to be read."""
    return field.name not in SILENT and (field.editable or field.serialize or field.name in {"reference", "version"})


def test_the_page_explains_nothing_that_is_not_there():
    for heading in re.findall(r"^### (\w+)$", PAGE, re.MULTILINE):
        assert heading in RECORDS
        known = {field.name for field in MODELS[heading]._meta.concrete_fields}
        rows = re.findall(r"^\| (`.*?) \|", section(heading), re.MULTILINE)
        assert {name for row in rows for name in re.findall(r"`(\w+)`", row)} <= known


@each_record
def test_every_field_that_people_enter_has_a_name_of_its_own(name):
    for field in MODELS[name]._meta.concrete_fields:
        if field.editable and not field.primary_key:
            assert type(field.verbose_name) is not str, f"{name}.{field.name} has no name that can be translated."
