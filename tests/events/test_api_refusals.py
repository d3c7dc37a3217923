"""What REST refuses: with a 4xx, a sentence that names the field and the way out, and an unchanged database."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from events.choices import Facet
from events.models import Claim, Event, Site
from osint.api import router
from tests.events.test_api_events import incident
from tests.factories import (
    WORDS,
    make_citation,
    make_event,
    make_event_type,
    make_qasrak,
    make_report,
    make_site,
    make_whole_event,
)
from tests.rest import API, client, errors, refused, rows

EVENTS, SITES, REPORTS = f"{API}/events/", f"{API}/sites/", f"{API}/reports/"


def post(user, path, body):
    """Send a body as it is, even where it is no JSON."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return client(user).post(path, content, content_type="application/json")


def site(**overrides):
    return {"slug": "new-site", "kind": "village", "name_en": "Somewhere"} | overrides


@pytest.fixture
def unchanged(db):
    """Whatever the test asks for, the database stays."""
    kept = []
    yield lambda: kept.append(rows())
    assert kept, "say unchanged() before the request"
    assert rows() == kept[0]


# The list of the issue


def test_a_quote_one_letter_off(alice, unchanged):
    body = incident()
    body["placements"][0]["quote"] = WORDS[Facet.WHERE].replace("قسرك", "قسرم")
    unchanged()
    refused(post(alice, EVENTS, body), '"placements"', '"quote"', "word for word", "قسرك", "Copy the words")


def test_a_quote_of_the_type_one_letter_off(alice, unchanged):
    body = incident(quotes={"what": WORDS[Facet.WHAT][:-1] + "ذ"})
    unchanged()
    refused(post(alice, EVENTS, body), '"quotes"', '"what"', "word for word")


def test_a_fact_without_support_at_publishing(edith, unchanged):
    event = make_whole_event()
    Claim.objects.filter(facet=Facet.WHERE).delete()
    unchanged()
    refused(client(edith).post(f"{EVENTS}{event.uuid}/publish/"), "Where: ", "Qasrak base", "derived or inferred")


def test_a_best_figure_below_the_low_one(alice, unchanged):
    body = incident(counts=[{"measure": "trucks", "low": 30, "best": 25}])
    unchanged()
    refused(post(alice, EVENTS, body), '"counts"', "must rise", "Correct them")


@pytest.mark.parametrize("when", ["2025-11-15/2025-11-01", "2025-02-30", "2025-11-31", "last week", "2025-21"])
def test_an_end_before_the_start_and_days_that_are_none(alice, unchanged, when):
    body = incident(when=when)
    unchanged()
    refused(post(alice, EVENTS, body), '"when"', when, "2025-")


def test_an_event_after_the_publication_of_its_report(alice, unchanged):
    body = incident(when="2025-12-01", quotes={})
    event = make_whole_event()
    unchanged()
    refused(post(alice, EVENTS, body), '"report"', "2025-12-01", "2025-11-15", "Correct one")
    answer = client(alice).patch(f"{EVENTS}{event.uuid}/", {"when": "2025-12-01"})
    refused(answer, '"when"', "2025-12-01", "Correct one")


def test_thirty_february_as_a_day_of_publication(alice, unchanged):
    source = make_report().source.slug
    body = {"source": source, "title": "X", "text": "X", "published_on": "2025-02-30"}
    unchanged()
    refused(post(alice, REPORTS, body), '"published_on"', "2025-02-30", "2025-11-30")


def test_a_site_that_would_be_its_own_ancestor(alice, unchanged):
    make_qasrak()
    unchanged()
    refused(client(alice).patch(f"{SITES}syria/", {"parent": "qasrak-base"}), '"parent"', "Choose another")
    refused(client(alice).patch(f"{SITES}syria/", {"parent": "syria"}), '"parent"', "Choose another")


def test_a_second_qasrak(alice, unchanged):
    make_qasrak()
    body = site(kind="base", parent="al-hasakah", name_ar="قسرك", name_en="")
    unchanged()
    refused(post(alice, SITES, body), '"name_ar"', "qasrak-base", "not to be confused with")


@pytest.mark.parametrize("text", ['"a\\u0000b"', '"a\\ud800b"', '"a\\u202eb"', '"a\\u0007b"'])
def test_characters_that_nothing_can_hold(alice, unchanged, text):
    unchanged()
    body = json.dumps(site(name_en="?")).replace('"?"', text).encode()
    refused(post(alice, SITES, body), '"name_en"', "U+", "Remove it")


@pytest.mark.parametrize("number", [b"NaN", b"Infinity", b"-Infinity", b"1e400", b"9" * 400])
def test_a_number_that_is_none(alice, unchanged, number):
    unchanged()
    body = json.dumps(site(latitude=0)).encode().replace(b"0}", number + b"}")
    refused(
        post(alice, SITES, body), "number" if len(number) < 20 else "digits", "Send" if len(number) < 20 else "most"
    )


@pytest.mark.parametrize("value", ["NaN", "36.5", True, [36.5], {"x": 1}, 91, 1e300])
def test_a_latitude_that_is_none(alice, unchanged, value):
    unchanged()
    refused(post(alice, SITES, site(latitude=value, longitude=40.0, precision_m=5)), '"latitude"')


def test_a_title_of_ten_megabytes(alice, unchanged):
    source = make_report().source.slug
    body = {"source": source, "title": "x" * 10_000_000, "text": "X", "published_on": "2025-11-15"}
    unchanged()
    answer = refused(post(alice, REPORTS, body), '"title"', "500", "Shorten it")
    assert len(answer) < 1_000


# More of the kind


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", '"slug"'),
        (b"[1]", "no object"),
        (b'"x"', "no object"),
        (b"null", ""),
        (b"{", "not JSON"),
        (b"\xff\xfe", "UTF-8"),
        (b'{"slug": "a", "slug": "b"}', "written twice"),
        (b"[" * 100_000, "too deeply"),
        (b'{"a":' * 500 + b"1" + b"}" * 500, "too deeply"),
        (b'{"slug": "x", "kind": "village", "name_en": 3}', '"name_en"'),
        (b'{"slug": "x", "kind": 3, "name_en": "x"}', '"kind"'),
        (b'{"slug": "x", "kind": "vilage", "name_en": "x"}', "village"),
        (b'{"slug": "x y", "kind": "village", "name_en": "x"}', '"slug"'),
        (b'{"slug": "x", "kind": "village"}', "name in English"),
        (b'{"slug": "x", "kind": "village", "name_en": "x", "names": {}}', '"names"'),
        (b'{"slug": "x", "kind": "village", "name_en": "x", "names": [{}]}', '"text"'),
        (b'{"slug": "x", "kind": "village", "name_en": "x", "precision_m": -1}', '"precision_m"'),
        (b'{"slug": "x", "kind": "village", "name_en": "x", "precision_m": true}', '"precision_m"'),
        (b'{"slug": "x", "kind": "village", "name_en": "x", "latitude": 3}', "all three"),
        (b'{"slug": "x", "kind": "village", "name_en": "x", "parent": 1}', '"parent"'),
        (b'{"slug": "x", "kind": "village", "name_en": "x", "parent": "nowhere"}', "nowhere"),
        (b'{"slug": "x", "kind": "village", "name_en": "x", "path": "x/"}', "parent"),
        (b'{"slug": "x", "kind": "village", "name_en": "x", "id": 7}', '"id"'),
    ],
)
def test_a_body_that_will_not_do(alice, unchanged, body, words):
    unchanged()
    refused(post(alice, SITES, body), words)


def test_a_body_in_another_format_is_refused(alice):
    assert client(alice).post(SITES, "slug=x", content_type="application/x-www-form-urlencoded").status_code == 415


def test_a_list_of_too_many_rows_is_refused(alice, unchanged):
    body = incident(involvements=[{"actor": "coalition"}] * 501)
    unchanged()
    refused(post(alice, EVENTS, body), '"involvements"', "500")


def test_the_same_place_twice_is_refused_at_its_row(alice, unchanged):
    body = incident(placements=[{"site": "qasrak-base"}] * 2)
    unchanged()
    told = errors(post(alice, EVENTS, body))
    assert told["placements"][0] == {}
    assert "has this place already" in str(told["placements"][1])


def test_a_hidden_event_and_a_missing_one_are_answered_alike(victor):
    hidden = make_event()
    missing = client(victor).get(f"{EVENTS}00000000-0000-4000-8000-000000000000/")
    assert client(victor).get(f"{EVENTS}{hidden.uuid}/").content == missing.content
    assert missing.status_code == 404


def test_a_digit_in_quotation_marks_is_told_so(alice, unchanged):
    body = {"type": make_event_type().slug, "summary_en": "A patrol.", "report": str(make_report().uuid)}
    unchanged()
    refused(post(alice, EVENTS, body | {"credibility": "2"}), "Send it without quotation marks")


BLANKS = " \u00a0\n\u200f"


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"summary_en": BLANKS}, "Sum the event up"),
        ({"type_basis": "inferred", "type_reason": BLANKS}, "written reason"),
        ({"placements": [{"site": "somewhere", "role": "at", "basis": "derived", "reason": BLANKS}]}, "written reason"),
    ],
)
def test_a_text_in_which_there_is_nothing_to_be_seen_is_none(alice, unchanged, sent, words):
    body = {"type": make_event_type().slug, "summary_en": "A patrol."}
    make_site(slug="somewhere")
    unchanged()
    refused(post(alice, EVENTS, body | sent), words)


def test_a_citation_stays_with_its_event(alice, unchanged):
    citation, other = make_citation(), make_event()
    unchanged()
    where = f"{API}/citations/{citation.uuid}/"
    refused(client(alice).patch(where, {"event": str(other.uuid)}), '"event"', "stays as it was")
    body = {"event": str(citation.event.uuid), "report": str(citation.report.uuid)}
    refused(post(alice, f"{API}/citations/", body), "cites this report already")


def test_a_claim_says_one_thing(alice, unchanged):
    citation = make_citation(report=make_report())
    make_qasrak()
    body = {"citation": str(citation.uuid), "facet": "where", "quote": WORDS[Facet.WHERE]}
    unchanged()
    refused(post(alice, f"{API}/claims/", body), "A claim says one thing")
    refused(post(alice, f"{API}/claims/", body | {"site": "qasrak-base"}), "role")
    refused(post(alice, f"{API}/claims/", body | {"site": "qasrak-base", "site_role": "too"}), '"site_role"', "“to”")
    refused(post(alice, f"{API}/claims/", body | {"site": "qasrak-base", "site_role": "to", "start": 1}), '"quote"')


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("is_aggregate", "yes"),
        ("is_aggregate", 1),
        ("part_of", 5),
        ("part_of", "SY-2025-99999"),
        ("type", 5),
        ("tlp", True),
        ("type_basis", "guessed"),
        ("when_basis", "derived"),
        ("counts", [{"measure": "trucks", "best": 3.0}]),
        ("counts", [{"measure": "trucks", "best": "3"}]),
        ("counts", [{"measure": "trucks", "best": -3}]),
        ("counts", [{"measure": "trucks", "best": 3, "qualifier": "dozens"}]),
        ("counts", [{"measure": "trucks", "best": 3, "qualifier": 3}]),
        ("counts", [{"measure": "trucks"}]),
        ("credibility", "2"),
        ("credibility", True),
        ("credibility", 7),
        ("quotes", {"why": "x"}),
        ("report", "x"),
    ],
)
def test_a_value_that_will_not_do(alice, unchanged, field, value):
    body = incident(**{field: value})
    unchanged()
    text = refused(post(alice, EVENTS, body))
    assert f'"{field}"' in text or "written reason" in text


# Whatever is sent, there is never a 500


SHORT = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
WILD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.dates().map(str),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)
RESOURCES = [prefix for prefix, _viewset, _name in router.registry]


def viewset_of(prefix) -> Any:
    """The viewset of a resource."""
    return next(viewset for name, viewset, _basename in router.registry if name == prefix)


def fields_of(prefix):
    """Fields that a resource takes."""
    viewset = viewset_of(prefix)
    return sorted(viewset.serializer_class().fields)


def parameters_of(prefix):
    """Parameters that a list takes."""
    viewset = viewset_of(prefix)
    return [*viewset.filterset_class.base_filters, "cursor", "page_size", "count"]


@SHORT
@given(data=st.data())
def test_no_question_breaks_a_list(alice, data):
    prefix = data.draw(st.sampled_from(RESOURCES))
    value = st.text(max_size=30) | st.integers().map(str) | st.sampled_from(["2025-11-01", "%", "_", "x,y", "1e9", "∞"])
    question = data.draw(st.dictionaries(st.sampled_from(parameters_of(prefix)), value, max_size=3))
    question = {name: text.encode("utf-8", "replace").decode() for name, text in question.items()}
    assert client(alice).get(f"{API}/{prefix}/", question).status_code in {200, 400}


READ_ONLY = {"corrections", "history"}


@SHORT
@given(data=st.data())
def test_no_body_breaks_a_resource(alice, data):
    prefix = data.draw(st.sampled_from([name for name in RESOURCES if name not in READ_ONLY]))
    known = st.sampled_from(fields_of(prefix)) | st.text(max_size=8)
    body = data.draw(st.dictionaries(known, WILD, max_size=6) | WILD)
    # Files come as forms: in JSON there is none.
    expected = {415} if prefix == "attachments" else {201, 400, 403}
    assert post(alice, f"{API}/{prefix}/", body).status_code in expected


@SHORT
@given(data=st.data())
def test_no_field_of_an_event_breaks_it(alice, data):
    event = Event.objects.first() or make_whole_event()
    names = fields_of("events")
    row = st.dictionaries(st.sampled_from(["uuid", "site", "role", "actor", "low", "best", "measure", "quote"]), WILD)
    value = WILD | st.lists(row, max_size=3)
    body = data.draw(st.dictionaries(st.sampled_from(names), value, min_size=1, max_size=3))
    assert client(alice).patch(
        f"{EVENTS}{event.uuid}/", json.dumps(body), content_type="application/json"
    ).status_code in {
        200,
        400,
    }
    assert Site.objects.filter(slug="").count() == 0
