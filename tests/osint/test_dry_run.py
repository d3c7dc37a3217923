"""A rehearsal: `?dry_run=true` answers as the write would, refuses as the write would, and leaves nothing behind."""

from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from rest_framework.response import Response

from events.choices import Facet
from events.models import Event, Site
from osint.base import rehearsal
from osint.history.models import Entry, Value
from tests import rest
from tests.factories import (
    WORDS,
    make_citation,
    make_event_type,
    make_published_event,
    make_report,
    make_site,
    make_whole_event,
)

pytestmark = pytest.mark.django_db
KEY: Any = {"HTTP_IDEMPOTENCY_KEY": "8f0c1a52-6a6f-4b6e-9d0a-3f8f5a1c2b4d"}


def everything() -> dict[str, Any]:
    """Every row of every table that a write could touch."""
    own = [model for label in ("sources", "events", "history") for model in apps.get_app_config(label).get_models()]
    return {model.__name__: sorted(map(repr, model._default_manager.values_list())) for model in own}


def rehearse(door: rest.Client, method: str, address: str, body: Any = None, **more: Any) -> Any:
    """The answer to a rehearsal, which leaves nothing behind; nothing waits for the end of a transaction either."""
    before = everything()
    waiting = len(connection.run_on_commit)
    answer = getattr(door, method)(f"{rest.API}/{address}?dry_run=true", body, **more)
    assert everything() == before
    assert len(connection.run_on_commit) == waiting
    return answer


def told(answer: Any, status: int = 200) -> Any:
    """What a rehearsal that went well answers."""
    assert answer.headers["X-Dry-Run"] == "true"
    return rest.given(answer, status)


def entered() -> dict[str, Any]:
    return {
        "type": make_event_type().slug,
        "when": "2025-11-12",
        "summary_en": "A convoy arrived.",
        "report": str(make_report().uuid),
        "quotes": {"what": WORDS[Facet.WHAT]},
    }


def test_an_event_is_answered_as_it_would_be_and_made_when_it_is_meant(alice):
    door, body = rest.client(alice), entered()
    would = told(rehearse(door, "post", "events/", body, **KEY), 201)
    is_ = rest.given(door.post(f"{rest.API}/events/", body, **KEY), 201)
    moments = {"created_at", "changed_at"}
    # With a key of one's own the identity is known beforehand.
    assert would["uuid"] == is_["uuid"]
    assert {name for name in is_ if is_[name] != would[name]} <= moments | {"citations"}
    assert would["citations"][0]["claims"][0]["quote"] == WORDS[Facet.WHAT]
    assert "X-Dry-Run" not in door.get(f"{rest.API}/events/").headers


def test_what_would_be_refused_is_refused_alike(alice):
    door, body = rest.client(alice), entered() | {"summary_en": ""}
    would = rehearse(door, "post", "events/", body)
    assert would.content == door.post(f"{rest.API}/events/", body).content
    rest.refused(would, "Sum the event up")


@pytest.mark.parametrize("method", ["patch", "delete"])
def test_a_change_and_a_deletion_can_be_rehearsed(edith, method):
    site, door = make_site(), rest.client(edith)
    answer = rehearse(door, method, f"sites/{site.slug}/", {"note": "Seen."} if method == "patch" else None)
    assert answer.headers["X-Dry-Run"] == "true"
    assert answer.status_code == (200 if method == "patch" else 204)
    if method == "patch":
        assert (answer.json()["note"], answer.headers["ETag"][:2]) == ("Seen.", '"2')


def test_what_must_stay_is_not_deleted_in_a_rehearsal_either(edith):
    event = make_published_event()
    rest.refused(rehearse(rest.client(edith), "delete", f"events/{event.uuid}/"), status=409)


def test_a_rehearsal_needs_the_version_like_any_write(edith):
    site = make_site()
    rest.problem(rehearse(rest.client(edith), "patch", f"sites/{site.slug}/", {"note": "n"}, version=None), 428)
    rest.problem(rehearse(rest.client(edith), "patch", f"sites/{site.slug}/", {"note": "n"}, version=9), 412)


@pytest.mark.parametrize(
    ("move", "body", "status"),
    [("publish", {}, "published"), ("submit", {}, "submitted"), ("assign", {"to": "edith"}, "draft")],
)
def test_every_step_of_the_workflow_can_be_rehearsed(edith, alice, settings, move, body, status):
    settings.FOUR_EYES = False
    event = make_whole_event()
    would = told(rehearse(rest.client(edith), "post", f"events/{event.uuid}/{move}/", body))
    assert would["status"] == status
    assert Event.objects.get().status == "draft"


def test_what_is_missing_for_publication_is_told_beforehand(edith):
    event = make_citation().event
    rest.refused(rehearse(rest.client(edith), "post", f"events/{event.uuid}/publish/", {}))


def test_many_rows_can_be_rehearsed(edith):
    rows = [{"slug": f"place-{n}", "name_en": f"Place {n}", "kind": "village"} for n in range(3)]
    door = rest.client(edith)
    assert [row["status"] for row in told(rehearse(door, "post", "sites/bulk/", rows))["results"]] == [201] * 3
    rows[1]["kind"] = "castle"
    before = everything()
    answer = door.post(f"{rest.API}/sites/bulk/?dry_run=true&atomic=false", rows)
    assert [row["status"] for row in told(answer, 207)["results"]] == [201, 400, 201]
    assert everything() == before


def test_a_change_that_is_undone_is_undone_in_a_rehearsal_only(edith):
    site, door = make_site(), rest.client(edith)
    rest.given(door.patch(f"{rest.API}/sites/{site.slug}/", {"note": "Seen."}))
    seq = Entry.objects.order_by("-seq").values_list("seq", flat=True)[0]
    told(rehearse(door, "post", f"history/{seq}/revert/", {"reason": "Wrong."}))
    assert Site.objects.get().note == "Seen."


def test_no_file_is_kept_of_a_rehearsal(alice, settings, tmp_path: Path):
    settings.MEDIA_ROOT = tmp_path
    report = make_report()
    body = {"report": str(report.uuid), "file": SimpleUploadedFile("page.pdf", b"%PDF-1.7 rehearsed")}
    answer = rehearse(rest.client(alice), "post", "attachments/", body, format="multipart")
    assert told(answer, 201)["size"] == len(b"%PDF-1.7 rehearsed")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_an_attempt_is_not_used_up_by_a_rehearsal(alice):
    door, body = rest.client(alice), entered()
    told(rehearse(door, "post", "events/", body, **KEY), 201)
    rest.given(door.post(f"{rest.API}/events/", body, **KEY), 201)
    assert told(rehearse(door, "post", "events/", body, **KEY), 200)["summary_en"] == body["summary_en"]


def test_false_is_no_rehearsal_and_nothing_else_is_known(edith):
    door, body = rest.client(edith), {"slug": "place", "name_en": "Place", "kind": "village"}
    for value in ("yes", "1", "True"):
        rest.refused(door.post(f"{rest.API}/sites/?dry_run={value}", body), "dry_run", "neither true nor false")
    rest.refused(door.get(f"{rest.API}/sites/?dry_run=true"), "dry_run")
    answer = door.post(f"{rest.API}/sites/?dry_run=false", body)
    assert (answer.status_code, "X-Dry-Run" in answer.headers) == (201, False)
    assert Site.objects.count() == 1


@pytest.mark.engine("postgresql")  # SQLite's one writer has nothing to wait for
def test_what_is_checked_at_the_end_of_a_transaction_is_checked_before_it_is_undone():
    def dangling() -> Response:
        Value.objects.bulk_create([Value(entry_id=10**12, field="x", salt="s", text="t")])
        return Response()

    with pytest.raises(Exception, match="history_value"), transaction.atomic():
        rehearsal.rehearsed(dangling)()
