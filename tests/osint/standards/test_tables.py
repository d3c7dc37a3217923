"""Events as tables of the field: ACLED's 31 columns and UCDP GED's 41, with the values of their codebooks."""

import csv
import io
import re
from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events.choices import ActorKind, ActorRole, SiteKind, SiteRole
from events.models import Event, Measure
from osint.standards import acled, asking
from osint.standards.forms import FORMS
from osint.standards.ged.places import grid
from osint.standards.ged.rows import COLUMNS, DEATHS, ESTIMATES
from tests.factories import (
    known,
    make_actor,
    make_count,
    make_event,
    make_event_type,
    make_involvement,
    make_measure,
    make_placement,
    make_published_event,
    make_qasrak,
    make_report,
    make_site,
    make_source,
    make_user,
    make_whole_event,
)
from tests.factories import make_citation as cite

pytestmark = pytest.mark.django_db
BATTLE = {"acled_event_type": "Battles", "acled_sub_event_type": "Armed clash"}


@pytest.fixture
def edith():
    return make_user("edith", "Editor")


def make_clash(**overrides):
    """A clash in which a state fights an armed group near a base: two and one are killed, several more hurt."""
    event = make_event(type=make_event_type(**BATTLE), **overrides)
    army = make_actor(name_en="Army of Norland", kind=ActorKind.FORCE)
    band = make_actor(name_en="Southern Band", kind=ActorKind.ARMED_GROUP)
    make_placement(event=event, site=make_qasrak(), role=SiteRole.NEAR)
    make_involvement(event=event, actor=band, role=ActorRole.ACTS)
    make_involvement(event=event, actor=army, role=ActorRole.TARGET, position=1)
    killed, injured = (known(Measure, make_measure, slug) for slug in ("killed", "injured"))
    make_count(event=event, measure=killed, party=army, best=2)
    make_count(event=event, measure=killed, party=band, low=1, best=1, high=4, position=1)
    make_count(event=event, measure=injured, phrase="several", position=2)
    cite(event=event, report=make_report(source=make_source(name_en="Field Network")))
    return Event.objects.get(pk=event.pk)


def written(name, reader, query=""):
    """What a format makes of the events that the reader may see."""
    form = FORMS[name](reader)
    return b"".join(form.pieces(asking.with_evidence(asking.keys(query, reader), reader))).decode()


def rows(text):
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def row(name, reader):
    [found] = rows(written(name, reader))
    return found


def test_acled_has_the_31_columns_of_its_codebook_in_their_order(edith):
    head = written("acled", edith).removeprefix("\ufeff").strip().split(",")
    assert head == list(acled.COLUMNS)
    assert len(head) == 31


def test_a_clash_as_acled_tells_of_it(edith):
    event = make_clash()
    found = row("acled", edith)
    assert found["event_id_cnty"] == event.reference
    assert (found["event_date"], found["year"], found["time_precision"]) == ("2025-11-12", "2025", "1")
    assert (found["disorder_type"], found["event_type"]) == ("Political violence", "Battles")
    assert (found["actor1"], found["inter1"]) == ("Southern Band", "2")
    assert (found["actor2"], found["inter2"], found["interaction"]) == ("Army of Norland", "1", "12")
    assert (found["iso"], found["country"], found["admin1"]) == ("", "Syria", "Al-Hasakah")
    assert (found["location"], found["latitude"], found["geo_precision"]) == ("Qasrak base", "36.7", "2")
    assert (found["source"], found["source_scale"], found["fatalities"]) == ("Field Network", "Other", "3")
    assert found["tags"].startswith("killed=2; killed=1 (1–4); injured=")
    assert found["civilian_targeting"] == ""


@pytest.mark.parametrize(
    ("when", "first", "precision"),
    [("2025-11-12", "2025-11-12", "1"), ("2025-11-03/2025-11-09", "2025-11-03", "2"), ("2025-11", "2025-11-01", "3")],
)
def test_how_precise_a_date_is_stands_in_a_code(edith, when, first, precision):
    make_clash(when=when)
    found = row("acled", edith)
    assert (found["event_date"], found["time_precision"]) == (first, precision)


def test_what_acled_has_no_word_for_is_a_strategic_development(edith):
    make_whole_event()
    found = row("acled", edith)
    assert (found["disorder_type"], found["event_type"], found["sub_event_type"]) == (
        "Strategic developments", "Strategic developments", "Other",
    )  # fmt: skip


def test_civilians_who_are_the_target_are_told_as_such(edith):
    attack = {"acled_event_type": "Violence against civilians", "acled_sub_event_type": "Attack"}
    event = make_event(type=make_event_type(**attack))
    make_involvement(event=event, actor=make_actor(kind=ActorKind.UNKNOWN))
    make_involvement(event=event, actor=make_actor(kind=ActorKind.CIVILIANS), role=ActorRole.TARGET)
    found = row("acled", edith)
    assert (found["civilian_targeting"], found["interaction"]) == ("Civilian targeting", "37")


def test_a_place_without_a_point_stands_at_the_next_that_has_one_and_says_so(edith):
    event = make_whole_event()
    make_placement(event=event, site=make_site(name_en="Depot", kind=SiteKind.FACILITY, parent=make_qasrak()))
    found = row("acled", edith)
    assert (found["location"], found["latitude"], found["geo_precision"]) == ("Depot", "36.7", "3")


def test_ged_has_the_41_columns_of_its_codebook_in_their_order(edith):
    head = written("ged", edith).removeprefix("\ufeff").strip().split(",")
    assert head == list(COLUMNS)
    assert len(head) == 41


def test_a_clash_as_ged_tells_of_it_the_state_first(edith):
    make_clash()
    found = row("ged", edith)
    assert (found["type_of_violence"], found["side_a"], found["side_b"]) == ("1", "Army of Norland", "Southern Band")
    assert found["dyad_name"] == "Army of Norland - Southern Band"
    assert [found[name] for name in ("deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown")] == list("2100")
    assert [found[name] for name in ("low", "best", "high")] == ["3", "3", "6"]
    assert (found["where_prec"], found["where_coordinates"], found["adm_1"]) == ("2", "Qasrak base", "Al-Hasakah")
    assert (found["date_prec"], found["event_clarity"]) == ("1", "1")
    assert (found["source_office"], found["source_date"]) == ("Field Network", "2025-11-15")
    assert found["source_article"].startswith('"Field Network,2025-11-15,')
    assert found["source_original"] == "Field Network"
    assert int(found["id"]) > 10**15


@pytest.mark.parametrize(
    ("when", "code"),
    [("2025-11-12", "1"), ("2025-11-12/2025-11-15", "2"), ("2025-11-03/2025-11-09", "3"), ("2025-10", "4")],
)
def test_the_days_of_an_event_stand_in_one_of_five_codes(edith, when, code):
    make_clash(when=when)
    assert row("ged", edith)["date_prec"] == code


def test_what_is_no_event_by_the_definition_of_ged_is_left_out_and_told(edith):
    make_whole_event()
    form = FORMS["ged"](edith)
    assert b"".join(form.pieces(asking.with_evidence(asking.keys("", edith), edith))).count(b"\n") == 1
    assert "1 have not both two sides and a number of dead" in form.remark(1)


def test_the_grid_is_that_of_prio():
    assert grid(34.802462, 36.707602) == 179714
    assert grid(36.201241, 37.161173) == 181875


DAY, ANGLE, FIGURE = r"\d{4}-\d\d-\d\d", r"-?\d{1,3}(\.\d+)?|", r"\d+"
SUB_EVENTS = {
    "Battles": "Armed clash|Government regains territory|Non-state actor overtakes territory",
    "Explosions/Remote violence": "Chemical weapon|Air/drone strike|Suicide bomb|Shelling/artillery/missile attack|"
    "Remote explosive/landmine/IED|Grenade",
    "Violence against civilians": "Sexual violence|Attack|Abduction/forced disappearance",
    "Protests": "Peaceful protest|Protest with intervention|Excessive force against protesters",
    "Riots": "Violent demonstration|Mob violence",
    "Strategic developments": "Agreement|Arrests|Change to group/activity|Disrupted weapons use|Other|"
    "Headquarters or base established|Looting/property destruction|Non-violent transfer of territory",
}
CODEBOOKS = {  # what may stand in a column of which the codebook says it
    "acled": {
        "event_id_cnty": "[A-Z]+-.+", "event_date": DAY, "year": r"\d{4}", "time_precision": "[123]",
        "disorder_type": "(Political violence|Demonstrations|Strategic developments)(; Demonstrations)?",
        "event_type": "|".join(SUB_EVENTS), "sub_event_type": "|".join(SUB_EVENTS.values()), "inter1": "[1-8]?",
        "inter2": "[1-8]?", "interaction": "[1-8][0-8]|", "civilian_targeting": "(Civilian targeting)?",
        "iso": r"\d{0,3}", "latitude": ANGLE, "longitude": ANGLE, "geo_precision": "[123]", "fatalities": FIGURE,
        "source_scale": "(New media-)?Other|New media", "timestamp": r"\d{10}",
    },
    "ged": {
        "id": FIGURE, "year": r"\d{4}", "type_of_violence": "[123]", "number_of_sources": FIGURE, "date_start": DAY,
        "date_end": DAY, "date_prec": "[1-5]", "where_prec": "[1-7]", "event_clarity": "[12]", "latitude": ANGLE,
        "longitude": ANGLE, "geom_wkt": r"(POINT \(\S+ \S+\))?", "priogrid_gid": r"\d{0,6}", "country_id": r"\d{0,3}",
        **dict.fromkeys((*DEATHS, *ESTIMATES), FIGURE), "source_date": rf"{DAY}(;{DAY})*",
    },
}  # fmt: skip


@pytest.mark.parametrize("name", ["acled", "ged"])
def test_every_cell_is_one_that_the_codebook_knows(edith, name):
    make_clash()
    make_clash(when="2025-11", is_aggregate=True)
    for event_type, sub_event_types in SUB_EVENTS.items():
        kind = make_event_type(acled_event_type=event_type, acled_sub_event_type=sub_event_types.split("|")[0])
        event = make_event(type=kind, when="2025-11-03/2025-11-09")
        make_involvement(event=event, actor=make_actor(kind=ActorKind.COALITION))
        make_involvement(event=event, actor=make_actor(kind=ActorKind.CIVILIANS), role=ActorRole.TARGET)
        make_count(event=event, measure=Measure.objects.get(slug="killed"), phrase="dozens", best=None)
        make_placement(event=event)
        cite(event=event)
    found = rows(written(name, edith))
    assert len(found) == 8
    told = [(column, cells[column]) for cells in found for column in CODEBOOKS[name]]
    assert [(column, cell) for column, cell in told if not re.fullmatch(CODEBOOKS[name][column], cell)] == []
    for cells in found:
        assert name == "acled" or int(cells["low"]) <= int(cells["best"]) <= int(cells["high"])
        assert name == "ged" or cells["sub_event_type"] in SUB_EVENTS[cells["event_type"]].split("|")


@pytest.mark.parametrize("name", ["acled", "ged"])
def test_arabic_stays_and_a_formula_is_none(edith, name):
    make_clash(summary_en="=cmd|' /C calc'!A0", summary_ar="اشتباك قرب قسرك")
    Event.objects.get().citations.get().report.source.__class__.objects.update(name_en="=1+1", name_ar="@شبكة")
    text = written(name, edith)
    cells = [cell for found in rows(text) for cell in found.values()]
    assert not [cell for cell in cells if re.match(r"[=+@\t\r]", cell)]
    assert text.startswith("\ufeff")
    assert name == "ged" or any("اشتباك قرب قسرك" in cell for cell in cells)


@pytest.mark.parametrize("name", sorted(FORMS))
def test_readers_get_what_they_may_see_and_no_more(edith, name):
    make_clash(tlp="GREEN")
    shown = make_published_event()
    hidden = make_report(tlp="AMBER", source=make_source(name_en="Confidant"))
    cite(event=shown, report=hidden)
    told = written(name, AnonymousUser())
    assert "Southern Band" not in told
    assert "Confidant" not in told
    assert name == "ged" or "Confidant" in written(name, edith)


def test_the_command_writes_a_file_and_says_how_many(edith, tmp_path, capsys):
    make_clash()
    call_command("export_events", format="acled", output=str(tmp_path / "out.csv"), user="edith")
    assert rows((tmp_path / "out.csv").read_text(encoding="utf-8"))[0]["actor1"] == "Southern Band"
    assert "1 of 1 events written" in capsys.readouterr().err
    call_command("export_events", format="acled", output=str(tmp_path / "none.csv"), verbosity=0)
    assert rows((tmp_path / "none.csv").read_text(encoding="utf-8")) == []


def test_a_question_narrows_and_a_wrong_one_is_refused_by_name(edith):
    make_clash()
    later = date(2025, 12, 1)
    assert rows(written("acled", edith, f"date_from={later}")) == []
    with pytest.raises(CommandError, match="There is no parameter “dat_from”"):
        call_command("export_events", format="acled", query="dat_from=2025")
    with pytest.raises(CommandError, match="no active user “nobody”"):
        call_command("export_events", format="acled", user="nobody")


def test_as_many_queries_for_four_events_as_for_one(edith):
    def asked(name):
        with CaptureQueriesContext(connection) as queries:
            written(name, edith)
        return len(queries)

    make_clash()
    asked("acled")  # what she may do is asked once
    for_one = {name: asked(name) for name in FORMS}
    for _each in range(3):
        make_clash()
    assert {name: asked(name) for name in FORMS} == for_one


@pytest.mark.parametrize(
    ("name", "kind"), [("acled", "text/csv"), ("ged", "text/csv"), ("stix", "application/stix+json")]
)
def test_the_api_sends_the_same(client, edith, name, kind):
    make_clash()
    client.force_login(edith)
    answer = client.get("/api/v1/events/", {"format": name})
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith(kind)
    assert b"".join(answer.streaming_content).decode() == written(name, edith)


def test_the_api_refuses_what_these_formats_cannot_do(client, edith):
    client.force_login(edith)
    for name, value in (("fields", "uuid"), ("as_of", "2025-01-01"), ("include", "evidence")):
        answer = client.get("/api/v1/events/", {"format": "acled", name: value})
        assert answer.status_code == 400, name
        assert name in answer.content.decode()


def test_who_asks_for_a_table_without_saying_which_gets_ours(client, edith):
    client.force_login(edith)
    answer = client.get("/api/v1/events/", headers={"Accept": "text/csv"})
    assert b"".join(answer.streaming_content).decode().startswith("\ufeffreference,uuid")
