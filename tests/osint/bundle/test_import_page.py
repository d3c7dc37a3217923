"""Importing by the admin and by the command: a bundle is looked at, decided on, applied, and undone."""

import json
from contextlib import nullcontext
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import transaction
from django.urls import reverse
from django.utils import translation

from events.choices import Status
from events.models import Event, Placement
from osint.bundle import export, keys, uploads
from osint.bundle.arrivals_admin import worded
from osint.bundle.leaving import Cut
from osint.bundle.models import Arrival
from osint.history.models import Entry
from tests import factories as make
from tests.kit import bundles

pytestmark = pytest.mark.django_db
ADD = "/admin/bundle/arrival/add/"


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    """Files that are sent are kept beside the test."""
    settings.DATA_DIR = tmp_path / "data"


@pytest.fixture
def bundle(tmp_path):
    """A bundle from a database that was like this one, and in which the event was changed since."""
    make.make_whole_event()
    path = tmp_path / "bundle.zip"
    with transaction.atomic():
        change(summary_en="Changed there.", summary_ar="تغير هناك.")
        export.cut(export.Export(Cut(mark="RED")), path, as_folder=False)
        transaction.set_rollback(True)
    return path


def change(**values):
    """The event, changed by a person."""
    event = Event.objects.get()
    for name, value in values.items():
        setattr(event, name, value)
    event.save()


def sent(client, path, **asked):
    """The answer to a file that was sent."""
    file = SimpleUploadedFile("bundle.zip", path.read_bytes())
    return client.post(ADD, {"file": file, "unsigned": "on"} | asked)


def planned(client, path):
    """The address and the page of the plan of a file."""
    address = sent(client, path).url
    return address, client.get(address)


def shown(page):
    """The plan that the page shows."""
    return page.context["plan"]


def test_a_file_is_planned_decided_applied_and_undone(client, edith, bundle):
    client.force_login(edith)
    change(summary_en="Changed here.")
    address, page = planned(client, bundle)
    assert [item["rows"][0][1:] for item in page.context["conflicts"]] == [("“Changed here.”", "“Changed there.”")]
    assert not Arrival.objects.exists()
    (item,) = page.context["conflicts"]
    done = client.post(address, {"digest": shown(page).digest, item["name"]: "theirs"})
    arrival = Arrival.objects.get()
    assert done.url == reverse("admin:bundle_arrival_change", args=[arrival.pk])
    assert (Event.objects.get().summary_en, Event.objects.get().summary_ar) == ("Changed there.", "تغير هناك.")
    assert arrival.by == edith
    assert Entry.objects.latest("seq").by == edith
    assert uploads.find(address.split("/")[-2]) is None
    assert b"id_why" in client.get(done.url).content
    client.post(reverse("admin:bundle_arrival_undo", args=[arrival.pk]), {"why": "The wrong file."})
    assert Event.objects.get().summary_en == "Changed here."
    assert Arrival.objects.get().undone_by == edith


def test_whoever_looks_for_a_record_is_told_which_entry_of_which_bundle_it_was(client, edith, bundle):
    call_command("import_bundle", str(bundle), "--apply")
    client.force_login(edith)
    listed = reverse("admin:bundle_arrival_changelist")
    event = Arrival.objects.get().arrived.get(model="events.event")
    assert event.where.startswith("fixture.json, entry ")
    assert event.where in client.get(listed, {"q": f" {event.identity.upper()} "}).content.decode()
    assert event.where not in client.get(listed, {"q": "Khabur"}).content.decode()
    assert client.get(listed, {"q": str(UUID(int=1))}).context["cl"].result_count == 0


def test_what_was_entered_on_both_sides_is_told_with_both_names(client, edith, tmp_path):
    placement = make.make_whole_event().placements.get()
    theirs, path = UUID(int=placement.uuid.int + 1), tmp_path / "bundle.zip"
    with transaction.atomic():
        Placement.objects.update(uuid=theirs)
        export.cut(export.Export(Cut(mark="RED")), path, as_folder=False)
        transaction.set_rollback(True)
    client.force_login(edith)
    _address, page = planned(client, path)
    [(step, _called, _rows)] = page.context["changed"]
    assert str(placement.uuid) in step.note
    assert str(theirs) in step.note
    assert step.note in page.content.decode()


def test_codes_are_told_in_words():
    with translation.override("ar"):
        told = worded(Event._meta.get_field("status"), ["retracted", "Twice.", None])
        assert told == [Status.RETRACTED.label, "Twice.", None]
        assert told[0] != "retracted"
    assert worded(Event._meta.get_field("type"), ["patrol"]) == ["patrol"]


def test_what_is_left_open_stays_and_is_asked_again(client, edith, bundle):
    client.force_login(edith)
    change(summary_en="Changed here.")
    address, page = planned(client, bundle)
    client.post(address, {"digest": shown(page).digest})
    assert (Event.objects.get().summary_en, Event.objects.get().summary_ar) == ("Changed here.", "تغير هناك.")
    _address, page = planned(client, bundle)
    assert len(page.context["conflicts"]) == 1


def test_a_plan_that_does_not_hold_any_more_is_shown_anew(client, edith, bundle):
    client.force_login(edith)
    address, page = planned(client, bundle)
    change(summary_ar="تغير هنا.")
    answer = client.post(address, {"digest": shown(page).digest}, follow=True)
    assert len(answer.context["conflicts"]) == 1
    assert not Arrival.objects.exists()


def test_what_is_no_bundle_is_said_at_its_field(client, edith, tmp_path):
    client.force_login(edith)
    (tmp_path / "x.zip").write_bytes(b"PK no zip")
    page = sent(client, tmp_path / "x.zip")
    assert page.context["form"].errors["file"]
    assert not list(uploads.folder().iterdir())


@pytest.mark.parametrize("name", ["alice", "victor"])
def test_who_may_not_import_sees_no_plan(client, request, name, bundle):
    client.force_login(request.getfixturevalue(name))
    for address in (ADD, "/admin/bundle/arrival/", "/admin/bundle/arrival/1/undo/"):
        assert client.get(address).status_code in {302, 403}
    assert sent(client, bundle).status_code in {302, 403}
    assert not (uploads.folder().exists() and list(uploads.folder().iterdir()))


# The command


def run(capsys, *args, code=0):
    """What the command prints."""
    with pytest.raises(SystemExit, match=f"^{code}$") if code else nullcontext():
        call_command("import_bundle", *map(str, args), "--unsigned")
    return capsys.readouterr().out


def test_the_command_prints_a_plan_and_writes_only_where_that_is_asked_for(capsys, bundle):
    assert "Changed there." in run(capsys, bundle)
    assert Event.objects.get().summary_en != "Changed there."
    run(capsys, bundle, "--apply")
    assert Event.objects.get().summary_en == "Changed there."
    number = Entry.objects.count()
    told = json.loads(run(capsys, bundle, "--apply", "--json"))
    assert set(told["counts"]) == {"same"}
    assert Entry.objects.count() == number
    arrival = Arrival.objects.get()
    assert f"{arrival.pk:>5}" in run(capsys, "--list")
    assert "as before" in run(capsys, "--undo", arrival.pk, "--why", "A try.")
    assert Event.objects.get().summary_en != "Changed there."


def test_the_command_says_by_its_code_that_something_is_to_be_decided(capsys, tmp_path, bundle):
    change(summary_en="Changed here.")
    told = json.loads(run(capsys, bundle, "--json", code=3))
    (name,) = [one["conflict"] for step in told["steps"] for one in step["differences"] if one["verdict"] == "conflict"]
    decisions = tmp_path / "decisions.json"
    decisions.write_text(json.dumps({name: "mine"}))
    run(capsys, bundle, "--apply", "--decisions", decisions)
    assert (Event.objects.get().summary_en, Event.objects.get().summary_ar) == ("Changed here.", "تغير هناك.")
    assert "conflict" not in json.loads(run(capsys, bundle, "--json"))["counts"]


def test_a_decision_on_what_does_not_differ_is_told(capsys, tmp_path, bundle):
    change(summary_en="Changed here.")
    decisions = tmp_path / "decisions.json"
    decisions.write_text(json.dumps({f"events.event {Event.objects.get().uuid} summary": "mine"}))
    with pytest.raises(SystemExit, match="3"):
        call_command("import_bundle", str(bundle), decisions=decisions)
    assert "summary” decides nothing" in capsys.readouterr().err
    with pytest.raises(CommandError, match=r"The decisions in “.*” cannot be read: No such file or directory"):
        call_command("import_bundle", str(bundle), decisions=tmp_path / "none.json")


def test_who_brings_it_in_and_who_undoes_it_is_told_in_the_history(capsys, bundle, edith, alice):
    run(capsys, bundle, "--apply", "--user", "edith")
    arrival = Arrival.objects.get()
    with pytest.raises(CommandError, match="--user: You may not undo"):
        run(capsys, "--undo", arrival.pk, "--why", "A try.", "--user", "alice")
    run(capsys, "--undo", arrival.pk, "--why", "A try.", "--user", "edith")
    arrival.refresh_from_db()
    assert (arrival.by, arrival.undone_by) == (edith, edith)
    assert Entry.objects.filter(change=arrival.change).exclude(by=edith).count() == 0


def test_the_command_refuses_what_nobody_has_signed_once_there_are_keys_to_trust(capsys, bundle):
    call_command("import_bundle", str(bundle))
    assert "Nobody has signed it" in capsys.readouterr().err
    bundles.trusted(keys.make("Khabur Watch"))
    with pytest.raises(CommandError, match="not signed"):
        call_command("import_bundle", str(bundle))
