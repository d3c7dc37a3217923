"""STIX 2.1 in: ours without loss, that of others as drafts that say where they are from."""

import json
import re
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command

from events.choices import Basis, Status
from events.models import Citation, Event, Involvement, Site
from osint.history.models import Entry
from osint.standards.stix.objects import CORE, MARKS, OURS, TLP_2
from sources.choices import Tlp
from sources.models import Report
from tests.factories import make_report, make_user, make_whole_event
from tests.osint.standards.test_tables import make_clash, written

pytestmark = pytest.mark.django_db
MOMENTS = {"created": "2024-05-01T10:00:00.000Z", "modified": "2024-05-01T10:00:00.000Z", "spec_version": "2.1"}
UUID = "6f9b1c7e-0000-4000-8000-00000000000"


@pytest.fixture
def edith():
    return make_user("edith", "Editor")


@pytest.fixture
def taken_in(tmp_path, capsys):
    """What the command says of a bundle."""

    def take_in(told, apply=True):
        file = tmp_path / "bundle.json"
        file.write_text(told if isinstance(told, str) else json.dumps(told), encoding="utf-8")
        call_command("import_stix", str(file), apply=apply)
        return capsys.readouterr().out

    return take_in


KEPT = {*MARKS.values(), CORE, TLP_2}


def elsewhere(text):
    """The same bundle with other UUIDs for all records that have one, and these by the new ones."""
    known = {identity.partition("--")[2] for identity in KEPT}
    old = set(re.findall(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}", text)) - known
    new = {one: str(uuid4()) for one in old}
    for one, other in new.items():
        text = text.replace(one, other)
    return text, {other: one for one, other in new.items()}


def extensions(text, kind):
    """Our extensions of all objects of a kind by their ids, without references, which are local."""
    found = {one["id"]: one["extensions"][OURS] for one in json.loads(text)["objects"] if one["type"] == kind}
    return {identity: told | {"reference": ""} for identity, told in found.items()}


def bundle(*objects):
    return {"type": "bundle", "id": f"bundle--{UUID}0", "objects": list(objects)}


def make_object(kind, digit, **properties):
    return {"type": kind, "id": f"{kind}--{UUID}{digit}", **MOMENTS, **properties}


def make_foreign():
    """A report and its incident, as a partner's platform writes them."""
    maker = make_object("identity", 1, name="Partner", identity_class="organization")
    place = make_object("location", 2, name="Longford", latitude=34.5, longitude=36.5)
    group = make_object("threat-actor", 3, name="Southern Band")
    made_by = {"created_by_ref": maker["id"]}
    marked = {"object_marking_refs": [MARKS[Tlp.GREEN]], "first_seen": "2024-04-30T21:00:00Z"}
    incident = make_object("incident", 4, name="Raid on Longford", **marked, **made_by)
    ends = {"source_ref": incident["id"], "target_ref": place["id"]}
    at = make_object("relationship", 5, relationship_type="located-at", **ends)
    by = make_object("relationship", 6, relationship_type="attributed-to", **ends | {"target_ref": group["id"]})
    about = {"published": "2024-05-01T00:00:00Z", "object_refs": [incident["id"]]}
    report = make_object("report", 7, name="Weekly", description="A raid on Longford.", **about, **made_by)
    return bundle(maker, place, group, incident, at, by, report)


def test_what_is_ours_comes_in_again_without_loss(edith, taken_in):
    make_whole_event()
    make_clash(tlp="GREEN")
    before = written("stix", edith)
    there, old = elsewhere(before)
    taken_in(there)
    after = written("stix", edith)
    for new, one in old.items():
        after = after.replace(new, one)
    assert Event.objects.filter(status=Status.DRAFT).count() == 4
    for kind in ("incident", "report"):
        assert extensions(after, kind) == extensions(before, kind)


def test_what_is_here_already_is_the_same(edith, taken_in):
    make_whole_event()
    entries = Entry.objects.count()
    told = taken_in(written("stix", edith))
    assert "new" not in told
    assert Entry.objects.count() == entries


def test_what_others_wrote_lands_as_a_draft_that_says_where_it_is_from(taken_in):
    taken_in(make_foreign())
    event = Event.objects.get()
    assert (event.status, event.tlp, event.when, event.type.slug) == (
        "draft",
        "GREEN",
        "2024-04-30",
        "reported-incident",
    )
    assert event.type_basis == Basis.INFERRED
    assert f"incident--{UUID}4" in event.type_reason
    assert [(row.actor.name_en, row.role) for row in Involvement.objects.all()] == [("Southern Band", "acts")]
    report = Citation.objects.get().report
    assert (report.source.name_en, report.text, report.tlp) == ("Partner", "A raid on Longford.", "AMBER")


def test_a_point_without_a_precision_says_that_one_was_assumed(taken_in):
    taken_in(make_foreign())
    site = Site.objects.get()
    assert (site.latitude, site.precision_m) == (34.5, 10_000)
    assert "assumed" in site.note


def test_twice_changes_nothing(taken_in):
    assert "Written." in taken_in(make_foreign())
    entries = Entry.objects.count()
    told = taken_in(make_foreign())
    assert ("new" in told, "There was nothing to write." in told) == (False, True)
    assert Entry.objects.count() == entries


@pytest.mark.parametrize(("tag", "language"), [("ar", "ar"), ("zh-Hant-TW", "zh"), ("en-GB", "en-GB"), ("", "en")])
def test_a_language_is_told_by_no_more_of_its_tag_than_there_is_room_for(taken_in, tag, language):
    told = make_foreign()
    told["objects"][-1]["lang"] = tag
    taken_in(told)
    assert Report.objects.get().language == language


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(CommandError, match=r"“.*none.json” cannot be read: No such file or directory. Nothing was"):
        call_command("import_stix", str(tmp_path / "none.json"))


def test_without_apply_nothing_is_written(taken_in):
    assert "Nothing was written" in taken_in(make_foreign(), apply=False)
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ("[1]", "no bundle"),
        ('{"type": "bundle", "objects": [{"id": "incident--1"}]}', "object 1 has no id"),
        (bundle(make_object("incident", 4) | {"type": "report"}), "is not that of a “report”"),
        ('{"type": "bundle", "type": "bundle"}', "stands there twice"),
        ('{"a": NaN}', "NaN"),
        ("[" * 5_000, "."),
    ],
)
def test_what_is_no_bundle_is_refused(taken_in, told, sentence):
    with pytest.raises(CommandError, match=sentence):
        taken_in(told)


@pytest.mark.parametrize("value", [True, -1])
def test_a_count_of_ours_that_is_none_is_refused_and_nothing_is_written(edith, taken_in, value):
    make_whole_event()
    told = json.loads(elsewhere(written("stix", edith))[0])
    [incident] = [one for one in told["objects"] if one["type"] == "incident"]
    [extension] = [one for one in incident["extensions"].values() if "counts" in one]
    extension["counts"][0]["best"] = value
    with pytest.raises(CommandError, match="best"):
        taken_in(told)
    assert Event.objects.count() == 1


def test_a_record_of_ours_that_is_none_is_refused(edith, taken_in):
    make_whole_event(report=make_report())
    told = written("stix", edith).replace('"event":{', '"event":[{').replace('"placements":', '"x":[],"placements":')
    with pytest.raises(CommandError):
        taken_in(told)
