"""Whatever goes wrong under /api/ is told in one shape: problem details (RFC 9457)."""

import json
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory
from django.urls import reverse

from osint.base import problems
from osint.base.problems import problem as told
from osint.middleware import Problems
from tests.factories import make_published_event, make_site
from tests.rest import API, client, errors, problem

SITES = f"{API}/sites/"


def test_a_refusal_says_what_is_wrong_in_one_sentence_and_by_parameter(victor):
    answer = client(victor).get(SITES, {"kinnd": "village", "q": ""})
    found = problem(answer)
    assert (found["type"], found["title"]) == ("/api/problems/#wrong", "Something in the request is wrong")
    assert found["detail"].startswith("kinnd: There is no parameter “kinnd” here.")
    assert found["detail"].endswith("There is more: see “errors”.")
    assert set(errors(answer)) == {"kinnd", "q"}


def test_sentences_about_rows_stand_at_their_row(alice):
    names = [{"text": "Qasrak", "language": "en"}, {"text": "", "language": "en"}]
    sent = {"slug": "qasrak", "kind": "village", "name_en": "Qasrak", "names": names}
    answer = client(alice).post(SITES, sent)
    assert errors(answer)["names"][0] == {}
    assert problem(answer)["detail"].startswith("names[1].text: ")


@pytest.mark.parametrize(
    ("found", "place"),
    [
        ({"a": ["One."]}, "a: One."),
        ({"a": "One."}, "a: One."),
        ({"non_field_errors": ["One."]}, "One."),
        (["One."], "One."),
        ({"a": {"b": ["One."], "non_field_errors": ["Two."]}}, "a.b: One. There is more: see “errors”."),
        ({"a": {"non_field_errors": ["One."]}}, "a: One."),
        ({"a": [{}, {"b": [{"c": ["One."]}]}]}, "a[1].b[0].c: One."),
        ({"a": {2: {"b": ["One."]}}}, "a[2].b: One."),
        ({"a": [["One."], "Two."]}, "a[0]: One. There is more: see “errors”."),
    ],
)
def test_the_first_sentence_is_told_with_its_place(found, place):
    assert told(400, errors=found)["detail"] == place


def test_what_errors_hold_is_always_a_list_or_more():
    assert told(400, errors={"a": "One."})["errors"] == {"a": ["One."]}
    assert told(400, errors=["One."])["errors"] == {"non_field_errors": ["One."]}
    assert "errors" not in told(404, "Gone.")


def test_who_must_sign_in_is_told_how(victor):
    answer = client().get(SITES)
    assert "/api/v1/auth/login/" in problem(answer, 401)["detail"]
    assert answer.headers["WWW-Authenticate"] == "Token"
    assert problem(client(victor).post(SITES, {}), 403)["detail"] == (
        "Your account lacks the permission. An administrator can give it."
    )


def test_what_is_missing_is_told_without_the_name_of_a_table(victor):
    make_site()
    assert "Site matches" not in problem(client(victor).get(f"{SITES}nowhere/"), 404)["detail"]
    assert problem(client(victor).get("/api/v2/"), 404)["type"] == "about:blank"


def test_another_format_is_refused_with_those_that_are_known(alice):
    sentence = problem(client(alice).get(SITES, headers={"accept": "application/xml"}), 406)["detail"]
    assert "application/json" in sentence
    answer = client(alice).post(SITES, "<site/>", content_type="application/xml")
    assert "“" not in problem(answer, 415)["type"]
    assert problem(answer, 415)["detail"].endswith("Known: application/json.")


def test_a_conflict_tells_the_versions_beside_the_sentence(alice):
    site = make_site()
    client(alice).patch(f"{SITES}{site.slug}/", {"note": "Near the road."})
    found = problem(client(alice).patch(f"{SITES}{site.slug}/", {}, version=1), 412)
    assert (found["yours"], found["current"], found["type"]) == (1, 2, "/api/problems/#outdated")
    assert found["detail"].startswith("You change version 1, and version 2 is stored")
    assert problem(client(alice).patch(f"{SITES}{site.slug}/", {}, version=None), 428)["type"].endswith("#versionless")


def test_what_stands_in_the_way_is_a_conflict(alice):
    event = make_published_event()
    assert problem(client(alice).delete(f"{API}/events/{event.uuid}/"), 409)["type"] == "/api/problems/#conflict"


def test_a_refusal_is_told_in_the_language_that_is_asked_for(victor):
    answer = client(victor).get(SITES, {"kinnd": "x"}, headers={"accept-language": "ar"})
    assert "لا يُقبل هنا المعامل" in problem(answer)["detail"]
    assert answer.headers["Content-Language"] == "ar"


def test_the_password_is_refused_in_the_same_shape(victor):
    login = reverse("login")
    assert problem(client().post(login, {"username": "victor", "password": "no"}), 401)["detail"]
    assert set(errors(client().post(login, {"username": "victor"}))) == {"password"}
    assert problem(client().post(login, "{", content_type="application/json"))["detail"].startswith("The body is not")


def test_a_name_under_which_nothing_is_served_is_told_so_too(client):
    answer = client.get(SITES, headers={"host": "elsewhere.example.org"})
    assert "headers" in problem(answer)["detail"]
    assert answer.headers["Content-Length"] == str(len(answer.content))
    assert "text/html" in client.get("/", headers={"host": "elsewhere.example.org"}).headers["Content-Type"]


@pytest.mark.parametrize("status", [400, 403, 404, 418, 500])
def test_what_the_frame_answers_in_pages_is_put_in_the_words_of_programs(status):
    page = HttpResponse("<p>…</p>", status=status, headers={"X-Frame-Options": "DENY"})
    answer = Problems(lambda _request: page)(RequestFactory().get(SITES))
    assert isinstance(answer, HttpResponse)
    assert json.loads(answer.content)["status"] == status
    assert (answer.headers["Content-Type"], answer.headers["X-Frame-Options"]) == (problems.MEDIA_TYPE, "DENY")


@pytest.mark.parametrize(
    ("path", "page"),
    [("/", HttpResponse("<p>…</p>", status=404)), (SITES, HttpResponse()), (SITES, StreamingHttpResponse(["x"]))],
)
def test_pages_for_people_and_what_is_no_refusal_stay_as_they_are(path, page):
    before = page.headers["Content-Type"]
    assert Problems(lambda _request: page)(RequestFactory().get(path)).headers["Content-Type"] == before


@pytest.mark.parametrize(
    ("error", "status"), [(KeyError("secret"), 500), (SuspiciousOperation("secret"), 400), (PermissionDenied(), 403)]
)
def test_a_fault_of_ours_is_told_without_its_secrets(victor, monkeypatch, error, status):
    def fails(*_args: Any, **_kwargs: Any) -> None:
        raise error

    monkeypatch.setattr("sources.api.SourceViewSet.get_queryset", fails)
    door = client(victor)
    door.raise_request_exception = False
    answer = door.get(f"{API}/sources/")
    assert problem(answer, status)["detail"]
    assert "secret" not in answer.content.decode()


def test_a_type_leads_to_a_page_that_says_what_it_means(client):
    page = client.get(reverse("problems")).content.decode()
    for status, kind in problems.KINDS.items():
        address, _hash, place = told(status)["type"].partition("#")
        assert address == reverse("problems")
        assert f'id="{place}"' in page
        assert str(kind.title) in page


def test_every_kind_is_in_the_table_of_the_documentation():
    section = (settings.BASE_DIR / "docs" / "querying.md").read_text().partition("## When a request is refused")[2]
    for status in problems.KINDS | problems.UNSAID:
        assert f"| {status} |" in section, status
