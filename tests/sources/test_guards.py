"""Promise 1 below the ORM: under raw SQL a quote is verbatim, and a quoted text stays."""

import pytest
from django.core.exceptions import ValidationError
from django.core.management.sql import emit_pre_migrate_signal
from django.db import DatabaseError, IntegrityError, connection, transaction

from osint.base import guards
from osint.base.fields import Line
from sources.models import Report
from tests import factories as make
from tests.kit.past_the_orm import altered, execute, insert_copy, rows, update

pytestmark = pytest.mark.django_db

NOT_VERBATIM = "The quote is not in the report word for word at its place."
FROZEN = "This report is quoted, so its text stays."


@pytest.mark.parametrize("make_one", [make.make_relay, make.make_claim], ids=["relay", "claim"])
class TestQuotes:
    def test_a_quote_one_letter_off_is_refused(self, make_one):
        record = make_one()
        with pytest.raises(IntegrityError, match=NOT_VERBATIM), transaction.atomic():
            update(record, quote=record.quote[:-1] + "ى")

    def test_a_new_row_with_a_quote_one_letter_off_is_refused(self, make_one):
        record = make_one()
        with pytest.raises(IntegrityError, match=NOT_VERBATIM), transaction.atomic():
            insert_copy(record, quote="ى" + record.quote[1:], **other_words(record))

    def test_a_quote_at_another_place_is_refused(self, make_one):
        record = make_one()
        with pytest.raises(IntegrityError, match=NOT_VERBATIM), transaction.atomic():
            update(record, start=record.start + 1, end=record.end + 1)

    @pytest.mark.parametrize(("start", "end"), [(5, 2), (5, 5), (-3, 4), (10**6, 10**6 + 3), (None, None)])
    def test_a_place_outside_the_text_is_refused(self, make_one, start, end):
        record = make_one()
        with pytest.raises(DatabaseError), transaction.atomic():
            update(record, start=start, end=end)

    def test_a_quote_with_its_true_place_is_kept(self, make_one):
        record = make_one()
        update(record, quote=record.quote[1:], start=record.start + 1)
        record.refresh_from_db()
        record.full_clean()

    def test_places_count_letters_not_bytes_also_beyond_the_basic_plane(self, make_one):
        record = make_one()
        text = f"𐤀𝄞 {record.quote} é"
        report = make.make_report(text=text)
        other = make_one(**same_kind(record, report, text))
        assert (other.start, other.end) == (3, 3 + len(record.quote))
        assert text[other.start : other.end] == record.quote

    def test_the_text_of_a_quoted_report_stays(self, make_one):
        report = report_of(make_one())
        with pytest.raises(IntegrityError, match=FROZEN), transaction.atomic():
            update(report, text=report.text + " ")
        report.text += " "
        with pytest.raises(ValidationError, match=FROZEN):
            report.full_clean()

    def test_the_rest_of_a_quoted_report_may_change(self, make_one):
        report = report_of(make_one())
        update(report, title="عنوان أدق")
        report.refresh_from_db()
        report.note = "Checked again."
        report.full_clean()
        report.save()


def report_of(record):
    return record.report if hasattr(record, "report") else record.citation.report


def other_words(record):
    """What a copy of the record says of somebody else: it may be said once only."""
    return {"relayed_source_id": make.make_source().pk} if hasattr(record, "relayed_source") else {}


def same_kind(record, report, text):
    """What makes a record like this one from another report."""
    quote = {"quote": record.quote}
    return quote | (
        {"report": report} if hasattr(record, "report") else {"citation": make.make_citation(report=report)}
    )


def test_an_unquoted_text_may_change():
    report = make.make_report()
    update(report, text="نص آخر")
    report.refresh_from_db()
    assert report.text == "نص آخر"


def test_a_relay_without_words_does_not_hold_the_text():
    relay = make.make_relay(quote="")
    update(relay.report, text="نص آخر")
    assert rows("SELECT text FROM sources_report WHERE id = %s", [relay.report_id]) == [("نص آخر",)]


def test_a_citation_with_quotes_cannot_turn_to_a_report_without_the_words():
    claim = make.make_claim()
    same_text, other = make.make_report(), make.make_report(text="تقرير عن أمر آخر")
    with pytest.raises(IntegrityError, match="Claims quote this report"), transaction.atomic():
        update(claim.citation, report_id=other.pk)
    claim.citation.report = other
    with pytest.raises(ValidationError, match="Claims quote this report"):
        claim.citation.full_clean()
    update(claim.citation, report_id=same_text.pk)


def test_making_the_triggers_twice_changes_nothing():
    relay = make.make_relay()
    guards.make(guards.GUARDS, connection)
    with pytest.raises(IntegrityError, match=NOT_VERBATIM), transaction.atomic():
        update(relay, quote="كلمات لم يقلها أحد")


def test_every_sentence_is_safe_inside_sql():
    awkward = guards.Guard("awkward", "sources_source", "INSERT", "NEW.slug = 'no''body'", 'It isn\'t "so".')
    guards.make([awkward], connection)
    with pytest.raises(IntegrityError, match="It isn't"), transaction.atomic():
        insert_copy(make.make_source(), slug="no'body")
    execute("DROP TRIGGER awkward" + (" ON sources_source" if connection.vendor == "postgresql" else ""))


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_the_triggers_survive_a_rebuild_of_the_table():
    """Django alters a column on SQLite by making the table anew, without its triggers."""
    relay = make.make_relay()
    with altered(Report, "title", Line(max_length=501)), pytest.raises(IntegrityError, match=FROZEN):
        update(relay.report, text="نص آخر")
    with pytest.raises(IntegrityError, match=FROZEN):
        update(relay.report, text="نص آخر")


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_column_that_a_trigger_watches_can_be_altered():
    relay = make.make_relay()
    with altered(Report, "text", Line(max_length=5_000)), pytest.raises(IntegrityError, match=FROZEN):
        update(relay.report, text="نص آخر")


def test_the_triggers_stay_while_no_migration_waits():
    relay = make.make_relay()
    emit_pre_migrate_signal(0, interactive=False, db="default", plan=[])
    with pytest.raises(IntegrityError, match=FROZEN), transaction.atomic():
        update(relay.report, text="نص آخر")
