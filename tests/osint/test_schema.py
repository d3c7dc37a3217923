"""The description of the API: whole, valid, the one that is checked in, and readable without the internet."""

import re
from io import StringIO
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.core.management import call_command
from rest_framework.test import APIClient

from osint.api import router
from tests.rest import client, refused

pytestmark = pytest.mark.one_engine

DOCS = settings.BASE_DIR / "docs"


def generated():
    out = StringIO()
    call_command("spectacular", validate=True, fail_on_warn=True, stdout=out)
    return out.getvalue()


def test_the_schema_is_valid_and_the_one_that_is_checked_in():
    kept = (DOCS / "api-schema.yml").read_text()
    assert generated() == kept, "run: .venv/bin/python manage.py spectacular --file docs/api-schema.yml"


def test_answers_that_come_seldom_are_described_too():
    paths = yaml.safe_load((DOCS / "api-schema.yml").read_text())["paths"]

    def told(method: str, path: str) -> Any:
        return paths[f"/api/v1/{path}/"][method]["responses"]

    again, made = (told("post", "events")[status]["content"] for status in ("200", "201"))
    assert again == made
    for method, path in (("patch", "events/{uuid}"), ("put", "reports/{uuid}"), ("post", "events/{uuid}/send-back")):
        assert "204" in told(method, path)
    assert not {"204"} & {*told("post", "events"), *told("patch", "sites/{slug}")}
    assert "304" in told("get", "events/stats")
    assert told("get", "events/stats")["200"]["content"]["text/csv"]["schema"]["type"] == "string"
    # Who is named by a slug needs no key.
    keyed = {path for path, ways in paths.items() if "Idempotency-Key" in str(ways.get("post", {}).get("parameters"))}
    assert {"/api/v1/events/", "/api/v1/events/bulk/", "/api/v1/comments/"} <= keyed
    assert not {path for path in keyed if path.startswith(("/api/v1/sites", "/api/v1/actors"))}


def test_the_schema_is_for_readers(alice, settings):
    assert client().get("/api/schema/").status_code == 401
    assert client(alice).get("/api/schema/").status_code == 200
    settings.PUBLIC_API = True
    answer = client().get("/api/schema/")
    assert answer.status_code == 200
    for prefix, _viewset, _name in router.registry:
        assert f"/api/v1/{prefix}/" in answer.content.decode()


def test_the_schema_takes_its_language_and_refuses_what_it_does_not_know(alice):
    assert client(alice).get("/api/schema/?lang=ar&format=json").status_code == 200
    refused(client(alice).get("/api/schema/?x=1"), "x")
    refused(client(alice).get("/api/schema/?format=xml"), "There is no format “xml” here", "json", "yaml")
    assert client(alice).get("/api/v1/?format=json").status_code == 200
    refused(client(alice).get("/api/schema/?lang=tlh"), "lang")


def test_the_documentation_page_is_for_readers_and_asks_others_to_sign_in(alice, settings):
    answer = client().get("/api/docs/", headers={"accept": "text/html"})
    assert answer.status_code == 302
    assert "next=/api/docs/" in answer.headers["Location"]
    door = APIClient()
    door.force_login(alice)
    assert door.get("/api/docs/").status_code == 200
    settings.PUBLIC_API = True
    assert client().get("/api/docs/").status_code == 200


def test_the_documentation_page_needs_nothing_from_outside(db, settings):
    settings.PUBLIC_API = True
    page = client().get("/api/docs/")
    sources = re.findall(r'(?:src|href)="([^"]+)"', page.content.decode())
    assert sources
    assert all(source.startswith("/") for source in sources)
    script = client().get("/api/docs/", {"script": ""})
    assert "/api/schema/" in script.content.decode()
    policy = page.headers["Content-Security-Policy"]
    assert "style-src 'self' 'unsafe-inline'" in policy
    assert "img-src 'self' data:" in policy
    assert "default-src 'self'" in policy


def test_only_the_documentation_page_may_carry_its_own_styles(db, settings):
    settings.PUBLIC_API = True
    assert "unsafe-inline" not in client().get("/api/v1/").headers["Content-Security-Policy"]


@pytest.mark.parametrize("prefix", [prefix for prefix, _viewset, _name in router.registry])
def test_every_resource_and_parameter_has_its_heading_in_the_guide(prefix):
    guide = (DOCS / "querying.md").read_text()
    viewset = next(viewset for name, viewset, _basename in router.registry if name == prefix)
    section = guide.split(f"\n## `{prefix}`", 1)
    assert len(section) == 2, f"docs/querying.md has no heading for {prefix}"
    body = re.split(r"\n## ", section[1], maxsplit=1)[0]
    for name in viewset.filterset_class.base_filters:  # type: ignore[attr-defined]
        if name.endswith(("!", "_empty")):
            continue  # told of once, for all
        assert f"\n### `{name}`" in body, f"docs/querying.md has no heading for the parameter {name} of {prefix}"
