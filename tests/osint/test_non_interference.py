"""Whether hidden records exist or not, a reader gets the same bytes: status, headers and body, at every address.

The same questions are put to two databases: one with 80 visible events, one with the same and 120 hidden things made
in between. Which questions is drawn by lot, from one seed; each route is visited. ISNAD_DRILL=1 puts a thousand each to
200 events and 300 hidden things.
"""

import os
import random
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import pytest
from django.contrib.auth.models import Group, User
from django.db import transaction
from django.test import Client
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve
from django.utils import timezone

from osint.api import router
from tests.kit.worlds import BATCHES, PER_BATCH, START, World, identity, reference

QUESTIONS = 1_000 if os.environ.get("ISNAD_DRILL") else 50
API = "/api/v1"
NOW = START.replace(month=6)
Question = tuple[str, str, dict[str, Any]]
Answer = tuple[int, list[tuple[str, str]], bytes]

EVENTS = [identity("event", n) for n in range(BATCHES * PER_BATCH)]
REPORTS = [identity("report", n) for batch in range(BATCHES) for n in (batch * PER_BATCH, batch * PER_BATCH + 1)]
# Of these something hidden is a part, a whole, a duplicate, a remark.
TOUCHED = [EVENTS[batch * PER_BATCH + n] for batch in range(BATCHES) for n in (0, 3, 12, 13)]
HIDDEN = [
    *(identity("hidden", batch, f"event {n}") for batch in range(BATCHES) for n in range(8)),
    *(identity("hidden", batch, tlp) for batch in range(BATCHES) for tlp in ("RED", "AMBER+STRICT")),
    *(identity("hidden", batch, name) for batch in range(3) for name in ("merged draft", "gone again")),
    *(identity("hidden whole", n) for n in (12, 13, 32)),
    *(identity("hidden file", batch, "RED") for batch in range(3)),
    identity("withheld"),
]
UNDER = [identity("citation", "event", uuid) for uuid in EVENTS[:9]]
OTHERS = [
    identity("correction", 0),
    identity("relay", 0),
    identity("file", 0),
    identity("event", 400),
    identity("citation", "withheld"),
]
WORDS = [
    "convoy",
    "قافلة",
    "Zanzibar",
    "zanzibari-1",
    "Timbuktu",
    "تمبكتو",
    "dispatch",
    "Name bbb",
    "اسم كك",
    "25",
    "caravan changed",
    "xy",
]
SLUGS = ["source-1", "source-9", "site-1", "site-0", "type-1", "measure-1", "actor-2", "zanzibar", "source-1,source-2"]
# Parameters that lists take, and some that they do not.
PARAMETERS: dict[str, list[str]] = {
    "q": WORDS,
    "page": ["1"],
    "cursor": ["x"],
    "page_size": ["7", "1", "500", "501"],
    "count": ["true", "false", "yes"],
    "date_from": ["2025-11-10", "2025-11-31", "soon"],
    "date_to": ["2025-11-20", "2024-01-01"],
    "published_from": ["2025-12-01"],
    "published_to": ["2025-12-02", "2025-11-30"],
    "status": ["published", "draft", "retracted", "published,draft,submitted,merged", "merged", "submitted"],
    "type": ["type-0", "type-1,type-2", "zanzibar"],
    "ordering": ["created_at", "-id", "relevance"],
    "format": ["json", "csv", "geojson"],
    "as_of": ["2026-03-01", "2026-03-01T09:00:00Z", "2026-06-01", "never"],
    "published_empty": ["true", "false"], "part_of_empty": ["true", "false"], "source_empty": ["true", "false"],
    "report_empty": ["true"], "disputed": ["true", "false"], "basis": ["stated"], "basis!": ["inferred"],
    "origin": ["source-1", "source-0"], "origin!": ["source-1"], "min_origins": ["2", "1"],
    "credibility_min": ["3"], "credibility_max": ["3"], "reliability!": ["C"], "updated_since": ["2026-03-01"],
    "is_aggregate": ["true", "false"], "tlp!": ["CLEAR"], "status!": ["draft", "published"], "source!": ["source-1"],
    "reliability": ["C"], "language": ["ar"], "role": ["reports"], "facet": ["what", "when"], "standing": ["accepted"],
    "kind": ["outlet", "governorate"], "tlp": ["RED", "CLEAR"], "id": ["1"], "pk": ["7"], "assignee": ["zanzibari-1"],
}  # fmt: skip
NAMED = [
    "report!",
    "part_of!",
    "event",
    "report",
    "citation",
    "part_of",
    "updates",
    "source",
    "site",
    "actor",
    "parent",
    "within",
]
FORMATS = [
    "application/json",
    "text/html",
    "text/csv",
    "application/geo+json",
    "*/*",
    "text/csv;q=0.5, application/json",
]
# What readers see of each resource, by what stands in its address.
SEEN: dict[str, list[Any]] = {
    "events": [*EVENTS[::3], *TOUCHED, *TOUCHED, *map(reference, TOUCHED), identity("event", 400)],
    "reports": REPORTS,
    "citations": UNDER,
    "claims": [identity("claim", uuid, "what") for uuid in UNDER],
    "corrections": [identity("correction", n) for n in range(0, 60, 3)],
    "relays": [identity("relay", n) for n in range(5)],
    "attachments": [identity("file", n) for n in range(5)],
    "sources": SLUGS[:2], "sites": SLUGS[2:4], "event-types": SLUGS[4:5], "measures": SLUGS[5:6], "actors": SLUGS[6:7],
}  # fmt: skip
CLOSED = ["comments", "passage-notes", "event-judgements", "report-judgements", "site-judgements", "actor-judgements"]
RESOURCES: list[tuple[str, Any, str]] = router.registry
OF_PAGES = ["cursor", "page_size", "count"]
TAKES = {name: [*resource.filterset_class.base_filters, *OF_PAGES] for name, resource, _base in RESOURCES}
# A place in a list is sealed: it holds an integer key, which differs between the worlds, and tells nobody of it.
SEALED = re.compile(rb"(?:cursor|since)=[\w-]+")


@pytest.fixture(autouse=True)
def steady(settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    """One clock, and no chance: what differs then differs because of what is stored."""
    settings.PUBLIC_API = True
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    monkeypatch.setattr("time.time", NOW.timestamp)
    monkeypatch.setattr("django.middleware.csrf.get_random_string", lambda length, **_kwargs: "a" * length)


# Addresses


def patterns(resolver: Any = None, before: str = "") -> Iterator[str]:
    """Every route of the product, as Django names it."""
    for one in (resolver or get_resolver()).url_patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from patterns(one, route)
        elif isinstance(one, URLPattern):
            yield route.replace("^", "")


def values(lot: random.Random) -> dict[str, str]:
    """What can stand in an address, by the name of the place; a third of it hidden or guessed."""
    uuid = str(lot.choice([*EVENTS, *REPORTS, *UNDER, *OTHERS, *lot.choices(HIDDEN, k=160), guessed(lot)]))
    number = str(lot.choice([1, 2, 3, 7, 150, 212, 5_000, 99_999]))
    label = lot.choice(["event", "citation", "correction"])
    return {
        "uuid": lot.choice([uuid, uuid, uuid, number]),
        "reference": reference(UUID(uuid)),
        "slug": lot.choice(SLUGS[:-1]),
        "app_label": lot.choice(["events", "sources", "auth"]),
        "url": f"events/{label}/{number}/nowhere",
    } | dict.fromkeys(["pk", "object_id", "id", "content_type_id", "seq"], number)


def address(route: str, lot: random.Random) -> str:
    """An address on this route."""
    filled = values(lot)

    def fill(found: re.Match[str]) -> str:
        kind, name = found["kind"], found["name"] or found["word"]
        if kind == "uuid" and len(filled["uuid"]) < 36:
            return str(guessed(lot))
        return filled.get(name, filled["pk"] if kind != "uuid" else filled["uuid"])

    route = re.sub(r"<((?P<kind>\w+):)?(?P<word>\w+)>(?!\[)(?<!P)|\(\?P<(?P<name>\w+)>[^()]*\)", fill, route)
    return "/" + re.sub(r"[\^$]|\\Z", "", route).replace("\\.", ".").replace("(?:", "")


def guessed(lot: random.Random) -> UUID:
    """A UUID that nobody has."""
    return UUID(int=lot.getrandbits(128), version=4)


# Questions


def questions(seed: str) -> Iterator[Question]:
    """Each route once with each method, then as many others as there is time for."""
    lot = random.Random(seed)
    routes = [route for route in patterns() if route != LEAVE]
    for route in routes:
        yield "GET", address(route, lot), {}
    for shape in ("page_size=500", "page_size=500&include=evidence", "page_size=7&kind=events"):
        yield "GET", f"{API}/changes/?{shape}", {}
    for uuid in TOUCHED[:8]:
        yield "GET", f"{API}/events/{uuid}/", {}
        yield "GET", f"/events/{reference(uuid)}/", {}
    for uuid in REPORTS[:4]:
        yield "GET", f"{API}/reports/{uuid}/", {}
        yield "GET", f"/reports/{uuid}/", {}
    for _number in range(QUESTIONS - 1):
        yield lot.choice([of_list, of_list, of_list, of_record, of_record, of_page, of_page, of_any])(lot, routes)
    yield "POST", "/logout/", {}


LEAVE = "logout/"  # visited last


def asked(lot: random.Random, name: str) -> dict[str, str]:
    """Some parameters of a list: mostly those that it takes, with values that it understands."""
    sent = {}
    for parameter in lot.choices(TAKES[name], k=lot.choice([0, 1, 1, 2])):
        if parameter in PARAMETERS:
            sent[parameter] = lot.choice([PARAMETERS[parameter][0], lot.choice(PARAMETERS[parameter])])
        elif parameter in NAMED:
            seen = SEEN.get(parameter.rstrip("!") + "s", SLUGS)
            sent[parameter] = str(lot.choice([lot.choice(seen), lot.choice(HIDDEN)]))
    if lot.random() < 0.1:
        unknown = lot.choice([*PARAMETERS, *NAMED])
        sent[unknown] = str(lot.choice([*PARAMETERS.get(unknown, SLUGS), guessed(lot)]))
    return sent


def one_of(lot: random.Random, name: str) -> str:
    """What may stand in the address of such a record: one that is seen, or is hidden, or is nowhere."""
    hidden = lot.choice(HIDDEN)
    found = lot.choice([*lot.choices(SEEN.get(name, OTHERS), k=6), hidden, hidden, reference(hidden), guessed(lot), 7])
    return str(found)


def of_list(lot: random.Random, _routes: list[str]) -> Question:
    """A list, narrowed."""
    name = lot.choice([*SEEN, *SEEN, "events", "events", "events", "reports", *CLOSED[:1]])
    return "GET", f"{API}/{name}/?{urlencode(asked(lot, name))}", accepting(lot)


def of_record(lot: random.Random, _routes: list[str]) -> Question:
    """A record, looked at or tampered with."""
    name = lot.choice([*SEEN, "events", "events", "events", "reports", *CLOSED[:2]])
    end = lot.choice([""] * 12 + ["publish/", "retract/", "merge/", "twins/", "comments/", "history/"])
    method = lot.choice(["GET"] * 9 + ["HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"])
    moment = {"as_of": lot.choice(PARAMETERS["as_of"])} if name == "events" and lot.random() < 0.4 else {}
    where = f"{API}/{name}/{one_of(lot, name)}/{end}?{urlencode(moment)}"
    return method, where, accepting(lot) | {"HTTP_IF_MATCH": lot.choice(['"1"', '"2"', "*"])}


def of_page(lot: random.Random, _routes: list[str]) -> Question:
    """A page for people."""
    name = lot.choice(["events", "events", "events", "reports", "sources", "attachments", "", ""])
    where = f"/{name}/{one_of(lot, name)}/" if name else "/"
    asks = asked(lot, "events") if not name else {"as_of": "2026-03-01T09:00:00Z"} if lot.random() < 0.2 else {}
    return "GET", f"{where}?{urlencode(asks)}", {"HTTP_ACCEPT_LANGUAGE": lot.choice(["en", "ar"])}


def of_any(lot: random.Random, routes: list[str]) -> Question:
    """Any route, by any method."""
    method = lot.choice(["GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE", "PATCH"])
    return method, address(lot.choice(routes), lot), accepting(lot)


def accepting(lot: random.Random) -> dict[str, Any]:
    """The format that is asked for."""
    return {"HTTP_ACCEPT": lot.choice(FORMATS[:1] * 20 + FORMATS)}


# Answers


def answers(reader: User | None, put: list[Question], visited: set[str]) -> list[Answer]:
    """What this reader is answered; a write that went through would change the later answers."""
    client = Client(raise_request_exception=False)
    if reader is not None:
        client.force_login(reader)
    kept = dict(client.cookies)
    found = []
    for method, where, extra in put:
        client.cookies.clear()
        client.cookies.update(kept)
        body = {} if method in {"GET", "HEAD", "OPTIONS"} else {"data": "{}", "content_type": "application/json"}
        answer: Any = getattr(client, method.lower())(where, **body, **extra)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        heads = [*sorted(answer.items()), ("cookies", answer.cookies.output())]
        if way := re.search('<([^>]+)>; rel="next"', answer.get("Link", "")):
            content += client.get(way[1]).content
        heads = [(name, SEALED.sub(b"cursor=", text.encode()).decode()) for name, text in heads]
        found.append((answer.status_code, heads, SEALED.sub(b"cursor=", content)))
        with suppress(Resolver404):
            visited.add(resolve(where.partition("?")[0]).route.replace("^", ""))
    return found


def told(hides: bool, put: list[Question], visited: set[str]) -> dict[str, list[Answer]]:
    """What the world tells its readers; nothing of it is left."""
    with transaction.atomic():
        # The tag of a list says for whom it is, and PostgreSQL gives no number twice: so they have theirs from here.
        viewer, editor = person("victor", "Viewer", 7_001), person("edith", "Editor", 7_002)
        World(hides=hides).build()
        found = {name: answers(reader, put, visited) for name, reader in (("nobody", None), ("victor", viewer))}
        found["edith"] = answers(editor, OF_AN_EDITOR, set())
        transaction.set_rollback(True)
    return found


def person(name: str, group: str, key: int) -> User:
    """Somebody who reads, or works here."""
    staff = group != "Viewer"
    user = User.objects.create_user(name, password=f"{name}-password", is_staff=staff, date_joined=START, pk=key)
    user.groups.add(Group.objects.get(name=group))
    return user


OF_AN_EDITOR: list[Question] = [
    ("GET", f"{API}/{name}/", {}) for name in ("events", "reports", "relays", "citations", "claims", "comments")
]


@pytest.mark.django_db
def test_hidden_records_change_no_answer_to_who_may_not_see_them() -> None:
    put, visited = list(questions("seeing")), set[str]()
    without, with_hidden = told(False, put, visited), told(True, put, visited)
    # The drill itself works: who may see what is hidden is told otherwise in the other world.
    assert all(one != other for one, other in zip(without.pop("edith"), with_hidden.pop("edith"), strict=True))
    differing = [
        f"{who}: {question[0]} {question[1]} {question[2]}\n    {first}\n    {second}"
        for who in without
        for question, one, other in zip(put, without[who], with_hidden[who], strict=True)
        for first, second in [difference(one, other)]
        if first != second
    ]
    assert not differing, f"{len(differing)} answers differ\n" + "\n".join(differing[:10])
    broken = [
        (who, question[:2]) for who in without for question, one in zip(put, without[who], strict=True) if one[0] >= 500
    ]
    assert not broken, broken[:10]
    assert not set(patterns()) - visited, "no question is put to these routes"
    right = sum(one[0] == 200 for one in without["victor"])
    assert right > QUESTIONS / 3, f"only {right} of {QUESTIONS} questions were understood"


def difference(one: Answer, other: Answer) -> tuple[Any, Any]:
    """The part of two answers that differs, cut to what a person reads."""
    if one[:2] != other[:2]:
        heads = [[(str(answer[0]), ""), *answer[1]] for answer in (one, other)]
        return [pair for pair in heads[0] if pair not in heads[1]], [pair for pair in heads[1] if pair not in heads[0]]
    if one[2] == other[2]:
        return None, None
    pairs = enumerate(zip(one[2], other[2], strict=False))
    at = next((n for n, (first, second) in pairs if first != second), min(len(one[2]), len(other[2])))
    return one[2][max(0, at - 60) : at + 100], other[2][max(0, at - 60) : at + 100]
