"""Tokens in the admin: shown once when they are made, one's own to revoke, everybody's for an administrator."""

from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from osint.access.models import Token, sign_in
from tests import rest
from tests.kit.forms import filled
from tests.osint.test_tokens import by, token_of

pytestmark = pytest.mark.django_db
ALL = "/admin/access/token/"
ADD = f"{ALL}add/"


def desk(user: User) -> Client:
    """A browser in which this person is signed in."""
    client = Client()
    client.force_login(user)
    return client


def made(client: Client, **overrides: Any) -> Any:
    """The answer to the form of a new token."""
    return client.post(ADD, filled(client, ADD) | {"name": "mirror"} | overrides)


def secret_in(answer: Any) -> str:
    """The secret that a page shows."""
    return str(answer.content.decode().partition('value="isnad_')[2].partition('"')[0])


def test_a_token_is_made_and_shown_once(alice):
    client = desk(alice)
    answer = made(client, scope="write", networks="127.0.0.1")
    secret = f"isnad_{secret_in(answer)}"
    assert len(secret) == 70
    assert "no-store" in answer.headers["Cache-Control"]
    rest.given(by(secret).post(f"{rest.API}/sites/", {"slug": "p", "name_en": "P", "kind": "village"}), 201)
    token = Token.objects.get()
    assert (token.user, token.name, token.scope, token.networks) == (alice, "mirror", "write", "127.0.0.1")
    assert token.expiry.date() == (timezone.now() + timedelta(days=90)).date()
    for page in (ALL, f"{ALL}{token.pk}/change/", "/admin/"):
        shown = client.get(page).content.decode()
        assert secret[12:] not in shown
    kept = str(list(LogEntry.objects.values_list())) + str([s.get_decoded() for s in Session.objects.all()])
    assert secret[12:] not in kept + str(client.cookies)


def test_the_form_offers_what_she_may_and_says_what_is_wrong(alice):
    client = desk(alice)
    form = client.get(ADD).content.decode()
    assert 'value="write"' in form
    assert 'value="publish"' not in form
    words = unescape(made(client, expiry="2040-01-01", networks="home").content.decode())
    assert "A token is valid for at most 365 days here" in words
    assert "“home” is no address and no network" in words
    assert made(client, scope="publish").status_code == 200
    assert not Token.objects.exists()


def test_two_tokens_of_one_person_have_two_names(alice, edith):
    made(desk(alice))
    made(desk(edith))
    assert "You have a token of this name" in unescape(made(desk(alice)).content.decode())
    assert Token.objects.count() == 2


def test_one_revokes_ones_own_and_sees_no_others(alice, edith):
    token, secret = token_of(alice)
    theirs = desk(edith)
    assert "mirror" not in theirs.get(ALL).content.decode()
    assert theirs.post(f"{ALL}{token.pk}/delete/", {"post": "yes"}).status_code == 302
    theirs.post(ALL, {"action": "delete_selected", "_selected_action": [token.pk], "post": "yes"})
    assert Token.objects.exists()
    assert desk(alice).post(f"{ALL}{token.pk}/delete/", {"post": "yes"}).status_code == 302
    assert by(secret).get(f"{rest.API}/sites/").status_code == 401


def test_an_administrator_sees_and_revokes_those_of_everybody(alice, adam):
    token_of(alice)
    token, _secret = sign_in(alice, timedelta(days=1))
    page = desk(adam).get(ALL).content.decode()
    for words in ("alice", "mirror", "signed in with a password", token.beginning):
        assert words in page
    chosen = {
        "action": "delete_selected",
        "_selected_action": list(Token.objects.values_list("pk", flat=True)),
        "post": "yes",
    }
    desk(adam).post(ALL, chosen)
    assert not Token.objects.exists()


def test_nothing_of_a_token_is_changed(alice):
    token, _secret = token_of(alice)
    desk(alice).post(f"{ALL}{token.pk}/change/", {"name": "other", "scope": "write"})
    token.refresh_from_db()
    assert (token.name, token.scope) == ("mirror", "read")


def test_who_leaves_takes_the_tokens_along(alice, adam):
    token_of(alice)
    answer = desk(adam).post(reverse("admin:auth_user_delete", args=[alice.pk]), {"post": "yes"})
    assert answer.status_code == 302
    assert not Token.objects.exists()


def test_the_list_costs_the_same_for_ten_tokens_as_for_one(adam):
    client, costs = desk(adam), []
    client.get(ALL)
    for number in range(10):
        token_of(User.objects.create_user(f"user{number}"), name=f"t{number}")
        with CaptureQueriesContext(connection) as captured:
            assert client.get(ALL).status_code == 200
        costs.append(len(captured))
    assert costs[0] == costs[-1]


@pytest.mark.parametrize("words", ["mirror", "%_\\'\"", "\x00", "x" * 5_000])
def test_the_list_can_be_searched_with_anything(adam, words):
    token_of(adam)
    assert desk(adam).get(ALL, {"q": words}).status_code == 200


def test_the_admin_is_closed_to_those_who_only_read(victor):
    assert desk(victor).get(ALL).status_code == 302
