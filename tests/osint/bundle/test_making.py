"""New records out of values are what Django makes of them, and hold what is by itself as it has to be."""

import gc
from uuid import UUID, uuid4

import pytest
from django.db import models
from django.db.models.base import ModelState
from django.utils import timezone

from events.models import Claim, Event, Measure, Site
from osint.base.among import Among
from osint.base.garbage import SELDOM, seldom_looked_for
from osint.bundle import checking, landing, ordering
from osint.bundle.arrivals import Arrived
from osint.bundle.arriving import Arriving
from osint.bundle.contents import MODELS
from osint.bundle.entries import Entry, Kept
from osint.bundle.making import made
from osint.bundle.planning import plan
from osint.bundle.values import name_of
from sources.models import Relay, Report
from tests import factories as make


@pytest.mark.parametrize("model", [*MODELS, Arrived])
def test_a_record_is_what_django_makes_of_the_same_values(model):
    told = {"created_at": timezone.now(), "changed_at": timezone.now(), "uuid": uuid4()}
    told = {name: value for name, value in told.items() if name in {one.name for one in model._meta.concrete_fields}}
    ours, theirs = vars(made(model, told)), vars(model(**told))
    kinds = {name: value.__class__ for name, value in ours.items()}
    assert kinds == {name: value.__class__ for name, value in theirs.items()}
    same = set(ours) - {"_state", "made_at"}
    assert {name: ours[name] for name in same} == {name: theirs[name] for name in same}
    assert isinstance(ours["_state"], ModelState)
    assert made(model, told)._state.adding


def test_what_is_made_anew_each_time_is_made_anew():
    assert made(Claim, {}).uuid != made(Claim, {}).uuid
    assert made(Claim, {})._state is not made(Claim, {})._state


@pytest.mark.django_db
def test_a_record_that_is_named_is_at_hand():
    event, site = make.make_event(), make.make_site()
    placement = made(event.placements.model, {"event": event, "site_id": site.pk})
    assert (placement.event_id, placement.event, placement.site) == (event.pk, event, site)


def test_a_value_of_the_right_kind_is_asked_nothing_more_and_any_other_is():
    kinds = {column.name: checking.right_kind(column) for column in Event._meta.fields}
    assert (kinds["uuid"], kinds["is_aggregate"], kinds["status"], kinds["summary_en"]) == (UUID, bool, None, None)
    wrong = checking.wrong_columns(made(Event, {"is_aggregate": "perhaps", "summary_en": "a\0b", "type_basis": "gone"}))
    assert {"is_aggregate", "summary_en", "type_basis"} <= set(wrong)
    assert "kind" in checking.wrong_columns(made(Site, {"slug": "one", "kind": None}))


@pytest.mark.django_db
@pytest.mark.parametrize("model", MODELS)
def test_columns_of_which_nothing_was_said_are_checked_where_their_default_may_be_wrong(model):
    told = {"created_at": timezone.now(), "changed_at": timezone.now()}
    assert checking.wrong_columns(made(model, told), ()) == checking.wrong_columns(made(model, told))


def test_what_was_said_is_checked():
    wrong = made(Event, {"summary_en": "a\0b"})
    assert "summary_en" in checking.wrong_columns(wrong, ("summary_en",))
    assert "summary_en" not in checking.wrong_columns(wrong, ("summary_ar",))


@pytest.mark.parametrize("model", MODELS)
def test_what_travels_is_read_as_its_column_reads_it(model):
    for name, (attname, other, read) in landing.ways(model).items():
        column = model._meta.get_field(name)
        assert (attname, other) == (column.attname, column.related_model)
        if read is None and not isinstance(column, models.JSONField):
            right = {models.BooleanField: True, models.FloatField: 0.5, models.IntegerField: 3}
            value = next((told for kind, told in right.items() if isinstance(column, kind)), "2025")
            assert column.to_python(value) is value


def test_wholes_wait_for_those_that_their_records_name_but_for_their_own():
    assert ordering.beside(Claim) == ()
    assert ordering.beside(Event) == ("part_of",)
    assert set(ordering.beside(Relay)) == {"relayed_report"}
    assert set(ordering.beside(Report)) == {"updates"}


@pytest.mark.django_db
def test_many_are_asked_for_at_once_by_key_slug_or_uuid():
    events, odd = [make.make_event() for _ in range(2)], ['a{b}",c', "d'e\\f"]
    site = make.make_site(slug="by-the-river")
    assert set(Event.objects.filter(Among("pk", [one.pk for one in events]))) == set(events)
    assert set(Event.objects.filter(Among("uuid", [str(events[0].uuid)]))) == {events[0]}
    assert set(Site.objects.filter(Among("slug", [site.slug, *odd]))) == {site}
    assert not Site.objects.filter(Among("slug", [])).exists()


def test_a_uuid_is_written_in_one_way():
    one = uuid4()
    assert {name_of(Event, text) for text in (str(one), one.hex, f"{{{one}}}".upper())} == {str(one)}
    assert name_of(Site, "AB-C") == "AB-C"


@pytest.mark.django_db
@pytest.mark.parametrize("many", [list, Kept])
def test_steps_hold_no_values_when_all_is_done(many):
    entry = Entry(Measure, ("killed-elsewhere",), {"name_en": "killed", "unit": "person"}, "entry 1")
    found = plan(many([entry]), Arriving())
    (step,) = found.steps
    assert (found.counts, step.held, step.differences, step.problems) == ({"new": 1}, {}, (), ())
    found.let_go()
    assert found.steps == []


def test_garbage_is_looked_for_as_before_when_all_is_done():
    before = gc.get_threshold()
    with seldom_looked_for():
        assert gc.get_threshold() == SELDOM
    assert gc.get_threshold() == before
