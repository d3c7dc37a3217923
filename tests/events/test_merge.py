"""A duplicate is merged into the event that it duplicates: the other one answers for it, and it can be undone."""

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse

from events import provenance, workflow
from events.models import Claim, Event
from osint.history.models import Entry
from sources.models import Report
from tests import factories as make
from tests.pages import page_of, queries, text
from tests.rest import API, client, given, refused

pytestmark = pytest.mark.django_db


def published(**overrides: Any) -> Event:
    """A published convoy on the word of an outlet of its own."""
    return make.make_published_event(report=make.make_report(), **overrides)


def answers(*events: Event, by: Any = None) -> list[bytes]:
    """What REST and the pages say of the events, and of what belongs to them, byte for byte.

    The tag of a list counts changes, those that are undone among them; that of a record is of its bytes.
    """
    door, browser = client(by), Client()
    if by is not None:
        browser.force_login(by)
    addresses = [f"{API}/events/{event.uuid}/" for event in events]
    addresses += [f"{API}/{rows}/?event={event.uuid}" for rows in ("citations", "claims") for event in events]
    addresses += [f"{API}/events/", f"{API}/events/?status=published", f"{API}/reports/", f"{API}/corrections/"]
    found = [door.get(address) for address in addresses]
    assert all(answer.status_code == 200 for answer in found)
    tags = [answer.get("ETag", "") for answer in found]
    return [
        answer.content + (b"" if tag.startswith("W/") else tag.encode())
        for answer, tag in zip(found, tags, strict=True)
    ]


@pytest.mark.parametrize("status", ["draft", "submitted", "published", "retracted"])
def test_merged_and_taken_apart_both_answer_as_before_to_the_byte(status, edith, alice):
    other = published()
    event = make.make_whole_event(report=make.make_report())
    if status == "submitted":
        event = workflow.submit(event, alice)
    if status in {"published", "retracted"}:
        event = workflow.publish(event, edith)
    if status == "retracted":
        event = workflow.retract(event, edith, "A video from 2019.")
    rows = [list(Event.objects.filter(pk=pk).values()) for pk in (event.pk, other.pk)]
    before = answers(event, other, by=edith)
    merged = workflow.merge(event, edith, other, "One convoy, told twice.")
    assert (merged.status, merged.merged_into) == ("merged", other)
    assert workflow.unmerge(merged, edith, "Two convoys after all.").status == status
    assert answers(event, other, by=edith) == before
    assert [list(Event.objects.filter(pk=pk).values()) for pk in (event.pk, other.pk)] == rows


def test_merging_through_rest_and_undoing_it_there_changes_no_version(edith):
    event, other = published(), published()
    before = answers(event, other, by=edith)
    door, url = client(edith), f"{API}/events/{event.uuid}"
    body = {"into": str(other.uuid), "reason": "One convoy."}
    done = given(door.post(f"{url}/merge/", body, format="json", headers={"If-Match": f'"{event.version}"'}))
    assert (done["status"], done["merged_into"]) == ("merged", str(other.uuid))
    tag = door.get(f"{url}/")["ETag"]
    given(door.post(f"{url}/unmerge/", {"reason": "Two."}, format="json", headers={"If-Match": tag}))
    assert answers(event, other, by=edith) == before


def test_who_did_it_and_why_is_in_the_history(edith):
    event, other = published(), published()
    workflow.merge(event, edith, other, "One convoy.")
    (entry,) = Entry.objects.about("events.event", event.pk).order_by("-seq")[:1]
    assert entry.by == edith
    values = {value.field: value.text for value in entry.values.all()}
    assert set(values) == {"status", "merged_into", "@why"}
    assert "One convoy." in values["@why"]


class TestEvidence:
    def test_the_other_event_shows_it_and_counts_its_origins(self, edith, victor):
        event, other = published(), published()
        assert len(provenance.origins(workflow.whole(other))) == 1
        workflow.merge(event, edith, other, "One convoy.")
        now = workflow.whole(other)
        assert len(provenance.origins(now)) == 2
        assert len(provenance.facts(now)[0].claims) == 2
        shown = given(client(victor).get(f"{API}/events/{other.uuid}/"))
        assert len(shown["citations"]) == len(shown["origins"]) == 2
        title = event.citations.get().report.title
        browser = Client()
        browser.force_login(victor)
        assert title in text(browser.get(page_of(other)))

    def test_its_words_source_and_report_find_the_other_event(self, edith, victor):
        event = make.make_whole_event(report=make.make_report(text="جسر الرقة\n" + make.TEXT))
        other = published()
        citation = event.citations.get()
        make.make_claim(citation=citation, site=make.make_site(), quote="جسر الرقة", start=0)
        workflow.merge(event, edith, other, "One convoy.")
        for query in (f"report={citation.report.uuid}", f"source={citation.report.source.slug}", "q=جسر الرقة"):
            found = given(client(victor).get(f"{API}/events/?{query}"))
            assert [row["uuid"] for row in found["results"]] == [str(other.uuid)], query
        browser = Client()
        browser.force_login(victor)
        page = browser.get(reverse("report", args=[citation.report.uuid])).content.decode()
        assert page_of(other) in page
        assert page_of(event) not in page

    def test_its_differing_claim_differs_from_what_the_other_holds(self, edith):
        event = make.make_whole_event(report=make.make_report())
        event.counts.update(best=30)
        Claim.objects.filter(citation__event=event, facet="how_many").update(best=30)
        other = published()
        workflow.merge(event, edith, other, "One convoy.")
        assert [claim.best for claim in provenance.differing(workflow.whole(other))] == [30]

    def test_a_hidden_report_of_a_duplicate_stays_hidden(self, edith, victor):
        secret = make.make_report(tlp="AMBER+STRICT", title="Only for us")
        event, other = make.make_whole_event(report=secret), published()
        workflow.merge(event, edith, other, "One convoy.")
        shown = client(victor).get(f"{API}/events/{other.uuid}/").content.decode()
        assert str(secret.uuid) not in shown
        assert "Only for us" not in shown
        found = given(client(victor).get(f"{API}/events/?source={secret.source.slug}"))
        assert found["results"] == []

    def test_it_costs_no_query_for_each_duplicate(self, edith):
        other = published()
        workflow.merge(published(), edith, other, "One convoy.")
        browser = Client()
        browser.force_login(edith)
        few = queries(browser, page_of(other))
        for _ in range(3):
            workflow.merge(published(), edith, other, "One convoy.")
        assert queries(browser, page_of(other)) == few


class TestAddress:
    def test_it_leads_to_the_other_event(self, edith, victor):
        event, other = published(), published()
        workflow.merge(event, edith, other, "One convoy.")
        browser = Client()
        browser.force_login(victor)
        page = browser.get(page_of(event))
        assert (page.status_code, page["Location"]) == (301, page_of(other))
        assert page["Cache-Control"] == "no-cache"
        for address in (event.uuid, event.reference):
            answer = client(victor).get(f"{API}/events/{address}/")
            assert answer.status_code == 301
            assert answer["Location"].endswith(f"{API}/events/{other.uuid}/")
            assert answer.json()["merged_into"] == str(other.uuid)

    def test_a_draft_that_was_merged_is_missing_to_those_who_never_saw_it(self, edith, victor):
        event, other = make.make_whole_event(), published()
        workflow.merge(event, edith, other, "One convoy.")
        assert client(victor).get(f"{API}/events/{event.uuid}/").status_code == 404
        assert client(edith).get(f"{API}/events/{event.uuid}/").status_code == 301
        browser = Client()
        browser.force_login(victor)
        assert browser.get(page_of(event)).status_code == 404

    def test_it_is_missing_where_the_reader_may_not_see_the_other_event(self, edith, victor):
        event, other = published(), published(tlp="AMBER+STRICT")
        workflow.merge(event, edith, other, "One convoy.")
        assert client(victor).get(f"{API}/events/{event.uuid}/").status_code == 404
        browser = Client()
        browser.force_login(victor)
        assert browser.get(page_of(event)).status_code == 404

    def test_lists_leave_it_out_unless_they_are_asked_for_merged_events(self, edith, victor):
        event, other = published(), published()
        workflow.merge(event, edith, other, "One convoy.")
        door = client(victor)
        assert [row["uuid"] for row in given(door.get(f"{API}/events/"))["results"]] == [str(other.uuid)]
        (row,) = given(door.get(f"{API}/events/?status=merged"))["results"]
        assert (row["uuid"], row["merged_into"]) == (str(event.uuid), str(other.uuid))


class TestRefusals:
    def test_an_event_is_not_merged_into_itself(self, edith):
        event = published()
        with pytest.raises(ValidationError, match="into itself"):
            workflow.merge(event, edith, event, "One.")

    def test_nothing_is_merged_into_what_was_retracted_or_merged(self, edith):
        event, other = published(), published()
        workflow.merge(other, edith, published(), "One convoy.")
        for target in (other, make.make_retracted_event()):
            with pytest.raises(ValidationError, match="so nothing is merged into it"):
                workflow.merge(event, edith, target, "One.")

    def test_what_was_published_is_not_merged_into_a_draft(self, edith):
        with pytest.raises(ValidationError, match="Merge the other one into this"):
            workflow.merge(published(), edith, make.make_whole_event(), "One.")

    def test_a_draft_is_merged_into_a_draft(self, edith):
        assert workflow.merge(make.make_whole_event(), edith, make.make_whole_event(), "One.").status == "merged"

    def test_an_event_with_duplicates_or_parts_of_its_own_says_which(self, edith):
        first, second, third = published(), published(), published(is_aggregate=True)
        workflow.merge(first, edith, second, "One.")
        with pytest.raises(ValidationError, match=str(first.reference)):
            workflow.merge(second, edith, third, "One.")
        part = make.make_event(part_of=third)
        with pytest.raises(ValidationError, match=f"{part.reference} is part of"):
            workflow.merge(third, edith, published(), "One.")

    def test_a_stricter_mark_is_not_shown_under_a_milder_one(self, edith):
        event, other = published(tlp="AMBER"), published()
        with pytest.raises(ValidationError, match=f"marked TLP:AMBER. Mark {other.reference} as strictly first"):
            workflow.merge(event, edith, other, "One.")
        green = published(tlp="AMBER")
        workflow.merge(event, edith, green, "One.")
        with pytest.raises(ValidationError, match="as strictly first"), workflow.changing(green, edith, "Open now."):
            Event.objects.filter(pk=green.pk).update(tlp="CLEAR")

    def test_a_report_that_was_out_before_the_other_event_began_is_no_report_of_it(self, edith):
        event = make.make_whole_event(when="2025-11-12")
        other = make.make_whole_event(when="2025-11-20", report=make.make_outlet_report(published_on="2025-11-30"))
        with pytest.raises(ValidationError, match="after its report"):
            workflow.merge(event, edith, other, "One.")
        assert Event.objects.get(pk=event.pk).status == "draft"

    @pytest.mark.parametrize("action", ["merge", "unmerge"])
    def test_it_needs_a_reason(self, edith, action):
        event, other = published(), published()
        if action == "unmerge":
            event = workflow.merge(event, edith, other, "One convoy.")
        told = (other, " ") if action == "merge" else (" ",)
        with pytest.raises(ValidationError, match="Say why"):
            getattr(workflow, action)(event, edith, *told)

    def test_a_target_that_the_person_may_not_see_is_refused_like_one_that_is_missing(self):
        event, hidden = published(), published()
        Event.objects.filter(pk=hidden.pk).update(tlp="RED")
        reviewer = make.make_user("rita", "Editor")
        reviewer.groups.clear()
        reviewer.user_permissions.set(
            p
            for group in ("Editor",)
            for p in Group.objects.get(name=group).permissions.exclude(codename="see_red_event")
        )
        reviewer = type(reviewer).objects.get(pk=reviewer.pk)
        with pytest.raises(PermissionDenied):
            workflow.merge(event, reviewer, hidden, "One.")
        door, url = client(reviewer), f"{API}/events/{event.uuid}/merge/"
        tag = {"If-Match": f'"{event.version}"'}
        said = [
            refused(door.post(url, {"into": uuid, "reason": "One."}, format="json", headers=tag)).replace(uuid, "")
            for uuid in (str(hidden.uuid), "6fa459ea-ee8a-4ca4-894e-db77e160355e")
        ]
        assert said[0] == said[1]

    def test_a_merged_event_is_frozen(self, edith):
        event = workflow.merge(published(), edith, published(), "One convoy.")
        with pytest.raises(ValidationError, match="was merged into another"), workflow.changing(event, edith, "More."):
            event.counts.update(best=1)
        with pytest.raises(ValidationError, match="so it stays"):
            event.delete()
        draft = workflow.merge(make.make_whole_event(), edith, published(), "One convoy.")
        with pytest.raises(ValidationError, match="Undo that first"):
            draft.delete()

    def test_what_the_other_event_rests_on_is_not_taken_from_it(self, edith):
        event, other = make.make_whole_event(report=make.make_report()), published()
        workflow.merge(event, edith, other, "One convoy.")
        with workflow.changing(other, edith, "It was misread there."):
            own = Claim.objects.filter(citation__event=other, facet="who")
            own.update(standing="set_aside", standing_reason="Misread.")
        with pytest.raises(ValidationError, match="could not stay published by itself"):
            workflow.unmerge(event, edith, "Two.")
        assert Event.objects.get(pk=event.pk).status == "merged"

    def test_the_source_of_a_report_that_a_published_event_shows_stays(self, edith):
        event, other = make.make_whole_event(report=make.make_report()), published()
        report = event.citations.get().report
        assert not provenance.is_published(report)
        workflow.merge(event, edith, other, "One convoy.")
        assert provenance.is_published(Report.objects.get(pk=report.pk))

    def test_confirmed_by_two_origins_of_which_one_would_go_is_not_taken_apart(self, edith):
        event, other = make.make_whole_event(report=make.make_report()), published()
        workflow.merge(event, edith, other, "One convoy.")
        with workflow.changing(other, edith):
            other.citations.update(credibility=1)
        with pytest.raises(ValidationError, match="one origin"):
            workflow.unmerge(event, edith, "Two.")
