"""Signing in and out: readers at the pages, those who work here to their desk."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client

pytestmark = pytest.mark.django_db


def sign_in(client: Client, name: str, **extra: str) -> Any:
    return client.post("/login/", {"username": name, "password": f"{name}-password"} | extra)


def test_a_reader_signs_in_to_the_pages_and_out_again(client: Client, victor: User) -> None:
    User.objects.filter(pk=victor.pk).update(is_staff=False)
    assert client.get("/").url == "/login/?next=/"  # type: ignore[attr-defined]
    assert sign_in(client, "victor").url == "/"
    page = client.get("/").content.decode()
    assert 'action="/logout/"' in page
    assert "/admin/" not in page
    assert client.post("/logout/").url == "/"  # type: ignore[attr-defined]
    assert client.get("/").status_code == 302


def test_who_works_here_comes_to_the_desk(client: Client, alice: User) -> None:
    assert sign_in(client, alice.username).url == "/admin/"
    assert 'href="/admin/"' in client.get("/").content.decode()


def test_one_is_led_to_where_one_wanted_to_go_and_to_no_other_site(client: Client, alice: User) -> None:
    assert sign_in(client, alice.username, next="/sources/sohr/").url == "/sources/sohr/"
    assert sign_in(client, alice.username, next="https://elsewhere.example/").url == "/admin/"


def test_a_wrong_password_and_a_name_that_nobody_has_are_answered_alike(client: Client, alice: User) -> None:
    said = [
        client.post("/login/", {"username": name, "password": "wrong"}).content.decode().replace(name, "…")
        for name in (alice.username, "nobody")
    ]
    assert "Please enter a correct username and password" in said[0]
    strip = [[line for line in page.splitlines() if "csrfmiddlewaretoken" not in line] for page in said]
    assert strip[0] == strip[1]


DOORS = ("/login/", "/admin/login/", "/api/v1/auth/login/")


def attempt(client: Client, door: str, name: str, password: str = "wrong", **extra: Any) -> Any:
    sent = {"username": name, "password": password}
    return client.post(door, sent, "application/json", **extra) if "api" in door else client.post(door, sent, **extra)


@pytest.fixture
def twice(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two attempts in a minute that does not end."""
    settings.THROTTLE_LOGIN = (2, 60)
    monkeypatch.setattr("osint.access.throttles.time.time", lambda: 1_800_000_010.0)
    cache.clear()


@pytest.mark.parametrize("last", DOORS)
def test_all_doors_share_one_limit_by_address_and_say_how_long_to_wait(client, twice, alice, last):
    assert [attempt(client, door, "alice").status_code for door in DOORS if door != last] in ([200, 200], [200, 401])
    answer = attempt(client, last, "alice", "alice-password")
    assert (answer.status_code, answer["Retry-After"]) == (429, "50")
    sentence = "At most 2 attempts to sign in are read from one address in 60 seconds. Wait 50 seconds."
    assert sentence in answer.content.decode()
    assert "_auth_user_id" not in client.session
    assert attempt(client, last, "alice", REMOTE_ADDR="203.0.113.9").status_code in {200, 401}


def test_guesses_from_one_address_keep_nobody_out(client, twice, alice):
    for _guess in range(20):
        attempt(client, "/login/", "alice", REMOTE_ADDR="203.0.113.9")
    assert attempt(client, "/login/", "alice", "alice-password").status_code == 302


def test_guesses_from_everywhere_keep_nobody_out_of_a_browser_that_knows_her(client, twice, alice):
    assert attempt(client, "/admin/login/", "alice", "alice-password").status_code == 302
    cookie = attempt(Client(), "/login/", "alice", "alice-password", REMOTE_ADDR="203.0.113.99").cookies["isnad-known"]
    for number in range(20):
        attempt(Client(), "/login/", "alice", REMOTE_ADDR=f"203.0.113.{number}")
    stranger = Client(REMOTE_ADDR="203.0.113.200")
    assert attempt(stranger, "/login/", "alice", "alice-password").status_code == 429
    known = Client(REMOTE_ADDR="203.0.113.201")
    known.cookies["isnad-known"] = cookie.value
    assert attempt(known, "/login/", "edith").status_code == 200
    assert attempt(known, "/login/", "alice", "alice-password").status_code == 302


@pytest.mark.parametrize("cookie", ["", "x", "eyJhIjoxfQ:1:forged", "[]"])
def test_a_cookie_that_is_not_ours_is_none(client, twice, alice, cookie):
    client.cookies["isnad-known"] = cookie
    assert attempt(client, "/login/", "alice", "alice-password").status_code == 302


def test_who_is_signed_in_already_is_told_so(client: Client, victor: User) -> None:
    client.force_login(victor)
    assert "You are logged in as victor." in client.get("/login/").content.decode()
