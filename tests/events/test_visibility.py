"""Who may read what: each group and nobody, through every queryset."""

from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser, User

from events import provenance, workflow
from events.models import Event
from sources.models import Relay, Report, Source
from tests import factories as make

pytestmark = pytest.mark.django_db

MODELS: dict[str, Any] = {
    model.__name__: model for label in ("sources", "events") for model in apps.get_app_config(label).get_models()
}
# Names are open to whoever may use the door.
OPEN = {"Source", "EventType", "Measure", "Site", "SiteName", "Actor", "ActorName", "ActorLink"}
# Internal: no door shows it.
CLOSED = {"ReferenceSeries"}
UNDER_EVENT = {"Event", "Placement", "Involvement", "Count", "Citation", "Claim", "Correction"}
STATUSES = ["draft", "submitted", "published", "retracted"]


@pytest.fixture
def events(edith) -> dict[str, Event]:
    """One event for each status and marking, by "<status> <marking>", each with its own evidence."""
    made: dict[str, Event] = {}
    for status in STATUSES:
        for tlp in ("CLEAR", "GREEN"):
            event = made[f"{status} {tlp}"] = make.make_whole_event(tlp=tlp)
            make.make_correction(event=event)
            if status == "submitted":
                workflow.submit(event, edith)
            elif status != "draft":
                workflow.publish(event, edith)
            if status == "retracted":
                workflow.retract(event, edith, "Withdrawn.")
    return made


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
    }


PUBLIC = {"published CLEAR", "retracted CLEAR"}
PUBLISHED = PUBLIC | {"published GREEN", "retracted GREEN"}
ALL = {f"{status} {tlp}" for status in STATUSES for tlp in ("CLEAR", "GREEN")}
SEES = {
    "anonymous": PUBLIC,
    "no group": PUBLISHED,
    "inactive analyst": PUBLISHED,
    "viewer": PUBLISHED,
    "analyst": ALL,
    "editor": ALL,
    "administrator": ALL,
}


def event_of(record: Any) -> Event:
    found = record if isinstance(record, Event) else getattr(record, "event", None) or record.citation.event
    assert isinstance(found, Event)
    return found


def test_every_model_has_a_rule():
    assert set(MODELS) == OPEN | CLOSED | UNDER_EVENT | {"Report", "Relay"}
    for name in set(MODELS) - CLOSED:
        assert hasattr(MODELS[name]._default_manager, "visible_to"), name


@pytest.mark.parametrize("who", SEES)
def test_an_event_and_all_under_it_show_to_those_who_may_see_the_event(events, readers, who):
    for model in UNDER_EVENT:
        visible = {event_of(record).pk for record in MODELS[model]._default_manager.visible_to(readers[who])}
        assert visible == {events[name].pk for name in SEES[who]}, model


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


@pytest.mark.parametrize("who", SEES)
def test_reports_and_relays_show_to_whoever_logs_in_and_the_clear_ones_to_all(readers, who):
    clear, green = make.make_relay(), make.make_relay(report=make.make_report(tlp="GREEN"))
    seen = {clear} if who == "anonymous" else {clear, green}
    assert set(Relay.objects.visible_to(readers[who])) == seen
    assert set(Report.objects.visible_to(readers[who])) == {relay.report for relay in seen}
    assert set(Source.objects.visible_to(readers[who])) == set(Source.objects.all())


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


def test_a_superuser_sees_everything(events):
    superuser = make.make_user("root", "Viewer", is_superuser=True)
    assert Event.objects.visible_to(superuser).count() == len(events)
