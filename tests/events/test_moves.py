"""Who may make which move from which status, through every door: one table, of which no door may know more or less."""

import inspect
from collections.abc import Iterator
from itertools import product
from typing import Any, NamedTuple

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.contrib.messages import get_messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse

from events import workflow
from events.admin.review import FORMS
from events.choices import Status
from events.models import Event, EventType, Site
from osint.api import router
from osint.history import recording
from sources.models import Report
from tests import factories as make
from tests.kit.undoing import undone
from tests.rest import API, client

pytestmark = pytest.mark.django_db

GROUPS = ["Viewer", "Analyst", "Editor", "Administrator"]
EDITORS = {"Editor", "Administrator"}
WORKERS = EDITORS | {"Analyst"}


class Row(NamedTuple):
    """From which statuses, to which one (or none), by whom, and whether it takes somebody else's eyes too."""

    sources: set[str]
    target: str | None
    people: set[str]
    four_eyes: bool = False


TABLE = {
    "submit": Row({"draft"}, "submitted", WORKERS),
    "send_back": Row({"submitted"}, "draft", EDITORS),
    "publish": Row({"draft", "submitted"}, "published", EDITORS, four_eyes=True),
    "retract": Row({"published"}, "retracted", EDITORS, four_eyes=True),
    "merge": Row({"draft", "submitted", "published", "retracted"}, "merged", EDITORS, four_eyes=True),
    "unmerge": Row({"merged"}, "published", EDITORS),
    "assign": Row({"draft", "submitted", "published"}, None, WORKERS),
    "comment": Row({"draft", "submitted", "published", "retracted", "merged"}, None, WORKERS),
}


def expected(action: str, status: str, group: str, is_author: bool) -> str:
    row = TABLE[action]
    if group not in row.people or (row.four_eyes and is_author):
        return "not this person"
    return "done" if status in row.sources else "not from here"


def in_status(status: str, author: User, publisher: User) -> Event:
    """An event that this person alone has entered, and others have moved to where it stands."""
    event = entered_by(author)
    if status == "submitted":
        return workflow.submit(event, publisher)
    if status in {"published", "retracted", "merged"}:
        event = workflow.publish(event, publisher)
    if status == "retracted":
        return workflow.retract(event, publisher, "A video from 2019.")
    if status == "merged":
        return workflow.merge(
            event, publisher, Event.objects.filter(status="published").exclude(pk=event.pk)[0], "One."
        )
    return event


def entered_by(author: User) -> Event:
    """An event that could be published, with as few rows as will do."""
    judged = {"basis": "inferred", "reason": "So the map says."}
    own = {
        "type_basis": "inferred",
        "type_reason": "By its size.",
        "when_basis": "inferred",
        "when_reason": "By its day.",
    }
    with recording.change(author):
        event = make.make_event(type=make.known(EventType, make.make_event_type, "convoy"), **own)
        make.make_placement(event=event, site=make.known(Site, make.make_site, "bridge"), **judged)
        make.make_citation(event=event, report=Report.objects.first() or make.make_report())
    return Event.objects.get(pk=event.pk)


def target(publisher: User) -> Event:
    """A published event to merge into."""
    return workflow.publish(entered_by(make.make_user("somebody")), publisher)


def told(action: str, by: User, other: Event | None) -> dict[str, Any]:
    """What the workflow is told along with the move."""
    told: dict[str, dict[str, Any]] = {
        "send_back": {"note": "The day is missing."},
        "retract": {"reason": "A video from 2019."},
        "merge": {"into": other, "reason": "One convoy."},
        "unmerge": {"reason": "Two convoys."},
        "assign": {"to": by},
        "comment": {"text": "Which bridge?"},
    }
    return told.get(action, {})


# The doors: each makes the move and says how it went


def by_workflow(action: str, event: Event, by: Any, other: Event | None) -> str:
    try:
        getattr(workflow, action)(event, by, **told(action, by, other))
    except PermissionDenied:
        return "not this person"
    except ValidationError as error:
        return "not from here" if error.code == "status" else str(error.messages)
    return "done"


def by_rest(action: str, event: Event, by: User, other: Event | None) -> str:
    values = {
        name: str(value.uuid) if isinstance(value, Event) else str(value)
        for name, value in told(action, by, other).items()
    }
    door = client(by)
    if action == "comment":
        answer = door.post(f"{API}/comments/", values | {"event": str(event.uuid)}, format="json")
    else:
        url = reverse(f"event-{action.replace('_', '-')}", args=[event.uuid])
        answer = door.post(url, values, format="json", version=event.version)
    hidden = not Event.objects.visible_to(by).filter(pk=event.pk).exists() and action != "comment"
    if answer.status_code in {403, 404}:
        assert (answer.status_code == 404) is hidden
        return "not this person"
    assert answer.status_code in {200, 201, 409}, answer.content.decode()
    return "not from here" if answer.status_code == 409 else "done"


def by_button(action: str, event: Event, by: User, other: Event | None) -> str:
    values = {
        name: str(value.pk) if isinstance(value, Event) else str(value)
        for name, value in told(action, by, other).items()
    }
    desk = Client()
    desk.force_login(by)
    answer = desk.post(
        reverse("admin:events_event_move", args=[event.pk, action]), values | {"version": str(event.version)}
    )
    if answer.status_code == 403 or reverse("admin:login") in answer.get("Location", ""):
        return "not this person"
    assert answer.status_code == 302
    (message,) = get_messages(answer.wsgi_request)
    if message.level_tag == "success":
        return "done"
    return "not this person" if "Nobody but you" in message.message else "not from here"


DOORS = {"workflow": by_workflow, "rest": by_rest, "admin": by_button}


class Case(NamedTuple):
    """Who tries the move of an event that is theirs alone, or a colleague's alone; and through which door."""

    door: str
    action: str
    group: str
    is_author: bool


CASES = [Case(*one) for one in product(DOORS, TABLE, GROUPS, (True, False))]


def goes_wrong(case: Case, status: str, by: User, event: Event, other: Event) -> Iterator[Any]:
    """What is not as the table has it."""
    wanted = expected(case.action, status, case.group, case.is_author)
    if (case.action in workflow.possible(event, by)) is not (wanted == "done"):
        yield "offered, or not"
    if (answer := DOORS[case.door](case.action, event, by, other)) != wanted:
        yield answer, "instead of", wanted
    now = Event.objects.get(pk=event.pk)
    if now.status != ((TABLE[case.action].target if wanted == "done" else None) or status):
        yield "is now", now.status
    if wanted != "done" and now.version != event.version:
        yield "touched"


@pytest.mark.one_engine
@pytest.mark.parametrize("status", Status.values)
def test_each_move_is_open_to_its_people_from_its_statuses_through_every_door(status, settings):
    settings.FOUR_EYES = True
    publisher = make.make_user("publisher", "Editor")
    other = target(publisher)
    authors = {group: make.make_user(f"{group}-author", group) for group in GROUPS}
    colleagues = {group: make.make_user(f"{group}-colleague", group) for group in GROUPS}
    events = {group: in_status(status, author, publisher) for group, author in authors.items()}
    wrong = []
    for case in CASES:
        # As they come from the database: nothing is known of them from the case before.
        by = User.objects.get(pk=(authors if case.is_author else colleagues)[case.group].pk)
        event = Event.objects.get(pk=events[case.group].pk)
        with undone(case):
            wrong += [(case, found) for found in goes_wrong(case, status, by, event, other)]
    assert not wrong, "\n".join(map(str, wrong))


@pytest.mark.parametrize("action", TABLE)
def test_nobody_without_an_account_makes_a_move(action):
    publisher = make.make_user("publisher", "Editor")
    other = target(publisher)
    event = in_status("merged" if action == "unmerge" else "draft", make.make_user("author"), publisher)
    assert workflow.possible(event, AnonymousUser()) == []
    assert by_workflow(action, event, AnonymousUser(), other) == "not this person"
    assert client().post(f"{API}/events/{event.uuid}/{action.replace('_', '-')}/").status_code in {401, 404}
    answer = Client().post(reverse("admin:events_event_move", args=[event.pk, action]))
    assert answer["Location"].startswith(reverse("admin:login"))


# No door knows a move that is not in the table


def test_the_table_has_every_status_and_every_move_of_the_workflow():
    assert set().union(*(row.sources for row in TABLE.values())) == set(Status.values)
    assert set(TABLE) == set(workflow.MOVES)


def test_every_function_of_the_workflow_that_acts_on_an_event_is_in_the_table():
    asking = {"possible", "is_alone", "changing"}
    functions = {name: getattr(workflow, name) for name in workflow.__all__}
    acting = {
        name
        for name, function in functions.items()
        if inspect.isfunction(function) and list(inspect.signature(function).parameters)[:2] == ["event", "by"]
    }
    assert acting - asking == set(TABLE)


def test_every_address_of_an_event_in_the_api_is_in_the_table():
    urls: list[Any] = router.urls
    named = {str(url.name) for url in urls if str(url.name).startswith("event-")}
    plain = {"event-list", "event-detail", "event-bulk"} | {name for name in named if name.startswith("event-type-")}
    posted = {"event-eventtype"} | {
        str(url.name)
        for url in urls
        if str(url.name) in named - plain and "post" in getattr(url.callback, "actions", {})
    }
    actions = {f"event-{action.replace('_', '-')}" for action in TABLE if action != "comment"}
    assert posted - {"event-eventtype"} == actions


def test_every_move_of_the_admin_is_in_the_table():
    assert set(FORMS) == set(TABLE)


class TestFourEyes:
    @pytest.mark.parametrize("action", ["publish", "merge"])
    def test_where_the_setting_is_off_one_person_does_it_alone(self, settings, edith, action):
        settings.FOUR_EYES = False
        event = in_status("draft", edith, edith)
        assert action in workflow.possible(event, edith)
        assert by_workflow(action, event, edith, make.make_published_event()) == "done"

    def test_one_word_of_somebody_else_is_enough(self, settings, edith, alice):
        settings.FOUR_EYES = True
        event = in_status("draft", edith, edith)
        with workflow.changing(event, alice):
            event.placements.update(reason="So the other map says too.")
        assert by_workflow("assign", event, edith, None) == "done"
        assert not workflow.is_alone(event, edith)

    def test_moves_and_comments_of_others_are_no_second_look(self, settings, edith, alice):
        settings.FOUR_EYES = True
        event = in_status("draft", edith, edith)
        workflow.comment(event, alice, "Fine with me.")
        workflow.assign(event, alice, alice)
        workflow.submit(event, alice)
        with pytest.raises(workflow.Alone, match="Nobody but you"):
            workflow.publish(event, edith)

    def test_what_was_imported_is_somebody_elses(self, settings, edith):
        settings.FOUR_EYES = True
        event = make.make_whole_event()
        assert workflow.publish(event, edith).status == "published"

    def test_what_is_entered_and_published_at_once_was_seen_by_nobody_else(self, settings, edith):
        settings.FOUR_EYES = True
        with pytest.raises(workflow.Alone), recording.change(edith):
            workflow.publish(make.make_whole_event(), edith)
        assert workflow.is_alone(Event(), edith)
