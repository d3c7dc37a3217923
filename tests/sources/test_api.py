"""Sources, reports and relays by REST."""

import pytest
from django.contrib.auth.models import User

from sources.models import Relay, Report, Source
from tests.factories import TEXT, WORDS, make_claim, make_outlet_report, make_relay, make_report, make_source
from tests.rest import API, client, given, refused, rows

SOURCES, REPORTS, RELAYS = f"{API}/sources/", f"{API}/reports/", f"{API}/relays/"


def names(user, address, **parameters):
    return {row.get("slug") or row["title"] for row in given(client(user).get(address, parameters))["results"]}


# Sources


def test_a_source_is_entered_changed_and_deleted(alice):
    sent = {
        "slug": "sohr",
        "name_en": "Syrian Observatory for Human Rights",
        "name_ar": "المرصد السوري لحقوق الإنسان",
        "kind": "monitor",
        "reliability": "B",
        "reliability_reason": "A wide network; rarely corrected.",
    }
    answer = given(client(alice).post(SOURCES, sent), 201)
    assert answer == answer | sent
    assert given(client(alice).patch(f"{SOURCES}sohr/", {"reliability": "C"}))["reliability"] == "C"
    assert given(client(alice).put(f"{SOURCES}sohr/", sent))["reliability"] == "B"
    assert Source.objects.get().created_by == User.objects.get(username="alice")
    assert client(alice).delete(f"{SOURCES}sohr/").status_code == 204


def test_a_source_with_a_report_stays(alice):
    report = make_report()
    before = rows()
    refused(client(alice).delete(f"{SOURCES}{report.source.slug}/"), "reports rest on it (1", status=409)
    assert rows() == before


def test_a_slug_that_is_taken_or_none_is_refused(alice):
    source = make_source()
    sent = {"slug": source.slug, "name_en": "X", "kind": "outlet", "reliability": "F", "reliability_reason": "New."}
    refused(client(alice).post(SOURCES, sent), '"slug"', "already exists")
    refused(client(alice).post(SOURCES, sent | {"slug": "Not A Slug"}), '"slug"', "Not A Slug", "al-hasakah")
    refused(client(alice).post(SOURCES, sent | {"slug": "x", "reliability_reason": ""}), '"reliability_reason"')


def test_sources_are_found_by_any_spelling_kind_and_reliability(alice):
    sohr = make_source(slug="sohr", name_en="SOHR", name_ar="المرصد السوري", kind="monitor", reliability="B")
    other = make_source(slug="agency", name_en="Hawar News", name_ar="هاوار", kind="agency", reliability="C")
    assert names(alice, SOURCES, q="المَرصد") == names(alice, SOURCES, kind="monitor") == {sohr.slug}
    assert names(alice, SOURCES, q="hawar") == names(alice, SOURCES, reliability="C") == {other.slug}
    assert names(alice, SOURCES, kind="monitor,agency") == {sohr.slug, other.slug}
    refused(client(alice).get(SOURCES, {"reliability": "G"}), '"reliability"', "Known: A, B")


# Reports


def report(**overrides):
    values = {"title": "قافلة", "text": TEXT, "published_on": "2025-11-15", "url": "https://outlet.example/1"}
    return values | {"source": overrides.pop("source", None) or make_source().slug} | overrides


def test_a_report_is_entered_and_its_list_leaves_out_the_text(alice):
    answer = given(client(alice).post(REPORTS, report(assignee="alice", note="Two passages are comment.")), 201)
    assert answer["text"] == TEXT
    assert answer["assignee"] == "alice"
    (listed,) = given(client(alice).get(REPORTS))["results"]
    assert "text" not in listed
    assert "translation" not in listed
    assert listed["sha256"] == answer["sha256"] != ""


def test_what_is_worked_out_is_not_sent(alice):
    refused(client(alice).post(REPORTS, report(sha256="0" * 64)), '"sha256"', "worked out from the text")
    refused(client(alice).post(REPORTS, report(relays=[])), '"relays"', "/api/v1/relays/")


def test_notes_and_assignees_are_for_those_who_work_on_reports(alice, victor):
    kept = make_report(note="Only for us.", assignee=alice)
    assert given(client(alice).get(f"{REPORTS}{kept.uuid}/"))["note"] == "Only for us."
    seen = given(client(victor).get(f"{REPORTS}{kept.uuid}/"))
    assert not {"note", "assignee"} & set(seen)


def test_a_quoted_text_stays_and_a_new_wording_is_a_new_report(alice):
    kept = make_claim().citation.report
    before = rows()
    refused(client(alice).patch(f"{REPORTS}{kept.uuid}/", {"text": "Another."}), '"text"', "new report that updates")
    refused(client(alice).delete(f"{REPORTS}{kept.uuid}/"), "rest on it", status=409)
    assert rows() == before
    assert given(client(alice).post(REPORTS, report(updates=str(kept.uuid))), 201)["updates"] == str(kept.uuid)


def test_reports_are_found_by_words_source_language_status_and_date(alice):
    first = make_report(title="First", language="ar", published_on="2025-11-01")
    english = {"language": "en", "text": "A drill began.", "status": "coded"}
    second = make_report(title="Second", published_on="2025-11-15", **english)
    assert first.title == "First"
    assert names(alice, REPORTS, q="قافله") == {"First"}
    assert names(alice, REPORTS, q="drill") == names(alice, REPORTS, source=second.source.slug) == {"Second"}
    assert names(alice, REPORTS, language="en") == names(alice, REPORTS, status="coded") == {"Second"}
    assert names(alice, REPORTS, published_from="2025-11-02") == {"Second"}
    assert names(alice, REPORTS, published_to="2025-11-01") == {"First"}
    turned = {"published_from": "2025-11-02", "published_to": "2025-11-01"}
    refused(client(alice).get(REPORTS, turned), '"published_from"', "Exchange them")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("published_on", "15.11.2025"),
        ("published_on", 20251115),
        ("accessed_on", "2025-11-01"),
        ("url", "ftp://outlet.example/"),
        ("tlp", "WHITE"),
        ("source", "nobody"),
        ("updates", "00000000-0000-4000-8000-000000000000"),
        ("assignee", "nobody"),
        ("title", ""),
        ("title", "a\u202eb"),
    ],
)
def test_a_value_that_will_not_do_is_refused(alice, field, value):
    sent = report(**{field: value})
    before = rows()
    text = refused(client(alice).post(REPORTS, sent))
    assert f'"{field}"' in text or "accessed before" in text
    assert rows() == before


# Relays


def test_a_relay_is_entered_with_the_words_that_say_so(alice):
    kept, sohr = make_report(), make_source(slug="sohr", name_en="SOHR")
    sent = {"report": str(kept.uuid), "relayed_source": sohr.slug, "quote": WORDS["relay"]}
    answer = given(client(alice).post(RELAYS, sent), 201)
    assert kept.text[answer["start"] : answer["end"]] == WORDS["relay"]
    refused(client(alice).post(RELAYS, sent), "relays that source already")
    where = f"{RELAYS}{answer['uuid']}/"
    refused(client(alice).patch(where, {"quote": "وفق المرصد السوري"}), '"quote"', "word for word", "Copy the words")
    refused(client(alice).patch(where, {"report": str(make_report().uuid)}), '"report"', "stays as it was")
    assert given(client(alice).patch(where, {"quote": ""}))["start"] is None
    (row,) = given(client(alice).get(f"{REPORTS}{kept.uuid}/"))["relays"]
    assert row["relayed_source"] == "sohr"
    assert client(alice).delete(where).status_code == 204
    assert not Relay.objects.exists()


def test_a_relay_has_one_target_and_no_circle(alice):
    first, second = make_report(), make_report()
    make_relay(report=first, relayed_report=second)
    before = rows()
    refused(client(alice).post(RELAYS, {"report": str(second.uuid)}), "Name either")
    sent = {"report": str(second.uuid), "relayed_report": str(first.uuid)}
    refused(client(alice).post(RELAYS, sent), '"relayed_report"', "cannot pass it on")
    refused(client(alice).post(RELAYS, sent | {"relayed_report": str(second.uuid)}), "cannot")
    assert rows() == before


def test_relays_are_found_by_report_and_source(alice):
    kept = make_outlet_report()
    make_outlet_report()
    assert len(given(client(alice).get(RELAYS, {"source": "sohr"}))["results"]) == 2
    assert len(given(client(alice).get(RELAYS, {"report": str(kept.uuid)}))["results"]) == 1
    assert Report.objects.count() == 2
