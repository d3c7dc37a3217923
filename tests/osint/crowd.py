"""Eight people at work at once, each in a process of her own, and what each was told that she had done."""

import json
import multiprocessing
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.db import connections
from django.test import Client
from django.urls import reverse

from events.models import Citation, Event
from tests import rest
from tests.kit.forms import again, errors, filled

MOST_ATTEMPTS = 1_000


@dataclass
class Told:
    """What the eight were told: changes that were made (event, mark), refusals by kind, and troubles."""

    done: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    refused: Counter[str] = field(default_factory=Counter)
    troubles: list[str] = field(default_factory=list)
    seconds: float = 0.0


@dataclass
class Person:
    """One of them, at her doors."""

    name: str
    desk: Client
    door: rest.Client
    done: list[tuple[int, str]] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)

    def send(self, url: str, data: dict[str, Any], retry: Callable[[Any], dict[str, Any]] | None = None) -> None:
        """Send the form; on the conflict page, choose and send again until it is saved."""
        for _attempt in range(MOST_ATTEMPTS):
            answer = self.desk.post(url, data)
            if answer.status_code == 302:
                return
            assert answer.context["conflict"] is not None, errors(answer)
            self.refused["conflict page"] += 1
            data = retry(answer) if retry else again(answer, **mine(answer))
        raise AssertionError("refused too often")

    def patch(self, pk: int, change: Callable[[Any], dict[str, Any]]) -> None:
        """Change what REST shows; when it is stale, read it again."""
        url = address(pk)
        for _attempt in range(MOST_ATTEMPTS):
            shown = self.door.get(url)
            answer = self.door.patch(url, change(shown.json()), version=shown.headers["ETag"])
            if answer.status_code == 200:
                return
            assert answer.status_code == 412, answer.content.decode()
            self.refused["412"] += 1
        raise AssertionError("refused too often")


def address(pk: int) -> str:
    """The event's address in the API."""
    return f"{rest.API}/events/{Event.objects.values_list('uuid', flat=True).get(pk=pk)}/"


def form(pk: int) -> str:
    """The event's form."""
    return reverse("admin:events_event_change", args=[pk])


def mine(answer: Any) -> dict[str, str]:
    """Choices: what was typed stays."""
    return {f"choice__{item.name}": "mine" for item in answer.context["conflict"].choices}


# What each of them does, once


def sums_up(who: Person, pk: int, mark: str) -> None:
    """REST: the summary."""
    who.patch(pk, lambda _shown: {"summary_en": mark})


def counts_on(who: Person, pk: int, _mark: str) -> None:
    """REST: one more; but first with an old version, then with none."""
    shown = who.door.get(address(pk))
    stale = shown.json()["version"] - 1
    for version, refusal in ((stale, 412), (None, 428), ("*", 428)):
        answer = who.door.patch(address(pk), {"summary_en": "lost"}, version=version)
        assert answer.status_code == refusal, answer.content.decode()
        who.refused[str(refusal)] += 1
    who.patch(pk, lambda event: {"counts": [row | {"best": row["best"] + 1} for row in event["counts"]]})


def translates(who: Person, pk: int, mark: str) -> None:
    """The event's form: the Arabic summary."""
    who.send(form(pk), filled(who.desk, form(pk), summary_ar=mark))


def adds_one(who: Person, pk: int, _mark: str) -> None:
    """The event's form: one more."""
    data = filled(who.desk, form(pk))

    def one_more(answer: Any) -> dict[str, Any]:
        """What the others have stored, and one."""
        page = again(answer, **mine(answer))
        theirs = {item.name: item.theirs for item in answer.context["conflict"].items}
        return page | {"counts-0-best": int(theirs.get("counts-0-best", page["counts-0-best"])) + 1}

    who.send(form(pk), data | {"counts-0-best": int(data["counts-0-best"]) + 1}, one_more)


def forgets_the_version(who: Person, pk: int, mark: str) -> None:
    """The event's form, sent without a version: never saved at once."""
    data = filled(who.desk, form(pk), placements__0__reason=mark)
    del data["version"]
    refused = who.desk.post(form(pk), data)
    assert refused.status_code == 200
    who.refused["no version"] += 1
    theirs = {f"choice__{item.name}": "theirs" for item in refused.context["conflict"].choices}
    who.send(form(pk), again(refused, **(theirs | {"choice__placements-0-reason": "mine"})))


def comes_late(who: Person, pk: int, mark: str) -> None:
    """The event's form, opened before another change of her own: never saved at once."""
    early = filled(who.desk, form(pk), involvements__0__reason=mark)
    who.send(form(pk), filled(who.desk, form(pk), involvements__0__reason=""))
    who.send(form(pk), early | {"version": early["version"]})


def annotates(who: Person, pk: int, mark: str) -> None:
    """The citation's form: a note."""
    url = reverse("admin:events_citation_change", args=[Citation.objects.get(event=pk).pk])
    who.send(url, filled(who.desk, url, note=mark))


def moves(who: Person, pk: int, mark: str) -> None:
    """The list's actions, with all three: in for review, and back with a note."""
    url = reverse("admin:events_event_changelist")
    every = list(Event.objects.values_list("pk", flat=True))
    if pk != min(every):
        return
    for action, words in (("submit_listed", ""), ("send_back_listed", mark)):
        answer = who.desk.post(url, {"action": action, "words": words, "_selected_action": every}, follow=True)
        assert f"Done with {len(every)} events." in answer.content.decode(), list(map(str, answer.context["messages"]))


Work = Callable[[Person, int, str], None]
PEOPLE: list[tuple[str, str, Work]] = [
    ("amal", "Analyst", sums_up),
    ("basil", "Analyst", counts_on),
    ("celine", "Analyst", translates),
    ("dalia", "Analyst", adds_one),
    ("emad", "Analyst", forgets_the_version),
    ("farah", "Analyst", comes_late),
    ("ghada", "Analyst", annotates),
    ("hani", "Editor", moves),
]
NAMES = [name for name, _group, _work in PEOPLE]
COUNTERS = {"basil", "dalia"}
# What each may have changed: fields by the kind of record; of a claim, what follows the fact that it states.
TOUCHES = {
    "amal": {"events.event.summary_en"},
    "basil": {"events.count.best"},
    "celine": {"events.event.summary_ar"},
    "dalia": {"events.count.best", "events.claim.best"},
    "emad": {"events.placement.reason"},
    "farah": {"events.involvement.reason"},
    "ghada": {"events.citation.note"},
    "hani": {"events.event.status", "events.event.is_sent_back"}
    | {f"events.comment.{name}" for name in ("uuid", "event", "text", "move", "created_at", "created_by")},
}


# All of them at once


def work(keys: list[int], times: int, folder: Path) -> Told:
    """Let everybody change each of these events so many times, and gather what they were told."""
    began = time.monotonic()
    fork = multiprocessing.get_context("fork")
    processes = [fork.Process(target=live, args=(name, job, keys, times, folder)) for name, _group, job in PEOPLE]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    return gathered(folder, time.monotonic() - began)


def live(name: str, job: Work, keys: list[int], times: int, folder: Path) -> None:
    """What one process does."""
    told: dict[str, Any] = {}
    forget_inherited()
    try:
        user = User.objects.get(username=name)
        who = Person(name, Client(), rest.client(user))
        who.desk.force_login(user)
        for number in range(times):
            for pk in keys:
                mark = f"mark {name} {number}"
                job(who, pk, mark)
                who.done.append((pk, mark))
        told = {"done": who.done, "refused": who.refused}
    except BaseException:  # whatever it is, the test shall show it
        told = {"done": [], "refused": {}, "trouble": traceback.format_exc()}
    finally:
        connections.close_all()
        (folder / f"{name}.json").write_text(json.dumps(told))


def forget_inherited() -> None:
    """Leave the parent's connections alone, without closing them.

    Those that the parent can see are closed before the fork. But a thread in which a browser's event loop runs keeps
    its connections apart (asgiref's Local), so after a browser test there are others, which only the child sees.
    """
    for connection in connections.all(initialized_only=True):
        del connections[connection.alias]


def gathered(folder: Path, seconds: float) -> Told:
    """What all of them were told."""
    told = Told(seconds=seconds)
    for name in NAMES:
        read = json.loads((folder / f"{name}.json").read_text())
        told.done[name] = pairs(read["done"])
        told.refused.update(read["refused"])
        told.troubles += [f"{name}: {read['trouble']}"] if "trouble" in read else []
    return told


def pairs(rows: Iterable[Any]) -> list[tuple[int, str]]:
    """Lists of JSON as pairs."""
    return [(int(pk), str(mark)) for pk, mark in rows]
