"""What the list of events and the search there cost in the admin: milliseconds by HTTP, and queries.

A search is compared with the same words put to the API by the same person.
"""

from statistics import median
from typing import Any

from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks.questions import API, COMMON, RARE, to
from benchmarks.servers import Server

LIST = "/admin/events/event/"
SOUGHT = {"admin list": "", "admin search rare": RARE, "admin search common": COMMON}
TIMES = 15


def measure(ours: Server) -> dict[str, Any]:
    """Each page, so many times."""
    client = Client(headers={"X-Forwarded-Proto": "https", "Host": "127.0.0.1"})
    client.force_login(User.objects.get(username="bench"))
    session = {"Cookie": f"sessionid={client.cookies['sessionid'].value}"}
    return {name: one(ours, client, word, session) for name, word in SOUGHT.items()}


def one(ours: Server, client: Client, word: str, session: dict[str, str]) -> dict[str, Any]:
    """One page: its median, its queries once the server is warm, and how many times as long as the API's it takes."""
    path, sent = to(LIST, {"q": word} if word else {}), to(API, {"q": word} if word else {})
    page, api = [], []
    for _time in range(TIMES):
        page.append(took(ours, path, session | {"Accept": "text/html"}))
        api.append(took(ours, sent, session))
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    found = median(page), median(api)
    return {
        "ours_ms": round(found[0], 1),
        "queries": len(queries),
        "api_ms": round(found[1], 1),
        "times_api": round(found[0] / found[1], 2),
    }


def took(ours: Server, path: str, headers: dict[str, str]) -> float:
    """How long one answer took."""
    answer = ours.ask(path, headers)
    assert answer.status == 200, (path, answer.status, answer.body[:300])
    return answer.took_ms
