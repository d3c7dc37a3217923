"""Bundles that are damaged or meant to do harm: refused before anything is written, saying what and where."""

import json
from collections import Counter
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings

from osint.bundle import keys, reading
from osint.bundle.contents import BY_LABEL
from osint.bundle.entries import Refusal
from osint.bundle.models import Key
from tests.factories import make_attachment, make_source
from tests.kit import bundles
from tests.kit.bundles import refused

pytestmark = pytest.mark.django_db
UUID = "60c82544-7f92-5007-8ac8-9922678a6c40"
SOURCE: dict[str, Any] = {
    "model": "sources.source",
    "fields": {
        "slug": "khabur", "name_en": "Khabur", "name_ar": "", "kind": "outlet", "reliability": "F",
        "reliability_reason": "New.", "homepage": "", "note": "",
    },
}  # fmt: skip


def with_records(folder, rows, **counts):
    """The bundle with these records, which its manifest counts."""
    named = {name.replace("_", "."): number for name, number in counts.items()}
    bundles.rewrite(folder, "fixture.json", bundles.listed(rows), named or {"sources.source": len(rows)})
    return folder


def source(**fields):
    """A source with these fields."""
    return {"model": "sources.source", "fields": SOURCE["fields"] | fields}


def row(folder, label, **fields):
    """The first record of a model, with these fields."""
    found = next(one for one in bundles.told(folder) if one["model"] == label)
    return {"model": label, "fields": found["fields"] | fields}


def test_an_honest_one_is_read(folder):
    assert len(bundles.read(folder)) == len(bundles.told(folder))
    assert bundles.read(bundles.zipped(folder, folder.parent / "b.zip"))
    assert bundles.read(with_records(folder, [SOURCE]))


# Models and fields


OUTSIDE = [label for model in apps.get_models() if (label := model._meta.label_lower) not in BY_LABEL]


@pytest.mark.parametrize("labels", [OUTSIDE, ["nothing.atall", "", 7, None, ["events.event"], {}]])
def test_a_model_outside_the_list_is_refused(folder, labels):
    for label in labels:
        with_records(folder, [{"model": label, "fields": {}}])
        refused(folder, "fixture.json, entry 1: .*nothing that a bundle brings")


@pytest.mark.parametrize("name", ["states.json", "edits.json"])
def test_nothing_is_told_of_a_model_outside_the_list(folder, name):
    for label in OUTSIDE:
        bad = {"model": label, "key": [UUID], "state": "deleted", "edits": {}}
        bundles.rewrite(folder, name, bundles.listed([bad]))
        refused(folder, f"{name}, entry 1: .*nothing that a bundle brings")


@pytest.mark.parametrize(
    "name",
    ["status", "created_by", "version", "created_at", "id", "pk", "reference", "published_at", "folded", "assignee"],
)
def test_a_field_outside_the_list_is_refused(folder, name):
    bad = row(folder, "events.event", **{name: 1})
    refused(with_records(folder, [bad], events_event=1), f"entry 1: “{name}” does not belong there")


def test_a_key_beside_the_fields_is_refused(folder):
    refused(with_records(folder, [SOURCE | {"pk": 1}]), "entry 1: “pk” does not belong there")


def test_a_field_that_is_missing_is_refused(folder):
    bad = source()
    del bad["fields"]["kind"]
    refused(with_records(folder, [bad]), "entry 1: “kind” is missing")


# Types

COUNTS = ["3.99", "true", '"1_000"', '"٣"', '"3"', "-1", "1e3", "9223372036854775808", "[3]", "{}", "3.0", "-0"]


@pytest.mark.parametrize("value", COUNTS)
def test_what_only_looks_like_a_whole_number_is_refused(folder, value):
    text = json.dumps(row(folder, "events.count", best="HERE"))
    bad = text.replace('"HERE"', value).encode()
    refused(with_records(folder, [bad], events_count=1), r"entry 1.*(best|number that nothing)")


@pytest.mark.parametrize(
    ("label", "field", "value"),
    [
        ("events.event", "is_aggregate", 1),
        ("events.event", "is_aggregate", "true"),
        ("events.event", "tlp", "clear"),
        ("events.event", "tlp", None),
        ("events.event", "when", 20251112),
        ("events.event", "type", "convoy-arrival"),
        ("events.event", "type", ["convoy-arrival", "x"]),
        ("events.event", "type", [7]),
        ("events.event", "summary_en", "x" * 5_001),
        ("events.citation", "credibility", "2"),
        ("events.citation", "credibility", 2.0),
        ("events.citation", "credibility", True),
        ("events.citation", "credibility", 7),
        ("events.citation", "event", [UUID.upper()]),
        ("events.citation", "event", [UUID.replace("-", "")]),
        ("events.citation", "event", None),
        ("events.site", "latitude", "36.7"),
        ("events.site", "latitude", True),
        ("events.site", "precision_m", 2**31),
        ("events.placement", "position", 40_000),
        ("sources.report", "published_on", "20251115"),
        ("sources.report", "published_on", "2025-W46-6"),
        ("sources.report", "published_on", "2025-11-31"),
        ("sources.report", "published_on", "٢٠٢٥-١١-١٥"),
        ("sources.report", "text", ["x"]),
        ("sources.report", "text", "x" * 2_000_001),
    ],
)
def test_a_value_of_another_type_is_refused(folder, label, field, value):
    bad = row(folder, label, **{field: value})
    refused(with_records(folder, [bad], **{label: 1}), rf"fixture.json, entry 1, {label} “.+”, {field}: .* is not what")


@pytest.mark.parametrize("value", ["", "x" * 101, 7, None, ["khabur"]])
def test_a_key_that_can_be_none_is_refused(folder, value):
    refused(with_records(folder, [source(slug=value)]), "entry 1: .* is no key")


# JSON

NOTE = json.dumps(source(note="HERE")).encode()


@pytest.mark.parametrize(
    ("note", "match"),
    [
        (b"NaN", "NaN is no number"),
        (b"Infinity", "Infinity is no number"),
        (b"1e999", "number that nothing here can hold"),
        (b"9" * 5_000, "number that nothing here can hold"),
        (rb'"\ud800"', "holds what is no character"),
        (rb'"\u0000"', "holds what is no character"),
        (b'"\xff"', "byte .* is not UTF-8"),
        (b'"\xed\xa0\x80"', "byte .* is not UTF-8"),
        (rb'"\udc00\ud800"', "holds what is no character"),
        (b'"\x00"', "this is not JSON"),
        (b'"a\xef\xbb\xbf', "this is not JSON"),
        (b'"a\tb"', "this is not JSON"),
        (b'"a", "note": "b"', "“note” stands there twice"),
        (b"[" * 5_000 + b"]" * 5_000, "far too deep"),
        (b"[" * 100_000 + b"]" * 100_000, "far too deep"),
        (b"[" * 40 + b"]" * 40, "far too deep"),
        (b"[" + b"0," * 5_000_000 + b"0]", "far more values than a record has"),
        (b"{" + b",".join(b'"%d":{}' % n for n in range(300_000)) + b"}", "far more values than a record has"),
        (b"'a'", "this is not JSON"),
        (b'"a",', "this is not JSON"),
        (b'"a" /* b */', "this is not JSON"),
    ],
)
def test_json_that_could_mean_two_things_is_refused(folder, note, match):
    refused(with_records(folder, [NOTE.replace(b'"HERE"', note)]), f"fixture.json, entry 1.*{match}")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"[]",
        b"[\n",
        b"[\n{}",
        b"[\n{\n",
        b"\xef\xbb\xbf[\n]\n",
        b"[\n]\n[\n]\n",
        b"[\n{},\n]\n",
        b"[\n{}\n{}\n]\n",
        b"[\n\n]\n",
    ],
    ids=repr,
)
def test_a_list_that_is_not_laid_out_as_one_is_refused(folder, data):
    bundles.rewrite(folder, "fixture.json", data, {})
    refused(folder, "fixture.json")


def test_a_record_that_comes_twice_is_refused(folder):
    refused(with_records(folder, [SOURCE, SOURCE]), "entry 2: “khabur” stands there twice")


def test_more_or_fewer_records_than_the_manifest_says_are_refused(folder):
    two = [source(slug="one"), source(slug="two")]
    refused(with_records(folder, two, sources_source=1), "entry 2: the manifest says that there are 1")
    refused(with_records(folder, two, sources_source=3), "the manifest says that there are 3")


def test_records_in_another_order_are_refused(folder):
    rows = bundles.told(folder)
    bundles.rewrite(folder, "fixture.json", bundles.listed(reversed(rows)))
    refused(folder, "comes too late in the list")


def test_a_million_objects_are_refused(folder):
    path = folder / "fixture.json"
    path.write_bytes(b"[\n" + b",\n".join([b"{}"] * 1_000_000) + b"\n]\n")
    bundles.rewrite(folder, "fixture.json", path.read_bytes(), {"sources.source": 1_000_000})
    refused(folder, "1000000 records or more")
    bundles.sign_again(folder, lambda manifest: manifest.update(counts={}))
    refused(folder, "entry 1: ")


def test_what_is_wrong_at_the_very_end_is_refused_before_anything_is_kept(folder, monkeypatch):
    rows = [source(slug=f"source-{number}") for number in range(2_000)]
    with_records(folder, [*rows, source(slug="last", status=1)])
    with pytest.raises(Refusal, match="entry 2001: “status” does not belong there"), reading.opened(folder):
        pytest.fail("It was opened.")
    monkeypatch.setattr(settings, "BUNDLE_RECORDS", 2_000)
    refused(folder, "2001 records or more, and 2000 are read at once. .* set BUNDLE_RECORDS")


def test_an_attachment_without_its_file_and_a_file_of_nothing_are_refused(tmp_path):
    bundles.trusted()
    attachment = make_attachment()
    folder = tmp_path / "bundle"
    bundles.cut(folder, attachments=True)
    refused(
        with_records(folder, [row(folder, "sources.attachment", file="attachments/x")], sources_attachment=1), "kept"
    )
    rows = [one for one in bundles.told(folder) if one["model"] != "sources.attachment"]
    bundles.rewrite(folder, "fixture.json", bundles.listed(rows), dict(Counter(one["model"] for one in rows)))
    refused(folder, "is attached to nothing")
    bundles.cut(folder, attachments=True)
    name = f"files/{attachment.sha256}"
    bundles.sign_again(folder, lambda manifest: manifest["files"].pop(name))
    (folder / name).unlink()
    refused(folder, f"its file “{name}” is not there")


# States and edits


@pytest.mark.parametrize(
    "bad",
    [
        {"model": "events.event", "key": [UUID], "state": "draft"},
        {"model": "events.event", "key": [UUID], "state": ["published"]},
        {"model": "events.event", "key": UUID, "state": "published"},
        {"model": "events.event", "key": [UUID], "state": "published", "reason": "x"},
        {"model": "events.event", "key": [UUID], "state": "retracted"},
        {"model": "events.event", "key": [UUID], "state": "retracted", "reason": 7},
        {"model": "events.event", "key": [UUID], "state": "merged", "into": [UUID], "was_published": 1},
        {"model": "events.event", "key": [UUID], "state": "merged", "into": None, "was_published": True},
        {"model": "sources.report", "key": [UUID], "state": "published"},
    ],
)
def test_a_state_that_can_be_none_is_refused(folder, bad):
    bundles.rewrite(folder, "states.json", bundles.listed([bad]))
    refused(folder, "states.json, entry 1: ")


@pytest.mark.parametrize(
    "edits",
    [[], {"status": ["a", []]}, {"type": "a"}, {"type": ["a", ["b"], "c"]}, {"type": [1, []]}, {"type": ["a", [1]]},
     {"type": ["a", ["b"] * 10_001]}, {"type": ["x" * 50, []]}],
)  # fmt: skip
def test_edits_that_can_be_none_are_refused(folder, edits):
    bundles.rewrite(folder, "edits.json", bundles.listed([{"model": "events.event", "key": [UUID], "edits": edits}]))
    refused(folder, "edits.json, entry 1: these are no edits")


# Signatures


@pytest.mark.parametrize("name", ["fixture.json", "states.json", "manifest.json", "manifest.sig"])
def test_one_flipped_byte_is_refused(folder, name):
    path = folder / name
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    refused(
        folder, "not what the manifest says|signature does not hold|not what stands there|not JSON|missing|not trusted"
    )


@pytest.mark.parametrize("name", ["fixture.json", "states.json", "edits.json", "manifest.json", "manifest.sig"])
def test_a_file_that_is_missing_is_refused(folder, name):
    (folder / name).unlink()
    refused(folder, name)


@pytest.mark.parametrize("name", ["more.json", "files/" + "0" * 64, "other/x", "Fixture.json"])
def test_a_file_too_many_is_refused(folder, name):
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text("x")
    refused(folder, "is not in the manifest|does not belong to a bundle")


def test_an_unknown_key_is_refused(folder):
    Key.objects.all().delete()
    refused(folder, f"The key {bundles.SIGNER.fingerprint}, .* “Khabur Watch”, is not trusted")


def test_a_revoked_key_is_refused(folder):
    keys.revoke(Key.objects.get(), "The laptop was taken.")
    refused(folder, "The key of Khabur Watch was revoked: The laptop was taken.")


def test_one_key_that_signs_for_another_is_refused(folder):
    other = keys.make("Euphrates Desk")
    bundles.trusted(other)
    bundles.sign_again(folder, lambda _manifest: None, signer=other)
    refused(folder, "signature does not hold")
    bundles.sign_again(folder, lambda manifest: manifest.update(key=other.fingerprint), signer=other)
    refused(folder, "says that it is from “Khabur Watch”, and is signed with the key of “Euphrates Desk”")


def test_one_that_nobody_signed_is_refused_where_a_key_is_trusted_unless_that_is_said(folder):
    (folder / "manifest.sig").unlink()
    refused(folder, "“manifest.sig” is missing")
    make_source()
    bundles.cut(folder, signer=None)
    refused(folder, "is not signed, so anybody may have made it")
    assert bundles.read(folder, unsigned=True)
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps(manifest | {"organisation": "Khabur Watch"}))
    refused(folder, "says that it is from “Khabur Watch”, and nobody has signed it", unsigned=True)


@pytest.mark.parametrize(
    ("name", "value"),
    [("sequence", 0), ("sequence", "1"), ("sequence", True), ("mark", "WHITE"), ("database", "x"), ("since", -1),
     ("made_at", "yesterday"), ("files", {}), ("counts", {"auth.user": 1}), ("query", 7), ("query", "a\u0000"),
     ("history", {}), ("organisation", "a\u202eb"), ("key", "x"), ("texts", 1), ("attachments", None)],
)  # fmt: skip
def test_a_manifest_that_says_nonsense_is_refused(folder, name, value):
    bundles.sign_again(folder, lambda manifest: manifest.update({name: value}))
    refused(folder, f"manifest.json, “{name}”|holds what is no character|nobody has signed")


@pytest.mark.parametrize(
    ("change", "match"),
    [({"format": "other"}, "no bundle of Isnad"), ({"version": 2}, "version 2; this installation reads 1. Update it"),
     ({"version": True}, "version True"), ({"more": 1}, "“more” does not belong")],
)  # fmt: skip
def test_a_manifest_of_another_make_is_refused(folder, change, match):
    bundles.sign_again(folder, lambda manifest: manifest.update(change))
    refused(folder, match)
