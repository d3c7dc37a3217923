"""Another slug for the actor of every tenth event: what the change costs, and how long until all is written anew."""

import json
import time
from typing import Any

from benchmarks.questions import API
from benchmarks.servers import Server

CHECKED = 200


def measure(ours: Server) -> dict[str, Any]:
    """There and back; every document that is looked at afterwards says the new name."""
    from django.db.models import Count

    from events.models import Actor, Document, Involvement

    hub = Actor.objects.annotate(named=Count("involvements")).order_by("-named").first()
    assert hub is not None
    keys = Involvement.objects.filter(actor=hub).order_by().values("event")
    stale = Document.objects.filter(pk__in=keys, brief="")
    name, told = hub.slug, dict[str, Any](events=keys.distinct().count())
    for slug, prefix in ((f"{name}-renamed", "renamed"), (name, "back")):
        begun = time.perf_counter()
        hub.slug = slug
        hub.save()
        told[f"{prefix}_ms"] = round((time.perf_counter() - begun) * 1_000)
        told[f"{prefix}_stale"] = stale.count()
        told[f"{prefix}_page_ms"] = round(ours.ask(f"{API}?actor={slug}").took_ms, 1)
        check(ours, slug)
        finish(stale)
        told[f"{prefix}_all_ms"] = round((time.perf_counter() - begun) * 1_000)
    return told


def finish(stale: Any) -> None:
    """Write what is still stale."""
    from events.stored import documents

    documents.fill(stale.values_list("pk", flat=True))


def check(ours: Server, slug: str) -> None:
    """The list of the actor's events says the name, in each."""
    told = json.loads(ours.ask(f"{API}?actor={slug}&page_size={CHECKED}").body)["results"]
    assert all(slug in {who["actor"] for who in event["involvements"]} for event in told)
