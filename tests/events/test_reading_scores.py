"""How well the reading aid reads reports that it was not written for: Arabic and English, of several kinds."""

import json
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from events import reading
from events.choices import Facet
from events.reading import lexicon, scoring
from tests.kit import shipped

pytestmark = pytest.mark.django_db
TEXTS = Path(__file__).with_name("reading_texts")
PUBLISHED = date(2025, 11, 16)


@pytest.fixture(scope="module", autouse=True)
def known(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        shipped.fill()
        yield
        transaction.set_rollback(True)


def run(report, answers, published="2025-11-16"):
    out = StringIO()
    call_command("score_reading", str(report), str(answers), published=published, stdout=out, stderr=StringIO())
    return json.loads(out.getvalue())


def texts():
    return sorted(TEXTS.glob("*.txt"))


@pytest.mark.one_engine
def test_every_part_of_every_report_is_read_well():
    right = dict.fromkeys(scoring.PARTS, 0)
    found, missed, extra = dict(right), dict(right), dict(right)
    assert len(texts()) >= 8
    for path in texts():
        for part, score in run(path, path.with_suffix(".json")).items():
            assert score["precision"] >= 0.8, (path.name, part, score)
            assert score["recall"] >= 0.7, (path.name, part, score)
            found[part] += len(score["found"])
            missed[part] += len(score["missed"])
            extra[part] += len(score["extra"])
    for part in scoring.PARTS:
        assert found[part] / (found[part] + extra[part]) >= 0.95, (part, found, extra)
        assert found[part] / (found[part] + missed[part]) >= 0.9, (part, found, missed)


def test_every_proposal_stands_in_the_text_word_for_word_and_says_why():
    for path in texts():
        text = path.read_text()
        for one in reading.read(text, PUBLISHED):
            quote = text[one.start : one.end]
            assert quote
            assert quote == quote.strip(" \n،,.؛:") or quote[-2].isupper(), one
            assert all([one.rule, one.word, one.why]), one
            assert len(one.proposal) <= 200
            assert one.choices or one.facet in {Facet.WHEN, "origin"}, one


def test_wrong_answers_score_badly(tmp_path):
    (tmp_path / "report.txt").write_text("وصل رتل إلى قاعدة قسرك في 12 نوفمبر، ثم غادر إلى مدينة الرقة.")
    (tmp_path / "answers.json").write_text(
        '{"sites": ["homs", "al-raqqa-city"], "actors": ["isis"], "dates": [["2025-11-01", "2025-11-02"]]}'
    )

    told = run(tmp_path / "report.txt", tmp_path / "answers.json")

    assert (told["sites"]["precision"], told["sites"]["recall"]) == (0.5, 0.5)
    assert (told["sites"]["missed"], told["sites"]["extra"]) == (["homs"], ["qasrak-base"])
    assert (told["actors"]["precision"], told["actors"]["recall"]) == (1.0, 0.0)
    assert told["dates"]["extra"] == [["2025-11-12", "2025-11-12"]]
    assert "counts" not in told


def test_a_number_is_right_by_its_bounds_or_by_itself(tmp_path):
    (tmp_path / "report.txt").write_text(
        "A convoy of about 25 trucks arrived, with at least four tanks and dozens of fighters."
    )
    for answers, recall in (
        ([["trucks", 25, 25], ["tanks", 4, None], ["fighters", None, None]], 1.0),
        ([["trucks", 25, 25], ["tanks", 4, 4]], 1.0),
        ([["trucks", 24, 24], ["vehicles", 7, 7]], 0.0),
    ):
        (tmp_path / "answers.json").write_text(json.dumps({"counts": answers}))
        assert run(tmp_path / "report.txt", tmp_path / "answers.json")["counts"]["recall"] == recall


def test_days_told_of_at_once_are_right_as_a_span_and_one_by_one(tmp_path):
    (tmp_path / "report.txt").write_text("Patrols were seen on 4, 6 and 9 November; dozens of fighters took part.")
    for days, recall in (
        ([["2025-11-04", "2025-11-09"]], 1.0),
        ([[f"2025-11-0{day}"] * 2 for day in (4, 6, 9)], 1.0),
        ([[f"2025-11-0{day}"] * 2 for day in (4, 7)], 0.5),
    ):
        (tmp_path / "answers.json").write_text(json.dumps({"title": "Patrols", "dates": days, "counts": []}))
        told = run(tmp_path / "report.txt", tmp_path / "answers.json")
        assert told["dates"]["recall"] == recall
        assert (told["counts"]["extra"], told["counts"]["precision"]) == ([], 1.0)
        assert set(told) == {"dates", "counts"}


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ("{", "is no JSON"),
        ("[]", "holds no object"),
        ('{"places": []}', "has “places”, which is none of sites, actors, dates, counts"),
        ('{"sites": "homs"}', "has “sites”, which is no list"),
        ('{"sites": [1]}', "has 1 among “sites”, which is no slug"),
        ('{"dates": [["2025-11-12"]]}', "which is not [earliest, latest]"),
        ('{"dates": [["12 Nov", null]]}', "“12 Nov” is no day. Write it like 2025-11-16."),
        ('{"counts": [["trucks", 2.5, 3]]}', "which is not [measure, low, high]"),
    ],
)
def test_an_answer_file_that_is_none_is_refused_with_exit_code_2(tmp_path, answers, sentence):
    (tmp_path / "report.txt").write_text("Homs")
    (tmp_path / "answers.json").write_text(answers)
    with pytest.raises(CommandError, match="Write it like") as refused:
        run(tmp_path / "report.txt", tmp_path / "answers.json")
    assert sentence in str(refused.value)
    assert refused.value.returncode == 2


def test_a_missing_report_a_wrong_date_and_an_empty_database_are_told(tmp_path, monkeypatch):
    (tmp_path / "answers.json").write_text('{"sites": []}')
    with pytest.raises(CommandError, match=r"cannot be read: .* Give a text file in UTF-8"):
        run(tmp_path / "nothing.txt", tmp_path / "answers.json")
    (tmp_path / "report.txt").write_text("Homs")
    with pytest.raises(CommandError, match="--published: “soon” is no day"):
        run(tmp_path / "report.txt", tmp_path / "answers.json", published="soon")
    monkeypatch.setattr(lexicon, "current", lexicon.Lexicon)
    with pytest.raises(CommandError, match="Load the fixtures first") as refused:
        run(tmp_path / "report.txt", tmp_path / "answers.json")
    assert refused.value.returncode == 2


def test_slugs_that_the_database_does_not_have_are_named(tmp_path):
    (tmp_path / "report.txt").write_text("Homs")
    (tmp_path / "answers.json").write_text('{"sites": ["atlantis"], "counts": [["dragons", 1, 1]]}')
    said = StringIO()
    call_command(
        "score_reading", *map(str, (tmp_path / "report.txt", tmp_path / "answers.json")), stdout=StringIO(), stderr=said
    )
    assert "The database has no atlantis, dragons: counted as missed." in said.getvalue()
