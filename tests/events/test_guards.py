"""Rules over several tables below the ORM: a tree holds no circle, and no report tells of what came after it."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import CharField

from events.models import Citation, Claim, Event, EventType, Site
from osint.base.fields import Line
from tests import factories as make
from tests.kit.past_the_orm import altered, execute, insert_copy, rows, update

pytestmark = pytest.mark.django_db

CIRCLE = "It cannot lie within itself or within something it holds."
TOO_LATE = "A report cannot tell of an event after its own publication."


@pytest.mark.parametrize("make_one", [make.make_site, make.make_event_type], ids=["site", "event type"])
class TestTrees:
    def test_a_node_cannot_lie_within_itself(self, make_one):
        node = make_one()
        with pytest.raises(IntegrityError, match=CIRCLE), transaction.atomic():
            update(node, parent_id=node.pk)

    def test_a_node_cannot_lie_within_its_descendant(self, make_one):
        top = make_one()
        bottom = make_one(parent=make_one(parent=top))
        with pytest.raises(IntegrityError, match=CIRCLE), transaction.atomic():
            update(top, parent_id=bottom.pk)

    def test_a_circle_cannot_be_closed_in_two_moves_that_leave_the_paths_behind(self, make_one):
        one, other = make_one(), make_one()
        update(one, parent_id=other.pk)
        with pytest.raises(IntegrityError, match=CIRCLE), transaction.atomic():
            update(other, parent_id=one.pk)

    def test_other_moves_are_free(self, make_one):
        one, other = make_one(), make_one()
        update(one, parent_id=other.pk)
        update(one, parent_id=None)
        update(other, parent_id=one.pk)


def test_an_event_cannot_move_behind_the_publication_of_its_report():
    citation = make.make_citation()
    with pytest.raises(IntegrityError, match=TOO_LATE), transaction.atomic():
        update(citation.event, earliest=date(2025, 11, 16), latest=date(2025, 11, 16))
    citation.event.when = "2025-11-16"
    with pytest.raises(ValidationError, match="after its report"):
        citation.event.full_clean()


def test_a_report_cannot_be_cited_for_what_came_after_it():
    citation = make.make_citation()
    early = make.make_report(published_on=date(2025, 11, 11))
    for write in (update, insert_copy):
        with pytest.raises(IntegrityError, match=TOO_LATE), transaction.atomic():
            write(citation, report_id=early.pk)
    citation.report = early
    with pytest.raises(ValidationError, match="after its report"):
        citation.full_clean()


def test_a_report_cannot_be_dated_before_what_it_tells():
    report = make.make_citation().report
    with pytest.raises(IntegrityError, match=TOO_LATE), transaction.atomic():
        update(report, published_on=date(2025, 11, 11))


def test_an_event_may_begin_on_the_day_of_publication():
    citation = make.make_citation()
    update(citation.event, earliest=date(2025, 11, 15), latest=date(2025, 11, 15))
    update(citation.report, published_on=date(2025, 11, 15))


def test_an_event_that_may_have_begun_before_publication_is_kept_whatever_its_end():
    citation = make.make_citation(event=make.make_event(when="2025-11"))
    assert (citation.event.latest, citation.report.published_on) == (date(2025, 11, 30), date(2025, 11, 15))


def test_an_undated_event_is_bound_by_nothing():
    assert make.make_citation(event=make.make_event(when="", when_phrase="")).pk


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize(
    ("model", "name", "field"),
    [
        (Site, "pcode", Line(max_length=21)),
        # Not a column from which the database works out another: PostgreSQL alters none of those.
        (Event, "when_phrase", Line(max_length=201)),
        (Event, "type_basis", CharField(max_length=11)),
        (Citation, "note", CharField(max_length=9_000)),
        (Claim, "quote", CharField(max_length=9_000)),
    ],
    ids=lambda value: getattr(value, "__name__", value if isinstance(value, str) else ""),
)
def test_the_triggers_survive_a_rebuild_of_the_table(model, name, field):
    claim, site = make.make_claim(), make.make_site()
    with altered(model, name, field):
        pass
    with pytest.raises(IntegrityError, match=TOO_LATE):
        update(claim.citation.event, earliest=date(2025, 11, 16), latest=date(2025, 11, 16))
    with pytest.raises(IntegrityError, match=CIRCLE):
        update(site, parent_id=site.pk)
    with pytest.raises(IntegrityError, match="word for word"):
        update(claim, quote=f"{claim.quote[:-1]}ى")


def test_every_trigger_of_ours_is_there():
    trees = {f"{model._meta.db_table}_no_circle" for model in (Site, EventType)}
    found = {name for (name,) in rows(TRIGGERS[connection.vendor])}
    expected = {"events_claim_verbatim_insert", "events_claim_verbatim_update", "sources_relay_verbatim_insert"}
    assert trees | expected <= found


TRIGGERS = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
}


class TestWhatWasPublished:
    @pytest.mark.parametrize("table", ["events_event", "events_citation", "events_claim"])
    def test_it_is_not_deleted_by_raw_sql(self, table):
        make.make_published_event()
        before = rows(f"SELECT id FROM {table}")
        with pytest.raises(IntegrityError, match="This was published, so it stays"), transaction.atomic():
            execute(f"DELETE FROM {table}")
        assert rows(f"SELECT id FROM {table}") == before

    @pytest.mark.parametrize("table", ["events_claim", "events_citation"])
    def test_a_drafts_evidence_is(self, table):
        make.make_whole_event()
        for gone in dict.fromkeys(["events_claim", table]):
            execute(f"DELETE FROM {gone}")
        assert rows(f"SELECT id FROM {table}") == []

    def test_a_correction_is_neither_deleted_nor_changed(self):
        correction = make.make_correction()
        for statement in ("DELETE FROM events_correction", "UPDATE events_correction SET reason = 'Another one.'"):
            with pytest.raises(IntegrityError, match="A correction is part of the record"), transaction.atomic():
                execute(statement)
        correction.refresh_from_db()
        assert correction.reason != "Another one."
