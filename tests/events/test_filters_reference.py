"""The list of events answers as the slow reference does, whatever is asked and whoever asks, on both databases.

ISNAD_DRILL=3000 puts so many of them by REST, and writes the answers down where ISNAD_ANSWERS says.
"""

import json
import os
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import AnonymousUser, Group, User
from django.core.exceptions import ValidationError
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rest_framework.exceptions import ValidationError as Refused

from events import finding, search
from events.filters import EventFilters
from events.models import Event
from osint.base.filters import check_parameters
from tests.kit.questions import NAMES, NEEDS, NO_TEXT, World, drawn, is_refused, together, values
from tests.kit.reference import SEES, Question
from tests.kit.sought import Seeking
from tests.rest import API, client

EVENTS = f"{API}/events/"
Answer = tuple[int, list[str]]
DRILL = int(os.environ.get("ISNAD_DRILL", "0"))  # how many questions of each kind
LONG_OR_SHORT = settings(
    max_examples=DRILL or 100,
    deadline=None,
    derandomize=not DRILL,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def readers(settings: Any, db: Any) -> dict[str, tuple[User | None, Seeking]]:
    """Somebody of every group and nobody at all, each with what they may see."""
    settings.PUBLIC_API = True
    people: dict[str, User | None] = {}
    for group in SEES:
        people[group] = User.objects.create_user(f"one-{group}") if group != "nobody" else None
        if people[group]:
            people[group].groups.add(Group.objects.get(name=group))  # type: ignore[union-attr]
    World(Random(5), 50, [user for user in people.values() if user])
    return {group: (user, Seeking(group, user)) for group, user in people.items()}


def by_rest(user: User | None, question: Question) -> Answer:
    """The status, and the events by UUID in order, as the REST door gives them."""
    given = client(user).get(EVENTS, question | {"page_size": "500"})
    return given.status_code, [row["uuid"] for row in given.json()["results"]] if given.status_code == 200 else []


def directly(user: User | None, question: Question) -> Answer:
    """The same without the door, which takes most of the time: as the filters find them, and as pages read them."""
    sent, reader = QueryDict(urlencode(question)), user or AnonymousUser()
    try:
        check_parameters(sent, EventFilters.base_filters)
    except Refused:
        return 400, []
    filterset = EventFilters(sent, request=SimpleNamespace(user=reader))
    if not filterset.is_valid():
        return 400, []
    try:
        found: Any = finding.found(filterset, reader)
    except ValidationError:  # words that are too many
        return 400, []
    plain = [str(uuid) for uuid in found.values_list("uuid", flat=True)]
    if (parts := finding.parts_of(found)) != [found]:
        read = [pair for part in parts for pair in part.values_list("newest", "uuid")]
        read.sort(reverse=question.get("ordering") != "oldest")
        assert [str(uuid) for _newest, uuid in read] == plain
    return 200, plain


answer = by_rest if DRILL else directly


def expected(reference: Seeking, question: Question) -> Answer:
    """The same by the reference."""
    return (400, []) if is_refused(question) else (200, reference.answer(question))


@st.composite
def questions(draw: st.DrawFn) -> Question:
    """A question of one to four parameters; few values are wrong."""
    found = {}
    for name in draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=4, unique=True)):
        right, wrong = values(name)
        found[name] = draw(st.sampled_from(wrong if draw(st.integers(0, 9)) == 9 else right))
    return together(found)


def test_the_list_answers_as_the_reference_does(readers):
    @LONG_OR_SHORT
    @given(group=st.sampled_from(sorted(SEES)), question=questions())
    def ask(group: str, question: Question) -> None:
        user, reference = readers[group]
        assert answer(user, question) == expected(reference, question)

    ask()


def test_each_parameter_alone_answers_as_the_reference_does(readers):
    lot, unanswered = Random(7), []
    for name in NAMES:
        right, wrong = values(name)
        # Of what needs others with several of them.
        draws = range(5 if name in NEEDS else 1)
        told = [asked_alone(readers, together({name: text}, draw), lot) for text in right for draw in draws]
        if not any(told):
            unanswered.append(name)
        for text in [*wrong, *NO_TEXT]:
            assert directly(None, together({name: text}))[0] == 400, (name, text)
    assert not unanswered, f"no event answers {unanswered}: the world has none of it"


def asked_alone(readers: Any, question: Question, lot: Random) -> list[str]:
    """What a reader drawn by lot is told, which is compared."""
    user, reference = readers[lot.choice(sorted(SEES))]
    told = answer(user, question)
    assert told == expected(reference, question), question
    return told[1]


def test_the_rest_door_answers_so_too(readers):
    lot = Random(13)
    for user, reference in readers.values():
        for _number in range(6):
            question = drawn(lot)
            assert by_rest(user, question) == expected(reference, question), question


@pytest.mark.parametrize("many", [0, 3])
def test_words_that_are_common_answer_so_too(readers, monkeypatch, many):
    """What many texts say is looked for event by event."""
    monkeypatch.setattr(search, "MANY", many)
    lot = Random(17)
    for text in values("q")[0]:
        user, reference = readers[lot.choice(sorted(SEES))]
        question = {"q": text, "ordering": lot.choice(["newest", "relevance"])}
        assert answer(user, question) == expected(reference, question), question


def test_every_parameter_is_asked(db):
    assert set(NAMES) == set(EventFilters.base_filters)


@pytest.mark.drill("ISNAD_DRILL")
def test_the_answers_are_written_down(readers):
    stored = Event.objects.order_by("pk").values_list("uuid", flat=True)
    lot, numbers, written = Random(11), {str(uuid): number for number, uuid in enumerate(stored)}, []
    for _number in range(DRILL):
        group, question = lot.choice(sorted(SEES)), drawn(lot)
        status, found = answer(readers[group][0], question)
        shown = {name: text for name, text in question.items() if name.rstrip("!") not in {"report", "part_of"}}
        written.append([group, shown, status, [numbers[uuid] for uuid in found]])
    Path(os.environ["ISNAD_ANSWERS"]).write_text("".join(f"{json.dumps(one)}\n" for one in written))
