"""Credibility 1 stands on two origins, also when it is a report or a relay that changes and not the event."""

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from events import provenance, workflow
from events.models import Event
from sources.models import Relay, Report, Source
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def sohr() -> Source:
    return make.make_source(slug="sohr", name_en="SOHR", name_ar="المرصد السوري لحقوق الإنسان")


@pytest.fixture
def independent() -> Report:
    return make.make_report(source=make.make_source(slug="independent"))


@pytest.fixture
def confirmed(edith, sohr, independent) -> Event:
    """The convoy, published as confirmed: told by an outlet after SOHR, and by one that asked for itself."""
    event = make.make_whole_event()
    make.make_citation(event=event, report=independent, credibility=1)
    return workflow.publish(event, edith)


def origins(event: Event) -> set[str]:
    return {source.slug for source in provenance.origins(Event.objects.with_evidence().get(pk=event.pk))}


def refused(change) -> str:
    with pytest.raises(ValidationError) as caught, transaction.atomic():
        change()
    return " ".join(caught.value.messages)


def test_it_stands_while_both_are_there(confirmed):
    assert origins(confirmed) == {"sohr", "independent"}


def test_a_relay_that_leads_the_second_origin_back_to_the_first_is_refused(confirmed, independent, sohr):
    said = refused(lambda: make.make_relay(report=independent, relayed_source=sohr))
    assert "Credibility 1" in said
    assert "SOHR" not in said  # which may only be known from a report hidden from the writer
    assert origins(confirmed) == {"sohr", "independent"}
    assert not Relay.objects.filter(report=independent).exists()


def test_so_is_one_far_up_the_chain(confirmed, independent, sohr):
    behind = make.make_report(source=make.make_source(slug="behind"))
    make.make_relay(report=independent, relayed_report=behind)
    assert origins(confirmed) == {"sohr", "behind"}
    assert "Credibility 1" in refused(lambda: make.make_relay(report=behind, relayed_source=sohr))


def test_a_report_given_to_the_source_of_the_other_is_refused(confirmed, independent, sohr):
    independent.source = sohr

    def change() -> None:
        independent.full_clean()
        independent.save()

    # Once published, the source stays at all; and saved past clean(), the origins are still counted.
    assert "Published events rest" in refused(change)
    assert "Credibility 1" in refused(independent.save)
    assert origins(confirmed) == {"sohr", "independent"}


def test_a_relay_whose_loss_takes_an_origin_is_not_deleted(edith, sohr):
    relay = make.make_relay(relayed_source=sohr)
    other = make.make_relay(report=relay.report)
    event = make.make_event()
    make.make_citation(event=event, report=relay.report, credibility=1)
    assert len(origins(event)) == 2
    assert "Credibility 1" in refused(other.delete)
    assert Relay.objects.filter(report=relay.report).count() == 2


def test_a_relay_that_leaves_two_origins_is_kept(confirmed, independent):
    make.make_relay(report=independent, relayed_source=make.make_source(slug="third"))
    assert origins(confirmed) == {"sohr", "third"}


def test_without_credibility_1_relays_change_freely(confirmed, independent, sohr):
    confirmed.citations.filter(credibility=1).update(credibility=2)
    make.make_relay(report=independent, relayed_source=sohr)
    assert origins(confirmed) == {"sohr"}
