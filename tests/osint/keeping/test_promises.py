"""Every promise is broken past all doors, and named with its address; a demo that nobody has touched breaks none."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import CheckConstraint
from django.utils import timezone

from events import workflow
from events.models import Citation, Claim, Correction, Count, Document, Event, Placement
from osint.base import guards
from osint.base.record import together
from osint.bundle import applying, arriving, keys, planning
from osint.bundle.arrivals import IMPORT_DOOR
from osint.bundle.entries import Entry as Incoming
from osint.bundle.models import Arrival, Arrived, Key
from osint.history import recording
from osint.history.models import Entry, Value
from osint.history.recording import recorded_models
from osint.keeping import promises
from sources.models import Attachment, Relay, Report
from tests import factories as make
from tests.kit.past_the_orm import execute, update

FORM = "/admin/events/event/{}/change/"


@pytest.fixture
def unguarded(lived):
    """The published event, with the triggers out of the way: what a careless script on the server does."""
    connection.check_constraints()
    guards.remove(guards.GUARDS, connection)
    yield lived
    guards.make(guards.GUARDS, connection)


@pytest.fixture
def unconstrained():
    """A way to take a constraint away, as far as the engine lets go of it."""

    def free(model, name):
        connection.check_constraints()
        if connection.vendor == "postgresql":
            execute(f"ALTER TABLE {model._meta.db_table} DROP CONSTRAINT {name}")
        else:
            execute("PRAGMA ignore_check_constraints = ON")

    yield free
    if connection.vendor == "sqlite":
        execute("PRAGMA ignore_check_constraints = OFF")


def first(rows: Any) -> Any:
    """The first of them."""
    return rows.order_by("pk")[0]


def breaches(name: str) -> list[tuple[str, str]]:
    """Address and sentence of each breach of a promise."""
    return [(breach.address, breach.sentence) for breach in promises.breaches([name])]


def test_nothing_is_broken_where_nobody_broke_anything(lived):
    assert not list(promises.breaches())


def test_every_promise_on_data_is_looked_at():
    assert {promise.number for promise in promises.PROMISES} == {*range(1, 11)}
    tested = Path(__file__).read_text()
    assert not [promise.name for promise in promises.PROMISES if f'"{promise.name}"' not in tested]


def test_a_quote_that_is_not_in_its_report(unguarded):
    claim = first(Claim.objects.filter(citation__event=unguarded))
    update(claim, quote="Words that nobody wrote.")
    relay = first(Relay.objects.all())
    update(relay, start=relay.start + 1, end=relay.end + 1)
    found = breaches("quotes_are_verbatim")
    assert (FORM.format(unguarded.pk), f"claim {claim.pk}: quote: “Words that nobody wrote.” is not in the report") in [
        (address, sentence.partition(" word for word")[0]) for address, sentence in found
    ]
    assert len(found) == 2


def test_a_claim_without_words(unguarded):
    claim = first(Claim.objects.filter(citation__event=unguarded))
    update(claim, quote="", start=None, end=None)
    [(address, sentence)] = breaches("claims_quote_what_has_a_text")
    assert address == FORM.format(unguarded.pk)
    assert "Quote the words" in sentence


def test_a_fact_that_nothing_supports(unguarded):
    update(Placement.objects.get(event=unguarded), site_id=make.make_site().pk)
    [(address, sentence)] = breaches("published_facts_are_supported")
    assert address == FORM.format(unguarded.pk)
    assert sentence.startswith(f"{unguarded.reference}: Where: no accepted claim states")


def test_a_confirmation_by_nobody_else(unguarded):
    update(Citation.objects.get(event=unguarded), credibility=1)
    [(address, sentence)] = breaches("confirmed_means_two_origins")
    assert address == FORM.format(unguarded.pk)
    assert "goes back to one origin" in sentence


def test_reports_that_pass_on_each_other(unguarded):
    first, second = make.make_report(), make.make_report()
    make.make_relay(report=first, relayed_report=second)
    update(make.make_relay(report=second), relayed_source_id=None, relayed_report_id=first.pk)
    assert len(breaches("relays_have_an_end")) == 2


def test_bounds_that_the_date_does_not_give(unguarded):
    update(unguarded, earliest="2025-11-10")
    [(address, sentence)] = breaches("bounds_follow_from_dates")
    assert address == FORM.format(unguarded.pk)
    assert sentence.endswith("“2025-11-12” is kept as 2025-11-10–2025-11-12, and means 2025-11-12–2025-11-12.")


def test_a_date_that_is_none(unguarded):
    update(unguarded, when="soon")
    [(_address, sentence)] = breaches("bounds_follow_from_dates")
    assert "“soon” is not a date" in sentence


def test_a_report_that_knew_before(unguarded):
    update(Report.objects.get(citations__event=unguarded), published_on="2025-11-01")
    found = breaches("no_report_tells_of_what_comes_after_it")
    assert len(found) == 2  # the citation, and its claim of the day
    citation = Citation.objects.get(event=unguarded)
    assert {address for address, _sentence in found} == {
        FORM.format(unguarded.pk),
        f"/admin/events/citation/{citation.pk}/change/",
    }


def test_a_part_of_what_has_no_parts(unguarded):
    part = make.make_event()
    update(part, part_of_id=unguarded.pk)
    assert breaches("wholes_and_parts_are_told_apart") == [
        (FORM.format(part.pk), f"{part.reference}: It is part of an event that does not sum up others.")
    ]


def test_a_chain_of_merged_events(unguarded):
    first, second = make.make_event(), make.make_event()
    update(second, status="merged", merged_into_id=unguarded.pk)
    update(first, status="merged", merged_into_id=second.pk)
    [(address, sentence)] = breaches("merged_events_lead_to_one_that_answers")
    assert (address, "was merged too" in sentence) == (FORM.format(first.pk), True)


def test_a_number_that_is_out_of_order(unguarded, unconstrained):
    count = Count.objects.get(event=unguarded)
    unconstrained(Count, "events_count_in_order")
    update(count, low=99)
    [(address, sentence)] = breaches("rows_keep_their_constraints")
    assert address == FORM.format(unguarded.pk)
    assert sentence.startswith(f"count {count.pk}: The numbers must rise")


def test_a_state_without_its_reason(unguarded, unconstrained):
    unconstrained(Event, "events_event_retraction_reason")
    update(unguarded, status="retracted")
    assert "A retraction, and nothing else, has a reason for it." in breaches("rows_keep_their_constraints")[0][1]


def test_every_constraint_of_a_row_is_asked():
    for model in recorded_models():
        kept = [one for one in model._meta.constraints if isinstance(one, CheckConstraint)]
        assert bool(kept) == (together(model, frozenset()) is not None), model


def test_a_row_that_speaks_of_nothing(unguarded):
    claim = first(Claim.objects.filter(citation__event=unguarded).exclude(site=None))
    with connection.constraint_checks_disabled():
        if connection.vendor == "postgresql":
            execute("ALTER TABLE events_claim DISABLE TRIGGER ALL")
        update(claim, site_id=10**6)
        [(address, sentence)] = breaches("nothing_that_is_named_is_gone")
        update(claim, site_id=claim.site_id)
        if connection.vendor == "postgresql":
            execute("ALTER TABLE events_claim ENABLE TRIGGER ALL")
    assert address == FORM.format(unguarded.pk)
    assert sentence == f"claim {claim.pk}: Its site (1000000) is gone."


def test_what_was_changed_past_the_history(unguarded):
    update(unguarded, summary_en="Nothing happened.")
    found = breaches("history_is_as_it_was_written")
    assert (FORM.format(unguarded.pk)) in {address for address, _sentence in found}
    assert any("changed without history" in sentence for _address, sentence in found)


def test_a_correction_without_a_reason(unguarded, unconstrained):
    update(Correction.objects.get(), reason=" ")
    [(address, sentence)] = breaches("corrections_say_why")
    assert (address, "gives no reason" in sentence) == (FORM.format(unguarded.pk), True)


def test_what_was_changed_after_publication_without_a_word(unguarded):
    place = Placement.objects.get(event=unguarded)
    with recording.change():
        place.delete()
        Placement(event=unguarded, site=place.site, role=place.role, basis=place.basis, position=3).save()
    assert not breaches("changes_after_publication_say_why")  # it is what it was
    with recording.change(why="On the other bank."):
        Placement.objects.update(role="near")
    assert not breaches("changes_after_publication_say_why")
    Placement.objects.update(role="at")
    seq = Entry.objects.filter(model="events.placement").latest("seq").pk
    sentence = f"Entry {seq} changes what was published, and gives no reason."
    assert breaches("changes_after_publication_say_why") == [(FORM.format(unguarded.pk), sentence)]


def test_what_is_held_is_what_a_correction_tells_of(db):
    event = make.make_whole_event()
    make.make_count(event=event, low=1, best=2, high=3, phrase="two", label="a", label_ar="أ")
    told = workflow.snapshot(workflow.whole(event))
    facts = {name for facet in ("where", "who", "how_many") for fact in told.pop(facet) for name in fact}
    what, when = told.pop("what"), told.pop("when")
    parts = {f"type_{name}" for name in what if name != "type"} | {f"when_{name}" for name in when if name != "when"}
    assert set(promises.history.HELD) == {"type", "when", *parts, *facts, *told}


def test_what_was_published_and_is_gone(unguarded, monkeypatch):
    key = unguarded.pk
    for model in (Correction, Event):
        # As somebody does it who writes code for it: the history is told, and nobody is asked.
        monkeypatch.setattr(model, "check_deletable", lambda _record: None)
    Correction.objects.get().delete()
    unguarded.delete()
    found = breaches("nothing_published_was_deleted")
    assert f"events.event {key}" in {address for address, _sentence in found}
    assert any("deleted an event that was published" in sentence for _address, sentence in found)


def test_a_version_that_was_left_out(unguarded):
    entry = Entry.objects.filter(model="events.event", action="change").first()
    value = Value.objects.get(entry=entry, field="version")
    execute("UPDATE history_value SET text = %s WHERE id = %s", ['{"from":1,"to":3}', value.pk])
    [(address, sentence)] = breaches("versions_are_counted_one_by_one")
    assert address == FORM.format(unguarded.pk)
    assert sentence.endswith("counts from version 1 to 3.")


def test_evidence_that_is_marked_more_strictly(unguarded):
    duplicate = make.make_event(tlp="AMBER")
    update(duplicate, status="merged", merged_into_id=unguarded.pk)
    [(address, sentence)] = breaches("what_was_merged_fits_together")
    assert address == FORM.format(unguarded.pk)
    assert "is marked" in sentence


def test_a_correction_that_tells_more_than_its_mark(unguarded):
    update(Correction.objects.get(), tlp="CLEAR")
    [(address, sentence)] = breaches("corrections_are_marked_as_what_they_tell")
    assert address == FORM.format(unguarded.pk)
    assert sentence == "A correction is marked CLEAR, and tells of what was marked GREEN."


def test_lists_and_texts_that_are_not_of_the_event(unguarded):
    Document.objects.filter(pk=unguarded.pk).update(brief='{"reference":"other"}', full="")
    execute("DELETE FROM events_term WHERE newest = (SELECT newest FROM events_event WHERE id = %s)", [unguarded.pk])
    for name in ("stored_texts_say_what_events_do", "events_are_counted_where_they_belong"):
        [(address, sentence)] = breaches(name)
        assert address == FORM.format(unguarded.pk)
        assert sentence.endswith("Run manage.py reindex.")


def test_a_text_for_everybody_of_what_not_everybody_sees(unguarded):
    update(unguarded, tlp="RED")
    Document.objects.filter(pk=unguarded.pk).update(full="{}")
    [(address, _sentence)] = breaches("only_what_everybody_sees_is_kept_for_everybody")
    assert address == FORM.format(unguarded.pk)


def test_what_an_import_published_by_itself(unguarded):
    draft = make.make_whole_event()
    with recording.through(IMPORT_DOOR):
        workflow.publish(draft, make.make_user("erik", "Editor"))
    [(address, sentence)] = breaches("what_comes_in_lands_as_a_draft")
    assert address == FORM.format(draft.pk)
    assert "published what came in, and no key that may publish had signed it" in sentence
    key = Key(organisation="Khabur Watch", public="k", fingerprint="f", may_publish=True)
    keys.keep(key)
    arrival = Arrival.objects.create(format="bundle", change=Entry.objects.latest("seq").change, upto=1, key="f")
    key.may_publish = False
    keys.keep(key)
    assert not breaches("what_comes_in_lands_as_a_draft")
    arrival.at = timezone.now()
    arrival.save()
    assert breaches("what_comes_in_lands_as_a_draft")


def test_an_import_over_what_a_person_had_corrected(unguarded):
    draft = Event.objects.exclude(pk=unguarded.pk).get()
    draft.summary_en = "As somebody corrected it."
    draft.save()
    one = (str(draft.uuid),)
    come = arriving.Arriving(format="sheet", fresh=frozenset([arriving.identity(Event, one)]))
    applying.apply(planning.plan([Incoming(Event, one, {"summary_en": "Theirs."}, "row 2")], come))
    assert not breaches("no_import_goes_over_a_correction")
    Arrived.objects.update(pedigree=None)
    [(address, sentence)] = breaches("no_import_goes_over_a_correction")
    assert address == FORM.format(draft.pk)
    assert "an import wrote “summary_en” over entry" in sentence


def test_a_file_that_was_changed(unguarded):
    attachment = Attachment.objects.get()
    Path(attachment.file.path).write_bytes(b"other")
    [(address, sentence)] = breaches("files_are_as_they_were_kept")
    assert address == f"/admin/sources/report/{attachment.report_id}/change/"
    assert "have changed since they were kept" in sentence


# The command


def test_the_command_names_each_breach_and_ends_with_1(unguarded):
    update(unguarded, earliest="2025-11-10")
    told = StringIO()
    with pytest.raises(CommandError, match="breaches of what was promised") as caught:
        call_command("verify_data", "bounds_follow_from_dates", "files_are_as_they_were_kept", stdout=told)
    assert caught.value.returncode == 1
    [line] = told.getvalue().splitlines()
    assert line.startswith(f"bounds_follow_from_dates · {FORM.format(unguarded.pk)} · event {unguarded.pk}: ")


def test_the_command_says_that_nothing_is_broken(lived):
    told = StringIO()
    call_command("verify_data", stdout=told)
    assert told.getvalue() == f"{len(promises.PROMISES)} promises, and no breach.\n"


def test_a_promise_that_there_is_not_is_refused(db):
    with pytest.raises(CommandError, match=r"“peace” is no promise\. Choose from: bounds_follow_from_dates, "):
        call_command("verify_data", "peace")
