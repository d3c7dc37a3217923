"""A sheet becomes drafts with their words; what cannot come in is given back, and what left comes back as it was."""

import csv as plain_csv
import io
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from openpyxl import load_workbook

from events.choices import ActorRole, SiteRole, Status
from events.models import Claim, Count, Event
from osint.history.models import Entry
from osint.sheets import files, importing, leaving
from osint.sheets.columns import known, mapped
from sources.models import Report
from tests import factories as make
from tests.osint.sheets.conftest import HEADS, NEW, book, sheet


def exported(**wanted: str) -> list[dict[str, str]]:
    """All events as the rows of a sheet."""
    columns = leaving.heads(Event.objects.values_list("pk", flat=True))
    rows = leaving.rows(Event.objects.with_evidence().order_by("pk"), columns)
    return [dict(zip(columns, row, strict=True)) | wanted for row in rows]


def again(rows: list[dict[str, str]]) -> bytes:
    """These rows as a CSV file."""
    return sheet(*rows, heads=list(rows[0]))


def sentences(arrived: importing.Arrived) -> list[str]:
    return [str(problem) for problem in arrived.problems]


# In


def test_a_row_becomes_a_draft_with_its_words(event, report):
    arrived = importing.read(sheet(NEW | {"report": report.url}))
    assert not arrived.problems
    before = Entry.objects.count()
    arrived.apply(None)
    made = Event.objects.with_evidence().exclude(pk=event.pk).get()
    assert (made.status, made.when, made.when_phrase) == (Status.DRAFT, "2025-11-13", "13 November 2025")
    assert made.type.slug == "convoy-arrival"
    assert [str(one) for one in made.placements.all()] == ["to Qasrak base"]
    [citation] = made.citations.all()
    assert citation.report == report
    quotes = {claim.facet: claim.quote for claim in citation.claims.all()}
    assert quotes == dict.fromkeys(["what", "when", "where", "who"], NEW["quote"]) | {"how_many": "قرابة 25 شاحنة"}
    for claim in citation.claims.all():
        assert report.text[claim.start : claim.end] == claim.quote
    assert Entry.objects.count() > before


def test_the_same_sheet_twice_makes_nothing_twice(event, report):
    content = sheet(NEW | {"report": str(report.uuid)})
    importing.read(content).apply(None)
    second = importing.read(content)
    assert set(second.plan.counts) == {"same"}
    assert second.apply(None) is None
    assert Event.objects.count() == 2


def test_what_is_entered_is_marked_as_its_report(event, report):
    Report.objects.filter(pk=report.pk).update(tlp="AMBER")
    importing.read(sheet(NEW | {"report": str(report.uuid)})).apply(None)
    assert Event.objects.exclude(pk=event.pk).get().tlp == "AMBER"


def test_several_quotes_stand_for_several_facts(event, report):
    make.make_actor(slug="others")
    row = NEW | {
        "report": str(report.uuid),
        "acts": "coalition; others",
        "quote who": "تابعة للتحالف الدولي ¦ قافلة إمداد",
    }
    importing.read(sheet(row, heads=[*HEADS, "quote who"])).apply(None)
    claims = Claim.objects.filter(facet="who").exclude(citation__event=event)
    assert set(claims.values_list("actor__slug", "quote")) == {
        ("coalition", "تابعة للتحالف الدولي"), ("others", "قافلة إمداد"),
    }  # fmt: skip


def test_headings_of_people_are_known_and_others_are_chosen(event, report):
    heads = ("نوع الحدث", "Date", "Whereto", "الجهة", "Trucks", "Description", "Source report", "Words", "My notes")
    row = dict(zip(heads, [*list(NEW.values())[:6], str(report.uuid), NEW["quote"], "x"], strict=True))
    arrived = importing.read(sheet(row, heads=heads), chosen={"Whereto": "to"})
    assert arrived.mapping == {
        "نوع الحدث": "type", "Date": "when", "Whereto": "to", "الجهة": "acts", "Trucks": "count trucks",
        "Description": "summary_en", "Source report": "report", "Words": "quote", "My notes": "",
    }  # fmt: skip
    assert (arrived.unknown, arrived.problems) == (["My notes"], [])
    arrived.apply(None)
    assert Count.objects.exclude(event=event).get().best == 25


def test_a_choice_goes_before_what_a_heading_was_taken_for(event, tmp_path, capsys):
    heads = ("Place", "Where it was")
    assert mapped(heads, {"Where it was": "at"}) == {"Place": "", "Where it was": "at"}
    assert list(mapped(heads)) == list(heads)
    (tmp_path / "a.csv").write_bytes(sheet({"Place": "x", "Where it was": "y"}, heads=heads))
    with pytest.raises(CommandError, match="1 rows cannot come in"):
        call_command("import_sheet", str(tmp_path / "a.csv"), "--map", "Where it was=at")
    assert "“Place” is left out: no column is known by that name, or another is it already" in capsys.readouterr().out


def test_a_choice_that_there_is_not_is_refused(event):
    with pytest.raises(ValidationError, match="there is no such heading, or no such column"):
        importing.read(sheet(NEW), chosen={"type": "colour"})


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("type", "", "row 2 type: This must not be blank."),
        ("type", "convoy arival", "row 2 type: “convoy arival” is no event type that is known here"),
        ("when", "winter 2025", "row 2 when: “winter 2025” names a season"),
        ("to", "Qasrak bas", "row 2 to: “Qasrak bas” is no site that is known here"),
        ("count trucks", "25_000", "row 2 count trucks: “25_000” is no number"),
        ("report", "", "row 2 report: Name the report on which this rests"),
        ("report", "some report", "row 2 report: “some report” is no report that is here"),
        ("quote", "لم يكتب أحد هذا", "row 2 quote: “لم يكتب أحد هذا” is not in the report word for word"),
        ("quote how_many", "a ¦ b", "row 2 quote how_many: These are 2 quotes (between “¦”) for 1 facts."),
        ("summary_en", "", "row 2 : Sum the event up in English or Arabic, in one sentence."),
        (
            "when",
            "16 November 2025",
            "The event would begin on 2025-11-16, after its report was published on 2025-11-15",
        ),
    ],
)
def test_what_is_wrong_is_named_by_row_column_and_value(event, report, column, value, said):
    arrived = importing.read(sheet(NEW | {"report": str(report.uuid)} | {column: value}))
    assert any(said.replace(" : ", ": ") in one for one in sentences(arrived)), sentences(arrived)
    assert arrived.good == 0
    assert not [one for one in sentences(arrived) if "which is not here" in one]
    assert arrived.apply(None) is None


def test_words_are_needed(event, report):
    arrived = importing.read(sheet(NEW | {"report": str(report.uuid), "quote": "", "quote how_many": ""}))
    assert sentences(arrived) == ["row 2 quote: Quote the words of the report on which this rests."]


def test_a_formula_is_refused_by_its_cell(event, report):
    row = [NEW.get(head, "") for head in HEADS]
    row[HEADS.index("report")], row[HEADS.index("count trucks")] = str(report.uuid), "=20+5"
    arrived = importing.read(book([list(HEADS), row]), "x.xlsx")
    assert "row 2 count trucks: The cell holds a formula" in sentences(arrived)[0]


def test_two_rows_that_are_one_are_told(event, report):
    row = NEW | {"report": str(report.uuid)}
    assert sentences(importing.read(sheet(row, row))) == ["row 3: It is the same as row 2."]


def test_good_rows_come_in_and_the_others_are_mended_and_sent_again(event, report):
    good = NEW | {"report": str(report.uuid)}
    bad = good | {"when": "13 Nuvember", "summary_en": "=A third convoy."}
    arrived = importing.read(sheet(good, bad))
    arrived.apply(None)
    assert Event.objects.count() == 2
    rest = b"".join(arrived.rest())
    [row] = plain_csv.DictReader(io.StringIO(rest.decode("utf-8-sig")))
    assert row["problem"].startswith("when: “13 Nuvember”")
    assert row["summary_en"] == "'=A third convoy."
    mended = importing.read(rest.replace(b"Nuvember", b"November"))
    assert not mended.problems
    mended.apply(None)
    assert Event.objects.filter(summary_en="=A third convoy.").exists()


# Out, and in again


def test_what_left_comes_back_unchanged(event, report):
    make.make_citation(event=event, report=make.make_report(), role="background", credibility=3)
    make.make_event(tlp="GREEN", when="[2025-11-01,2025-11-03]", is_aggregate=True)
    rows = exported()
    assert len(rows) == 3  # the convoy has two reports
    before = Entry.objects.count()
    for content in (again(rows), files.xlsx_written(list(rows[0]), [list(row.values()) for row in rows])):
        arrived = importing.read(content)
        assert not arrived.problems
        assert set(arrived.plan.counts) == {"same"}
        assert arrived.apply(None) is None
    assert Entry.objects.count() == before


SAID = ("=غارة على الموقع", "-القوات انتشرت", "@جرحى \u2067ABC\u2069 \\¦ 3 قتلى", "'نقل' عن السكان", "+مصدر", "بلا عدد")
LIVE = {
    "type": "convoy-arrival", "type_basis": "derived", "type_reason": "@ A reason.", "when": "[2025-11-01,2025-11-03]",
    "when_phrase": "=من الأول", "when_basis": "inferred", "when_reason": "+ Another.", "is_aggregate": "true",
    "summary_en": "=HYPERLINK(A1)\n-1", "summary_ar": "'قافلة «ثانية»", "tlp": "AMBER", "credibility": "3",
    "report_role": "background", "count trucks": "0", "quote what": SAID[0], "quote when": SAID[3],
    "quote where": SAID[5], "quote who": " ¦ ".join([SAID[2]] * 5 + [SAID[1]]),
    "quote how_many": " ¦ ".join((SAID[4], SAID[5], SAID[5])),
}  # fmt: skip


def test_every_column_comes_back_as_it_left(event):
    report = make.make_report(text=". ".join(SAID).replace("\\¦", "¦"))
    sites = {role: make.make_site().slug for role in SiteRole.values}
    actors = {role: make.make_actor().slug for role in ActorRole.values}
    counted = f"count trucks / {actors['acts']}"
    row = LIVE | sites | actors | {counted: "≥ 0", f"{counted} / =قادة": "dozens “=عشرات”"}
    row |= {"at": f"{sites['at']}; {make.make_site().slug}", "report": str(report.uuid)}
    importing.read(again([row])).apply(None)
    [out] = [cells for cells in exported() if cells["report"] == row["report"]]
    assert {name: out[name] for name in row} == row
    assert [name for name in known() if not out[name]] == ["quote"]  # it is written facet by facet
    # As another event, and by the other kind of file.
    new = out | {"uuid": "", "version": ""}
    for content in (again([out]), *(files.xlsx_written(list(one), [list(one.values())]) for one in (out, new))):
        arrived = importing.read(content)
        assert sentences(arrived) == []
        arrived.apply(None)
    both = [cells for cells in exported() if cells["report"] == row["report"]]
    assert [{name: cells[name] for name in row} for cells in both] == [row, row]


def test_what_was_changed_in_the_sheet_is_taken(event):
    draft = make.make_event(summary_en="A conwoy.")
    rows = [row | {"summary_en": "A convoy."} for row in exported() if row["uuid"] == str(draft.uuid)]
    importing.read(again(rows)).apply(None)
    draft.refresh_from_db()
    assert draft.summary_en == "A convoy."


def test_what_somebody_changed_meanwhile_is_not_overwritten(event):
    draft = make.make_event(summary_en="A conwoy.")
    rows = [row | {"summary_en": "A convoy."} for row in exported() if row["uuid"] == str(draft.uuid)]
    draft.refresh_from_db()
    draft.summary_en = "Two convoys."
    draft.save()
    arrived = importing.read(again(rows))
    assert "Somebody has changed this here since the sheet was written: summary_en" in sentences(arrived)[0]
    arrived.apply(None)
    draft.refresh_from_db()
    assert draft.summary_en == "Two convoys."


def test_what_somebody_may_not_see_is_not_there(event, alice):
    hidden = make.make_event(tlp="RED", created_by=make.make_user("olga"))
    rows = [row for row in exported() if row["uuid"] == str(hidden.uuid)]
    missing = [row | {"uuid": "0e8f2c55-4f0e-4a63-9b1b-3a52a8f7a111"} for row in rows]
    told = [[problem.sentence for problem in importing.read(again(one), by=alice).problems] for one in (rows, missing)]
    assert told[0] == told[1]
    assert told[0][0] == "No event has this UUID. Leave it blank for a new one."


def test_a_report_that_somebody_may_not_see_is_not_there(event, report, alice):
    secret = make.make_report(tlp="RED", url="https://outlet.example/secret")
    arrived = importing.read(sheet(NEW | {"report": secret.url}), by=alice)
    assert "is no report that is here" in sentences(arrived)[0]


# The commands


def test_the_commands_say_what_they_do(event, report, tmp_path):
    path, rest = tmp_path / "new.csv", tmp_path / "rest.csv"
    good = NEW | {"report": str(report.uuid)}
    path.write_bytes(sheet(good, good | {"when": "soon"}))
    told = StringIO()
    with pytest.raises(CommandError, match="1 rows cannot come in") as caught:
        call_command("import_sheet", str(path), "--apply", "--rest", str(rest), stdout=told)
    assert caught.value.returncode == 3
    assert "1 of 2 rows can come in: 10 new records." in told.getvalue()
    assert "Written, as drafts." in told.getvalue()
    assert rest.exists()
    call_command("export_sheet", str(tmp_path / "out.xlsx"))
    again_told = StringIO()
    call_command("import_sheet", str(tmp_path / "out.xlsx"), stdout=again_told)
    assert "Nothing was written: --apply does." in again_told.getvalue()


def test_the_public_exports_what_is_published(event, tmp_path):
    make.make_event(summary_en="A draft.")
    call_command("export_sheet", str(tmp_path / "out.csv"))
    text = (tmp_path / "out.csv").read_text()
    assert (str(event.uuid) in text, "A draft." in text) == (True, False)


def test_the_template_has_every_column_and_code(event, tmp_path):
    call_command("export_sheet", str(tmp_path / "t.xlsx"), "--template")
    book = load_workbook(tmp_path / "t.xlsx")
    heads = [cell.value for cell in book["events"][1]]
    assert {"type", "when", "at", "acts", "report", "quote"} <= set(heads)
    assert "convoy-arrival" in {row[1].value for row in book["codes"].iter_rows()}
    call_command("export_sheet", str(tmp_path / "t.CSV"), "--template")
    assert (tmp_path / "t.CSV").read_text("utf-8-sig").rstrip().split(",") == heads


def test_what_the_ending_promises_is_written_or_nothing(event, tmp_path):
    for name in ("out.ods", "out", "out.xls"):
        with pytest.raises(CommandError, match=rf"“.*{name}” ends neither in .csv nor in .xlsx"):
            call_command("export_sheet", str(tmp_path / name))
    assert list(tmp_path.iterdir()) == []


def test_a_question_that_cannot_be_asked_is_refused(db, tmp_path):
    with pytest.raises(CommandError, match="--query: "):
        call_command("export_sheet", str(tmp_path / "x.csv"), "--query", "colour=red")
