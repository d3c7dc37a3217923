"""Statistics of databases drawn by lot equal a slow count, for every kind of reader."""

import os
from random import Random

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import QueryDict
from django.test import RequestFactory
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from events.filters import EventFilters
from events.models import Event
from events.statistics import Question, admitting, statistics
from events.statistics.answer import counted
from events.stored import terms
from tests.events import slowly
from tests.kit.incidents import Incidents

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("public")]

DIMENSIONS = [
    "day", "week", "month", "year", "type", "actor", "source", "origins",
    "site", "site:governorate", "site:district", "site:1", "site:2", "site:3",
]  # fmt: skip
FILTERS: list[dict[str, str]] = [
    {}, {}, {"site": "place-1"}, {"site": "place-1,place-2"}, {"type": "kind-1"}, {"type": "kind-1,kind-3"},
    {"actor": "side-1"}, {"actor": "side-0", "type": "kind-1"}, {"site": "place-0", "date_from": "2025-11-02"},
    {"site": "place-0", "date_to": "2025-11-12"}, {"date_from": "2025-11-01", "date_to": "2025-11-30"},
    {"status": "published"}, {"status": "retracted,published"}, {"site": "place-2", "type": "kind-2"},
    {"type": "kind-0", "date_from": "2025-11-13", "date_to": "2026-01-01"}, {"source": "outlet-1"},
]  # fmt: skip
# What posting lists can answer.
FILED = [["month"], ["year"], ["month", "type"], ["type", "year"], ["year", "month"], ["type"], []] * 3
EXAMPLES = 100 if os.environ.get("ISNAD_DRILL") else 2


@settings(
    max_examples=EXAMPLES, deadline=None, database=None, derandomize=not os.environ.get("ISNAD_DRILL"),
    suppress_health_check=[HealthCheck.function_scoped_fixture], phases=[Phase.generate],
)  # fmt: skip
@given(seed=st.integers(0, 2**32))
def test_statistics_equal_a_slow_count(alice, edith, victor, adam, seed):
    lot = Random(seed)
    with transaction.atomic():
        Incidents(lot, 16, [alice, edith])
        terms.file_all()
        for reader in (alice, edith, victor, adam, AnonymousUser()):
            for _time in range(4):
                compare(reader, lot)
        transaction.set_rollback(True)


def compare(reader, lot):
    """Ask one question of both."""
    by = lot.choice([[], *([one] for one in DIMENSIONS), *lot.choices(pairs(), k=20), *FILED])
    level, of = lot.choice(["", "1", "2"]) if "type" in by else "", lot.choice(["", "", "trucks"])
    sent = QueryDict(mutable=True)
    sent.update(lot.choice(FILTERS))
    request = RequestFactory().get("/")
    request.user = reader
    events = Event.objects.visible_to(reader)
    asked = EventFilters({**sent.dict(), **({"measure": of} if of else {})}, events, request=request)
    assert asked.is_valid(), asked.errors
    chosen = asked.qs
    admitted = EventFilters(admitting(sent), events, request=request).qs
    slow = slowly.statistics(reader, list(chosen), list(admitted), by, level, of)
    sent.update(
        {name: value for name, value in {"by": ",".join(by), "type_level": level, "measure": of}.items() if value}
    )
    question = Question.read(sent, asked.cleaned)
    told = slowly.as_told(statistics(question, reader, asked, admitted))
    assert told == slowly.as_told(counted(question, reader, chosen, admitted)), sent.urlencode()
    slow["apart"] = {kind: slow["apart"][kind] if told["apart"][kind] else None for kind in slow["apart"]}
    slow["apart_rows"] = {key: row for key, row in slow["apart_rows"].items() if row != nothing(row)}
    told["apart_rows"] = {key: row for key, row in told["apart_rows"].items() if row != nothing(row)}
    if of and by:
        slow["rows"] = {key: row for key, row in slow["rows"].items() if row != nothing(row)}
    for part in slow:
        assert differences(told[part], slow[part]) == {}, f"{part} of {sent.urlencode()}"


def nothing(row):
    """What a cell says in which there is nothing."""
    return {name: None if name in slowly.BOUNDS else 0 for name in row}


def pairs():
    """Two dimensions that can be asked for at once."""
    return [
        [one, other]
        for one in DIMENSIONS
        for other in DIMENSIONS
        if one != other and not (one.startswith("site") and other.startswith("site"))
    ]


def differences(told, slow):
    """Where two answers differ: what is told, and what the slow count says."""
    return {key: (told.get(key), slow.get(key)) for key in {*told, *slow} if told.get(key) != slow.get(key)}
