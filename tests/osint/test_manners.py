"""How often may be asked, from whose pages, by which methods, and who may keep the answer."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.http import StreamingHttpResponse
from django.test import RequestFactory
from django.urls import reverse

from osint.access import throttles
from osint.middleware import Methods
from tests.factories import make_published_event
from tests.rest import API, client, problem

SITES = f"{API}/sites/"
MAP = "https://map.example.org"


@pytest.fixture(autouse=True)
def uncounted() -> Iterator[None]:
    """Nobody has asked before."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def moment(monkeypatch) -> Any:
    """What time it is: five seconds into a minute, until it is set forward."""
    now = [6_000_005.0]
    monkeypatch.setattr("osint.access.throttles.time.time", lambda: now[0])
    return now


# How often


@pytest.mark.django_db
def test_an_address_that_asks_too_often_is_told_how_long_to_wait(settings, moment):
    settings.PUBLIC_API, settings.THROTTLE_ANONYMOUS = True, (2, 60)
    statuses = [client().get(SITES).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]
    answer = client().get(SITES)
    assert problem(answer, 429)["type"] == "/api/problems/#too-many"
    assert answer.headers["Retry-After"] == str(60 - 6_000_005 % 60)
    assert f"Wait {60 - 6_000_005 % 60} seconds" in problem(answer, 429)["detail"]
    assert client().get(SITES, REMOTE_ADDR="203.0.113.7").status_code == 200
    moment[0] += 60
    assert client().get(SITES).status_code == 200


def test_an_account_is_counted_by_itself_wherever_it_asks_from(settings, victor, alice, moment):
    settings.THROTTLE_ANONYMOUS, settings.THROTTLE_USER = (1, 60), (2, 60)
    asked = [client(victor).get(SITES, REMOTE_ADDR=f"203.0.113.{number}").status_code for number in range(3)]
    assert asked == [200, 200, 429]
    assert client(alice).get(SITES).status_code == 200


def test_who_sends_a_token_that_is_none_is_counted_as_a_stranger(db, settings, moment):
    settings.PUBLIC_API, settings.THROTTLE_ANONYMOUS = True, (2, 60)
    asked = [client().get(SITES, headers={"Authorization": f"Token {number}"}) for number in range(3)]
    assert [answer.status_code for answer in asked] == [401, 401, 429]
    assert asked[-1].headers["Retry-After"]


def test_with_the_limits_off_nothing_is_counted(settings, victor, monkeypatch):
    monkeypatch.delattr(throttles, "count")
    assert (settings.THROTTLE_ANONYMOUS, settings.THROTTLE_USER) == (None, None)
    assert {client(victor).get(SITES).status_code for _ in range(3)} == {200}


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("203.0.113.7", "203.0.113.8", False),
        ("203.0.113.7", "::ffff:203.0.113.7", True),
        ("2001:db8:1:2::3", "2001:db8:1:2:ffff::4", True),
        ("2001:db8:1:2::3", "2001:db8:1:3::3", False),
        ("", "", True),
        ("unix:", "203.0.113.7", False),
    ],
)
def test_an_address_is_counted_with_its_household(first, second, same):
    found = [throttles.household(RequestFactory().get("/", REMOTE_ADDR=address)) for address in (first, second)]
    assert (found[0] == found[1]) is same


def test_an_address_that_somebody_claims_is_believed_behind_a_proxy_alone(settings):
    request = RequestFactory().get("/", headers={"x-forwarded-for": "198.51.100.1, 203.0.113.7"})
    assert throttles.household(request) == "127.0.0.1"
    settings.BEHIND_PROXY = True
    assert throttles.household(request) == "203.0.113.7"


def tried(username: Any, **extra: Any) -> int:
    """The status of an attempt to sign in."""
    status: int = client().post(reverse("login"), {"username": username, "password": "guess"}, **extra).status_code
    return status


def test_passwords_are_guessed_slowly_from_one_address(db, settings, moment):
    settings.THROTTLE_LOGIN = (2, 60)
    assert [tried(name) for name in ("alice", "edith", "victor")] == [401, 401, 429]


def test_passwords_of_one_account_are_guessed_slowly_from_wherever(alice, settings, moment):
    settings.THROTTLE_LOGIN = (2, 60)
    names = ("alice", "ALICE", "Alice", "\uff41lice") * 3
    found = [tried(name, REMOTE_ADDR=f"203.0.113.{number}") for number, name in enumerate(names)]
    assert found == [401] * 10 + [429] * 2
    assert tried("edith", REMOTE_ADDR="203.0.113.9") == 401


@pytest.mark.parametrize("name", [None, 3, ["alice"]])
def test_a_name_that_is_none_is_refused_as_ever(db, settings, name):
    settings.THROTTLE_LOGIN = (2, 60)
    assert tried(name) == 400


# From whose pages


@pytest.fixture
def shared(settings) -> Any:
    """Somebody else's page may ask."""
    settings.PUBLIC_API, settings.CORS_ALLOWED_ORIGINS = True, [MAP]
    settings.MIDDLEWARE = ["corsheaders.middleware.CorsMiddleware", *settings.MIDDLEWARE]
    return settings


@pytest.mark.django_db
def test_by_default_no_other_page_may_ask(client):
    headers = {"origin": MAP, "access-control-request-method": "GET"}
    for answer in (client.get(SITES, headers=headers), client.options(SITES, headers=headers)):
        assert not [name for name in answer.headers if name.lower().startswith("access-control")]


@pytest.mark.django_db
def test_a_page_that_is_named_may_ask_without_signing_in(shared, client):
    asked = {"origin": MAP, "access-control-request-method": "PATCH", "access-control-request-headers": "if-match"}
    shared.PUBLIC_API = False
    before = client.options(SITES, headers=asked)
    assert before.status_code == 200
    assert before.headers["Access-Control-Allow-Origin"] == MAP
    assert "PATCH" in before.headers["Access-Control-Allow-Methods"]
    named = before.headers["Access-Control-Allow-Headers"]
    assert {"if-match", "if-none-match", "authorization", "idempotency-key"} <= set(named.split(", "))
    shared.PUBLIC_API = True
    for path, status in ((SITES, 200), (f"{SITES}nowhere/", 404)):
        answer = client.get(path, headers={"origin": MAP})
        assert answer.status_code == status
        assert answer.headers["Access-Control-Allow-Origin"] == MAP
        assert {"ETag", "Link", "Location", "Retry-After"} <= set(
            answer.headers["Access-Control-Expose-Headers"].split(", ")
        )
        assert "origin" in answer.headers["Vary"]
        assert "Access-Control-Allow-Credentials" not in answer.headers


@pytest.mark.django_db
def test_any_other_page_and_any_other_address_is_not_opened(shared, client):
    assert "Access-Control-Allow-Origin" not in client.get(SITES, headers={"origin": "https://other.example"}).headers
    assert "origin" in client.get(SITES).headers["Vary"]
    assert "Access-Control-Allow-Origin" not in client.get("/", headers={"origin": MAP}).headers


# By which methods


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        (SITES, "GET, POST, HEAD, OPTIONS"),
        (f"{SITES}nowhere/", "GET, PUT, PATCH, DELETE, HEAD, OPTIONS"),
        (f"{API}/corrections/", "GET, HEAD, OPTIONS"),
        (f"{API}/auth/login/", "POST, OPTIONS"),
        (f"{API}/", "GET, HEAD, OPTIONS"),
        ("/api/schema/", "GET, HEAD, OPTIONS"),
        ("/api/problems/", "GET, HEAD, OPTIONS"),
    ],
)
def test_an_address_tells_its_methods_to_anybody_and_nothing_else(client, path, allowed):
    answer = client.options(path)
    assert (answer.status_code, answer.content, answer.headers["Allow"]) == (204, b"", allowed)


def test_a_method_that_an_address_does_not_take_is_refused_before_anybody_signs_in(client):
    for method, path in (("DELETE", SITES), ("TRACE", SITES), ("GET", f"{API}/auth/login/"), ("BREW", SITES)):
        answer = client.generic(method, path)
        assert method in problem(answer, 405)["detail"]
        assert "OPTIONS" in answer.headers["Allow"]


@pytest.mark.django_db
def test_where_nothing_is_there_are_no_methods(client):
    assert problem(client.options(f"{API}/nowhere/"), 404)["detail"]


@pytest.mark.parametrize("path", [f"{API}/", SITES, f"{API}/events/{{}}/"])
def test_head_answers_with_the_headers_of_get_alone(victor, path):
    address = path.format(make_published_event().uuid)
    read, looked = client(victor).get(address), client(victor).head(address)
    assert (looked.status_code, looked.content) == (200, b"")
    assert looked.headers == read.headers


def test_what_would_be_streamed_is_not_made_for_head():
    made: list[int] = []

    def rows() -> Iterator[str]:
        made.append(1)
        yield "row"

    answer = Methods(lambda _request: StreamingHttpResponse(rows()))(RequestFactory().head(SITES))
    assert isinstance(answer, StreamingHttpResponse)
    assert list(answer) == []
    assert not made


# Who may keep it


def test_what_anybody_may_read_is_for_shared_caches_too(db, settings, client):
    settings.PUBLIC_API = True
    event = make_published_event()
    for path in (SITES, f"{API}/events/{event.uuid}/"):
        answer = client.get(path)
        assert set(answer.headers["Cache-Control"].split(", ")) == {"public", "no-cache"}
        assert {"Accept", "Accept-Language", "Authorization", "Cookie"} <= set(answer.headers["Vary"].split(", "))


@pytest.mark.django_db
def test_what_came_with_credentials_is_for_its_reader_alone(settings, client, alice):
    settings.PUBLIC_API = True
    client.force_login(alice)
    assert client.get(SITES).headers["Cache-Control"] == "private, no-cache"
    client.logout()
    signed = client.post(reverse("login"), {"username": "alice", "password": "alice-password"}, "application/json")
    assert signed.headers["Cache-Control"] == "no-store"
    token = {"authorization": f"Token {signed.json()['token']}"}
    assert client.get(SITES, headers=token).headers["Cache-Control"] == "private, no-cache"
    assert client.get(f"{SITES}nowhere/", headers=token).headers["Cache-Control"] == "no-store"
