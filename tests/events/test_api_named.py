"""Places, actors and code lists by REST, and the lists of evidence."""

import re

import pytest

from events.models import ActorLink, Site
from osint.api import router
from osint.base.names import TAKEN
from tests import factories as make
from tests.factories import (
    make_actor,
    make_citation,
    make_claim,
    make_event,
    make_event_type,
    make_measure,
    make_outlet_report,
    make_placement,
    make_published_event,
    make_qasrak,
    make_report,
    make_site,
    make_site_name,
    make_whole_event,
)
from tests.rest import API, client, given, refused, rows

SITES, ACTORS, TYPES, MEASURES = (f"{API}/{name}/" for name in ("sites", "actors", "event-types", "measures"))


def slugs(user, address, **parameters):
    return {row["slug"] for row in given(client(user).get(address, parameters))["results"]}


def uuids(user, name, **parameters):
    return {row["uuid"] for row in given(client(user).get(f"{API}/{name}/", parameters))["results"]}


# Slugs


def test_no_slug_is_a_word_of_the_addresses():
    """What stands behind the resource's own name, where a slug would."""
    slugged = [prefix for prefix, viewset, _name in router.registry if getattr(viewset, "lookup_field", "") == "slug"]
    patterns = [re.match(r"\^([a-z-]+)/([a-z-]+)/", str(url.pattern)) for url in router.urls]
    words = {found[2] for found in patterns if found and found[1] in slugged}
    assert words == TAKEN


@pytest.mark.parametrize(("address", "more"), [(SITES, {"kind": "town"}), (f"{API}/measures/", {"unit": "u"})])
def test_a_slug_that_could_not_be_found_again_is_refused(edith, address, more):
    answer = client(edith).post(address, {"slug": "bulk", "name_en": "Bulk", **more})
    assert "Add a word" in refused(answer, "slug")


# Places


def test_a_place_is_entered_with_all_its_names(alice):
    make_qasrak()
    sent = {
        "slug": "kharab-al-jir",
        "kind": "airfield",
        "parent": "al-hasakah",
        "name_en": "Kharab al-Jir",
        "name_ar": "خراب الجير",
        "names": [{"text": "Xerab el-Cir", "language": "ku"}, {"text": "خراب عشك", "language": "ar"}],
        "latitude": 36.9,
        "longitude": 42,
        "precision_m": 5000,
    }
    answer = given(client(alice).post(SITES, sent), 201)
    assert answer["path"] == "syria/al-hasakah/kharab-al-jir/"
    assert [name["text"] for name in answer["names"]] == ["Xerab el-Cir", "خراب عشك"]
    kept = answer["names"][1]
    answer = given(client(alice).patch(f"{SITES}kharab-al-jir/", {"names": [{"text": "خراب عشك", "language": "ar"}]}))
    assert answer["names"] == [kept]
    assert answer["longitude"] == 42.0


def test_a_spelling_twice_is_refused_at_its_row(alice):
    make_qasrak()
    before = rows()
    sent = {"names": [{"text": "Kasrek", "language": "en"}] * 2}
    refused(client(alice).patch(f"{SITES}qasrak-base/", sent), '"names":[{},{', "spelling already")
    sent = {"names": [{"text": "Kasrek", "language": "English"}, {"text": "a\u202eb"}]}
    refused(client(alice).patch(f"{SITES}qasrak-base/", sent), '"language"', "ar, en, ku")
    assert rows() == before


def test_a_place_that_moves_takes_along_what_lies_in_it(alice):
    make_qasrak()
    make_site(slug="iraq", name_en="Iraq", name_ar="العراق", kind="country")
    given(client(alice).patch(f"{SITES}al-hasakah/", {"parent": "iraq"}))
    assert Site.objects.get(slug="qasrak-base").path == "iraq/al-hasakah/qasrak-base/"
    assert given(client(alice).patch(f"{SITES}al-hasakah/", {"parent": None}))["path"] == "al-hasakah/"


def test_places_are_found_by_name_kind_parent_and_code(alice):
    base = make_qasrak()
    make_site_name(site=base, text="Tel Baydar", language="en")
    make_site(slug="amuda", name_en="Amuda", name_ar="عامودا", pcode="SY080301")
    for spelling in ("قسرك", "Kasrak", "baydar"):
        assert slugs(alice, SITES, q=spelling) == {"qasrak-base"}
    assert slugs(alice, SITES, kind="base,country") == {"qasrak-base", "syria"}
    assert slugs(alice, SITES, parent="syria") == {"al-hasakah"}
    assert slugs(alice, SITES, within="al-hasakah") == {"al-hasakah", "qasrak-base"}
    assert slugs(alice, SITES, pcode="SY080301") == {"amuda"}


def test_a_place_where_something_happened_stays(alice):
    placement = make_placement()
    before = rows()
    address = f"{SITES}{placement.site.slug}/"
    refused(client(alice).delete(address), "places of events rest on it", status=409)
    assert rows() == before


# Actors


def test_an_actor_is_entered_with_names_and_links(alice):
    make_actor(slug="coalition", name_en="Coalition", name_ar="التحالف", kind="coalition")
    sent = {
        "slug": "us-forces",
        "kind": "force",
        "name_en": "US forces",
        "names": [{"text": "القوات الأميركية", "language": "ar"}],
        "links": [{"kind": "part_of", "other": "coalition", "when": "2014-10-17/.."}],
    }
    answer = given(client(alice).post(ACTORS, sent), 201)
    (link,) = answer["links"]
    assert (link["other"], link["earliest"], link["latest"]) == ("coalition", "2014-10-17", None)
    link["note"] = "As announced."
    sent = {"links": [{name: value for name, value in link.items() if name not in {"earliest", "latest"}}]}
    answer = given(client(alice).patch(f"{ACTORS}us-forces/", sent))
    assert answer["links"] == [link]
    refused(
        client(alice).patch(f"{ACTORS}us-forces/", {"links": [{"kind": "part_of", "other": "us-forces"}]}), "itself"
    )
    given(client(alice).patch(f"{ACTORS}us-forces/", {"links": []}))
    assert not ActorLink.objects.exists()
    assert slugs(alice, ACTORS, q="الاميركيه") == slugs(alice, ACTORS, kind="force") == {"us-forces"}


# Code lists


def test_types_and_measures_are_entered_by_editors_and_found_by_name(edith):
    parent = make_event_type(slug="strike", name_en="Strike", name_ar="ضربة")
    sent = {"slug": "drone-strike", "name_en": "Drone strike", "parent": parent.slug, "definition": "From a drone."}
    assert given(client(edith).post(TYPES, sent), 201)["path"] == "strike/drone-strike/"
    assert slugs(edith, TYPES, q="drone") == slugs(edith, TYPES, parent="strike") == {"drone-strike"}
    assert slugs(edith, TYPES, within="strike") == {"strike", "drone-strike"}
    refused(client(edith).patch(f"{TYPES}strike/", {"parent": "drone-strike"}), '"parent"', "Choose another")
    make_measure(slug="trucks", name_en="Trucks", name_ar="شاحنات")
    assert slugs(edith, MEASURES, q="شاحنات") == {"trucks"}
    refused(client(edith).patch(f"{MEASURES}trucks/", {"unit": ""}), '"unit"')


def test_a_type_that_is_used_stays(edith):
    event = make_event()
    refused(client(edith).delete(f"{TYPES}{event.type.slug}/"), "rest on it", status=409)


# Evidence


def test_citations_are_found_by_event_report_source_and_role(alice):
    event = make_whole_event()
    first = event.citations.get()
    other = make_citation(event=event, report=make_report(), role="denies")
    make_citation()
    both = {str(first.uuid), str(other.uuid)}
    assert uuids(alice, "citations", event=str(event.uuid)) == uuids(alice, "citations", event=event.reference) == both
    assert uuids(alice, "citations", report=str(other.report.uuid)) == {str(other.uuid)}
    assert uuids(alice, "citations", source=first.report.source.slug) == {str(first.uuid)}
    assert uuids(alice, "citations", role="denies") == {str(other.uuid)}
    refused(client(alice).get(f"{API}/citations/", {"event": "12"}), '"event"', "“12”", "SY-2025-4F7KQ2")


def test_claims_are_found_by_event_report_citation_facet_and_standing(alice):
    event = make_whole_event()
    citation = event.citations.get()
    aside = make_claim(standing="set_aside", standing_reason="A slip of the pen.")
    for parameters in (
        {"event": event.reference},
        {"report": str(citation.report.uuid)},
        {"citation": str(citation.uuid)},
        {"standing": "accepted"},
    ):
        assert len(uuids(alice, "claims", **parameters)) == 5, parameters
    assert len(uuids(alice, "claims", facet="where,who")) == 2
    assert uuids(alice, "claims", standing="set_aside") == {str(aside.uuid)}


def test_evidence_of_a_hidden_event_is_in_no_list(alice, victor):
    hidden, shown = make_whole_event(), make_published_event(report=make_outlet_report())
    assert uuids(victor, "claims", event=str(hidden.uuid)) == set()
    assert uuids(victor, "citations", report=str(hidden.citations.get().report.uuid)) == set()
    assert len(uuids(victor, "claims")) == len(uuids(alice, "claims", event=str(shown.uuid))) == 5


def test_a_claim_of_a_published_event_is_added_and_what_it_holds_stays(alice):
    event = make_published_event()
    citation = event.citations.get()
    before = given(client(alice).get(f"{API}/events/{event.uuid}/"))
    sent = {"citation": str(citation.uuid), "facet": "when", "when": "2025-11-11", "quote": "قرابة 25 شاحنة"}
    claim = given(client(alice).post(f"{API}/claims/", sent), 201)
    after = given(client(alice).get(f"{API}/events/{event.uuid}/"))
    (added,) = [row for row in after["citations"][0]["claims"] if row["uuid"] == claim["uuid"]]
    assert (added["agrees"], added["earliest"]) == (False, "2025-11-11")
    assert after["when"] == before["when"]


def test_setting_aside_the_only_support_of_a_published_fact_is_refused(alice):
    event = make_published_event()
    claim = event.citations.get().claims.get(facet="where")
    before = rows()
    sent = {"standing": "set_aside", "standing_reason": "Misread."}
    refused(client(alice).patch(f"{API}/claims/{claim.uuid}/", sent), "Qasrak base", "Quote the words")
    assert rows() == before


@pytest.mark.parametrize("path", ["sources", "event-types", "measures", "sites", "actors"])
def test_a_slug_that_other_databases_know_stays(edith, path):
    makers = {
        "sources": make.make_source,
        "event-types": make.make_event_type,
        "measures": make.make_measure,
        "sites": make.make_site,
        "actors": make.make_actor,
    }
    record = makers[path]()
    refused(client(edith).patch(f"{API}/{path}/{record.slug}/", {"slug": "other"}), "slug", "stays as it was")
