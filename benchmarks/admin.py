"""What the list of events and the search there cost in the admin: milliseconds by HTTP, and queries."""

from statistics import median
from typing import Any
from urllib.parse import quote

from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks.questions import COMMON, RARE
from benchmarks.servers import Server

LIST = "/admin/events/event/"
PAGES = {
    "admin list": LIST,
    "admin search rare": f"{LIST}?q={quote(RARE)}",
    "admin search common": f"{LIST}?q={quote(COMMON)}",
}
TIMES = 7


def measure(ours: Server) -> dict[str, Any]:
    """Each page, so many times."""
    client = Client(headers={"X-Forwarded-Proto": "https", "Host": "127.0.0.1"})
    client.force_login(User.objects.get(username="bench"))
    session = {"Cookie": f"sessionid={client.cookies['sessionid'].value}", "Accept": "text/html"}
    return {name: one(ours, client, path, session) for name, path in PAGES.items()}


def one(ours: Server, client: Client, path: str, session: dict[str, str]) -> dict[str, Any]:
    """One page: its median, and its queries once the server is warm."""
    answers = [ours.ask(path, session) for _time in range(TIMES)]
    assert {answer.status for answer in answers} == {200}, (path, answers[0].status, answers[0].body[:300])
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    return {"ours_ms": round(median(answer.took_ms for answer in answers), 1), "queries": len(queries)}
