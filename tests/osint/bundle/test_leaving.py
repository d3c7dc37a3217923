"""What leaves: the answer to a query with all that it rests on, and nothing above the mark that was named."""

import json

import pytest
from django.core.management import CommandError, call_command

from events import workflow
from osint.bundle.entries import Refusal
from sources.choices import Tlp
from tests import factories as make
from tests.kit import bundles

pytestmark = pytest.mark.django_db
HIDDEN = "Nobody outside may know of this"


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "bundle"


def everything_in(folder):
    """All that a recipient can read."""
    return "".join(path.read_text() for path in folder.iterdir())


# Closing


def test_an_event_leaves_with_all_that_it_rests_on(folder):
    event = make.make_whole_event()
    make.make_actor_link(actor=event.involvements.get().actor, other=make.make_actor(slug="united-states"))
    spelling = make.make_site_name(site=event.placements.get().site)
    make.make_event()
    make.make_site(slug="elsewhere")
    bundles.cut(folder, query="site=al-hasakah")
    assert bundles.keys(folder, "events.event") == {str(event.uuid)}
    assert bundles.keys(folder, "events.site") == {"syria", "al-hasakah", "qasrak-base"}
    assert bundles.keys(folder, "events.sitename") == {str(spelling.uuid)}
    assert bundles.keys(folder, "events.actor") == {"coalition", "united-states"}
    assert len(bundles.keys(folder, "events.actorlink")) == 1
    assert bundles.keys(folder, "events.eventtype") == {"convoy-arrival"}
    assert bundles.keys(folder, "events.measure") == {"trucks"}
    assert "sohr" in bundles.keys(folder, "sources.source")
    assert len(bundles.keys(folder, "events.claim")) == 5
    assert len(bundles.keys(folder, "sources.report")) == len(bundles.keys(folder, "sources.relay")) == 1


def test_what_a_report_passes_on_and_what_it_updates_leaves_with_it(folder):
    behind, first = make.make_report(), make.make_report()
    report = make.make_report(updates=first)
    make.make_relay(report=report, relayed_report=behind)
    make.make_whole_event(report=report)
    bundles.cut(folder, query="site=al-hasakah")
    assert bundles.keys(folder, "sources.report") == {str(one.uuid) for one in (behind, first, report)}
    assert bundles.fields(folder, "sources.report", report.uuid)["updates"] == [str(first.uuid)]


def test_the_whole_of_a_part_and_both_sides_of_a_merging_leave_together(folder, edith):
    total = make.make_event(is_aggregate=True, when="2024")
    event, duplicate = make.make_whole_event(part_of=total), make.make_whole_event()
    workflow.merge(duplicate, edith, event, "Both tell of the same trucks.")
    bundles.cut(folder, query="site=qasrak-base")
    assert bundles.keys(folder, "events.event") == {str(one.uuid) for one in (event, duplicate, total)}
    assert bundles.told(folder, "states.json") == [
        {
            "model": "events.event",
            "key": [str(duplicate.uuid)],
            "state": "merged",
            "into": [str(event.uuid)],
            "was_published": False,
        }
    ]


def test_without_a_query_everything_leaves(folder):
    make.make_site(slug="lonely")
    make.make_cue()
    report = make.make_report()
    bundles.cut(folder)
    assert bundles.keys(folder, "events.site") == {"lonely"}
    assert bundles.keys(folder, "sources.report") == {str(report.uuid)}
    assert len(bundles.keys(folder, "events.cue")) == 1


def test_nothing_leaves_that_is_of_one_installation_only(folder, edith):
    event = make.make_published_event(report=make.make_outlet_report(note=HIDDEN, assignee=edith))
    make.make_comment(event=event, text=HIDDEN)
    make.make_passage_note(report=event.citations.get().report, kind="note", text=HIDDEN)
    bundles.cut(folder)
    text = everything_in(folder)
    assert HIDDEN not in text
    assert event.reference not in text
    told = bundles.fields(folder, "events.event", event.uuid)
    assert not {"status", "created_by", "version", "reference", "published_at", "id"} & set(told)
    assert "pk" not in {name for row in bundles.told(folder) for name in row}


# Marks


def test_what_is_above_the_mark_does_not_leave_not_even_as_a_key(folder):
    hidden = make.make_report(title=HIDDEN, tlp="AMBER")
    secret = make.make_event(summary_en=HIDDEN, tlp="GREEN", is_aggregate=True, when="2024")
    report = make.make_report(updates=hidden)
    relay = make.make_relay(report=report, relayed_report=hidden)
    event = make.make_whole_event(report=report, part_of=secret)
    citation = make.make_citation(event=event, report=hidden)
    claim = make.make_claim(citation=citation)
    correction = make.make_correction(event=event, tlp="AMBER")
    bundles.cut(folder)
    text = everything_in(folder)
    for gone in (hidden, secret, relay, citation, claim, correction):
        assert str(gone.uuid) not in text, gone
    assert HIDDEN not in text
    assert "updates" not in bundles.fields(folder, "sources.report", report.uuid)
    assert "part_of" not in bundles.fields(folder, "events.event", event.uuid)
    assert str(event.uuid) in text


def test_a_correction_by_a_hidden_report_leaves_without_it(folder):
    event, hidden = make.make_whole_event(), make.make_report(tlp="RED")
    correction = make.make_correction(event=event, after={"tlp": "CLEAR"}, tlp="CLEAR", report=hidden)
    bundles.cut(folder)
    assert "report" not in bundles.fields(folder, "events.correction", correction.uuid)
    assert str(hidden.uuid) not in everything_in(folder)


@pytest.mark.parametrize("mark", Tlp.values)
def test_each_mark_leaves_with_its_own_and_the_milder_ones(folder, mark):
    reports = {one: make.make_report(tlp=one) for one in Tlp.values}
    told = {str(reports[one].uuid) for one in Tlp.values[: Tlp.values.index(mark) + 1]}
    bundles.cut(folder, mark=mark)
    assert bundles.keys(folder, "sources.report") == told
    manifest = json.loads((folder / "manifest.json").read_text())
    assert (manifest["mark"], manifest["highest_mark"]) == (mark, mark)


def test_a_query_finds_nothing_by_what_may_not_leave(folder):
    event, secret = make.make_whole_event(), make.make_source(slug="secret-source")
    make.make_citation(event=event, report=make.make_report(source=secret, tlp="AMBER"))
    bundles.cut(folder, query="source=secret-source")
    assert bundles.told(folder) == []
    bundles.cut(folder, query="source=secret-source", mark="AMBER")
    assert bundles.keys(folder, "events.event") == {str(event.uuid)}


def test_what_was_merged_into_something_hidden_stays(folder, edith):
    hidden, event = make.make_whole_event(tlp="GREEN"), make.make_whole_event()
    workflow.merge(event, edith, hidden, "Both tell of the same trucks.")
    bundles.cut(folder)
    assert str(event.uuid) not in everything_in(folder)
    assert str(hidden.uuid) not in everything_in(folder)


def test_the_edits_of_what_stays_behind_stay_behind(folder):
    hidden = make.make_event(tlp="GREEN", is_aggregate=True, when="2024")
    event = make.make_whole_event()
    event.part_of, event.summary_en = hidden, "A longer convoy."
    event.save()
    bundles.cut(folder)
    assert [set(row["edits"]) for row in bundles.told(folder, "edits.json")] == [{"summary_en"}]


# Texts


def test_without_texts_no_words_of_reports_leave(folder):
    event = make.make_whole_event()
    report = event.citations.get().report
    bundles.cut(folder, texts=False)
    told = bundles.fields(folder, "sources.report", report.uuid)
    assert not {"text", "translation"} & set(told)
    assert not any("quote" in row["fields"] for row in bundles.told(folder))
    assert report.text.strip() not in everything_in(folder)
    bundles.trusted()
    assert bundles.read(folder)


def test_a_report_without_an_address_does_not_leave_without_its_text(folder):
    make.make_report(url="", title="Only on paper")
    with pytest.raises(Refusal, match=r"“Only on paper” has no address.*1 such"):
        bundles.cut(folder, texts=False)
    assert not folder.exists()


# What became of records


def test_states_tell_what_became_of_events(folder):
    published, retracted = make.make_published_event(), make.make_retracted_event()
    make.make_event()
    bundles.cut(folder)
    told = {row["key"][0]: row for row in bundles.told(folder, "states.json")}
    assert told[str(published.uuid)]["state"] == "published"
    assert told[str(retracted.uuid)]["reason"] == "The outlet withdrew it."
    assert len(told) == 2


def test_a_retraction_is_told_where_the_query_finds_the_event_no_more(folder):
    event = make.make_retracted_event()
    bundles.cut(folder, query="status=published")
    assert bundles.told(folder) == []
    assert [row["key"] for row in bundles.told(folder, "states.json")] == [[str(event.uuid)]]


def test_a_deletion_is_told_to_whoever_could_have_seen_the_record(folder):
    event = make.make_whole_event()
    hidden, claim = make.make_event(tlp="AMBER"), event.citations.get().claims.all()[0]
    site, open_event = make.make_site(slug="mistaken"), make.make_event()
    by_hidden = make.make_citation(event=event, report=make.make_report(tlp="GREEN"))
    gone = {str(one.uuid) for one in (claim, open_event)} | {site.slug}
    secret = {str(hidden.uuid), str(by_hidden.uuid)}
    for one in (claim, open_event, site, hidden, by_hidden):
        one.delete()
    bundles.cut(folder)
    told = {row["key"][0] for row in bundles.told(folder, "states.json")}
    assert told == gone
    assert not any(key in everything_in(folder) for key in secret)


def test_what_was_deleted_with_its_whole_is_told_by_the_mark_of_the_whole(folder):
    open_event, hidden = make.make_whole_event(), make.make_whole_event(tlp="AMBER")
    placement, secret = (str(one.placements.get().uuid) for one in (open_event, hidden))
    open_event.delete()
    hidden.delete()
    bundles.cut(folder)
    told = {row["key"][0] for row in bundles.told(folder, "states.json")}
    assert placement in told
    assert secret not in told
    assert str(hidden.uuid) not in everything_in(folder)


# Asking


def test_errors_name_the_parameter(tmp_path):
    make.make_qasrak()
    with pytest.raises(CommandError, match="site: There is no site “al-hasaka”"):
        call_command("export_bundle", query="site=al-hasaka", output=str(tmp_path / "x.zip"))
    with pytest.raises(CommandError, match="sit: There is no parameter “sit” here"):
        call_command("export_bundle", query="sit=al-hasakah", output=str(tmp_path / "x.zip"))
    assert not list(tmp_path.iterdir())


def test_a_query_asks_as_the_api_does(folder):
    early, late = make.make_event(when="2025-11-01"), make.make_event(when="2025-11-12")
    bundles.cut(folder, query="date_from=2025-11-05&date_to=2025-11-30")
    assert bundles.keys(folder, "events.event") == {str(late.uuid)}
    bundles.cut(folder, query=f"type={early.type.slug}")
    assert bundles.keys(folder, "events.event") == {str(early.uuid)}
