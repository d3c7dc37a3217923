"""Likely twins and judgements by REST: for those who work here; for everybody else there is nothing."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events.models import ActorJudgement, EventJudgement, SiteJudgement
from osint.base.judgements import judge
from sources.choices import Tlp
from sources.models import ReportJudgement
from tests import factories as make
from tests.rest import API, client, given, refused, rows

pytestmark = pytest.mark.django_db


def actor() -> Any:
    return make.make_actor(name_en="Tahrir Brigade", name_ar="")


def site() -> Any:
    return make.make_site(name_en="Qasrak", name_ar="", namesake_note="Another village.")


KINDS: list[tuple[str, Any, Any]] = [
    ("event", make.make_whole_event, EventJudgement),
    ("report", make.make_report, ReportJudgement),
    ("site", site, SiteJudgement),
    ("actor", actor, ActorJudgement),
]
each_kind = pytest.mark.parametrize(("kind", "make_one", "model"), KINDS, ids=[kind for kind, *_rest in KINDS])
# For a judgement it makes no difference what an event rests on.
BARE = [("event", make.make_event, EventJudgement), *KINDS[1:]]
each_bare_kind = pytest.mark.parametrize(("kind", "make_one", "model"), BARE, ids=[kind for kind, *_rest in BARE])


def identity(record: Any) -> str:
    return str(record.natural_key()[0])


def of(kind: str, record: Any) -> str:
    return f"{API}/{kind}s/{identity(record)}/twins/"


@each_kind
def test_twins_are_told_best_first_with_reasons_and_what_was_said(kind, make_one, model, alice):
    one, twin, apart = make_one(), make_one(), make_one()
    judge(one, twin, alice, "unsure", "Perhaps.")
    said = judge(one, apart, alice, "not_same", "A second one.")
    content = given(client(alice).get(of(kind, one)))
    likely = {row["record"].get("uuid") or row["record"]["slug"]: row for row in content["likely"]}
    row = likely[identity(twin)]
    assert row["score"] > 0
    assert row["reasons"]
    assert row["judgement"]["verdict"] == "unsure"
    (judged,) = content["judged"]
    assert (judged["record"].get("uuid") or judged["record"]["slug"]) == identity(apart)
    assert judged["judgement"] == {
        "uuid": str(said.uuid),
        "verdict": "not_same",
        "reason": "A second one.",
        "judged_by": "alice",
        "judged_at": said.changed_at.isoformat().replace("+00:00", "Z"),
    }


@each_kind
def test_twins_are_for_those_who_work_here(kind, make_one, model, alice, victor, settings):
    settings.PUBLIC_API = True
    one, _twin = make_one(), make_one()
    missing = of(kind, one).replace(identity(one), "6fa459ea-ee8a-4ca4-894e-db77e160355e")
    for reader, status in ((None, 401), (victor, 403)):
        answers = [client(reader).get(address) for address in (of(kind, one), missing)]
        assert [answer.status_code for answer in answers] == [status, status]
        assert answers[0].content == answers[1].content
    assert client(alice).get(missing).status_code == 404


@pytest.mark.parametrize("kind", ["event", "report"])
def test_twins_of_a_record_that_the_worker_does_not_see_are_missing(kind, alice):
    hidden = make.make_whole_event(tlp=Tlp.RED) if kind == "event" else make.make_report(tlp=Tlp.RED)
    assert client(alice).get(of(kind, hidden)).status_code == 404


def test_a_parameter_is_refused_by_name(alice):
    refused(client(alice).get(of("event", make.make_event()) + "?best=1"), "best")


def test_twins_cost_the_same_queries_at_one_and_at_ten(alice):
    one, door = make.make_whole_event(), client(alice)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            given(door.get(of("event", one)))
        return len(asked)

    make.make_whole_event()
    door.get(of("event", one))
    with_one = queries()
    for _number in range(9):
        make.make_whole_event()
    assert queries() == with_one


@each_bare_kind
def test_a_judgement_is_made_changed_found_and_withdrawn(kind, make_one, model, alice, edith):
    one, other = make_one(), make_one()
    address = f"{API}/{kind}-judgements/"
    pair = {"first": identity(other), "second": identity(one)}
    made = given(client(alice).post(address, pair | {"verdict": "unsure"}, format="json"), 201)
    assert (made["first"], made["second"]) == (identity(one), identity(other))
    assert (made["verdict"], made["reason"], made["judged_by"]) == ("unsure", "", "alice")
    own = f"{address}{made['uuid']}/"
    changed = given(client(edith).patch(own, {"verdict": "not_same", "reason": "Two."}, format="json"))
    assert (changed["verdict"], changed["reason"], changed["judged_by"]) == ("not_same", "Two.", "edith")
    for record in (one, other):
        for verdict, number in (("not_same", 1), ("same", 0)):
            found = given(client(alice).get(f"{address}?{kind}={identity(record)}&verdict={verdict}"))
            assert len(found["results"]) == number
    assert given(client(alice).get(f"{address}?{kind}={identity(make_one())}"))["results"] == []
    assert client(alice).delete(own).status_code == 204
    assert client(alice).get(own).status_code == 404


@each_bare_kind
def test_what_breaks_a_rule_is_refused_and_changes_nothing(kind, make_one, model, alice):
    one, other = make_one(), make_one()
    judge(one, other, alice, "same")
    address, door, before = f"{API}/{kind}-judgements/", client(alice), rows()
    pair = {"first": identity(one), "second": identity(other)}
    for sent, words in (
        (pair | {"verdict": "same"}, "There is a judgement on these two already"),
        (pair | {"verdict": "perhaps"}, "perhaps"),
        (pair | {"second": identity(one), "verdict": "same"}, "different"),
        (pair | {"verdict": "same", "judged_by": "edith"}, "word of whoever sends it"),
        ({"first": identity(one), "verdict": "same"}, "second"),
        (pair, "verdict"),
    ):
        refused(door.post(address, sent, format="json"), words)
    own = f"{address}{model.objects.get().uuid}/"
    refused(door.patch(own, {"second": identity(make_one())}, format="json"), "stays as it was")
    refused(door.patch(own, {"verdict": "unsure"}, format="json", version=None), status=428)
    refused(door.patch(own, {"verdict": "unsure"}, format="json", version=7), status=412)
    assert rows()[model.__name__] == before[model.__name__]


@each_bare_kind
def test_judgements_are_nothing_to_readers(kind, make_one, model, alice, victor, settings):
    settings.PUBLIC_API = True
    one, other = make_one(), make_one()
    address = f"{API}/{kind}-judgements/"
    pair = {"first": identity(one), "second": identity(other), "verdict": "same"}
    kept = judge(one, other, alice, "same")
    assert given(client().get(address))["results"] == []
    assert client().get(f"{address}{kept.uuid}/").status_code == 404
    for method in ("get", "post"):
        assert getattr(client(victor), method)(address, pair if method == "post" else None).status_code == 403
    for method in ("get", "put", "patch", "delete"):
        assert getattr(client(victor), method)(f"{address}{kept.uuid}/").status_code == 403
    for method in ("put", "patch", "delete"):
        assert getattr(client(), method)(f"{address}{kept.uuid}/").status_code == 401
    assert model.objects.get().verdict == "same"


@pytest.mark.parametrize(("kind", "make_one"), [("event", make.make_event), ("report", make.make_report)])
def test_a_hidden_record_is_judged_as_a_missing_one(kind, make_one, alice, edith):
    one, hidden = make_one(), make_one(tlp=Tlp.RED)
    missing, address, door = "6fa459ea-ee8a-4ca4-894e-db77e160355e", f"{API}/{kind}-judgements/", client(alice)
    said = [
        refused(door.post(address, {"first": identity(one), "second": other, "verdict": "same"}, format="json"))
        for other in (str(hidden.uuid), missing)
    ]
    assert said[0].replace(str(hidden.uuid), missing) == said[1]
    kept = judge(one, hidden, edith, "same")
    assert given(door.get(address))["results"] == []
    assert door.get(f"{address}{kept.uuid}/").status_code == 404


def test_an_event_is_named_by_its_reference_too(alice):
    one, other = make.make_event(), make.make_event()
    pair = {"first": one.reference, "second": other.reference, "verdict": "same"}
    given(client(alice).post(f"{API}/event-judgements/", pair, format="json"), 201)
    assert len(given(client(alice).get(f"{API}/event-judgements/?event={one.reference}"))["results"]) == 1


@each_bare_kind
def test_a_list_costs_the_same_queries_at_one_and_at_ten(kind, make_one, model, alice):
    door = client(alice)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            given(door.get(f"{API}/{kind}-judgements/"))
        return len(asked)

    judge(make_one(), make_one(), alice, "same")
    queries()
    with_one = queries()
    for _number in range(9):
        judge(make_one(), make_one(), alice, "same")
    assert queries() == with_one
