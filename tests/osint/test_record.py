"""What every record has: an identity that travels, derived columns, a say before it is deleted."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from io import StringIO
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.management import call_command
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from events.models import Event, Site
from osint.base import dates
from osint.base.record import Identified, Record
from osint.base.text import fold, has_ink, key
from sources.models import Report
from tests import factories as make

pytestmark = pytest.mark.django_db

MODELS = [model for label in ("sources", "events") for model in apps.get_app_config(label).get_models()]
RECORDS: list[Any] = [model for model in MODELS if issubclass(model, Record)]
MAKERS: dict[str, Callable[..., Any]] = {
    "Source": make.make_source,
    "Report": make.make_report,
    "Relay": make.make_relay,
    "EventType": make.make_event_type,
    "Measure": make.make_measure,
    "Site": make.make_site,
    "SiteName": make.make_site_name,
    "Actor": make.make_actor,
    "ActorName": make.make_actor_name,
    "ActorLink": make.make_actor_link,
    "Event": make.make_event,
    "Placement": make.make_placement,
    "Involvement": make.make_involvement,
    "Count": make.make_count,
    "Citation": make.make_citation,
    "Claim": make.make_claim,
    "Correction": make.make_correction,
    "Attachment": make.make_attachment,
    "Comment": make.make_comment,
    "Cue": make.make_cue,
    "PassageNote": make.make_passage_note,
    "EventJudgement": make.make_event_judgement,
    "ReportJudgement": make.make_report_judgement,
    "SiteJudgement": make.make_site_judgement,
    "ActorJudgement": make.make_actor_judgement,
}
BY_SLUG = {"Source", "Site", "Actor", "EventType", "Measure"}
each_record = pytest.mark.parametrize("model", RECORDS, ids=lambda model: model.__name__)


@each_record
def test_a_natural_key_leads_to_its_record_and_back(model):
    record = MAKERS[model.__name__]()
    MAKERS[model.__name__]()
    found = model._default_manager.get_by_natural_key(*record.natural_key())
    assert found == record
    assert found.natural_key() == record.natural_key()
    # A fixture holds text alone.
    assert json.loads(json.dumps(record.natural_key())) == list(record.natural_key())


@each_record
def test_a_slug_identifies_names_and_a_uuid_everything_else(model):
    record = MAKERS[model.__name__]()
    if model.__name__ in BY_SLUG:
        assert record.natural_key() == (record.slug,)
    else:
        assert issubclass(model, Identified)
        assert UUID(record.natural_key()[0]) == record.uuid


@each_record
def test_a_dump_holds_what_people_wrote_and_nothing_derived(model):
    MAKERS[model.__name__]()
    out = StringIO()
    call_command("dumpdata", model._meta.label, natural_foreign=True, natural_primary=True, stdout=out)
    fields = json.loads(out.getvalue())[0]["fields"]
    assert "pk" not in json.loads(out.getvalue())[0]
    assert not model.derived() & set(fields)
    assert {"created_at", "changed_at", "created_by"} <= model.derived()


@each_record
def test_every_record_knows_when_it_was_made_and_changed(model):
    record = MAKERS[model.__name__]()
    before = record.changed_at
    assert datetime(2020, 1, 1, tzinfo=UTC) < record.created_at <= before
    record.save()
    assert record.changed_at == before, "Nothing has changed."
    record.created_at -= timedelta(days=1)
    record.save()
    assert record.changed_at > before


@each_record
def test_every_record_reads_as_a_line(model):
    assert str(MAKERS[model.__name__]()).strip()


def test_a_report_knows_the_hash_of_its_text_and_the_text_as_search_sees_it():
    report = make.make_report(text="نَصٌّ\nEN", title="عنوان", translation="A text")
    assert report.sha256 == sha256("نَصٌّ\nEN".encode()).hexdigest()
    assert report.folded == fold("عنوان\nنَصٌّ\nEN\nA text")
    assert make.make_report(text="").sha256 == ""


def test_names_know_their_folded_form_and_key():
    site = make.make_site(name_en="Qasrak Base", name_ar="قاعدة قسرك")
    assert (site.folded_en, site.folded_ar) == (fold("Qasrak Base"), fold("قاعدة قسرك"))
    assert site.key_en == site.key_ar == key("قسرك")


def test_an_event_knows_the_bounds_of_its_date():
    event = make.make_event(when="2025-11")
    assert (event.earliest, event.latest) == (date(2025, 11, 1), date(2025, 11, 30))
    event.when = "[2025-11-02,2025-11-04]"
    event.save()
    event.refresh_from_db()
    assert (event.earliest, event.latest) == (date(2025, 11, 2), date(2025, 11, 4))
    event.when = ""
    event.save()
    assert (event.earliest, event.latest) == (None, None)


@given(first=st.dates(date(1900, 1, 1), date(2100, 1, 1)), days=st.integers(0, 400))
def test_bounds_are_those_of_the_reading_whatever_the_date(first, days):
    last = date.fromordinal(first.toordinal() + days)
    event = Event(when=f"{first}/{last}")
    event.derive()
    assert (event.earliest, event.latest) == (first, last)


def test_an_open_end_has_no_bound():
    assert make.make_actor_link(when="2015-10-11/..").latest is None
    assert make.make_actor_link(when="../2015-10-11").earliest is None


@pytest.mark.parametrize(
    ("when", "sentence"),
    [
        ("2025-02-30", "is not a date"),
        ("2025-11-12/2025-11-02", "ends before it starts"),
        ("12/11/2025", "is not a date"),
        ("2025-23", "season"),
        ("0000", "is not a date"),
        ("10000-01-01", "is not a date"),
        ("2025-11-12T25:00", "is not a date"),
        ("../..", "both ends"),
        ("x" * 201, "too long"),
    ],
)
def test_a_date_that_is_none_is_refused_with_what_was_seen_and_the_way_out(when, sentence):
    event = make.make_event()
    event.when = when
    with pytest.raises(ValidationError) as caught:
        event.full_clean()
    assert set(caught.value.message_dict) == {"when"}
    said = " ".join(caught.value.message_dict["when"])
    if len(when) < 200:
        assert when in said
        assert sentence in said
    with pytest.raises(ValidationError):
        event.save()
    event.refresh_from_db()
    assert event.when == "2025-11-12"


def test_the_days_of_a_set_are_told_apart_from_one_of_them():
    one, every = make.make_event(when="[2025-11-01, 2025-11-03]"), make.make_event(when="{2025-11-01,2025-11-03}")
    assert (one.when, every.when) == ("[2025-11-01,2025-11-03]", "{2025-11-01,2025-11-03}")
    assert (one.earliest, one.latest) == (every.earliest, every.latest) == (date(2025, 11, 1), date(2025, 11, 3))
    readings = dates.parse(one.when), dates.parse(every.when)
    assert [reading.kind for reading in readings] == ["one of", "every"]
    assert not dates.contains(*readings)


def test_bulk_writes_derive_too():
    Report.objects.bulk_create([Report(source=make.make_source(), title="t", text="نص", published_on=date(2025, 1, 1))])
    assert len(Report.objects.get().sha256) == 64


def test_saving_some_columns_keeps_the_moment():
    site = make.make_site()
    before = site.changed_at
    site.note = "Seen on imagery."
    site.save(update_fields=["note"])
    site.refresh_from_db()
    assert site.note == "Seen on imagery."
    assert site.changed_at > before


def test_saving_some_columns_saves_what_is_derived_from_them():
    site = make.make_site()
    site.name_ar = "قسرك"
    site.save(update_fields=["name_ar"])
    assert Site.objects.get(pk=site.pk).folded_ar == "قسرك"


REFUSED_TEXTS = [
    ("title", "عنوان\0"),
    ("title", "نصف \ud83d"),
    ("text", "نص\0"),
    ("text", "\udc00"),
    ("note", "\x1b[0m"),
]


@pytest.mark.parametrize(("field", "value"), REFUSED_TEXTS)
def test_nul_bytes_and_half_characters_are_refused_by_the_field_that_holds_them(field, value):
    report = make.make_report()
    setattr(report, field, value)
    with pytest.raises(ValidationError) as caught:
        report.full_clean()
    assert set(caught.value.message_dict) == {field}
    assert "U+" in caught.value.message_dict[field][0]


@pytest.mark.parametrize(
    ("record", "field"),
    [("Report", "title"), ("Report", "note"), ("Site", "name_ar"), ("Event", "summary_ar"), ("Count", "phrase")],
)
def test_ten_megabytes_are_refused_by_the_field_that_holds_them(record, field):
    kept = MAKERS[record]()
    setattr(kept, field, "ع" * 10_000_000)
    with pytest.raises(ValidationError) as caught:
        kept.full_clean()
    assert field in caught.value.message_dict
    assert len(" ".join(caught.value.messages)) < 1_000


def test_a_long_arabic_text_keeps_every_character():
    text = "كتلةٌ من نصّ، فيها «أقواس» و٢٥ شاحنة — \u200fEN\u200e\r\n\tسطر.\u2028" * 200
    report = make.make_report(text=text)
    assert Report.objects.get(pk=report.pk).text == text
    assert Report.objects.get(pk=report.pk).sha256 == sha256(text.encode()).hexdigest()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50, deadline=None)
@given(text=st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=200).filter(has_ink))
@example(text="\U00018cd6")  # younger than what Python knows
def test_any_text_comes_back_as_it_went_in(text):
    report = make.make_report(text=text)
    assert Report.objects.get(pk=report.pk).text == text
