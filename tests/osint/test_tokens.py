"""Tokens: of whom, for what, from where and for how long a program may come; and that nobody but its owner has one."""

import logging
from datetime import timedelta
from importlib import import_module
from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from knox.crypto import hash_token
from knox.models import AuthToken

from events.models import Event
from osint.access.models import Token, sign_in
from osint.access.networks import one_a_line
from osint.base.permissions import Scope
from osint.history.models import Entry
from tests import rest
from tests.factories import make_published_event, make_site, make_token, make_whole_event

pytestmark = pytest.mark.django_db
TOKENS = f"{rest.API}/auth/tokens/"


def token_of(user: User, **overrides: Any) -> tuple[Token, str]:
    """A token called “mirror”, and its secret."""
    return make_token(user, **({"name": "mirror"} | overrides))


def by(secret: str) -> rest.Client:
    """A client that sends this token."""
    door = rest.client()
    door.credentials(HTTP_AUTHORIZATION=f"Token {secret}")
    return door


def test_a_token_is_found_with_one_question(alice):
    token, secret = token_of(alice)
    Token.objects.update(last_used_at=timezone.now())
    with CaptureQueriesContext(connection) as captured:
        rest.given(by(secret).get(f"{rest.API}/"))
    assert [query["sql"].split()[0] for query in captured.captured_queries] == ["SELECT"]
    assert "access_token" in captured.captured_queries[0]["sql"]
    assert token.digest == hash_token(secret)


@pytest.mark.parametrize("sent", ["", "isnad_0", "a b", "ÿ", "x" * 5_000])
def test_what_is_no_token_is_refused(alice, sent):
    token_of(alice)
    answer = by(sent).get(f"{rest.API}/sites/")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Token"


def test_a_token_ends(alice):
    token, secret = token_of(alice)
    rest.given(by(secret).get(f"{rest.API}/sites/"))
    Token.objects.update(expiry=timezone.now() - timedelta(seconds=1))
    rest.refused(by(secret).get(f"{rest.API}/sites/"), "was valid until", status=401)
    token.delete()
    rest.refused(by(secret).get(f"{rest.API}/sites/"), "There is no such token", status=401)


def test_a_token_of_a_closed_account_is_of_no_use(alice):
    _token, secret = token_of(alice)
    User.objects.filter(pk=alice.pk).update(is_active=False)
    rest.refused(by(secret).get(f"{rest.API}/sites/"), "closed", status=401)


# Scopes


def test_a_token_that_reads_writes_nothing(edith):
    _token, secret = token_of(edith, scope="read")
    site, door = make_site(), by(secret)
    body = {"slug": "place", "name_en": "Place", "kind": "village"}
    event = make_whole_event()
    answers = [
        door.post(f"{rest.API}/sites/", body),
        door.post(f"{rest.API}/sites/bulk/", [body]),
        door.post(f"{rest.API}/sites/?dry_run=true", body),
        door.put(f"{rest.API}/sites/{site.slug}/", body),
        door.patch(f"{rest.API}/sites/{site.slug}/", {"note": "n"}),
        door.delete(f"{rest.API}/sites/{site.slug}/"),
        door.post(f"{rest.API}/events/{event.uuid}/submit/"),
        door.post(f"{rest.API}/history/{Entry.objects.order_by('seq')[0].seq}/revert/", {"reason": "r"}),
        door.post(f"{rest.API}/auth/logoutall/"),
        door.post(TOKENS, {}),
    ]
    for answer in answers:
        rest.refused(answer, "The scope of this token is “read”; this takes “write”", status=403)
    rest.given(door.get(f"{rest.API}/sites/"))
    assert door.head(f"{rest.API}/sites/").status_code == 200


def test_a_token_that_writes_publishes_nothing(edith, settings):
    settings.FOUR_EYES = False
    _token, secret = token_of(edith, scope="write")
    event, door = make_whole_event(), by(secret)
    rest.given(door.patch(f"{rest.API}/events/{event.uuid}/", {"summary_en": "Other."}))
    for move in ("publish", "retract", "merge", "unmerge", "send-back"):
        rest.refused(door.post(f"{rest.API}/events/{event.uuid}/{move}/", {}), "this takes “publish”", status=403)
    rest.given(door.post(f"{rest.API}/events/{event.uuid}/submit/"))


def test_a_token_that_publishes_also_writes(edith, settings):
    settings.FOUR_EYES = False
    _token, secret = token_of(edith, scope="publish")
    event, door = make_whole_event(), by(secret)
    rest.given(door.patch(f"{rest.API}/events/{event.uuid}/", {"summary_en": "Other."}))
    rest.given(door.post(f"{rest.API}/events/{event.uuid}/publish/"))
    assert Event.objects.get().status == "published"


def test_a_token_never_allows_more_than_its_user(alice):
    event = make_whole_event()
    _token, secret = sign_in(alice, timedelta(days=1))
    assert by(secret).post(f"{rest.API}/events/{event.uuid}/publish/").status_code == 403
    assert by(secret).post(f"{rest.API}/event-types/", {}).status_code == 403


def test_nobody_makes_a_token_for_more_than_she_may(victor, alice, edith):
    for user, allowed in ((victor, 1), (alice, 2), (edith, 3)):
        for place, scope in enumerate(Scope.values):
            token = Token(user=user, name=scope, scope=scope, expiry=timezone.now() + timedelta(days=1))
            if place < allowed:
                token.full_clean(exclude=["digest", "beginning"])
            else:
                with pytest.raises(ValidationError, match="You may not do that yourself"):
                    token.full_clean()


# Time and place


@pytest.mark.parametrize(("days", "word"), [(-1, "over already"), (366, "at most 365 days")])
def test_a_token_is_made_for_a_time_to_come_that_is_not_too_long(alice, days, word):
    with pytest.raises(ValidationError, match=word):
        token_of(alice, expiry=timezone.now() + timedelta(days=days))


def test_the_longest_time_is_a_setting(alice, settings):
    settings.TOKEN_DAYS = 5
    with pytest.raises(ValidationError, match="at most 5 days"):
        token_of(alice)
    token, _secret = sign_in(alice, timedelta(days=30))
    assert token.expiry < timezone.now() + timedelta(days=6)


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("203.0.113.7", 200),
        ("203.0.113.8", 403),
        ("198.51.100.200", 200),
        ("::ffff:203.0.113.7", 200),
        ("2001:db8::1", 200),
        ("2001:db9::1", 403),
        ("", 403),
        ("unix", 403),
    ],
)
def test_a_token_is_used_from_its_networks_alone(alice, address, status):
    _token, secret = token_of(alice, networks="203.0.113.7 198.51.100.0/24\n2001:db8::/32")
    answer = by(secret).get(f"{rest.API}/sites/", REMOTE_ADDR=address)
    assert answer.status_code == status
    if status == 403:
        rest.refused(answer, address or "an unknown address", status=403)


def test_behind_a_proxy_it_is_the_address_that_the_proxy_has_seen(alice, settings):
    _token, secret = token_of(alice, networks="203.0.113.7")
    forged: Any = {"HTTP_X_FORWARDED_FOR": "203.0.113.7, 198.51.100.1", "REMOTE_ADDR": "127.0.0.1"}
    true: Any = {"HTTP_X_FORWARDED_FOR": "198.51.100.1, 203.0.113.7", "REMOTE_ADDR": "127.0.0.1"}
    assert by(secret).get(f"{rest.API}/sites/", **true).status_code == 403
    settings.BEHIND_PROXY = True
    assert by(secret).get(f"{rest.API}/sites/", **forged).status_code == 403
    assert by(secret).get(f"{rest.API}/sites/", **true).status_code == 200


@pytest.mark.parametrize(
    ("text", "kept"),
    [("203.0.113.7/32", "203.0.113.7"), ("10.0.0.0/8, ::1", "10.0.0.0/8\n::1"), ("", ""), (" \n", "")],
)
def test_networks_are_kept_one_a_line(text, kept):
    assert one_a_line(text) == kept


@pytest.mark.parametrize(
    ("text", "word"),
    [("home", "no address"), ("10.0.0.1/8", "10.0.0.0/8"), ("10.0.0.0/33", "no address"), ("::1 " * 51, "at most 50")],
)
def test_what_is_no_network_is_refused(alice, text, word):
    with pytest.raises(ValidationError, match=word):
        token_of(alice, networks=text)


# Last use


def test_the_last_use_is_noted_once_a_minute(alice):
    token, secret = token_of(alice)
    moments = []
    for ago in (None, timedelta(seconds=50), timedelta(seconds=70)):
        if ago:
            Token.objects.update(last_used_at=timezone.now() - ago)
        token.refresh_from_db()
        before = token.last_used_at
        rest.given(by(secret).get(f"{rest.API}/"))
        token.refresh_from_db()
        moments.append(token.last_used_at != before)
    assert moments == [True, False, True]


# Where a secret is, and where it is not


def test_a_secret_is_nowhere_but_in_the_answer(alice, caplog, django_db_blocker):
    caplog.set_level(logging.DEBUG)
    door = rest.client(alice)
    body = {"name": "mirror", "scope": "write", "expiry": (timezone.now() + timedelta(days=9)).isoformat()}
    secret = rest.given(door.post(TOKENS, body), 201)["token"]
    login = {"username": "alice", "password": "alice-password"}
    session = rest.given(rest.client().post(f"{rest.API}/auth/login/", login))["token"]
    rest.given(by(secret).post(f"{rest.API}/sites/", {"slug": "p", "name_en": "P", "kind": "village"}), 201)
    rest.refused(by(secret).post(f"{rest.API}/sites/", {}))
    out = StringIO()
    call_command("dumpdata", stdout=out)
    told = rest.given(door.get(TOKENS))["results"]
    seen = out.getvalue() + caplog.text + str(told) + str(list(Entry.objects.values_list()))
    for one in (secret, session):
        assert one[12:] not in seen
        assert one[12:30] not in seen
        assert Token.objects.filter(digest=hash_token(one)).exists()
    assert {token["beginning"] for token in told} == {secret[:12], session[:12]}


# By REST


def test_who_signed_in_makes_a_token_lists_and_revokes_it(victor):
    login = {"username": "victor", "password": "victor-password"}
    door = by(rest.given(rest.client().post(f"{rest.API}/auth/login/", login))["token"])
    until = (timezone.now() + timedelta(days=9)).isoformat()
    made = rest.given(door.post(TOKENS, {"name": "notebook", "expiry": until, "networks": "127.0.0.1"}), 201)
    assert made["scope"] == "read"
    rest.given(by(made["token"]).get(f"{rest.API}/sites/"))
    told = rest.given(door.get(TOKENS))["results"]
    assert [(row["name"], "token" in row) for row in told] == [("notebook", False), ("", False)]
    assert door.delete(f"{TOKENS}{made['uuid']}/", version=None).status_code == 204
    assert by(made["token"]).get(f"{rest.API}/sites/").status_code == 401


def test_what_is_wrong_with_a_token_is_told_by_field(victor):
    door = rest.client(victor)
    body = {"name": "x", "scope": "write", "expiry": "2001-01-01T00:00:00Z", "networks": "home"}
    assert set(rest.errors(door.post(TOKENS, body))) == {"scope", "expiry", "networks"}
    assert "name" in rest.errors(door.post(TOKENS, {"expiry": body["expiry"]}))


def test_of_a_token_those_fields_are_shown_that_are_asked_for_and_lists_come_in_pages_alone(victor):
    token, _secret = token_of(victor)
    door = rest.client(victor)
    assert rest.given(door.get(f"{TOKENS}{token.uuid}/?fields=name")) == {"name": "mirror"}
    rest.refused(door.get(f"{TOKENS}?fields=name"), "fields")
    rest.refused(door.get(f"{TOKENS}?format=csv"), "json")


def test_a_day_until_which_a_token_is_valid_is_valid_too(victor):
    door, day = rest.client(victor), (timezone.now() + timedelta(days=9)).date()
    sent = {"name": "map", "scope": "read"}
    made = rest.given(door.post("/api/v1/auth/tokens/", sent | {"expiry": day.isoformat()}), 201)
    assert made["expiry"] == f"{day}T23:59:59.999999Z"
    for wrong, word in (("soon", "“soon” is no moment"), (5, "“5”"), (f"{day}T10:00:00", "the offset")):
        rest.refused(door.post("/api/v1/auth/tokens/", sent | {"expiry": wrong}), "expiry", word)


def test_who_sends_no_token_is_asked_for_one(client, settings):
    settings.PUBLIC_API = True
    assert client.get("/api/v1/auth/tokens/").status_code == 401


def test_a_token_makes_and_revokes_no_tokens(alice):
    token, secret = token_of(alice, scope="write")
    door = by(secret)
    rest.refused(door.post(TOKENS, {}), "A token makes and revokes no tokens", status=403)
    rest.refused(door.delete(f"{TOKENS}{token.uuid}/", version=None), "A token makes and revokes no tokens", status=403)
    assert Token.objects.count() == 1


def test_nobody_sees_or_revokes_the_tokens_of_others_but_who_keeps_them(alice, edith, adam):
    token, _secret = token_of(alice)
    assert rest.given(rest.client(edith).get(TOKENS))["results"] == []
    assert rest.client(edith).delete(f"{TOKENS}{token.uuid}/", version=None).status_code == 404
    assert [row["user"] for row in rest.given(rest.client(adam).get(TOKENS))["results"]] == ["alice"]
    assert rest.client(adam).delete(f"{TOKENS}{token.uuid}/", version=None).status_code == 204
    assert rest.client().get(TOKENS).status_code == 401


def test_a_list_costs_the_same_for_ten_tokens_as_for_one(alice):
    costs = []
    for number in range(10):
        token_of(alice, name=f"t{number}")
        with CaptureQueriesContext(connection) as captured:
            rest.given(rest.client(User.objects.get(pk=alice.pk)).get(TOKENS))
        costs.append(len(captured))
    assert costs[0] == costs[-1]


def test_logging_out_ends_the_token_and_logging_out_everywhere_all(alice):
    secrets = [sign_in(alice, timedelta(days=1))[1] for _time in range(2)]
    _token, named = token_of(alice)
    assert by(secrets[0]).post(f"{rest.API}/auth/logout/").status_code == 204
    assert by(secrets[0]).get(f"{rest.API}/sites/").status_code == 401
    assert by(secrets[1]).post(f"{rest.API}/auth/logoutall/").status_code == 204
    assert by(named).get(f"{rest.API}/sites/").status_code == 401


@pytest.mark.parametrize("door", ["login", "logout", "logoutall"])
def test_signing_in_and_out_cannot_be_rehearsed_and_says_so_before_anything_is_done(alice, door):
    _made, secret = sign_in(alice, timedelta(days=1))
    rest.refused(by(secret).post(f"{rest.API}/auth/{door}/?dry_run=true"), "dry_run")
    assert by(secret).get(f"{rest.API}/sites/").status_code == 200


def test_a_token_that_reads_can_end_itself(alice):
    _token, secret = token_of(alice)
    assert by(secret).post(f"{rest.API}/auth/logout/").status_code == 204
    assert not Token.objects.exists()


def test_who_was_signed_in_before_tokens_had_a_table_of_ours_stays_so(alice):
    _old, secret = AuthToken.objects.create(alice)
    AuthToken.objects.create(alice, expiry=timedelta(days=-1))
    module = import_module("osint.access.migrations.0002_sessions_and_groups")
    module.move_sessions(apps, type("Editor", (), {"connection": connection}))
    event = make_published_event()
    rest.given(by(secret).patch(f"{rest.API}/sites/{make_site().slug}/", {"note": "n"}))
    assert rest.given(by(secret).get(f"{rest.API}/events/{event.uuid}/"))["status"] == "published"
    assert (Token.objects.count(), AuthToken.objects.count()) == (1, 0)
