"""Every constraint of every model: it has a sentence of its own, the database holds it alone, and the model says it.

`CASES` names for each constraint a record and what would break it. A constraint that is missing there fails the test.
"""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone, translation

from events.choices import Basis, Facet, Standing, Status
from events.models import Backing, Document, Term
from osint.base.record import Record
from tests import factories as make
from tests.kit.past_the_orm import ITSELF, insert_copy, update

pytestmark = pytest.mark.django_db

TABLES: list[Any] = [model for label in ("sources", "events") for model in apps.get_app_config(label).get_models()]
# What is kept beside events is worked out from them.
MODELS: list[Any] = [model for model in TABLES if model not in {Backing, Document, Term}]
CONSTRAINTS: dict[str, tuple[Any, Any]] = {
    constraint.name: (model, constraint) for model in MODELS for constraint in model._meta.constraints
}

Case = tuple[Callable[[], Any], dict[str, Any]]


def relay_of_report() -> Any:
    return make.make_relay(relayed_report=make.make_report())


def relay_both() -> Any:
    """A relay of a source, beside a report that it could name too."""
    return make.make_relay()


def where() -> Any:
    return make.make_claim(site=make.make_site())


def who() -> Any:
    return make.make_claim(actor=make.make_actor())


def how_many() -> Any:
    return make.make_claim(measure=make.make_measure())


def located() -> Any:
    return make.make_site(latitude=36.7, longitude=40.6, precision_m=500)


def cue_of_type() -> Any:
    return make.make_cue(kind="type", type=make.make_event_type(), value="")


def cue_of_measure() -> Any:
    return make.make_cue(kind="measure", measure=make.make_measure(), value="")


NOT_LISTED = "not in the list"
NAMELESS = {"name_en": "", "name_ar": ""}
UNREASONED = {"basis": Basis.INFERRED, "reason": ""}
BACKWARDS = {"earliest": date(2025, 11, 2), "latest": date(2025, 11, 1)}

CHECKS: dict[str, Case] = {
    "sources_source_has_a_name": (make.make_source, NAMELESS),
    "sources_source_has_a_slug": (make.make_source, {"slug": ""}),
    "sources_source_kind": (make.make_source, {"kind": NOT_LISTED}),
    "sources_source_reliability": (make.make_source, {"reliability": "G"}),
    "sources_source_reliability_reason": (make.make_source, {"reliability_reason": ""}),
    "sources_report_tlp": (make.make_report, {"tlp": "WHITE"}),
    "sources_report_status": (make.make_report, {"status": "lost"}),
    "sources_report_title": (make.make_report, {"title": ""}),
    "sources_report_text_or_url": (make.make_report, {"text": "", "url": ""}),
    "sources_report_read_after_published": (make.make_report, {"accessed_on": date(2025, 11, 14)}),
    "sources_report_not_its_own_update": (make.make_report, {"updates_id": ITSELF}),
    "sources_relay_quote_has_a_place": (make.make_relay, {"end": None}),
    "sources_relay_one_target": (relay_both, {"relayed_source_id": None}),
    "sources_relay_not_itself": (relay_of_report, {}),  # see `changes`
    "sources_reportjudgement_verdict": (make.make_report_judgement, {"verdict": "perhaps"}),
    "sources_reportjudgement_in_order": (make.make_report_judgement, {}),  # see `changes`
    "events_eventjudgement_verdict": (make.make_event_judgement, {"verdict": "perhaps"}),
    "events_eventjudgement_in_order": (make.make_event_judgement, {}),
    "events_sitejudgement_verdict": (make.make_site_judgement, {"verdict": "perhaps"}),
    "events_sitejudgement_in_order": (make.make_site_judgement, {}),
    "events_actorjudgement_verdict": (make.make_actor_judgement, {"verdict": "perhaps"}),
    "events_actorjudgement_in_order": (make.make_actor_judgement, {}),
    "events_actorname_not_blank": (make.make_actor_name, {"text": ""}),
    "events_actor_has_a_name": (make.make_actor, NAMELESS),
    "events_actor_has_a_slug": (make.make_actor, {"slug": ""}),
    "events_actor_kind": (make.make_actor, {"kind": NOT_LISTED}),
    "events_actorlink_kind": (make.make_actor_link, {"kind": "friend_of"}),
    "events_actorlink_dates": (make.make_actor_link, BACKWARDS),
    "events_actorlink_not_itself": (make.make_actor_link, {}),
    "events_sitename_not_blank": (make.make_site_name, {"text": ""}),
    "events_site_has_a_name": (make.make_site, NAMELESS),
    "events_site_has_a_slug": (make.make_site, {"slug": ""}),
    "events_site_not_its_own_parent": (make.make_site, {"parent_id": ITSELF}),
    "events_site_kind": (make.make_site, {"kind": NOT_LISTED}),
    "events_site_latitude": (located, {"latitude": 90.1}),
    "events_site_longitude": (located, {"longitude": -180.1}),
    "events_site_whole_point": (located, {"precision_m": None}),
    "events_eventtype_has_a_name": (make.make_event_type, NAMELESS),
    "events_eventtype_has_a_slug": (make.make_event_type, {"slug": ""}),
    "events_eventtype_not_its_own_parent": (make.make_event_type, {"parent_id": ITSELF}),
    "events_measure_has_a_name": (make.make_measure, NAMELESS),
    "events_measure_has_a_slug": (make.make_measure, {"slug": ""}),
    "events_measure_unit": (make.make_measure, {"unit": ""}),
    "events_event_status": (make.make_event, {"status": "vanished"}),
    "events_event_tlp": (make.make_event, {"tlp": "WHITE"}),
    "events_event_dates": (make.make_event, BACKWARDS),
    "events_event_type_reason": (make.make_event, {"type_basis": Basis.DERIVED, "type_reason": ""}),
    "events_event_when_reason": (make.make_event, {"when_basis": Basis.INFERRED, "when_reason": ""}),
    "events_event_summary": (make.make_event, {"summary_en": "", "summary_ar": ""}),
    "events_event_part_is_no_whole": (make.make_event, {"part_of_id": ITSELF}),
    "events_event_published_at": (make.make_event, {"status": Status.PUBLISHED, "published_at": None}),
    "events_event_published_dated": (
        make.make_event,
        {"status": Status.PUBLISHED, "published_at": timezone.now(), "earliest": None, "latest": None, "when": ""},
    ),
    "events_event_retraction_reason": (make.make_event, {"retraction_reason": "Not retracted at all."}),
    "events_placement_reason": (make.make_placement, UNREASONED),
    "events_placement_role": (make.make_placement, {"role": "under"}),
    "events_involvement_reason": (make.make_involvement, UNREASONED),
    "events_involvement_role": (make.make_involvement, {"role": "dreams"}),
    "events_count_reason": (make.make_count, UNREASONED),
    "events_count_in_order": (make.make_count, {"low": 30}),
    "events_count_says_something": (make.make_count, {"best": None, "phrase": ""}),
    "events_count_verbal_has_no_best": (make.make_count, {"qualifier": "dozens", "best": 24}),
    "events_count_qualifier": (make.make_count, {"qualifier": "loads"}),
    "events_citation_role": (make.make_citation, {"role": "sings"}),
    "events_citation_credibility": (make.make_citation, {"credibility": 7}),
    "events_claim_quote_has_a_place": (make.make_claim, {"end": None, "start": None}),
    "events_claim_facet": (make.make_claim, {"facet": "why"}),
    "events_claim_standing": (make.make_claim, {"standing": "rejected"}),
    "events_claim_dates": (partial(make.make_claim, when="2025-11-12"), BACKWARDS),
    "events_claim_value_fits_facet": (make.make_claim, {"type_id": None}),
    "events_claim_site_role": (where, {"site_role": ""}),
    "events_claim_actor_role": (who, {"actor_role": ""}),
    "events_claim_number": (how_many, {"phrase": "", "best": None, "low": None, "high": None}),
    "events_claim_qualifier": (how_many, {"qualifier": "nearly"}),
    "events_claim_verbal_has_no_best": (how_many, {"qualifier": "dozens", "best": 24}),
    "events_claim_in_order": (how_many, {"low": 9, "best": 8}),
    "events_claim_standing_reason": (make.make_claim, {"standing": Standing.SET_ASIDE, "standing_reason": ""}),
    "events_correction_reason": (make.make_correction, {"reason": ""}),
    "events_correction_tlp": (make.make_correction, {"tlp": "PURPLE"}),
    "events_event_merged_into": (make.make_event, {"merged_into_id": ITSELF}),
    "events_comment_text": (make.make_comment, {"text": ""}),
    "sources_attachment_name": (make.make_attachment, {"name": ""}),
    "sources_passagenote_quote_has_a_place": (make.make_passage_note, {"end": None}),
    "sources_passagenote_kind": (make.make_passage_note, {"kind": "hunch"}),
    "sources_passagenote_quote": (make.make_passage_note, {"quote": "", "start": None, "end": None}),
    "sources_passagenote_text": (make.make_passage_note, {"kind": "note", "text": ""}),
    "events_cue_kind": (make.make_cue, {"kind": "omen"}),
    "events_cue_text": (make.make_cue, {"text": ""}),
    "events_cue_fits_its_kind": (make.make_cue, {"value": ""}),
}
UNIQUE: dict[str, Callable[[], Any]] = {
    "sources_relay_source_once": make.make_relay,
    "sources_relay_report_once": relay_of_report,
    "events_actorname_once": make.make_actor_name,
    "events_actorlink_once": make.make_actor_link,
    "events_sitename_once": make.make_site_name,
    "events_site_pcode_once": lambda: make.make_site(pcode=f"SY{next(make.number):04d}", parent=make.make_site()),
    "events_site_arabic_name_once_at_root": make.make_site,
    "events_site_arabic_name_once": lambda: make.make_site(parent=make.make_site()),
    "events_placement_once": make.make_placement,
    "events_involvement_once": make.make_involvement,
    "events_count_once": lambda: make.make_count(party=make.make_actor()),
    "events_count_once_without_party": make.make_count,
    "events_citation_once": make.make_citation,
    "sources_reportjudgement_once": make.make_report_judgement,
    "sources_attachment_once": make.make_attachment,
    "events_eventjudgement_once": make.make_event_judgement,
    "events_sitejudgement_once": make.make_site_judgement,
    "events_actorjudgement_once": make.make_actor_judgement,
    "events_cue_of_type_once": cue_of_type,
    "events_cue_of_measure_once": cue_of_measure,
    "events_cue_of_value_once": make.make_cue,
}
# Full cleaning mends these before it looks: bounds follow the date, and the place follows the quote.
MENDED = {"quote_has_a_place", "dates"}
# On these a trigger speaks before the constraint could.
GUARDED = {"quote_has_a_place": "word for word", "not_its_own_parent": "within itself"}
# An unknown status cannot have the right moment of publication either, and PostgreSQL says so first.
GUARDED |= {f"events_correction_{name}": "part of the record" for name in ("reason", "tlp")}
GUARDED |= {"events_event_status": "events_event_published_at"}
# An unknown kind asks for nothing, so what the cue stands for does not fit it either.
GUARDED |= {"events_cue_kind": "events_cue_fits_its_kind"}


def changes(name: str, record: Any) -> dict[str, Any]:
    """What breaks the constraint, where it depends on the record."""
    if name == "sources_relay_not_itself":
        return {"relayed_report_id": record.report_id}
    if name == "events_actorlink_not_itself":
        return {"other_id": record.actor_id}
    if name.endswith("judgement_in_order"):
        return {"second_id": record.first_id}
    return CHECKS[name][1]


def sentence(name: str) -> str:
    return str(CONSTRAINTS[name][1].violation_error_message)


def refusal(write: Callable[[], Any]) -> str:
    """What the database says to this write."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        write()
    return str(caught.value)


def names_it(said: str, name: str) -> bool:
    """Whether the refusal names the constraint, or, as SQLite does for plain unique ones, its columns."""
    model, constraint = CONSTRAINTS[name]
    if any(name.endswith(ending) and sentence in said for ending, sentence in GUARDED.items()):
        return True
    if connection.vendor == "sqlite" and isinstance(constraint, models.UniqueConstraint):
        table = model._meta.db_table
        columns = ", ".join(f"{table}.{model._meta.get_field(field).column}" for field in constraint.fields)
        return columns in said
    return name in said


def test_every_constraint_has_a_case():
    assert set(CONSTRAINTS) == set(CHECKS) | set(UNIQUE)


@pytest.mark.parametrize("name", CONSTRAINTS)
def test_every_constraint_has_a_sentence_of_its_own(name):
    _model, constraint = CONSTRAINTS[name]
    assert constraint.violation_error_message != constraint.default_violation_error_message
    assert sentence(name).endswith(".")
    assert name not in sentence(name)


@pytest.mark.parametrize("name", CHECKS)
def test_the_database_refuses_what_breaks_a_check(name):
    record = CHECKS[name][0]()
    assert names_it(refusal(lambda: update(record, **changes(name, record))), name)
    assert names_it(refusal(lambda: insert_copy(record, **changes(name, record))), name)


@pytest.mark.parametrize("name", CHECKS)
def test_the_model_says_the_sentence_of_a_check(name):
    record = CHECKS[name][0]()
    for attribute, value in changes(name, record).items():
        setattr(record, attribute, record.pk if value is ITSELF else value)
    with pytest.raises(ValidationError) as caught:
        record.validate_constraints()
    assert sentence(name) in caught.value.messages
    if not any(name.endswith(ending) for ending in MENDED):
        with pytest.raises(ValidationError):
            record.full_clean()


def test_the_checks_of_a_record_that_keeps_them_are_one_question(django_assert_max_num_queries):
    claim = make.make_claim()
    assert len(claim._meta.constraints) > 10
    with django_assert_max_num_queries(3):  # the savepoint around it counts
        claim.validate_constraints()


@pytest.mark.parametrize("name", UNIQUE)
def test_the_database_refuses_a_second_of_what_is_unique(name):
    model, constraint = CONSTRAINTS[name]
    one, other = UNIQUE[name](), UNIQUE[name]()
    same = {model._meta.get_field(field).attname: None for field in constraint.fields}
    same = {attribute: getattr(one, attribute) for attribute in same}
    assert names_it(refusal(lambda: update(other, **same)), name)
    # A copied site would break both of a site's rules: each is met alone.
    otherwise = {"namesake_note": "Another."} if name == "events_site_pcode_once" else {}
    assert names_it(refusal(lambda: insert_copy(one, **otherwise)), name)


@pytest.mark.parametrize("name", UNIQUE)
def test_the_model_says_the_sentence_of_what_is_unique(name):
    model, constraint = CONSTRAINTS[name]
    one, other = UNIQUE[name](), UNIQUE[name]()
    for field in constraint.fields:
        setattr(other, model._meta.get_field(field).attname, getattr(one, model._meta.get_field(field).attname))
    with pytest.raises(ValidationError) as caught:
        other.validate_constraints()
    assert sentence(name) in caught.value.messages
    if not name.startswith(("events_site_arabic_name_once", "events_cue")):  # cleaning derives the folded name again
        with pytest.raises(ValidationError):
            other.full_clean()


@pytest.mark.parametrize("make_one", [make.make_source, make.make_site, make.make_actor, make.make_measure])
def test_the_database_refuses_a_second_slug(make_one):
    one, other = make_one(), make_one()
    assert "slug" in refusal(lambda: update(other, slug=one.slug))


@pytest.mark.parametrize("make_one", [make.make_event, make.make_report, make.make_claim, make.make_citation])
def test_the_database_refuses_a_second_uuid(make_one):
    one, other = make_one(), make_one()
    assert "uuid" in refusal(lambda: update(other, uuid=one.uuid))


def test_the_database_refuses_a_reference_given_before():
    one, other = make.make_event(), make.make_event()
    assert "reference" in refusal(lambda: update(other, reference=one.reference))


@pytest.mark.parametrize("attribute", ["low", "best", "high"])
def test_the_database_refuses_a_negative_number(attribute):
    count = make.make_count(best=None, phrase="عشرات")
    assert attribute in refusal(lambda: update(count, **{attribute: -1}))


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_the_database_refuses_a_latitude_that_is_no_number(value):
    site = located()
    refusal(lambda: update(site, latitude=value))
    refusal(lambda: update(site, longitude=value))


def test_the_sentence_of_a_closed_list_speaks_the_readers_language():
    *_rest, constraint = CONSTRAINTS["events_site_kind"]
    with translation.override("ar"):
        arabic = str(constraint.violation_error_message)
    assert "kind" in arabic
    assert "%(" not in arabic


def test_every_table_of_ours_is_a_record():
    assert all(issubclass(model, Record) for model in MODELS)
    assert Facet.values == ["what", "when", "where", "who", "how_many"]
