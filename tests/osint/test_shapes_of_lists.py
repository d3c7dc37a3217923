"""Lists sent whole: the rows of the pages, in every form, for every reader, and on from wherever one was cut off."""

import csv
import gc
import gzip
import json
import struct
from io import StringIO
from typing import Any

import pyogrio  # type: ignore[import-untyped]
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events import workflow
from events.models import Document, Event, Placement
from events.stored.rows import COLUMNS
from osint.base.shapes import lists, streaming
from tests import factories as make
from tests.rest import API, client, given, refused

EVENTS, SITES = f"{API}/events/", f"{API}/sites/"


def sent(answer: Any) -> str:
    """The text of an answer that is sent row by row."""
    assert answer.status_code == 200, answer.content.decode()
    return str(answer.getvalue().decode())


def table(answer: Any) -> list[dict[str, str]]:
    """The rows of an answer in CSV."""
    text = sent(answer)
    assert text.startswith("\ufeff")
    assert text.endswith("\r\n")
    return list(csv.DictReader(StringIO(text[1:], newline=""), strict=True))


def lines(answer: Any) -> list[dict[str, Any]]:
    """The rows of an answer in JSON Lines."""
    return [json.loads(line) for line in sent(answer).splitlines()]


def whole(door: Any, name: str = "events", **asked: str) -> list[dict[str, Any]]:
    """The rows of a list, page by page."""
    address, rows = f"{API}/{name}/", []
    answer = given(door.get(address, asked | {"page_size": "3"}))
    rows += answer["results"]
    while answer["next"]:
        answer = given(door.get(answer["next"]))
        rows += answer["results"]
    return rows


def incidents() -> None:
    """Events that differ: published, drafts, marked, a part of another, without a place, without a point."""
    total = make.make_event(is_aggregate=True, when="2025-11")
    make.make_published_event(part_of=None)
    make.make_event(part_of=total, tlp="AMBER")
    make.make_whole_event(summary_en="=cmd|' /C calc'!A0")
    make.make_event(summary_en="", summary_ar="رتل، “قافلة”\nثم أخرى")
    make.make_placement(site=make.make_site(latitude=None, longitude=None, precision_m=None))


@pytest.fixture
def few_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if there were more events than are read at once."""
    for module in (streaming, lists):
        monkeypatch.setattr(module, "FIRST", 1)
        monkeypatch.setattr(module, "FURTHER", 2)


@pytest.mark.parametrize("who", ["alice", "victor", "adam", None])
def test_every_form_has_the_rows_of_the_pages(request, settings, few_at_a_time, who, db):
    settings.PUBLIC_API = True
    incidents()
    door = client(request.getfixturevalue(who) if who else None)
    rows = whole(door)
    assert rows
    assert lines(door.get(EVENTS, {"format": "jsonl"})) == rows
    cells = table(door.get(EVENTS, headers={"accept": "text/csv"}))
    assert [row["uuid"] for row in cells] == [row["uuid"] for row in rows]
    assert [row["part_of"] for row in cells] == [row["part_of"] or "" for row in rows]
    told = json.loads(sent(door.get(EVENTS, {"format": "geojson"})))
    assert [feature["id"] for feature in told["features"]] == [row["uuid"] for row in rows]
    for feature, row in zip(told["features"], rows, strict=True):
        assert row.items() <= feature["properties"].items()


def test_what_is_stored_is_sent_as_what_is_put_together(alice, django_capture_on_commit_callbacks):
    forms = ("jsonl", "csv", "geojson")
    with django_capture_on_commit_callbacks() as callbacks:
        incidents()
    assert not Document.objects.exclude(row="").exists()
    fresh = [sent(client(alice).get(EVENTS, {"format": form})) for form in forms]
    for callback in callbacks:
        callback()
    assert not Document.objects.filter(row="").exists()
    assert [sent(client(alice).get(EVENTS, {"format": form})) for form in forms] == fresh
    site = Placement.objects.exclude(site__latitude=None)[0].site
    site.latitude = 12.5
    site.save()
    assert "12.5" in sent(client(alice).get(EVENTS, {"format": "csv"}))


def test_a_row_is_flat_defused_and_keeps_arabic(alice):
    event = make.make_whole_event(summary_en="=cmd|' /C calc'!A0", summary_ar="رتل، “قافلة”\nثم أخرى")
    make.make_count(event=event, measure=make.make_measure(slug="tankers"), low=2, high=5)
    answer = client(alice).get(EVENTS, {"format": "csv"})
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8; header=present"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="events.csv"'
    [row] = table(answer)
    assert tuple(row) == COLUMNS
    assert row["summary_en"] == "'=cmd|' /C calc'!A0"
    assert row["summary_ar"] == "رتل، “قافلة”\nثم أخرى"
    site = event.placements.get().site
    assert (row["sites"], row["site_roles"]) == (site.slug, "to")
    assert [float(row[name]) for name in ("longitude", "latitude")] == [site.longitude, site.latitude]
    assert int(row["precision_m"]) == site.precision_m
    assert (row["measures"], row["bests"], row["lows"]) == ("trucks; tankers", "25; ", "; 2")
    assert row["is_aggregate"] == "false"


def test_a_feature_is_where_the_places_are(alice):
    event = make.make_whole_event()
    site = event.placements.get().site
    other = make.make_site(latitude=35.25, longitude=-3.5, precision_m=90_000)
    make.make_placement(event=event, site=other)
    make.make_placement(event=event, site=make.make_site(latitude=35.25, longitude=-3.5, precision_m=10))
    make.make_event()
    told = json.loads(sent(client(alice).get(EVENTS, {"format": "geojson"})))
    by_id = {feature["id"]: feature for feature in told.pop("features")}
    assert told == {"type": "FeatureCollection"}
    feature = by_id[str(event.uuid)]
    assert feature["geometry"] == {
        "type": "MultiPoint",
        "coordinates": [[site.longitude, site.latitude], [-3.5, 35.25]],
    }
    assert feature["properties"]["precision_m"] == 90_000
    assert feature["properties"]["precisions_m"] == [site.precision_m, 90_000]
    assert [feature["geometry"] for key, feature in by_id.items() if key != str(event.uuid)] == [None]


def three_sites() -> list[Any]:
    """One with a point, one with none within it, and one far off."""
    within = make.make_site(slug="al-hasakah", latitude=36.5, longitude=40.75, precision_m=500, name_ar="الحسكة")
    return [
        within,
        make.make_site(slug="camp", parent=within, latitude=None, longitude=None, precision_m=None),
        make.make_site(slug="south", latitude=-1.5, longitude=-3.25, precision_m=90_000),
    ]


def test_sites_are_features_at_their_points(alice, few_at_a_time):
    three_sites()
    answer = client(alice).get(SITES, headers={"accept": "application/geo+json"})
    assert answer.headers["Content-Type"] == "application/geo+json"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="sites.geojson"'
    told = json.loads(sent(answer), object_pairs_hook=once)
    features = told.pop("features")
    assert told == {"type": "FeatureCollection"}
    rows = client(alice).get(SITES).json()["results"]
    assert [feature["id"] for feature in features] == [row["slug"] for row in rows] == ["al-hasakah", "camp", "south"]
    assert [feature["geometry"] for feature in features] == [
        {"type": "Point", "coordinates": [40.75, 36.5]},
        None,
        {"type": "Point", "coordinates": [-3.25, -1.5]},
    ]
    assert [feature["properties"]["precisions_m"] for feature in features] == [[500], [], [90_000]]
    for feature, row in zip(features, rows, strict=True):
        assert feature["properties"] == row | {"precisions_m": feature["properties"]["precisions_m"]}


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object in which no name stands twice."""
    assert len(dict(pairs)) == len(pairs)
    return dict(pairs)


def test_features_of_sites_are_filtered_cut_and_gone_on_with_as_every_list(alice):
    three_sites()
    door = client(alice)

    def features(**asked: str) -> list[Any]:
        return list(json.loads(sent(door.get(SITES, {"format": "geojson"} | asked)))["features"])

    assert [feature["id"] for feature in features(after="camp")] == ["south"]
    assert [feature["id"] for feature in features(limit="1")] == ["al-hasakah"]
    assert [feature["id"] for feature in features(within="al-hasakah")] == ["al-hasakah", "camp"]
    assert [feature["properties"] for feature in features(fields="kind", limit="1")] == [
        {"precision_m": 500, "precisions_m": [500], "kind": features()[0]["properties"]["kind"]}
    ]
    refused(door.get(SITES, {"format": "geojson", "page_size": "5"}), "page_size", "sent whole")
    assert features(within="camp", limit="5")[0]["geometry"] is None


def test_features_of_sites_are_sent_again_only_when_something_changed(alice):
    [site, *_others] = three_sites()
    door = client(alice)
    tag = door.get(SITES, {"format": "geojson"}).headers["ETag"]
    assert door.get(SITES, {"format": "geojson"}, HTTP_IF_NONE_MATCH=tag).status_code == 304
    site.note = "By the river."
    site.save()
    assert door.get(SITES, {"format": "geojson"}, HTTP_IF_NONE_MATCH=tag).status_code == 200


def test_features_of_sites_ask_the_database_as_often_for_ten_as_for_one(alice):
    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            sent(client(alice).get(SITES, {"format": "geojson"}))
        return len(captured)

    make.make_site_name(site=make.make_site())
    asked()
    few = asked()
    for _number in range(9):
        make.make_site_name(site=make.make_site())
    assert asked() == few


def test_gdal_reads_sites_where_they_are(alice, tmp_path):
    three_sites()
    path = tmp_path / "sites.geojson"
    path.write_text(sent(client(alice).get(SITES, {"format": "geojson"})))
    told, _keys, points, columns = pyogrio.raw.read(path)
    named = dict(zip(told["fields"], columns, strict=True))
    assert list(named["slug"]) == ["al-hasakah", "camp", "south"]
    assert next(iter(named["name_ar"])) == "الحسكة"
    assert (told["crs"], [point is None for point in points]) == ("EPSG:4326", [False, True, False])
    assert struct.unpack("<2d", points[2][-16:]) == (-3.25, -1.5)


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_one_goes_on_after_the_last_row_that_came(alice, few_at_a_time, form):
    incidents()
    door, read = client(alice), {"csv": table, "jsonl": lines}[form]
    every = read(door.get(EVENTS, {"format": form}))
    for name in ("uuid", "reference"):
        got = read(door.get(EVENTS, {"format": form, "limit": "2"}))
        assert got == every[:2]
        while rest := read(door.get(EVENTS, {"format": form, "limit": "3", "after": got[-1][name]})):
            got += rest
        assert got == every


def test_what_belongs_to_pages_is_not_for_the_whole_and_the_other_way_round(alice):
    door = client(alice)
    refused(door.get(EVENTS, {"format": "csv", "page_size": "5"}), '"page_size"', "is for pages", "limit")
    refused(door.get(EVENTS, {"format": "jsonl", "cursor": "x"}), '"cursor"', "is for pages")
    refused(door.get(EVENTS, {"after": "SY-2025-00012"}), '"after"', "sent whole", "cursor")
    refused(door.get(EVENTS, {"format": "csv", "include": "evidence"}), '"include"', "not for this format")
    refused(door.get(EVENTS, {"format": "acled", "fields": "notes"}), '"fields"', "not for this format")
    refused(door.get(f"{API}/sites/", {"include": "evidence"}), "There is no parameter")
    refused(door.get(f"{API}/history/", {"after": "5"}), "There is no parameter")
    refused(door.get(EVENTS, {"format": "csv", "limit": "0"}), '"limit"', "whole number")
    refused(door.get(EVENTS, {"format": "csv", "after": "SY-2025-00012"}), '"after"', "There is no record")
    refused(door.get(EVENTS, {"format": "csv", "after": "nonsense"}), '"after"', "There is no record")
    refused(door.get(EVENTS, {"format": "csv", "q": "x", "ordering": "relevance"}), '"ordering"', "pages")
    refused(door.get(EVENTS, {"format": "xls"}), '"format"', "acled, csv, ged, geojson, json, jsonl, stix")
    refused(door.get(f"{API}/sites/", {"format": "xls"}), '"format"', "csv, geojson, json, jsonl")
    refused(door.get(f"{API}/actors/", {"format": "geojson"}), '"format"', "csv, json, jsonl")


def test_one_does_not_go_on_after_what_one_may_not_see(victor):
    secret = make.make_event(tlp="RED")
    hidden = refused(client(victor).get(EVENTS, {"format": "csv", "after": str(secret.uuid)}))
    missing = refused(client(victor).get(EVENTS, {"format": "csv", "after": "00000000-0000-4000-8000-000000000000"}))
    assert hidden.replace(str(secret.uuid), "") == missing.replace("00000000-0000-4000-8000-000000000000", "")


RESOURCES = ["reports", "relays", "sites", "actors", "claims"]


@pytest.mark.parametrize("name", RESOURCES)
def test_every_resource_comes_as_lines_and_as_a_table(alice, few_at_a_time, name):
    for _number in range(3):
        make.make_whole_event()
    make.make_relay()
    door, address = client(alice), f"{API}/{name}/"
    rows = whole(door, name)
    assert lines(door.get(address, {"format": "jsonl"})) == rows
    cells = table(door.get(address, {"format": "csv"}))
    assert [tuple(row) for row in cells] == [tuple(row) for row in rows]
    key = "uuid" if "uuid" in rows[0] else "slug"
    assert [row[key] for row in cells] == [row[key] for row in rows]
    assert table(door.get(address, {"format": "csv", "after": rows[0][key]})) == cells[1:]


def test_fields_are_chosen_in_every_form(alice):
    event = make.make_whole_event(summary_en="=1, 2")
    door = client(alice)
    two = {"fields": "summary_en,reference"}
    shown = {"reference": event.reference, "summary_en": "=1, 2"}
    assert given(door.get(EVENTS, two))["results"] == [shown]
    assert lines(door.get(EVENTS, two | {"format": "jsonl"})) == [shown]
    assert table(door.get(EVENTS, two | {"format": "csv"})) == [shown | {"summary_en": "'=1, 2"}]
    [feature] = json.loads(sent(door.get(EVENTS, two | {"format": "geojson"})))["features"]
    assert feature["geometry"]
    assert feature["properties"].keys() == {"precision_m", "precisions_m", "reference", "summary_en"}
    assert "summary_ar" not in given(door.get(EVENTS, {"omit": "summary_ar"}))["results"][0]
    assert given(door.get(f"{EVENTS}{event.uuid}/", two)) == shown
    assert list(given(door.get(f"{API}/sites/", {"fields": "slug"}))["results"][0]) == ["slug"]
    refused(door.get(EVENTS, {"fields": "sumary_en"}), '"fields"', "Did you mean “summary_en”?")
    refused(door.get(EVENTS, {"fields": "sites"}), '"fields"')
    assert list(table(door.get(EVENTS, {"fields": "sites", "format": "csv"}))[0]) == ["sites"]
    refused(client(alice).get(f"{API}/reports/", {"fields": "text"}), '"fields"', "“text”")


def test_a_field_that_a_reader_may_not_see_is_no_field(victor, alice):
    make.make_published_event()
    refused(client(victor).get(EVENTS, {"fields": "assignee"}), '"fields"', "There is no field “assignee”")
    assert given(client(alice).get(EVENTS, {"fields": "assignee"}))["results"] == [{"assignee": None}]


@pytest.mark.parametrize("who", ["alice", "victor", None])
def test_the_evidence_comes_along_as_the_detail_has_it(request, settings, db, who, django_assert_max_num_queries):
    settings.PUBLIC_API = True
    for _number in range(3):
        make.make_published_event()
    hidden = make.make_citation(event=Event.objects.first(), report=make.make_report(tlp="RED"))
    assert hidden
    door = client(request.getfixturevalue(who) if who else None)
    rows = given(door.get(EVENTS, {"include": "evidence"}))["results"]
    assert len(rows) == 3
    for row in rows:
        detail = given(door.get(f"{EVENTS}{row['uuid']}/"))
        assert row == {name: value for name, value in detail.items() if name not in {"missing", "as_of"}}
    assert lines(door.get(EVENTS, {"include": "evidence", "format": "jsonl"})) == rows
    assert [row["origins"] for row in rows] == [
        row["origins"] for row in given(door.get(EVENTS, {"include": "evidence", "fields": "origins"}))["results"]
    ]
    refused(door.get(EVENTS, {"include": "evidnce"}), '"include"', "Did you mean “evidence”?")
    refused(door.get(EVENTS, {"include": "evidence", "format": "csv"}), '"include"')
    refused(door.get(f"{API}/sites/", {"include": "evidence"}), '"include"')


def test_it_is_squeezed_for_those_who_read_gzip(alice):
    make.make_event()
    door = client(alice)
    answer = door.get(EVENTS, {"format": "csv"}, headers={"accept-encoding": "br, gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in answer.headers["Vary"]
    assert gzip.decompress(answer.getvalue()).decode() == sent(door.get(EVENTS, {"format": "csv"}))


def test_of_a_head_nothing_is_read(alice):
    make.make_event()
    plain = client(alice).get(EVENTS, {"format": "csv"})
    head = client(alice).head(EVENTS, {"format": "csv"})
    assert head.status_code == 200
    assert "Content-Length" not in head.headers
    assert head.getvalue() == b""
    assert {name: head.headers[name] for name in ("Content-Type", "ETag")} == {
        name: plain.headers[name] for name in ("Content-Type", "ETag")
    }
    refused(client(alice).head(EVENTS, {"format": "csv", "nonsense": "1"}))


@pytest.mark.parametrize("form", ["csv", "jsonl"])
@pytest.mark.parametrize("question", [{"limit": "0"}, {"after": "nothing-of-ours"}, {"fields": "nonsense"}])
@pytest.mark.parametrize("name", ["sites", "events", "events/?as_of=2026-01-01"])
def test_what_is_wrong_is_refused_before_anything_is_sent_and_of_a_head_alike(alice, name, form, question):
    make.make_site()
    path, _mark, past = name.partition("/?as_of=")
    asked = question | {"format": form} | ({"as_of": past} if past else {})
    for ask in (client(alice).get, client(alice).head):
        refused(ask(f"{API}/{path}/", asked))


def test_many_rows_take_as_many_questions_as_few(alice):
    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            for form in ("csv", "jsonl", "geojson"):
                sent(client(alice).get(EVENTS, {"format": form}))
        return len(captured)

    make.make_whole_event()
    asked()  # who asks is looked up once
    at_one = asked()
    for _number in range(9):
        make.make_whole_event()
    assert asked() == at_one


def test_an_answer_that_nobody_reads_to_its_end_holds_nothing_of_the_database(alice):
    for _number in range(3):
        make.make_event()
    for form in ("csv", "jsonl", "geojson"):
        answer: Any = client(alice).get(EVENTS, {"format": form})
        texts = answer.streaming_content
        assert next(iter(texts))
        with CaptureQueriesContext(connection) as captured:
            del answer, texts
            gc.collect()
        assert not captured.captured_queries


@pytest.mark.parametrize("form", ["csv", "jsonl", "geojson", "jsonl&include=evidence"])
def test_what_leaves_the_readers_sight_while_a_list_is_sent_is_not_sent_any_more(
    settings, few_at_a_time, monkeypatch, edith, form
):
    settings.PUBLIC_API = True
    monkeypatch.setattr(streaming, "PIECE", 1)
    earlier, later = (make.make_published_event(summary_en=f"As it {word}.") for word in ("was", "will be"))
    pieces: Any = iter(client().get(f"{EVENTS}?format={form}"))
    begun = ""
    while "will be" not in begun:
        begun += next(pieces).decode()
    assert str(earlier.uuid) not in begun
    with workflow.changing(earlier, edith, "It endangers somebody."):
        Event.objects.filter(pk=earlier.pk).update(tlp="RED", summary_en="Secret.")
    all_sent = begun + b"".join(pieces).decode()
    assert str(later.uuid) in all_sent
    assert str(earlier.uuid) not in all_sent
