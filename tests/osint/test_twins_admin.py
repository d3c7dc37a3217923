"""Likely twins in the admin: named on entry, shown below the form with verdict buttons that need no script."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from events.choices import Facet, Status
from events.models import Actor, ActorJudgement, Event, EventJudgement, SiteJudgement
from osint.base.judgements import judge
from sources.choices import Tlp
from sources.models import Report, ReportJudgement
from tests import factories as make
from tests.factories import WORDS
from tests.kit.forms import filled
from tests.pages import text

# How twins are found is asked of both engines by `test_twins_api`: here it is how they are shown.
pytestmark = [pytest.mark.django_db, pytest.mark.one_engine]


def actor() -> Any:
    return make.make_actor(name_en="Tahrir Brigade", name_ar="")


def site() -> Any:
    return make.make_site(name_en="Qasrak", name_ar="", namesake_note="Another village.")


KINDS: list[tuple[str, Any, Any]] = [
    ("events_event", make.make_whole_event, EventJudgement),
    ("sources_report", make.make_report, ReportJudgement),
    ("events_site", site, SiteJudgement),
    ("events_actor", actor, ActorJudgement),
]
each_kind = pytest.mark.parametrize(("kind", "make_one", "model"), KINDS, ids=[kind for kind, *_rest in KINDS])


@pytest.fixture
def desk(client: Client, alice: User) -> Client:
    """A browser in which the analyst is logged in."""
    client.force_login(alice)
    return client


def form_of(kind: str, record: Any) -> str:
    return reverse(f"admin:{kind}_change", args=[record.pk])


def judged(desk: Client, kind: str, record: Any, **sent: Any) -> Any:
    """The answer to a button in the panel."""
    version = type(record)._default_manager.values_list("version", flat=True).get(pk=record.pk)
    return desk.post(reverse(f"admin:{kind}_judge", args=[record.pk]), {"version": version} | sent)


def said(answer: Any) -> str:
    """The messages that the next page will show."""
    return " ".join(str(message) for message in get_messages(answer.wsgi_request))


def panel(desk: Client, kind: str, record: Any) -> str:
    """The panel below the form."""
    page = desk.get(form_of(kind, record)).content.decode()
    return page[page.index('id="twins"') :]


@each_kind
def test_twins_stand_below_the_form_each_in_a_form_of_its_own(kind, make_one, model, desk):
    one, twin = make_one(), make_one()
    page = desk.get(form_of(kind, one)).content.decode()
    assert '<a href="#twins">Possible duplicates: 1</a>' in page
    shown = panel(desk, kind, one)
    assert form_of(kind, twin) in shown
    assert '<ul class="reasons">' in shown
    for verdict in ("same", "not_same", "unsure"):
        assert f'name="verdict" value="{verdict}"' in shown
    # No form within a form: a browser would drop the inner one.
    assert page.index("</form></div>") < page.index('id="twins"')


@each_kind
def test_a_verdict_is_given_changed_and_withdrawn(kind, make_one, model, desk, alice):
    one, twin = make_one(), make_one()
    answer = judged(desk, kind, one, other=twin.pk, verdict="not_same", reason=" A second one. ")
    assert answer.url == f"{form_of(kind, one)}#twins"
    stored = model.objects.get()
    assert (stored.verdict, stored.reason, stored.created_by) == ("not_same", "A second one.", alice)
    assert "A second one." in panel(desk, kind, one)
    assert "Judged" in panel(desk, kind, twin)
    judged(desk, kind, twin, other=one.pk, verdict="unsure", reason="")
    assert model.objects.get().verdict == "unsure"
    answer = judged(desk, kind, one, other=twin.pk, verdict="withdraw")
    assert "no judgement" in said(answer)
    assert not model.objects.exists()
    judged(desk, kind, one, other=twin.pk, verdict="withdraw")


@each_kind
def test_what_is_no_verdict_and_no_record_is_refused(kind, make_one, model, desk):
    one, twin = make_one(), make_one()
    assert "not a valid choice" in said(judged(desk, kind, one, other=twin.pk, verdict="perhaps"))
    assert judged(desk, kind, one, other=one.pk, verdict="same").status_code == 302
    for other in ("", "x", "999999", "٣", "9" * 30):
        assert judged(desk, kind, one, other=other, verdict="same").status_code == 404
    assert desk.get(reverse(f"admin:{kind}_judge", args=[one.pk])).status_code == 405
    assert not model.objects.exists()


@each_kind
def test_a_viewer_has_no_way_to_judge(kind, make_one, model, client, victor):
    one, twin = make_one(), make_one()
    client.force_login(victor)
    answer = judged(client, kind, one, other=twin.pk, verdict="same")
    assert answer.status_code in {302, 403}
    assert "#twins" not in answer.headers.get("Location", "")
    assert not model.objects.exists()


def test_hidden_records_are_not_to_be_judged(desk):
    one, hidden = make.make_event(), make.make_event(tlp=Tlp.RED)
    for pair in ((one, hidden), (hidden, one)):
        assert judged(desk, "events_event", pair[0], other=pair[1].pk, verdict="same").status_code == 404


def test_a_new_report_that_is_here_already_is_kept_and_its_twin_named(desk):
    stored = make.make_report(title="The first copy")
    url = reverse("admin:sources_report_add")
    sent = {"source": stored.source_id, "title": "Copy", "text": stored.text, "published_on": "2025-11-15"}
    answer = desk.post(url, filled(desk, url, **sent))
    assert Report.objects.filter(title="Copy").exists()
    assert "Perhaps this is here already" in said(answer)
    assert form_of("sources_report", stored) in said(answer)
    assert "The texts are the same to the letter." in said(answer)


def test_a_new_event_that_is_here_already_is_kept_and_its_twin_named(desk):
    stored = make.make_whole_event()
    report = make.make_report()
    url = f"{reverse('admin:events_event_add')}?report={report.pk}"
    sent = {"type": stored.type_id, "summary_en": "A convoy.", "when": "2025-11-12", "when_basis": "stated"}
    sent |= {"when_quote": WORDS[Facet.WHEN], "placements-0-site": stored.placements.get().site_id}
    answer = desk.post(url, filled(desk, url) | sent)
    assert Event.objects.count() == 2
    assert "Perhaps this is here already" in said(answer)
    assert form_of("events_event", stored) in said(answer)


def test_a_new_actor_of_a_known_name_is_kept_and_warned_of(desk):
    stored = actor()
    url = reverse("admin:events_actor_add")
    sent = {"slug": "tahreer", "name_en": "Tahreer Brigade", "kind": stored.kind}
    answer = desk.post(url, filled(desk, url, **sent))
    assert Actor.objects.filter(slug="tahreer").exists()
    assert "The names sound alike" in said(answer)


def test_what_is_new_and_alone_is_not_warned_of(desk):
    url = reverse("admin:events_actor_add")
    answer = desk.post(url, filled(desk, url, slug="new", name_en="Northern Brigade", kind="armed_group"))
    assert "Perhaps" not in said(answer)
    assert "Nothing here looks like this one." in panel(desk, "events_actor", Actor.objects.get())


def test_a_copy_under_another_source_becomes_a_relay_by_one_button(desk):
    earlier, later = make.make_report(), make.make_report()
    assert 'value="relay"' in panel(desk, "sources_report", earlier)
    answer = judged(desk, "sources_report", earlier, other=later.pk, verdict="relay")
    assert "now relays" in said(answer)
    assert later.relays.get().relayed_report == earlier
    assert 'value="relay"' not in panel(desk, "sources_report", earlier)
    assert "already" in said(judged(desk, "sources_report", earlier, other=later.pk, verdict="relay"))


def test_a_new_wording_of_the_same_source_becomes_an_update_by_one_button(desk):
    earlier = make.make_report(text="one two three four five " * 30)
    later = make.make_report(source=earlier.source, text="one two three four five " * 30 + "six")
    answer = judged(desk, "sources_report", later, other=earlier.pk, verdict="updates")
    assert "now updates" in said(answer)
    later.refresh_from_db()
    assert later.updates == earlier


def test_an_editor_merges_from_the_panel_and_an_analyst_does_not(desk, edith):
    one, twin = make.make_whole_event(), make.make_whole_event()
    assert 'value="merge"' not in panel(desk, "events_event", one)
    judged(desk, "events_event", one, other=twin.pk, verdict="merge", reason="Entered twice.")
    assert not EventJudgement.objects.exists()
    desk.force_login(edith)
    assert 'value="merge"' in panel(desk, "events_event", one)
    answer = judged(desk, "events_event", one, other=twin.pk, verdict="merge", reason="")
    assert "Say why" in said(answer)
    answer = judged(desk, "events_event", one, other=twin.pk, verdict="merge", reason="Entered twice.", version=99)
    assert "Somebody has changed" in said(answer)
    assert not EventJudgement.objects.exists()
    answer = judged(desk, "events_event", one, other=twin.pk, verdict="merge", reason="Entered twice.")
    one.refresh_from_db()
    assert (one.status, one.merged_into) == (Status.MERGED, twin)
    assert EventJudgement.objects.get().verdict == "same"


@each_kind
def test_judgements_have_a_list_and_a_form(kind, make_one, model, desk, alice, edith):
    kept = judge(make_one(), make_one(), edith, "same", "One thing.")
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    assert "One thing." in text(desk.get(reverse(f"{name}_changelist")))
    own = reverse(f"{name}_change", args=[kept.pk])
    assert desk.post(own, filled(desk, own, verdict="unsure")).status_code == 302
    kept.refresh_from_db()
    assert (kept.verdict, kept.created_by) == ("unsure", alice)
    add = reverse(f"{name}_add")
    one, other = make_one(), make_one()
    assert desk.post(add, filled(desk, add, first=other.pk, second=one.pk, verdict="same")).status_code == 302
    assert model.objects.get(first=one).second == other
    sent = {"post": "yes", "version": kept.version}
    assert desk.post(reverse(f"{name}_delete", args=[kept.pk]), sent).status_code == 302
    assert not model.objects.filter(pk=kept.pk).exists()
