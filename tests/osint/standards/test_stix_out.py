"""Events as STIX 2.1: the public validator has no more to say than we explain, and the same comes out each time."""

import json

import pytest
from django.contrib.auth.models import AnonymousUser

from osint.standards.stix.objects import CORE, MARKS, OURS
from sources.choices import Tlp
from sources.models import Relay
from tests.factories import make_citation, make_published_event, make_report, make_source, make_user, make_whole_event
from tests.osint.standards.test_tables import make_clash, written

pytestmark = pytest.mark.django_db
# docs/formats.md explains each.
EXPLAINED = {"103", "202", "302"}


@pytest.fixture
def edith():
    return make_user("edith", "Editor")


def bundle(reader, query=""):
    return json.loads(written("stix", reader, query))


def validated(found):
    # It takes seconds to import, which every process of a run would spend that only collects the tests.
    from stix2validator import ValidationOptions, validate_instance

    return validate_instance(found, ValidationOptions(version="2.1"))


def of_type(found, kind):
    return [one for one in found["objects"] if one["type"] == kind]


def test_the_public_validator_finds_no_fault_and_warns_of_what_we_explain(edith):
    make_clash(tlp="AMBER+STRICT")
    make_published_event()
    result = validated(bundle(edith))
    assert result.is_valid, [str(error) for error in result.errors]
    codes = {str(warning).partition("{")[2].partition("}")[0] for warning in result.warnings}
    assert codes <= EXPLAINED, [str(warning) for warning in result.warnings]


def test_a_bundle_without_events_is_one_too(edith):
    assert validated(bundle(edith)).is_valid


def test_an_incident_has_the_core_extension_and_ours(edith):
    event = make_whole_event(when="2025-11-01/2025-11-15")
    [incident] = of_type(bundle(edith), "incident")
    assert incident["id"] == f"incident--{event.uuid}"
    assert incident["extensions"][CORE]["investigation_status"] == "open"
    ours = incident["extensions"][OURS]
    assert (ours["event"]["when"], ours["earliest"], ours["latest"]) == (
        "2025-11-01/2025-11-15",
        "2025-11-01",
        "2025-11-15",
    )
    assert ours["counts"][0]["best"] == 25
    assert ours["counts"][0]["qualifier"] == "about"
    claims = ours["citations"][0]["claims"]
    assert {claim["facet"] for claim in claims} == {"what", "when", "where", "who", "how_many"}
    assert all(claim["quote"] for claim in claims)
    assert incident["object_marking_refs"] == [MARKS[Tlp.CLEAR]]


def test_a_location_says_how_precise_it_is_in_metres(edith):
    make_whole_event()
    found = {one["name"]: one for one in of_type(bundle(edith), "location")}
    assert (found["Qasrak base"]["latitude"], found["Qasrak base"]["precision"]) == (36.7, 10_000.0)
    assert found["Qasrak base"]["administrative_area"] == "Al-Hasakah"


def test_a_report_names_its_incidents_its_source_and_whom_it_passes_on(edith):
    event = make_whole_event()
    found = bundle(edith)
    [report] = of_type(found, "report")
    assert report["object_refs"] == [f"incident--{event.uuid}"]
    names = {one["id"]: one["name"] for one in of_type(found, "identity")}
    assert names[report["created_by_ref"]].startswith("Outlet")
    passed_on = [one for one in of_type(found, "relationship") if one["source_ref"] == report["id"]]
    assert [names[one["target_ref"]] for one in passed_on] == ["SOHR"]


def test_every_reference_leads_to_an_object_of_the_bundle(edith):
    make_clash()
    make_whole_event()
    found = bundle(edith)
    here = {one["id"] for one in found["objects"]}
    assert len(here) == len(found["objects"])
    for one in found["objects"]:
        named = [value for name, value in one.items() if name.endswith("_ref")]
        named += [value for name, values in one.items() if name.endswith("_refs") for value in values]
        assert set(named) <= here, one["id"]


def test_the_same_comes_out_as_the_same_bytes(edith):
    make_clash()
    make_whole_event()
    assert written("stix", edith) == written("stix", edith)


def test_a_relay_to_a_hidden_report_is_not_told(edith):
    event = make_published_event()
    hidden = make_report(tlp="RED", title="Confidential", source=make_source(name_en="Confidant"))
    shown = event.citations.get().report
    Relay.objects.create(report=shown, relayed_report=hidden)
    make_citation(event=event, report=hidden)
    told = written("stix", AnonymousUser())
    assert str(hidden.uuid) not in told
    assert "Confidant" not in told
