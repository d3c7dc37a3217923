"""Keys: made and locked, trusted on somebody's word, revoked with a reason, by command and in the admin."""

import io
import json

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client

from osint.bundle import keys
from osint.bundle.entries import Refusal
from osint.bundle.models import Departure, Key, Trust
from tests.kit import bundles
from tests.kit.forms import filled

pytestmark = pytest.mark.django_db
ALL = "/admin/bundle/key/"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "key"


def said(command, *args, **options):
    """What a command says."""
    told = io.StringIO()
    call_command(command, *args, stdout=told, **options)
    return told.getvalue()


def made(path, organisation="Khabur Watch"):
    """The files of a new key: what its owner keeps, and what others are given."""
    said("make_key", str(path), organisation=organisation)
    return path, path.with_name("key.pub")


def test_a_private_key_is_for_nobody_else(path):
    private, public = made(path)
    assert private.stat().st_mode & 0o777 == 0o600
    assert "private_key" not in public.read_text()
    assert keys.load(private).public == json.loads(public.read_text())["public_key"]


def test_no_key_is_written_over_another(path):
    made(path)
    with pytest.raises(CommandError, match="is there already, and a key is never written over"):
        made(path)


@pytest.mark.parametrize("organisation", ["", " ", "a\u202eb", "a\nb"])
def test_a_key_is_somebodys(path, organisation):
    with pytest.raises(CommandError, match="--organisation: "):
        made(path, organisation)
    assert not path.exists()


def test_a_key_can_be_locked(path, monkeypatch):
    monkeypatch.setenv(keys.PASSPHRASE, "open sesame")
    private, _public = made(path)
    assert "ENCRYPTED" in private.read_text()
    assert keys.load(private).organisation == "Khabur Watch"
    for wrong in ("", "another"):
        monkeypatch.setenv(keys.PASSPHRASE, wrong)
        with pytest.raises(Refusal, match="passphrase"):
            keys.load(private)


def test_a_key_is_trusted_and_may_publish_where_that_is_said(path):
    _private, public = made(path)
    assert said("trust_key", str(public)).endswith("Khabur Watch  (trusted)\n")
    assert not Key.objects.get().may_publish
    assert "(may publish)" in said("trust_key", str(public), publish=True)
    assert Key.objects.get().may_publish
    assert said("trust_key").count("\n") == 1


def test_a_key_is_revoked_with_a_reason_and_for_good(path):
    _private, public = made(path)
    said("trust_key", str(public))
    beginning = Key.objects.get().fingerprint[:12]
    with pytest.raises(CommandError, match="Say why the key is revoked"):
        said("trust_key", revoke=beginning)
    assert "(revoked: The laptop was taken.)" in said("trust_key", revoke=beginning, why="The laptop was taken.")
    with pytest.raises(CommandError, match="was revoked already: The laptop was taken"):
        said("trust_key", revoke=beginning, why="Again.")
    with pytest.raises(CommandError, match=r"This key was revoked \(The laptop was taken"):
        said("trust_key", str(public))


@pytest.mark.parametrize("named", ["", "ab", "zzzzzzzz", "00000000"])
def test_no_other_key_is_revoked_by_mistake(named):
    bundles.trusted(fingerprint="1" * 64)
    with pytest.raises(Refusal, match="There is no one key"):
        keys.named(named)


@pytest.mark.parametrize(
    ("content", "match"),
    [("", "not JSON"), ("{}", "is not the key that is needed"), ("[]", "is not the key"), ('{"a": 1, "a": 2}', "twice"),
     ('{"format": "isnad-public-key", "organisation": "A", "public_key": 7}', "holds no key"),
     ('{"format": "isnad-public-key", "organisation": "A", "public_key": "7"}', "holds no public key"),
     ('{"format": "isnad-public-key", "organisation": "", "public_key": "' + "0" * 64 + '"}', "blank")],
)  # fmt: skip
def test_what_is_no_key_is_refused(path, content, match):
    path.write_text(content)
    with pytest.raises(CommandError, match=match):
        said("trust_key", str(path))


def test_a_private_key_is_not_taken_for_a_public_one(path):
    private, public = made(path)
    with pytest.raises(CommandError, match=r"give the \.pub file"):
        said("trust_key", str(private))
    with pytest.raises(CommandError, match="give the file that make_key wrote"):
        call_command("export_bundle", output=str(path.with_name("b.zip")), key=str(public))


def test_one_key_is_that_of_one_organisation(path):
    _private, public = made(path)
    said("trust_key", str(public))
    public.write_text(public.read_text().replace("Khabur Watch", "Euphrates Desk"))
    with pytest.raises(CommandError, match="is that of Khabur Watch already"):
        said("trust_key", str(public))


# Who has said so


def decided():
    """What was decided on keys, the first decision first."""
    return list(Trust.objects.order_by("pk").values_list("extent", "by__username", "operator", "door", "why"))


def test_who_trusts_a_key_and_who_revokes_it_is_remembered(path, edith, monkeypatch):
    monkeypatch.setattr("getpass.getuser", lambda: "operator")
    _private, public = made(path)
    said("trust_key", str(public), why="Compared on the telephone.")
    said("trust_key", str(public))  # as before
    said("trust_key", str(public), publish=True, user="edith")
    said("trust_key", revoke=Key.objects.get().fingerprint, why="The laptop was taken.")
    assert decided() == [
        ("drafts", None, "operator", "trust_key", "Compared on the telephone."),
        ("publish", "edith", "", "trust_key", ""),
        ("revoked", None, "operator", "trust_key", "The laptop was taken."),
    ]


def test_what_is_refused_is_no_decision(path, edith):
    _private, public = made(path)
    said("trust_key", str(public))
    beginning = Key.objects.get().fingerprint[:12]
    for refused in ({"revoke": beginning}, {"revoke": beginning, "why": "x", "user": "nobody"}, {"revoke": "00000000"}):
        with pytest.raises(CommandError):
            said("trust_key", **refused)
    assert len(decided()) == 1


def test_what_was_decided_on_a_key_stays_as_it_was_written(path):
    said("trust_key", str(made(path)[1]))
    for change in (lambda: Trust.objects.update(why="Otherwise."), lambda: Trust.objects.all().delete()):
        with pytest.raises(IntegrityError, match="stays as it was written"), transaction.atomic():
            change()


# In the admin


def desk(user):
    client = Client()
    client.force_login(user)
    return client


def test_an_administrator_revokes_a_key_with_a_reason(adam):
    key, client = bundles.trusted(), desk(adam)
    page = f"{ALL}{key.pk}/change/"
    client.post(page, filled(client, page) | {"may_publish": "on"})
    key.refresh_from_db()
    assert (key.may_publish, key.is_valid) == (True, True)
    client.post(page, filled(client, page) | {"revoked_why": "The laptop was taken."})
    key.refresh_from_db()
    assert not key.is_valid
    assert "The laptop was taken." in client.get(page).content.decode()
    assert "revoked_why" not in filled(client, page)
    assert decided() == [
        ("publish", "adam", "", "admin", ""),
        ("revoked", "adam", "", "admin", "The laptop was taken."),
    ]
    assert client.get(page).content.decode().count("adam") >= 2


def test_an_editor_sees_keys_and_changes_none(edith, alice):
    key, client = bundles.trusted(), desk(edith)
    assert key.fingerprint[:16] in client.get(ALL).content.decode()
    assert client.post(f"{ALL}{key.pk}/change/", {"revoked_why": "The laptop was taken."}).status_code == 403
    assert desk(alice).get(ALL).status_code == 403
    assert client.get(f"{ALL}add/").status_code == 403
    assert client.get(f"{ALL}{key.pk}/delete/").status_code == 403


def test_what_has_left_is_seen(edith, tmp_path):
    bundles.cut(tmp_path / "b.zip", query="status=published")
    assert "status=published" in desk(edith).get("/admin/bundle/departure/").content.decode()
    assert desk(edith).get(f"/admin/bundle/departure/{Departure.objects.get().pk}/change/").status_code == 200
