"""Who may read what: each group and nobody, through every queryset."""

from itertools import product
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser, User
from django.utils import timezone

from events import provenance, workflow
from events.choices import Status
from events.models import Comment, Correction, Event
from osint.base.record import Record
from osint.history import recording
from sources import marks
from sources.models import Attachment, PassageNote, Relay, Report, ReportJudgement, Source
from tests import factories as make
from tests.rest import API, client

pytestmark = pytest.mark.django_db

KINDS: list[Any] = [model for label in ("sources", "events") for model in apps.get_app_config(label).get_models()]
MODELS: dict[str, Any] = {model.__name__: model for model in KINDS if issubclass(model, Record)}
# Names are open to whoever may use the door.
OPEN = {"Source", "Cue", "EventType", "Measure", "Site", "SiteName", "Actor", "ActorName", "ActorLink"}
UNDER_EVENT = {"Event", "Placement", "Involvement", "Count", "Citation", "Claim", "Correction"}
UNDER_REPORT = {"Report", "Relay", "Attachment"}
JUDGEMENTS = {"ReportJudgement", "EventJudgement", "SiteJudgement", "ActorJudgement"}
PUBLIC = {Status.PUBLISHED, Status.RETRACTED}
CLEAR, GREEN, AMBER, STRICT, RED = marks.ORDER
# Which marks, and whether what is not published.
SEES: dict[str, tuple[set[str], bool]] = {
    "anonymous": ({CLEAR}, False),
    "no group": ({CLEAR}, False),
    "inactive analyst": ({CLEAR}, False),
    "viewer": ({CLEAR, GREEN, AMBER}, False),
    "analyst": ({CLEAR, GREEN, AMBER, STRICT}, True),
    "editor": ({*marks.ORDER}, True),
    "administrator": ({*marks.ORDER}, True),
    "superuser": ({*marks.ORDER}, True),
}


@pytest.fixture
def readers(alice, edith, victor, adam) -> dict[str, Any]:
    return {
        "anonymous": AnonymousUser(),
        "viewer": victor,
        "analyst": alice,
        "editor": edith,
        "administrator": adam,
        "inactive analyst": make.make_user("gone", is_active=False),
        "no group": User.objects.create_user("newcomer"),
        "superuser": make.make_user("root", "Viewer", is_superuser=True),
    }


@pytest.fixture
def events() -> dict[int, tuple[str, str]]:
    """One event for each status and mark, with something of everything; by its key, what it is."""
    names = {"type": make.make_event_type(), "site": make.make_site(), "actor": make.make_actor()}
    report, measure = make.make_report(text=""), make.make_measure()
    whole = make.make_event(type=names["type"])
    made = {}
    for status, tlp in product(Status.values, marks.ORDER):
        with recording.change():  # one for all of it takes a third of the time
            event = make.make_event(type=names["type"], tlp=tlp)
            make.make_placement(event=event, site=names["site"])
            make.make_involvement(event=event, actor=names["actor"])
            make.make_count(event=event, measure=measure)
            make.make_claim(citation=make.make_citation(event=event, report=report))
            make.make_correction(event=event, tlp=tlp)
            Comment(event=event, text="See the other one.").save()
        put(event, status, whole)
        made[event.pk] = status, tlp
    put(whole, "draft", None, tlp=RED)
    return made


def put(event: Event, status: str, whole: Event | None, **values: Any) -> None:
    """Give the event a status, past the workflow, of which other tests speak."""
    values["status"] = status
    if status in PUBLIC:
        values["published_at"] = timezone.now()
    if status == Status.RETRACTED:
        values["retraction_reason"] = "Withdrawn."
    if status == Status.MERGED:
        values["merged_into"] = whole
    Event.objects.filter(pk=event.pk).update(**values)


def event_of(record: Any) -> Event:
    found = record if isinstance(record, Event) else getattr(record, "event", None) or record.citation.event
    assert isinstance(found, Event)
    return found


def test_every_model_has_a_rule():
    assert set(MODELS) == OPEN | UNDER_EVENT | UNDER_REPORT | JUDGEMENTS | {"Comment", "PassageNote"}
    for name, model in MODELS.items():
        assert hasattr(model._default_manager, "visible_to"), name


def test_an_event_and_all_under_it_show_to_those_who_may_see_the_event(events, readers):
    for who, (seen, works) in SEES.items():
        expected = {key for key, (status, tlp) in events.items() if tlp in seen and (works or status in PUBLIC)}
        for model in UNDER_EVENT:
            found = {event_of(record).pk for record in MODELS[model]._default_manager.visible_to(readers[who])}
            assert found & set(events) == expected, (who, model)
        comments = {comment.event_id for comment in Comment.objects.visible_to(readers[who])}
        assert comments == (expected if works else set()), who


def test_a_report_and_all_under_it_show_to_those_whose_mark_it_is(readers):
    relays = {tlp: make.make_relay(report=make.make_report(tlp=tlp)) for tlp in marks.ORDER}
    files = {tlp: make.make_attachment(report=relay.report) for tlp, relay in relays.items()}
    notes = {tlp: make.make_passage_note(report=relay.report) for tlp, relay in relays.items()}
    for who, (seen, works) in SEES.items():
        expected = {relays[tlp] for tlp in seen}
        assert set(Relay.objects.visible_to(readers[who])) == expected, who
        assert set(Report.objects.visible_to(readers[who])) >= {relay.report for relay in expected}, who
        assert {file.report.tlp for file in Attachment.objects.visible_to(readers[who])} == seen, who
        assert {file.pk for file in Attachment.objects.visible_to(readers[who])} == {files[tlp].pk for tlp in seen}
        noted = {notes[tlp] for tlp in seen} if works else set()
        assert set(PassageNote.objects.visible_to(readers[who])) == noted, who
        assert set(Source.objects.visible_to(readers[who])) == set(Source.objects.all())


@pytest.mark.parametrize("field", ["created_by", "assignee"])
def test_what_is_red_shows_to_whom_it_concerns(alice, victor, field):
    other = make.make_user("ahmad", "Analyst")
    report, event = make.make_report(tlp=RED, **{field: alice}), make.make_event(tlp=RED, **{field: alice})
    correction = make.make_correction(event=event, tlp=RED)
    for record in (report, event, correction):
        visible_to = type(record)._default_manager.visible_to
        assert record in visible_to(alice), record
        assert record not in visible_to(other), record
        assert record not in visible_to(victor), record
        assert record not in visible_to(AnonymousUser()), record


def test_a_correction_of_the_mark_shows_to_those_who_may_see_both_marks(victor, edith):
    event = make.make_published_event(tlp=AMBER)
    with workflow.changing(event, edith, "The family agreed to publication."):
        event.tlp = CLEAR
        event.save()
    correction = event.corrections.get()
    assert correction.tlp == AMBER
    assert Correction.objects.visible_to(victor).get() == correction
    assert not Correction.objects.visible_to(AnonymousUser()).exists()


def test_judgements_show_to_those_who_make_them_and_may_see_both_records(alice, edith, victor):
    pairs = {
        tlp: ReportJudgement(first=make.make_report(tlp=tlp), second=make.make_report(), verdict="same")
        for tlp in (CLEAR, RED)
    }
    for judgement in pairs.values():
        judgement.save()
    assert set(ReportJudgement.objects.visible_to(edith)) == set(pairs.values())
    assert set(ReportJudgement.objects.visible_to(alice)) == {pairs[CLEAR]}
    assert not ReportJudgement.objects.visible_to(victor).exists()
    assert not ReportJudgement.objects.visible_to(AnonymousUser()).exists()


def test_marks_have_an_order():
    assert marks.strictest([]) == CLEAR
    assert marks.strictest([GREEN, RED, AMBER]) == RED
    assert marks.stricter(STRICT, AMBER)
    assert not marks.stricter(AMBER, AMBER)


@pytest.mark.parametrize("model", sorted(OPEN))
def test_names_show_to_everyone_at_the_door(readers, model):
    makers: dict[str, Any] = {
        "SiteName": make.make_site_name,
        "ActorName": make.make_actor_name,
        "ActorLink": make.make_actor_link,
    }
    makers |= {"EventType": make.make_event_type}
    record = (makers.get(model) or getattr(make, f"make_{model.lower()}"))()
    for reader in readers.values():
        assert record in MODELS[model]._default_manager.visible_to(reader)


def test_a_marked_report_cited_by_a_public_event_stays_hidden_with_its_words(edith):
    event = make.make_whole_event()
    hidden = make.make_citation(event=event, report=make.make_report(tlp="AMBER"))
    claim = make.make_claim(citation=hidden)
    workflow.publish(event, edith)
    nobody = AnonymousUser()
    assert hidden not in MODELS["Citation"]._default_manager.visible_to(nobody)
    assert claim not in MODELS["Claim"]._default_manager.visible_to(nobody)
    assert MODELS["Claim"]._default_manager.visible_to(nobody).count() == 5
    seen = Event.objects.visible_to(nobody).with_evidence(nobody).get()
    assert hidden not in seen.citations.all()
    assert claim not in list(provenance.claims_of(seen))
    assert hidden in Event.objects.with_evidence(edith).get().citations.all()


@pytest.fixture
def hearsay(edith) -> Event:
    """A public event whose clear report passes on SOHR, and a marked report that passes on another."""
    outlet, marked = make.make_outlet_report(), make.make_report(tlp="AMBER", source=make.make_source(slug="marked"))
    make.make_relay(report=outlet, relayed_report=marked, quote="")
    make.make_relay(report=marked, relayed_source=make.make_source(slug="secret", name_en="Secret Circle"))
    event = make.make_whole_event(report=outlet)
    workflow.publish(event, edith)
    return event


DOORS = ["/api/v1/events/{0.uuid}/", "/events/{0.reference}/", "/"]


@pytest.mark.usefixtures("public")
@pytest.mark.parametrize("door", DOORS)
def test_an_origin_behind_a_hidden_report_is_named_to_those_who_may_read_it_and_to_nobody_else(
    hearsay, client, victor, door
):
    address = door.format(hearsay)
    words = client.get(address).content.decode().lower()
    assert "sohr" in words
    assert "secret" not in words
    client.force_login(victor)
    assert "secret" in client.get(address).content.decode().lower()


def test_an_origin_behind_a_hidden_report_counts_in_the_rule_whoever_asks(hearsay, victor):
    whole = Event.objects.with_evidence().get(pk=hearsay.pk)
    assert [source.slug for source in provenance.origins(whole)] == ["secret", "sohr"]
    assert [source.slug for source in provenance.origins(whole, victor)] == ["secret", "sohr"]
    assert [source.slug for source in provenance.origins(whole, AnonymousUser())] == ["sohr"]


def test_a_hidden_report_names_nobody_as_the_end_of_a_chain_or_as_its_start():
    marked = make.make_report(tlp="GREEN")
    passing = make.make_relay(relayed_report=marked).report
    clear = make.make_relay(relayed_report=make.make_report()).report
    ids = [marked.pk, passing.pk, clear.pk]
    assert set(Report.objects.origins(ids)) == set(ids)
    assert set(Report.objects.origins(ids, AnonymousUser())) == {clear.pk}


def test_who_hands_an_event_on_is_told_that_its_red_corrections_are_gone_and_the_next_that_they_are_there(
    alice, victor
):
    event = make.make_published_event(assignee=victor)
    correction = make.make_correction(event=event, tlp="RED")
    followers = {person: client(person) for person in (victor, alice)}
    asked = f"{API}/changes/?kind=corrections"
    pages = {person: follower.get(asked).json() for person, follower in followers.items()}
    assert [len(page["results"]) for page in pages.values()] == [1, 0]
    Event.objects.filter(pk=event.pk).update(assignee=alice)
    told = {person: followers[person].get(page["next"]).json()["results"] for person, page in pages.items()}
    assert [[(one["op"], one["id"]) for one in some] for some in told.values()] == [
        [("gone", str(correction.uuid))],
        [("put", str(correction.uuid))],
    ]


@pytest.mark.engine("sqlite")
@pytest.mark.parametrize(
    "name", sorted((UNDER_EVENT | UNDER_REPORT | {"Comment", "PassageNote"} | JUDGEMENTS) - {"Event", "Report"})
)
def test_what_hangs_on_others_is_asked_row_by_row_whether_it_may_be_seen(name, alice):
    """Else SQLite gathers all visible events and all visible reports, and tries each pair of them."""
    plan = MODELS[name].objects.visible_to(alice).explain()
    assert "SCAN" in plan
    assert "LIST SUBQUERY" not in plan
