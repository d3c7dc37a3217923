"""The fixtures: they fill an empty database, come out of it as they went in, and say what the November report says."""

import json
import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import QuerySet

from events import provenance
from events.choices import Basis, Standing, Status
from events.models import Actor, Claim, Event, EventType, Measure, Site
from osint.base.tree import below
from osint.keeping import promises
from osint.management.commands.prepare import FIXTURES
from sources.models import Relay, Report, Source

pytestmark = pytest.mark.django_db
FOLDER = Path(__file__).resolve().parents[2] / "fixtures"
BASES = {("at", "al-shaddadi-base"), ("at", "kharab-al-jir-base"), ("at", "qasrak-base")}
UNDATED = ("2025-11-01", "2025-11-16")

# Incident: type, earliest, latest, basis of the date, places, counts as (measure, label, best, qualifier).
INCIDENTS = {
    1: ("airlift", "2025-11-01", "2025-11-15", "inferred", BASES, {("cargo-aircraft", "", 3, "exactly")}),
    2: ("reinforcement-supply", *UNDATED, "inferred", BASES, set()),
    3: (
        "convoy-arrival", "2025-11-12", "2025-11-12", "inferred",
        {("at", "qasrak-base")}, {("trucks", "", 25, "about")},
    ),
    4: ("explosion-heard", "2025-11-13", "2025-11-13", "inferred", {("at", "qasrak-area")}, set()),
    5: ("training", "2025-11-11", "2025-11-11", "derived", {("at", "qasrak-area")}, set()),
    6: ("live-fire-training", "2025-11-02", "2025-11-02", "inferred", {("at", "al-talae-camp")}, set()),
    7: ("arrest-raid", *UNDATED, "inferred", {("at", "al-raqqa-city")}, {("detained", "", 4, "exactly")}),
    8: ("arrest-raid", *UNDATED, "inferred", {("at", "deir-ez-zor-countryside")}, {("detained", "", 3, "exactly")}),
    9: (
        "arrest-raid", *UNDATED, "inferred", {("at", "al-hasakah")},
        {
            ("operations", "", 3, "exactly"),
            ("detained", "prominent leader", 1, "exactly"),
            ("detained", "others", 3, "exactly"),
        },
    ),
    10: ("sweep", *UNDATED, "inferred", {("at", "eastern-deir-ez-zor-countryside")}, set()),
    11: (
        "inspection-patrol", "2025-11-04", "2025-11-04", "inferred",
        {("at", "tal-tamr-countryside"), ("at", "abu-rasin-countryside")}, set(),
    ),
    12: (
        "patrol", *UNDATED, "inferred",
        {("between", "al-darbasiyah-countryside"), ("between", "abu-rasin-countryside")}, set(),
    ),
    13: (
        "troop-movement", *UNDATED, "inferred",
        {("at", "eastern-deir-ez-zor-countryside"), ("to", "syrian-iraqi-border")}, set(),
    ),
    14: (
        "inspection-visit", "2025-11-01", "2025-11-01", "inferred",
        {("at", "al-seen-airport"), ("near", "al-dumayr"), ("from", "al-tanf-base")}, set(),
    ),
}  # fmt: skip
PARTS = {
    1: {("us-forces", "acts"), ("coalition", "acts")},
    2: {("coalition", "acts")},
    3: {("coalition", "acts")},
    4: {("coalition", "acts"), ("sdf", "partner")},
    5: {("coalition", "acts"), ("us-forces", "present")},
    6: {("coalition", "acts"), ("sdf", "partner")},
    7: {("coalition", "acts"), ("sdf", "partner"), ("isis", "target")},
    8: {("coalition", "acts"), ("sdf", "partner"), ("isis", "target")},
    9: {("coalition", "acts"), ("sdf", "partner"), ("isis", "target")},
    10: {("coalition", "acts"), ("us-forces", "acts")},
    11: {("coalition", "acts"), ("sdf", "partner"), ("syrian-government", "mentioned")},
    12: {("coalition", "acts")},
    13: {("coalition", "acts")},
    14: {("coalition", "acts"), ("desert-security", "partner")},
}


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    """All fixtures in an empty database; they take seconds to load and check, so the tests here share them."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("loaddata", *FIXTURES, verbosity=0)
        connection.check_constraints()  # once, and not again at the end of each test
        yield
        transaction.set_rollback(True)


def incidents():
    """All events in the order of the report, the order in which the fixture has them."""
    return Event.objects.with_evidence().order_by("pk")


def incident(number):
    return incidents()[number - 1]


def numbers(events: QuerySet[Event]) -> set[int]:
    order = list(Event.objects.order_by("pk").values_list("pk", flat=True))
    return {order.index(pk) + 1 for pk in events.values_list("pk", flat=True)}


def written(name: str) -> str:
    return (FOLDER / f"{name}.json").read_bytes().decode()


def test_the_fixtures_fill_an_empty_database(loaded):
    assert EventType.objects.count() >= 45
    assert Measure.objects.count() >= 25
    assert Actor.objects.count() >= 40
    assert Source.objects.get(slug="sohr").reliability_reason
    assert Report.objects.count() == 3
    assert Event.objects.count() == 14


def test_the_fixtures_break_no_promise(loaded):
    assert not list(promises.breaches())


def test_what_was_loaded_is_dumped_byte_for_byte(loaded):
    for name in FIXTURES:
        models = list(dict.fromkeys(row["model"] for row in json.loads(written(name))))
        dumped = StringIO()
        call_command("dumpdata", *models, natural_foreign=True, natural_primary=True, indent=2, stdout=dumped)
        assert dumped.getvalue() == written(name), f"fixtures/{name}.json is not what dumpdata writes"


@pytest.mark.one_engine
def test_the_fixtures_hold_nothing_that_is_derived():
    for name in FIXTURES:
        for row in json.loads(written(name)):
            assert not {"pk", "id"} & set(row), f"{row} carries a key of one database"
            assert not {"path", "earliest", "latest", "sha256", "folded", "reference"} & set(row["fields"])


@pytest.mark.one_engine
@pytest.mark.parametrize("number", INCIDENTS)
def test_each_incident_is_held_as_the_report_tells_it(loaded, number):
    event = incident(number)
    counts = {(count.measure.slug, count.label, count.best, count.qualifier) for count in event.counts.all()}
    places = {(placement.role, placement.site.slug) for placement in event.placements.all()}

    held = (event.type.slug, str(event.earliest), str(event.latest), event.when_basis, places, counts)

    assert held == INCIDENTS[number]
    assert {(part.actor.slug, part.role) for part in event.involvements.all()} == PARTS[number]
    assert event.status == Status.PUBLISHED
    assert event.summary_en
    assert event.summary_ar


@pytest.mark.one_engine
def test_every_fact_is_stated_in_quoted_words_or_has_a_reason(loaded):
    for event in incidents():
        assert provenance.missing(event) == []
        for fact in provenance.facts(event):
            assert fact.claims if fact.basis == Basis.STATED else fact.reason


@pytest.mark.one_engine
def test_every_quote_stands_in_its_report_where_the_claim_says(loaded):
    for claim in Claim.objects.select_related("citation__report"):
        assert claim.quote
        assert claim.citation.report.text[claim.start : claim.end] == claim.quote


@pytest.mark.one_engine
def test_an_incident_on_one_of_several_days_is_told_apart_from_one_that_went_on(loaded):
    assert [incident(7).when, incident(10).when] == ["[2025-11-01..2025-11-16]", "2025-11-01/2025-11-16"]


@pytest.mark.one_engine
def test_three_aircraft_over_three_bases_are_counted_once(loaded):
    event = incident(1)

    assert event.is_aggregate
    assert [count.best for count in event.counts.all()] == [3]


@pytest.mark.one_engine
def test_a_second_outlet_that_repeats_the_observatory_is_no_second_origin(loaded):
    assert Relay.objects.filter(relayed_source__slug="sohr").count() == 2
    for number, count, origins in [(1, 2, ["sohr"]), (9, 2, ["sohr"]), (14, 1, ["sohr"])]:
        event = incident(number)
        assert len(event.citations.all()) == count
        assert [source.slug for source in provenance.origins(event)] == origins


@pytest.mark.one_engine
def test_the_independent_report_is_a_second_origin_and_differs_on_the_trucks(loaded):
    event = incident(3)
    different = provenance.differing(event)

    assert [source.slug for source in provenance.origins(event)] == ["jazira-field-network", "sohr"]
    assert [(claim.best, claim.standing) for claim in different] == [(30, Standing.IN_CONFLICT)]


@pytest.mark.one_engine
def test_only_what_two_origins_tell_is_called_confirmed(loaded):
    confirmed = Event.objects.filter(citations__credibility=1).distinct()

    assert numbers(confirmed) == {6}


def test_a_governorate_holds_its_incidents_and_no_others(loaded):
    path = Site.objects.get(slug="al-hasakah").path

    assert numbers(Event.objects.filter(below(path, "placements__site__")).distinct()) == {1, 2, 3, 4, 5, 6, 9, 11, 12}


@pytest.mark.parametrize(
    ("model", "spelling", "slug"),
    [
        (Site, "قسرك", "qasrak-base"),
        (Site, "Qasrek", "qasrak-base"),
        (Site, "Kasrak", "qasrak-base"),
        (Site, "الشدادة", "al-shaddadi-base"),
        (Site, "Sayqal", "al-seen-airport"),
        (Site, "Vanguard camp", "al-talae-camp"),
        (Site, "زركان", "abu-rasin"),
        (Site, "Tadmor", "palmyra"),
        (Actor, "قسد", "sdf"),
        (Actor, "Daesh", "isis"),
        (Actor, "حكومة دمشق", "syrian-government"),
        (Actor, "Badia Security", "desert-security"),
    ],
)
def test_places_and_actors_are_found_by_any_of_their_names(loaded, model, spelling, slug):
    assert slug in model.objects.named(spelling).values_list("slug", flat=True)


@pytest.mark.one_engine
def test_the_gazetteer_has_every_unit_with_a_p_code_under_the_unit_that_holds_it(loaded):
    coded = Site.objects.exclude(pcode="").select_related("parent")

    assert coded.count() == 77
    for site in coded.exclude(kind="country"):
        assert isinstance(site.parent, Site)
        assert site.pcode.startswith(site.parent.pcode)


@pytest.mark.one_engine
def test_a_base_has_no_exact_point(loaded):
    for site in Site.objects.filter(kind__in=["base", "airfield"]):
        assert site.precision_m is None or site.precision_m >= 5_000
        assert site.note.startswith("In no open gazetteer at hand")


@pytest.mark.one_engine
def test_every_type_has_a_definition_in_both_languages_and_an_equivalent(loaded):
    assert not EventType.objects.filter(definition="").exists()
    assert not EventType.objects.filter(definition_ar="").exists()
    assert not EventType.objects.filter(acled_sub_event_type="").exists()


def test_a_quote_that_is_one_letter_off_keeps_the_whole_file_out(loaded, tmp_path):
    spoiled = re.sub(r'("quote": "نحو 25 شاحن)ة', r"\1ه", written("demo"), count=1).replace("about 25", "about 26")
    assert spoiled != written("demo")
    (tmp_path / "spoiled.json").write_text(spoiled, encoding="utf-8")

    with pytest.raises(CommandError, match="Nothing was loaded"):
        call_command("loaddata", str(tmp_path / "spoiled.json"), verbosity=0)

    assert "about 25 trucks" in incident(3).summary_en


def test_the_page_on_the_format_names_every_fixture():
    page = (FOLDER / "README.md").read_text(encoding="utf-8")

    assert [name for name in FIXTURES if f"`{name}.json`" not in page] == []
