"""Files of reports: what they are is read from their bytes, they stay, and whoever sees the report gets them."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core import serializers
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from sources.checksums import faults
from sources.files import media_type, plain_name, served_as
from sources.models import Attachment
from tests.factories import make_attachment, make_citation, make_report
from tests.rest import API, client, given, refused

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 a page"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path) -> Path:
    settings.MEDIA_ROOT, settings.PUBLIC_API = tmp_path, True
    return Path(tmp_path)


def address(attachment: Attachment) -> str:
    return reverse("attachment", args=[attachment.uuid])


def test_hash_size_and_kind_are_those_of_the_bytes(folder):
    attachment = make_attachment(content=PDF, name="innocent.txt", media_type="text/html")
    digest = sha256(PDF).hexdigest()
    assert (attachment.sha256, attachment.size, attachment.media_type) == (digest, len(PDF), "application/pdf")
    assert (folder / "attachments" / digest[:2] / digest).read_bytes() == PDF


def test_the_same_bytes_are_kept_once(folder):
    one, other = make_attachment(content=PDF), make_attachment(content=PDF)
    assert one.file.name == other.file.name
    assert len([path for path in folder.rglob("*") if path.is_file()]) == 1


def test_a_report_has_a_file_once():
    attachment = make_attachment(content=PDF)
    with pytest.raises(ValidationError, match="The report has this file already"):
        make_attachment(report=attachment.report, content=PDF)


def test_a_file_that_is_there_stays_as_it_is():
    attachment = make_attachment()
    attachment.file = ContentFile(b"other bytes", "page.pdf")
    with pytest.raises(ValidationError, match="Add the other file beside it"):
        attachment.full_clean()


def test_a_file_goes_as_long_as_nothing_cites_its_report():
    attachment, cited = make_attachment(), make_attachment()
    make_citation(report=cited.report)
    attachment.delete()
    with pytest.raises(ValidationError, match="so it stays"):
        cited.delete()
    assert Attachment.objects.get() == cited


@pytest.mark.parametrize(
    ("start", "kind"),
    [
        (b"%PDF-1.7", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8", "image/webp"),
        (b"\x00\x00\x00\x18ftypmp42", "video/mp4"),
        (b"  <!DOCTYPE html><script>", "text/html"),
        (b"<svg onload=alert(1)>", "text/html"),
        ("قافلة".encode(), "text/plain"),
        ("قافلة".encode()[:-1], "text/plain"),
        (b"\xff\xfe\x00\x01" * 9, "application/octet-stream"),
        (b"", "application/octet-stream"),
    ],
)
def test_the_first_bytes_say_what_it_is(start, kind):
    assert media_type(start) == kind


def test_what_a_browser_could_run_is_served_as_bytes():
    assert served_as("text/html") == "application/octet-stream"
    assert served_as("image/png") == "image/png"


def test_a_name_leads_nowhere():
    assert plain_name("..\\..\\etc/passwd") == "passwd"


@pytest.mark.parametrize(("tlp", "sees"), [("CLEAR", "nobody victor alice"), ("AMBER", "victor alice"), ("RED", "")])
def test_whoever_sees_the_report_gets_the_file(request, tlp, sees):
    attachment = make_attachment(report=make_report(tlp=tlp), content=b"<!doctype html><script>", name="صفحة.html")
    for who in ("nobody", "victor", "alice"):
        door = Client()
        if who != "nobody":
            door.force_login(request.getfixturevalue(who))
        answer: Any = door.get(address(attachment))
        assert answer.status_code == (200 if who in sees.split() else 404)
        if answer.status_code == 200:
            assert b"".join(answer.streaming_content) == b"<!doctype html><script>"
            assert answer["Content-Type"] == "application/octet-stream"
            assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''")
            assert answer["X-Content-Type-Options"] == "nosniff"


def test_a_file_whose_bytes_are_gone_is_not_found(client, alice):
    attachment = make_attachment()
    attachment.file.storage.delete(str(attachment.file.name))
    client.force_login(alice)
    assert client.get(address(attachment)).status_code == 404


def test_rest_takes_a_file_and_shows_it_with_its_report(alice):
    report = make_report()
    sent = {"report": str(report.uuid), "file": SimpleUploadedFile("C:\\page.pdf", PDF)}
    made = given(client(alice).post(f"{API}/attachments/", sent, format="multipart"), 201)
    assert (made["name"], made["size"], made["sha256"]) == ("page.pdf", len(PDF), sha256(PDF).hexdigest())
    (listed,) = given(client(alice).get(f"{API}/reports/{report.uuid}/"))["attachments"]
    assert listed["address"] == f"/attachments/{made['uuid']}/"
    assert len(given(client(alice).get(f"{API}/attachments/?report={report.uuid}"))["results"]) == 1
    assert Attachment.objects.get().created_by == alice


def test_rest_refuses_a_file_of_a_report_that_is_hidden_and_from_who_only_reads(alice, victor):
    hidden = make_report(tlp="RED")
    sent = {"report": str(hidden.uuid), "file": SimpleUploadedFile("page.pdf", PDF)}
    refused(client(alice).post(f"{API}/attachments/", sent, format="multipart"), "There is no report")
    sent = {"report": str(make_report().uuid), "file": SimpleUploadedFile("page.pdf", PDF)}
    refused(client(victor).post(f"{API}/attachments/", sent, format="multipart"), status=403)
    refused(client(alice).post(f"{API}/attachments/", {"report": sent["report"]}, format="multipart"), "file")


def test_a_file_is_not_changed_by_rest(alice):
    attachment = make_attachment()
    where = f"{API}/attachments/{attachment.uuid}/"
    for method in ("put", "patch"):
        assert getattr(client(alice), method)(where, {}, format="multipart").status_code in {403, 405}
    assert Attachment.objects.get().version == 1


def test_the_reports_page_lists_its_files(client):
    attachment = make_attachment(name="<b>page</b>.pdf")
    page = client.get(reverse("report", args=[attachment.report.uuid])).content.decode()
    assert address(attachment) in page
    assert "&lt;b&gt;page" in page
    assert attachment.sha256 in page


def test_an_attachment_that_leads_out_of_the_folder_is_named_and_not_followed():
    attachment = make_attachment()
    Attachment.objects.filter(pk=attachment.pk).update(file="../../outside")
    assert list(faults()) == [f"The file of attachment {attachment.uuid} (page.pdf) is gone."]


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("file", "../../etc/passwd", "is not where a file of this hash is kept"),
        ("file", "attachments/aa/other", "is not where a file of this hash is kept"),
        ("sha256", "../../../etc/passwd", "is no SHA-256"),
        ("sha256", "A" * 64, "is no SHA-256"),
        ("sha256", "", "is no SHA-256"),
    ],
)
def test_a_fixture_names_no_file_but_that_of_its_hash(column, value, words, tmp_path):
    attachment = make_attachment(content=PDF)
    rows = json.loads(serializers.serialize("json", [attachment], use_natural_foreign_keys=True))
    path = tmp_path / "fixture.json"
    path.write_text(json.dumps(rows))
    call_command("loaddata", path, verbosity=0)
    rows[0]["fields"][column] = value
    path.write_text(json.dumps([{"model": rows[0]["model"], "fields": rows[0]["fields"] | {"uuid": str(uuid4())}}]))
    attachment.delete()
    with pytest.raises(CommandError, match=f"{column}.*{words}" if value else column):
        call_command("loaddata", path, verbosity=0)
    assert not Attachment.objects.exists()
