"""Events by REST: one request enters an incident with its claims; what breaks a rule is refused."""

import pytest
from django.contrib.auth.models import User
from django.db.models import ProtectedError

from events import workflow
from events.choices import Facet, Status
from events.models import Claim, Correction, Event
from tests.factories import (
    WORDS,
    make_actor,
    make_citation,
    make_event,
    make_event_type,
    make_measure,
    make_outlet_report,
    make_published_event,
    make_qasrak,
    make_report,
    make_site,
    make_source,
    make_whole_event,
)
from tests.rest import API, client, errors, given, refused, rows

EVENTS = f"{API}/events/"
PATROL = "دورية جديدة"


def incident(**overrides):
    """The convoy as one request enters it."""
    report = overrides.pop("of", None) or make_outlet_report()
    make_event_type(slug="convoy-arrival", name_en="Convoy arrival", name_ar="وصول قافلة")
    make_actor(slug="coalition", name_en="International Coalition", name_ar="التحالف الدولي")
    make_measure(slug="trucks", name_en="Trucks", name_ar="شاحنات")
    make_qasrak()
    values = {
        "type": "convoy-arrival",
        "when": "2025-11-12",
        "when_phrase": WORDS[Facet.WHEN],
        "summary_en": "A convoy of about 25 trucks reached the base.",
        "placements": [{"site": "qasrak-base", "role": "to", "quote": WORDS[Facet.WHERE]}],
        "involvements": [{"actor": "coalition", "role": "acts", "quote": WORDS[Facet.WHO]}],
        "counts": [
            {
                "measure": "trucks",
                "best": 25,
                "qualifier": "about",
                "phrase": WORDS[Facet.HOW_MANY],
                "quote": WORDS[Facet.HOW_MANY],
            }
        ],
        "report": str(report.uuid),
        "credibility": 2,
        "quotes": {"what": WORDS[Facet.WHAT], "when": WORDS[Facet.WHEN]},
    }
    return values | overrides


def address(event, action=""):
    return f"{EVENTS}{event.uuid}/{action}"


def test_one_request_enters_an_incident_with_its_claims_ready_to_be_published(alice, edith):
    answer = given(client(alice).post(EVENTS, incident()), 201)
    assert answer["status"] == "draft"
    assert answer["reference"].startswith("SY-2025-")
    assert (answer["earliest"], answer["latest"]) == ("2025-11-12", "2025-11-12")
    assert answer["origins"] == ["sohr"]
    assert answer["missing"] == []
    (citation,) = answer["citations"]
    assert citation["credibility"] == 2
    assert [claim["facet"] for claim in citation["claims"]] == ["what", "when", "where", "who", "how_many"]
    assert all(claim["agrees"] for claim in citation["claims"])
    assert Event.objects.get().created_by == alice
    published = given(client(edith).post(f"{EVENTS}{answer['uuid']}/publish/"))
    assert published["status"] == "published"


def test_an_event_answers_by_uuid_and_by_reference(alice):
    event = make_whole_event()
    for name in (str(event.uuid), event.uuid.hex, event.reference, str(event.reference).lower()):
        assert given(client(alice).get(f"{EVENTS}{name}/"))["uuid"] == str(event.uuid)


def test_a_word_that_is_no_identity_is_not_found(alice):
    for name in ("nothing", "SY-2025-99999", "%00", "1", "a" * 500):
        refused(client(alice).get(f"{EVENTS}{name}/"), "no event", status=404)


def test_a_list_of_rows_is_replaced_and_rows_that_stay_keep_their_identity(alice):
    event = make_whole_event()
    make_site(slug="rmelan", name_en="Rmelan", name_ar="رميلان")
    placement = event.placements.get()
    sent = {"placements": [{"site": "rmelan", "role": "from"}, {"site": "qasrak-base", "role": "to"}]}
    answer = given(client(alice).patch(address(event), sent))
    assert [row["site"] for row in answer["placements"]] == ["rmelan", "qasrak-base"]
    assert answer["placements"][1]["uuid"] == str(placement.uuid)
    assert len(answer["counts"]) == 1
    answer = given(client(alice).patch(address(event), {"placements": []}))
    assert answer["placements"] == []


def test_a_row_is_found_again_by_its_uuid_though_all_else_changes(alice):
    event = make_whole_event()
    row = event.counts.get()
    sent = {"counts": [{"uuid": str(row.uuid), "measure": "trucks", "low": 20, "label": "tankers"}]}
    answer = given(client(alice).patch(address(event), sent))
    assert answer["counts"][0] | {"uuid": str(row.uuid), "low": 20, "best": None, "phrase": ""} == answer["counts"][0]


def test_a_row_that_is_named_is_not_taken_by_another(alice):
    event = make_whole_event()
    make_site(slug="rmelan", name_en="Rmelan", name_ar="رميلان")
    row = event.placements.get()
    named = {"uuid": str(row.uuid), "site": "rmelan", "role": "to"}
    sent = {"placements": [{"site": "qasrak-base", "role": "to"}, named]}
    first, second = given(client(alice).patch(address(event), sent))["placements"]
    assert (first["site"], second["site"], second["uuid"]) == ("qasrak-base", "rmelan", str(row.uuid))
    assert first["uuid"] != second["uuid"]


def test_a_uuid_of_no_row_is_refused(alice):
    event = make_whole_event()
    foreign = make_event()
    sent = {"counts": [{"uuid": str(foreign.uuid), "measure": "trucks", "low": 20}]}
    refused(client(alice).patch(address(event), sent), "counts", "uuid", "Leave the UUID out")


def test_a_new_quote_of_a_draft_follows_the_entry_and_an_empty_one_takes_the_claim_away(alice):
    event = make_whole_event()
    report = str(event.citations.get().report.uuid)
    place = {"site": "qasrak-base", "role": "to"}
    sent = {"report": report, "placements": [place | {"quote": f"{WORDS[Facet.WHERE]}، وذلك"}]}
    given(client(alice).patch(address(event), sent))
    assert [claim.quote for claim in Claim.objects.filter(facet=Facet.WHERE)] == [f"{WORDS[Facet.WHERE]}، وذلك"]
    given(client(alice).patch(address(event), {"report": report, "placements": [place | {"quote": ""}]}))
    assert not Claim.objects.filter(facet=Facet.WHERE).exists()


def test_words_without_their_report_are_refused(alice):
    event = make_whole_event()
    sent = {"placements": [{"site": "qasrak-base", "role": "to", "quote": WORDS[Facet.WHERE]}]}
    refused(client(alice).patch(address(event), sent), '"report"', "Send its UUID")
    refused(client(alice).patch(address(event), {"quotes": {"what": "x"}}), '"report"', "quotes")


def test_a_published_event_is_corrected_with_a_reason_that_everybody_can_read(alice, victor):
    event = make_published_event()
    sent = {"summary_en": "A convoy arrived at the base."}
    refused(client(alice).patch(address(event), sent), "correction_reason", str(event.reference))
    short = client(alice).patch(address(event), sent | {"correction_reason": "r"})
    assert list(errors(short)) == ["correction_reason"]
    why = {"correction_reason": "The place was left out.", "correction_report": str(make_report().uuid)}
    given(client(alice).patch(address(event), sent | why))
    correction = Correction.objects.get()
    assert correction.made_by == alice
    (listed,) = given(client(victor).get(f"{API}/corrections/?event={event.reference}"))["results"]
    assert listed["after"] == {"summary_en": "A convoy arrived at the base."}
    assert listed["reason"] == "The place was left out."
    assert listed["report"] == why["correction_report"]
    day = listed["made_at"][:10]
    for asked, number in (
        (f"made_from={day}&made_to={day}", 1),
        ("made_to=2020-01-01", 0),
        ("made_from=2199-01-01", 0),
    ):
        assert given(client(victor).get(f"{API}/corrections/?count=true&{asked}"))["count"] == number
    assert given(client(victor).get(f"{API}/corrections/{listed['uuid']}/")) == listed


def test_the_status_moves_by_its_own_addresses(alice, edith):
    event = make_whole_event()
    assert given(client(alice).post(address(event, "submit/")))["status"] == "submitted"
    refused(client(edith).post(address(event, "send-back/"), {}), '"note"')
    sent_back = given(client(edith).post(address(event, "send-back/"), {"note": "The day is missing."}))
    assert (sent_back["status"], sent_back["is_sent_back"]) == ("draft", True)
    assert given(client(edith).post(address(event, "publish/")))["status"] == "published"
    refused(client(edith).post(address(event, "retract/"), {}), '"reason"')
    retracted = given(client(edith).post(address(event, "retract/"), {"reason": "The outlet withdrew it."}))
    assert (retracted["status"], retracted["retraction_reason"]) == ("retracted", "The outlet withdrew it.")


def test_a_move_that_the_status_forbids_is_a_conflict(alice, edith):
    event = make_published_event()
    refused(client(alice).post(address(event, "submit/")), str(event.reference), "draft", status=409)
    refused(client(edith).post(address(event, "publish/")), str(event.reference), status=409)


def test_a_move_that_the_person_may_not_make_is_forbidden(alice, victor):
    draft, published = make_whole_event(), make_published_event()
    refused(client(alice).post(address(draft, "publish/")), "events.publish_event", status=403)
    refused(client(victor).post(address(published, "retract/"), {"reason": "No."}), status=403)
    refused(client(victor).post(address(draft, "submit/")), status=404)
    assert Event.objects.get(pk=draft.pk).status == Status.DRAFT


def test_what_stands_between_an_event_and_publication_is_listed(edith):
    event = make_whole_event()
    Claim.objects.filter(facet__in=[Facet.WHERE, Facet.HOW_MANY]).delete()
    detail = given(client(edith).get(address(event)))
    assert len(detail["missing"]) == 2
    before = rows()
    text = refused(client(edith).post(address(event, "publish/")), "Where: ", "How many: ", "Quote the words")
    assert all(sentence in text for sentence in detail["missing"])
    assert rows() == before


def test_deleting_a_draft_works_and_what_was_published_stays(alice):
    draft, published = make_whole_event(), make_published_event(report=make_outlet_report())
    before = rows()
    refused(client(alice).delete(address(published)), str(published.reference), "Retract", status=409)
    citation = published.citations.get()
    claim = citation.claims.all()[0]
    refused(client(alice).delete(f"{API}/citations/{citation.uuid}/"), str(published.reference), status=409)
    refused(client(alice).delete(f"{API}/claims/{claim.uuid}/"), str(published.reference), status=409)
    refused(client(alice).delete(f"{API}/sites/qasrak-base/"), "rest on it", status=409)
    assert rows() == before
    assert client(alice).delete(address(draft)).status_code == 204


def test_a_retracted_event_stays_as_it_was(edith):
    event = workflow.retract(make_published_event(), edith, "Withdrawn.")
    before = rows()
    bodies: list[dict[str, object]] = [
        {"summary_en": "Other."},
        {"placements": []},
        {"when": "2025-11-11", "correction_reason": "Why not."},
    ]
    for body in bodies:
        refused(client(edith).patch(address(event), body), "was retracted", status=409)
    assert rows() == before


def test_a_retracted_event_keeps_answering_but_is_left_out_of_lists(edith, victor):
    event = make_published_event()
    workflow.retract(event, edith, "Withdrawn.")
    assert given(client(victor).get(address(event)))["status"] == "retracted"
    assert len(given(client(victor).get(EVENTS))["results"]) == 0
    assert len(given(client(victor).get(EVENTS, {"status": "retracted"}))["results"]) == 1
    assert len(given(client(victor).get(EVENTS, {"status": "published,retracted"}))["results"]) == 1


def test_two_outlets_that_relay_one_monitor_are_one_origin_and_credibility_one_waits_for_another(alice):
    event = make_whole_event()
    make_citation(event=event, report=make_outlet_report())
    citation = event.citations.all()[0]
    where = f"{API}/citations/{citation.uuid}/"
    before = rows()
    refused(client(alice).patch(where, {"credibility": 1}), '"credibility"', "one origin", "2 to 6")
    assert rows() == before
    given(client(alice).post(f"{API}/citations/", {"event": event.reference, "report": str(make_report().uuid)}), 201)
    assert given(client(alice).patch(where, {"credibility": 1}))["credibility"] == 1
    assert len(given(client(alice).get(address(event)))["origins"]) == 2


def test_a_part_of_a_whole_is_named_by_uuid_or_reference(alice):
    whole = make_event(is_aggregate=True)
    part = make_event()
    answer = given(client(alice).patch(address(part), {"part_of": whole.reference}))
    assert answer["part_of"] == str(whole.uuid)
    assert given(client(alice).get(address(whole)))["parts"] == [str(part.uuid)]
    refused(client(alice).patch(address(whole), {"part_of": str(part.uuid)}), '"part_of"', "Mark it so first")


def test_a_claim_is_entered_and_corrected_by_itself(alice):
    event = make_whole_event()
    citation = event.citations.get()
    other = make_site(slug="rmelan", name_en="Rmelan", name_ar="رميلان")
    sent = {
        "citation": str(citation.uuid),
        "facet": "where",
        "site": other.slug,
        "site_role": "to",
        "quote": WORDS[Facet.WHERE],
    }
    claim = given(client(alice).post(f"{API}/claims/", sent), 201)
    assert claim["event"] == str(event.uuid)
    assert claim["report"] == str(citation.report.uuid)
    (row,) = [
        row for row in given(client(alice).get(address(event)))["citations"][0]["claims"] if row["site"] == "rmelan"
    ]
    assert row["agrees"] is False
    where = f"{API}/claims/{claim['uuid']}/"
    refused(client(alice).patch(where, {"standing": "set_aside"}), "Say why")
    given(client(alice).patch(where, {"standing": "set_aside", "standing_reason": "Another place of that name."}))
    moved = given(client(alice).patch(where, {"quote": WORDS[Facet.WHO]}))
    assert citation.report.text[moved["start"] : moved["end"]] == WORDS[Facet.WHO]
    refused(client(alice).patch(where, {"facet": "who"}), '"facet"', "stays as it was")
    assert client(alice).delete(where).status_code == 204


def test_a_quote_that_stands_twice_needs_its_place(alice):
    report = make_report(text=f"{PATROL} في الصباح، ثم {PATROL} في المساء.")
    sent = incident(of=report, placements=[], involvements=[], counts=[], when_phrase="") | {"quotes": {"what": PATROL}}
    refused(client(alice).post(EVENTS, sent), '"what"', "2 times")
    second = report.text.index(PATROL, 5)
    answer = given(client(alice).post(EVENTS, sent | {"quotes": {"what": PATROL, "what_start": second}}), 201)
    assert answer["citations"][0]["claims"][0]["start"] == second


@pytest.mark.one_engine
def test_integer_keys_appear_nowhere(alice):
    make_published_event()

    def keys(value):
        if isinstance(value, dict):
            # What the feed of changes calls an id is a UUID or a slug.
            own = {key for key, part in value.items() if key != "id" or isinstance(part, int)}
            return own | {key for part in value.values() for key in keys(part)}
        return {key for part in value for key in keys(part)} if isinstance(value, list) else set()

    for name in given(client(alice).get(f"{API}/")):
        answer = given(client(alice).get(f"{API}/{name}/"))
        assert not keys(answer) & {"id", "pk"}, name
        assert not [key for key in keys(answer) if key.endswith("_id")], name


@pytest.mark.parametrize("name", ["status", "reference", "earliest", "version", "uuid", "citations", "missing"])
def test_a_field_that_is_only_read_is_refused_with_the_way_to_set_it(alice, name):
    text = refused(client(alice).patch(address(make_event()), {name: "published"}), f'"{name}"')
    if name == "status":
        assert "/publish/" in text


def test_an_unknown_field_is_refused_by_name_with_the_nearest(alice):
    event = make_event()
    refused(client(alice).patch(address(event), {"sumary_en": "x"}), '"sumary_en"', "“summary_en”", "Known:")
    refused(client(alice).patch(address(event), {"placements": [{"sight": "x"}]}), '"sight"', "“site”")


def test_who_has_worked_on_an_event_stays_and_can_be_deactivated(alice, victor):
    event = make_published_event()
    given(client(alice).patch(address(event), {"summary_en": "Shorter.", "correction_reason": "Too long."}))
    with pytest.raises(ProtectedError):
        User.objects.filter(username="alice").delete()
    User.objects.update(is_active=False)
    assert given(client(victor).get(address(event)))["uuid"] == str(event.uuid)
    assert Correction.objects.get().made_by == alice


def test_a_source_is_cited_by_the_report_and_its_relay_is_shown(alice):
    answer = given(client(alice).post(EVENTS, incident()), 201)
    report = answer["citations"][0]["report"]
    assert report["relays"][0]["relayed_source"] == "sohr"
    assert report["relays"][0]["quote"] == WORDS["relay"]
    assert make_source().slug not in answer["origins"]


@pytest.mark.one_engine
def test_an_event_is_edited_in_few_queries_and_a_draft_without_reading_its_evidence_first(
    alice, django_assert_max_num_queries
):
    draft, published = make_event(), make_published_event()
    for event, most in ((draft, 52), (published, 72)):
        sent = {"summary_en": "Shorter.", "correction_reason": "Too long."}
        with django_assert_max_num_queries(most):
            given(client(alice).patch(address(event), sent))
