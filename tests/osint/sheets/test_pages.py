"""The page for sheets, as somebody uses it who enters events."""

import re
from html import unescape
from io import BytesIO
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from events.models import Event
from osint.bundle import uploads
from osint.sheets import files, pages
from tests import factories as make
from tests.osint.sheets.conftest import HEADS, NEW, sheet

PAGE = "/admin/sheets/"


@pytest.fixture
def desk(alice) -> Client:
    """Alice's browser."""
    browser = Client()
    browser.force_login(alice)
    return browser


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    """Files that are sent are kept beside the test."""
    settings.DATA_DIR = tmp_path / "data"


def choose(desk: Client, content: bytes, name: str = "new.csv") -> Any:
    """Choose a file, and look at it."""
    return desk.post(PAGE, {"file": SimpleUploadedFile(name, content)})


def form(answer: Any) -> dict[str, str]:
    """What the page sends on with the next step."""
    text = answer.content.decode()
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', text)
    chosen = re.findall(r'<select name="([^"]+)".*?</select>', text, re.DOTALL)
    found = {name: unescape(value) for name, value in hidden if name != "csrfmiddlewaretoken"}
    for name in chosen:
        [options] = re.findall(rf'<select name="{name}"(.*?)</select>', text, re.DOTALL)
        selected = re.search(r'<option value="([^"]*)" selected>', options)
        found[name] = unescape(selected[1]) if selected else ""
    return found


def test_a_sheet_is_looked_at_and_let_in(desk, event, report):
    seen = choose(desk, sheet(NEW | {"report": report.url}))
    assert "1 of 1 rows can come in." in seen.content.decode()
    assert Event.objects.count() == 1
    done = desk.post(PAGE, form(seen) | {"apply": "1"}, follow=True)
    assert "1 row came in, as a draft." in done.content.decode()
    made = Event.objects.exclude(pk=event.pk).get()
    assert made.created_by == User.objects.get(username="alice")


def test_a_heading_is_chosen_and_the_choice_stays(desk, event, report):
    heads = ["kind", *HEADS[1:]]
    seen = choose(desk, sheet(NEW | {"report": report.url, "kind": "convoy-arrival"}, heads=heads))
    assert "This must not be blank." in seen.content.decode()
    assert "Not recognised, and left out: <bdi>kind</bdi>" in seen.content.decode()
    again = desk.post(PAGE, form(seen) | {"column-0": "type"})
    assert "1 of 1 rows can come in." in again.content.decode()
    assert form(again)["column-0"] == "type"
    desk.post(PAGE, form(again) | {"apply": "1"})
    assert Event.objects.count() == 2


def test_good_rows_come_in_and_the_others_are_downloaded(desk, event, report):
    good = NEW | {"report": report.url}
    seen = choose(desk, sheet(good, good | {"when": "soon"}))
    text = unescape(seen.content.decode())
    assert "row 3 when: “soon”" in text
    rest = desk.post(PAGE, form(seen) | {"rest": "1"})
    assert rest.headers["Content-Disposition"] == 'attachment; filename="rest.csv"'
    assert "soon" in rest.content.decode()
    done = desk.post(PAGE, form(seen) | {"apply": "1"})
    assert "1 row came in, as a draft." in done.content.decode()
    assert 'name="apply"' not in done.content.decode()
    assert Event.objects.count() == 2


def test_what_has_changed_since_it_was_seen_is_seen_again(desk, event, report):
    draft = make.make_event(summary_en="A conwoy.")
    export = desk.get(f"{PAGE}export/?status=draft&form=csv").content
    seen = choose(desk, export.replace(b"conwoy", b"convoy"))
    assert "1 of 1 rows can come in." in seen.content.decode()
    assert '<td>summary_en</td><td dir="auto">“A conwoy.”</td><td dir="auto">“A convoy.”</td>' in seen.content.decode()
    draft.refresh_from_db()
    draft.summary_en = "Two convoys."
    draft.save()
    done = desk.post(PAGE, form(seen) | {"apply": "1"})
    assert "Something has changed since." in done.content.decode()
    draft.refresh_from_db()
    assert draft.summary_en == "Two convoys."


def test_whatever_the_page_promises_to_read_gets_to_it(settings):
    around = 1 << 20  # what a form has beside the file, with room to spare
    assert files.MOST_BYTES + around <= settings.DATA_UPLOAD_MAX_MEMORY_SIZE


def test_what_is_no_sheet_is_refused_in_a_sentence(desk, event, monkeypatch):
    assert "choose “CSV UTF-8” when saving" in unescape(choose(desk, "قافلة".encode("cp1256")).content.decode())
    assert choose(desk, b" ").status_code == 400
    assert not list(uploads.folder().iterdir())
    assert "Choose a file first." in desk.post(PAGE, {}).content.decode()
    assert "Choose a file first." in desk.post(PAGE, {"token": "%%%"}).content.decode()
    assert "not kept any more" in desk.post(PAGE, {"token": str(uuid4())}).content.decode()
    monkeypatch.setattr(files, "MOST_BYTES", 1 << 20)
    seen = choose(desk, b"x" * (3 << 19))
    assert (seen.status_code, "has 1.5 megabytes, at most 1 are read" in seen.content.decode()) == (400, True)


def test_a_file_is_kept_until_it_is_in(desk, event, report, settings):
    good = NEW | {"report": report.url}
    seen = choose(desk, sheet(good, good | {"when": "soon"}))
    token = form(seen)["token"]
    left = desk.post(PAGE, form(seen) | {"apply": "1"})
    assert "1 row is left. Mend it in the file" in left.content.decode()
    assert [number for number, _cells, _is_bad in left.context["rows"]] == [3]
    assert (settings.DATA_DIR / "imports" / token).exists()  # its other rows can still be downloaded
    seen = choose(desk, sheet(good))
    desk.post(PAGE, form(seen) | {"apply": "1"})
    assert not (settings.DATA_DIR / "imports" / form(seen)["token"]).exists()


def test_the_template_and_the_export_are_sheets(desk, event):
    hidden = make.make_event(tlp="RED", summary_en="Secret.")
    book = load_workbook(BytesIO(desk.get(f"{PAGE}template/").content))
    assert book.sheetnames == ["events", "codes"]
    out = desk.get(f"{PAGE}export/?form=csv").content.decode()
    assert (str(event.uuid) in out, str(hidden.uuid) in out) == (True, False)
    assert load_workbook(BytesIO(desk.get(f"{PAGE}export/").content))["events"]["A1"].value == "uuid"
    assert desk.get(f"{PAGE}export/?colour=red").status_code == 400


def test_only_who_enters_events_gets_in(client, event):
    reader = make.make_user("reader", "Viewer")
    for user in (None, reader):
        if user:
            client.force_login(user)
        for path in ("", "template/", "export/"):
            assert client.get(f"{PAGE}{path}").status_code in {302, 403}
    request: Any = SimpleNamespace(user=reader)
    with pytest.raises(PermissionDenied):
        pages.guard(request)
