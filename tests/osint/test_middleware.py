"""A body that is too large is refused before anybody reads it; what was told to one person is not kept for others."""

from unittest.mock import Mock

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from osint.middleware import BodyLimit
from tests import rest
from tests.factories import make_whole_event


@pytest.fixture
def view() -> Mock:
    return Mock(return_value=HttpResponse("read"))


@pytest.fixture(autouse=True)
def small_limit(settings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10


def test_a_program_gets_413_and_a_sentence_with_both_numbers(view: Mock):
    response = BodyLimit(view)(RequestFactory().post("/api/v1/events/", b"x" * 11, "application/json"))
    assert response.status_code == 413
    assert response.headers["Content-Type"] == "application/problem+json"
    assert b"The request has 11 bytes; at most 10 are read." in response.content  # type: ignore[attr-defined]
    view.assert_not_called()


def test_a_person_gets_413_as_text(view: Mock):
    response = BodyLimit(view)(RequestFactory().post("/admin/", b"x" * 11, "text/plain"))
    assert (response.status_code, response.headers["Content-Type"]) == (413, "text/plain; charset=utf-8")


def test_a_body_up_to_the_limit_is_read(view: Mock):
    assert BodyLimit(view)(RequestFactory().post("/api/v1/events/", b"x" * 10, "application/json")).status_code == 200


@pytest.mark.parametrize("length", ["", "-1", "many", "²", "99"])
def test_nonsense_about_the_length_is_no_error(view: Mock, length: str):
    status = BodyLimit(view)(RequestFactory().get("/", CONTENT_LENGTH=length)).status_code
    assert status == (413 if length == "99" else 200)


@pytest.mark.django_db
def test_what_a_signed_in_person_is_shown_stays_in_her_own_browser(client, alice, settings):
    settings.PUBLIC_API = True
    event = make_whole_event()
    assert "Cache-Control" not in client.get("/").headers
    client.force_login(alice)
    assert client.get(f"{rest.API}/events/{event.uuid}/").headers["Cache-Control"] == "private, no-cache"
    assert client.get("/").headers["Cache-Control"] == "private, no-cache"
    assert "no-store" in client.get("/admin/").headers["Cache-Control"]
