"""Signing in and out: readers at the pages, those who work here to their desk."""

from typing import Any

import pytest
from django.contrib.auth.models import User
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


def test_who_is_signed_in_already_is_told_so(client: Client, victor: User) -> None:
    client.force_login(victor)
    assert "You are logged in as victor." in client.get("/login/").content.decode()
