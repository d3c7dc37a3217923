"""Notes on passages: what was read and becomes no incident."""

import pytest
from django.core.exceptions import ValidationError

from sources.choices import Tlp
from sources.models import PassageNote
from tests import rest
from tests.factories import TEXT, make_passage_note, make_report, make_source

pytestmark = pytest.mark.django_db


def test_a_passage_that_is_nothing_to_code_needs_no_words_and_a_note_does():
    assert make_passage_note().text == ""
    with pytest.raises(ValidationError, match="Write the note"):
        make_passage_note(kind="note", text="")
    assert make_passage_note(kind="note", text="An aim, no incident.").start == 0


def test_the_passage_stands_in_the_report_word_for_word():
    with pytest.raises(ValidationError, match="not in the report word for word"):
        make_passage_note(quote="قافلة أخرى")


def test_a_text_stays_once_a_passage_of_it_is_noted():
    report = make_passage_note().report
    report.text = f"{TEXT} ثم عادت."
    with pytest.raises(ValidationError, match="so its text stays"):
        report.full_clean()


def test_a_note_stays_with_its_report():
    note = make_passage_note()
    note.report = make_report(source=make_source())
    with pytest.raises(ValidationError, match="stays with its report"):
        note.full_clean()


def test_notes_are_for_those_who_work_on_the_reports_they_may_see(alice, victor, edith):
    clear, red = make_passage_note(), make_passage_note(report=make_report(tlp=Tlp.RED))
    assert set(PassageNote.objects.visible_to(alice)) == {clear}
    assert not PassageNote.objects.visible_to(victor).exists()
    assert red in PassageNote.objects.visible_to(edith)


def test_an_analyst_notes_a_passage_by_rest(alice):
    report, client = make_report(), rest.client(alice)
    body = {"report": str(report.uuid), "kind": "nothing", "quote": TEXT[:10]}
    answer = client.post(f"{rest.API}/passage-notes/", body)
    assert answer.status_code == 201, answer.content
    assert (answer.json()["start"], answer.json()["end"], answer.json()["created_by"]) == (0, 10, "alice")
    refused = client.post(f"{rest.API}/passage-notes/", body | {"quote": "elsewhere"})
    assert refused.status_code == 400
    assert "word for word" in str(refused.json())


def test_a_viewer_notes_nothing(victor):
    report = make_report()
    body = {"report": str(report.uuid), "kind": "nothing", "quote": TEXT[:10]}
    assert rest.client(victor).post(f"{rest.API}/passage-notes/", body).status_code == 403
