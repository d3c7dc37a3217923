"""Every change of every record is in the history, by whatever door it came: who, when, why, from what, to what."""

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.contrib import admin
from django.core import serializers
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connections, transaction
from django.db.models import F, ProtectedError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from events.models import Claim, Correction, Event, Placement, Site
from osint.api import router
from osint.history import recording
from osint.history.models import Entry
from osint.history.verify import faults
from sources.models import Source
from tests import factories as make
from tests.kit.changes import KINDS, change_of, entry_about, kinds, made, newest, sides
from tests.kit.forms import errors, send
from tests.rest import API, given
from tests.rest import client as program

pytestmark = pytest.mark.django_db

RECORDS = kinds()
ADMINS = [model for model in RECORDS if model in admin.site._registry]
REGISTRY: list[Any] = list(router.registry)
VIEWS = {view.queryset.model: (prefix, view) for prefix, view, _name in REGISTRY}
RESTS = [model for model in RECORDS if model in VIEWS]
# Those of which no door changes this column: read only, or told once.
READ_ONLY = {"Correction", "Attachment", "Comment"}
# What a relay quotes, and where, changes at once: see below. A correction never changes.
SINGLY = [model for model in RECORDS if model.__name__ not in {"Relay", "Correction"}]
each_singly = pytest.mark.parametrize("model", SINGLY, ids=lambda model: model.__name__)
each_record = pytest.mark.parametrize("model", RECORDS, ids=lambda model: model.__name__)


def root(record: Any) -> Any:
    """The record that this one belongs to, as stored."""
    whole, key = recording.roots_of(type(record), [record.pk])[record.pk]
    return whole._default_manager.get(pk=key)


def told(record: Any, name: str, new: Any, **circumstances: Any) -> None:
    """The newest change says that this column became this, under these circumstances, just now."""
    entry = entry_about(record)
    assert sides(entry)[name][1] == new
    assert timezone.now() - entry.at < timedelta(minutes=1)
    for circumstance, value in circumstances.items():
        assert getattr(entry, circumstance) == value, circumstance
    body = json.loads(entry.body)
    assert (body["by"] or {}).get("username") == (entry.by.username if entry.by else None)
    assert list(faults()) == []


def test_the_table_knows_every_kind_of_record():
    assert set(KINDS) == {model.__name__ for model in RECORDS}


@each_singly
def test_to_save_is_one_change_and_the_next_version_of_record_and_whole(model, alice):
    record = made(model)
    name, value = change_of(model)
    old, version, whole = getattr(record, name), model._default_manager.get(pk=record.pk).version, root(record).version
    with recording.change(alice, "Read again."):
        setattr(record, name, value)
        record.save()
    told(record, name, value, by=alice, action="change", door="code")
    assert sides(entry_about(record))[name] == (old, value)
    assert model._default_manager.get(pk=record.pk).version == version + 1
    assert root(record).version == whole + 1


@each_record
def test_what_changes_nothing_leaves_no_entry_and_no_version(model):
    record = made(model)
    before, version = Entry.objects.count(), root(record).version
    model._default_manager.get(pk=record.pk).save()
    name, _value = change_of(model)
    model._default_manager.filter(pk=record.pk).update(**{name: F(name)})
    assert (Entry.objects.count(), root(record).version) == (before, version)


@each_singly
def test_what_is_rolled_back_leaves_nothing(model):
    record = made(model)
    name, value = change_of(model)
    before, version = Entry.objects.count(), root(record).version
    setattr(record, name, value)
    with suppress(RuntimeError), recording.change():
        record.save()
        raise RuntimeError
    with suppress(RuntimeError), transaction.atomic():
        model._default_manager.filter(pk=record.pk).update(**{name: value})
        raise RuntimeError
    assert (Entry.objects.count(), root(record).version) == (before, version)
    assert recording.CURRENT.get() is None


@each_singly
@pytest.mark.parametrize("way", ["update", "bulk_update"])
def test_writes_of_many_at_once_are_seen(model, way):
    record = made(model)
    name, value = change_of(model)
    old = getattr(record, name)
    setattr(record, name, value)
    rows = model._default_manager.filter(pk=record.pk)
    assert (
        rows.update(**{name: value}) if way == "update" else model._default_manager.bulk_update([record], [name])
    ) == 1
    assert sides(entry_about(record))[name] == (old, value)
    # Such a write works nothing out, which is its own fault, and no hole in the history.
    assert [str(fault) for fault in faults() if "does not follow" not in str(fault)] == []


def test_a_relay_is_turned_to_another_source():
    relay, other = make.make_relay(), make.make_source()
    version, old = root(relay).version, relay.relayed_source_id
    relay.relayed_source = other
    relay.save()
    said = sides(entry_about(relay))
    assert (said.pop("relayed_source"), said.pop("version"), set(said)) == ((old, other.pk), (1, 2), {"changed_at"})
    assert root(relay).version == version + 1


@each_record
def test_what_is_made_in_bulk_is_seen(model):
    record = made(model)
    try:
        record.delete()
        twin = model._default_manager.bulk_create([again(record)])[0]
    except (ValidationError, ProtectedError):
        assert model is Correction, "it stays once it is made, and no other"
        return
    entry = entry_about(twin)
    assert (entry.action, entry.key) == ("create", twin.pk)
    assert list(faults()) == []


def again(record: Any) -> Any:
    """A record with the same values, not stored."""
    return type(record)(
        **{f.attname: getattr(record, f.attname) for f in record._meta.concrete_fields if not f.primary_key}
    )


@pytest.mark.parametrize("wrong", [{"ignore_conflicts": True}, {"update_conflicts": True}])
def test_what_would_pass_over_the_history_is_refused(wrong):
    with pytest.raises(TypeError, match="changed by itself"):
        Source.objects.bulk_create([], **wrong)


@each_record
@pytest.mark.parametrize("way", ["one", "many"])
def test_what_is_deleted_is_told_with_all_that_goes_along(model, way):
    record = made(model)
    key, whole = record.pk, recording.roots_of(model, [record.pk])[record.pk]
    held = recording.stored(model, [key])[key]
    try:
        record.delete() if way == "one" else model._default_manager.filter(pk=key).delete()
    except ValidationError:
        assert model is Correction
        return
    [entry] = [one for one in newest() if (one.model, one.key) == (model._meta.label_lower, key)]
    assert (entry.action, entry.root_key) == ("delete", whole[1])
    assert {name: old for name, (old, _new) in sides(entry).items()} == {n: v for n, v in held.items() if v is not None}
    assert list(faults()) == []


def test_a_cascade_is_told_record_by_record_in_one_change():
    event = make.make_whole_event()
    make.make_comment(event=event)
    parts = recording.roots_of(Claim, Claim.objects.values_list("pk", flat=True))
    event.delete()
    gone = [entry.model for entry in newest() if entry.action == "delete"]
    assert gone.count("events.claim") == len(parts) == 5
    wanted = {"event", "placement", "involvement", "count", "citation", "claim", "comment"}
    assert {name.split(".")[1] for name in gone} == wanted
    assert list(faults()) == []


def test_a_move_in_a_tree_is_one_change_of_one_node():
    hasakah: Any = make.make_qasrak().parent
    hasakah.parent = None
    hasakah.save()
    assert [(entry.model, entry.key) for entry in newest()] == [("events.site", hasakah.pk)]
    assert list(faults()) == []


@each_singly
def test_a_fixture_is_told_with_the_command_that_loaded_it(model, tmp_path: Path):
    record = made(model)
    name, value = change_of(model)
    path = tmp_path / "changed.json"
    [dumped] = json.loads(
        serializers.serialize("json", [record], use_natural_foreign_keys=True, use_natural_primary_keys=True)
    )
    dumped["fields"][name] = value
    path.write_text(json.dumps([dumped]))
    call_command("loaddata", path, verbosity=0)
    told(record, name, value, door="loaddata", by=None)
    assert f"loaddata {path}" in Entry.objects.order_by("-seq")[0].values.get(field="@why").text


# Doors with a person


@pytest.mark.one_engine
@pytest.mark.parametrize("model", [m for m in ADMINS if m.__name__ not in READ_ONLY], ids=lambda model: model.__name__)
def test_an_admin_form_is_told_with_person_and_request(model, edith, client: Client):
    record = made(model)
    name, value = change_of(model)
    client.force_login(edith)
    page = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[record.pk])
    answer = send(client, page, **{name: value})
    assert answer.status_code == 302, errors(answer)
    told(record, name, value, by=edith, door="admin")
    assert json.loads(entry_about(record).body)["request"] == f"POST {page}"


INLINES = {
    "Placement": "placements",
    "Involvement": "involvements",
    "Count": "counts",
    "SiteName": "names",
    "ActorName": "names",
    "ActorLink": "links",
    "Claim": "claims",
}


@pytest.mark.one_engine
@pytest.mark.parametrize("name", INLINES)
def test_a_row_of_an_admin_form_is_told(name, edith, client: Client):
    model = next(model for model in RECORDS if model.__name__ == name)
    record = made(model)
    column, value = change_of(model)
    whole = record.citation if model is Claim else root(record)
    client.force_login(edith)
    page = reverse(f"admin:events_{whole._meta.model_name}_change", args=[whole.pk])
    before = root(record).version
    answer = send(client, page, **{f"{INLINES[name]}__0__{column}": value})
    assert answer.status_code == 302, errors(answer)
    told(record, column, value, by=edith, door="admin")
    assert root(record).version == before + 1


@pytest.mark.one_engine
@pytest.mark.parametrize("model", [m for m in ADMINS if m.__name__ not in READ_ONLY], ids=lambda model: model.__name__)
def test_an_action_of_a_list_is_told(model, adam, client: Client):
    record = made(model)
    client.force_login(adam)
    page = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    sent = {"action": "delete_selected", "_selected_action": [record.pk], "post": "yes"}
    client.post(page, sent)
    if model._default_manager.filter(pk=record.pk).exists():
        assert "delete_selected" not in client.get(page).content.decode(), "it was offered, so it was to be done"
        return
    entries = [entry for entry in newest() if (entry.model, entry.key) == (model._meta.label_lower, record.pk)]
    assert [(entry.action, entry.by, entry.door) for entry in entries] == [("delete", adam, "admin")]
    assert list(faults()) == []


@pytest.mark.parametrize("model", [m for m in RESTS if m.__name__ not in READ_ONLY], ids=lambda model: model.__name__)
def test_the_api_is_told_with_person_and_request(model, adam):
    record = made(model)
    name, value = change_of(model)
    prefix, view = VIEWS[model]
    address = f"{API}/{prefix}/{getattr(record, view.lookup_field)}/"
    given(program(adam).patch(address, {name: value}, format="json"))
    told(record, name, value, by=adam, door="api")
    assert json.loads(entry_about(record).body)["request"] == f"PATCH {address}"
    answer = program(adam).delete(address)
    assert answer.status_code in {204, 409}, answer.content
    if answer.status_code == 204:
        gone = [entry for entry in newest() if (entry.model, entry.key) == (model._meta.label_lower, record.pk)]
        assert [(entry.action, entry.by) for entry in gone] == [("delete", adam)]


def test_what_is_made_by_the_api_is_told(alice):
    sent = {"slug": "desk", "name_en": "Desk", "kind": "outlet", "reliability": "C", "reliability_reason": "Known."}
    given(program(alice).post(f"{API}/sources/", sent, format="json"), 201)
    told(Source.objects.get(), "slug", "desk", by=alice, door="api", action="create")


def test_a_refused_request_leaves_nothing(alice):
    event = make.make_published_event()
    before = Entry.objects.count(), Event.objects.get().version
    answer = program(alice).patch(f"{API}/events/{event.uuid}/", {"summary_en": "Otherwise."}, format="json")
    assert answer.status_code == 400
    assert (Entry.objects.count(), Event.objects.get().version) == before


# Many at once


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_sixteen_writers_make_no_fork_and_no_gap():
    event, sites = make.make_event(), [make.make_site() for _writer in range(16)]
    start, version = Entry.objects.count(), Event.objects.get().version
    run(lambda n: place(event, sites[n]), 16)
    entries = list(Entry.objects.order_by("seq").values_list("seq", "prev", "hash"))
    assert [seq for seq, _prev, _hash in entries] == list(range(1, len(entries) + 1))
    assert all(one[2] == other[1] for one, other in pairwise(entries))
    # Each placed the event anew: a placement, and the event's next version.
    assert len(entries) == start + 2 * 16
    versions = [
        sides(entry)["version"][1]
        for entry in Entry.objects.filter(model="events.event", seq__gt=start).order_by("seq")
    ]
    assert versions == list(range(version + 1, version + 17))
    assert list(faults()) == []


def place(event: Event, site: Site) -> None:
    """One writer's change."""
    with recording.change(why=f"Near {site.slug}"):
        Placement.objects.create(event=event, site=site, role="near")


def run(work: Any, writers: int) -> None:
    """Do it in as many threads, each with a connection of its own."""

    def one(number: int) -> None:
        try:
            work(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(writers) as pool:
        list(pool.map(one, range(writers)))
