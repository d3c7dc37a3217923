"""Two people at one form: the second gets the difference and a choice; what was typed is never lost."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from events.models import Claim, Event, Site
from osint.history.models import Entry
from tests.factories import (
    make_claim,
    make_report,
    make_site,
    make_site_name,
    make_whole_event,
)
from tests.kit.forms import again, everything, filled


def change(record: Any) -> str:
    """The address of the record's form."""
    return reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_change", args=[record.pk])


def at_desk(user: Any) -> Client:
    """A browser in which this person is logged in."""
    browser = Client()
    browser.force_login(user)
    return browser


@pytest.fixture
def desk(alice) -> Client:
    return at_desk(alice)


@pytest.fixture
def other(edith) -> Client:
    return at_desk(edith)


def saved(answer: Any) -> None:
    assert answer.status_code == 302, answer.context["conflict"] or answer.context["errors"]


def conflict(answer: Any) -> dict[str, tuple[str, ...]]:
    """What the page says of each field: kind, base, theirs, mine."""
    assert answer.status_code == 200
    panel = answer.context["conflict"]
    assert panel is not None
    return {item.name: (item.kind, item.base, item.theirs, item.mine) for item in panel.items}


def test_what_only_the_other_changed_is_taken_over_and_what_only_i_changed_stays(desk, other):
    site = make_site(note="As it was.")
    mine = filled(desk, change(site), name_en="Qasrak base")
    saved(other.post(change(site), filled(other, change(site), note="As it is now.")))
    answer = desk.post(change(site), mine)
    assert conflict(answer) == {
        "note": ("taken", "As it was.", "As it is now.", "As it was."),
        "name_en": ("kept", site.name_en, site.name_en, "Qasrak base"),
    }
    saved(desk.post(change(site), again(answer)))
    site.refresh_from_db()
    assert (site.name_en, site.note, site.version) == ("Qasrak base", "As it is now.", 3)


@pytest.mark.parametrize(("choice", "note"), [("mine", "Mine."), ("theirs", "Theirs.")])
def test_a_field_that_both_changed_waits_for_a_choice(desk, other, choice, note):
    site = make_site(note="Before.")
    mine = filled(desk, change(site), note="Mine.", name_ar="قسرك")
    saved(other.post(change(site), filled(other, change(site), note="Theirs.")))
    answer = desk.post(change(site), mine)
    assert conflict(answer)["note"] == ("both", "Before.", "Theirs.", "Mine.")
    assert answer.context["adminform"].form["note"].value() == "Mine."
    undecided = desk.post(change(site), again(answer))
    assert conflict(undecided)["note"][0] == "both"
    assert "Choose" in undecided.content.decode()
    saved(desk.post(change(site), again(undecided, choice__note=choice)))
    site.refresh_from_db()
    assert (site.note, site.name_ar, site.version) == (note, "قسرك", 3)


def test_nothing_is_written_by_a_stale_form(desk, other):
    site = make_site()
    mine = filled(desk, change(site), note="Mine.")
    saved(other.post(change(site), filled(other, change(site), note="Theirs.")))
    before, entries = everything(), Entry.objects.count()
    desk.post(change(site), mine)
    assert everything() == before
    assert Entry.objects.count() == entries


@pytest.mark.parametrize("version", [None, "", "0", "99", "abc", "-1", "9" * 30])
def test_a_form_without_a_version_is_refused_and_keeps_what_was_typed(desk, version):
    site = make_site(note="Stored.")
    data = filled(desk, change(site), note="Typed.") | {"version": version}
    if version is None:
        del data["version"]
    answer = desk.post(change(site), data)
    assert conflict(answer) == {"note": ("both", "", "Stored.", "Typed.")}
    assert "which version" in answer.content.decode()
    saved(desk.post(change(site), again(answer, choice__note="mine")))
    site.refresh_from_db()
    assert site.note == "Typed."


@pytest.mark.parametrize("version", [2**31, 2**53 + 1, 10**18 - 1])
def test_a_version_that_there_cannot_be_is_one_that_nobody_knows(desk, version):
    site = make_site()
    answer = desk.post(change(site), filled(desk, change(site), name_en="Qasrak base", version=version))
    assert conflict(answer)["name_en"][0] == "both"
    assert Site.objects.get(pk=site.pk).name_en == site.name_en


def test_a_third_who_comes_in_between_is_met_too(desk, other):
    site = make_site(note="One.", pcode="SY01")
    mine = filled(desk, change(site), note="Mine.")
    saved(other.post(change(site), filled(other, change(site), note="Two.")))
    first = desk.post(change(site), mine)
    saved(other.post(change(site), filled(other, change(site), pcode="SY02")))
    second = desk.post(change(site), again(first, choice__note="mine"))
    assert conflict(second) == {
        "pcode": ("taken", "SY01", "SY02", "SY01"),
        "note": ("kept", "Two.", "Two.", "Mine."),
    }
    saved(desk.post(change(site), again(second)))
    site.refresh_from_db()
    assert (site.note, site.pcode) == ("Mine.", "SY02")


def test_rows_are_part_of_the_record_and_matched_by_their_key(desk, other):
    site = make_site()
    kept, gone = make_site_name(site=site, text="قسرك"), make_site_name(site=site, text="تل بيدر")
    mine = filled(desk, change(site), names__0__text="قسرك القديمة", names__2__text="Qasrak", names__2__language="en")
    theirs = filled(other, change(site), names__1__DELETE="on", names__2__text="Kasrak", names__2__language="tr")
    saved(other.post(change(site), theirs))
    answer = desk.post(change(site), mine)
    assert conflict(answer) == {
        "names-0-text": ("kept", "قسرك", "قسرك", "قسرك القديمة"),
        "names-1": ("added", "", "", ""),
        "names-3": ("deleted", "", "", ""),
    }
    saved(desk.post(change(site), again(answer)))
    assert sorted(site.names.values_list("text", flat=True)) == ["Kasrak", "Qasrak", "قسرك القديمة"]
    kept.refresh_from_db()
    assert kept.text == "قسرك القديمة"
    assert not type(gone).objects.filter(pk=gone.pk).exists()


@pytest.mark.parametrize(("choice", "names"), [("mine", ["Tall Baydar"]), ("theirs", [])])
def test_a_row_that_others_deleted_and_i_changed_can_be_entered_again(desk, other, choice, names):
    site = make_site()
    make_site_name(site=site, text="Tell Beydar", language="en")
    mine = filled(desk, change(site), names__0__text="Tall Baydar")
    saved(other.post(change(site), filled(other, change(site), names__0__DELETE="on")))
    answer = desk.post(change(site), mine)
    assert conflict(answer)["names-0"][0] == "both"
    undecided = desk.post(change(site), again(answer))
    assert conflict(undecided)["names-0"][0] == "both"
    saved(desk.post(change(site), again(undecided, choice__names__0=choice)))
    assert list(site.names.values_list("text", flat=True)) == names


@pytest.mark.parametrize(("choice", "names"), [("mine", []), ("theirs", ["Tall Baydar"])])
def test_a_row_that_others_changed_and_i_deleted_waits_for_a_choice(desk, other, choice, names):
    site = make_site()
    make_site_name(site=site, text="Tell Beydar", language="en")
    mine = filled(desk, change(site), names__0__DELETE="on")
    saved(other.post(change(site), filled(other, change(site), names__0__text="Tall Baydar")))
    answer = desk.post(change(site), mine)
    assert conflict(answer)["names-0-DELETE"][0] == "both"
    saved(desk.post(change(site), again(answer, choice__names__0__DELETE=choice)))
    assert list(site.names.values_list("text", flat=True)) == names


def test_an_event_keeps_the_words_that_were_typed_and_takes_over_those_of_others(desk, other):
    event = make_whole_event()
    count = event.counts.get()
    mine = filled(desk, change(event), summary_en="Trucks came.", placements__0__quote="قاعدة قسرك")
    theirs = filled(other, change(event), counts__0__best=24, counts__0__quote="25 شاحنة")
    saved(other.post(change(event), theirs))
    answer = desk.post(change(event), mine)
    found = conflict(answer)
    assert found["counts-0-best"] == ("taken", "25", "24", "25")
    assert found["counts-0-quote"][0] == "taken"
    assert found["placements-0-quote"][0] == "kept"
    assert found["summary_en"][0] == "kept"
    saved(desk.post(change(event), again(answer)))
    count.refresh_from_db()
    assert count.best == 24
    quotes = set(Claim.objects.filter(citation__event=event).values_list("quote", flat=True))
    assert {"قاعدة قسرك", "25 شاحنة"} <= quotes
    assert Event.objects.get(pk=event.pk).summary_en == "Trucks came."


def test_a_choice_of_theirs_takes_the_place_of_the_words_along(desk, other):
    event = make_whole_event()
    mine = filled(desk, change(event), counts__0__quote="شاحنة")
    saved(
        other.post(change(event), filled(other, change(event), counts__0__quote="25 شاحنة", counts__0__quote_start=""))
    )
    answer = desk.post(change(event), mine)
    assert conflict(answer)["counts-0-quote"][0] == "both"
    saved(desk.post(change(event), again(answer, choice__counts__0__quote="theirs")))
    claim = Claim.objects.get(citation__event=event, facet="how_many")
    assert claim.quote == "25 شاحنة" == claim.citation.report.text[claim.start : claim.end]


def test_a_workflow_button_of_a_stale_form_moves_nothing(desk, other):
    event = make_whole_event()
    mine = filled(desk, change(event)) | {"_submit": "1"}
    saved(other.post(change(event), filled(other, change(event), summary_en="Another.")))
    answer = desk.post(change(event), mine)
    assert conflict(answer)["summary_en"][0] == "taken"
    assert Event.objects.get().status == "draft"


def test_the_page_tells_of_claims_that_changed_meanwhile(desk, other):
    event = make_whole_event()
    mine = filled(desk, change(event), summary_en="Trucks came.")
    make_claim(citation=event.citations.get(), when="2025-11-13")
    answer = desk.post(change(event), mine)
    told = [record.kind for read in answer.context["conflict"].meanwhile for record in read.records]
    assert told == ["claim"]


def test_the_form_of_a_part_minds_only_what_it_shows(desk, other):
    event = make_whole_event()
    citation = event.citations.get()
    saved(other.post(change(event), filled(other, change(event))))  # from here on its claims say what it says
    mine = filled(desk, change(citation), note="Read it twice.")
    saved(other.post(change(event), filled(other, change(event), summary_en="Another.")))
    saved(desk.post(change(citation), mine))
    stale = filled(desk, change(citation), note="Read it thrice.")
    first = citation.claims.all()[0]
    saved(
        other.post(
            change(citation),
            filled(other, change(citation), claims__0__standing="set_aside", claims__0__standing_reason="Withdrawn."),
        )
    )
    answer = desk.post(change(citation), stale)
    assert conflict(answer)["claims-0-standing"][0] == "taken"
    saved(desk.post(change(citation), again(answer)))
    first.refresh_from_db()
    assert first.standing == "set_aside"


def test_deleting_asks_for_the_version_that_was_shown(desk, other, adam):
    site = make_site()
    url = reverse("admin:events_site_delete", args=[site.pk])
    boss = at_desk(adam)
    page = boss.get(url)
    assert f'name="version" value="{site.version}"' in page.content.decode()
    saved(other.post(change(site), filled(other, change(site), note="Still needed.")))
    for version in ({"version": site.version}, {}):
        answer = boss.post(url, {"post": "yes"} | version, follow=True)
        assert "nothing was done" in answer.content.decode()
        assert Site.objects.filter(pk=site.pk).exists()
    assert boss.post(url, {"post": "yes", "version": site.version + 1}).status_code == 302
    assert not Site.objects.filter(pk=site.pk).exists()


def test_the_conflict_page_speaks_arabic(desk, other):
    site = make_site()
    mine = filled(desk, change(site), note="Mine.")
    saved(other.post(change(site), filled(other, change(site), note="Theirs.")))
    page = desk.post(change(site), mine, headers={"accept-language": "ar"}).content.decode()
    assert 'dir="rtl"' in page
    assert 'name="_choice-note"' in page


@pytest.mark.parametrize("typed", [True, False])
def test_a_record_that_the_form_names_and_the_reader_may_not_see_stays_unnamed(desk, other, edith, typed):
    hidden, newer, meant = make_report(tlp="RED", created_by=edith), make_report(title="Newer"), make_report()
    mine = filled(desk, change(newer), title="Mine") | ({"updates": meant.pk} if typed else {})
    saved(other.post(change(newer), filled(other, change(newer), updates=hidden.pk)))
    answer = desk.post(change(newer), mine)
    assert conflict(answer) == {
        "title": ("kept", "Newer", "Newer", "Mine"),
        "updates": ("taken", "", "(not for you)", str(meant) if typed else ""),
    }
    assert hidden.title not in answer.content.decode()
    saved(desk.post(change(newer), again(answer)))
    newer.refresh_from_db()
    assert (newer.title, newer.updates) == ("Mine", hidden)


def test_a_new_record_needs_no_version(desk):
    url = reverse("admin:events_site_add")
    saved(desk.post(url, filled(desk, url, slug="new-place", name_en="New place", kind="village")))


def test_everyone_elses_name_is_told_and_leaving_ends_it(desk, other, alice):
    site = make_site()
    url = reverse("admin:events_site_presence", args=[site.pk])
    assert desk.post(url).json() == {"others": [], "sentence": ""}
    assert other.post(url).json()["others"] == ["alice"]
    assert "alice has this open too" in other.post(url).json()["sentence"]
    assert desk.post(url).json()["others"] == ["edith"]
    desk.post(url, {"left": "1"})
    assert other.post(url).json()["others"] == []
    assert not Entry.objects.filter(by=alice).exists()
    site.refresh_from_db()
    assert site.version == 1


def test_presence_tells_nothing_to_those_who_may_not_see_the_record(client, victor, desk, edith):
    site, hidden = make_site(), make_report(tlp="RED", created_by=edith)
    client.force_login(victor)
    assert client.post(reverse("admin:events_site_presence", args=[site.pk])).status_code in {302, 403, 404}
    assert desk.post(reverse("admin:sources_report_presence", args=[hidden.pk])).status_code == 404
    assert desk.post(reverse("admin:sources_report_presence", args=[10**9])).status_code == 404
    assert desk.get(reverse("admin:events_site_presence", args=[site.pk])).status_code == 404


def test_the_page_has_the_script_and_the_address_of_presence(desk):
    site = make_site()
    page = desk.get(change(site)).content.decode()
    assert "osint/presence.js" in page
    assert f'data-url="{reverse("admin:events_site_presence", args=[site.pk])}"' in page
