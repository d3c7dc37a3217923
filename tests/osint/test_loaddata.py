"""The files' door: `loaddata` derives what fixtures leave out, and refuses whole what the other doors would refuse."""

import json
from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import transaction

from events import workflow
from events.models import Claim, Event, EventType, Site
from osint.history.models import Entry
from sources.models import Report, Source
from tests import factories as make

pytestmark = pytest.mark.django_db

Fixture = list[dict[str, Any]]


@pytest.fixture
def load(tmp_path):
    """Load this fixture."""

    def loading(fixture: Fixture) -> None:
        path = tmp_path / "fixture.json"
        # As an editor would write it: half characters stay escaped.
        path.write_text(json.dumps(fixture))
        call_command("loaddata", path, verbosity=0)

    return loading


def dumped(*labels: str) -> Fixture:
    """What `dumpdata` writes."""
    out = StringIO()
    call_command("dumpdata", *(labels or OURS), natural_foreign=True, natural_primary=True, stdout=out)
    fixture: Fixture = json.loads(out.getvalue())
    return fixture


OURS = ("sources", "events")


def written(what_to_make) -> Fixture:
    """The fixture of what this makes, in a database that is left as it was."""
    with transaction.atomic():
        what_to_make()
        fixture = dumped()
        transaction.set_rollback(True)
    return fixture


def rows() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of ours."""
    models = [model for label in OURS for model in apps.get_app_config(label).get_models()]
    return {model.__name__: list(model._default_manager.order_by("pk").values_list()) for model in models}


def the(model: str, fixture: Fixture, **values: Any) -> dict[str, Any]:
    """The fields of the first record of this model with these values."""
    records = (record["fields"] for record in fixture if record["model"].split(".")[1] == model)
    return next(fields for fields in records if all(fields.get(name) == value for name, value in values.items()))


@pytest.fixture
def convoy() -> Fixture:
    return written(make.make_published_event)


def test_a_published_event_with_all_its_evidence_loads_into_an_empty_database(load, convoy):
    load(convoy)
    event = Event.objects.get()
    assert event.status == "published"
    assert {str(event.earliest), str(event.latest)} == {"2025-11-12"}
    assert str(event.reference).startswith("SY-2025-")
    assert "convoy" in event.folded
    assert Claim.objects.count() == 5
    assert len(Report.objects.get().sha256) == 64
    assert Site.objects.get(slug="qasrak-base").path == "syria/al-hasakah/qasrak-base/"
    assert Site.objects.get(slug="qasrak-base").key_ar


def test_what_was_loaded_comes_out_as_it_went_in(load, convoy):
    load(convoy)
    assert dumped() == convoy


def test_loading_twice_changes_nothing(load, convoy):
    load(convoy)
    before = rows()
    load(convoy)
    after = rows()
    stamps = {"created_at", "changed_at"}
    assert {name: len(found) for name, found in after.items()} == {name: len(found) for name, found in before.items()}
    for name, model in ((model.__name__, model) for label in OURS for model in apps.get_app_config(label).get_models()):
        kept = [field.attname not in stamps for field in model._meta.concrete_fields]
        for old, new in zip(before[name], after[name], strict=True):
            assert [value for value, keep in zip(old, kept, strict=True) if keep] == [
                value for value, keep in zip(new, kept, strict=True) if keep
            ]


def test_children_may_stand_before_their_parents(load):
    fixture = written(make.make_qasrak)
    load(list(reversed(fixture)))
    assert list(Site.objects.values_list("path", flat=True)) == [
        "syria/",
        "syria/al-hasakah/",
        "syria/al-hasakah/qasrak-base/",
    ]


def one_letter_off(fixture: Fixture) -> None:
    fields = the("claim", fixture, facet="where")
    fields["quote"] = fields["quote"].replace("قسرك", "قصرك")


def unsupported(fixture: Fixture) -> None:
    the("count", fixture)["best"] = 26


def best_below_low(fixture: Fixture) -> None:
    the("count", fixture)["low"] = 30


def end_before_start(fixture: Fixture) -> None:
    the("event", fixture)["when"] = "2025-11-12/2025-11-02"


def after_publication(fixture: Fixture) -> None:
    the("event", fixture)["when"] = "2025-11-16"


def february_30(fixture: Fixture) -> None:
    the("event", fixture)["when"] = "2025-02-30"


def own_ancestor(fixture: Fixture) -> None:
    the("site", fixture, slug="syria")["parent"] = ["qasrak-base"]


def second_qasrak(fixture: Fixture) -> None:
    fixture.append({"model": "events.site", "fields": {"slug": "qasrek", "name_ar": "قسرك", "kind": "base"}})


def nul(fixture: Fixture) -> None:
    the("report", fixture)["title"] = "عنوان\0"


def lone_surrogate(fixture: Fixture) -> None:
    the("report", fixture)["note"] = "نصف \ud83d"


def not_a_number(fixture: Fixture) -> None:
    the("site", fixture, slug="qasrak-base")["latitude"] = float("nan")


def endless_title(fixture: Fixture) -> None:
    the("report", fixture)["title"] = "ع" * 10_000_000


def confirmed_by_one(fixture: Fixture) -> None:
    the("citation", fixture)["credibility"] = 1


def out_of_list(fixture: Fixture) -> None:
    the("site", fixture, slug="qasrak-base")["kind"] = "castle"


def unreasoned(fixture: Fixture) -> None:
    the("placement", fixture)["basis"] = "inferred"


def unknown_field(fixture: Fixture) -> None:
    the("event", fixture)["reference"] = 7
    the("event", fixture)["colour"] = "red"


def unknown_site(fixture: Fixture) -> None:
    the("placement", fixture)["site"] = ["atlantis"]


REFUSED = {
    one_letter_off: ["events.Claim", "quote", "is not in the report word for word", "Nearest"],
    unsupported: ["events.Event", "How many: no accepted claim states", "26"],
    best_below_low: ["events.Count", "The numbers must rise"],
    end_before_start: ["events.Event", "when", "2025-11-12/2025-11-02", "ends before it starts"],
    after_publication: ["2025-11-16", "published"],
    february_30: ["events.Event", "when", "2025-02-30", "is not a date"],
    own_ancestor: ["within"],
    second_qasrak: ["events.Site qasrek", "sounds like", "not to be confused with"],
    nul: ["events.Report", "title", "U+0000"],
    lone_surrogate: ["events.Report", "note", "U+D83D"],
    not_a_number: ["events.Site qasrak-base", "latitude", "must be a number from -90 to 90"],
    endless_title: ["Report", "title", "500"],
    confirmed_by_one: ["events.Event", "Credibility 1", "one origin"],
    out_of_list: ["events.Site qasrak-base", "kind", "castle"],
    unreasoned: ["events.Placement", "written reason"],
    unknown_field: ["colour"],
    unknown_site: ["events.Placement", "site: “atlantis” is not there"],
}


@pytest.mark.parametrize("spoil", REFUSED, ids=lambda spoil: spoil.__name__)
def test_a_fixture_that_breaks_a_rule_is_refused_whole_with_the_sentence(load, convoy, spoil):
    make.make_source(slug="already-here", name_en="Already here")
    before = rows()
    spoil(convoy)
    with pytest.raises(CommandError) as caught:
        load(convoy)
    for words in REFUSED[spoil]:
        assert words.replace("events.Report", "sources.Report") in str(caught.value)
    assert len(str(caught.value)) < 3_000
    assert rows() == before


def test_a_refusal_leaves_the_database_usable(load, convoy):
    february_30(convoy)
    with pytest.raises(CommandError):
        load(convoy)
    load(written(make.make_published_event))
    assert Event.objects.count() == 1


def test_a_file_that_is_no_fixture_is_refused(tmp_path):
    path = tmp_path / "broken.json"
    path.write_text("[{")
    with pytest.raises(CommandError):
        call_command("loaddata", path, verbosity=0)
    assert not Source.objects.exists()


def back_to_draft(fixture: Fixture) -> None:
    the("event", fixture).update(status="draft", published_at=None)


def other_words(fixture: Fixture) -> None:
    the("event", fixture)["summary_en"] = "Nothing arrived."


def other_moment(fixture: Fixture) -> None:
    the("event", fixture)["published_at"] = "2020-01-01T00:00:00Z"


def other_claim(fixture: Fixture) -> None:
    the("claim", fixture, facet="how_many")["best"] = 999


def other_number(fixture: Fixture) -> None:
    other_claim(fixture)
    the("count", fixture)["best"] = 999


def set_aside(fixture: Fixture) -> None:
    the("claim", fixture, facet="who").update(standing="set_aside", standing_reason="Misread.")


def other_note(fixture: Fixture) -> None:
    the("citation", fixture)["note"] = "Seen again."


def other_part(fixture: Fixture) -> None:
    the("involvement", fixture)["role"] = "partner"


def second_place(fixture: Fixture) -> None:
    fields = the("placement", fixture) | {"uuid": str(uuid4()), "site": ["syria"]}
    fixture.append({"model": "events.placement", "fields": fields})


def invented_correction(fixture: Fixture) -> None:
    fields = {"event": [the("event", fixture)["uuid"]], "before": {"tlp": 1}, "after": {"tlp": 2}, "reason": "So."}
    fields |= {"uuid": str(uuid4()), "made_at": "2025-12-01T00:00:00Z"}
    fixture.append({"model": "events.correction", "fields": fields})


def part_of_one_that_comes_later(fixture: Fixture) -> None:
    key = str(uuid4())
    draft = {"uuid": key, "is_aggregate": True, "status": "draft", "published_at": None}
    fixture.append({"model": "events.event", "fields": the("event", fixture) | draft})
    the("event", fixture)["part_of"] = [key]


CHANGES = [
    back_to_draft,
    other_words,
    other_moment,
    other_claim,
    other_number,
    set_aside,
    other_note,
    other_part,
    second_place,
    invented_correction,
    part_of_one_that_comes_later,
]


@pytest.mark.one_engine
@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_fixture_does_not_change_what_was_published_here(load, convoy, change):
    load(convoy)
    before = rows()
    change(convoy)
    with pytest.raises(CommandError, match="was published here, so a fixture does not change it"):
        load(convoy)
    assert rows() == before


def test_a_fixture_does_not_publish_again_what_was_retracted_here(load):
    fixture = written(make.make_retracted_event)
    load(fixture)
    the("event", fixture).update(status="published", retraction_reason="")
    with pytest.raises(CommandError, match="was published here"):
        load(fixture)
    assert Event.objects.get().status == "retracted"


def test_a_fixture_takes_no_fact_away_from_what_was_published_here(load, convoy):
    load(convoy)
    the("placement", convoy)["event"] = [str(make.make_event().uuid)]
    with pytest.raises(CommandError, match="was published here"):
        load(convoy)


def test_a_fixture_can_publish_a_draft_that_is_here(load, convoy):
    published = dict(the("event", convoy))
    back_to_draft(convoy)
    load(convoy)
    the("event", convoy).update(published)
    load(convoy)
    assert Event.objects.get().status == "published"


def test_what_was_published_here_loads_over_itself_and_stays_to_the_microsecond(load):
    make.make_published_event()
    before = rows()
    load(dumped())
    after = rows()
    for name in ("Event", "Placement", "Involvement", "Count", "Citation", "Claim"):
        assert after[name] == before[name]


def test_an_event_in_a_file_of_its_own_is_weighed_with_its_evidence(load, convoy):
    the("claim", convoy, facet="how_many").update(standing="set_aside", standing_reason="Misread.")
    published = dict(the("event", convoy))
    back_to_draft(convoy)
    load(convoy)
    before = rows()
    with pytest.raises(CommandError, match="no accepted claim states"):
        load([{"model": "events.event", "fields": published}])
    assert rows() == before


def test_a_relay_loaded_alone_is_weighed_with_the_event_it_would_take_an_origin_from(load):
    def confirmed():
        event = make.make_whole_event()
        independent = make.make_report(source=make.make_source(slug="independent"))
        make.make_citation(event=event, report=independent, credibility=1)

    fixture = written(confirmed)
    load(fixture)
    report = Report.objects.get(source__slug="independent")
    fields = {"uuid": str(uuid4()), "report": [str(report.uuid)], "relayed_source": ["sohr"]}
    with pytest.raises(CommandError, match="one origin"):
        load([{"model": "sources.relay", "fields": fields}])


@pytest.mark.one_engine
@pytest.mark.parametrize("kind", ["site", "eventtype"])
def test_a_fixture_moves_nothing_away_from_what_rests_on_it(load, kind):
    def held_roughly():
        event = make.make_whole_event()
        event.placements.update(site=make.make_qasrak().parent)
        movement = make.make_event_type(slug="movement")
        EventType.objects.filter(slug="convoy-arrival").update(parent=movement, path="movement/convoy-arrival/")
        Event.objects.update(type=movement)
        workflow.publish(event, make.make_user("publisher", "Editor"))

    load(fixture := written(held_roughly))
    before = rows()
    slug = {"site": "qasrak-base", "eventtype": "convoy-arrival"}[kind]
    moved = the(kind, fixture, slug=slug)
    moved["parent"] = None
    with pytest.raises(CommandError, match="rests on where this lies"):
        load([{"model": f"events.{kind}", "fields": moved}])
    assert rows() == before


def test_a_fixture_writes_nothing_into_the_history(load):
    make.make_site()
    entry = Entry.objects.latest("seq")
    value = {"entry": entry.pk, "field": "forged", "salt": "", "text": ""}
    with pytest.raises(CommandError, match="the history is written by what happens here"):
        load([{"model": "history.value", "fields": value}])
    assert not entry.values.filter(field="forged").exists()
