"""Cutting bundles: the same content is the same bytes, whole or not at all, and a delta goes on from an earlier one."""

import io
import json
import sys
from types import SimpleNamespace
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone

from events import workflow
from events.models import Event, Site
from osint.bundle import departures, export, keys
from osint.bundle.entries import Refusal
from osint.bundle.leaving import Cut
from osint.bundle.models import Arrival, Departure, Installation
from osint.history import heads
from osint.keeping import restore
from tests import factories as make
from tests.kit import bundles

pytestmark = pytest.mark.django_db
LISTS = ("fixture.json", "states.json", "edits.json")


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "bundle"


def again(folder, name="again"):
    return folder.with_name(name)


# Bytes


def test_the_same_content_is_the_same_bytes(folder):
    make.make_published_event()
    bundles.cut(folder)
    bundles.cut(again(folder), signer=keys.make("Another"))
    assert all((folder / name).read_bytes() == (again(folder) / name).read_bytes() for name in LISTS)
    assert (folder / "manifest.json").read_bytes() != (again(folder) / "manifest.json").read_bytes()


def test_the_same_files_are_the_same_zip(folder, monkeypatch):
    uuid, now = make.make_report().uuid, timezone.now()
    head = {"seq": 1, "hash": "", "at": "", "key": "", "signature": ""}
    monkeypatch.setattr(timezone, "now", lambda: now)
    monkeypatch.setattr(heads, "signed", lambda: head)
    monkeypatch.setattr(export, "numbered", lambda: SimpleNamespace(uuid=uuid, sequence=7))
    monkeypatch.setattr(Departure.objects, "create", SimpleNamespace)
    paths = [folder.with_name(name) for name in ("one.zip", "two.zip")]
    for path in paths:
        bundles.cut(path)
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_a_record_reads_well_and_letters_are_letters(folder):
    event = make.make_whole_event()
    bundles.cut(folder)
    text = (folder / "fixture.json").read_text()
    assert f'    "uuid": "{event.uuid}",\n    "when": "2025-11-12",\n' in text
    assert '    "type": ["convoy-arrival"],\n' in text
    assert '    "summary_ar": "وصول قافلة إمداد للتحالف الدولي.",\n' in text
    assert text.endswith("  }\n}\n]\n")


def test_what_is_alone_in_a_database_comes_first_whatever_its_letters(folder):
    slugs = ["b-1", "b", "a-b", "ab", "a"]
    for slug in slugs:
        make.make_source(slug=slug)
    bundles.cut(folder)
    assert [row["fields"]["slug"] for row in bundles.told(folder)] == sorted(slugs)


def test_the_fixture_alone_fills_an_empty_database_and_comes_out_as_it_went_in(folder):
    with transaction.atomic():
        total = make.make_event(is_aggregate=True, when="2024")
        make.make_published_event(part_of=total)
        make.make_attachment(report=make.make_report(updates=make.make_report()))
        make.make_correction(event=total)
        make.make_actor_link()
        bundles.cut(folder, attachments=True)
        transaction.set_rollback(True)
    fixture = (folder / "fixture.json").read_bytes()
    call_command("loaddata", str(folder / "fixture.json"), verbosity=0)
    assert {event.status for event in Event.objects.all()} == {"draft"}
    bundles.cut(again(folder), attachments=True)
    assert (again(folder) / "fixture.json").read_bytes() == fixture


def test_what_is_read_is_what_was_written(folder):
    make.make_published_event()
    bundles.trusted()
    bundles.cut(folder)
    entries = bundles.read(folder)
    assert [(entry.model._meta.label_lower, entry.fields) for entry in entries] == [
        (row["model"], {name: value for name, value in row["fields"].items() if name not in {"uuid", "slug"}})
        for row in bundles.told(folder)
    ]
    assert entries[3].where == "fixture.json, entry 4"


def test_attachments_leave_where_they_are_asked_for(folder):
    attachment = make.make_attachment(content=b"%PDF-1.7 page")
    bundles.cut(folder)
    assert not (folder / "files").exists()
    bundles.cut(folder, attachments=True)
    assert (folder / "files" / attachment.sha256).read_bytes() == b"%PDF-1.7 page"
    bundles.trusted()
    assert bundles.read(folder)
    attachment.file.storage.delete(str(attachment.file.name))
    with pytest.raises(Refusal, match=r"The file of “page.pdf” is not there"):
        bundles.cut(folder, attachments=True)


# Where it goes


def test_what_cannot_be_cut_leaves_nothing_behind(folder, monkeypatch):
    make.make_source()
    monkeypatch.setattr(export.Export, "write_fates", lambda *_args: 1 / 0)
    for path in (folder, folder.with_name("b.zip")):
        with pytest.raises(ZeroDivisionError):
            bundles.cut(path)
    assert not list(folder.parent.iterdir())


def test_what_did_not_get_where_it_was_meant_has_not_left(folder):
    full: Any = SimpleNamespace(write=io.BytesIO().write, flush=lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        export.cut(export.Export(Cut()), full, as_folder=False)
    assert not Departure.objects.exists()
    with pytest.raises(CommandError, match=r"^No bundle was cut: “.*” cannot be written: File name too long.$"):
        call_command("export_bundle", output=f"{folder}{'x' * 300}.zip")
    assert bundles.cut(folder).sequence > 1  # what was signed under a number stays so


def test_a_folder_is_written_over_and_keeps_its_versions(folder):
    (folder / ".git").mkdir(parents=True)
    (folder / ".git" / "HEAD").write_text("ref")
    bundles.cut(folder, attachments=True)
    make.make_source(slug="sohr")
    call_command("export_bundle", output=str(folder), verbosity=0)
    assert bundles.keys(folder, "sources.source") == {"sohr"}
    assert not (folder / "manifest.sig").exists()
    assert (folder / ".git" / "HEAD").exists()
    assert bundles.read(folder, unsigned=True)


def test_nothing_else_is_written_over(folder):
    folder.mkdir()
    (folder / "novel.txt").write_text("x")
    with pytest.raises(CommandError, match=r"holds “novel.txt”, which is of no bundle"):
        call_command("export_bundle", output=str(folder))
    with pytest.raises(CommandError, match="There is no folder “"):
        call_command("export_bundle", output=str(folder / "nowhere" / "b.zip"))
    with pytest.raises(CommandError, match="is a file"):
        call_command("export_bundle", output=str(folder / "novel.txt"))


def test_a_bundle_goes_through_a_pipe(monkeypatch):
    make.make_source(slug="sohr")
    pipe = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", SimpleNamespace(buffer=pipe))
    call_command("export_bundle", output="-", stderr=io.StringIO())
    assert b"sohr" in ZipFile(pipe).read("fixture.json")
    pipe.seek(0)
    assert len(bundles.read(pipe, unsigned=True)) == 1


def test_the_command_says_what_it_did(folder):
    told = io.StringIO()
    call_command("make_key", str(folder.parent / "key"), organisation="Khabur Watch", stdout=io.StringIO())
    call_command("export_bundle", output=str(folder), key=str(folder.parent / "key"), tlp="GREEN", stderr=told)
    left = Departure.objects.get()
    assert told.getvalue().startswith(
        f"Bundle 1: nothing above TLP:GREEN, signed with {left.fingerprint[:16]}. SHA-256"
    )
    manifest = json.loads((folder / "manifest.json").read_text())
    assert (manifest["organisation"], manifest["key"]) == ("Khabur Watch", left.fingerprint)
    assert manifest["database"] == str(Installation.objects.get().uuid)


# Going on


def delta(folder, since, **asked):
    """What a delta brings, and what it says became of records."""
    path = again(folder, f"after-{since.sequence}")
    bundles.cut(path, since=since, **asked)
    return path


def test_a_delta_brings_what_changed_with_what_it_needs(folder):
    event, other = make.make_whole_event(), make.make_event()
    first = bundles.cut(folder)
    assert bundles.told(delta(folder, first)) == []
    event.summary_en = "A longer convoy."
    event.save()
    path = delta(folder, first)
    assert bundles.keys(path, "events.event") == {str(event.uuid)}
    assert {"syria", "al-hasakah", "qasrak-base"} == bundles.keys(path, "events.site")
    assert len(bundles.keys(path, "events.claim")) == 5
    assert str(other.uuid) not in (path / "fixture.json").read_text()


def test_a_delta_tells_what_was_deleted_and_retracted_since(folder, edith):
    event, gone, long_gone = make.make_published_event(), make.make_event(), make.make_event()
    long_gone.delete()
    first = bundles.cut(folder)
    gone.delete()
    workflow.retract(event, edith, "The outlet withdrew it.")
    told = {row["key"][0]: row["state"] for row in bundles.told(delta(folder, first), "states.json")}
    assert told == {str(event.uuid): "retracted", str(gone.uuid): "deleted"}


def test_what_a_query_finds_since_a_place_was_moved_is_in_the_delta(folder):
    make.make_qasrak()
    event = make.make_whole_event()
    site = make.make_site(slug="tal-baydar")
    make.make_placement(event=event, site=site)
    event.placements.exclude(site=site).delete()
    first = bundles.cut(folder, query="site=al-hasakah")
    assert bundles.told(folder) == []
    site.parent = Site.objects.get(slug="al-hasakah")
    site.save()
    path = delta(folder, first, query="site=al-hasakah")
    assert bundles.keys(path, "events.event") == {str(event.uuid)}


def test_what_may_leave_since_a_mark_was_lifted_is_in_the_delta(folder):
    hidden = make.make_report(tlp="AMBER")
    report = make.make_report()
    make.make_relay(report=report, relayed_report=hidden)
    event = make.make_whole_event(report=hidden)
    first = bundles.cut(folder)
    assert bundles.keys(folder, "events.claim") == set()
    hidden.tlp = "CLEAR"
    hidden.save()
    path = delta(folder, first)
    assert len(bundles.keys(path, "events.claim")) == 5
    assert bundles.keys(path, "events.event") == {str(event.uuid)}
    assert len(bundles.keys(path, "sources.relay")) == 1


def test_a_name_that_was_corrected_is_in_the_delta(folder):
    site = make.make_site(slug="lonely")
    make.make_site(slug="other")
    first = bundles.cut(folder)
    make.make_site_name(site=site)
    path = delta(folder, first)
    assert bundles.keys(path, "events.site") == {"lonely"}
    assert len(bundles.told(path)) == 2


def test_a_delta_goes_on_from_a_bundle_that_was_cut_alike(folder):
    make.make_source()
    bundles.cut(folder)
    with pytest.raises(CommandError, match="Bundle 1 was cut in another way"):
        call_command("export_bundle", output=str(again(folder)), since="1", tlp="GREEN")
    with pytest.raises(CommandError, match="No bundle 9 has left here; the last one was 1"):
        call_command("export_bundle", output=str(again(folder)), since="9")
    call_command("export_bundle", output=str(again(folder)), since=str(folder), stderr=io.StringIO())
    manifest = json.loads((again(folder) / "manifest.json").read_text())
    assert (manifest["since"], manifest["sequence"]) == (1, 2)
    Departure.objects.all().delete()
    with pytest.raises(CommandError, match="was not cut here"):
        call_command("export_bundle", output=str(folder), since=str(again(folder)))


def test_a_delta_goes_on_from_a_file_that_was_cut_before_a_backup_was_restored(folder):
    bundles.cut(folder)
    restore.be_another()
    assert departures.since(str(folder), Cut()).sequence == 1


# Order


def arrived(folder, **overrides):
    """The bundle was taken."""
    manifest = json.loads((folder / "manifest.json").read_text())
    told = {name: manifest[name] for name in ("database", "sequence", "organisation")}
    digest = Departure.objects.get(sequence=manifest["sequence"]).digest
    return Arrival.objects.create(**told | {"sha256": digest, "change": manifest["database"], "upto": 1} | overrides)


def test_an_old_bundle_after_a_new_one_is_refused_unless_that_is_said(folder):
    bundles.trusted()
    bundles.cut(folder)
    bundles.cut(again(folder))
    arrived(again(folder))
    with pytest.raises(Refusal, match="This is bundle 1 of “Khabur Watch”, and bundle 2 came already"):
        bundles.read(folder)
    assert bundles.read(folder, late=True) == []
    assert bundles.read(again(folder)) == []  # the same once more


def test_another_bundle_under_the_same_number_is_refused(folder):
    bundles.trusted()
    bundles.cut(folder)
    arrived(folder, sha256="0" * 64)
    with pytest.raises(Refusal, match="under the same number 1"):
        bundles.read(folder)


def test_a_database_belongs_to_one_organisation(folder):
    bundles.trusted()
    bundles.cut(folder)
    arrived(folder, organisation="Euphrates Desk")
    with pytest.raises(Refusal, match="came from “Euphrates Desk” before; this one is signed by “Khabur Watch”"):
        bundles.read(folder)
    bundles.cut(again(folder), signer=None)
    with pytest.raises(Refusal, match="came from “Euphrates Desk” before; nobody has signed this one"):
        bundles.read(again(folder), unsigned=True)


def test_who_did_not_sign_at_first_may_begin_to(folder):
    bundles.trusted()
    for number, organisation in enumerate(["Euphrates Desk", ""]):
        bundles.cut(folder.with_name(f"{number}"))
        arrived(folder.with_name(f"{number}"), organisation=organisation)
    bundles.cut(folder)
    with pytest.raises(Refusal, match="came from “Euphrates Desk” before"):
        bundles.read(folder)
    Arrival.objects.exclude(organisation="").update(undone_at=timezone.now())
    assert bundles.read(folder) == []


def test_what_was_undone_does_not_count(folder):
    bundles.trusted()
    bundles.cut(folder)
    arrived(folder, sequence=9, undone_at=timezone.now())
    assert bundles.read(folder) == []


@pytest.mark.drill("EXCHANGE")
def test_the_demonstration_comes_out_as_it_went_in(folder):
    with transaction.atomic():
        call_command("loaddata", "taxonomy", "gazetteer", "actors", "sources", "reading", "demo", verbosity=0)
        bundles.cut(folder)
        transaction.set_rollback(True)
    call_command("loaddata", str(folder / "fixture.json"), verbosity=0)
    bundles.cut(again(folder))
    assert (again(folder) / "fixture.json").read_bytes() == (folder / "fixture.json").read_bytes()
