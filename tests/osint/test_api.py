"""The REST door itself: who gets in, what every list has in common, and how it answers where there is nothing."""

import json
from hashlib import sha256

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from events.models import Event, Site
from osint.api import router
from osint.base.errors import broken_rule
from tests.factories import (
    make_actor,
    make_actor_judgement,
    make_actor_link,
    make_actor_name,
    make_attachment,
    make_comment,
    make_correction,
    make_cue,
    make_event,
    make_event_judgement,
    make_event_type,
    make_measure,
    make_outlet_report,
    make_passage_note,
    make_published_event,
    make_relay,
    make_report,
    make_report_judgement,
    make_site,
    make_site_judgement,
    make_site_name,
    make_source,
    make_whole_event,
)
from tests.rest import API, client, given, refused

RESOURCES = [prefix for prefix, _viewset, _name in router.registry]
OPEN = [name for name in RESOURCES if name != "history"]  # to most people that is not there at all
# For those who work here.
WITHIN = [name for name in OPEN if name in {"comments", "passage-notes"} or name.endswith("-judgements")]
LOGIN, LOGOUT, LOGOUT_ALL = (f"{API}/auth/{name}/" for name in ("login", "logout", "logoutall"))


# Who gets in


def token(name="alice", password=None):
    sent = {"username": name, "password": password or f"{name}-password"}
    return given(APIClient().post(LOGIN, sent))["token"]


def bearer(value):
    found = APIClient()
    found.credentials(HTTP_AUTHORIZATION=f"Token {value}")
    return found


def test_a_token_is_given_for_a_password_and_opens_the_door(alice):
    answer = given(APIClient().post(LOGIN, {"username": "alice", "password": "alice-password"}))
    assert set(answer) == {"token", "expiry"}
    door = bearer(answer["token"])
    assert door.get(f"{API}/events/").status_code == 200
    assert door.post(LOGOUT).status_code == 204
    assert door.get(f"{API}/events/").status_code == 401


def test_all_tokens_end_at_once(alice):
    first, second = bearer(token()), bearer(token())
    assert first.post(LOGOUT_ALL).status_code == 204
    assert second.get(f"{API}/events/").status_code == 401


def test_a_wrong_password_gives_no_token(alice):
    refused(APIClient().post(LOGIN, {"username": "alice", "password": "guess"}), "Check both", status=401)
    refused(APIClient().post(LOGIN, {"username": "nobody", "password": "guess"}), "Check both", status=401)
    refused(APIClient().post(LOGIN, {"username": "alice"}), '"password"')
    refused(APIClient().post(LOGIN, {"user": "alice", "password": "x"}), '"user"', "“username”")
    refused(APIClient().post(LOGIN, [1]), "no object")


@pytest.mark.parametrize("header", ["Token", "Token x y", "Token nothing", "Token \xff", "Token " + "x" * 5_000])
def test_a_broken_token_is_refused(db, header):
    door = APIClient()
    door.credentials(HTTP_AUTHORIZATION=header)
    assert door.get(f"{API}/events/").status_code in {400, 401}


@pytest.mark.parametrize("name", OPEN)
def test_without_an_account_nothing_is_read_unless_the_installation_says_so(db, settings, name):
    refused(client().get(f"{API}/{name}/"), "token", status=401)
    settings.PUBLIC_API = True
    assert len(given(client().get(f"{API}/{name}/"))["results"]) == 0
    if name != "corrections":
        refused(client().post(f"{API}/{name}/", {}), "token", status=401)


def test_a_viewer_reads_and_writes_nothing(victor):
    event = make_published_event()
    for name in OPEN:
        if name in WITHIN:
            refused(client(victor).get(f"{API}/{name}/"), "permission", status=403)
        else:
            given(client(victor).get(f"{API}/{name}/"))
        refused(client(victor).post(f"{API}/{name}/", {}), status=405 if name == "corrections" else 403)
    refused(client(victor).patch(f"{API}/events/{event.uuid}/", {}), status=403)
    refused(client(victor).delete(f"{API}/events/{event.uuid}/"), status=403)


def test_code_lists_are_written_by_editors(alice, edith):
    sent = {"slug": "drones", "name_en": "Drones", "unit": "aircraft"}
    refused(client(alice).post(f"{API}/measures/", sent), status=403)
    given(client(edith).post(f"{API}/measures/", sent), 201)


def test_a_session_needs_its_csrf_token_to_write(alice):
    door = APIClient(enforce_csrf_checks=True)
    assert door.login(username="alice", password="alice-password")
    assert door.get(f"{API}/events/").status_code == 200
    refused(door.post(f"{API}/sources/", {}), "CSRF", status=403)


def test_corrections_are_only_read(adam):
    correction = make_correction()
    for method in ("put", "patch", "delete"):
        answer = getattr(client(adam), method)(f"{API}/corrections/{correction.uuid}/", {})
        refused(answer, status=405)
    refused(client(adam).post(f"{API}/corrections/", {}), status=405)


def test_what_a_reader_may_not_see_is_in_no_list_and_at_no_address(db, settings):
    settings.PUBLIC_API = True
    event = make_published_event()
    secret = make_outlet_report(tlp="RED", title="Secret")
    whole = make_event(is_aggregate=True)
    draft = make_whole_event(part_of=whole, report=secret)
    shown = make_report(updates=secret)
    for name in ("reports", "events", "citations", "claims", "relays"):
        text = json.dumps([given(client().get(f"{API}/{name}/")), given(client().get(f"{API}/reports/{shown.uuid}/"))])
        for hidden in (secret, draft, whole):
            assert str(hidden.uuid) not in text, name
    assert len(given(client().get(f"{API}/events/"))["results"]) == 1
    assert len(given(client().get(f"{API}/claims/"))["results"]) == 5
    assert "note" not in given(client().get(f"{API}/reports/{shown.uuid}/"))
    detail = given(client().get(f"{API}/events/{event.uuid}/"))
    assert "missing" not in detail
    for name, uuid in (("reports", secret.uuid), ("events", draft.uuid)):
        assert client().get(f"{API}/{name}/{uuid}/").status_code == 404


def test_a_hidden_report_that_is_relayed_is_not_named(alice, edith, settings):
    settings.PUBLIC_API = True
    report, secret = make_report(), make_report(tlp="RED")
    relay = make_relay(report=report, relayed_report=secret)
    event = make_published_event(report=report)
    addresses = [f"{API}/relays/{relay.uuid}/", f"{API}/reports/{report.uuid}/", f"{API}/events/{event.uuid}/"]
    for address in addresses:
        assert str(secret.uuid) in json.dumps(given(client(edith).get(address)))
        for reader in (alice, None):
            assert str(secret.uuid) not in json.dumps(given(client(reader).get(address)))
            assert str(relay.uuid) in json.dumps(given(client(reader).get(address)))


# What every list has in common


def fill(number):
    """So many rows in every table."""
    for _ in range(number):
        for judge in (make_event_judgement, make_report_judgement, make_site_judgement, make_actor_judgement):
            judge()
        whole = make_event(is_aggregate=True)
        event = make_published_event(part_of=whole, report=make_outlet_report(updates=make_report()))
        make_correction(event=event, report=make_report())
        make_event_type(parent=make_event_type())
        make_measure()
        make_site_name(site=make_site(parent=make_site()))
        make_actor_name(actor=make_actor())
        make_actor_link()
        make_source()
        make_attachment(report=event.citations.get().report)
        make_comment(event=event)
        make_cue()
        make_passage_note()


def queries(user, address):
    """How many queries an answer takes, the user's permissions among them."""
    door = client(User.objects.get(pk=user.pk))
    with CaptureQueriesContext(connection) as captured:
        given(door.get(address))
    return len(captured)


def detail(user, name):
    """The address of the first record of a list."""
    row = given(client(user).get(f"{API}/{name}/"))["results"][0]
    return f"{API}/{name}/{row.get('uuid') or row['slug']}/"


# list, detail; each: the reader's permissions, then
QUERIES = {
    "sources": (3, 2),  # what has changed, rows
    "reports": (3, 4),  # what has changed, rows; the detail adds its relays and files
    "relays": (3, 2),  # what has changed, rows
    "attachments": (3, 2),  # what has changed, rows
    "event-types": (3, 2),  # what has changed, rows
    "measures": (3, 2),  # what has changed, rows
    "sites": (4, 3),  # what has changed, rows, names
    "actors": (5, 4),  # what has changed, rows, names, links with their other ends
    # what has changed, rows, placements, involvements, counts; the detail adds citations, claims, relays, duplicates,
    # withheld citations of its own and of duplicates, parts, origins (2)
    # Where the stored documents are not written yet, as before a commit: one question more, of who may see them still.
    "events": (10, 14),
    "citations": (3, 2),  # what has changed, rows
    "claims": (3, 2),  # what has changed, rows
    "comments": (3, 2),  # what has changed, rows
    "cues": (3, 2),  # what has changed, rows
    "passage-notes": (3, 2),  # what has changed, rows
    "corrections": (3, 2),  # what has changed, rows
    "event-judgements": (3, 2),  # what has changed, rows
    "report-judgements": (3, 2),  # what has changed, rows
    "site-judgements": (3, 2),  # what has changed, rows
    "actor-judgements": (3, 2),  # what has changed, rows
}


@pytest.mark.one_engine
def test_every_list_and_detail_takes_the_same_queries_at_one_row_and_at_ten(alice, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path

    def counted():
        return {name: (queries(alice, f"{API}/{name}/"), queries(alice, detail(alice, name))) for name in OPEN}

    fill(1)
    at_one = counted()
    fill(9)
    assert counted() == at_one == QUERIES


@pytest.mark.parametrize("size", ["0", "501", "all", "-5"])
def test_a_page_of_a_size_that_will_not_do_is_refused(alice, size):
    refused(client(alice).get(f"{API}/events/", {"page_size": size}), '"page_size"', "1 to 500")


# Where there is nothing


@pytest.mark.parametrize("path", ["/api/v1/event/", "/api/", "/api/v2/", "/api/v1/events/x/y/"])
def test_an_address_with_nothing_says_where_the_list_is(db, path):
    refused(client().get(path), "/api/v1/", status=404)
    refused(client().post(path, {}), "/api/v1/", status=404)


def test_an_address_without_its_slash_says_so(db):
    refused(client().get("/api/v1/events"), "end with a slash", status=404)
    refused(client().post("/api/v1/events", {}), "end with a slash", status=404)


def test_the_front_lists_every_resource(alice):
    assert list(given(client(alice).get(f"{API}/"))) == [*RESOURCES, "changes"]
    refused(client(alice).get(f"{API}/?colour=red"), '"colour"')


def test_a_format_that_is_not_spoken_is_refused(alice):
    answer = client(alice).get(f"{API}/events/", headers={"accept": "application/xml, text/*;q=0"})
    refused(answer, "application/geo+json", "text/csv", status=406)


# What the database itself refuses


def test_a_rule_that_the_database_holds_speaks_in_its_sentence(db):
    site = make_site()
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        Site.objects.filter(pk=site.pk).update(latitude=95, longitude=1, precision_m=1)
    assert broken_rule(caught.value) == "The latitude must be a number from -90 to 90 degrees."
    event = make_published_event()
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        Event.objects.filter(pk=event.pk).update(earliest="2026-01-01", latest="2026-01-02")
    assert broken_rule(caught.value).startswith("A report cannot tell of an event after its own publication.")


def test_a_text_keeps_every_character(alice):
    source = make_source()
    text = "  قافلة\u200f 2025 …\n\n\tثم دورية \u0640 \u00a0\r\n" * 150
    sent = {"source": source.slug, "title": "نص", "text": text, "published_on": "2025-11-15"}
    answer = given(client(alice).post(f"{API}/reports/", sent), 201)
    assert answer["text"] == text
    assert answer["sha256"] == sha256(text.encode()).hexdigest()
