"""UCDP GED in: nothing of a row is lost, twice is the same, and what is strange is kept and told."""

import gzip
import os
from pathlib import Path
from uuid import UUID, uuid5

import pytest
from django.core.management import CommandError, call_command

from events import provenance
from events.choices import Facet, Qualifier, Status
from events.models import Claim, Count, Event, Placement, Site
from osint.base.names import check_slug
from osint.history.models import Entry
from osint.standards import asking
from osint.standards.flat import flat
from osint.standards.ged import files, identity
from osint.standards.ged import rows as ged
from osint.standards.ged.writing import cells
from sources.models import Relay, Report
from tests.factories import make_actor, make_site, make_source, make_user
from tests.osint.standards.ged_rows import make_row, make_rows, write
from tests.osint.standards.test_tables import rows as read
from tests.osint.standards.test_tables import written

pytestmark = pytest.mark.django_db


@pytest.fixture
def edith():
    return make_user("edith", "Editor")


@pytest.fixture
def taken_in(tmp_path, capsys):
    """What the command says when these rows are brought in."""

    def take_in(rows=None, apply=True, name="ged.csv"):
        file = write(tmp_path / name, make_rows() if rows is None else rows)
        call_command("import_ged", str(file), apply=apply)
        return capsys.readouterr().out

    return take_in


def event(number):
    return Event.objects.with_evidence().get(uuid=identity.event_uuid(str(900_000 + number)))


def origins(number):
    return [source.slug for source in provenance.origins(event(number))]


def given_back(found):
    """The cells of an event as we would write them."""
    [one] = flat([found])
    return {name: str(value) for name, value in (cells(one, provenance.origins(found)) or {}).items()}


def test_every_column_of_every_row_is_rebuilt_from_what_is_held(taken_in):
    taken_in()
    for row in make_rows():
        assert given_back(event(int(row["id"]) - 900_000)) == row


@pytest.mark.drill("GED_FILE")
def test_every_column_of_a_real_file_is_rebuilt(taken_in, capsys):
    name = os.environ["GED_FILE"]
    call_command("import_ged", name, apply=True)
    said, entries = capsys.readouterr().out, Entry.objects.count()
    odd = [row for row in files.rows(Path(name)) if not row.figure("low") <= row.figure("best") <= row.figure("high")]
    assert said.count("are not in order; kept as reported") == len(odd)
    assert Claim.objects.filter(qualifier=Qualifier.UNCLEAR).count() == len(odd)
    call_command("import_ged", name, apply=True)
    assert Entry.objects.count() == entries
    reader = make_user("edith", "Editor")
    told = {
        one.event.uuid: {key: str(value) for key, value in (cells(one, []) or {}).items()}
        for some in asking.with_evidence(asking.keys("", reader), reader)
        for one in flat(some)
    }
    for row in files.rows(Path(name)):
        assert told.pop(UUID(identity.event_uuid(row["id"]))) == row.cells
    assert not told


def test_an_event_lands_as_a_draft_with_what_the_row_says(taken_in):
    taken_in()
    found = event(1)
    assert found.status == Status.DRAFT
    assert (found.type.slug, found.when, found.is_aggregate) == ("state-based-violence", "2016-05-03", False)
    assert [row.site.name_en for row in found.placements.all()] == ["Longford village"]
    assert [row.actor.slug for row in found.involvements.all()] == ["ucdp-actor-81", "ucdp-actor-82"]
    assert [(row.party.slug, row.best) for row in found.counts.all()] == [("ucdp-actor-81", 3), ("ucdp-actor-82", 1)]
    assert not provenance.unsupported(found)


def test_each_claim_quotes_the_row(taken_in):
    taken_in()
    claims = {claim.facet: claim for claim in event(1).citations.get().claims.all()}
    assert claims[Facet.WHAT].quote == "type_of_violence: 1"
    assert claims[Facet.WHEN].quote.endswith("date_start: 2016-05-03\ndate_end: 2016-05-03")
    assert "latitude: 34.802462\nlongitude: 36.707602" in claims[Facet.WHERE].quote
    text = event(1).citations.get().report.text
    assert all(text[claim.start : claim.end] == claim.quote for claim in claims.values())


def test_precision_of_place_and_date_and_clarity_are_kept(taken_in):
    taken_in()
    places = {number: event(number).placements.get().site for number in range(1, 6)}
    assert [places[number].precision_m for number in (1, 2)] == [5_000, 25_000]
    assert (places[3].kind, places[5].kind) == ("governorate", "country")
    assert [(places[number].latitude, places[number].precision_m) for number in (3, 5)] == [
        (34.802462, 250_000),
        (35.0, 1_000_000),
    ]
    assert places[1].path.startswith(places[3].path)
    assert (event(2).when, event(3).when) == ("[2016-05-23..2016-05-27]", "2016-05-23/2016-05-27")
    assert (event(2).is_aggregate, event(3).is_aggregate) == (False, True)


def test_articles_are_reports_each_once_with_whom_they_pass_on(taken_in):
    taken_in()
    article = Report.objects.get(title="A week in the east")
    assert (article.source.slug, str(article.published_on)) == ("field-report", "2016-06-01")
    rows = Relay.objects.filter(relayed_report=article)
    assert sorted(relay.report.title for relay in rows) == ["UCDP GED, event 900002", "UCDP GED, event 900003"]
    assert all(relay.quote == article.text for relay in rows)
    assert [relay.relayed_source and relay.relayed_source.slug for relay in article.relays.all()] == ["sohr"]
    # The article of row 6 is dated before the event, as some are; it is kept as it is told.
    assert str(Report.objects.get(source__slug="a-bulletin").published_on) == "2015-01-01"


def test_origins_are_those_who_saw_it_and_not_those_who_passed_it_on(taken_in):
    taken_in()
    assert [origins(number) for number in (1, 2, 3)] == [["sohr"]] * 3
    assert origins(6) == ["a-bulletin"]


def test_estimates_out_of_order_are_kept_as_reported_and_listed(taken_in):
    told = taken_in()
    assert "id 900004: low 7, best 5, high 5 are not in order; kept as reported." in told
    assert "6 rows, 1 of them out of order" in told
    [claim] = Claim.objects.filter(qualifier=Qualifier.UNCLEAR)
    assert (claim.low, claim.best, claim.high) == (7, 5, 5)
    assert [(row.party.slug, row.best) for row in event(4).counts.all()] == [("civilians", 5)]


def test_estimates_are_held_where_no_party_is_counted(taken_in):
    taken_in()
    [count] = event(5).counts.all()
    assert (count.low, count.best, count.high, count.party) == (0, 0, 6, None)


def test_without_apply_nothing_is_written(taken_in):
    told = taken_in(apply=False)
    assert "Nothing was written" in told
    assert not Event.objects.exists()
    assert not Site.objects.exists()


def test_twice_changes_nothing(taken_in):
    taken_in()
    entries = Entry.objects.count()
    told = taken_in(name="again.csv.gz")
    assert Entry.objects.count() == entries
    assert " new" not in told
    assert "changed" not in told


def test_a_later_release_that_words_a_row_otherwise_is_another_report_of_the_same_event(taken_in):
    taken_in([make_row(1)])
    taken_in([make_row(1, deaths_a="5", best="6", low="6", high="6")])
    assert event(1).citations.count() == 2
    assert event(1).counts.first().best == 5
    assert given_back(event(1))["best"] == "6"


def test_what_a_person_has_corrected_stays_and_is_what_goes_out(taken_in, edith):
    taken_in([make_row(1)])
    held = event(1).counts.first()
    held.best = 30
    held.save()
    place = Placement.objects.get()
    place.site = make_site(name_en="Shortford", kind="town")
    place.save()
    taken_in([make_row(1)], name="again.csv")
    assert Count.objects.get(pk=held.pk).best == 30
    [found] = read(written("ged", edith))
    assert (found["deaths_a"], found["best"], found["where_coordinates"]) == ("30", "31", "Shortford")
    assert found["source_headline"] == make_row(1)["source_headline"]


def test_what_is_here_already_is_taken_as_it_is(taken_in):
    make_source(slug="sohr", name_en="Syrian Observatory for Human Rights", reliability="B")
    make_actor(slug="civilians", name_en="Civilians", kind="civilians")
    country = make_site(slug="norland", name_en="Norland", kind="country")
    make_site(slug="eastshire", name_en="Eastshire", kind="governorate", parent=country)
    taken_in()
    assert Report.objects.filter(source__reliability="B").exists()
    assert event(3).placements.get().site.slug == "eastshire"


def test_the_exported_table_comes_in_again_as_the_same(taken_in, edith, tmp_path, capsys):
    live = {"where_coordinates": "'Ayn al-'Arab", "conflict_name": "=1+1", "source_headline": "''Quoted'' twice"}
    taken_in([make_row(1, **live), make_row(2)])
    file = tmp_path / "out.csv"
    call_command("export_events", format="ged", output=str(file), user="edith")
    assert "'=1+1" in file.read_text()
    call_command("import_ged", str(file))
    told = capsys.readouterr().out
    assert ("new" in told, "same" in told) == (False, True)
    assert live.items() <= next(one.cells for one in files.rows(file) if one["conflict_name"] == "=1+1").items()


def test_what_ucdp_itself_writes_is_left_as_it_is(tmp_path):
    file = write(tmp_path / "ged.csv", [make_row(1, conflict_name="'=1+1", source_headline="''Quoted''")])
    [row] = files.rows(file)
    assert (row["conflict_name"], row["source_headline"]) == ("'=1+1", "''Quoted''")


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"best": "3.99"}, "line 2 (id 900001), column best: “3.99” is not a whole number"),
        ({"deaths_a": "٣"}, "column deaths_a: “٣” is not a whole number"),
        ({"low": "1_000"}, "column low"),
        ({"where_prec": "8"}, "column where_prec: “8” is not a code from 1 to 7"),
        ({"latitude": "NaN", "geom_wkt": "", "priogrid_gid": ""}, "column latitude"),
        ({"latitude": "91", "geom_wkt": "", "priogrid_gid": ""}, "column latitude"),
        ({"date_start": "2016-02-30"}, "column date_start: “2016-02-30” is not a day"),
        ({"date_end": "2016-05-01"}, "column date_end: 2016-05-01 is before date_start"),
        ({"side_a": " "}, "column side_a"),
        ({"source_date": "2016-05-04;2016-05-05"}, "not as many articles"),
    ],
)
def test_what_cannot_stand_in_a_column_is_refused_with_line_and_column(tmp_path, wrong, sentence):
    right = make_row(1)
    point = {name: "0" for name in ("latitude", "longitude") if name in wrong}
    file = write(tmp_path / "ged.csv", [make_row(1, **{**right, **point}) | wrong])
    with pytest.raises(CommandError) as refused:
        call_command("import_ged", str(file), apply=True)
    assert sentence in str(refused.value)
    assert "Nothing was written" in str(refused.value)


def test_a_file_without_a_column_or_in_another_encoding_is_refused(tmp_path):
    short = [{name: value for name, value in make_row(1).items() if name != "best"}]
    file = write(tmp_path / "short.csv", short, [name for name in ged.COLUMNS if name != "best"])
    with pytest.raises(CommandError, match="columns of UCDP GED are missing: best"):
        call_command("import_ged", str(file))
    (tmp_path / "latin.csv").write_bytes(b"id,\xe9\n")
    with pytest.raises(CommandError, match="no table in UTF-8"):
        call_command("import_ged", str(tmp_path / "latin.csv"))
    with gzip.open(tmp_path / "bomb.csv.gz", "wb") as file:
        file.write(b"0" * 20_000_000)
    with pytest.raises(CommandError, match="line 1 has more than 1,000,000 characters"):
        call_command("import_ged", str(tmp_path / "bomb.csv.gz"))
    with pytest.raises(CommandError, match=r"“.*nowhere.csv” cannot be read: No such file or directory. Nothing was"):
        call_command("import_ged", str(tmp_path / "nowhere.csv"))


@pytest.mark.parametrize("damage", [lambda data: data[:-40], lambda data: data[:60] + b"9" * 99, lambda _data: b"ged"])
def test_a_packed_file_that_is_damaged_is_refused(tmp_path, damage):
    file = write(tmp_path / "ged.csv", [make_row(1)])
    (tmp_path / "ged.csv.gz").write_bytes(damage(gzip.compress(file.read_bytes(), mtime=0)))
    with pytest.raises(CommandError, match=r"^ged.csv.gz, it is no table in UTF-8 that can be read .+\. Nothing was"):
        call_command("import_ged", str(tmp_path / "ged.csv.gz"))


@pytest.mark.parametrize("name", ["S_OHR", "__", "قرب", "-", "a" * 200, "Ä–B (in: C)", "http://x.example/"])
def test_any_name_makes_a_slug(name):
    check_slug(identity.slug_of(name))
    assert len(identity.slug_of(name)) <= 60


@pytest.mark.parametrize("parts", [("event", "1"), ("قرب", "a\nb"), (), *(("claim", str(n)) for n in range(40))])
def test_an_identity_is_that_of_its_words(parts):
    assert identity.uuid_of(*parts) == str(uuid5(identity.ROOT, "\n".join(parts)))


@pytest.mark.parametrize("value", ["", "a\nb: c", "\n", "\t", "a\n\tb\n", 'low: 3\n"x"', "قرب"])
def test_a_row_as_text_gives_every_cell_back(value):
    row = make_row(1, conflict_name=value, high=value)
    assert ged.parsed(ged.worded(row)) == row
    lines = [ged.worded(row)[start:end] for start, end in ged.places_of(row).values()]
    assert "\n".join(lines) == ged.worded(row)
    assert all(line.startswith(f"{name}: ") for name, line in zip(ged.places_of(row), lines, strict=True))
