"""Requests made up from the description of the API, and whether what is answered is what the description says."""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import cycle
from random import Random
from typing import Any

import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi import checks

from osint.access.models import Token, sign_in
from osint.api import router
from tests import factories as make
from tests.rest import client

CHECKS = [
    schemathesis.checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
]
GROUPS = ("Viewer", "Analyst", "Editor", "Administrator")
FEWEST = 2  # the first request that is made up is the simplest one
MODES = (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE)
# What is asked for often enough to find something.
GOOD = {
    "date_from": "2025-11-01", "date_to": "2025-11", "type": "convoy-arrival", "site": "syria", "actor": "coalition",
    "measure": "trucks", "bbox": "35,32,43,38", "near": "40.7,36.5", "radius_km": "50", "q": "قسرك", "page_size": "2",
    "count": "true", "by": "month,type", "include": "evidence", "updated_since": "2025-11-01", "min_origins": "1",
    "limit": "2", "fields": "version",
}  # fmt: skip


def world() -> None:
    """At least one record of each kind, in each state, with each mark."""
    make.make_published_event()
    make.make_published_event(tlp="AMBER")
    make.make_whole_event()
    make.make_retracted_event()
    for kind in ("event", "report", "site", "actor"):
        getattr(make, f"make_{kind}_judgement")()
    for one in ("attachment", "passage_note", "comment", "cue", "correction", "actor_link"):
        getattr(make, f"make_{one}")()


def people() -> dict[str, dict[str, str]]:
    """By group, the headers with which somebody in it signs in; of anonymous there are none."""
    made: dict[str, dict[str, str]] = {"Anonymous": {}}
    for group in GROUPS:
        _token, secret = sign_in(make.make_user(group.lower(), group), timedelta(days=1))
        made[group] = {"Authorization": f"Token {secret}"}
    return made


@dataclass(frozen=True)
class Stored:
    """A record that there is: its name in the address, its version, and what it looks like."""

    identity: str
    version: int | None
    shown: dict[str, Any]


def stored() -> dict[str, list[Stored]]:
    """The records that there are, by the beginning of their addresses."""
    door = client(make.make_user("looking", "Editor"))
    found = {"auth/tokens": [Stored(str(token.uuid), None, {}) for token in Token.objects.all()]}
    registry: list[Any] = list(router.registry)
    for prefix, viewset, _name in registry:
        name = viewset.lookup_field
        rows = door.get(f"/api/v1/{prefix}/").json()["results"]
        shown = [door.get(f"/api/v1/{prefix}/{row[name]}/").json() for row in rows[:20]]
        found[prefix] = [Stored(str(row[name]), row.get("version"), row) for row in shown]
    return found


@contextmanager
def connected() -> Iterator[None]:
    """Requests within this block leave the connection open on which our transaction stands."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@dataclass
class Drill:
    """Requests as everybody in turn, of which nothing stays; and what was wrong with the answers."""

    people: dict[str, dict[str, str]] = field(default_factory=people)
    records: dict[str, list[Stored]] = field(default_factory=stored)
    answers: Counter[int] = field(default_factory=Counter)
    troubles: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        config = schemathesis.Config()
        config.projects.default.generation.update(with_security_parameters=False)
        described = SchemaGenerator().get_schema(request=None, public=True)
        self.schema = schemathesis.openapi.from_dict(described, config=config)
        self.app, self.turns = get_wsgi_application(), cycle(self.people.items())

    def run(self, requests: int) -> None:
        """About so many requests to every method of every address; to some, where there are too few for all."""
        operations: list[Any] = [found.ok() for found in self.schema.get_all_operations()]  # type: ignore[union-attr]
        each = max(FEWEST, -(-requests // len(operations)))
        if requests < each * len(operations):
            operations = Random(len(operations)).sample(operations, requests // each)
        with connected():
            for number, operation in enumerate(operations):
                self.ask(operation, each, number)
        print(f"{sum(self.answers.values())} requests, answered {dict(sorted(self.answers.items()))}")

    def ask(self, operation: Any, times: int, number: int) -> None:
        """So many requests to one of them."""
        made_up = st.one_of([operation.as_strategy(generation_mode=mode) for mode in MODES])

        @seed(number)
        @settings(
            max_examples=times,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate],
        )
        @given(st.data())
        def asked(data: Any) -> None:
            case = data.draw(made_up)
            self.make_sensible(case, data.draw)
            self.send(case, *next(self.turns))

        asked()

    def make_sensible(self, case: Any, draw: Any) -> None:
        """Let the request more often than not be about what there is, in its version, and not ask too much."""
        found = re.match(r"/api/v1/(auth/tokens|[\w-]+)/", case.path)
        records = self.records.get(found[1], []) if found else []
        record = draw(st.sampled_from(records)) if records and draw(st.integers(0, 3)) else None
        if record and case.path_parameters:
            case.path_parameters = dict.fromkeys(case.path_parameters, record.identity)
        if record and record.version and "If-Match" in case.headers:
            case.headers["If-Match"] = f'"{record.version}"'
        if record and isinstance(case.body, dict):
            case.body = {name: record.shown.get(name, value) for name, value in case.body.items()}
        if case.query and draw(st.booleans()):
            kept = draw(st.lists(st.sampled_from(sorted(case.query)), max_size=2, unique=True))
            case.query = {name: GOOD.get(name, case.query[name]) for name in kept}

    def send(self, case: Any, group: str, headers: dict[str, str]) -> None:
        """Send it, compare what comes with the description, and undo what it did."""
        with transaction.atomic():
            try:
                response = case.call(app=self.app, headers=headers)
                self.answers[response.status_code] += 1
                # Whoever names the fields is sent no others: that much the description says in words alone.
                whole = not {"fields", "omit"} & set(case.query)
                case.validate_response(response, checks=CHECKS + [checks.response_schema_conformance] * whole)
            except FailureGroup as wrong:
                first = wrong.exceptions[0]
                self.troubles.setdefault(f"{case.method} {case.path}: {first.title}", f"as {group}, {case!r}\n{wrong}")
            transaction.set_rollback(True)
